/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/rank-spans.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

namespace ns3
{
namespace mtlink
{

std::vector<RankSpan>
GetRankSpans(const RunResults& results)
{
    std::unordered_map<uint64_t, uint32_t> indexOf; // Of a collective, by its id.
    for (uint32_t i = 0; i < results.collectives.size(); ++i)
    {
        indexOf[results.collectives[i].id] = i;
    }
    std::vector<RankSpan> spans;
    std::unordered_map<uint64_t, uint32_t> spanOf; // By collective and rank.
    const auto add = [&](uint32_t rank, uint32_t collective, Tick start, Tick end) {
        const auto [at, isNew] = spanOf.try_emplace(static_cast<uint64_t>(collective) << 32 | rank,
                                                    static_cast<uint32_t>(spans.size()));
        if (isNew)
        {
            spans.push_back({rank, collective});
        }
        auto& span = spans[at->second];
        span.start = std::min(span.start, start);
        span.end = std::max(span.end, end);
    };
    for (const auto& message : results.messages)
    {
        if (message.collective < 0 || message.start == NEVER)
        {
            continue;
        }
        const auto collective = indexOf.find(static_cast<uint64_t>(message.collective));
        if (collective != indexOf.end())
        {
            const Tick end = message.end == NEVER ? results.simulatedTime : message.end;
            add(message.src, collective->second, message.start, end);
            add(message.dst, collective->second, message.start, end);
        }
    }
    std::sort(spans.begin(), spans.end(), [](const RankSpan& a, const RankSpan& b) {
        return std::tie(a.rank, a.start, a.collective) < std::tie(b.rank, b.start, b.collective);
    });
    return spans;
}

} // namespace mtlink
} // namespace ns3
