/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/collective/collective-builder.h"

#include <algorithm>
#include <numeric>

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

ChunkLayout::ChunkLayout(std::vector<Segment> chunks, uint32_t channels)
    : m_chunks(std::move(chunks)),
      m_channels(channels)
{
}

std::vector<Segment>
ChunkLayout::GetBlocks() const
{
    std::vector<Segment> blocks;
    blocks.reserve(m_chunks.size() * m_channels);
    for (uint32_t channel = 0; channel < m_channels; ++channel)
    {
        for (const Segment& chunk : m_chunks)
        {
            blocks.push_back(PartOf(chunk, m_channels, channel));
        }
    }
    return blocks;
}

BlockRange
ChunkLayout::Of(uint32_t channel, uint32_t first, uint32_t last) const
{
    const auto base = static_cast<uint32_t>(channel * m_chunks.size());
    return {base + first, base + last};
}

std::vector<BlockRange>
ChunkLayout::Each(uint32_t channel) const
{
    std::vector<BlockRange> ranges;
    ranges.reserve(m_chunks.size());
    for (uint32_t i = 0; i < m_chunks.size(); ++i)
    {
        ranges.push_back(Of(channel, i, i + 1));
    }
    return ranges;
}

CollectiveBuilder::CollectiveBuilder(OperationGraph& graph,
                                     const CollectiveSpec& spec,
                                     const CollectiveRecord& record,
                                     std::vector<DataMove>* moves)
    : m_graph(graph),
      m_spec(spec),
      m_moves(moves),
      m_firstId(static_cast<uint32_t>(graph.GetOperations().size()))
{
    m_ends.collective = graph.AddCollective(record);
    m_gates.assign(GetSize(), NONE);
    for (uint32_t member = 0; member < GetSize(); ++member)
    {
        Operation launch;
        launch.type = OperationType::LAUNCH;
        m_ends.begin.push_back(Add(member, launch));
    }
}

uint32_t
CollectiveBuilder::GetSize() const
{
    return static_cast<uint32_t>(m_spec.ranks.size());
}

Team
CollectiveBuilder::GetTeam() const
{
    Team team(GetSize());
    std::iota(team.begin(), team.end(), 0);
    return team;
}

void
CollectiveBuilder::SetBlocks(std::vector<Segment> blocks)
{
    m_blocks = std::move(blocks);
    m_makers.assign(m_blocks.size() * GetSize(), NONE);
}

uint32_t
CollectiveBuilder::Copy(uint32_t from, uint32_t to, BlockRange blocks, uint32_t flow)
{
    return Copy(from, to, std::span(&blocks, 1), flow);
}

uint32_t
CollectiveBuilder::Copy(uint32_t from,
                        uint32_t to,
                        std::span<const BlockRange> ranges,
                        uint32_t flow)
{
    const uint64_t bytes = LengthOf(ranges);
    if (bytes == 0)
    {
        return NONE;
    }
    const Pair pair = AddMessage(from, to, bytes, MakersOf(from, ranges), flow);
    SetMaker(to, ranges, pair.receive);
    Note(pair, NONE, false, ranges);
    return pair.receive;
}

uint32_t
CollectiveBuilder::Combine(uint32_t from, uint32_t to, BlockRange blocks, uint32_t flow)
{
    const std::span ranges(&blocks, 1);
    const uint64_t bytes = LengthOf(ranges);
    if (bytes == 0)
    {
        return NONE;
    }
    const Pair pair = AddMessage(from, to, bytes, MakersOf(from, ranges), flow);
    const uint32_t reduce = AddReduce(to, pair, ranges, bytes);
    Note(pair, reduce, false, ranges);
    return reduce;
}

uint32_t
CollectiveBuilder::CombineOriginal(uint32_t from, uint32_t to, BlockRange blocks, uint32_t flow)
{
    const std::span ranges(&blocks, 1);
    const uint64_t bytes = LengthOf(ranges);
    if (bytes == 0)
    {
        return NONE;
    }
    const Pair pair = AddMessage(from, to, bytes, {}, flow);
    const uint32_t reduce = AddReduce(to, pair, ranges, bytes);
    Note(pair, reduce, true, ranges);
    return reduce;
}

