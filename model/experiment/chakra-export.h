/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CHAKRA_EXPORT_H
#define MTLINK_CHAKRA_EXPORT_H

#include "experiment/experiment.h"

#include <string>

namespace ns3
{
namespace mtlink
{

/** Most operations of a training that are written: 3 GB of memory, 2 GB of files. */
inline constexpr double MOST_EXPORTED = 2e7;

/** Bytes of a node in a file, at most about (97 to 100 measured, of two trainings). */
inline constexpr double BYTES_PER_NODE = 110;

/**
 * @ingroup mtlink
 * How large an export will be.
 */
struct ExportSize
{
    uint32_t files{0}; //!< One for each rank, and one of groups
    double bytes{0};   //!< Of all, at most about
};

/**
 * @ingroup mtlink
 * Refuse what can't be written as a Chakra trace, or would be too large, before it is made.
 * @param [in] experiment An experiment.
 * @param [in] directory Where the trace is to go.
 * @return how large it will be.
 * @throws InputError for several workloads, traffic and traces, kernels that slow down beside
 *         communication, folded tensor groups, channels or chunks of a collective, a training of
 * more than MOST_EXPORTED operations, and a directory that has a trace.
 */
ExportSize CheckExport(const Experiment& experiment, const std::string& directory);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_CHAKRA_EXPORT_H
