/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_RESULT_TABLES_H
#define MTLINK_RESULT_TABLES_H

#include "ns3/mtlink-results.h"

#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

class AtomicFile;
class CsvWriter;

/**
 * @ingroup mtlink
 * One CSV file of the results directory: how it is written, how it is read back.
 */
struct ResultTable
{
    /** "links.csv". */
    std::string file;

    /** Write the table; @param [in] results From here. @param [in,out] file To here. */
    void (*write)(const RunResults& results, AtomicFile& file);

    /**
     * Read the table; what is odd is an InputError.
     * @param [in] path The file.
     * @param [in,out] results Gets the lines; what comes before in GetResultTables() was read.
     */
    void (*read)(const std::string& path, RunResults& results);

    /** @return whether there is such a file. */
    bool (*isWanted)(const RunResults& results);

    /** Results of earlier versions lack it, or it is written as asked only. */
    bool isOptional{false};
};

/**
 * @ingroup mtlink
 * @return every table, in order of reading.
 */
const std::vector<ResultTable>& GetResultTables();

/**
 * @ingroup mtlink
 * Write the names of the columns of messages.csv; the line stays open.
 * @param [in,out] out To here.
 */
void WriteMessageNames(CsvWriter& out);

/**
 * @ingroup mtlink
 * Write a row of messages.csv; the line stays open.
 * @param [in,out] out To here.
 * @param [in] row The row.
 */
void WriteMessageCells(CsvWriter& out, const MessageResult& row);

/**
 * @ingroup mtlink
 * The time by which a link's busy time is divided for its utilisation.
 * @param [in] results A run's.
 * @return first start to last end of the workload, or else the whole simulated time.
 */
Tick GetObservedTime(const RunResults& results);

/**
 * @ingroup mtlink
 * @param [in] collective A collective.
 * @return its duration; NEVER if it did not end.
 */
Tick GetDuration(const CollectiveResult& collective);

/**
 * @ingroup mtlink
 * @param [in] collective A collective.
 * @return its algorithm bandwidth, bytes over duration, in GB/s (10^9 bytes); NaN if unknown.
 */
double GetAlgorithmBandwidth(const CollectiveResult& collective);

/**
 * @ingroup mtlink
 * @param [in] collective A collective.
 * @return its bus bandwidth as nccl-tests define it, in GB/s; NaN if unknown.
 */
double GetBusBandwidth(const CollectiveResult& collective);

/**
 * @ingroup mtlink
 * @param [in] collective A collective.
 * @return its duration over its lower bound: 1 is ideal; NaN if unknown.
 */
double GetBoundRatio(const CollectiveResult& collective);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_RESULT_TABLES_H
