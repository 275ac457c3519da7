/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/stability-run.h"

#include "experiment/tensor-fold.h"
#include "experiment/units.h"
#include "stability/life-figures.h"
#include "stability/renewal.h"
#include "training/memory-plan.h"
#include "training/rank-layout.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>
#include <map>
#include <memory>
#include <set>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr double PICOSECONDS = 1e12;      //!< In a second
constexpr double NANOSECONDS = 1e9;       //!< In a second
constexpr uint32_t MOST_ROUNDS = 2;       //!< Iterations that a copy is simulated beside
constexpr uint32_t MOST_ATTEMPTS = 5;     //!< At a share of a copy that ends before they do
constexpr double TRUSTED_ETTR = 0.85;     //!< Below that the first order is off
constexpr double TRUSTED_PRESSURE = 0.25; //!< Likewise above, of lost time by MTTF
constexpr double FOREVER = std::numeric_limits<double>::infinity();
constexpr double NO_NUMBER = std::numeric_limits<double>::quiet_NaN();

double
ToSeconds(Tick time)
{
    return static_cast<double>(time) / PICOSECONDS;
}

/** @return a figure that is no estimate. */
IntervalFigure
MakeExact(double value)
{
    return {value, value, value};
}

/** @return a figure in another unit. */
IntervalFigure
Scale(const IntervalFigure& figure, double factor)
{
    return {figure.value * factor, figure.low * factor, figure.high * factor};
}

/** @return endpoints of a node, as the fabric has them: of its scale-up part; 1: it has none. */
uint32_t
GetCardsPerNode(const Topology& topology)
{
    std::size_t most = 0;
    bool hasTiers = false;
    for (const Domain& domain : topology.GetDomains())
    {
        hasTiers = hasTiers || domain.tier > 0;
        most = domain.tier == 0 ? std::max(most, domain.endpoints.size()) : most;
    }
    return hasTiers ? static_cast<uint32_t>(most) : 1;
}

/** @return the cables that the job can lose, by class. */
std::vector<StabilityPlan::LinkClass>
FindCables(const Topology& topology, const std::vector<uint32_t>& cards)
{
    std::vector<bool> isCard(topology.GetEndpoints(), false);
    for (const uint32_t card : cards)
    {
        isCard[card] = true;
    }
    std::vector<StabilityPlan::LinkClass> classes(topology.GetLinkClasses().size());
    for (std::size_t cls = 0; cls < classes.size(); ++cls)
    {
        classes[cls].name = topology.GetLinkClasses()[cls].name;
    }
    for (uint32_t cable = 0; cable < topology.GetLinks().size(); cable += 2)
    {
        const Topology::Link& link = topology.GetLinks()[cable];
        const auto isIdle = [&](uint32_t node) {
            return topology.IsEndpoint(node) && !isCard[node];
        };
        if (!isIdle(link.from) && !isIdle(link.to))
        {
            classes[link.cls].cables.push_back(cable);
            classes[link.cls].isAtEndpoint = classes[link.cls].isAtEndpoint ||
                                             topology.IsEndpoint(link.from) ||
                                             topology.IsEndpoint(link.to);
        }
    }
    std::erase_if(classes, [](const auto& cls) { return cls.cables.empty(); });
    return classes;
}

/** @return the bytes of a checkpoint, by card. */
std::vector<uint64_t>
FindBytes(const Experiment& experiment, const std::vector<uint32_t>& cards)
{
    const StabilityDescription& stability = *experiment.stability;
    if (stability.spec.checkpoint.bytes)
    {
        return std::vector<uint64_t>(
            cards.size(),
            static_cast<uint64_t>(std::llround(*stability.spec.checkpoint.bytes)));
    }
    const WorkloadDescription& workload = experiment.workloads.front();
    if (experiment.workloads.size() > 1 || workload.kind != WorkloadDescription::TRAINING)
    {
        stability.Refuse("checkpoint.bytes",
                         "only the workload of one training tells how many bytes a checkpoint "
                         "has: give those of a card, as 'checkpoint: {bytes: 1GB}'");
    }
    // As ZeRO 3 shares weights and optimizer: each parameter is saved once.
    TrainingSpec shared = workload.training;
    shared.zero = 3;
    std::vector<uint64_t> ofStage(shared.parallel.pipeline); // the same on all kinds of cards
    for (const TrainingMemory& memory : PlanMemory(shared))
    {
        ofStage[memory.stage] =
            static_cast<uint64_t>(std::llround(std::ceil(memory.weights + memory.optimizer)));
    }
    const RankLayout layout(shared.parallel);
    std::map<uint32_t, uint64_t> bytes; // by endpoint
    for (uint32_t rank = 0; rank < shared.GetCards(); ++rank)
    {
        bytes[workload.endpoints[rank]] = ofStage[layout.GetStage(rank)];
    }
    std::vector<uint64_t> list;
    for (const uint32_t card : cards)
    {
        list.push_back(bytes[card]);
    }
    return list;
}

