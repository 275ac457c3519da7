/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/run.h"

#include "engine/event-clock.h"
#include "engine/time-limit.h"
#include "experiment/attributes.h"
#include "experiment/chakra-export.h"
#include "experiment/estimate.h"
#include "experiment/fabric-hints.h"
#include "experiment/flow-fabric.h"
#include "experiment/flow-limits.h"
#include "experiment/layout-search.h"
#include "experiment/memo.h"
#include "experiment/mode-choice.h"
#include "experiment/run-description.h"
#include "experiment/spread-run.h"
#include "experiment/stability-run.h"
#include "experiment/tensor-fold.h"
#include "experiment/training-run.h"
#include "experiment/units.h"
#include "experiment/verdict-trials.h"
#include "experiment/what-if.h"
#include "experiment/workload-run.h"
#include "fabric/link-load.h"
#include "flow/bound-transport.h"
#include "flow/flow-parts.h"
#include "measure/even-sample.h"
#include "measure/timeline.h"
#include "topology/topology-check.h"
#include "training/iteration-graph.h"
#include "verdict/message-chain.h"
#include "verdict/verdict.h"
#include "verdict/window-hold.h"

#include "ns3/global-value.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <fstream>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <sys/resource.h>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Events between two looks at the run, about: a look costs nothing beside them. */
constexpr uint64_t LOOK_EVENTS = 100'000;
constexpr Tick FIRST_LOOK = 1'000'000;            // 1 us
constexpr Tick LONGEST_LOOK = 50'000'000;         // 50 us
constexpr Tick LONGEST_IDLE_LOOK = 1'000'000'000; // 1 ms: an idle stretch may end at any time

constexpr uint32_t MOST_DIAMETER_STARTS = 64; //!< Of a fabric of more than PROOF_ENDPOINTS

/** Ends the simulation however the run is left. */
class SimulatorGuard
{
  public:
    SimulatorGuard() = default;
    SimulatorGuard(const SimulatorGuard&) = delete;
    SimulatorGuard& operator=(const SimulatorGuard&) = delete;

    ~SimulatorGuard()
    {
        Simulator::Destroy();
    }
};

/** @return wall time since then, seconds. */
double
GetSecondsSince(std::chrono::steady_clock::time_point since)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count();
}

/** @return CPU time of the process, seconds. */
double
GetCpuSeconds()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/**
 * Looks at the run now and then, in simulated time, so that a run is the same whether anyone
 * watches or not: shows progress, and ends the run at a limit, when asked to, or when nothing is
 * left to happen.
 */
class Watch
{
  public:
    Watch(const Experiment& experiment,
          const RunOptions& options,
          const std::vector<std::unique_ptr<WorkloadRun>>& workloads,
          const MtlinkFabric& fabric,
          const std::string& mode)
        : m_experiment(experiment),
          m_options(options),
          m_workloads(workloads),
          m_fabric(fabric),
          m_hasPackets(mode == "packet")
    {
    }

    /** Start looking. */
    void Start()
    {
        ScheduleNext();
    }

    /** A workload has ended: end the simulation with the last one. */
    void OnWorkloadEnd()
    {
        if (IsComplete())
        {
            End(RunEnd::COMPLETE);
        }
    }

    /** @return why the run ended. */
    RunEnd GetEnd() const
    {
        return m_end;
    }

    /** @return events run, those of this watch not counted. */
    uint64_t GetEvents() const
    {
        return m_clock.GetEventCount() - m_looks;
    }

    /** @return whether all workloads are done. */
    bool IsComplete() const
    {
        return std::all_of(m_workloads.begin(), m_workloads.end(), [](const auto& workload) {
            return workload->IsComplete();
        });
    }

  private:
    /** See how far the run is. */
    void Look()
    {
        ++m_looks;
        const Tick now = m_clock.Now();
        if (m_options.interrupt && *m_options.interrupt != 0)
        {
            End(RunEnd::INTERRUPTED);
        }
        else if (m_experiment.stop && now >= *m_experiment.stop)
        {
            End(RunEnd::TIME_LIMIT);
        }
        else if (m_experiment.eventLimit && GetEvents() >= *m_experiment.eventLimit)
        {
            End(RunEnd::EVENT_LIMIT);
        }
        else if (m_fabric.IsIdle())
        {
            End(RunEnd::STALLED);
        }
        else
        {
            if (m_options.progress)
            {
                m_options.progress({now, GetShare(), m_hasPackets ? m_fabric.GetPacketHops() : 0});
            }
            Adapt();
            ScheduleNext();
        }
    }

    void End(RunEnd end)
    {
        m_end = end;
        m_clock.Stop();
    }

    /**
     * @return share of the run done: of the packet-hops that it will take, or, where there are
     *         none, of the bytes of the workload that is behind.
     */
    double GetShare()
    {
        if (m_hasPackets)
        {
            if (m_expectedHops < 0)
            {
                m_expectedHops = EstimatePacketHops(m_fabric, m_workloads);
            }
            const auto hops = static_cast<double>(m_fabric.GetPacketHops());
            return m_expectedHops > 0 ? std::min(hops / m_expectedHops, 1.0) : 0;
        }
        double least = 1;
        for (const auto& workload : m_workloads)
        {
            least = std::min(least, workload->GetShare());
        }
        return least;
    }

    /** Look rarer or more often: by the events of this run alone, so always in the same way. */
    void Adapt()
    {
        const uint64_t events = GetEvents() - m_eventsBefore;
        m_eventsBefore = GetEvents();
        if (events < LOOK_EVENTS / 2)
        {
            m_interval = std::min(m_interval * 2, events == 0 ? LONGEST_IDLE_LOOK : LONGEST_LOOK);
        }
        else if (events > LOOK_EVENTS * 2)
        {
            m_interval = std::max<Tick>(m_interval / 2, 1);
        }
    }

    /**
     * @return when to look next, but for the limit of time: after the interval, or after as many as
     *         it takes until something has happened. What would be seen before is what is seen now.
     */
    Tick FindNext()
    {
        const Tick now = m_clock.Now();
        const Tick next = m_clock.GetNext();
        const Tick idle = next == NEVER ? 0 : (next - now) / LONGEST_IDLE_LOOK * LONGEST_IDLE_LOOK;
        return now + (m_interval == LONGEST_IDLE_LOOK && idle > m_interval ? idle : m_interval);
    }

    void ScheduleNext()
    {
        Tick next = FindNext();
        if (m_experiment.stop)
        {
            next = std::max(m_clock.Now(), std::min(next, *m_experiment.stop));
        }
        // An ordinary event, not a typed one: while it runs, what is left is what others have.
        Simulator::ScheduleWithContext(Simulator::NO_CONTEXT, ToTime(next - m_clock.Now()), [this] {
            Look();
        });
    }

