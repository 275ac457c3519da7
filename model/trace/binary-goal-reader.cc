/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace/binary-goal-reader.h"

#include "trace/trace-input.h"

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr std::string_view MAGIC("\x7f\x10\0\0\0\0\0\0", 8); //!< 4223
constexpr uint64_t NODE = 39;                                //!< Bytes of an operation
constexpr uint64_t MOST_BYTES = uint64_t{1} << 50;           //!< Of a message

/** Those that require an operation: a part of the list. */
struct Dependents
{
    uint32_t count; //!< How many
    uint32_t first; //!< Place in the list
    bool isOfStart; //!< They require it started only
};

/** Reads one file. */
class Reader
{
  public:
    Reader(const std::string& file, uint32_t maxRanks)
        : m_file(file),
          m_text(ReadText(file)),
          m_graph(ReadHead(maxRanks))
    {
        m_summary.format = "goal-binary";
        m_summary.version = "LogGOPSim";
        m_summary.ranks = m_graph.GetRanks();
        constexpr uint64_t HEAD = 14;
        for (uint32_t rank = 0; rank < m_graph.GetRanks(); ++rank)
        {
            const uint64_t at = HEAD + uint64_t{16} * rank;
            const uint64_t begin = Read(at, 8);
            const uint64_t end = Read(at + 8, 8);
            if (begin > end || end > m_text.size() - MAGIC.size())
            {
                Refuse(at,
                       "rank " + std::to_string(rank) + " has bytes " + std::to_string(begin) +
                           " to " + std::to_string(end) + ", which the file has not");
            }
            ReadRank(rank, begin + MAGIC.size(), end + MAGIC.size());
        }
    }

    OperationGraph Finish()
    {
        FinishGraph(m_graph, [this](uint32_t id) { return Where{m_file, 1, m_places[id] + 1}; });
        return std::move(m_graph);
    }

    TraceSummary GetSummary() const
    {
        return m_summary;
    }

  private:
    [[noreturn]] void Refuse(uint64_t byte, const std::string& message) const
    {
        throw InputError({m_file, 1, byte + 1}, message);
    }

    /** @return an unsigned number of some bytes. */
    uint64_t Read(uint64_t at, uint32_t bytes) const
    {
        if (at + bytes > m_text.size())
        {
            Refuse(m_text.size(), "the file ends too early");
        }
        uint64_t number = 0;
        for (uint32_t i = bytes; i-- > 0;)
        {
            number = number << 8 | static_cast<unsigned char>(m_text[at + i]);
        }
        return number;
    }

    OperationGraph ReadHead(uint32_t maxRanks) const
    {
        const auto ranks = static_cast<uint32_t>(Read(MAGIC.size(), 4));
        if (ranks == 0 || ranks > MOST_RANKS || ranks > m_text.size() / 16)
        {
            Refuse(MAGIC.size(),
                   std::to_string(ranks) + " ranks, for which the file has no room; at least 1");
        }
        if (maxRanks > 0 && ranks > maxRanks)
        {
            Refuse(MAGIC.size(),
                   "the trace has ranks 0 to " + std::to_string(ranks - 1) +
                       ", the fabric has room for " + std::to_string(maxRanks));
        }
        return OperationGraph(ranks);
    }

    void ReadRank(uint32_t rank, uint64_t begin, uint64_t end)
    {
        const uint64_t count = Read(begin, 4);
        const uint64_t roots = Read(begin + 4, 4);
        const uint64_t nodes = begin + 8 + 4 * roots;
        const uint64_t list = nodes + NODE * count;
        if (list > end)
        {
            Refuse(begin,
                   "rank " + std::to_string(rank) + " has " + std::to_string(count) +
                       " operations, for which its part has no room");
        }
        const auto first = static_cast<uint32_t>(m_graph.GetOperations().size());
        for (uint64_t i = 0; i < count; ++i)
        {
            ReadNode(rank, nodes + NODE * i);
        }
        for (uint64_t i = 0; i < count; ++i)
        {
            for (const bool isOfStart : {false, true})
            {
                const uint64_t at = nodes + NODE * i + (isOfStart ? 31 : 23);
                const Dependents dependents{static_cast<uint32_t>(Read(at, 4)),
                                            static_cast<uint32_t>(Read(at + 4, 4)),
                                            isOfStart};
                Require(first, static_cast<uint32_t>(i), dependents, count, {list, end}, at);
            }
        }
    }