/** Refuse copies that have no place to go to. */
void
CheckCopy(const StabilityDescription& stability, const StabilityPlan& plan)
{
    const CheckpointSpec& checkpoint = stability.spec.checkpoint;
    if (checkpoint.to == CheckpointTarget::NEIGHBOUR && plan.cards.size() == 1)
    {
        stability.Refuse(
            "checkpoint.to",
            "there is one card, which has no neighbour: keep checkpoints in its 'host' "
            "or a 'store'");
    }
    if (checkpoint.to == CheckpointTarget::NEIGHBOUR && plan.nodes.size() == 1 &&
        stability.spec.nodeRate > 0)
    {
        stability.Refuse(
            "checkpoint.to",
            "there is one node, and the neighbour that keeps its checkpoint fails with "
            "it: keep checkpoints in a 'store', or let no 'node' fail");
    }
    const uint32_t together = stability.spec.group.nodes;
    if (stability.spec.group.rate > 0 && plan.nodes.size() % together != 0)
    {
        stability.Refuse("failures.group.nodes",
                         fmt::format("the job's {} nodes are no whole groups of {}: give a number "
                                     "that divides them",
                                     plan.nodes.size(),
                                     together));
    }
    for (const uint32_t endpoint : checkpoint.store)
    {
        if (std::binary_search(plan.cards.begin(), plan.cards.end(), endpoint))
        {
            stability.Refuse("checkpoint.store.endpoints",
                             fmt::format("endpoint {} is a card of the job, and no store: leave it "
                                         "out of the workload's 'ranks', or name another",
                                         endpoint));
        }
    }
}

/** Refuse links whose failures can't be simulated. */
void
CheckLinks(const Experiment& experiment,
           const StabilityPlan& plan,
           const MtlinkFabric& fabric,
           const std::string& mode)
{
    const StabilityDescription& stability = *experiment.stability;
    const LinkFailures& link = stability.spec.link;
    const bool isSimulated = link.effect == LinkEffect::DOWN || link.effect == LinkEffect::DEGRADED;
    if (link.rate == 0 || !isSimulated)
    {
        return;
    }
    const std::string others = "say what they do, as 'link: {rate: 1e-5, effect: stop}' or "
                               "'{rate: 1e-5, effect: slow, slowdown: 1.3}'";
    const bool isFlow = mode == "flow" && link.effect == LinkEffect::DEGRADED;
    if (mode != "packet" && !isFlow)
    {
        stability.Refuse("failures.link",
                         fmt::format("links that are down are simulated in packets, those that "
                                     "lack lanes also in flows, and this is mode {}: {}, or set "
                                     "'simulation: {{mode: packet}}'",
                                     mode,
                                     others));
    }
    const WorkloadDescription* folded = FindFolded(experiment);
    if (folded && folded->training.fold == Fold::ALWAYS)
    {
        stability.Refuse("failures.link",
                         "links that fail are simulated, and tensor groups whose links do can't be "
                         "folded: " +
                             others +
                             ", or set 'fold: most' of the training, which folds the "
                             "others");
    }
    if (experiment.memo)
    {
        stability.Refuse("failures.link",
                         "links that fail are chosen by what they carry, and with a memo not all "
                         "that is carried is simulated: " +
                             others + ", or leave simulation.memo out");
    }
    for (const StabilityPlan::LinkClass& cls : plan.classes)
    {
        for (const uint32_t cable : cls.cables)
        {
            const uint32_t lanes = fabric.GetLinkProfile(cable)->GetLanes();
            if (link.effect == LinkEffect::DEGRADED && link.lanes >= lanes)
            {
                stability.Refuse(
                    "failures.link.lanes",
                    fmt::format("link {} has {} lanes: a degraded one has fewer, at least 1",
                                fabric.GetTopology().GetLinkName(cable),
                                lanes));
            }
        }
    }
}

