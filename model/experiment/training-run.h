/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TRAINING_RUN_H
#define MTLINK_TRAINING_RUN_H

#include "experiment/folded-traffic.h"
#include "experiment/workload-reader.h"
#include "training/iteration-graph.h"
#include "training/time-account.h"
#include "workload/replayer.h"

#include "ns3/mtlink-fabric.h"
#include "ns3/mtlink-results.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Draw which cards are slow.
 * @param [in] spec The training.
 * @param [in] seed The run's.
 * @return by card: times that its kernels take longer, 1 or more; empty: all are alike.
 */
std::vector<double> DrawSlowness(const TrainingSpec& spec, uint32_t seed);

/**
 * @ingroup mtlink
 * A training's part in a run: its graph before, its results after.
 */
class TrainingRun
{
  public:
    /**
     * @param [in] workload The training; must outlive this.
     * @param [in] hints The fabric.
     * @param [in] seed The run's, for slow cards.
     * @param [in] fold Which tensor groups are folded; nullptr: none is.
     */
    TrainingRun(const WorkloadDescription& workload,
                const FabricHints& hints,
                uint32_t seed,
                const TensorFold* fold);

    /** @return the graph, once. */
    OperationGraph TakeGraph()
    {
        return m_iteration.TakeGraph();
    }

    /** @return a computation's name, for people. @param [in] operation It. */
    const char* GetName(const Operation& operation) const
    {
        return m_iteration.GetBlock(operation).name;
    }

    /** @return parameters, operations, memory and traffic; nothing of time. */
    TrainingResult Describe() const;

    /**
     * Add the results of a replay that has ended, and the lanes of its slowest card and of those of
     * other stages that it works with.
     * @param [in] graph The graph.
     * @param [in] replayer Who replayed it.
     * @param [in] fabric The fabric.
     * @param [in,out] results Gets `training` and `lanes`; its links are in already.
     */
    void Collect(const OperationGraph& graph,
                 const Replayer& replayer,
                 const MtlinkFabric& fabric,
                 RunResults& results) const;

    /**
     * @param [in] graph The graph.
     * @param [in] replayer Who replays it.
     * @return folded tensor groups, and which of their collectives have ended.
     */
    std::vector<FoldedGroup> CountFolded(const OperationGraph& graph,
                                         const Replayer& replayer) const;

    /**
     * Add what cards did, for a timeline: kernels, collectives and messages between stages, in a
     * lane for each kind.
     * @param [in] graph The graph.
     * @param [in] replayer Who replayed it.
     * @param [in,out] results Gets it.
     */
    void CollectOperations(const OperationGraph& graph,
                           const Replayer& replayer,
                           RunResults& results) const;

  private:
    /** @return the kinds of cards, and what they could do at most. */
    TrainingMix DescribeMix() const;

    /** Add the lanes of a card, and of those at its place in other stages. */
    void CollectLanes(const OperationGraph& graph,
                      const Replayer& replayer,
                      uint32_t rank,
                      RunResults& results) const;

    /** Count the payload that was folded, and not sent, into the run's fidelity. */
    void AddFolded(const OperationGraph& graph, Tick skew, RunResults& results) const;

    /** @return the link class that communication is exposed to, the uppermost on its way. */
    std::string GetLevel(const ExposedTo& with,
                         uint32_t rank,
                         const MtlinkFabric& fabric,
                         const RunResults& results) const;

    const WorkloadDescription& m_workload; //!< The training
    const TensorFold* m_fold;              //!< Nullptr: nothing is folded
    std::vector<uint32_t> m_endpoints;     //!< By rank: of cards, then of the store of data
    std::vector<double> m_slowness;        //!< By rank; empty: 1
    IterationGraph m_iteration;            //!< Its operations
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TRAINING_RUN_H
