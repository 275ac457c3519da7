/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/training-run.h"

#include "engine/random.h"
#include "experiment/link-walk.h"
#include "experiment/training-lanes.h"
#include "training/memory-plan.h"
#include "training/mixed-cluster.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <numbers>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr double NANOSECOND = 1000;      //!< In ps
constexpr double SECOND = 1e12;          //!< In ps
constexpr double SECONDS_OF_DAY = 86400; //!< In a day

/** Files and keys of the results that know nothing of folded collectives. */
constexpr std::array<const char*, 9> FOLD_LEFT_OUT{"collectives.csv",
                                                   "messages.csv",
                                                   "queues.csv",
                                                   "series.csv",
                                                   "congestion.csv",
                                                   "congestion_flows.csv",
                                                   "timeline.json",
                                                   "packet_latency_ns",
                                                   "network_latency_ns"};

/** Cards draw from a stream of their own: traffic, fabric and placements have others. */
constexpr uint64_t CARD_STREAM = 3ULL << 61;

/** @return whether cards of a kind differ. */
bool
HasStragglers(const Device& device)
{
    return device.straggler.slow > 0 || device.straggler.sigma > 0;
}

/** @return the links from one endpoint to another; the first of equivalent ones stands for all. */
std::vector<uint32_t>
FindWay(const MtlinkFabric& fabric, uint32_t src, uint32_t dst)
{
    std::vector<uint32_t> way;
    ForEachHop(fabric, src, dst, [&way](uint32_t link) { way.push_back(link); });
    return way;
}

} // namespace

std::vector<double>
DrawSlowness(const TrainingSpec& spec, uint32_t seed)
{
    std::vector<double> slowness;
    const bool isAny =
        spec.kinds.empty()
            ? HasStragglers(spec.device)
            : std::any_of(spec.kinds.begin(), spec.kinds.end(), [](const auto& kind) {
                  return HasStragglers(kind.device);
              });
    if (!isAny)
    {
        return slowness;
    }
    RandomStream random(seed, CARD_STREAM);
    for (uint32_t card = 0; card < spec.GetCards(); ++card)
    {
        const StragglerSpec& straggler =
            (spec.kinds.empty() ? spec.device : spec.kinds[spec.GetKind(card)].device).straggler;
        const double first = random.Uniform();
        const double second = random.Uniform();
        // Box and Muller 1958.
        const double normal =
            std::sqrt(-2 * std::log1p(-first)) * std::cos(2 * std::numbers::pi * second);
        slowness.push_back(straggler.sigma > 0      ? 1 + straggler.sigma * std::abs(normal)
                           : first < straggler.slow ? straggler.by
                                                    : 1);
    }
    return slowness;
}

TrainingRun::TrainingRun(const WorkloadDescription& workload,
                         const FabricHints& hints,
                         uint32_t seed,
                         const TensorFold* fold)
    : m_workload(workload),
      m_fold(fold),
      m_endpoints(workload.ListReplayed()),
      m_slowness(DrawSlowness(workload.training, seed)),
      m_iteration(workload.training, workload.endpoints, m_slowness, hints, fold)
{
}

TrainingResult
TrainingRun::Describe() const
{
    const TrainingSpec& spec = m_workload.training;
    TrainingResult result;
    const IterationFlops flops = GetIterationFlops(spec);
    result.parameters = spec.model.GetParameters();
    result.modelFlops = flops.model;
    result.hardwareFlops = flops.hardware;
    result.memory = PlanMemory(spec);
    result.traffic = m_iteration.GetTraffic();
    result.balances = spec.balances;
    if (!spec.kinds.empty())
    {
        result.mix = DescribeMix();
    }
    return result;
}

TrainingMix
TrainingRun::DescribeMix() const
{
    const TrainingSpec& spec = m_workload.training;
    TrainingMix mix;
    for (uint32_t kind = 0; kind < spec.kinds.size(); ++kind)
    {
        TrainingKind row;
        row.name = spec.kinds[kind].name;
        row.cards = static_cast<uint32_t>(ListRanks(spec, kind).size());
        row.peak = spec.kinds[kind].device.peak.at(spec.precision);
        mix.kinds.push_back(row);
    }
    mix.boundNs = GetKernelBound(spec) / NANOSECOND;
    return mix;
}