/**
 * @return about what a copy takes, seconds: the longest part on the idle fabric, or all bytes in
 * and out of an endpoint at its rate, or a store's.
 */
double
EstimateCopyTime(const CheckpointCopy& copy, const MtlinkFabric& fabric)
{
    std::vector<double> in(copy.endpoints.size(), 0);
    std::vector<double> out(copy.endpoints.size(), 0);
    double longest = 0;
    for (const CheckpointCopy::Part& part : copy.parts)
    {
        out[part.from] += static_cast<double>(part.bytes);
        in[part.to] += static_cast<double>(part.bytes);
        longest =
            std::max(longest,
                     static_cast<double>(part.bytes) /
                         fabric.GetIdleRate(copy.endpoints[part.from], copy.endpoints[part.to]));
    }
    for (std::size_t rank = 0; rank < copy.endpoints.size(); ++rank)
    {
        const double rate = fabric.GetEndpointBitRate(copy.endpoints[rank]) / 8;
        longest = std::max({longest, out[rank] / rate, in[rank] / rate});
        if (copy.storeRate > 0)
        {
            longest = std::max(longest, in[rank] / copy.storeRate);
        }
    }
    return longest;
}

/** @return a copy as a workload. */
WorkloadDescription
MakeCopyWorkload(CheckpointCopy copy)
{
    WorkloadDescription workload;
    workload.name = "checkpoint";
    workload.kind = WorkloadDescription::CHECKPOINT;
    workload.endpoints = copy.endpoints;
    workload.isAllRanks = false;
    workload.copy = std::make_shared<const CheckpointCopy>(std::move(copy));
    workload.node = MakeYaml(YamlNode::MAPPING);
    return workload;
}

/** @return how often a workload repeats its work. */
uint32_t
GetRounds(const WorkloadDescription& workload)
{
    return workload.kind == WorkloadDescription::TRAINING     ? workload.training.iterations
           : workload.kind == WorkloadDescription::COLLECTIVE ? workload.repeat
                                                              : 1;
}

/** One of the runs ended before its time. */
struct TrialStopped
{
    RunEnd end;         //!< How
    std::string reason; //!< What it was, and why
};

/** The runs beside the experiment's own. */
class StabilityTrials
{
  public:
    StabilityTrials(const Experiment& experiment,
                    const StabilityPlan& plan,
                    const RunOptions& options,
                    const RunResults& healthy)
        : m_experiment(experiment),
          m_plan(plan),
          m_healthy(healthy),
          m_count(experiment.workloads.size()),
          m_rounds(m_count == 1 ? GetRounds(experiment.workloads.front()) : 1)
    {
        m_options.interrupt = options.interrupt;
    }

    /** @return seconds of an undisturbed iteration. */
    double GetIterationTime() const
    {
        return GetWorkTime(m_healthy) / m_rounds;
    }

    /** @return seconds of a copy with nothing else going on. */
    double SimulateCopy() const
    {
        Experiment trial = MakeTrial();
        trial.workloads = {MakeCopyWorkload(*m_plan.copy)};
        return GetTime(Run(trial, "a checkpoint's copy"), 0, 1);
    }

    /** Time of a copy beside iterations, and the work that they lose meanwhile. Seconds. */
    struct Beside
    {
        double time{0};  //!< Of the copy
        double slows{0}; //!< That iterations end later for it
    };

    /** Simulate a copy beside iterations. @param [in] alone Its time alone. */
    Beside SimulateBeside(double alone) const
    {
        const double iteration = GetIterationTime();
        const WorkloadDescription& first = m_experiment.workloads.front();
        const bool repeats = m_count == 1 && (first.kind == WorkloadDescription::TRAINING ||
                                              first.kind == WorkloadDescription::COLLECTIVE);
        const uint32_t rounds =
            repeats ? static_cast<uint32_t>(
                          std::min<double>(MOST_ROUNDS, std::ceil(alone / iteration) + 1))
                    : 1;
        // Of a copy that takes longer than the iterations, as much as they see the end of.
        double share = std::min(1.0, (rounds - 0.5) * iteration / alone);
        double copying = 0;
        double working = 0;
        for (uint32_t attempt = 0; attempt < MOST_ATTEMPTS; ++attempt)
        {
            Experiment trial = MakeTrial();
            SetRounds(trial, rounds);
            CheckpointCopy part = *m_plan.copy;
            for (CheckpointCopy::Part& each : part.parts)
            {
                each.bytes = std::max<uint64_t>(
                    1,
                    static_cast<uint64_t>(static_cast<double>(each.bytes) * share));
            }
            trial.workloads.push_back(MakeCopyWorkload(std::move(part)));
            const RunResults results = Run(trial, "iterations beside a checkpoint's copy");
            working = GetTime(results, 0, m_count);
            copying = GetTime(results, m_count, m_count + 1);
            if (copying <= working)
            {
                break;
            }
            share /= 2;
        }
        double undisturbed = GetWorkTime(m_healthy);
        if (rounds != m_rounds)
        {
            Experiment trial = MakeTrial();
            SetRounds(trial, rounds);
            undisturbed = GetWorkTime(Run(trial, "undisturbed iterations"));
        }
        return {copying / share, std::max(0.0, working - undisturbed) / share};
    }

