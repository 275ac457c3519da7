/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * Who keeps whose checkpoint, and what is sent for it.
 */

#include "stability/checkpoint-copy.h"

#include <doctest/doctest.h>
#include <map>
#include <numeric>
#include <set>
#include <vector>

using namespace ns3::mtlink;

namespace
{

constexpr uint64_t MIB = 1 << 20;

std::vector<uint32_t>
MakeCards(uint32_t count)
{
    std::vector<uint32_t> cards(count);
    std::iota(cards.begin(), cards.end(), 0);
    return cards;
}

/** @return payload of the sends of a graph, by sender. */
std::map<uint32_t, uint64_t>
GetSent(const OperationGraph& graph)
{
    std::map<uint32_t, uint64_t> sent;
    for (const Operation& operation : graph.GetOperations())
    {
        if (operation.type == OperationType::SEND)
        {
            sent[operation.rank] += operation.bytes;
        }
    }
    return sent;
}

} // namespace

TEST_SUITE("checkpoint-copy")
{
    TEST_CASE("a neighbour is the same card of the next node, and keeps one part")
    {
        const CheckpointCopy copy =
            CopyToNeighbours(MakeCards(12), std::vector<uint64_t>(12, 5 * MIB), 4);
        REQUIRE(copy.parts.size() == 12);
        std::set<uint32_t> from;
        std::set<uint32_t> to;
        for (const CheckpointCopy::Part& part : copy.parts)
        {
            CHECK(part.to == (part.from + 4) % 12);
            CHECK(part.bytes == 5 * MIB);
            from.insert(part.from);
            to.insert(part.to);
        }
        CHECK(from.size() == 12);
        CHECK(to.size() == 12);
        for (const auto& [rank, bytes] : GetSent(MakeCopyGraph(copy)))
        {
            CHECK(bytes == 5 * MIB);
        }
    }

    TEST_CASE(
        "nodes that are partly the job's, and one alone, keep copies elsewhere than their own")
    {
        const std::vector<uint32_t> cards{1, 4, 5, 6, 11}; // nodes of 4: {1}, {4, 5, 6}, {11}
        const CheckpointCopy copy = CopyToNeighbours(cards, {1, 2, 3, 4, 0}, 4);
        REQUIRE(copy.parts.size() == 4); // the last has nothing to keep
        for (const CheckpointCopy::Part& part : copy.parts)
        {
            CHECK(cards[part.from] / 4 != cards[part.to] / 4);
        }
        const CheckpointCopy alone = CopyToNeighbours(MakeCards(4), {1, 1, 1, 1}, 4);
        for (const CheckpointCopy::Part& part : alone.parts)
        {
            CHECK(part.to == (part.from + 1) % 4);
        }
    }

    TEST_CASE("a store takes in every byte, piece by piece, at its rate")
    {
        const std::vector<uint64_t> bytes{5 * MIB + 3, MIB, 7, 0, 2 * MIB};
        const CheckpointCopy copy = CopyToStore(MakeCards(5), bytes, {8, 9}, 1e9);
        CHECK(copy.endpoints == std::vector<uint32_t>{0, 1, 2, 3, 4, 8, 9});
        const OperationGraph graph = MakeCopyGraph(copy);
        const std::map<uint32_t, uint64_t> sent = GetSent(graph);
        for (uint32_t card = 0; card < 5; ++card)
        {
            CHECK((sent.contains(card) ? sent.at(card) : 0) == bytes[card]);
        }
        CHECK(sent.at(5) == 0); // it asks
        CHECK(sent.at(6) == 0);
        std::map<uint32_t, Tick> writing;
        for (const Operation& operation : graph.GetOperations())
        {
            if (operation.type == OperationType::COMPUTE)
            {
                writing[operation.rank] += operation.duration;
            }
        }
        CHECK(writing.at(5) == static_cast<Tick>((bytes[0] + bytes[2] + bytes[4]) * 1000));
        CHECK(writing.at(6) == static_cast<Tick>((bytes[1] + bytes[3]) * 1000));
    }
}
