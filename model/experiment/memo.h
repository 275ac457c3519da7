/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_EXPERIMENT_MEMO_H
#define MTLINK_EXPERIMENT_MEMO_H

#include "experiment/experiment.h"
#include "experiment/workload-run.h"
#include "transport/private-parts.h"
#include "workload/collective-memo.h"

#include "ns3/mtlink-fabric.h"

#include <memory>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Refuse a memo where it could not give all that is asked for.
 * @param [in] experiment An experiment that asks for a memo.
 * @throws InputError at the place of what goes against it.
 */
void CheckMemo(const Experiment& experiment);

/**
 * @ingroup mtlink
 * Find the private groups of all workloads, and let a memo repeat their collectives.
 * @param [in] fabric The fabric.
 * @param [in] parts The transport's.
 * @param [in] workloads All workloads, not started.
 * @return the memo; must outlive the run.
 */
std::unique_ptr<CollectiveMemo> MakeMemo(
    const MtlinkFabric& fabric,
    PrivateParts& parts,
    const std::vector<std::unique_ptr<WorkloadRun>>& workloads);

/**
 * @ingroup mtlink
 * Say what a memo came to.
 * @param [in] memo The memo.
 * @param [in,out] results With collectives; gets the share of their time, and a sentence.
 */
void CollectMemo(const CollectiveMemo& memo, RunResults& results);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_EXPERIMENT_MEMO_H
