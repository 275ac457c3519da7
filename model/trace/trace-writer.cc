/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace/trace-writer.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr Tick NANOSECOND = 1000; //!< In ps

[[noreturn]] void
Refuse(const OperationGraph& graph, uint32_t id, const std::string& format, const std::string& why)
{
    throw ParameterError("", graph.Describe(id) + ": " + format + " can't have " + why);
}

/** Refuse what neither format can say. */
void
CheckPlain(const OperationGraph& graph, uint32_t id, const std::string& format)
{
    switch (graph.GetOperations()[id].type)
    {
    case OperationType::LAUNCH:
    case OperationType::REDUCE:
    case OperationType::GROUP_SEND:
    case OperationType::GROUP_RECEIVE:
        Refuse(graph, id, format, "collectives: --convert chakra can");
    case OperationType::COMPUTE:
    case OperationType::DELAY:
    case OperationType::SEND:
    case OperationType::RECEIVE:
        break;
    }
}

/** Writes a schedule. */
class GoalWriter
{
  public:
    explicit GoalWriter(const OperationGraph& graph)
        : m_graph(graph),
          m_cpus(graph.GetRanks(), 1),
          m_ofRank(graph.GetRanks())
    {
        const std::vector<Operation>& operations = graph.GetOperations();
        for (uint32_t id = 0; id < operations.size(); ++id)
        {
            CheckPlain(graph, id, FORMAT);
            m_ofRank[operations[id].rank].push_back(id);
            uint32_t& cpus = m_cpus[operations[id].rank];
            if (operations[id].type == OperationType::COMPUTE)
            {
                cpus = std::max(cpus, operations[id].flow + 1);
            }
        }
        m_labels.resize(operations.size());
        for (const auto& own : m_ofRank)
        {
            for (uint32_t i = 0; i < own.size(); ++i)
            {
                m_labels[own[i]] = "l" + std::to_string(i);
            }
        }
    }

    std::string Run()
    {
        m_text = "num_ranks " + std::to_string(m_graph.GetRanks()) + "\n";
        for (uint32_t rank = 0; rank < m_graph.GetRanks(); ++rank)
        {
            m_text += "rank " + std::to_string(rank) + " {\n";
            for (const uint32_t id : m_ofRank[rank])
            {
                m_text += m_labels[id] + ": " + FormatOperation(id) + "\n";
            }
            for (const uint32_t id : m_ofRank[rank])
            {
                AddRequirements(id, m_graph.GetDependents(id), " requires ");
                AddRequirements(id, m_graph.GetStartDependents(id), " irequires ");
            }
            m_text += "}\n";
        }
        return std::move(m_text);
    }

  private:
    static constexpr const char* FORMAT = "a GOAL schedule";

    std::string FormatOperation(uint32_t id)
    {
        const Operation& operation = m_graph.GetOperations()[id];
        if (operation.type == OperationType::COMPUTE || operation.type == OperationType::DELAY)
        {
            if (operation.duration % NANOSECOND != 0)
            {
                Refuse(m_graph,
                       id,
                       FORMAT,
                       "times of no whole nanoseconds, as " + std::to_string(operation.duration) +
                           " ps");
            }
            const uint32_t cpu = operation.type == OperationType::COMPUTE
                                     ? operation.flow
                                     : m_cpus[operation.rank]++;
            return "calc " + std::to_string(operation.duration / NANOSECOND) + " cpu " +
                   std::to_string(cpu);
        }
        const bool isSend = operation.type == OperationType::SEND;
        if (isSend && (operation.flow > 0 || operation.trafficClass != WORKLOAD_TRAFFIC_CLASS))
        {
            Refuse(m_graph, id, FORMAT, "messages of a flow or traffic class of their own");
        }
        return std::string(isSend ? "send " : "recv ") + std::to_string(operation.bytes) +
               (isSend ? "b to " : "b from ") + std::to_string(operation.peer) + " tag " +
               std::to_string(operation.tag);
    }

    void AddRequirements(uint32_t id, std::span<const uint32_t> later, const char* word)
    {
        for (const uint32_t one : later)
        {
            if (m_graph.GetOperations()[one].rank != m_graph.GetOperations()[id].rank)
            {
                Refuse(m_graph, one, FORMAT, "dependencies on another rank");
            }
            m_text += m_labels[one] + word + m_labels[id] + "\n";
        }
    }

    const OperationGraph& m_graph;
    std::vector<uint32_t> m_cpus;                // first that no computation has, by rank
    std::vector<std::vector<uint32_t>> m_ofRank; // operations
    std::vector<std::string> m_labels;           // by operation
    std::string m_text;
};

