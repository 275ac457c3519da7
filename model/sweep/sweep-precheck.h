/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SWEEP_PRECHECK_H
#define MTLINK_SWEEP_PRECHECK_H

#include "sweep/sweep-record.h"

#include <csignal>
#include <cstddef>
#include <optional>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** Most points that RefuseUnrunnableValues() builds. */
inline constexpr std::size_t MOST_PRECHECKS = 100;

/**
 * @ingroup mtlink
 * Refuse the sweep for a value all of whose points are refused when their fabric and workload are
 * built. Points are built, in a process each, one after another until every value is accepted or
 * known to be refused; at most MOST_PRECHECKS.
 * @param [in] sweep The sweep.
 * @param [in] outcomes What is known already, by Sweep::jobs.
 * @param [in] interrupt Other than 0: leave off; may be nullptr.
 * @throws InputError for such a value.
 * @throws std::runtime_error if no process can be started.
 */
void RefuseUnrunnableValues(const Sweep& sweep,
                            const std::vector<std::optional<JobOutcome>>& outcomes,
                            const volatile std::sig_atomic_t* interrupt);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SWEEP_PRECHECK_H
