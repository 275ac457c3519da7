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

/**
 * @ingroup mtlink
 * Refuse to fold where that would not be the same: each collective of a tensor group must take the
 * time that it takes alone, and all groups' the same. So no link that their routes may use carries
 * anything else, no route depends on chance, and nothing fails; checked link by link.
 * @param [in] experiment An experiment with a folded training.
 * @param [in] fabric Its fabric.
 * @throws InputError that says what is in the way.
 */
void CheckFold(const Experiment& experiment, const MtlinkFabric& fabric);

/**
 * @ingroup mtlink
 * The collectives of the first tensor group, one after another, each from idle.
 */
class TensorTrial
{
  public:
    /**
     * @param [in] workload A folded training.
     * @param [in] hints The fabric.
     */
    TensorTrial(const WorkloadDescription& workload, const FabricHints& hints);

    /** @return what is to be replayed, a rank for each member. */
    const OperationGraph& GetGraph() const
    {
        return m_graph;
    }

    /** @return the endpoints of the members. */
    const std::vector<uint32_t>& GetEndpoints() const
    {
        return m_endpoints;
    }

    /**
     * @param [in] replayer Who has replayed it to its end.
     * @return what each collective took.
     */
    TensorTimes GetTimes(const Replayer& replayer) const;

  private:
    TensorTimes m_times;               //!< Sizes and bytes
    std::vector<uint32_t> m_endpoints; //!< By member
    OperationGraph m_graph;            //!< Collectives in the order of m_times
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TENSOR_FOLD_H
