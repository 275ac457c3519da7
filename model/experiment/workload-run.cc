/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/workload-run.h"

#include "experiment/critical-path.h"
#include "experiment/device-reader.h"
#include "experiment/training-reader.h"
#include "experiment/training-run.h"
#include "experiment/units.h"
#include "trace/trace.h"
#include "workload/collective/ring-phase.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <unordered_map>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr uint64_t MOST_ESTIMATED = 1'000'000; //!< Messages that an estimate looks at, about

constexpr double MOST_SENDS = 4; //!< Of a training's card, under way to other stages at once

/** Of a training with more collectives they are told by kind alone. */
constexpr uint32_t MOST_TRAINING_COLLECTIVES = 10'000;

/**
 * Tells when a workload is done. All that it does it does from inside these calls, so the
 * simulation can end with that very event.
 */
template <typename Base>
class Watched : public Base
{
  public:
    template <typename... Arguments>
    explicit Watched(const std::function<void()>& onEnd, Arguments&&... arguments)
        : Base(std::forward<Arguments>(arguments)...),
          m_onEnd(onEnd)
    {
    }

    void OnEvent(uint64_t word) override
    {
        Base::OnEvent(word);
        Check();
    }

    void MessageSent(uint64_t cookie) override
    {
        Base::MessageSent(cookie);
        Check();
    }

    void MessageDelivered(uint64_t cookie) override
    {
        Base::MessageDelivered(cookie);
        Check();
    }

    void MessageLost(uint64_t cookie) override
    {
        Base::MessageLost(cookie);
        Check();
    }

  private:
    void Check()
    {
        if (!m_hasEnded && this->IsComplete())
        {
            m_hasEnded = true;
            m_onEnd();
        }
    }

    const std::function<void()>& m_onEnd; //!< Whom to tell
    bool m_hasEnded{false};               //!< Told
};

/** Refuse a workload at the place of the parameter at fault. */
[[noreturn]] void
RefuseWorkload(const WorkloadDescription& workload,
               const std::string& mainKey,
               const ParameterError& error)
{
    // Where the specification's word is not the YAML key.
    std::string key = error.GetParameter();
    if (key == "name" || key == "pattern" || key.empty())
    {
        key = mainKey;
    }
    else if (key == "bytes")
    {
        key = "size";
    }
    const YamlNode* node = workload.node.Find(key);
    (node ? *node : workload.node)
        .Refuse(node || key == mainKey ? error.what() : fmt::format("{}: {}", key, error.what()));
}

/** Add `repeat` runs of a collective, each rank's next after its last. */
void
AddRounds(OperationGraph& graph, const WorkloadDescription& workload, const FabricHints& hints)
{
    const PlannedCollective planned = PlanCollective(graph.GetRanks(), workload.collective, hints);
    CollectiveEnds last{};
    for (uint32_t round = 0; round < workload.repeat; ++round)
    {
        CollectiveEnds ends = AddCollective(graph, planned);
        for (std::size_t member = 0; round > 0 && member < ends.begin.size(); ++member)
        {
            graph.Require(ends.begin[member], last.end[member]);
        }
        last = std::move(ends);
    }
    graph.Finish();
}

/** Wire bytes of a message, headers, whole flits and line code included. */
double
GetWireBytes(const WorkloadContext& context, uint32_t endpoint, uint64_t payload)
{
    const uint32_t link = context.fabric->GetTopology().GetOutLinks(endpoint).front();
    const Ptr<const LinkProfile> profile = context.fabric->GetLinkProfile(link);
    const uint64_t whole = payload / context.packet;
    const uint64_t rest = payload % context.packet;
    const uint64_t flits =
        whole * profile->GetFlits(context.packet) + (rest > 0 ? profile->GetFlits(rest) : 0);
    return static_cast<double>(flits * profile->GetFlit()) * profile->GetEncoding();
}

