/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TENSOR_FOLD_H
#define MTLINK_TENSOR_FOLD_H

#include "experiment/experiment.h"
#include "training/blocks.h"
#include "workload/operation-graph.h"
#include "workload/replayer.h"

#include "ns3/mtlink-fabric.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * @param [in] experiment An experiment.
 * @return its training, if the tensor groups of that are to be replayed as one card each; else
 *         nullptr.
 */
const WorkloadDescription* FindFolded(const Experiment& experiment);

/** Which tensor groups can be folded, and which can't. */
struct FoldPlan
{
    std::vector<uint32_t> classOf;  //!< By group, as TensorFold has it
    uint32_t classes{0};            //!< Groups of one have links that are alike
    std::vector<std::string> links; //!< Of groups that are apart, those with faults

    /** @return how many groups are apart. */
    std::size_t CountApart() const
    {
        return static_cast<std::size_t>(
            std::count(classOf.begin(), classOf.end(), TensorFold::APART));
    }

    /** @return whether no group can be folded. */
    bool IsNone() const
    {
        return CountApart() == classOf.size();
    }
};

/**
 * @ingroup mtlink
 * Refuse to fold where that would not be the same: each collective of a tensor group must take the
 * time that it takes alone, the same for all groups of a class. So no link that their routes may
 * use carries anything else, and no route depends on chance; checked link by link. A group whose
 * links may have a fault is to be replayed card by card, beside the others.
 * @param [in] experiment An experiment with a folded training.
 * @param [in] fabric Its fabric.
 * @return which groups are.
 * @throws InputError that says what is in the way; with `fold: always` a fault is.
 */
FoldPlan CheckFold(const Experiment& experiment, const MtlinkFabric& fabric);

/**
 * @ingroup mtlink
 * The collectives of the first tensor group of a class, each to be replayed alone and from idle.
 */
class TensorTrial
{
  public:
    /**
     * @param [in] workload A folded training.
     * @param [in] hints The fabric.
     * @param [in] group The group, as TensorFold counts them.
     */
    TensorTrial(const WorkloadDescription& workload, const FabricHints& hints, std::size_t group);

    /** @return what is to be replayed, a rank for each member; by place in TensorTimes. */
    const std::vector<OperationGraph>& GetGraphs() const
    {
        return m_graphs;
    }

    /** @return the number of messages of a collective. @param [in] place In TensorTimes. */
    uint64_t GetMessages(std::size_t place) const
    {
        return static_cast<uint64_t>(m_messages[place]);
    }

    /** @return the endpoints of the members. */
    const std::vector<uint32_t>& GetEndpoints() const
    {
        return m_endpoints;
    }

    /**
     * Take down what a collective took.
     * @param [in] place Its place in TensorTimes.
     * @param [in] replayer Who has replayed it to its end.
     * @param [in] bytes Payload that was delivered for it.
     */
    void Take(std::size_t place, const Replayer& replayer, uint64_t bytes);

    /** @return what each collective took. */
    const TensorTimes& GetTimes() const
    {
        return m_times;
    }

  private:
    TensorTimes m_times;                  //!< Sizes, then times
    std::vector<uint32_t> m_endpoints;    //!< By member
    std::vector<OperationGraph> m_graphs; //!< By place in m_times
    std::vector<double> m_messages;       //!< By place in m_times
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TENSOR_FOLD_H