    /** @return what a link of a class that fails does. @param [in] cls The class. */
    StabilityFaultResult SimulateFault(const StabilityPlan::LinkClass& cls) const
    {
        StabilityFaultResult fault;
        fault.cls = cls.name;
        fault.cables = cls.cables.size();
        uint64_t most = 0;
        uint32_t busiest = 0;
        for (const uint32_t cable : cls.cables)
        {
            const uint64_t bytes = m_healthy.links[cable].payloadBytes +
                                   m_healthy.links[Topology::Reverse(cable)].payloadBytes;
            fault.used += bytes > 0 ? 1 : 0;
            busiest = bytes > most ? cable : busiest;
            most = std::max(most, bytes);
        }
        fault.iterationTimeNs = GetIterationTime() * NANOSECONDS;
        if (fault.used == 0)
        {
            return fault;
        }
        fault.link = m_healthy.links[busiest].name;
        Experiment trial = MakeTrial();
        trial.faults.push_back(MakeFault(fault.link));
        const RunOutcome outcome = RunExperiment(trial, m_options);
        if (outcome.end == RunEnd::STALLED)
        {
            fault.iterationTimeNs.reset();
            return fault;
        }
        Require(outcome, fmt::format("an iteration with link {} failed", fault.link));
        fault.iterationTimeNs =
            std::max(*fault.iterationTimeNs, GetWorkTime(outcome.results) / m_rounds * NANOSECONDS);
        return fault;
    }

  private:
    /** @return the experiment, nothing measured. */
    Experiment MakeTrial() const
    {
        Experiment trial = m_experiment;
        trial.stability.reset();
        trial.whatIf = WhatIf::NEVER;
        trial.mode = m_healthy.mode;
        trial.memo = false;
        trial.timeline = false;
        trial.sampleEvery = 0;
        trial.rows = RowLimits{};
        trial.rows.messages = 0;
        return trial;
    }

    static void SetRounds(Experiment& trial, uint32_t rounds)
    {
        WorkloadDescription& workload = trial.workloads.front();
        workload.training.iterations = rounds;
        workload.repeat = rounds;
    }

    /** @return the fault of a link, from the beginning and for good. */
    FaultDescription MakeFault(const std::string& link) const
    {
        const LinkFailures& failures = m_experiment.stability->spec.link;
        FaultDescription fault;
        fault.kind = FaultDescription::LINK;
        fault.name = link;
        fault.fault.isDown = failures.effect == LinkEffect::DOWN;
        fault.fault.lanes = failures.lanes;
        fault.fault.policy = DownPolicy::REROUTE;
        fault.node = MakeYaml(YamlNode::MAPPING);
        return fault;
    }

    RunResults Run(const Experiment& trial, const std::string& what) const
    {
        RunOutcome outcome = RunExperiment(trial, m_options);
        Require(outcome, what);
        return std::move(outcome.results);
    }

    /** Go on only with what ran to its end. */
    static void Require(const RunOutcome& outcome, const std::string& what)
    {
        if (outcome.end != RunEnd::COMPLETE)
        {
            throw TrialStopped{outcome.end,
                               fmt::format("stability, {}: {}", what, outcome.results.stopReason)};
        }
    }

    /** @return seconds from first start to last end of some workloads. */
    static double GetTime(const RunResults& results, std::size_t begin, std::size_t end)
    {
        Tick first = NEVER;
        Tick last = 0;
        for (std::size_t i = begin; i < end; ++i)
        {
            first = std::min(first, results.workloadSpans[i].first);
            last = std::max(last, results.workloadSpans[i].second);
        }
        return ToSeconds(last - first);
    }