/** @return what collectives may know of the fabric; groups are of the workload's traffic class. */
FabricHints
MakeHints(const WorkloadDescription& workload, const WorkloadContext& context)
{
    FabricHints hints = *context.hints;
    hints.openGroup = [transport = context.transport,
                       trafficClass = workload.trafficClass](std::span<const uint32_t> members,
                                                             uint32_t channels,
                                                             bool reduces,
                                                             bool copies) {
        return transport->OpenGroup(members, channels, reduces, copies, trafficClass);
    };
    hints.wireFactor =
        GetWireBytes(context, workload.endpoints.front(), context.packet) / context.packet;
    hints.messageOverhead = context.messageOverhead;
    hints.reductionBytesPerSecond = context.costs.reductionBytesPerSecond;
    // The many groups of a training would wait for one another's contexts, of which no time of one
    // alone knows.
    if (context.mayReduce && workload.kind != WorkloadDescription::TRAINING)
    {
        hints.groupTime = [fabric = context.fabric](std::span<const uint32_t> members,
                                                    uint32_t channels,
                                                    const GroupMessage& message) {
            return fabric->EstimateGroupTime(members, channels, message);
        };
    }
    return hints;
}

/** @return how a trace is read. */
TraceOptions
MakeTraceOptions(const WorkloadDescription& workload, const WorkloadContext& context)
{
    TraceOptions options;
    options.algorithm = workload.algorithm;
    options.algorithms = workload.algorithms;
    options.endpoints = workload.endpoints;
    options.maxRanks = static_cast<uint32_t>(workload.endpoints.size());
    options.hints = MakeHints(workload, context);
    options.trafficClasses = context.fabric->GetTrafficClasses();
    options.standFor = workload.isAllRanks ? 0 : options.maxRanks;
    if (const YamlNode* node = workload.node.Find("roofline"))
    {
        const Device device = ReadDevice(LoadDevice(*node));
        const auto peak = device.peak.find("bf16");
        options.operationsPerSecond =
            (peak == device.peak.end() ? device.peak.begin() : peak)->second *
            device.matmulEfficiency;
        options.bytesPerSecond = device.memoryRate * device.memoryEfficiency;
    }
    return options;
}

OperationGraph
MakeGraph(const WorkloadDescription& workload, uint32_t index, const WorkloadContext& context)
{
    if (workload.kind == WorkloadDescription::TRACE)
    {
        TraceOptions options = MakeTraceOptions(workload, context);
        if (context.folded)
        {
            options.folded = context.folded->at(index);
        }
        try
        {
            return ReadTrace(workload.file, options);
        }
        catch (const ParameterError& error)
        {
            RefuseWorkload(workload, "trace", error);
        }
    }
    if (workload.kind == WorkloadDescription::CHECKPOINT)
    {
        return MakeCopyGraph(*workload.copy);
    }
    OperationGraph graph(static_cast<uint32_t>(workload.endpoints.size()));
    try
    {
        AddRounds(graph, workload, MakeHints(workload, context));
    }
    catch (const ParameterError& error)
    {
        RefuseWorkload(workload, "collective", error);
    }
    return graph;
}

/** Puts the messages of a replay into the run's log. */
class LoggedMessages : public MessageSink
{
  public:
    /**
     * @param [in] log The log.
     * @param [in] place Of the replay among the workloads.
     * @param [in] namesCollectives Whether its collectives have rows.
     */
    LoggedMessages(MessageLog& log, const WorkloadPlace& place, bool namesCollectives)
        : m_log(log),
          m_place(place),
          m_namesCollectives(namesCollectives)
    {
    }

    uint64_t MessageBegun(const MessageRecord& message) override
    {
        return m_log.Begin({message.src,
                            message.dst,
                            message.bytes,
                            message.collective == NONE || !m_namesCollectives
                                ? -1
                                : static_cast<int64_t>(m_place.collectives) + message.collective,
                            message.start,
                            message.end,
                            message.flow,
                            message.trafficClass},
                           m_place.index);
    }

    std::optional<uint64_t> MessageLeftOut() override
    {
        return m_log.LeaveNextOut();
    }

    void MessageEnded(uint64_t number, Tick end) override
    {
        m_log.End(number, end);
    }

    bool WantsAll() const override
    {
        return m_log.GetLimits().listsRings;
    }

    void MessagesUnlisted(uint64_t messages) override
    {
        m_log.AddUnlisted(messages);
    }

  private:
    MessageLog& m_log;       //!< The log
    WorkloadPlace m_place;   //!< Of the replay
    bool m_namesCollectives; //!< Its collectives have rows
};