    const Experiment& m_experiment;                               //!< Limits
    const RunOptions& m_options;                                  //!< Who watches
    const std::vector<std::unique_ptr<WorkloadRun>>& m_workloads; //!< What runs
    const MtlinkFabric& m_fabric;                                 //!< On what
    bool m_hasPackets;                                            //!< Else hops mean nothing
    EventClock m_clock;                                           //!< Time
    RunEnd m_end{RunEnd::STALLED}; //!< Why the run ended; no event left at all: stalled
    uint64_t m_looks{0};           //!< Events of this watch
    uint64_t m_eventsBefore{0};    //!< Events at the last look
    double m_expectedHops{-1};     //!< Packet-hops of the whole run; negative: not estimated yet
    Tick m_interval{FIRST_LOOK};   //!< To the next look
};

/** @return what is to be measured; traffic alone has a window. */
MeasureSpec
MakeMeasure(const Experiment& experiment)
{
    MeasureSpec measure;
    measure.sampleInterval = experiment.sampleEvery;
    measure.linkLog = experiment.timeline;
    const bool isTraffic = std::all_of(experiment.workloads.begin(),
                                       experiment.workloads.end(),
                                       [](const WorkloadDescription& workload) {
                                           return workload.kind == WorkloadDescription::TRAFFIC;
                                       });
    if (isTraffic)
    {
        measure.windowStart = NEVER;
        measure.windowEnd = 0;
        for (const WorkloadDescription& workload : experiment.workloads)
        {
            const Tick start = workload.start + workload.traffic.warmup;
            measure.windowStart = std::min(measure.windowStart, start);
            measure.windowEnd = std::max(measure.windowEnd, start + workload.traffic.measure);
        }
    }
    return measure;
}

/** @return whether a run may be followed by others with changes. */
bool
AsksWhatIf(const Experiment& experiment)
{
    return experiment.whatIf != WhatIf::NEVER &&
           std::any_of(experiment.workloads.begin(),
                       experiment.workloads.end(),
                       [](const WorkloadDescription& workload) {
                           return workload.kind == WorkloadDescription::TRAINING;
                       });
}

/**
 * @param [in] experiment The experiment.
 * @return by endpoint: whether a timeline shows what its ranks do, as WriteTimeline() chooses them
 *         where all take part; nothing where there is no timeline.
 */
std::vector<bool>
GetShownEndpoints(const Experiment& experiment)
{
    if (!experiment.timeline)
    {
        return {};
    }
    std::vector<bool> used(experiment.endpoints, false);
    for (const WorkloadDescription& workload : experiment.workloads)
    {
        if (workload.kind == WorkloadDescription::TRACE)
        {
            return std::vector<bool>(experiment.endpoints, true); // it may have fewer ranks
        }
        for (const uint32_t endpoint : workload.endpoints)
        {
            used[endpoint] = true;
        }
    }
    const auto count = static_cast<uint64_t>(std::count(used.begin(), used.end(), true));
    const uint64_t oneIn = OneIn(count, TimelineLimits{}.ranks);
    uint64_t index = 0;
    for (uint32_t endpoint = 0; endpoint < used.size(); ++endpoint)
    {
        used[endpoint] = used[endpoint] && IsSampled(index++, oneIn);
    }
    return used;
}

/** @return the ways of flows; null where mode flow does not have them. */
std::unique_ptr<FlowRoutes>
MakeFlowRoutes(const Experiment& experiment, const MtlinkFabric& fabric)
{
    try
    {
        CheckFlow(experiment);
    }
    catch (const InputError&)
    {
        return nullptr;
    }
    return std::make_unique<FlowRoutes>(
        DescribeFlowFabric(fabric,
                           experiment.fabric.scopes,
                           *experiment.fabric.endpoint,
                           experiment.seed,
                           FindFewLanes(experiment.faults, fabric)));
}

/** What workloads run on: the transport of the mode, and what they may know of the fabric. */
class WorkloadStage
{
  public:
    WorkloadStage(const Experiment& experiment,
                  const Ptr<MtlinkFabric>& fabric,
                  const std::string& mode)
        : m_experiment(experiment),
          m_fabric(fabric)
    {
        const bool isReplayed =
            std::any_of(experiment.workloads.begin(),
                        experiment.workloads.end(),
                        [](const WorkloadDescription& workload) {
                            return workload.kind != WorkloadDescription::TRAFFIC;
                        });
        if (isReplayed)
        {
            m_hints = GetFabricHints(fabric);
            const bool isFlow = mode == "flow" || experiment.mode == "flow";
            m_hints.admit =
                [this, isFlow, limits = FlowLimits(experiment.fabric)](const CollectiveSpec& spec) {
                    Admit(limits.WhyNot(spec, m_hints), isFlow);
                };
        }
        if (const WorkloadDescription* training = FindFolded(experiment))
        {
            const TrainingSpec& spec = training->training;
            m_fold = TensorFold{{ListTensorCollectives(spec)},
                                std::vector<uint32_t>(spec.GetCards() / spec.parallel.tensor, 0)};
        }
        if (mode == "flow")
        {
            const EndpointProfile& endpoint = *experiment.fabric.endpoint;
            m_routes = MakeFlowRoutes(experiment, *fabric);
            FlowSettings settings = MakeFlowSettings(endpoint);
            // Rows of a CSV of messages may wait for those of other endpoints.
            settings.sharesHistory = std::any_of(experiment.workloads.begin(),
                                                 experiment.workloads.end(),
                                                 [](const WorkloadDescription& workload) {
                                                     return workload.file.ends_with(".csv");
                                                 }) ||
                                     m_fold;
            m_flow = std::make_unique<FlowTransport>(*m_routes, settings);
        }
        if (mode == "bound")
        {
            m_bound = std::make_unique<BoundTransport>(experiment.endpoints, MakeBoundCosts());
        }
    }

    /**
     * @param [in] onEnd Called as a workload is done.
     * @param [in] messages Gets their messages; nullptr: nobody does.
     * @return what workloads need.
     */
    WorkloadContext GetContext(std::function<void()> onEnd, MessageLog* messages = nullptr) const
    {
        const EndpointProfile& endpoint = *m_experiment.fabric.endpoint;
        return {m_fabric,
                GetTransport(),
                &m_hints,
                {ToTicks(endpoint.GetOperationOverhead()), endpoint.GetReductionRate()},
                m_experiment.seed,
                endpoint.GetPacket(),
                ToTicks(endpoint.GetMessageOverhead()),
                GetDragonflyGroup(*m_experiment.fabric.builder),
                GetShownEndpoints(m_experiment),
                std::move(onEnd),
                messages,
                m_fold ? &*m_fold : nullptr,
                !m_flow && m_experiment.faults.empty()}; // trees lead round no link that is down
    }

    WorkloadStage(const WorkloadStage&) = delete; // its hints know where it is
    WorkloadStage& operator=(const WorkloadStage&) = delete;

    /** @return why flows should not stand for a collective that was planned; empty: they may. */
    const std::string& GetUnfit() const
    {
        return m_unfit;
    }

    /** @param [in] fold Tensor groups that are folded. */
    void SetFold(TensorFold fold)
    {
        m_fold = std::move(fold);
    }

