/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace/ub-reader.h"

#include "trace/trace-input.h"
#include "trace/ub-case.h"

#include <filesystem>
#include <map>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Makes the graph of a case's tasks. */
class TaskGraphMaker
{
  public:
    TaskGraphMaker(const UbCase& tasks, const std::string& file, uint32_t maxRanks)
        : m_case(tasks),
          m_file(file),
          m_graph(static_cast<uint32_t>(tasks.ListDevices().size()))
    {
        for (const uint32_t device : tasks.ListDevices())
        {
            m_ranks.emplace(device, static_cast<uint32_t>(m_ranks.size()));
        }
        if (maxRanks > 0 && m_ranks.size() > maxRanks)
        {
            throw InputError({file, 1, 1},
                             "the case has " + std::to_string(m_ranks.size()) +
                                 " devices, the fabric has room for " + std::to_string(maxRanks));
        }
        for (uint32_t i = 0; i < tasks.tasks.size(); ++i)
        {
            AddTask(i);
        }
        for (uint32_t i = 0; i < tasks.tasks.size(); ++i)
        {
            WaitForPhases(i);
        }
    }

    OperationGraph Finish()
    {
        FinishGraph(m_graph, [this](uint32_t id) {
            return Where{m_file, m_case.tasks[m_taskOf[id]].line, 1};
        });
        return std::move(m_graph);
    }

  private:
    /** Add an operation of a task. */
    uint32_t Add(uint32_t task, OperationType type, uint32_t rank, uint32_t peer, uint64_t bytes)
    {
        Operation operation;
        operation.type = type;
        operation.rank = rank;
        operation.peer = peer;
        operation.bytes = bytes;
        operation.tag = task; // its own: tasks between two devices do not match one another's
        operation.flow = task;
        const uint32_t id = m_graph.Add(operation);
        m_graph.SetLabel(id, "task of line " + std::to_string(m_case.tasks[task].line));
        m_taskOf.push_back(task);
        return id;
    }

    void AddTask(uint32_t number)
    {
        const UbTask& task = m_case.tasks[number];
        const uint32_t source = m_ranks.at(task.source);
        const uint32_t destination = m_ranks.at(task.destination);
        const uint32_t begin = AddDelay(number, task.delay);
        m_begins.push_back(begin);
        const uint64_t bytes = task.isRead ? 0 : task.bytes;
        const uint32_t send = Add(number, OperationType::SEND, source, destination, bytes);
        m_graph.Require(send, begin);
        uint32_t end = Add(number, OperationType::RECEIVE, destination, source, bytes);
        if (task.isRead)
        {
            const uint32_t answer =
                Add(number, OperationType::SEND, destination, source, task.bytes);
            m_graph.Require(answer, end);
            end = Add(number, OperationType::RECEIVE, source, destination, task.bytes);
        }
        m_ends[task.phase].push_back(end);
    }

    uint32_t AddDelay(uint32_t number, Tick delay)
    {
        Operation operation;
        operation.rank = m_ranks.at(m_case.tasks[number].source);
        operation.duration = delay;
        const uint32_t id = m_graph.Add(operation);
        m_graph.SetLabel(id, "task of line " + std::to_string(m_case.tasks[number].line));
        m_taskOf.push_back(number);
        return id;
    }

    /** Have a task begin after the phases that it depends on. */
    void WaitForPhases(uint32_t number)
    {
        const UbTask& task = m_case.tasks[number];
        for (const uint64_t phase : task.phases)
        {
            const auto ends = m_ends.find(phase);
            if (ends == m_ends.end())
            {
                throw InputError({m_file, task.line, 1},
                                 "this task depends on phase " + std::to_string(phase) +
                                     ", which no task has");
            }
            const auto [over, isNew] = m_overs.try_emplace(phase, NONE);
            if (isNew)
            {
                over->second = AddDelay(number, 0); // one operation that waits for all of them
                for (const uint32_t end : ends->second)
                {
                    m_graph.Require(over->second, end);
                }
            }
            m_graph.Require(m_begins[number], over->second);
        }
    }

    const UbCase& m_case;                             //!< The case
    std::string m_file;                               //!< For messages
    OperationGraph m_graph;                           //!< So far
    std::map<uint32_t, uint32_t> m_ranks;             //!< By device
    std::vector<uint32_t> m_taskOf;                   //!< By operation
    std::vector<uint32_t> m_begins;                   //!< By task
    std::map<uint64_t, std::vector<uint32_t>> m_ends; //!< By phase
    std::map<uint64_t, uint32_t> m_overs;             //!< By phase that is waited for
};

} // namespace

bool
LooksLikeUbCase(const TraceHead& head)
{
    return head.HasName("node.csv") && head.HasName("topology.csv") && head.HasName("traffic.csv");
}

OperationGraph
ReadUb(const std::string& folder, const TraceOptions& options)
{
    const std::string file = (std::filesystem::path(folder) / "traffic.csv").string();
    return TaskGraphMaker(ReadUbCase(folder, true), file, options.maxRanks).Finish();
}

TraceSummary
SummariseUb(const std::string& folder)
{
    const UbCase tasks = ReadUbCase(folder, true);
    TraceSummary summary;
    summary.format = "ns3-ub";
    summary.ranks = static_cast<uint32_t>(tasks.ListDevices().size());
    summary.operations = tasks.tasks.size();
    for (const UbTask& task : tasks.tasks)
    {
        ++summary.operationsByType[task.isRead ? "read" : "write"];
        ++summary.messages;
        summary.messageBytes += task.bytes;
    }
    summary.bytesByCollective["send"] = summary.messageBytes;
    summary.notes.emplace_back("priorities are not kept, nor what network_attribute.txt, "
                               "routing_table.csv and transport_channel.csv set");
    return summary;
}

} // namespace mtlink
} // namespace ns3