void
CollectiveBuilder::SetGate(uint32_t member, uint32_t operation)
{
    if (operation != NONE)
    {
        m_gates[member] = operation;
    }
}

void
CollectiveBuilder::Exchange(uint32_t a, uint32_t b, BlockRange blocks, uint32_t flow)
{
    const std::span ranges(&blocks, 1);
    const uint64_t bytes = LengthOf(ranges);
    if (bytes == 0)
    {
        return;
    }
    const Pair there = AddMessage(a, b, bytes, MakersOf(a, ranges), flow);
    const Pair back = AddMessage(b, a, bytes, MakersOf(b, ranges), flow);
    const uint32_t reduceB = AddReduce(b, there, ranges, bytes);
    const uint32_t reduceA = AddReduce(a, back, ranges, bytes);
    // Else a partner that is ahead could have its data reduced into what is to be sent to it.
    m_graph.RequireStart(reduceA, there.send);
    m_graph.RequireStart(reduceB, back.send);
    Note(there, reduceB, false, ranges);
    Note(back, reduceA, false, ranges);
}

uint32_t
CollectiveBuilder::Deliver(uint32_t from,
                           uint32_t to,
                           std::vector<Segment> segments,
                           std::span<const uint32_t> after,
                           uint32_t flow,
                           uint64_t bytes)
{
    for (const Segment& segment : segments)
    {
        bytes += segment.bytes;
    }
    if (bytes == 0)
    {
        return NONE;
    }
    const Pair pair = AddMessage(from, to, bytes, after, flow);
    if (m_moves)
    {
        m_moves->push_back({pair.send, pair.receive, NONE, false, std::move(segments)});
    }
    return pair.receive;
}

void
CollectiveBuilder::InNetwork(uint32_t group, GroupAction action, uint32_t root, uint32_t block)
{
    const BlockRange blocks{block, block + 1};
    const std::span ranges(&blocks, 1);
    GroupStep step;
    step.message = {group, action, root, LengthOf(ranges)};
    if (step.message.bytes == 0)
    {
        return;
    }
    Operation operation;
    operation.bytes = step.message.bytes;
    operation.peer = static_cast<uint32_t>(m_graph.GetGroupSteps().size());
    for (uint32_t member = 0; member < GetSize(); ++member)
    {
        const bool isRoot = member == root;
        step.sends.push_back(NONE);
        step.receives.push_back(NONE);
        if (action != GroupAction::MULTICAST || isRoot)
        {
            operation.type = OperationType::GROUP_SEND;
            const uint32_t id = Add(member, operation);
            Require(id, m_ends.begin[member]);
            for (const uint32_t maker : MakersOf(member, ranges))
            {
                Require(id, maker);
            }
            step.sends.back() = id;
        }
        if (action == GroupAction::ALL_REDUCE || isRoot == (action == GroupAction::REDUCE))
        {
            operation.type = OperationType::GROUP_RECEIVE;
            const uint32_t id = Add(member, operation);
            Require(id, m_ends.begin[member]);
            SetMaker(member, ranges, id);
            step.receives.back() = id;
        }
    }
    m_graph.AddGroupStep(step);
}

CollectiveEnds
CollectiveBuilder::Close()
{
    const auto count = static_cast<uint32_t>(m_memberOf.size());
    for (uint32_t member = 0; member < GetSize(); ++member)
    {
        m_ends.end.push_back(Add(member, Operation{}));
    }
    for (uint32_t i = 0; i < count; ++i)
    {
        if (!m_joined[i])
        {
            m_graph.Require(m_ends.end[m_memberOf[i]], m_firstId + i);
        }
    }
    return std::move(m_ends);
}

