/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_WORKLOAD_H
#define MTLINK_WORKLOAD_H

#include "ns3/mtlink-fabric.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <memory>
#include <string>

namespace ns3
{

/**
 * @ingroup mtlink
 * A workload of an experiment in an ns-3 script: MtlinkHelper::InstallWorkload() makes it. Several
 * may run on one fabric, beside NetDevices and messages of the script's own.
 */
class MtlinkWorkload : public Object
{
  public:
    /**
     * Register this type.
     * @return The object TypeId.
     */
    static TypeId GetTypeId();

    MtlinkWorkload();
    ~MtlinkWorkload() override;

    /**
     * Set it up, once; see MtlinkHelper::InstallWorkload().
     * @param [in] fabric The fabric.
     * @param [in] yaml What stands below `workload:`.
     * @param [in] index Its number among the fabric's: each draws from random streams of its own.
     * @throws mtlink::InputError for what is unknown or can't be.
     */
    void Install(Ptr<MtlinkFabric> fabric, const std::string& yaml, uint32_t index);

    /** @return whether all of it is done. Traffic is when its sources have stopped. */
    bool IsComplete() const;

    /** @return the first start of what it does; negative: not yet. */
    Time GetStart() const;

    /** @return the last end of what it has done so far; negative: nothing has ended. */
    Time GetEnd() const;

    /**
     * Add its collectives to results, as the command's run does.
     * @param [in,out] results Where to.
     */
    void Collect(mtlink::RunResults& results) const;

    /**
     * Signature of the End trace: all of it is done.
     * @param [in] start As GetStart().
     * @param [in] end As GetEnd().
     */
    using EndCallback = void (*)(Time start, Time end);

  private:
    void DoDispose() override;

    struct Impl;                           //!< Description, hints and run
    std::unique_ptr<Impl> m_impl;          //!< Hidden: none of it is public
    TracedCallback<Time, Time> m_endTrace; //!< End
};

} // namespace ns3

#endif // MTLINK_WORKLOAD_H
