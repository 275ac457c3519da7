/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_NCCL_TEXT_H
#define MTLINK_NCCL_TEXT_H

#include "experiment/experiment.h"

#include "ns3/mtlink-results.h"

#include <string>

/**
 * Write collectives as nccl-tests print theirs (its documentation, "Output"), so that what reads
 * their output reads this: a row for each size, time and bandwidth its mean. `count` is in elements
 * of 4 bytes, of one rank's part where each has another; where that is not whole, in bytes. What
 * is done in place is not told apart, and nothing is computed that could be wrong: N/A.
 * @param [in] results Results of a run.
 * @param [in] experiment What was run, which knows the roots.
 * @return the table, lines ended.
 */
std::string FormatNcclTests(const ns3::mtlink::RunResults& results,
                            const ns3::mtlink::Experiment& experiment);

#endif // MTLINK_NCCL_TEXT_H