    /** @return seconds that the experiment's workloads took. */
    double GetWorkTime(const RunResults& results) const
    {
        return GetTime(results, 0, m_count);
    }

    const Experiment& m_experiment; //!< What is run
    const StabilityPlan& m_plan;    //!< Its plan
    const RunResults& m_healthy;    //!< Of its own run
    RunOptions m_options;           //!< Of the others
    std::size_t m_count;            //!< Workloads of the experiment
    uint32_t m_rounds;              //!< Iterations of its own run
};

/** What a failure of a JobModel is called. */
struct FailureName
{
    std::string kind; //!< card, node, link
    std::string unit; //!< link: its class
};

/** Failures with their names, by kind. */
struct NamedFailures
{
    std::vector<FailureKind> kinds;
    std::vector<FailureName> names;

    void Add(const FailureKind& kind, const FailureName& name)
    {
        if (kind.rate > 0)
        {
            kinds.push_back(kind);
            names.push_back(name);
        }
    }
};

/** @return all that fails. */
NamedFailures
ListFailures(const StabilitySpec& spec,
             const StabilityPlan& plan,
             const std::vector<StabilityFaultResult>& faults,
             double iterationTimeNs)
{
    NamedFailures all;
    const auto perSecond = [](double perDay, std::size_t units) {
        return perDay * static_cast<double>(units) / SECONDS_OF_DAY;
    };
    all.Add({perSecond(spec.cardRate, plan.cards.size()), plan.cards.size()}, {"card", ""});
    all.Add({perSecond(spec.nodeRate, plan.nodes.size()), plan.nodes.size()}, {"node", ""});
    FailureKind group;
    group.units = plan.nodes.size() / spec.group.nodes;
    group.rate = perSecond(spec.group.rate, group.units);
    group.taken = spec.group.nodes;
    all.Add(group, {"group", ""});
    for (std::size_t i = 0; i < plan.classes.size(); ++i)
    {
        const StabilityPlan::LinkClass& cls = plan.classes[i];
        FailureKind kind;
        kind.units = cls.cables.size();
        kind.repair = spec.link.repair;
        kind.taken = cls.isAtEndpoint ? 1 : 0;
        kind.stops = spec.link.effect == LinkEffect::STOP;
        kind.slowdown = spec.link.slowdown;
        std::size_t used = cls.cables.size();
        if (!faults.empty())
        {
            used = faults[i].used;
            kind.stops = !faults[i].iterationTimeNs;
            kind.slowdown = kind.stops ? 1 : *faults[i].iterationTimeNs / iterationTimeNs;
        }
        kind.rate = perSecond(spec.link.rate, used);
        all.Add(kind, {"link", cls.name});
        FailureKind unused;
        unused.rate = perSecond(spec.link.rate, cls.cables.size() - used);
        unused.units = kind.units;
        unused.stops = false;
        all.Add(unused, {"link", cls.name});
    }
    return all;
}

/** @return the work between checkpoints, seconds, in whole iterations. */
double
ChooseInterval(const StabilityDescription& stability,
               const RenewalModel& costs,
               double iteration,
               double least)
{
    const double fewest = std::max(1.0, std::ceil(least / iteration - 1e-9));
    if (const std::optional<double> every = stability.spec.checkpoint.every)
    {
        const double rounds = std::max(1.0, std::round(*every / iteration));
        if (rounds < fewest)
        {
            stability.Refuse("checkpoint.every",
                             fmt::format("a copy goes on beside training for {:.4g} s, and the "
                                         "next begins after it: give at least {:.4g}s, or auto",
                                         least,
                                         fewest * iteration));
        }
        return rounds * iteration;
    }
    const double best = GetRenewalInterval(costs.cost, costs.mttf);
    if (!std::isfinite(best))
    {
        return FOREVER; // nothing takes the job back
    }
    const auto getEttr = [&](double rounds) {
        RenewalModel model = costs;
        model.interval = rounds * iteration;
        return GetRenewalEttr(model);
    };
    const double below = std::max(fewest, std::floor(best / iteration));
    return (getEttr(below) >= getEttr(below + 1) ? below : below + 1) * iteration;
}