uint32_t
CollectiveBuilder::Add(uint32_t member, Operation operation)
{
    operation.rank = m_spec.ranks[member];
    operation.collective = m_ends.collective;
    m_memberOf.push_back(member);
    m_joined.push_back(false);
    return m_graph.Add(operation);
}

void
CollectiveBuilder::Require(uint32_t later, uint32_t earlier)
{
    m_joined[earlier - m_firstId] = true;
    m_graph.Require(later, earlier);
}

CollectiveBuilder::Pair
CollectiveBuilder::AddMessage(uint32_t from,
                              uint32_t to,
                              uint64_t bytes,
                              std::span<const uint32_t> after,
                              uint32_t flow)
{
    Operation send;
    send.type = OperationType::SEND;
    send.peer = m_spec.ranks[to];
    send.bytes = bytes;
    send.tag = m_nextTag;
    send.flow = flow;
    Operation receive;
    receive.type = OperationType::RECEIVE;
    receive.peer = m_spec.ranks[from];
    receive.bytes = bytes;
    receive.tag = m_nextTag++;
    const Pair pair{Add(from, send), Add(to, receive)};
    for (const uint32_t earlier : after)
    {
        Require(pair.send, earlier);
    }
    const bool gated = m_gates[from] != NONE;
    if (gated && std::find(after.begin(), after.end(), m_gates[from]) == after.end())
    {
        Require(pair.send, m_gates[from]);
    }
    if (!gated && after.empty())
    {
        Require(pair.send, m_ends.begin[from]);
    }
    Require(pair.receive, m_ends.begin[to]);
    return pair;
}

uint32_t
CollectiveBuilder::AddReduce(uint32_t to,
                             const Pair& pair,
                             std::span<const BlockRange> ranges,
                             uint64_t bytes)
{
    Operation reduce;
    reduce.type = OperationType::REDUCE;
    reduce.bytes = bytes;
    const uint32_t id = Add(to, reduce);
    Require(id, pair.receive);
    for (const uint32_t maker : MakersOf(to, ranges))
    {
        Require(id, maker);
    }
    SetMaker(to, ranges, id);
    return id;
}

std::vector<uint32_t>
CollectiveBuilder::MakersOf(uint32_t member, std::span<const BlockRange> ranges) const
{
    std::vector<uint32_t> makers;
    const std::size_t base = std::size_t{member} * m_blocks.size();
    for (const BlockRange& range : ranges)
    {
        for (uint32_t block = range.first; block < range.last; ++block)
        {
            const uint32_t maker = m_makers[base + block];
            if (maker != NONE && (makers.empty() || makers.back() != maker))
            {
                makers.push_back(maker);
            }
        }
    }
    std::sort(makers.begin(), makers.end());
    makers.erase(std::unique(makers.begin(), makers.end()), makers.end());
    return makers;
}

void
CollectiveBuilder::SetMaker(uint32_t member, std::span<const BlockRange> ranges, uint32_t maker)
{
    const std::size_t base = std::size_t{member} * m_blocks.size();
    for (const BlockRange& range : ranges)
    {
        std::fill(m_makers.begin() + base + range.first,
                  m_makers.begin() + base + range.last,
                  maker);
    }
}

uint64_t
CollectiveBuilder::LengthOf(std::span<const BlockRange> ranges) const
{
    uint64_t bytes = 0;
    for (const BlockRange& range : ranges)
    {
        for (uint32_t block = range.first; block < range.last; ++block)
        {
            bytes += m_blocks[block].bytes;
        }
    }
    return bytes;
}

void
CollectiveBuilder::Note(const Pair& pair,
                        uint32_t reduce,
                        bool original,
                        std::span<const BlockRange> ranges)
{
    if (!m_moves)
    {
        return;
    }
    DataMove move{pair.send, pair.receive, reduce, original, {}};
    for (const BlockRange& range : ranges)
    {
        move.segments.insert(move.segments.end(),
                             m_blocks.begin() + range.first,
                             m_blocks.begin() + range.last);
    }
    m_moves->push_back(std::move(move));
}

} // namespace mtlink
} // namespace ns3
