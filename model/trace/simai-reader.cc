/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace/simai-reader.h"

#include "trace/simai-file.h"
#include "trace/simai-program.h"
#include "trace/trace-input.h"
#include "workload/collective/collective.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Ranks and their groups. */
class SimaiLayout
{
  public:
    /**
     * @param [in] path For messages.
     * @param [in] file The workload.
     * @param [in] most Ranks that there is room for; 0: any.
     * @param [in] node Ranks of a scale-up node; 0: all.
     */
    SimaiLayout(const std::string& path, const SimaiFile& file, uint32_t most, uint32_t node)
        : m_file(file),
          m_ranks(file.ranks.value_or(most > 0 ? most : file.tensor * file.pipeline))
    {
        const auto refuse = [&](const std::string& what) { throw InputError({path, 1, 1}, what); };
        const uint64_t unit = uint64_t{file.tensor} * file.pipeline;
        if (unit > MOST_RANKS)
        {
            refuse(fmt::format("model_parallel_NPU_group {} times pp {} is more than {} ranks",
                               file.tensor,
                               file.pipeline,
                               MOST_RANKS));
        }
        if (m_ranks % unit != 0)
        {
            refuse(
                fmt::format("{} ranks ({}) are no multiple of the {} of a pipeline: "
                            "model_parallel_NPU_group {} times pp {}",
                            m_ranks,
                            file.ranks ? "all_gpus" : "of the workload, as the header names none",
                            unit,
                            file.tensor,
                            file.pipeline));
        }
        m_data = static_cast<uint32_t>(m_ranks / unit);
        if (m_data % file.expert != 0)
        {
            refuse(fmt::format("ep is {}, which does not divide the {} ranks of a data-parallel "
                               "group: {} ranks by model_parallel_NPU_group {} and pp {}",
                               file.expert,
                               m_data,
                               m_ranks,
                               file.tensor,
                               file.pipeline));
        }
        if (most > 0 && m_ranks > most)
        {
            refuse(fmt::format("the trace has ranks 0 to {}, the fabric has room for {}: all_gpus "
                               "is beyond it",
                               m_ranks - 1,
                               most));
        }
        m_node = node > 0 && GetPerStage() % node == 0 ? node : GetPerStage();
    }

    uint32_t GetRanks() const
    {
        return m_ranks;
    }

    /** @return ranks of a stage. */
    uint32_t GetPerStage() const
    {
        return m_file.tensor * m_data;
    }

    /** @return ranks of a group. */
    uint32_t GetMembers(SimaiGroup group) const
    {
        switch (group)
        {
        case SimaiGroup::TENSOR:
            return m_file.tensor;
        case SimaiGroup::EXPERT:
            return m_file.expert;
        case SimaiGroup::DATA:
            return m_data;
        case SimaiGroup::DATA_EXPERT:
            return m_data / m_file.expert;
        case SimaiGroup::INNER:
            return m_node;
        case SimaiGroup::OUTER:
            return GetPerStage() / m_node;
        case SimaiGroup::ALL:
            break;
        }
        return GetPerStage();
    }

    /** @return how far apart the members of a group are. */
    uint32_t GetStride(SimaiGroup group) const
    {
        switch (group)
        {
        case SimaiGroup::EXPERT:
        case SimaiGroup::DATA:
            return m_file.tensor;
        case SimaiGroup::DATA_EXPERT:
            return m_file.tensor * m_file.expert;
        case SimaiGroup::OUTER:
            return m_node;
        default:
            return 1;
        }
    }

    /** @return all groups of a kind within a stage. */
    std::vector<std::vector<uint32_t>> ListGroups(SimaiGroup group, uint32_t stage) const
    {
        const uint32_t members = GetMembers(group);
        const uint32_t stride = GetStride(group);
        const uint32_t span = members * stride;
        std::vector<std::vector<uint32_t>> groups;
        for (uint32_t first = 0; first < GetPerStage(); ++first)
        {
            if (first % span >= stride)
            {
                continue; // a member of one that is there
            }
            std::vector<uint32_t>& ranks = groups.emplace_back();
            for (uint32_t i = 0; i < members; ++i)
            {
                ranks.push_back(stage * GetPerStage() + first + i * stride);
            }
        }
        return groups;
    }