/** A collective or a trace. */
class ReplayRun : public WorkloadRun
{
  public:
    ReplayRun(const WorkloadDescription& workload,
              const WorkloadPlace& place,
              const WorkloadContext& context)
        : m_workload(workload),
          m_index(place.index),
          m_takesReductions(context.costs.reductionBytesPerSecond > 0),
          m_fabric(context.fabric),
          m_topology(context.fabric->GetTopology()),
          m_packet(context.packet),
          m_messageOverhead(context.messageOverhead),
          m_training(MakeTraining(workload, context)),
          m_graph(m_training ? m_training->TakeGraph() : MakeGraph(workload, place.index, context)),
          m_endpoints(ListEndpoints(workload, m_graph)),
          m_messages(context.messages ? std::make_unique<LoggedMessages>(*context.messages,
                                                                         place,
                                                                         CountCollectives() > 0)
                                      : nullptr),
          m_replayer(context.onEnd,
                     m_graph,
                     m_endpoints,
                     *context.transport,
                     GetCosts(workload, context),
                     workload.trafficClass,
                     m_messages.get())
    {
        if (!context.timeline.empty())
        {
            m_keepsCauses = true;
            m_replayer.KeepCauses();
        }
        if (!context.timeline.empty() && !m_training)
        {
            std::vector<bool> ranks;
            for (const uint32_t endpoint : m_endpoints)
            {
                ranks.push_back(context.timeline[endpoint]);
            }
            m_replayer.KeepTasks(std::move(ranks));
        }
    }

    /** @return the endpoint of each rank; a trace may have fewer than there are for it. */
    static std::vector<uint32_t> ListEndpoints(const WorkloadDescription& workload,
                                               const OperationGraph& graph)
    {
        std::vector<uint32_t> endpoints = workload.ListReplayed();
        endpoints.resize(graph.GetRanks());
        return endpoints;
    }

    /** @return the host's costs, with the workload's own factor on compute times. */
    static HostCosts GetCosts(const WorkloadDescription& workload, const WorkloadContext& context)
    {
        HostCosts costs = context.costs;
        costs.computeScale = workload.computeScale;
        costs.computeSlowdown = workload.training.overlap.slowdown;
        return costs;
    }

    void Start() override
    {
        m_replayer.Start(m_workload.start);
    }

    void AddGroups(PrivateGroups& groups) const override
    {
        groups.Add(m_graph, m_endpoints, m_takesReductions);
    }

    void UseMemo(CollectiveMemo& memo) override
    {
        m_replayer.UseMemo(memo, m_index);
    }

    bool IsComplete() const override
    {
        return m_replayer.IsComplete();
    }

    double GetShare() const override
    {
        const auto [done, all] = m_replayer.GetProgress();
        return all == 0 ? (IsComplete() ? 1 : 0)
                        : static_cast<double>(done) / static_cast<double>(all);
    }

    std::vector<std::string> GetWaiting(std::size_t most) const override
    {
        return m_replayer.GetWaiting(most);
    }

    std::pair<Tick, Tick> GetSpan() const override
    {
        return m_replayer.GetSpan();
    }

    std::optional<TrafficLoad> GetLoad() const override
    {
        return std::nullopt;
    }

    std::optional<TrainingResult> DescribeTraining() const override
    {
        return m_training ? std::optional(m_training->Describe()) : std::nullopt;
    }

    std::vector<FoldedGroup> CountFolded() const override
    {
        return m_training ? m_training->CountFolded(m_graph, m_replayer)
                          : std::vector<FoldedGroup>{};
    }

    uint32_t CountCollectives() const override
    {
        const auto count = static_cast<uint32_t>(m_graph.GetCollectives().size());
        return m_training && count > MOST_TRAINING_COLLECTIVES ? 0 : count;
    }

