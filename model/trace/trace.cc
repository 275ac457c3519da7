/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace/trace.h"

#include "trace/trace-format.h"

#include "ns3/mtlink-error.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

void
TraceSummary::AddCollective(const std::string& kind, uint32_t members, uint64_t bytes)
{
    auto found = std::find_if(collectives.begin(), collectives.end(), [&](const auto& row) {
        return row.kind == kind && row.ranks == members;
    });
    if (found == collectives.end())
    {
        collectives.push_back({kind, members, 0, 0, 0});
        found = collectives.end() - 1;
    }
    ++(bytes > 0 ? found->count : found->empty);
    found->bytes += bytes;
}

OperationGraph
ReadTrace(const std::string& path, const TraceOptions& options)
{
    const TraceFormat& format = FindTraceFormat(path);
    if (options.operationsPerSecond > 0 && !format.hasWork)
    {
        throw ParameterError("roofline",
                             "this is " + std::string(format.what) +
                                 ", whose kernels don't say what they do: only Chakra's can be "
                                 "timed by a card");
    }
    return format.read(path, options);
}

std::vector<Tick>
ReadMeasured(const std::string& path, uint32_t standFor)
{
    const TraceFormat& format = FindTraceFormat(path);
    if (!format.measure)
    {
        throw InputError({path},
                         "this is " + std::string(format.what) +
                             ", which has no times of collectives: a trace of PyTorch's profiler "
                             "(Kineto) or its flight recorder has");
    }
    return format.measure(path, standFor);
}

std::vector<FoldedCollective>
ListFolded(const std::string& path, const TraceOptions& options)
{
    const TraceFormat& format = FindTraceFormat(path);
    return format.isFolded ? format.listFolded(path, options) : std::vector<FoldedCollective>{};
}

bool
IsFolded(const std::string& path, const TraceOptions& options)
{
    const TraceFormat& format = FindTraceFormat(path);
    return format.isFolded && format.isFolded(path, options);
}

TraceSummary
SummariseTrace(const std::string& path)
{
    return FindTraceFormat(path).summarise(path);
}

} // namespace mtlink
} // namespace ns3