/** Add the closed forms, and say what they are worth here. */
void
AddClosedForms(const StabilitySpec& spec,
               const JobModel& job,
               const RenewalModel& renewal,
               StabilityResult& result)
{
    std::vector<std::string> without;
    if (job.copy > 0)
    {
        without.push_back("that a copy holds only when it is whole");
    }
    if (!spec.spare.isUnlimited)
    {
        without.push_back("waiting for spares");
    }
    const auto isOf = [&job](auto predicate) {
        return std::any_of(job.failures.begin(), job.failures.end(), predicate);
    };
    if (isOf([](const FailureKind& kind) { return !kind.stops && kind.slowdown > 1; }))
    {
        without.push_back("links that slow iterations");
    }
    if (isOf([](const FailureKind& kind) { return kind.stops && kind.taken == 0; }))
    {
        without.push_back("waiting for links to be mended");
    }
    result.renewalHolds = without.empty();
    result.renewalNote =
        without.empty() ? "exact here" : fmt::format("leaves out {}", fmt::join(without, ", and "));
    result.renewalEttr = GetRenewalEttr(renewal);
    if (!std::isfinite(renewal.mttf))
    {
        result.firstOrderEttr = result.metaEttr = NO_NUMBER;
        result.youngNs = result.dalyNs = NO_NUMBER;
        result.firstOrderHolds = false;
        result.firstOrderNote = "says nothing where no failure stops the job";
        return;
    }
    result.firstOrderEttr = GetFirstOrderEttr(renewal);
    result.metaEttr = GetMetaEttr(renewal);
    result.youngNs = GetYoungInterval(renewal.cost, renewal.mttf) * NANOSECONDS;
    result.dalyNs = GetDalyInterval(renewal.cost, renewal.mttf) * NANOSECONDS;
    const double pressure = (renewal.recovery + renewal.interval / 2) / renewal.mttf;
    result.firstOrderHolds = result.renewalEttr >= TRUSTED_ETTR && pressure < TRUSTED_PRESSURE;
    result.firstOrderNote =
        result.firstOrderHolds
            ? fmt::format("holds as far as the closed form does: {:.2g} of the MTTF is lost by a "
                          "failure",
                          pressure)
            : fmt::format("does not hold: {:.2g} of the MTTF is lost by a failure (trusted below "
                          "{}), ETTR {:.2g} (above {})",
                          pressure,
                          TRUSTED_PRESSURE,
                          result.renewalEttr,
                          TRUSTED_ETTR);
}

/** Tell what became of a job's lives. */
void
AddFigures(const LifeFigures& figures, const NamedFailures& failures, StabilityResult& result)
{
    result.runs = figures.runs;
    result.mttfNs = Scale(figures.mttf, NANOSECONDS);
    result.availability = figures.availability;
    result.ettr = figures.ettr;
    result.goodput = figures.goodput;
    for (const char* kind : {"card", "node", "link", "group"})
    {
        IntervalFigure sum;
        double square = 0; // of half widths: kinds are independent
        for (std::size_t i = 0; i < failures.names.size(); ++i)
        {
            if (failures.names[i].kind == kind)
            {
                const IntervalFigure& figure = figures.failures[i];
                sum.value += figure.value;
                square += (figure.high - figure.value) * (figure.high - figure.value);
            }
        }
        sum.low = std::max(0.0, sum.value - std::sqrt(square));
        sum.high = sum.value + std::sqrt(square);
        result.failures.emplace_back(kind, sum);
    }
    result.failures.emplace_back("stops", figures.stops);
}

/** @return the failures of one life, as rows. */
std::vector<StabilityFailureResult>
ListRows(const JobHistory& history,
         const JobModel& job,
         const NamedFailures& failures,
         const StabilityPlan& plan,
         const RunResults& results)
{
    std::vector<StabilityFailureResult> rows;
    for (const JobFailure& failure : history.failures)
    {
        const FailureKind& kind = job.failures[failure.kind];
        const FailureName& name = failures.names[failure.kind];
        StabilityFailureResult row;
        row.timeS = failure.at;
        row.kind = name.kind;
        row.unit = name.kind == "card"   ? results.nodes[plan.cards[failure.unit]].name
                   : name.kind == "node" ? fmt::format("node {}", plan.nodes[failure.unit])
                   : name.kind == "group"
                       ? fmt::format("nodes {} to {}",
                                     plan.nodes[failure.unit * kind.taken],
                                     plan.nodes[(failure.unit + 1) * kind.taken - 1])
                       : name.unit;
        row.effect = kind.stops ? "stop" : kind.slowdown > 1 ? "slow" : "none";
        row.slowdown = kind.slowdown;
        row.lostS = failure.lost;
        row.downS = failure.down;
        row.spares = !kind.stops      ? ""
                     : failure.spares ? fmt::format("{}", *failure.spares)
                                      : "unlimited";
        rows.push_back(std::move(row));
    }
    return rows;
}