    WorkloadSize GetSize() const override
    {
        WorkloadSize size;
        for (const Operation& operation : m_graph.GetOperations())
        {
            const bool isSend = operation.type == OperationType::SEND;
            size.messages += isSend ? 1 : 0;
            size.bytes += isSend ? static_cast<double>(operation.bytes) : 0;
        }
        // A stage of a training waits for what it sends to be used.
        size.atOnce =
            m_training ? std::min(size.messages, MOST_SENDS * m_graph.GetRanks()) : size.messages;
        for (const auto& counted : CountUnfoldings())
        {
            const auto first = counted.first;
            const auto times = counted.second; // lambdas can't have it of a binding
            const Unfolding& unfolding = *first;
            double messages = 0;
            ForSomeMessages(*unfolding.program,
                            static_cast<uint32_t>(unfolding.ranks.size()),
                            MOST_ESTIMATED,
                            [&](uint32_t, uint32_t, uint64_t bytes, double count) {
                                messages += count;
                                size.bytes += static_cast<double>(bytes) * count * times;
                            });
            size.messages += messages * times;
            const double most = static_cast<double>(unfolding.ranks.size()) *
                                static_cast<double>(unfolding.program->GetMostAtOnce());
            size.atOnce =
                std::max(size.atOnce,
                         unfolding.program->IsLazy() ? std::min(messages, most) : messages);
        }
        return size;
    }

    void Collect(RunResults& results, bool timeline) const override
    {
        const auto firstId = static_cast<uint32_t>(results.collectives.size());
        const std::vector<CollectiveRecord>& records = m_graph.GetCollectives();
        for (uint32_t i = 0; i < CountCollectives(); ++i)
        {
            const CollectiveRecord& record = records[i];
            const auto [start, end] = m_replayer.GetCollectiveSpan(i);
            results.fallbacks += record.fellBack ? 1 : 0;
            results.collectives.push_back({firstId + i,
                                           record.name,
                                           record.algorithm,
                                           record.ranks,
                                           record.bytes,
                                           start,
                                           end,
                                           record.busFactor,
                                           record.bound,
                                           m_workload.name,
                                           m_replayer.GetCollectiveFidelity(i)});
        }
        if (m_training && m_replayer.IsComplete())
        {
            m_training->Collect(m_graph, m_replayer, *m_fabric, results);
        }
        if (timeline && m_training)
        {
            m_training->CollectOperations(m_graph, m_replayer, results);
        }
        else if (timeline)
        {
            CollectOperations(results);
        }
    }

    void CollectPath(uint32_t firstCollective, CriticalPaths& paths) const override
    {
        constexpr std::size_t MOST_STEPS = 50'000; // so that a viewer still opens them
        if (m_replayer.HasLostCauses())
        {
            ++paths.lost;
        }
        if (!m_keepsCauses || m_replayer.HasLostCauses() || !m_replayer.IsComplete())
        {
            return;
        }
        PathNames names{m_graph, {}, {}, {}, {}, {}};
        names.endpoint = [this](uint32_t rank) { return m_endpoints[rank]; };
        names.rank = [this](uint32_t rank) { return m_topology.GetName(m_endpoints[rank]); };
        names.computation = [this](const Operation& operation) {
            return std::string(m_training ? m_training->GetName(operation) : "compute");
        };
        names.idleTime = [this](uint32_t source, uint32_t destination, uint64_t bytes) {
            return m_fabric->GetIdleTime(m_endpoints[source], m_endpoints[destination], bytes);
        };
        names.groupIdleTime = [this](const GroupMessage& message) {
            return m_fabric->GetGroupIdleTime(message);
        };
        names.messageOverhead = m_messageOverhead;
        names.firstCollective = firstCollective;
        names.namesCollectives = CountCollectives() > 0;
        CriticalPathResult path = DescribeCriticalPath(m_replayer.GetCriticalPath(),
                                                       m_replayer.GetSpan().second,
                                                       names,
                                                       MOST_STEPS);
        path.workload = m_workload.name;
        paths.paths.push_back(std::move(path));
    }

