/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TRACE_FORMAT_H
#define MTLINK_TRACE_FORMAT_H

#include "trace/trace-head.h"
#include "trace/trace.h"
#include "workload/operation-graph.h"

#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A kind of file: a format of traces that is read, or something that is known not to be read.
 */
struct TraceFormat
{
    const char* name;                     //!< Short: "goal"
    const char* what;                     //!< For people: "a GOAL schedule"
    bool (*recognises)(const TraceHead&); //!< Whether that is one
    /** Read it, as ReadTrace(); nullptr: it is not read. */
    OperationGraph (*read)(const std::string&, const TraceOptions&);
    TraceSummary (*summarise)(const std::string&); //!< Tell of it, as SummariseTrace(); nullptr
    const char* advice;                            //!< Where it is not read: what can be done
    /** As mtlink::IsFolded(); nullptr: there is never anything to be folded. */
    bool (*isFolded)(const std::string&, const TraceOptions&) = nullptr;
    /** As ListFolded(). */
    std::vector<FoldedCollective> (*listFolded)(const std::string&, const TraceOptions&) = nullptr;
    /** Times of its collectives, as ReadMeasured(); nullptr: it has none. */
    std::vector<Tick> (*measure)(const std::string&, uint32_t) = nullptr;
    bool hasWork = false; //!< Kernels without a time may say what they do, for `roofline`
};

/**
 * @ingroup mtlink
 * @return all kinds that are known: those that are read first. At most one recognises a file.
 */
const std::vector<TraceFormat>& GetTraceFormats();

/**
 * @ingroup mtlink
 * Tell a file's format, by its content alone.
 * @param [in] path A file or folder.
 * @return its format, one that is read.
 * @throws InputError for all else: it says what the file is, as far as that is known, and what can
 *         be done.
 */
const TraceFormat& FindTraceFormat(const std::string& path);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TRACE_FORMAT_H
