/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/collective/chunk-layout.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

Segment
PartOf(const Segment& whole, uint64_t parts, uint64_t index)
{
    const uint64_t small = whole.bytes / parts;
    const uint64_t larger = whole.bytes % parts;
    return {whole.offset + index * small + std::min(index, larger),
            small + (index < larger ? 1 : 0)};
}

std::vector<Segment>
PartsOf(const Segment& whole, uint32_t parts)
{
    std::vector<Segment> all(parts);
    for (uint32_t i = 0; i < parts; ++i)
    {
        all[i] = PartOf(whole, parts, i);
    }
    return all;
}

ChunkLayout::ChunkLayout(const std::vector<Segment>& chunks, uint32_t channels)
    : m_chunks(static_cast<uint32_t>(chunks.size()))
{
    m_blocks.reserve(chunks.size() * channels);
    m_before.reserve(chunks.size() * channels + 1);
    uint64_t before = 0;
    for (uint32_t channel = 0; channel < channels; ++channel)
    {
        for (const Segment& chunk : chunks)
        {
            m_blocks.push_back(PartOf(chunk, channels, channel));
            m_before.push_back(before);
            before += m_blocks.back().bytes;
        }
    }
    m_before.push_back(before);
}

} // namespace mtlink
} // namespace ns3