    double EstimatePacketHops(const LinkCounter& links) const override
    {
        double hops = 0;
        const auto add = [&](uint32_t source, uint32_t destination, uint64_t bytes, double count) {
            const uint32_t src = m_endpoints[source];
            const uint32_t dst = m_endpoints[destination];
            const uint64_t packets = (bytes + m_packet - 1) / m_packet;
            hops += src == dst ? 0
                               : count * static_cast<double>(std::max<uint64_t>(packets, 1)) *
                                     links(src, dst);
        };
        for (const Operation& operation : m_graph.GetOperations())
        {
            if (operation.type == OperationType::SEND)
            {
                add(operation.rank, operation.peer, operation.bytes, 1);
            }
        }
        for (const auto& counted : CountUnfoldings())
        {
            const auto first = counted.first;
            const auto times = counted.second; // lambdas can't have it of a binding
            const Unfolding& unfolding = *first;
            ForSomeMessages(
                *unfolding.program,
                static_cast<uint32_t>(unfolding.ranks.size()),
                MOST_ESTIMATED,
                [&](uint32_t from, uint32_t to, uint64_t bytes, double count) {
                    add(unfolding.ranks[from], unfolding.ranks[to], bytes, count * times);
                });
        }
        for (const GroupStep& step : m_graph.GetGroupSteps())
        {
            const uint64_t packets = (step.message.bytes + m_packet - 1) / m_packet;
            const double links = m_fabric->GetGroupLinks(step.message.group);
            hops += static_cast<double>(packets) * links *
                    (step.message.action == GroupAction::ALL_REDUCE ? 1 : 0.5);
        }
        return hops;
    }

    ChakraExport ExportChakra(const std::string& directory) const override
    {
        const auto nameOf = [this](uint32_t id) -> std::string {
            const Operation& operation = m_graph.GetOperations()[id];
            return operation.type == OperationType::DELAY ? "launch"
                   : m_training                           ? m_training->GetName(operation)
                                                          : "compute";
        };
        try
        {
            return WriteChakra(m_graph, nameOf, directory);
        }
        catch (const ParameterError& error)
        {
            m_workload.node.Refuse(error.what());
        }
    }

    void VisitRings(const std::function<void(const std::vector<uint32_t>&, uint32_t, double)>&
                        visit) const override
    {
        for (const Unfolding& unfolding : m_graph.GetUnfoldings())
        {
            ForSomeRings(*unfolding.program,
                         static_cast<uint32_t>(unfolding.ranks.size()),
                         [&](const RingPhase& phase, double messages) {
                             std::vector<uint32_t> endpoints;
                             for (const uint32_t member : *phase.ring)
                             {
                                 endpoints.push_back(m_endpoints[unfolding.ranks[member]]);
                             }
                             visit(endpoints, phase.flow, messages);
                         });
        }
    }

  private:
    /** @return a training's part; nullptr: it is another workload. */
    static std::unique_ptr<TrainingRun> MakeTraining(const WorkloadDescription& workload,
                                                     const WorkloadContext& context)
    {
        if (workload.kind != WorkloadDescription::TRAINING)
        {
            return nullptr;
        }
        try
        {
            return std::make_unique<TrainingRun>(workload,
                                                 MakeHints(workload, context),
                                                 context.seed,
                                                 context.fold);
        }
        catch (const ParameterError& error)
        {
            RefuseWorkload(workload, "training", error);
        }
    }

    /** @return what unfolds: of those that share a program the first, and how often it comes. */
    std::vector<std::pair<const Unfolding*, double>> CountUnfoldings() const
    {
        std::vector<std::pair<const Unfolding*, double>> counts;
        std::unordered_map<const void*, std::size_t> known; // only to find, never to order by
        for (const Unfolding& unfolding : m_graph.GetUnfoldings())
        {
            const auto [entry, isNew] = known.emplace(unfolding.program.get(), counts.size());
            if (isNew)
            {
                counts.emplace_back(&unfolding, 0);
            }
            ++counts[entry->second].second;
        }
        return counts;
    }

    /** Add what has ended, in program order; what takes no time would only be clutter. */
    void CollectOperations(RunResults& results) const
    {
        const std::vector<Operation>& operations = m_graph.GetOperations();
        const std::vector<TaskRecord>& tasks = m_replayer.GetTasks();
        auto task = tasks.begin();
        for (uint32_t i = 0; i < operations.size(); ++i)
        {
            const auto [start, end] = m_replayer.GetOperationSpan(i);
            if (end != NEVER && start != end)
            {
                const Operation& operation = operations[i];
                AddOperation(results,
                             {i,
                              0,
                              operation.rank,
                              operation.peer,
                              operation.bytes,
                              start,
                              end,
                              operation.type});
            }
            for (; task != tasks.end() && task->operation == i; ++task)
            {
                AddOperation(results, *task);
            }
        }
    }