  private:
    const SimaiFile& m_file; //!< The workload
    uint32_t m_ranks;        //!< All
    uint32_t m_data{1};      //!< Of a data-parallel group
    uint32_t m_node{1};      //!< Of a scale-up node
};

/** @return the ranks that a scale-up node of the fabric has; 0: there are no nodes. */
uint32_t
GetNode(const TraceOptions& options)
{
    return options.hints.scaleUpSize;
}

/** @return a collective's key in TraceOptions::folded. */
std::string
KeyOf(const SimaiCollective& collective)
{
    return fmt::format("{} {} {}",
                       collective.kind,
                       static_cast<uint32_t>(collective.group),
                       collective.bytes);
}

/** @return how a collective is done among some ranks. */
PlannedCollective
Plan(const SimaiCollective& collective,
     std::vector<uint32_t> members,
     const std::vector<uint32_t>& endpoints,
     const TraceOptions& options)
{
    CollectiveSpec spec;
    spec.name = collective.kind;
    const auto own = options.algorithms.find(spec.name);
    spec.algorithm = own == options.algorithms.end() ? options.algorithm : own->second;
    spec.bytes = collective.bytes;
    spec.ranks = std::move(members);
    spec.endpoints = endpoints;
    return PlanCollective(static_cast<uint32_t>(endpoints.size()), spec, options.hints);
}

/** @return the endpoint of each rank. */
std::vector<uint32_t>
ListEndpoints(const TraceOptions& options, uint32_t ranks)
{
    std::vector<uint32_t> endpoints = options.endpoints;
    for (auto rank = static_cast<uint32_t>(endpoints.size()); rank < ranks; ++rank)
    {
        endpoints.push_back(rank);
    }
    endpoints.resize(ranks);
    return endpoints;
}

/** @return whether steps that are waited for are to be folded: there would be too many. */
bool
IsLong(const std::vector<SimaiStep>& program, const SimaiLayout& layout)
{
    double operations = 0; // of a rank
    for (const SimaiStep& step : program)
    {
        const bool isCollective =
            step.type == SimaiStep::COLLECTIVE || step.type == SimaiStep::LAUNCH;
        operations += isCollective ? 3 : 1;
    }
    return operations * layout.GetRanks() > MOST_SIMAI_OPERATIONS;
}

/** Makes the graph. */
class SimaiUnfolder
{
  public:
    SimaiUnfolder(const SimaiFile& file, const SimaiLayout& layout, const TraceOptions& options)
        : m_file(file),
          m_layout(layout),
          m_options(options),
          m_endpoints(ListEndpoints(options, layout.GetRanks())),
          m_graph(layout.GetRanks()),
          m_ranks(layout.GetRanks())
    {
        m_isFolded = IsLong(MakeSimaiProgram(file, 0), layout);
        for (uint32_t stage = 0; stage < file.pipeline; ++stage)
        {
            const std::vector<SimaiStep> program = MakeSimaiProgram(file, stage);
            m_plans.clear();
            for (const SimaiStep& step : program)
            {
                Add(step, stage);
            }
            Settle(stage);
        }
    }

    OperationGraph Take()
    {
        return std::move(m_graph);
    }

  private:
    /** How far a rank's part of the graph is. */
    struct Rank
    {
        std::vector<uint32_t> before; //!< What its next operation waits for
        std::array<uint32_t, 7> launched{NONE, NONE, NONE, NONE, NONE, NONE, NONE}; //!< By group
        std::array<uint32_t, 3> latest{NONE, NONE, NONE};                           //!< By pass
    };