    /** Begin to record what the collectives of a tensor group do. */
    void BeginFolded(FoldedTraffic& traffic, const std::vector<uint32_t>& endpoints) const
    {
        RunResults results;
        m_fabric->Collect(results);
        Collect(results);
        traffic.Begin(*m_fabric, endpoints, results, m_flow.get(), m_routes.get());
    }

    /** Record one of them. @param [in] messages How many it had. */
    void RecordFolded(FoldedTraffic& traffic, uint64_t messages) const
    {
        RunResults results;
        m_fabric->Collect(results);
        Collect(results);
        traffic.Record(results, messages, m_flow.get());
    }

    /** @param [in] end When mode bound ended. @return the soonest end in packets, ps. */
    Tick GetLeastEnd(Tick end) const
    {
        return m_load ? m_load->GetLeastEnd(end) : end;
    }

    /** Count what was folded on its links; before Collect(). */
    void AddFolded(const FoldedTraffic& traffic,
                   const std::vector<FoldedGroup>& groups,
                   RunResults& results) const
    {
        if (m_flow && !groups.empty())
        {
            m_flow->Settle();
        }
        traffic.AddLinks(groups, *m_fabric, m_flow.get(), m_routes.get(), results);
    }

    /** @return the transport's side of a memo; not in mode bound. */
    PrivateParts& GetParts()
    {
        if (!m_flow)
        {
            return m_fabric->GetPrivateParts();
        }
        m_parts = std::make_unique<FlowParts>(
            *m_flow,
            *m_routes,
            [fabric = m_fabric](uint32_t src, uint32_t dst) {
                const Hops hops = fabric->GetRouting().NextHops(src, dst, 0);
                const auto& links = fabric->GetTopology().GetLinks();
                // Wired straight to one another, and no VC to be chosen there by hash.
                return std::all_of(hops.links.begin(), hops.links.end(), [&](uint32_t link) {
                    return links[link].to == dst && fabric->GetVcs(link) == 1;
                });
            });
        return *m_parts;
    }

    /** Fill in what the fabric, which carried no packets, does not know. */
    void Collect(RunResults& results) const
    {
        if (m_bound)
        {
            results.payloadBytesDelivered = m_bound->GetBytesDelivered();
            results.fidelity = {};
            results.fidelity.back() = 1;
        }
        if (m_flow)
        {
            m_flow->Settle();
            CollectFlows(*m_flow, *m_routes, *m_fabric, results);
            for (const auto& [link, lanes] : FindFewLanes(m_experiment.faults, *m_fabric))
            {
                results.links[link].degraded = results.simulatedTime;
            }
        }
    }

  private:
    /** Keep why flows should not stand for a collective; refuse it in their mode. */
    void Admit(const std::string& unfit, bool isFlow)
    {
        if (m_experiment.allowApproximate || unfit.empty())
        {
            return;
        }
        if (isFlow)
        {
            RefuseUnfit(unfit);
        }
        m_unfit = m_unfit.empty() ? unfit : m_unfit;
    }

    /** @return what messages cost in mode bound; of perfect links their overhead alone. */
    BoundCosts MakeBoundCosts()
    {
        BoundCosts costs;
        costs.messageOverhead = ToTicks(m_experiment.fabric.endpoint->GetMessageOverhead());
        costs.openGroup = [target = m_fabric](std::span<const uint32_t> members,
                                              uint32_t channels,
                                              bool reduces,
                                              bool copies,
                                              uint8_t trafficClass) mutable {
            return target->OpenGroup(members, channels, reduces, copies, trafficClass);
        };
        if (m_experiment.isPerfect)
        {
            costs.time = [](uint32_t, uint32_t, uint64_t) { return Tick{0}; };
            costs.latency = [](uint32_t, uint32_t) { return Tick{0}; };
            costs.groupTime = [](const GroupMessage&) { return Tick{0}; };
            return costs;
        }
        m_load = m_fabric->MakeLinkLoad();
        costs.onSend = [load = m_load.get()](auto... message) { load->Add(message...); };
        costs.time = [fabric = m_fabric](uint32_t src, uint32_t dst, uint64_t bytes) {
            return fabric->GetIdleTime(src, dst, bytes);
        };
        costs.latency = [fabric = m_fabric](uint32_t src, uint32_t dst) {
            return fabric->GetIdleLatency(src, dst);
        };
        costs.groupTime = [fabric = m_fabric](const GroupMessage& message) {
            return fabric->GetGroupIdleTime(message);
        };
        return costs;
    }

    /** @return the transport of the mode. */
    Transport* GetTransport() const
    {
        Transport* fabric = PeekPointer(m_fabric);
        return m_bound ? m_bound.get() : m_flow ? m_flow.get() : fabric;
    }

    const Experiment& m_experiment;          //!< What is run
    Ptr<MtlinkFabric> m_fabric;              //!< On what
    FabricHints m_hints;                     //!< For collectives
    std::string m_unfit;                     //!< GetUnfit()
    std::optional<TensorFold> m_fold;        //!< Nothing: nothing is folded
    std::unique_ptr<LinkLoad> m_load;        //!< Mode bound; of perfect links nothing
    std::unique_ptr<BoundTransport> m_bound; //!< Mode bound
    std::unique_ptr<FlowRoutes> m_routes;    //!< Mode flow
    std::unique_ptr<FlowTransport> m_flow;   //!< Mode flow
    std::unique_ptr<FlowParts> m_parts;      //!< Mode flow, for a memo
};

/** Set up all workloads of an experiment. */
void
CreateWorkloads(const Experiment& experiment,
                const WorkloadContext& context,
                std::vector<std::unique_ptr<WorkloadRun>>& workloads)
{
    uint32_t collectives = 0;
    for (uint32_t i = 0; i < experiment.workloads.size(); ++i)
    {
        workloads.push_back(CreateWorkloadRun(experiment.workloads[i], {i, collectives}, context));
        collectives += workloads.back()->CountCollectives();
    }
}

/**
 * @param [in] experiment What was run.
 * @param [in] down Links that are down, one at least.
 * @return that they are, and what would let packets go another way.
 */
std::string
DescribeDown(const Experiment& experiment, const std::vector<std::string>& down)
{
    constexpr std::size_t MOST = 3;
    std::string text = "link " + down.front() + " is down";
    if (down.size() > 1)
    {
        const std::size_t named = std::min(MOST, down.size() - 1);
        const std::vector<std::string> first(down.begin(),
                                             down.begin() + static_cast<std::ptrdiff_t>(named));
        const std::size_t more = down.size() - named;
        text = fmt::format("links {} and {} are down",
                           fmt::join(first, ", "),
                           more == 1 ? down.back() : fmt::format("{} more", more));
    }
    const bool waits = std::any_of(experiment.faults.begin(),
                                   experiment.faults.end(),
                                   [](const FaultDescription& fault) {
                                       return fault.fault.isDown && !fault.fault.repairs &&
                                              fault.fault.policy == DownPolicy::REPLAY;
                                   });
    return text + (waits
                       ? ", and by 'policy: replay' packets wait (with 'policy: reroute' they take "
                         "another way where there is one)"
                       : "");
}

