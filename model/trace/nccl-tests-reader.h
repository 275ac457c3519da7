/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_NCCL_TESTS_READER_H
#define MTLINK_NCCL_TESTS_READER_H

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink A size that nccl-tests measured, out of place. */
struct NcclTestsRow
{
    uint64_t bytes; //!< size
    double time;    //!< us
    double algbw;   //!< GB/s
    double busbw;   //!< GB/s
};

/**
 * @ingroup mtlink
 * What nccl-tests (rccl-tests, mccl-tests) printed.
 */
struct NcclTestsTable
{
    std::string collective;         //!< "all_reduce", where a line names it; else empty
    std::vector<NcclTestsRow> rows; //!< In order
};

/**
 * @ingroup mtlink
 * Read the output of nccl-tests: lines that begin with a size are rows, `size count type [redop]
 * [root]` and twice `time algbw busbw #wrong`, out of place and in place. Lines of all else are
 * passed over; "Collective test starting: all_reduce_perf" names the collective.
 * @param [in] file The file.
 * @return the table.
 * @throws InputError at the line of a row that is none, or if there is no row.
 */
NcclTestsTable ReadNcclTests(const std::string& file);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_NCCL_TESTS_READER_H