    /** Have operations require one. */
    void Require(uint32_t first,
                 uint32_t earlier,
                 const Dependents& dependents,
                 uint64_t operations,
                 std::pair<uint64_t, uint64_t> list,
                 uint64_t at)
    {
        if (dependents.count == 0)
        {
            return;
        }
        const uint64_t begin = list.first + uint64_t{4} * dependents.first;
        if (begin + uint64_t{4} * dependents.count > list.second)
        {
            Refuse(at, "dependencies stand where the file has none");
        }
        for (uint64_t i = 0; i < dependents.count; ++i)
        {
            const auto later = static_cast<uint32_t>(Read(begin + 4 * i, 4));
            if (later >= operations)
            {
                Refuse(begin + 4 * i,
                       "operation " + std::to_string(later) + " is not there; its rank has " +
                           std::to_string(operations));
            }
            dependents.isOfStart ? m_graph.RequireStart(first + later, first + earlier)
                                 : m_graph.Require(first + later, first + earlier);
        }
    }

    void ReadNode(uint32_t rank, uint64_t at)
    {
        Operation operation;
        operation.rank = rank;
        const uint64_t type = Read(at + 4, 1);
        const uint64_t size = Read(at + 9, 8);
        const char* name = "calc";
        if (type == 1 || type == 2)
        {
            operation.type = type == 1 ? OperationType::SEND : OperationType::RECEIVE;
            name = type == 1 ? "send" : "recv";
            operation.peer = static_cast<uint32_t>(Read(at + 5, 4));
            operation.tag = static_cast<uint32_t>(Read(at + 17, 4));
            operation.bytes = size;
            if (operation.peer >= m_graph.GetRanks() || size > MOST_BYTES)
            {
                Refuse(at + 5,
                       "a message of " + std::to_string(size) + " bytes with rank " +
                           std::to_string(operation.peer) + ": ranks are 0 to " +
                           std::to_string(m_graph.GetRanks() - 1) + ", bytes at most 1 PiB");
            }
        }
        else if (type == 3)
        {
            if (size > static_cast<uint64_t>(LONGEST_TIME / 1000))
            {
                Refuse(at + 9, "a calc of more than 100 days");
            }
            operation.type = OperationType::COMPUTE;
            operation.duration = static_cast<Tick>(size) * 1000;
            operation.flow = static_cast<uint32_t>(Read(at + 21, 1));
            m_summary.computeTime += operation.duration;
        }
        else
        {
            Refuse(at + 4,
                   "an operation of type " + std::to_string(type) +
                       ": 1 send, 2 recv and 3 calc are read; 4 and up are Portals operations, as "
                       "put and append, of which the network side is not modelled");
        }
        if (type == 1)
        {
            ++m_summary.messages;
            m_summary.messageBytes += size;
            m_summary.bytesByCollective["send"] += size;
        }
        ++m_summary.operations;
        ++m_summary.operationsByType[name];
        const uint32_t id = m_graph.Add(operation);
        m_graph.SetLabel(id, std::string(name) + " (byte " + std::to_string(at + 1) + ")");
        m_places.push_back(at);
    }

    std::string m_file;             //!< For messages
    std::string m_text;             //!< All
    TraceSummary m_summary;         //!< So far
    OperationGraph m_graph;         //!< So far
    std::vector<uint64_t> m_places; //!< Byte of each operation
};

} // namespace

bool
LooksLikeBinaryGoal(const TraceHead& head)
{
    return head.GetBytes().starts_with(MAGIC);
}

OperationGraph
ReadBinaryGoal(const std::string& file, const TraceOptions& options)
{
    return Reader(file, options.maxRanks).Finish();
}

TraceSummary
SummariseBinaryGoal(const std::string& file)
{
    return Reader(file, 0).GetSummary();
}

} // namespace mtlink
} // namespace ns3
