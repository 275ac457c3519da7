/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "stability/checkpoint-copy.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr uint64_t LEAST_PIECE = 1 << 20;   //!< Bytes that are sent at once, if there are
constexpr uint64_t MOST_STORED = 4096;      //!< Pieces of an endpoint of a store, about
constexpr uint64_t MOST_PIECES = 1'000'000; //!< Of all copies to neighbours, about

/** @return the sum of parts' bytes. */
uint64_t
AddBytes(const std::vector<CheckpointCopy::Part>& parts)
{
    return std::accumulate(
        parts.begin(),
        parts.end(),
        uint64_t{0},
        [](uint64_t sum, const CheckpointCopy::Part& part) { return sum + part.bytes; });
}

/** @return bytes of a piece, so that there are about so many at most. */
uint64_t
GetPiece(const std::vector<CheckpointCopy::Part>& parts, uint64_t most)
{
    return std::max(LEAST_PIECE, (AddBytes(parts) + most - 1) / most);
}

/** Make the operations of a copy to a neighbour. */
void
AddPart(const CheckpointCopy::Part& part, uint64_t piece, OperationGraph& graph)
{
    uint32_t before = NONE;
    for (uint64_t left = part.bytes; left > 0;)
    {
        Operation send;
        send.type = OperationType::SEND;
        send.rank = part.from;
        send.peer = part.to;
        send.bytes = std::min(left, piece);
        const uint32_t sent = graph.Add(send);
        if (before != NONE)
        {
            graph.Require(sent, before);
        }
        before = sent;
        Operation receive = send;
        receive.type = OperationType::RECEIVE;
        receive.rank = part.to;
        receive.peer = part.from;
        graph.Add(receive);
        left -= send.bytes;
    }
}

/** Makes the operations of a store's endpoint. */
class StoreOperations
{
  public:
    StoreOperations(const CheckpointCopy& copy, uint32_t store, OperationGraph& graph)
        : m_copy(copy),
          m_store(store),
          m_graph(graph)
    {
    }

    /** Take in a piece behind those before. */
    void Take(uint32_t card, uint64_t bytes)
    {
        Operation ask;
        ask.type = OperationType::SEND;
        ask.rank = m_store;
        ask.peer = card;
        const uint32_t asked = m_graph.Add(ask);
        if (m_taken.size() >= STORE_DEPTH)
        {
            m_graph.Require(asked, m_taken[m_taken.size() - STORE_DEPTH]);
        }
        const uint32_t heard = Add(OperationType::RECEIVE, card, m_store, 0);
        const uint32_t sent = Add(OperationType::SEND, card, m_store, bytes);
        m_graph.Require(sent, heard);
        const uint32_t got = Add(OperationType::RECEIVE, m_store, card, bytes);
        m_graph.Require(got, asked);
        Operation write;
        write.type = OperationType::COMPUTE;
        write.rank = m_store;
        write.duration =
            static_cast<Tick>(std::llround(static_cast<double>(bytes) / m_copy.storeRate * 1e12));
        const uint32_t written = m_graph.Add(write);
        m_graph.Require(written, got);
        m_taken.push_back(written);
    }

  private:
    uint32_t Add(OperationType type, uint32_t rank, uint32_t peer, uint64_t bytes)
    {
        Operation operation;
        operation.type = type;
        operation.rank = rank;
        operation.peer = peer;
        operation.bytes = bytes;
        return m_graph.Add(operation);
    }

    const CheckpointCopy& m_copy;  //!< The copy
    uint32_t m_store;              //!< Rank of the endpoint
    OperationGraph& m_graph;       //!< Gets the operations
    std::vector<uint32_t> m_taken; //!< When a piece was taken in
};

/** Make the operations of one endpoint of a store. */
void
AddStore(const CheckpointCopy& copy,
         uint32_t store,
         std::vector<CheckpointCopy::Part> parts,
         OperationGraph& graph)
{
    const uint64_t piece = GetPiece(parts, MOST_STORED);
    StoreOperations operations(copy, store, graph);
    while (!parts.empty())
    {
        for (CheckpointCopy::Part& part : parts)
        {
            const uint64_t bytes = std::min(part.bytes, piece);
            operations.Take(part.from, bytes);
            part.bytes -= bytes;
        }
        std::erase_if(parts, [](const CheckpointCopy::Part& part) { return part.bytes == 0; });
    }
}

} // namespace

CheckpointCopy
CopyToNeighbours(const std::vector<uint32_t>& cards,
                 const std::vector<uint64_t>& bytes,
                 uint32_t cardsPerNode)
{
    std::map<uint32_t, std::vector<uint32_t>> nodes; // ranks by node
    for (uint32_t rank = 0; rank < cards.size(); ++rank)
    {
        nodes[cards[rank] / cardsPerNode].push_back(rank);
    }
    for (auto& [node, ranks] : nodes)
    {
        std::sort(ranks.begin(), ranks.end(), [&](uint32_t a, uint32_t b) {
            return cards[a] < cards[b];
        });
    }
    CheckpointCopy copy;
    copy.endpoints = cards;
    for (auto node = nodes.begin(); node != nodes.end(); ++node)
    {
        const auto next = std::next(node) == nodes.end() ? nodes.begin() : std::next(node);
        const std::vector<uint32_t>& own = node->second;
        const std::vector<uint32_t>& others = next->second;
        const std::size_t shift = nodes.size() == 1 ? 1 : 0;
        for (std::size_t place = 0; place < own.size(); ++place)
        {
            if (bytes[own[place]] > 0)
            {
                copy.parts.push_back(
                    {own[place], others[(place + shift) % others.size()], bytes[own[place]]});
            }
        }
    }
    return copy;
}

CheckpointCopy
CopyToStore(const std::vector<uint32_t>& cards,
            const std::vector<uint64_t>& bytes,
            const std::vector<uint32_t>& store,
            double rate)
{
    CheckpointCopy copy;
    copy.endpoints = cards;
    copy.endpoints.insert(copy.endpoints.end(), store.begin(), store.end());
    copy.storeRate = rate;
    for (uint32_t rank = 0; rank < cards.size(); ++rank)
    {
        if (bytes[rank] > 0)
        {
            copy.parts.push_back(
                {rank, static_cast<uint32_t>(cards.size() + rank % store.size()), bytes[rank]});
        }
    }
    return copy;
}

OperationGraph
MakeCopyGraph(const CheckpointCopy& copy)
{
    OperationGraph graph(static_cast<uint32_t>(copy.endpoints.size()));
    const uint64_t piece = GetPiece(copy.parts, MOST_PIECES);
    std::map<uint32_t, std::vector<CheckpointCopy::Part>> stores; // parts by endpoint
    for (const CheckpointCopy::Part& part : copy.parts)
    {
        if (copy.storeRate > 0)
        {
            stores[part.to].push_back(part);
            continue;
        }
        AddPart(part, piece, graph);
    }
    for (const auto& [store, parts] : stores)
    {
        AddStore(copy, store, parts, graph);
    }
    graph.Finish();
    return graph;
}

} // namespace mtlink
} // namespace ns3
