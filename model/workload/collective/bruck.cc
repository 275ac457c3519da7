/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/collective/bruck.h"

#include "workload/collective/direct.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

void
AllGatherByBruck(const CollectiveContext& context)
{
    const uint32_t n = context.Size();
    const uint32_t lots = context.Lots(context.spec.bytes / n);
    const ChunkLayout layout(PartsOf(context.Whole(), n), lots);
    context.builder.SetBlocks(layout.GetBlocks());
    for (uint32_t lot = 0; lot < lots; ++lot)
    {
        for (uint32_t distance = 1; distance < n; distance *= 2)
        {
            const uint32_t count = std::min(distance, n - distance);
            for (uint32_t i = 0; i < n; ++i)
            {
                // From i on, round the end.
                const uint32_t end = std::min(i + count, n);
                const BlockRange ranges[] = {layout.Of(lot, i, end),
                                             layout.Of(lot, 0, i + count - end)};
                context.builder.Copy(i, (i + n - distance) % n, ranges, lot);
            }
        }
    }
}

void
AllToAllByBruck(const CollectiveContext& context)
{
    const uint32_t n = context.Size();
    const ExchangeData data(context);
    // By member: (distance of the round, what it received).
    std::vector<std::vector<std::pair<uint32_t, uint32_t>>> received(n);
    for (uint32_t distance = 1; distance < n; distance *= 2)
    {
        std::vector<uint32_t> now(n);
        for (uint32_t i = 0; i < n; ++i)
        {
            std::vector<Segment> segments;
            for (uint32_t way = distance; way < n; ++way)
            {
                if (way & distance)
                {
                    const uint32_t src = (i + n - (way & (distance - 1))) % n;
                    segments.push_back(data.Of(src, (src + way) % n));
                }
            }
            std::vector<uint32_t> after;
            for (const auto& [earlier, operation] : received[i])
            {
                if ((earlier | distance) < n)
                {
                    after.push_back(operation);
                }
            }
            now[(i + distance) % n] =
                context.builder.Deliver(i, (i + distance) % n, std::move(segments), after, 0);
        }
        for (uint32_t i = 0; i < n; ++i)
        {
            if (now[i] != NONE)
            {
                received[i].emplace_back(distance, now[i]);
            }
        }
    }
}

void
BarrierByDissemination(const CollectiveContext& context)
{
    const uint32_t n = context.Size();
    std::vector<std::vector<uint32_t>> heard(n);
    for (uint32_t distance = 1; distance < n; distance *= 2)
    {
        std::vector<uint32_t> now(n);
        for (uint32_t i = 0; i < n; ++i)
        {
            const uint32_t to = (i + distance) % n;
            now[to] = context.builder.Deliver(i, to, {}, heard[i], 0, 1);
        }
        for (uint32_t i = 0; i < n; ++i)
        {
            heard[i].push_back(now[i]);
        }
    }
}

} // namespace mtlink
} // namespace ns3