    /** Add a row for what a rank did. */
    void AddOperation(RunResults& results, const TaskRecord& done) const
    {
        const auto name = [this](uint32_t rank) { return m_topology.GetName(m_endpoints[rank]); };
        OperationResult row;
        row.rank = m_endpoints[done.rank];
        row.start = done.start;
        row.end = done.end;
        switch (done.type)
        {
        case OperationType::COMPUTE:
            row.kind = "compute";
            row.name = "compute";
            break;
        case OperationType::DELAY:
            row.kind = "delay";
            row.name = "delay";
            break;
        case OperationType::SEND:
            row.kind = "send";
            row.name = fmt::format("send {} to {}", FormatBytes(done.bytes), name(done.peer));
            break;
        case OperationType::RECEIVE:
            row.kind = "receive";
            row.name = fmt::format("receive {} from {}", FormatBytes(done.bytes), name(done.peer));
            break;
        case OperationType::GROUP_SEND:
            row.kind = "send";
            row.name = fmt::format("send {} to its group", FormatBytes(done.bytes));
            break;
        case OperationType::GROUP_RECEIVE:
            row.kind = "receive";
            row.name = fmt::format("receive {} from its group", FormatBytes(done.bytes));
            break;
        case OperationType::LAUNCH:
            row.kind = "launch";
            row.name = "launch";
            break;
        case OperationType::REDUCE:
            row.kind = "reduce";
            row.name = fmt::format("reduce {}", FormatBytes(done.bytes));
            break;
        }
        results.operations.push_back(std::move(row));
    }

    const WorkloadDescription& m_workload;   //!< What to run
    uint32_t m_index;                        //!< Its number in the list of workloads
    bool m_takesReductions;                  //!< Reductions take time
    Ptr<MtlinkFabric> m_fabric;              //!< Groups' trees
    const Topology& m_topology;              //!< Names of endpoints
    uint32_t m_packet;                       //!< Largest payload of a packet, bytes
    Tick m_messageOverhead;                  //!< Before each message, ps
    std::unique_ptr<TrainingRun> m_training; //!< Null: no training
    OperationGraph m_graph;                  //!< Its operations
    std::vector<uint32_t> m_endpoints;       //!< Endpoint of each rank
    std::unique_ptr<MessageSink> m_messages; //!< Gets its messages; null: nobody does
    bool m_keepsCauses{false};               //!< For CollectPath()
    Watched<Replayer> m_replayer;            //!< Walks them
};

/** @return a workload's traffic, with what only the built fabric knows. */
TrafficSpec
MakeTraffic(const WorkloadDescription& workload, const WorkloadContext& context)
{
    TrafficSpec spec = workload.traffic;
    for (const uint32_t endpoint : spec.endpoints)
    {
        spec.bytesPerSecond.push_back(context.fabric->GetEndpointBitRate(endpoint) / 8);
    }
    const uint32_t first = spec.endpoints.front();
    const double wire = GetWireBytes(context, first, spec.packet);
    spec.wireFactor = wire / static_cast<double>(spec.packet);
    spec.slot = std::max<Tick>(1, std::llround(wire / spec.bytesPerSecond.front() * 1e12));
    if (spec.group == 0)
    {
        spec.group = context.group;
    }
    return spec;
}

/** Open-loop traffic. */
class TrafficRun : public WorkloadRun
{
  public:
    TrafficRun(const WorkloadDescription& workload,
               const WorkloadPlace& place,
               const WorkloadContext& context)
        : m_workload(workload),
          m_spec(MakeTraffic(workload, context)),
          // Streams of one workload never meet those of another.
          m_source(context.onEnd,
                   m_spec,
                   *context.transport,
                   context.seed,
                   static_cast<uint64_t>(place.index + 1) << 32)
    {
    }

    void Start() override
    {
        m_source.Start(m_workload.start);
    }

    void AddGroups(PrivateGroups&) const override
    {
        // Beside traffic there is no memo.
    }

    void UseMemo(CollectiveMemo&) override
    {
    }

    bool IsComplete() const override
    {
        return m_source.IsComplete();
    }