/** @return spares that there are; nothing: unlimited. */
std::optional<uint64_t>
CountSpares(const SpareSpec& spare, uint64_t units)
{
    if (spare.isUnlimited)
    {
        return std::nullopt;
    }
    return spare.share > 0
               ? static_cast<uint64_t>(std::ceil(spare.share * static_cast<double>(units) - 1e-9))
               : spare.count;
}

} // namespace

double
StabilityPlan::GetStopsPerDay(const StabilitySpec& spec) const
{
    const double links = spec.link.effect == LinkEffect::STOP
                             ? spec.link.rate * static_cast<double>(CountCables())
                             : 0;
    return spec.cardRate * static_cast<double>(cards.size()) +
           spec.nodeRate * static_cast<double>(nodes.size()) +
           spec.group.rate * static_cast<double>(nodes.size() / spec.group.nodes) + links;
}

uint64_t
StabilityPlan::CountCables() const
{
    uint64_t count = 0;
    for (const LinkClass& cls : classes)
    {
        count += cls.cables.size();
    }
    return count;
}

StabilityPlan
PlanStability(const Experiment& experiment, const MtlinkFabric& fabric, const std::string& mode)
{
    const StabilityDescription& stability = *experiment.stability;
    const StabilitySpec& spec = stability.spec;
    const Topology& topology = fabric.GetTopology();
    StabilityPlan plan;
    std::set<uint32_t> cards;
    for (const WorkloadDescription& workload : experiment.workloads)
    {
        if (workload.kind == WorkloadDescription::TRAFFIC)
        {
            stability.node.Refuse("open-loop traffic has no iterations that a failure could cost: "
                                  "give a training, a collective or a trace");
        }
        cards.insert(workload.endpoints.begin(), workload.endpoints.end());
    }
    if (!experiment.faults.empty())
    {
        stability.node.Refuse("'stability' makes the faults that it simulates: leave out 'faults'");
    }
    plan.cards.assign(cards.begin(), cards.end());
    plan.cardsPerNode = spec.cardsPerNode > 0 ? spec.cardsPerNode : GetCardsPerNode(topology);
    for (const uint32_t card : plan.cards)
    {
        const uint32_t node = card / plan.cardsPerNode;
        if (plan.nodes.empty() || plan.nodes.back() != node)
        {
            plan.nodes.push_back(node);
        }
    }
    plan.classes = FindCables(topology, plan.cards);
    plan.bytes = FindBytes(experiment, plan.cards);
    CheckCopy(stability, plan);
    CheckLinks(experiment, plan, fabric, mode);
    switch (spec.checkpoint.to)
    {
    case CheckpointTarget::HOST:
        plan.copySeconds =
            static_cast<double>(*std::max_element(plan.bytes.begin(), plan.bytes.end())) /
            spec.checkpoint.hostRate;
        break;
    case CheckpointTarget::NEIGHBOUR:
        plan.copy = CopyToNeighbours(plan.cards, plan.bytes, plan.cardsPerNode);
        break;
    case CheckpointTarget::STORE:
        plan.copy =
            CopyToStore(plan.cards, plan.bytes, spec.checkpoint.store, spec.checkpoint.storeRate);
        break;
    }
    if (plan.copy)
    {
        plan.copySeconds = EstimateCopyTime(*plan.copy, fabric);
    }
    return plan;
}