std::string
DescribeEnd(const Experiment& experiment, const RunOutcome& outcome)
{
    switch (outcome.end)
    {
    case RunEnd::COMPLETE:
        return "";
    case RunEnd::STALLED: {
        std::string waiting;
        for (const std::string& who : outcome.waiting)
        {
            waiting += (waiting.empty() ? ": " : "; ") + who;
        }
        if (!outcome.lossy.empty())
        {
            return fmt::format("data lost: faults took {} packets, which the workload waits for, "
                               "at {}{}",
                               outcome.results.packetsLost,
                               fmt::join(outcome.lossy, ", "),
                               waiting);
        }
        if (!outcome.down.empty())
        {
            return "stalled: " + DescribeDown(experiment, outcome.down) +
                   (waiting.empty() ? "" : "; waiting" + waiting);
        }
        return "deadlock: nothing is left to happen, but the workload is not done" + waiting;
    }
    case RunEnd::TIME_LIMIT:
        return fmt::format("stopped at simulation.stop, {}", FormatTime(*experiment.stop));
    case RunEnd::EVENT_LIMIT:
        return fmt::format("stopped at simulation.event_limit, {} events", *experiment.eventLimit);
    case RunEnd::INTERRUPTED:
        return "interrupted";
    case RunEnd::DESERTED:
        return outcome.deserted + ": what its part of the fabric has counted is missing";
    }
    return "";
}

/** @return the mode in which an experiment runs on its fabric. */
ModeChoice
FindMode(const Experiment& experiment, const Ptr<MtlinkFabric>& fabric)
{
    if (experiment.mode != "auto")
    {
        return {experiment.mode, ""};
    }
    const WorkloadStage stage(experiment, fabric, "packet");
    const WorkloadContext context = stage.GetContext([] {});
    std::vector<std::unique_ptr<WorkloadRun>> workloads;
    CreateWorkloads(experiment, context, workloads);
    return ChooseMode(experiment, EstimatePacketHops(*fabric, workloads), stage.GetUnfit());
}

/** An error of this program, not of its input. */
void
Require(bool holds, const std::string& what)
{
    if (!holds)
    {
        throw std::logic_error("internal error, please report it: " + what);
    }
}

/** What the collectives of folded tensor groups do. */
struct FoldedGroups
{
    TensorFold fold;                    //!< What each takes; without times nothing is folded
    FoldPlan plan;                      //!< Which are
    std::vector<FoldedTraffic> traffic; //!< What each puts on the links, by class
};

/** @return which tensor groups are not folded, and why, for people. */
std::string
DescribeApart(const FoldPlan& plan)
{
    constexpr std::size_t MOST = 4;
    std::string links;
    for (std::size_t i = 0; i < std::min(MOST, plan.links.size()); ++i)
    {
        links += (i == 0 ? "" : ", ") + plan.links[i];
    }
    return fmt::format("{} of {} tensor groups are replayed card by card, since links of theirs "
                       "have faults ({}{})",
                       plan.CountApart(),
                       plan.classOf.size(),
                       links,
                       plan.links.size() > MOST ? ", ..." : "");
}

/** @return what folded collectives do, each simulated alone before the run. */
FoldedGroups
SimulateTensorGroups(const Experiment& experiment)
{
    Experiment quiet = experiment; // nothing of this is measured
    quiet.sampleEvery = 0;
    quiet.timeline = false;
    SelectEngine(quiet.engine);
    const SimulatorGuard guard;
    const Ptr<MtlinkFabric> fabric = BuildFabric(quiet);
    FoldedGroups folded;
    folded.plan = CheckFold(quiet, *fabric);
    if (folded.plan.IsNone())
    {
        return folded;
    }
    const std::string mode = FindMode(quiet, fabric).mode;
    quiet.faults.clear(); // of groups that are folded no link has any
    const WorkloadStage stage(quiet, fabric, mode);
    const WorkloadContext context = stage.GetContext([] {});
    const WorkloadDescription& training = *FindFolded(quiet);
    folded.fold.classOf = folded.plan.classOf;
    folded.fold.times.resize(folded.plan.classes);
    folded.traffic.resize(folded.plan.classes);
    const EventClock clock;
    for (uint32_t cls = 0; cls < folded.plan.classes; ++cls)
    {
        const std::vector<uint32_t>& classOf = folded.plan.classOf;
        const auto group = std::find(classOf.begin(), classOf.end(), cls);
        if (group == classOf.end())
        {
            continue; // all of it are apart
        }
        TensorTrial trial(training,
                          *context.hints,
                          static_cast<std::size_t>(group - classOf.begin()));
        FoldedTraffic& traffic = folded.traffic[cls];
        stage.BeginFolded(traffic, trial.GetEndpoints());
        for (std::size_t place = 0; place < trial.GetGraphs().size(); ++place)
        {
            constexpr Tick APART = 1'000'000'000; // 1 ms: all credit is back
            Replayer replayer(trial.GetGraphs()[place],
                              trial.GetEndpoints(),
                              *context.transport,
                              context.costs,
                              training.trafficClass);
            replayer.Start(clock.Now() + APART);
            Simulator::Run();
            Require(replayer.IsComplete(), "a tensor group's collective did not end");
            stage.RecordFolded(traffic, trial.GetMessages(place));
            trial.Take(place, replayer, traffic.GetLastBytes());
        }
        folded.fold.times[cls] = trial.GetTimes();
    }
    return folded;
}

/**
 * @return what collectives of traces take that are folded, by workload: each simulated alone, with
 *         all its groups at once, before the run.
 */
std::vector<std::map<std::string, Tick>>
SimulateFoldedTraces(const Experiment& experiment)
{
    std::vector<std::map<std::string, Tick>> times(experiment.workloads.size());
    const auto isFolded = [](const WorkloadDescription& workload) {
        TraceOptions options;
        options.endpoints = workload.endpoints;
        options.maxRanks = static_cast<uint32_t>(workload.endpoints.size());
        return workload.kind == WorkloadDescription::TRACE && IsFolded(workload.file, options);
    };
    if (std::none_of(experiment.workloads.begin(), experiment.workloads.end(), isFolded))
    {
        return times;
    }
    Experiment quiet = experiment; // nothing of this is measured
    quiet.sampleEvery = 0;
    quiet.timeline = false;
    quiet.faults.clear();
    SelectEngine(quiet.engine);
    const SimulatorGuard guard;
    const Ptr<MtlinkFabric> fabric = BuildFabric(quiet);
    const WorkloadStage stage(quiet, fabric, FindMode(quiet, fabric).mode);
    const WorkloadContext context = stage.GetContext([] {});
    const EventClock clock;
    for (std::size_t i = 0; i < quiet.workloads.size(); ++i)
    {
        const WorkloadDescription& workload = quiet.workloads[i];
        if (!isFolded(workload))
        {
            continue;
        }
        for (const FoldedCollective& folded : ListFoldedOf(workload, context))
        {
            constexpr Tick APART = 1'000'000'000; // 1 ms: all credit is back
            std::vector<uint32_t> endpoints = workload.endpoints;
            endpoints.resize(folded.graph.GetRanks());
            Replayer replayer(folded.graph,
                              endpoints,
                              *context.transport,
                              context.costs,
                              workload.trafficClass);
            replayer.Start(clock.Now() + APART);
            Simulator::Run();
            Require(replayer.IsComplete(), "a folded collective did not end");
            const auto [start, end] = replayer.GetSpan();
            times[i][folded.key] = end - start;
        }
    }
    return times;
}

