/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "fuzz.h"
#include "trace/trace.h"

#include <algorithm>

int
LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size)
{
    // Three files, end to end, with a line "=" between two.
    static const InputDirectory directory;
    std::string text = ToText(data, size);
    for (const char* name : {"node.csv", "topology.csv", "traffic.csv"})
    {
        const std::size_t end = std::min(text.find("=\n"), text.size());
        directory.Write(name, text.substr(0, end));
        text.erase(0, std::min(end + 2, text.size()));
    }
    TryInput([] { ns3::mtlink::SummariseTrace(directory.GetPath()); });
    return TryInput([] {
        ns3::mtlink::TraceOptions options;
        options.maxRanks = 8;
        ns3::mtlink::ReadTrace(directory.GetPath(), options);
    });
}
