/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_STABILITY_RUN_H
#define MTLINK_STABILITY_RUN_H

#include "experiment/run.h"
#include "stability/checkpoint-copy.h"

#include "ns3/mtlink-fabric.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What fabric and workload say of a job's stability before anything is simulated.
 */
struct StabilityPlan
{
    /** The cables of one link class, but those of endpoints that are not the job's. */
    struct LinkClass
    {
        std::string name;             //!< "node/peer"
        std::vector<uint32_t> cables; //!< The even one of the two links of each
        bool isAtEndpoint{false};     //!< They go with the node that they are plugged into
    };

    std::vector<uint32_t> cards;        //!< Endpoints of the job, rising
    uint32_t cardsPerNode{1};           //!< Endpoints of a node
    std::vector<uint32_t> nodes;        //!< Numbers of the nodes that they are in, rising
    std::vector<LinkClass> classes;     //!< In order of the fabric
    std::vector<uint64_t> bytes;        //!< Of a checkpoint, by card
    std::optional<CheckpointCopy> copy; //!< Over the fabric; nothing: to the host
    double copySeconds{0};              //!< HOST: of a copy; else about that

    /** @return failures per day that stop the job for sure: all but those of links to be simulated.
     *  @param [in] spec What fails. */
    double GetStopsPerDay(const StabilitySpec& spec) const;

    /** @return cables of all classes. */
    uint64_t CountCables() const;

    /** @return nodes; cards where a node has but one. */
    uint64_t CountUnits() const
    {
        return nodes.size();
    }
};

/**
 * @ingroup mtlink
 * Refuse what can't be, and count.
 * @param [in] experiment An experiment with `stability`.
 * @param [in] fabric Its fabric.
 * @param [in] mode In which it is simulated.
 * @return the plan.
 * @throws InputError at the place of the key that can't be.
 */
StabilityPlan PlanStability(const Experiment& experiment,
                            const MtlinkFabric& fabric,
                            const std::string& mode);

/**
 * @ingroup mtlink
 * @param [in] experiment An experiment with `stability`.
 * @param [in] plan Its plan.
 * @return what follows without simulating: MTTF and interval, copies at line rate; no `runs`.
 */
StabilityResult DescribeStability(const Experiment& experiment, const StabilityPlan& plan);

/**
 * @ingroup mtlink
 * Simulate what a job's days are made of, an iteration beside a copy, and with a link that failed,
 * and let it live through them.
 * @param [in] experiment An experiment with `stability`.
 * @param [in] plan Its plan.
 * @param [in] options By which it may be interrupted.
 * @param [in,out] outcome Of the experiment's own run, complete; gets `stability` and its
 *                         failures, or, where one of the runs did not end, how that ended.
 * @throws InputError for an interval that is shorter than a copy takes.
 */
void SimulateStability(const Experiment& experiment,
                       const StabilityPlan& plan,
                       const RunOptions& options,
                       RunOutcome& outcome);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_STABILITY_RUN_H