/** Writes messages. */
class RowWriter
{
  public:
    explicit RowWriter(const OperationGraph& graph)
        : m_graph(graph),
          m_waits(graph.GetOperations().size()),
          m_left(graph.GetOperations().size()),
          m_rowOf(graph.GetOperations().size(), NONE)
    {
        const std::vector<Operation>& operations = graph.GetOperations();
        for (uint32_t id = 0; id < operations.size(); ++id)
        {
            CheckPlain(graph, id, FORMAT);
            const bool isSend = operations[id].type == OperationType::SEND;
            if (isSend)
            {
                m_rowOf[id] = m_rows++;
            }
            if (operations[id].type == OperationType::COMPUTE && operations[id].duration > 0)
            {
                Refuse(graph, id, FORMAT, "computations");
            }
            if (!graph.GetStartDependents(id).empty() ||
                (isSend && !graph.GetDependents(id).empty()))
            {
                Refuse(graph,
                       id,
                       FORMAT,
                       "what waits until another message has begun or left, only until it is in");
            }
            m_left[id] = graph.GetRequired(id) + (operations[id].type == OperationType::RECEIVE);
        }
    }

    std::string Run()
    {
        std::vector<uint32_t> ready;
        for (uint32_t id = 0; id < m_left.size(); ++id)
        {
            if (m_left[id] == 0)
            {
                ready.push_back(id);
            }
        }
        std::vector<std::string> rows(m_rows);
        while (!ready.empty())
        {
            const uint32_t id = ready.back();
            ready.pop_back();
            const Operation& operation = m_graph.GetOperations()[id];
            Wait own = std::move(m_waits[id]);
            m_waits[id] = {};
            if (operation.type == OperationType::SEND)
            {
                rows[m_rowOf[id]] = FormatRow(id, own);
                own = {0, {m_rowOf[id]}};
                Finish(m_graph.GetMatch(id), own, ready);
                continue;
            }
            if (operation.duration > 0 && !own.rows.empty())
            {
                Refuse(m_graph, id, FORMAT, "time between a message's arrival and the next");
            }
            own.start += operation.duration;
            for (const uint32_t later : m_graph.GetDependents(id))
            {
                Finish(later, own, ready);
            }
        }
        std::string text = "start_ns,src,dst,bytes,tag,after,traffic_class\n";
        for (const std::string& row : rows)
        {
            text += row;
        }
        return text;
    }

  private:
    static constexpr const char* FORMAT = "a CSV of messages";

    /** What an operation waits for. */
    struct Wait
    {
        Tick start{0};           //!< Time from the beginning, ps
        std::set<uint32_t> rows; //!< To be delivered
    };

    void Finish(uint32_t later, const Wait& wait, std::vector<uint32_t>& ready)
    {
        m_waits[later].start = std::max(m_waits[later].start, wait.start);
        m_waits[later].rows.insert(wait.rows.begin(), wait.rows.end());
        if (--m_left[later] == 0)
        {
            ready.push_back(later);
        }
    }

    std::string FormatRow(uint32_t id, const Wait& wait) const
    {
        const Operation& operation = m_graph.GetOperations()[id];
        char start[32];
        std::snprintf(start,
                      sizeof(start),
                      "%lld.%03lld",
                      static_cast<long long>(wait.start / NANOSECOND),
                      static_cast<long long>(wait.start % NANOSECOND));
        std::string row = std::string(start) + "," + std::to_string(operation.rank) + "," +
                          std::to_string(operation.peer) + "," + std::to_string(operation.bytes) +
                          "," + std::to_string(operation.flow) + ",";
        const char* separator = "";
        for (const uint32_t earlier : wait.rows)
        {
            row += separator + std::to_string(earlier);
            separator = ";";
        }
        return row + "," +
               (operation.trafficClass == WORKLOAD_TRAFFIC_CLASS
                    ? ""
                    : std::to_string(operation.trafficClass)) +
               "\n";
    }

    const OperationGraph& m_graph;
    std::vector<Wait> m_waits;     // by operation
    std::vector<uint32_t> m_left;  // what it waits for yet
    std::vector<uint32_t> m_rowOf; // by SEND
    uint32_t m_rows{0};
};

} // namespace

std::string
WriteGoal(const OperationGraph& graph)
{
    return GoalWriter(graph).Run();
}

std::string
WriteMessageCsv(const OperationGraph& graph)
{
    return RowWriter(graph).Run();
}

} // namespace mtlink
} // namespace ns3
