/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TOOLS_REFERENCE_TEXT_H
#define MTLINK_TOOLS_REFERENCE_TEXT_H

#include "ns3/mtlink-results.h"

#include <string>
#include <vector>

/**
 * Put what nccl-tests measured beside what runs say, by size.
 * @param [in] file The output of nccl-tests.
 * @param [in] runs Runs; of each the mean of its collectives of that size, of the kind that the
 * file names.
 * @return a table.
 * @throws InputError if the file can't be read, or no run has a size that it has.
 */
std::string FormatNcclReference(const std::string& file,
                                const std::vector<ns3::mtlink::RunResults>& runs);

/**
 * Put the times that a trace has of its collectives' kernels beside those of its replay.
 * @param [in] trace The trace's file or folder.
 * @param [in] run Its replay.
 * @return a table.
 * @throws InputError if the trace can't be read, has no times, or is not what was replayed.
 */
std::string FormatMeasured(const std::string& trace, const ns3::mtlink::RunResults& run);

#endif // MTLINK_TOOLS_REFERENCE_TEXT_H
