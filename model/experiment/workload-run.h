/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_WORKLOAD_RUN_H
#define MTLINK_WORKLOAD_RUN_H

#include "experiment/folded-traffic.h"
#include "experiment/workload-reader.h"
#include "measure/critical-paths.h"
#include "measure/message-log.h"
#include "trace/chakra-writer.h"
#include "trace/trace.h"
#include "training/blocks.h"
#include "workload/collective-memo.h"
#include "workload/private-groups.h"
#include "workload/replayer.h"
#include "workload/traffic.h"

#include "ns3/mtlink-fabric.h"
#include "ns3/mtlink-results.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What open-loop traffic offered and got through, as fractions of its endpoints' rate.
 */
struct TrafficLoad
{
    double offered;  //!< Created in the measured window
    double accepted; //!< Delivered in the measured window
    double weight;   //!< Bytes that its senders could have sent in the window
};

/**
 * @ingroup mtlink
 * What a workload sends, estimated without running it.
 */
struct WorkloadSize
{
    double messages{0}; //!< Messages
    double bytes{0};    //!< Their payload
    double atOnce{0};   //!< Most messages under way, or asked for, at one time
};

/** Number of links that a packet from one endpoint to another crosses. */
using LinkCounter = std::function<uint32_t(uint32_t, uint32_t)>;

/**
 * @ingroup mtlink
 * A workload on a built fabric, from its start to its part of the results.
 */
class WorkloadRun
{
  public:
    virtual ~WorkloadRun() = default;

    /** Start at the workload's time. */
    virtual void Start() = 0;

    /** Tell who uses which links; workloads in order. @param [in,out] groups Whom. */
    virtual void AddGroups(PrivateGroups& groups) const = 0;

    /** Let a memo repeat its collectives. Before the start. @param [in] memo The memo. */
    virtual void UseMemo(CollectiveMemo& memo) = 0;

    /** @return whether all of it is done. */
    virtual bool IsComplete() const = 0;

    /** @return share of its bytes done, 0 to 1. */
    virtual double GetShare() const = 0;

    /**
     * @param [in] most How many to name.
     * @return a few things that it waits for.
     */
    virtual std::vector<std::string> GetWaiting(std::size_t most) const = 0;

    /** @return the number of its collectives. */
    virtual uint32_t CountCollectives() const = 0;

    /** @return what it will send, about; nothing where it has no table of messages. */
    virtual WorkloadSize GetSize() const = 0;

    /**
     * Add its collectives and operations; results of the workloads before it are in
     * already.
     * @param [in,out] results Where to.
     * @param [in] timeline Whether operations are wanted.
     */
    virtual void Collect(RunResults& results, bool timeline) const = 0;

    /**
     * Add what its end waited for, where it was kept and has ended.
     * @param [in] firstCollective Id of its first collective in the results.
     * @param [in,out] paths Where to.
     */
    virtual void CollectPath(uint32_t firstCollective, CriticalPaths& paths) const
    {
        static_cast<void>(firstCollective);
        static_cast<void>(paths);
    }

    /** @return first start and last end so far; NEVER where not yet, or not known. */
    virtual std::pair<Tick, Tick> GetSpan() const = 0;

    /**
     * Estimate the work of it.
     * @param [in] links Links that a packet from one endpoint to another crosses.
     * @return packets times the links that each crosses.
     */
    virtual double EstimatePacketHops(const LinkCounter& links) const = 0;

    /**
     * Visit its rings, or some of them that stand for all.
     * @param [in] visit Called with (endpoints in order, flow label, messages that it stands for).
     */
    virtual void VisitRings(
        const std::function<void(const std::vector<uint32_t>&, uint32_t, double)>& visit) const = 0;

    /** @return its loads, if it is open-loop traffic. */
    virtual std::optional<TrafficLoad> GetLoad() const = 0;

    /** @return folded tensor groups of a training, and what of them has ended. */
    virtual std::vector<FoldedGroup> CountFolded() const
    {
        return {};
    }

    /**
     * Write its operations as a Chakra trace, see WriteChakra().
     * @param [in] directory Where to.
     * @return what was written.
     * @throws InputError for what such a trace can't say.
     */
    virtual ChakraExport ExportChakra(const std::string& directory) const = 0;

    /** @return what is known of it without running it, if it is a training. */
    virtual std::optional<TrainingResult> DescribeTraining() const
    {
        return std::nullopt;
    }
};

/**
 * @ingroup mtlink
 * What workloads run on.
 */
struct WorkloadContext
{
    Ptr<MtlinkFabric> fabric;    //!< The fabric
    Transport* transport;        //!< Who carries messages: the fabric, or another mode's
    const FabricHints* hints;    //!< For collectives
    HostCosts costs;             //!< Host overheads
    uint32_t seed;               //!< The run's
    uint32_t packet;             //!< Largest payload of a packet, bytes
    Tick messageOverhead;        //!< Before each message, ps
    uint32_t group;              //!< Endpoints per dragonfly group; 0: no dragonfly
    std::vector<bool> timeline;  //!< By endpoint: its operations are wanted; empty: nobody's
    std::function<void()> onEnd; //!< Called as the workload is done
    MessageLog* messages;        //!< Gets its messages; nullptr: nobody does
    const TensorFold* fold;      //!< Tensor groups that are folded; nullptr: none is
    bool mayReduce;              //!< `auto` may have the network reduce and copy
    /** What collectives that traces fold take, by workload; nullptr: estimates will do. */
    const std::vector<std::map<std::string, Tick>>* folded{nullptr};
};

/**
 * @ingroup mtlink
 * What comes before a workload.
 */
struct WorkloadPlace
{
    uint32_t index;       //!< Its number in the list of workloads
    uint32_t collectives; //!< Of the workloads before it
};

/**
 * @ingroup mtlink
 * @param [in] workload A trace.
 * @param [in] context What it runs on.
 * @return its collectives that are to be simulated before it, each for itself.
 * @throws InputError for a trace that is wrong.
 */
std::vector<FoldedCollective> ListFoldedOf(const WorkloadDescription& workload,
                                           const WorkloadContext& context);

/**
 * @ingroup mtlink
 * Expand or read a workload and set it up; it draws from random streams of its own.
 * @param [in] workload What to run; must outlive the run.
 * @param [in] place What comes before it.
 * @param [in] context What it runs on; must outlive the run.
 * @return the run.
 * @throws InputError for a trace that can't be read and parameters that can't be.
 */
std::unique_ptr<WorkloadRun> CreateWorkloadRun(const WorkloadDescription& workload,
                                               const WorkloadPlace& place,
                                               const WorkloadContext& context);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_WORKLOAD_RUN_H