StabilityResult
DescribeStability(const Experiment& experiment, const StabilityPlan& plan)
{
    const StabilitySpec& spec = experiment.stability->spec;
    StabilityResult result;
    result.runNs = spec.run * NANOSECONDS;
    result.seed = spec.seed.value_or(experiment.seed);
    result.cards = plan.cards.size();
    result.nodes = plan.nodes.size();
    result.cables = plan.CountCables();
    const std::optional<uint64_t> spares = CountSpares(spec.spare, plan.CountUnits());
    const std::string unit = plan.cardsPerNode > 1 ? "node" : "card";
    result.spares =
        spares ? fmt::format("{} {}{}", *spares, unit, *spares == 1 ? "" : "s") : "unlimited";
    result.to = CHECKPOINT_TARGET_NAMES[static_cast<std::size_t>(spec.checkpoint.to)];
    for (const uint64_t bytes : plan.bytes)
    {
        result.bytes += static_cast<double>(bytes);
        result.cardBytes = std::max(result.cardBytes, static_cast<double>(bytes));
    }
    result.copyTimeNs = plan.copySeconds * NANOSECONDS;
    result.detectNs = spec.detect * NANOSECONDS;
    result.restartNs = spec.restart * NANOSECONDS;
    result.restoreNs = result.copyTimeNs;
    result.blockingNs = spec.checkpoint.blocking.value_or(plan.copySeconds) * NANOSECONDS;
    const double mttf = SECONDS_OF_DAY / plan.GetStopsPerDay(spec);
    result.mttfNs = MakeExact(mttf * NANOSECONDS);
    result.checkpointIntervalNs =
        MakeExact(NANOSECONDS * spec.checkpoint.every.value_or(
                                    GetRenewalInterval(result.blockingNs / NANOSECONDS, mttf)));
    return result;
}

void
SimulateStability(const Experiment& experiment,
                  const StabilityPlan& plan,
                  const RunOptions& options,
                  RunOutcome& outcome)
{
    const StabilityDescription& stability = *experiment.stability;
    const StabilitySpec& spec = stability.spec;
    StabilityResult result = DescribeStability(experiment, plan);
    const StabilityTrials trials(experiment, plan, options, outcome.results);
    const double iteration = trials.GetIterationTime();
    StabilityTrials::Beside beside;
    double copy = plan.copySeconds;
    try
    {
        copy = plan.copy ? trials.SimulateCopy() : copy;
        if (spec.checkpoint.blocking)
        {
            // To its host a card copies beside all links of the fabric.
            beside = plan.copy ? trials.SimulateBeside(copy) : StabilityTrials::Beside{copy, 0};
        }
        if (spec.link.rate > 0 &&
            (spec.link.effect == LinkEffect::DOWN || spec.link.effect == LinkEffect::DEGRADED))
        {
            for (const StabilityPlan::LinkClass& cls : plan.classes)
            {
                result.faults.push_back(trials.SimulateFault(cls));
            }
        }
    }
    catch (const TrialStopped& stopped)
    {
        outcome.end = stopped.end;
        outcome.results.complete = false;
        outcome.results.stopReason = stopped.reason;
        return;
    }

    result.iterationTimeNs = iteration * NANOSECONDS;
    const NamedFailures failures = ListFailures(spec, plan, result.faults, result.iterationTimeNs);
    JobModel job;
    job.run = spec.run;
    job.copy = beside.time;
    // What it slows iterations by beyond its own time is lost at once.
    constexpr double MOST_SLOWED = 0.999;
    job.slow = std::min(beside.slows, MOST_SLOWED * beside.time);
    job.stall = spec.checkpoint.blocking.value_or(copy) + beside.slows - job.slow;
    job.detect = spec.detect;
    job.restart = spec.restart + copy;
    job.units = plan.CountUnits();
    job.spares = CountSpares(spec.spare, plan.CountUnits());
    job.repair = spec.repair;
    job.failures = failures.kinds;
    double stops = 0;
    for (const FailureKind& kind : job.failures)
    {
        stops += kind.stops ? kind.rate : 0;
    }
    RenewalModel renewal;
    renewal.mttf = 1 / stops;
    renewal.cost = job.stall + job.slow;
    renewal.recovery = job.detect + job.restart;
    job.work = ChooseInterval(stability, renewal, iteration, job.copy - job.slow);
    renewal.interval = job.work;

    result.copyTimeNs = result.restoreNs = copy * NANOSECONDS;
    result.blockingNs = spec.checkpoint.blocking.value_or(copy) * NANOSECONDS;
    result.besideNs = beside.time * NANOSECONDS;
    result.slowsNs = beside.slows * NANOSECONDS;
    result.checkpointIntervalNs = MakeExact(job.work * NANOSECONDS);
    AddClosedForms(spec, job, renewal, result);
    const LifeFigures figures = GetLifeFigures(job, static_cast<uint32_t>(result.seed));
    AddFigures(figures, failures, result);
    outcome.results.stabilityFailures =
        ListRows(figures.first, job, failures, plan, outcome.results);
    outcome.results.stability = std::move(result);
}

} // namespace mtlink
} // namespace ns3