    void Add(const SimaiStep& step, uint32_t stage)
    {
        const bool isTime =
            step.type == SimaiStep::COMPUTE || (m_isFolded && step.type == SimaiStep::COLLECTIVE);
        if (!isTime)
        {
            Settle(stage);
        }
        switch (step.type)
        {
        case SimaiStep::COMPUTE:
            m_compute += step.duration;
            break;
        case SimaiStep::COLLECTIVE:
            m_isFolded ? AddFolded(step, stage) : AddCollectives(step, stage);
            break;
        case SimaiStep::LAUNCH:
            AddCollectives(step, stage);
            break;
        case SimaiStep::WAIT:
            ForEachRank(stage, [&](uint32_t rank) {
                const uint32_t end = std::exchange(m_ranks[rank].latest[step.pass], NONE);
                if (end != NONE)
                {
                    m_ranks[rank].before.push_back(end);
                }
            });
            break;
        case SimaiStep::SEND:
        case SimaiStep::RECEIVE:
            AddMessage(step, stage);
            break;
        }
    }

    template <typename Call>
    void ForEachRank(uint32_t stage, const Call& call)
    {
        const uint32_t count = m_layout.GetPerStage();
        for (uint32_t i = 0; i < count; ++i)
        {
            call(stage * count + i);
        }
    }

    /** Let an operation wait for what its rank has done. */
    void RequireBefore(uint32_t operation, uint32_t rank)
    {
        for (const uint32_t earlier : m_ranks[rank].before)
        {
            m_graph.Require(operation, earlier);
        }
    }

    /**
     * Add the time that has come together: kernels, and collectives that are folded, with nothing
     * between them that others could see, are one operation each.
     */
    void Settle(uint32_t stage)
    {
        AddTime(OperationType::COMPUTE, std::exchange(m_compute, 0), stage);
        AddTime(OperationType::DELAY, std::exchange(m_folded, 0), stage);
    }

    /** Add time that all ranks of a stage take. */
    void AddTime(OperationType type, Tick duration, uint32_t stage)
    {
        if (duration == 0)
        {
            return;
        }
        ForEachRank(stage, [&](uint32_t rank) {
            Operation operation;
            operation.type = type;
            operation.rank = rank;
            operation.duration = duration;
            const uint32_t id = m_graph.Add(operation);
            RequireBefore(id, rank);
            m_ranks[rank].before = {id};
        });
    }

    /** Add the time of a collective that was simulated by itself. */
    void AddFolded(const SimaiStep& step, uint32_t stage)
    {
        if (m_layout.GetMembers(step.collective.group) < 2)
        {
            return;
        }
        // Where nothing was simulated yet, for an estimate, the least that it can take.
        const auto time = m_options.folded.find(KeyOf(step.collective));
        const Tick least =
            time == m_options.folded.end() ? GetLeast(step.collective, stage) : time->second;
        m_folded += least + step.duration;
    }

    /** @return the least that a collective can take in the first group of a stage. */
    Tick GetLeast(const SimaiCollective& collective, uint32_t stage)
    {
        const auto [least, isNew] = m_least.try_emplace(KeyOf(collective), 0);
        if (isNew)
        {
            auto groups = m_layout.ListGroups(collective.group, stage);
            least->second =
                Plan(collective, std::move(groups.front()), m_endpoints, m_options).record.bound;
        }
        return least->second;
    }

    void AddCollectives(const SimaiStep& step, uint32_t stage)
    {
        if (m_layout.GetMembers(step.collective.group) < 2)
        {
            return;
        }
        for (const PlannedCollective& plan : GetPlans(step.collective, stage))
        {
            const CollectiveEnds ends = AddCollective(m_graph, plan);
            for (std::size_t member = 0; member < plan.spec.ranks.size(); ++member)
            {
                Follow(step, plan.spec.ranks[member], ends.begin[member], ends.end[member]);
            }
        }
    }