/** @return the tensor groups of all workloads that were folded. */
std::vector<FoldedGroup>
CountFolded(const std::vector<std::unique_ptr<WorkloadRun>>& workloads)
{
    std::vector<FoldedGroup> all;
    for (const auto& workload : workloads)
    {
        const std::vector<FoldedGroup> groups = workload->CountFolded();
        all.insert(all.end(), groups.begin(), groups.end());
    }
    return all;
}

/** @return the groups of a class. */
std::vector<FoldedGroup>
OfClass(std::vector<FoldedGroup> groups, uint32_t cls)
{
    std::erase_if(groups, [cls](const FoldedGroup& group) { return group.cls != cls; });
    return groups;
}

/** Fill in all that is not the fabric's own. */
void
CollectWorkloads(const Experiment& experiment,
                 const std::vector<std::unique_ptr<WorkloadRun>>& workloads,
                 const WorkloadStage& stage,
                 RunResults& results)
{
    Tick first = NEVER;
    Tick last = -1;
    bool isTimed = results.complete;
    double weight = 0;
    double offered = 0;
    double accepted = 0;
    for (const auto& workload : workloads)
    {
        workload->Collect(results, experiment.timeline);
        const auto [start, end] = workload->GetSpan();
        results.workloadSpans.emplace_back(start, end);
        first = std::min(first, start);
        isTimed = isTimed && end != NEVER;
        last = std::max(last, end);
        if (const std::optional<TrafficLoad> load = workload->GetLoad())
        {
            weight += load->weight;
            offered += load->offered * load->weight;
            accepted += load->accepted * load->weight;
        }
    }
    if (weight > 0)
    {
        results.offeredLoad = offered / weight;
        results.acceptedLoad = accepted / weight;
    }
    if (isTimed && last >= first)
    {
        results.completionTime = last - first;
        if (results.mode == "bound")
        {
            results.leastTime = std::max(stage.GetLeastEnd(last), first) - first;
        }
    }
}

/**
 * @return the longest chain of messages; nothing where not all are known, or where they are not
 *         what was waited for: the network itself reduces, traffic comes by itself, or workloads
 *         begin at times of their own.
 */
std::optional<VerdictChain>
FindChainOf(const Experiment& experiment, const MtlinkFabric& fabric, const RunResults& results)
{
    const bool isReplayed =
        std::all_of(experiment.workloads.begin(),
                    experiment.workloads.end(),
                    [](const WorkloadDescription& workload) {
                        return workload.kind == WorkloadDescription::COLLECTIVE ||
                               workload.kind == WorkloadDescription::TRACE;
                    });
    const bool isInNetwork = std::any_of(
        results.collectives.begin(),
        results.collectives.end(),
        [](const CollectiveResult& row) { return row.algorithm.starts_with("in_network"); });
    const bool isTogether = std::all_of(
        results.workloadSpans.begin(),
        results.workloadSpans.end(),
        [&results](const auto& span) { return span.first == results.workloadSpans[0].first; });
    if (!isReplayed || isInNetwork || !isTogether || !results.completionTime ||
        results.messages.empty() || results.messagesOneIn > 1 || results.rows.messages.unlisted > 0)
    {
        return std::nullopt;
    }
    Tick start = NEVER;
    Tick end = 0;
    for (const auto& [first, last] : results.workloadSpans)
    {
        start = std::min(start, first);
        end = std::max(end, last);
    }
    const EndpointProfile& endpoint = *experiment.fabric.endpoint;
    IdleCosts costs;
    costs.time = [&fabric](uint32_t src, uint32_t dst, uint64_t bytes) {
        return fabric.GetIdleTime(src, dst, bytes);
    };
    costs.latency = [&fabric](uint32_t src, uint32_t dst) {
        return fabric.GetIdleLatency(src, dst);
    };
    costs.messageOverhead = ToTicks(endpoint.GetMessageOverhead());
    costs.operationOverhead = ToTicks(endpoint.GetOperationOverhead());
    costs.isGapSoftware = endpoint.GetReductionRate() == 0 &&
                          std::all_of(experiment.workloads.begin(),
                                      experiment.workloads.end(),
                                      [](const WorkloadDescription& workload) {
                                          return workload.kind == WorkloadDescription::COLLECTIVE;
                                      });
    return FindChain(results.messages, start, end, costs);
}

/**
 * @return the message that its endpoint's window held up longest; nothing where windows held up
 *         nothing, or where that is not known: congestion control has windows of its own, and the
 *         network itself acknowledges what it reduces.
 */
std::optional<VerdictWindow>
FindWindowOf(const Experiment& experiment, const MtlinkFabric& fabric, const RunResults& results)
{
    const EndpointProfile& endpoint = *experiment.fabric.endpoint;
    WindowCosts costs;
    costs.window = endpoint.GetWindow();
    costs.packet = endpoint.GetPacket();
    costs.roundTrip = [&](uint32_t src, uint32_t dst) {
        return fabric.GetIdleTime(src, dst, std::min<uint64_t>(costs.packet, costs.window)) +
               fabric.GetIdleLatency(src, dst);
    };
    costs.rate = [&fabric](uint32_t src, uint32_t dst) { return fabric.GetIdleRate(src, dst); };
    const bool isInNetwork = std::any_of(
        results.collectives.begin(),
        results.collectives.end(),
        [](const CollectiveResult& row) { return row.algorithm.starts_with("in_network"); });
    return results.mode != "packet" || isInNetwork ? std::nullopt
                                                   : FindWindowHold(results.messages, costs);
}

/** Refuse latencies of which a few together would pass the end of simulated time. */
void
CheckLatencies(const MtlinkFabric& fabric)
{
    constexpr Tick LONGEST = 86'400 * 1'000'000'000'000; // a day, of 106
    for (uint32_t id = 0; id < fabric.GetTopology().GetLinks().size(); ++id)
    {
        const LinkProfile& profile = *fabric.GetLinkProfile(id);
        if (ToTicks(std::max(profile.GetLatency(), profile.GetCreditLatency())) > LONGEST)
        {
            throw ParameterError("link.latency",
                                 "the latency of a link, or of its credits, is at most a day: "
                                 "simulated time ends after 106 days (2^63 ps)");
        }
    }
}