std::string
TrainingRun::GetLevel(const ExposedTo& with,
                      uint32_t rank,
                      const MtlinkFabric& fabric,
                      const RunResults& results) const
{
    const RankLayout& layout = m_iteration.GetLayout();
    std::vector<uint32_t> ranks;
    if (with.second != NONE)
    {
        ranks = {with.second, rank};
    }
    else if (with.first == GroupKind::EMBEDDING)
    {
        const uint32_t place = layout.GetPlace(rank);
        ranks = {layout.GetRank(0, place),
                 layout.GetRank(m_workload.training.parallel.pipeline - 1, place)};
    }
    else
    {
        // With dualpipe groups that sum gradients have members in the mirrored stage, too.
        const uint32_t group = layout.GetGroup(with.first, layout.GetPlace(rank));
        ranks = layout.GetRankGroups(with.first, layout.GetStage(rank))[group];
    }
    std::vector<uint32_t> longest;
    for (std::size_t i = 1; i < ranks.size(); ++i)
    {
        std::vector<uint32_t> way =
            FindWay(fabric, m_endpoints[ranks[i - 1]], m_endpoints[ranks[i]]);
        if (way.size() > longest.size())
        {
            longest = std::move(way);
        }
    }
    return longest.empty() ? "" : results.links[longest[(longest.size() - 1) / 2]].cls;
}

void
TrainingRun::Collect(const OperationGraph& graph,
                     const Replayer& replayer,
                     const MtlinkFabric& fabric,
                     RunResults& results) const
{
    const TrainingSpec& spec = m_workload.training;
    const TimeAccount times(m_iteration, graph, replayer);
    const CardAccount account = times.Account(times.GetSlowestRank(), m_workload.start);
    TrainingResult result = Describe();
    const auto mean = [&spec](Tick time) {
        return static_cast<double>(time) / NANOSECOND / spec.iterations;
    };
    const double seconds =
        static_cast<double>(account.end - account.start) / SECOND / spec.iterations;
    const double peak = spec.GetTotalPeak();
    result.iterationTimeNs = mean(account.end - account.start);
    result.mfu = result.modelFlops / (peak * seconds);
    result.hfu = result.hardwareFlops / (peak * seconds);
    result.tokensPerSecond =
        static_cast<double>(spec.global) * static_cast<double>(spec.sequence) / seconds;
    if (result.mix)
    {
        result.mix->lossToBound = 1 - result.mix->boundNs / result.iterationTimeNs;
    }
    if (spec.tokens > 0)
    {
        result.daysToTrain = spec.tokens / result.tokensPerSecond / SECONDS_OF_DAY;
    }
    result.card = m_workload.endpoints[account.rank];
    result.stage = m_iteration.GetLayout().GetStage(account.rank);
    for (std::size_t cause = 0; cause < TRAINING_CAUSES; ++cause)
    {
        result.timeNs[cause] = mean(account.time[cause]);
        if (account.communication[cause] > 0)
        {
            result.hidden.emplace_back(
                TRAINING_CAUSE_NAMES[cause],
                std::max(0.0,
                         1 - static_cast<double>(account.time[cause]) /
                                 static_cast<double>(account.communication[cause])));
        }
    }
    std::map<std::string, double> levels;
    for (const auto& [with, time] : account.exposed)
    {
        if (time > 0)
        {
            levels[GetLevel(with, account.rank, fabric, results)] += mean(time);
        }
    }
    result.exposedByLevelNs.assign(levels.begin(), levels.end());
    if (m_fold)
    {
        result.foldSkewNs = static_cast<double>(times.GetSkew()) / NANOSECOND;
        const std::vector<uint32_t>& classOf = m_fold->classOf;
        result.foldApart =
            static_cast<uint32_t>(std::count(classOf.begin(), classOf.end(), TensorFold::APART));
        result.foldLeftOut.assign(FOLD_LEFT_OUT.begin(), FOLD_LEFT_OUT.end());
        AddFolded(graph, times.GetSkew(), results);
    }
    results.training = std::move(result);
    CollectLanes(graph, replayer, account.rank, results);
}