    double GetShare() const override
    {
        const Tick all = m_spec.warmup + m_spec.measure;
        const Tick now = ToTicks(Simulator::Now()) - m_workload.start;
        return IsComplete()
                   ? 1
                   : std::clamp(static_cast<double>(now) / static_cast<double>(all), 0., 1.);
    }

    std::vector<std::string> GetWaiting(std::size_t) const override
    {
        return {fmt::format("{}: messages of its measured window", m_workload.name)};
    }

    std::pair<Tick, Tick> GetSpan() const override
    {
        return {m_workload.start, NEVER};
    }

    uint32_t CountCollectives() const override
    {
        return 0;
    }

    WorkloadSize GetSize() const override
    {
        WorkloadSize size; // packets are no messages of the workload's, and none waits in it
        size.bytes = CountPackets() * static_cast<double>(m_spec.packet);
        return size;
    }

    void Collect(RunResults&, bool) const override
    {
        // A row per packet would be millions: the fabric's latencies tell of them.
    }

    double EstimatePacketHops(const LinkCounter& links) const override
    {
        // A few thousand pairs stand for all.
        const std::size_t n = m_spec.endpoints.size();
        const std::size_t step = std::max<std::size_t>(n * n / 4096, 1);
        double crossed = 0;
        double pairs = 0;
        for (std::size_t pair = 0; pair < n * n; pair += step)
        {
            const uint32_t src = m_spec.endpoints[pair / n];
            const uint32_t dst = m_spec.endpoints[pair % n];
            if (src != dst)
            {
                crossed += links(src, dst);
                ++pairs;
            }
        }
        return pairs > 0 ? CountPackets() * crossed / pairs : 0;
    }

    void VisitRings(
        const std::function<void(const std::vector<uint32_t>&, uint32_t, double)>&) const override
    {
    }

    ChakraExport ExportChakra(const std::string&) const override
    {
        m_workload.node.Refuse("open-loop traffic has no operations to write as a trace");
    }

    std::optional<TrafficLoad> GetLoad() const override
    {
        return TrafficLoad{m_source.GetOfferedLoad(),
                           m_source.GetAcceptedLoad(),
                           m_source.GetSenderRate() * static_cast<double>(m_spec.measure)};
    }

  private:
    /** @return packets that are offered, about. */
    double CountPackets() const
    {
        const double seconds = static_cast<double>(m_spec.warmup + m_spec.measure) * 1e-12;
        return m_source.GetSenderRate() / m_spec.wireFactor * m_spec.load * seconds /
               static_cast<double>(m_spec.packet);
    }

    const WorkloadDescription& m_workload; //!< What to run
    TrafficSpec m_spec;                    //!< With the fabric's rates
    Watched<TrafficSource> m_source;       //!< Sends it
};

} // namespace

std::vector<FoldedCollective>
ListFoldedOf(const WorkloadDescription& workload, const WorkloadContext& context)
{
    try
    {
        return ListFolded(workload.file, MakeTraceOptions(workload, context));
    }
    catch (const ParameterError& error)
    {
        RefuseWorkload(workload, "trace", error);
    }
}

std::unique_ptr<WorkloadRun>
CreateWorkloadRun(const WorkloadDescription& workload,
                  const WorkloadPlace& place,
                  const WorkloadContext& context)
{
    const uint32_t classes = context.fabric->GetTrafficClasses();
    if (workload.trafficClass >= classes)
    {
        workload.node.Find("traffic_class")
            ->Refuse(fmt::format("traffic_class {}: the fabric has {}; set switch.traffic_classes "
                                 "to more, or endpoint.traffic_classes where there is no switch",
                                 workload.trafficClass,
                                 classes == 1 ? "one class, 0"
                                              : fmt::format("classes 0 to {}", classes - 1)));
    }
    if (workload.kind != WorkloadDescription::TRAFFIC)
    {
        return std::make_unique<ReplayRun>(workload, place, context);
    }
    try
    {
        return std::make_unique<TrafficRun>(workload, place, context);
    }
    catch (const ParameterError& error)
    {
        RefuseWorkload(workload, "traffic", error);
    }
}

} // namespace mtlink
} // namespace ns3