/**
 * Run an experiment to its end, or to where it is stopped, as it stands.
 * @param [in] experiment The experiment.
 * @param [in] options How to watch and stop it.
 * @param [out] plan Of its stability, if it asks for that; nullptr: nobody wants to know.
 * @return what it leaves.
 */
RunOutcome
RunOnce(const Experiment& experiment,
        const RunOptions& options,
        std::optional<StabilityPlan>* plan = nullptr)
{
    const auto start = std::chrono::steady_clock::now();
    RefuseGraphBeyondMemory(experiment);
    FoldedGroups folded;
    if (FindFolded(experiment))
    {
        folded = SimulateTensorGroups(experiment);
        if (options.warned && folded.plan.CountApart() > 0)
        {
            options.warned(DescribeApart(folded.plan));
        }
        if (folded.plan.IsNone())
        {
            Experiment whole = experiment;
            for (WorkloadDescription& workload : whole.workloads)
            {
                workload.training.fold = Fold::NEVER;
            }
            return RunOnce(whole, options, plan);
        }
    }
    const std::vector<std::map<std::string, Tick>> traces = SimulateFoldedTraces(experiment);
    SelectEngine(experiment.engine);
    const SimulatorGuard guard;
    const Ptr<MtlinkFabric> fabric = BuildFabric(experiment);
    RunOutcome outcome;
    RunResults& results = outcome.results;
    const ModeChoice choice = FindMode(experiment, fabric);
    if (options.chosen && !choice.reason.empty())
    {
        options.chosen(choice.mode, choice.reason);
    }
    results.deadlockFree = CheckDeadlock(experiment, *fabric, choice.mode);
    if (plan && experiment.stability)
    {
        *plan = PlanStability(experiment, *fabric, choice.mode);
    }

    WorkloadStage stage(experiment, fabric, choice.mode);
    if (!folded.fold.times.empty())
    {
        stage.SetFold(folded.fold);
    }
    std::vector<std::unique_ptr<WorkloadRun>> workloads;
    Watch watch(experiment, options, workloads, *fabric, choice.mode);
    outcome.messages =
        std::make_unique<MessageLog>(options.directory,
                                     experiment.rows,
                                     static_cast<uint32_t>(experiment.workloads.size()));
    MessageLog& messages = *outcome.messages;
    WorkloadContext context = stage.GetContext([&watch] { watch.OnWorkloadEnd(); }, &messages);
    context.folded = &traces;
    CreateWorkloads(experiment, context, workloads);
    const std::unique_ptr<CollectiveMemo> memo =
        experiment.memo ? MakeMemo(*fabric, stage.GetParts(), workloads) : nullptr;
    const WorkloadSize size = GetSize(workloads);
    RefuseBeyondMemory(experiment, size);
    const bool isFlow = choice.mode == "flow";
    const bool mayBeLong =
        choice.mode == "packet" && MayTakeLong(size, experiment.fabric.endpoint->GetPacket());
    const bool asksWhatIf = AsksWhatIf(experiment);
    const FlowEstimate flows =
        isFlow || mayBeLong || asksWhatIf
            ? EstimateFlows(workloads, size, MakeFlowRoutes(experiment, *fabric).get())
            : FlowEstimate{};
    const double hops = mayBeLong || (asksWhatIf && choice.mode == "packet")
                            ? EstimatePacketHops(*fabric, workloads)
                            : 0;
    outcome.seconds = EstimateSeconds(hops, flows, size);
    if (!stage.GetUnfit().empty())
    {
        outcome.seconds.flow = std::numeric_limits<double>::infinity(); // not to be chosen
    }
    const std::string warning = isFlow      ? DescribeLongFlows(flows)
                                : mayBeLong ? DescribeLongPackets(hops, flows)
                                            : "";
    if (options.warned && !warning.empty())
    {
        options.warned(warning);
    }
    for (const auto& workload : workloads)
    {
        workload->Start();
    }
    // Half of an estimate: more can be left out later, less can't.
    messages.Expect(static_cast<uint64_t>(
        (isFlow && !experiment.rows.listsRings ? flows.flows : size.messages) / 2));
    if (!isFlow) // there links have the lanes that they have, and the fabric carries nothing
    {
        AddFaults(experiment, *fabric);
    }
    std::optional<SpreadRun> spread;
    if (options.exchange)
    {
        spread.emplace(experiment, *fabric, *options.exchange, choice.mode);
        if (options.warned && !spread->GetWarning().empty())
        {
            options.warned(spread->GetWarning());
        }
    }
    watch.Start();
    results.setupTimeSeconds = GetSecondsSince(start);

    try
    {
        spread ? spread->Run() : Simulator::Run();
    }
    catch (const TimeError& error)
    {
        experiment.workloads.front().node.Refuse(error.what());
    }
    catch (const ExchangeError& error)
    {
        outcome.deserted = error.what();
    }

    outcome.end = outcome.deserted.empty() ? watch.GetEnd() : RunEnd::DESERTED;
    results.complete = outcome.end == RunEnd::COMPLETE;
    fabric->Collect(results);
    DescribeRun(experiment, *fabric, results);
    results.mode = choice.mode;
    results.modeAsked = experiment.mode;
    results.modeReason = choice.reason;
    results.events = watch.GetEvents();
    if (spread)
    {
        spread->Collect(results);
    }
    const std::vector<FoldedGroup> groups = CountFolded(workloads);
    for (uint32_t cls = 0; cls < folded.traffic.size(); ++cls)
    {
        stage.AddFolded(folded.traffic[cls], OfClass(groups, cls), results);
    }
    stage.Collect(results);
    CollectWorkloads(experiment, workloads, stage, results);
    for (uint32_t cls = 0; cls < folded.traffic.size(); ++cls)
    {
        messages.AddUnlisted(folded.traffic[cls].AddTotals(OfClass(groups, cls), results));
    }
    messages.Finish();
    if (memo)
    {
        CollectMemo(*memo, results); // and no sample of messages, where there are others
    }
    else
    {
        results.messages = messages.TakeKept();
    }
    uint32_t collectives = 0;
    for (const auto& workload : workloads)
    {
        workload->CollectPath(collectives, outcome.criticalPaths);
        collectives += workload->CountCollectives();
    }
    results.messagesOneIn = messages.GetKeptOneIn();
    results.rows.messages = messages.GetRows();
    outcome.chain = FindChainOf(experiment, *fabric, results);
    outcome.window = FindWindowOf(experiment, *fabric, results);
    if (options.directory.empty())
    {
        outcome.messages.reset();
    }
    if (outcome.end == RunEnd::STALLED)
    {
        constexpr std::size_t MOST = 8;
        for (const auto& workload : workloads)
        {
            const std::vector<std::string> waiting = workload->GetWaiting(MOST);
            outcome.waiting.insert(outcome.waiting.end(), waiting.begin(), waiting.end());
        }
        const std::vector<std::string> ports = fabric->GetWaiting(MOST);
        outcome.waiting.insert(outcome.waiting.end(), ports.begin(), ports.end());
        outcome.down = fabric->GetDownLinks(std::numeric_limits<std::size_t>::max());
        outcome.lossy = fabric->GetLossyLinks(MOST);
    }
    results.stopReason = DescribeEnd(experiment, outcome);
    RequireConservation(*fabric);
    return outcome;
}