void
TrainingRun::AddFolded(const OperationGraph& graph, Tick skew, RunResults& results) const
{
    std::array<double, FIDELITIES> bytes{};
    const auto sent = static_cast<double>(results.payloadBytesDelivered); // the rest comes later
    for (std::size_t i = 0; i < FIDELITIES; ++i)
    {
        bytes[i] = results.fidelity[i] * sent;
    }
    // What was simulated once stands for what is equal to it.
    Fidelity worst = Fidelity::MEMO;
    for (const TensorTimes& times : m_fold->times)
    {
        for (const auto& [collective, time] : times)
        {
            worst = std::max(worst, time.fidelity);
        }
    }
    worst = skew > 0 ? Fidelity::APPROXIMATE : worst;
    double folded = 0;
    for (const Operation& operation : graph.GetOperations())
    {
        if (operation.type == OperationType::COMPUTE)
        {
            folded += m_iteration.GetBlock(operation).bytes;
        }
    }
    bytes[static_cast<std::size_t>(worst)] += folded;
    for (std::size_t i = 0; i < FIDELITIES && sent + folded > 0; ++i)
    {
        results.fidelity[i] = bytes[i] / (sent + folded);
    }
}

std::vector<FoldedGroup>
TrainingRun::CountFolded(const OperationGraph& graph, const Replayer& replayer) const
{
    std::vector<FoldedGroup> groups;
    if (!m_fold)
    {
        return groups;
    }
    std::vector<uint32_t> groupOf(graph.GetRanks(), NONE); // by a group's first card
    const std::vector<Operation>& operations = graph.GetOperations();
    for (uint32_t id = 0; id < operations.size(); ++id)
    {
        const Operation& operation = operations[id];
        if (operation.type != OperationType::COMPUTE ||
            replayer.GetOperationSpan(id).second == NEVER ||
            m_iteration.GetBlock(operation).folded.empty())
        {
            continue;
        }
        uint32_t& group = groupOf[operation.rank];
        if (group == NONE)
        {
            group = static_cast<uint32_t>(groups.size());
            groups.emplace_back();
            const RankLayout& layout = m_iteration.GetLayout();
            groups.back().cls = m_iteration.GetFoldClass(layout.GetStage(operation.rank),
                                                         layout.GetPlace(operation.rank));
            groups.back().counts.resize(m_fold->times[groups.back().cls].size());
            for (const uint32_t member : m_iteration.GetTeam(operation.rank))
            {
                groups.back().endpoints.push_back(m_workload.endpoints[member]);
            }
        }
        for (const auto& [place, times] : m_iteration.GetBlock(operation).folded)
        {
            groups[group].counts[place] += times;
        }
    }
    return groups;
}

void
TrainingRun::CollectOperations(const OperationGraph& graph,
                               const Replayer& replayer,
                               RunResults& results) const
{
    ForEachSpan(m_iteration, graph, replayer, {}, [&](const TrainingSpan& span) {
        results.operations.push_back(
            {m_endpoints[span.rank], span.lane, span.name, span.start, span.end});
    });
}

void
TrainingRun::CollectLanes(const OperationGraph& graph,
                          const Replayer& replayer,
                          uint32_t rank,
                          RunResults& results) const
{
    const RankLayout& layout = m_iteration.GetLayout();
    std::vector<bool> isWanted(graph.GetRanks(), false);
    for (uint32_t stage = 0; stage < m_workload.training.parallel.pipeline; ++stage)
    {
        isWanted[layout.GetRank(stage, layout.GetPlace(rank))] = true;
    }
    std::vector<TrainingSpan> spans;
    ForEachSpan(m_iteration, graph, replayer, isWanted, [&spans](const TrainingSpan& span) {
        spans.push_back(span);
    });
    results.lanes = MakeLanes(
        std::move(spans),
        [&layout](uint32_t card) { return layout.GetStage(card); },
        m_workload.endpoints);
}

} // namespace mtlink
} // namespace ns3