    /** Put a rank's part of a collective behind what it waits for. */
    void Follow(const SimaiStep& step, uint32_t number, uint32_t begin, uint32_t end)
    {
        Rank& rank = m_ranks[number];
        RequireBefore(begin, number);
        if (step.duration > 0)
        {
            Operation update;
            update.rank = number;
            update.duration = step.duration;
            const uint32_t id = m_graph.Add(update);
            m_graph.Require(id, end);
            end = id;
        }
        if (step.type == SimaiStep::COLLECTIVE)
        {
            rank.before = {end};
            return;
        }
        uint32_t& launched = rank.launched[static_cast<std::size_t>(step.collective.group)];
        if (launched != NONE)
        {
            m_graph.Require(begin, launched);
        }
        launched = end;
        rank.latest[step.pass] = end;
    }

    /** @return how a collective is done in each group of a stage. */
    const std::vector<PlannedCollective>& GetPlans(const SimaiCollective& collective,
                                                   uint32_t stage)
    {
        auto& plans = m_plans[KeyOf(collective)];
        if (plans.empty())
        {
            for (auto& members : m_layout.ListGroups(collective.group, stage))
            {
                plans.push_back(Plan(collective, std::move(members), m_endpoints, m_options));
            }
        }
        return plans;
    }

    void AddMessage(const SimaiStep& step, uint32_t stage)
    {
        const bool isForward = step.pass == FORWARD;
        const bool isSend = step.type == SimaiStep::SEND;
        const uint32_t count = m_layout.GetPerStage();
        ForEachRank(stage, [&](uint32_t rank) {
            Operation operation;
            operation.type = isSend ? OperationType::SEND : OperationType::RECEIVE;
            operation.rank = rank;
            operation.peer = isForward == isSend ? rank + count : rank - count;
            operation.bytes = m_file.stageBytes;
            operation.tag = 2 * step.microBatch + (isForward ? 0 : 1);
            const uint32_t id = m_graph.Add(operation);
            RequireBefore(id, rank);
            if (!isSend)
            {
                m_ranks[rank].before = {id};
            }
        });
    }

    const SimaiFile& m_file;             //!< The workload
    const SimaiLayout& m_layout;         //!< Its ranks
    const TraceOptions& m_options;       //!< How
    std::vector<uint32_t> m_endpoints;   //!< By rank
    OperationGraph m_graph;              //!< So far
    std::vector<Rank> m_ranks;           //!< By rank
    std::map<std::string, Tick> m_least; //!< Of folded collectives, for estimates, by key
    bool m_isFolded{false};              //!< Collectives that are waited for take known times
    Tick m_compute{0};                   //!< Of the stage, since its last other step: kernels
    Tick m_folded{0};                    //!< ..., and folded collectives
    std::map<std::string, std::vector<PlannedCollective>> m_plans; //!< Of a stage, by key
};

/** @return notes on a workload. */
std::vector<std::string>
ListNotes(const SimaiFile& file)
{
    std::vector<std::string> notes = file.notes;
    notes.emplace_back("what is listed is of one rank: all do the same");
    if (!file.ranks)
    {
        notes.emplace_back("the header has no all_gpus: all ranks of the workload take part");
    }
    if (file.policy == SimaiPolicy::MICRO)
    {
        notes.emplace_back("all rows run, one after another, where SimAI runs the first only");
    }
    if (file.pipeline > 1 && !CutMicroBatches(file).isCut)
    {
        notes.push_back(fmt::format("there are not as many rows 'embedding_layer' as micro-batches "
                                    "(ga {}): all rows pass the pipeline as one",
                                    file.microBatches));
    }
    if (file.pipeline > 1 && file.stageBytes == 0)
    {
        notes.emplace_back("pp is above 1 without pp_comm: stages do not wait for one another");
    }
    if (file.virtualStages > 1)
    {
        notes.push_back(
            fmt::format("vpp {} is told, but its stages are not interleaved", file.virtualStages));
    }
    return notes;
}

} // namespace