/** Run a training again with this and that changed, and add what comes out. */
void
AddWhatIf(const Experiment& experiment, const RunOptions& options, RunOutcome& outcome)
{
    RunResults& results = outcome.results;
    const WhatIfPlan plan = PlanWhatIf(experiment, results.mode, outcome.seconds);
    constexpr double LONG_SECONDS = 10; // who waits longer wants to know why
    if (options.warned && plan.seconds > LONG_SECONDS)
    {
        options.warned(fmt::format("what if: {} more runs take about {:.2g} s (measure.what_if)",
                                   plan.runs.size(),
                                   plan.seconds));
    }
    RunOptions quiet;
    quiet.interrupt = options.interrupt;
    const auto simulate = [&](const Experiment& changed, std::string& why) {
        std::optional<TrainingResult> training;
        if (outcome.end == RunEnd::INTERRUPTED)
        {
            why = "interrupted";
            return training;
        }
        RunOutcome other = RunOnce(changed, quiet);
        if (other.end == RunEnd::COMPLETE)
        {
            training = std::move(other.results.training);
        }
        if (other.end == RunEnd::INTERRUPTED)
        {
            outcome.end = RunEnd::INTERRUPTED;
            results.complete = false;
            results.stopReason = "interrupted while what_if was run; all else is whole";
        }
        why = other.results.stopReason;
        return training;
    };
    RunWhatIf(plan, simulate, *results.training);
}

/** @return the cards of a training that differ by chance; nothing: none do, or several trainings.
 */
std::optional<VerdictStragglers>
FindStragglers(const Experiment& experiment)
{
    std::optional<VerdictStragglers> found;
    for (const WorkloadDescription& workload : experiment.workloads)
    {
        if (workload.kind != WorkloadDescription::TRAINING)
        {
            continue;
        }
        const std::vector<double> slowness = DrawSlowness(workload.training, experiment.seed);
        if (found || slowness.empty())
        {
            return std::nullopt;
        }
        const auto slow =
            std::count_if(slowness.begin(), slowness.end(), [](double times) { return times > 1; });
        found = {slowness.size(),
                 static_cast<uint64_t>(slow),
                 *std::max_element(slowness.begin(), slowness.end())};
    }
    return found;
}

/** @return the open-loop traffic that is measured for longest; nullptr: there is none. */
const TrafficSpec*
FindLongestTraffic(const Experiment& experiment)
{
    const TrafficSpec* longest = nullptr;
    for (const WorkloadDescription& workload : experiment.workloads)
    {
        if (workload.kind == WorkloadDescription::TRAFFIC &&
            (!longest || workload.traffic.measure > longest->measure))
        {
            longest = &workload.traffic;
        }
    }
    return longest;
}

/** Say what held a run up, and what to try. */
void
AddVerdict(const Experiment& experiment, const RunOptions& options, RunOutcome& outcome)
{
    VerdictFacts facts;
    facts.chain = outcome.chain;
    facts.window = outcome.window;
    facts.stragglers = FindStragglers(experiment);
    facts.workloadKey = GetWorkloadKey(experiment);
    if (const TrafficSpec* traffic = FindLongestTraffic(experiment))
    {
        constexpr double PICOSECONDS_PER_NS = 1e3;
        facts.windowNs = static_cast<double>(traffic->measure) / PICOSECONDS_PER_NS;
        facts.warmupNs = static_cast<double>(traffic->warmup) / PICOSECONDS_PER_NS;
    }
    RunOptions quiet;
    quiet.interrupt = options.interrupt;
    RunTrials(
        experiment,
        outcome.results,
        [&](const Experiment& changed) {
            RunOutcome other = RunOnce(changed, quiet);
            return other.end == RunEnd::COMPLETE && other.results.completionTime
                       ? std::optional(std::move(other.results))
                       : std::nullopt;
        },
        facts);
    outcome.results.verdict = MakeVerdict(outcome.results, facts);
    DropRefused(experiment, outcome.results.verdict->tries);
}

/** @return the layouts of an experiment's training, ranked on its fabric. */
LayoutRanking
RankLayouts(const Experiment& experiment)
{
    SelectEngine(experiment.engine);
    const SimulatorGuard guard;
    return RankLayouts(experiment, BuildFabric(MakeQuiet(experiment)));
}

/**
 * Choose the layout of a training, and run it.
 * @param [in] asked The experiment, with a search.
 * @param [in] options How to watch and stop it.
 * @param [out] experiment Gets the experiment that is run.
 * @param [out] plan As RunOnce().
 * @return what that leaves.
 */
RunOutcome
RunSearched(const Experiment& asked,
            const RunOptions& options,
            Experiment& experiment,
            std::optional<StabilityPlan>& plan)
{
    LayoutRanking ranking = RankLayouts(asked);
    RunOptions quiet;
    quiet.interrupt = options.interrupt;
    std::optional<RunOutcome> interrupted;
    const auto simulate = [&](const Experiment& changed, std::string& why) {
        std::optional<TrainingResult> training;
        if (interrupted)
        {
            why = "interrupted";
            return training;
        }
        RunOutcome outcome = RunOnce(MakeQuiet(changed), quiet);
        why = outcome.results.stopReason;
        if (outcome.end == RunEnd::INTERRUPTED)
        {
            outcome.results.stopReason = "interrupted while layouts were tried";
            interrupted = std::move(outcome);
            return training;
        }
        if (outcome.end == RunEnd::COMPLETE)
        {
            training = std::move(outcome.results.training);
        }
        return training;
    };
    const std::size_t best = ChooseLayout(asked, ranking, simulate);
    experiment = WithLayout(asked, ranking.layouts[best]);
    if (interrupted)
    {
        return std::move(*interrupted);
    }
    RunOutcome outcome = RunOnce(experiment, options, &plan);
    if (outcome.results.training)
    {
        TrainingTried& row = ranking.search.tried[best];
        row.iterationTimeNs = outcome.results.training->iterationTimeNs;
        row.mfu = outcome.results.training->mfu;
        outcome.results.training->search = std::move(ranking.search);
    }
    return outcome;
}

/** Fill in what an experiment's workloads send, and how long that may take. */
void
EstimateWork(const Experiment& experiment, const Ptr<MtlinkFabric>& fabric, CheckResult& result)
{
    const WorkloadStage stage(experiment, fabric, "packet");
    const WorkloadContext context = stage.GetContext([] {});
    std::vector<std::unique_ptr<WorkloadRun>> workloads;
    CreateWorkloads(experiment, context, workloads);
    for (const auto& workload : workloads)
    {
        if (std::optional<TrainingResult> training = workload->DescribeTraining())
        {
            result.trainings.push_back(std::move(*training));
        }
    }
    result.size = GetSize(workloads);
    result.packetHops = EstimatePacketHops(*fabric, workloads);
    result.estimatedSeconds = result.packetHops * SECONDS_PER_PACKET_HOP;
    result.flows = EstimateFlows(workloads, result.size, MakeFlowRoutes(experiment, *fabric).get());
}

