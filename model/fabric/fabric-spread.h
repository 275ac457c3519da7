/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FABRIC_SPREAD_H
#define MTLINK_FABRIC_SPREAD_H

#include "engine/event-windows.h"
#include "fabric/fabric-parts.h"
#include "fabric/partition.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A fabric that is spread over processes. Each has built all of it, and simulates its part:
 * process 0 the endpoints, and with them the workload, and some switches, the others the rest. What
 * crosses a cut link, packets one way and credit the other, is handed over as the processes meet;
 * at the end process 0 gets what the others have counted. All results are those of one process.
 */
class FabricSpread : private SpreadPart
{
  public:
    /**
     * @param [in] parts The fabric, the same in all processes; nothing has happened in it yet.
     * @param [in] exchange The processes; must outlive this, as the fabric.
     * @throws ParameterError for what needs more than a process knows: see FindPartition().
     */
    FabricSpread(FabricParts& parts, Exchange& exchange);

    /** @return who simulates what. */
    const Partition& GetPartition() const
    {
        return m_partition;
    }

    /**
     * Run to the end, in all processes; in process 0 the workload is there.
     * @param [in] hint In process 0: see EventWindows.
     */
    void Run(std::function<EventWindows::EndHint()> hint = nullptr);

    /** @return in process 0, from inside an event: whether nothing is left in any other process. */
    bool IsQuietElsewhere() const
    {
        return m_windows.IsQuietElsewhere();
    }

    /** @return the events that others have run; once Run() is over, in process 0. */
    uint64_t GetEventsElsewhere() const
    {
        return m_eventsElsewhere;
    }

  private:
    Tick Pack(std::vector<Batch>& batches) override;
    bool IsPacked() const override;
    void Unpack(const std::vector<Batch>& batches) override;

    /** Process 0 gets what all have counted. */
    void CollectResults();

    FabricParts& m_parts;          //!< The fabric
    Exchange& m_exchange;          //!< The processes
    Partition m_partition;         //!< Who simulates what
    EventWindows m_windows;        //!< Runs events
    uint64_t m_eventsElsewhere{0}; //!< See GetEventsElsewhere()
};

/**
 * @ingroup mtlink
 * @param [in] parts A fabric.
 * @param [in] processes At least 1.
 * @return who would simulate what of it.
 * @throws ParameterError where it can't be spread over processes: buffers that several links share,
 *         faults, UGAL-G, telemetry (HPCC), groups in the network, a memo.
 */
Partition FindPartition(const FabricParts& parts, uint32_t processes);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FABRIC_SPREAD_H