bool
LooksLikeSimai(const TraceHead& head)
{
    const std::string_view line = head.GetLine(0);
    const std::string_view word = line.substr(0, line.find_first_of(" \t\r"));
    constexpr std::array<std::string_view, 4> WORDS{"DATA",
                                                    "MODEL",
                                                    "MICRO",
                                                    "DISTRIBUTED_INFERENCE"};
    return word.starts_with("HYBRID_") ||
           std::find(WORDS.begin(), WORDS.end(), word) != WORDS.end();
}

OperationGraph
ReadSimai(const std::string& file, const TraceOptions& options)
{
    const SimaiFile workload = ReadSimaiFile(file);
    const SimaiLayout layout(file, workload, options.maxRanks, GetNode(options));
    OperationGraph graph = SimaiUnfolder(workload, layout, options).Take();
    FinishGraph(graph, [&](uint32_t) { return Where{file, 1, 1}; });
    return graph;
}

TraceSummary
SummariseSimai(const std::string& file)
{
    const SimaiFile workload = ReadSimaiFile(file);
    const SimaiLayout layout(file, workload, 0, 0);
    TraceSummary summary;
    summary.format = "simai";
    summary.version = workload.policyName;
    summary.ranks = workload.ranks.value_or(0);
    summary.operations = workload.layers.size();
    summary.operationsByType["layer"] = workload.layers.size();
    for (const SimaiLayer& layer : workload.layers)
    {
        for (const SimaiPass& pass : layer.passes)
        {
            summary.computeTime += pass.compute;
            const SimaiCollective& collective = pass.collective;
            if (!collective.kind)
            {
                continue;
            }
            const bool isKnown = workload.ranks || collective.group == SimaiGroup::TENSOR ||
                                 collective.group == SimaiGroup::EXPERT;
            summary.AddCollective(collective.kind,
                                  isKnown ? layout.GetMembers(collective.group) : 0,
                                  collective.bytes);
            summary.bytesByCollective[collective.kind] += collective.bytes;
        }
    }
    if (workload.pipeline > 1 && workload.stageBytes > 0)
    {
        summary.messages = 2 * (CutMicroBatches(workload).begins.size() - 1);
        summary.messageBytes = summary.messages * workload.stageBytes;
        summary.bytesByCollective["send"] = summary.messageBytes;
    }
    summary.notes = ListNotes(workload);
    return summary;
}

bool
IsSimaiFolded(const std::string& file, const TraceOptions& options)
{
    const SimaiFile workload = ReadSimaiFile(file);
    const SimaiLayout layout(file, workload, options.maxRanks, 0);
    return IsLong(MakeSimaiProgram(workload, 0), layout);
}

std::vector<FoldedCollective>
ListSimaiFolded(const std::string& file, const TraceOptions& options)
{
    const SimaiFile workload = ReadSimaiFile(file);
    const SimaiLayout layout(file, workload, options.maxRanks, GetNode(options));
    const std::vector<SimaiStep> program = MakeSimaiProgram(workload, 0);
    std::vector<FoldedCollective> folded;
    if (!IsLong(program, layout))
    {
        return folded;
    }
    const std::vector<uint32_t> endpoints = ListEndpoints(options, layout.GetRanks());
    std::map<std::string, bool> known;
    for (const SimaiStep& step : program)
    {
        const SimaiCollective& collective = step.collective;
        if (step.type != SimaiStep::COLLECTIVE || layout.GetMembers(collective.group) < 2 ||
            !known.emplace(KeyOf(collective), true).second)
        {
            continue;
        }
        folded.push_back({KeyOf(collective), OperationGraph(layout.GetRanks())});
        OperationGraph& graph = folded.back().graph;
        for (uint32_t stage = 0; stage < workload.pipeline; ++stage)
        {
            for (auto& members : layout.ListGroups(collective.group, stage))
            {
                AddCollective(graph, Plan(collective, std::move(members), endpoints, options));
            }
        }
        graph.Finish();
    }
    return folded;
}

} // namespace mtlink
} // namespace ns3