/** @return the experiment with the layout that is most likely to run, and the search for it. */
Experiment
ResolveLayout(const Experiment& asked,
              const Ptr<MtlinkFabric>& fabric,
              std::optional<TrainingSearch>& search)
{
    if (!FindLayoutSearch(asked))
    {
        return asked;
    }
    LayoutRanking ranking = RankLayouts(asked, fabric);
    search = std::move(ranking.search);
    return WithLayout(asked, ranking.layouts.front());
}

} // namespace

void
SelectEngine(const std::string& engine)
{
    Simulator::Destroy();
    UsePicoseconds();
    GlobalValue::Bind("SimulatorImplementationType",
                      StringValue(engine == "default" ? "ns3::DefaultSimulatorImpl"
                                                      : "ns3::mtlink::FabricSimulatorImpl"));
}

Ptr<MtlinkFabric>
BuildFabric(const Experiment& experiment)
{
    const Ptr<MtlinkFabric> fabric = CreateObject<MtlinkFabric>();
    try
    {
        fabric->Build(experiment.fabric.builder,
                      experiment.fabric.scopes,
                      experiment.fabric.endpoint,
                      experiment.seed,
                      MakeMeasure(experiment));
        CheckLatencies(*fabric);
    }
    catch (const ParameterError& error)
    {
        RefuseFabric(experiment.fabric, error);
    }
    return fabric;
}

CheckResult
CheckExperiment(const Experiment& asked, bool proves, uint32_t processes)
{
    SelectEngine(asked.engine);
    const SimulatorGuard guard;
    const Ptr<MtlinkFabric> fabric = BuildFabric(asked);
    CheckResult result;
    const Experiment experiment = ResolveLayout(asked, fabric, result.search);
    RefuseGraphBeyondMemory(experiment);
    const Topology& topology = fabric->GetTopology();
    result.name = experiment.name;
    result.kind = experiment.fabric.kind;
    result.endpoints = topology.GetEndpoints();
    result.switches = topology.GetSwitches();
    result.cables = static_cast<uint32_t>(topology.GetLinks().size() / 2);
    result.diameterFrom =
        result.endpoints > PROOF_ENDPOINTS ? MOST_DIAMETER_STARTS : result.endpoints;
    result.diameter = GetDiameter(topology, result.diameterFrom);
    result.bisectionBitRate = GetBisectionBitRate(*fabric);
    for (uint32_t i = 0; i < result.endpoints; ++i)
    {
        result.endpointBitRate = std::max(result.endpointBitRate, fabric->GetEndpointBitRate(i));
    }
    for (uint32_t domain = 0; domain < topology.GetDomains().size(); ++domain)
    {
        const std::string text = fabric->GetRouting().GetAlgorithm(domain).GetDefinition();
        if (std::find(result.routing.begin(), result.routing.end(), text) == result.routing.end())
        {
            result.routing.push_back(text);
        }
    }
    result.cost = GetCost(experiment, *fabric);
    result.isProved = proves || result.endpoints <= PROOF_ENDPOINTS;
    if (result.isProved)
    {
        const auto start = std::chrono::steady_clock::now();
        result.proof = ProveDeadlockFree(topology, fabric->GetRouting());
        result.isDeadlockFree = result.proof.acyclic;
        result.proofSeconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }

    for (const FaultDescription& fault : experiment.faults)
    {
        ResolveFault(fault, *fabric); // refuses what can't be
    }
    if (FindFolded(experiment))
    {
        CheckFold(experiment, *fabric);
    }
    if (experiment.stability)
    {
        const std::string mode = experiment.mode == "auto" ? "packet" : experiment.mode;
        result.stability = DescribeStability(experiment, PlanStability(experiment, *fabric, mode));
    }
    EstimateWork(experiment, fabric, result);
    result.estimatedBytes = EstimateBytes(result.size);
    if (processes > 1)
    {
        result.spread = EstimateSpread(experiment, *fabric, processes);
    }
    return result;
}

double
GetEstimatedSeconds(const Experiment& experiment, const CheckResult& result)
{
    const bool isFlow = experiment.mode == "flow" ||
                        (experiment.mode == "auto" &&
                         result.estimatedSeconds * 1e12 > static_cast<double>(experiment.budget));
    return experiment.mode == "bound" ? 0
           : isFlow                   ? std::min(result.flows.seconds, result.estimatedSeconds)
                                      : result.estimatedSeconds;
}

double
EstimateRunSeconds(const Experiment& asked)
{
    constexpr double MOST_OPERATIONS = 4e6; // 600 MB, which any machine has
    SelectEngine(asked.engine);
    const SimulatorGuard guard;
    const Ptr<MtlinkFabric> fabric = BuildFabric(asked);
    CheckResult result;
    const Experiment experiment = ResolveLayout(asked, fabric, result.search);
    const double operations = CountGraphOperations(experiment);
    if (operations > MOST_OPERATIONS)
    {
        return operations * SECONDS_PER_FLOW; // without making it, whatever memory there is
    }
    EstimateWork(experiment, fabric, result);
    return GetEstimatedSeconds(experiment, result);
}

ChakraExport
ExportChakra(const Experiment& experiment, const std::string& directory)
{
    CheckExport(experiment, directory);
    RefuseGraphBeyondMemory(experiment);
    SelectEngine(experiment.engine);
    const SimulatorGuard guard;
    const Ptr<MtlinkFabric> fabric = BuildFabric(experiment);
    const WorkloadStage stage(experiment, fabric, "packet");
    WorkloadContext context = stage.GetContext([] {});
    context.mayReduce = false; // a trace has no words for it
    std::vector<std::unique_ptr<WorkloadRun>> workloads;
    CreateWorkloads(experiment, context, workloads);
    return workloads.front()->ExportChakra(directory);
}

RunOutcome
RunExperiment(const Experiment& asked, const RunOptions& options)
{
    const auto start = std::chrono::steady_clock::now();
    std::optional<StabilityPlan> plan;
    Experiment experiment = asked;
    RunOutcome outcome = FindLayoutSearch(asked) ? RunSearched(asked, options, experiment, plan)
                                                 : RunOnce(asked, options, &plan);
    if (outcome.end == RunEnd::COMPLETE && outcome.results.training &&
        experiment.whatIf != WhatIf::NEVER)
    {
        AddWhatIf(experiment, options, outcome);
    }
    if (plan && outcome.end == RunEnd::COMPLETE)
    {
        SimulateStability(experiment, *plan, options, outcome);
    }
    AddVerdict(experiment, options, outcome);
    outcome.results.wallTimeSeconds = GetSecondsSince(start);
    outcome.results.cpuTimeSeconds = GetCpuSeconds();
    outcome.results.peakRssBytes = GetPeakRss();
    return outcome;
}

} // namespace mtlink
} // namespace ns3
