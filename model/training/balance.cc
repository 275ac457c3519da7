/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training/balance.h"

#include "engine/time-limit.h"
#include "training/blocks.h"
#include "training/memory-plan.h"
#include "training/rank-layout.h"
#include "training/visit-steps.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <memory>
#include <numeric>
#include <set>
#include <tuple>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr double NANOSECOND = 1000;    //!< In ps
constexpr uint64_t MOST_TRIED = 2'000; //!< Splits of layers: some seconds, of the largest models

/** Kinds of a replica's cards, by stage. */
using ReplicaKinds = std::vector<std::set<uint32_t>>;

/** @return kinds of the cards of each replica. */
std::vector<ReplicaKinds>
FindKinds(const TrainingSpec& spec)
{
    const RankLayout layout(spec.parallel);
    std::vector<ReplicaKinds> kinds(spec.parallel.data, ReplicaKinds(spec.parallel.pipeline));
    for (uint32_t rank = 0; rank < spec.GetCards(); ++rank)
    {
        kinds[layout.GetReplica(rank)][layout.GetStage(rank)].insert(spec.GetKind(rank));
    }
    return kinds;
}

/** Replays the order of a replica's stages, messages taking no time. */
class QuickReplica
{
  public:
    /**
     * @param [in] spec The training.
     * @param [in] kinds Of its cards.
     * @param [in] micros Its micro-batches.
     */
    QuickReplica(const TrainingSpec& spec, const ReplicaKinds& kinds, uint32_t micros)
        : m_kinds(kinds),
          m_view(spec.GetView(0, micros)),
          m_arrivals(std::size_t{2} * micros * GetPositions(m_view), NEVER),
          m_now(kinds.size(), 0),
          m_busy(kinds.size(), 0)
    {
        if (m_view.model.moe)
        {
            m_view.model.moe->shares.clear(); // the mean card, not a certain one
        }
        for (uint32_t kind = 0; kind < std::max<std::size_t>(1, spec.kinds.size()); ++kind)
        {
            m_ofKind.push_back(std::make_unique<TrainingSpec>(m_view));
            m_ofKind.back()->device = spec.kinds.empty() ? spec.device : spec.kinds[kind].device;
            m_steps.emplace_back(*m_ofKind.back());
        }
    }

    /** @return its time, ps. */
    Tick Run()
    {
        std::vector<std::vector<Visit>> schedules;
        for (uint32_t stage = 0; stage < m_kinds.size(); ++stage)
        {
            schedules.push_back(MakeSchedule(m_view, stage));
        }
        std::vector<std::size_t> next(schedules.size(), 0);
        for (bool isMoving = true; isMoving;)
        {
            isMoving = false;
            for (uint32_t stage = 0; stage < schedules.size(); ++stage)
            {
                while (next[stage] < schedules[stage].size() &&
                       Visits(stage, schedules[stage][next[stage]]))
                {
                    ++next[stage];
                    isMoving = true;
                }
            }
        }
        Tick end = 0;
        for (uint32_t stage = 0; stage < schedules.size(); ++stage)
        {
            const Tick finish = GetLongest(stage, [stage](const TrainingSpec&, const auto& steps) {
                return steps.Finish(stage);
            });
            end = std::max(end, m_now[stage] + finish);
        }
        return end;
    }

    /** @return by stage: time of its visits, after Run(). */
    const std::vector<Tick>& GetBusy() const
    {
        return m_busy;
    }

  private:
    /** Do a visit, if all that it needs is there. @return whether it is. */
    bool Visits(uint32_t stage, const Visit& visit)
    {
        const std::vector<Visit> passes = GetPasses(visit);
        Tick begin = m_now[stage];
        for (const Visit& pass : passes)
        {
            const Hop hop = GetHop(m_view, stage, pass, 0, false);
            if (hop.isThere && m_arrivals[hop.tag] == NEVER)
            {
                return false;
            }
            begin = std::max(begin, hop.isThere ? m_arrivals[hop.tag] : 0);
        }
        const Tick duration = GetDuration(stage, visit);
        m_now[stage] = begin + duration;
        m_busy[stage] += duration;
        for (const Visit& pass : passes)
        {
            const Hop hop = GetHop(m_view, stage, pass, 0, true);
            if (hop.isThere)
            {
                m_arrivals[hop.tag] = m_now[stage];
            }
        }
        return true;
    }

    Tick GetDuration(uint32_t stage, const Visit& visit)
    {
        const auto [entry, isNew] =
            m_durations.try_emplace({stage, visit.chunk, visit.kind, IsEdge(m_view, visit)}, 0);
        if (isNew)
        {
            entry->second = GetLongest(stage, [&](const TrainingSpec& spec, const auto& steps) {
                return MakeVisitSteps(spec, steps, stage, visit);
            });
        }
        return entry->second;
    }

    /** @return the longest that the cards of a stage take for some steps. */
    template <typename Make>
    Tick GetLongest(uint32_t stage, const Make& make) const
    {
        Tick longest = 0;
        for (const uint32_t kind : m_kinds[stage])
        {
            Tick time = 0;
            const Steps steps = make(*m_ofKind[kind], m_steps[kind]);
            for (std::size_t i = 0; i < steps.size(); ++i)
            {
                const Step& step = steps[i];
                time = AddTicks(time, AddTicks(step.work.kernel, step.work.host));
                // Of what is waited for at once the host's time is not hidden.
                const bool isBlocking =
                    step.type == Step::LAUNCH && i + 1 < steps.size() &&
                    (steps[i + 1].type == Step::WAIT || steps[i + 1].type == Step::WAIT_ALL);
                time += isBlocking ? GetCollectiveOverhead(m_ofKind[kind]->device,
                                                           m_steps[kind].GetSize(step.group))
                                   : 0;
            }
            longest = std::max(longest, time);
        }
        return longest;
    }

    const ReplicaKinds& m_kinds;                         //!< Of its cards
    TrainingSpec m_view;                                 //!< As it sees the training
    std::vector<std::unique_ptr<TrainingSpec>> m_ofKind; //!< As the cards of each kind do
    std::vector<LayerSteps> m_steps;                     //!< Of the cards of each kind
    std::vector<Tick> m_arrivals;                        //!< Of messages, by tag
    std::vector<Tick> m_now;                             //!< By stage
    std::vector<Tick> m_busy;                            //!< By stage
    /** By stage, chunk, kind of visit and whether it does more than others. */
    std::map<std::tuple<uint32_t, uint32_t, uint8_t, bool>, Tick> m_durations;
};

/** What a split of layers comes to: the less, the better. */
struct Trial
{
    double excess{0};       //!< Memory beyond what there is, bytes
    Tick time{NEVER};       //!< Of an iteration
    std::vector<Tick> busy; //!< By stage, of the slowest replica

    /** @return whether this is better. @param [in] other The other. */
    bool operator<(const Trial& other) const
    {
        return excess != other.excess ? excess < other.excess : time < other.time;
    }
};

/** @return of which number a replica's micro-batches are a multiple, and the least of them. */
std::pair<uint32_t, uint32_t>
GetMicroBatchSteps(const TrainingSpec& spec)
{
    switch (spec.schedule)
    {
    case ScheduleKind::INTERLEAVED:
        return {spec.parallel.pipeline, spec.parallel.pipeline};
    case ScheduleKind::DUALPIPE:
        return {2, 2 * spec.parallel.pipeline};
    default:
        return {1, 1};
    }
}

/** Searches splits of layers. */
class StageSearch
{
  public:
    explicit StageSearch(TrainingSpec& spec)
        : m_spec(spec),
          m_kinds(FindKinds(spec))
    {
    }

    void Run()
    {
        const uint32_t positions = GetPositions(m_spec);
        if (m_spec.model.layers < positions)
        {
            throw ParameterError("parallel.stages",
                                 fmt::format("there are {} layers for {} stages, virtual ones "
                                             "counted: give fewer stages",
                                             m_spec.model.layers,
                                             positions));
        }
        Take(SpreadEvenly(m_spec.model.layers, positions));
        m_balance.evenNs = static_cast<double>(m_best.time) / NANOSECOND;
        Try(SpreadBySpeed(positions));
        while (m_balance.tried < MOST_TRIED && MoveLayer())
        {
        }
        if (m_best.excess > 0)
        {
            constexpr double GIGA = 1e9;
            throw ParameterError("parallel.stages",
                                 fmt::format("of {} splits of the layers none fits in memory; the "
                                             "nearest needs {:.1f} GB more: give more stages, or "
                                             "less to keep",
                                             m_balance.tried,
                                             m_best.excess / GIGA));
        }
        m_balance.what = "stages";
        m_balance.chosen = m_spec.parallel.stages;
        m_balance.timeNs = static_cast<double>(m_best.time) / NANOSECOND;
        m_spec.balances.push_back(m_balance);
    }

  private:
    /** @return what the training's own split comes to. */
    Trial Evaluate()
    {
        ++m_balance.tried;
        Trial trial;
        trial.excess = m_spec.ignoresMemory ? 0 : GetMemoryExcess(m_spec);
        m_balance.refused += trial.excess > 0 ? 1 : 0;
        trial.time = 0;
        std::set<std::pair<ReplicaKinds, uint32_t>> known;
        for (uint32_t replica = 0; replica < m_kinds.size(); ++replica)
        {
            if (!known.insert({m_kinds[replica], m_spec.GetMicroBatches(replica)}).second)
            {
                continue;
            }
            QuickReplica quick(m_spec, m_kinds[replica], m_spec.GetMicroBatches(replica));
            const Tick time = quick.Run();
            if (time >= trial.time)
            {
                trial.time = time;
                trial.busy = quick.GetBusy();
            }
        }
        return trial;
    }

    /** Begin with a split; one that can't be is refused. */
    void Take(std::vector<uint32_t> split)
    {
        m_spec.parallel.stages = std::move(split);
        CheckTraining(m_spec);
        m_best = Evaluate();
    }

    /** Take a split if it is better. @return whether it is. */
    bool Try(std::vector<uint32_t> split)
    {
        std::swap(m_spec.parallel.stages, split);
        try
        {
            CheckTraining(m_spec);
            const Trial trial = Evaluate();
            if (trial < m_best)
            {
                m_best = trial;
                return true;
            }
        }
        catch (const ParameterError&)
        {
            // Not a split that can be.
        }
        std::swap(m_spec.parallel.stages, split);
        return false;
    }

    /** @return layers in proportion to how quick each stage was with as many as the others. */
    std::vector<uint32_t> SpreadBySpeed(uint32_t positions) const
    {
        std::vector<double> speeds;
        for (uint32_t position = 0; position < positions; ++position)
        {
            const Tick busy = m_best.busy[position % m_best.busy.size()];
            speeds.push_back(busy > 0 ? 1 / static_cast<double>(busy) : 0);
        }
        const double sum = std::accumulate(speeds.begin(), speeds.end(), 0.0);
        std::vector<uint32_t> split;
        uint32_t left = m_spec.model.layers;
        double before = 0;
        for (uint32_t position = 0; position < positions; ++position)
        {
            // By rounded running sums, so that all layers are given.
            before += sum > 0 ? speeds[position] / sum : 1.0 / positions;
            const auto until = static_cast<uint32_t>(m_spec.model.layers * before + 0.5);
            const uint32_t given = m_spec.model.layers - left;
            const uint32_t rest = positions - position - 1; // each of which needs one
            const uint32_t most = left > rest ? left - rest : 1;
            split.push_back(rest == 0 ? left
                                      : std::clamp(until > given ? until - given : 1, 1U, most));
            left -= std::min(left, split.back());
        }
        return split;
    }

    /** Move a layer, from the busiest stage that can spare one. @return whether that was better. */
    bool MoveLayer()
    {
        const std::vector<uint32_t> split = m_spec.parallel.stages;
        const auto stageOf = [&](uint32_t position) { return position % m_best.busy.size(); };
        std::vector<uint32_t> order(split.size());
        std::iota(order.begin(), order.end(), 0);
        const std::vector<Tick> busy = m_best.busy;
        std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
            return busy[stageOf(a)] > busy[stageOf(b)];
        });
        for (const uint32_t from : order)
        {
            for (auto to = order.rbegin(); to != order.rend() && split[from] > 0; ++to)
            {
                if (from == *to || m_balance.tried >= MOST_TRIED)
                {
                    continue;
                }
                std::vector<uint32_t> moved = split;
                --moved[from];
                ++moved[*to];
                if (Try(std::move(moved)))
                {
                    return true;
                }
            }
        }
        return false;
    }

    TrainingSpec& m_spec;                    //!< Whose layers are split
    const std::vector<ReplicaKinds> m_kinds; //!< By replica
    TrainingBalance m_balance;               //!< What is told of it
    Trial m_best;                            //!< Of the training's own split
};

} // namespace

Tick
GetQuickTime(const TrainingSpec& spec)
{
    const std::vector<ReplicaKinds> kinds = FindKinds(spec);
    std::map<std::pair<ReplicaKinds, uint32_t>, Tick> known;
    Tick longest = 0;
    for (uint32_t replica = 0; replica < kinds.size(); ++replica)
    {
        const auto [entry, isNew] =
            known.try_emplace({kinds[replica], spec.GetMicroBatches(replica)}, 0);
        if (isNew)
        {
            entry->second = QuickReplica(spec, kinds[replica], spec.GetMicroBatches(replica)).Run();
        }
        longest = std::max(longest, entry->second);
    }
    return longest;
}

std::vector<uint32_t>
SpreadEvenly(uint32_t layers, uint32_t stages)
{
    std::vector<uint32_t> list(stages, layers / stages);
    for (uint32_t i = 0; i < layers % stages; ++i)
    {
        ++list[i];
    }
    return list;
}

void
BalanceStages(TrainingSpec& spec)
{
    StageSearch(spec).Run();
}

void
SpreadMicroBatches(TrainingSpec& spec)
{
    const auto [step, least] = GetMicroBatchSteps(spec);
    const uint32_t replicas = spec.parallel.data;
    const uint64_t all = spec.global / spec.micro;
    if (spec.global % spec.micro != 0 || all % step != 0 || all < uint64_t{least} * replicas)
    {
        throw ParameterError("batch.micro_batches",
                             fmt::format("{} sequences in micro-batches of {} can't be split among "
                                         "{} replicas, {} micro-batches at least and multiples of "
                                         "{} in each: give another 'global'",
                                         spec.global,
                                         spec.micro,
                                         replicas,
                                         least,
                                         step));
    }
    spec.microBatches = SpreadEvenly(static_cast<uint32_t>(all / step), replicas);
    for (uint32_t& micros : spec.microBatches)
    {
        micros *= step;
    }
}

void
BalanceMicroBatches(TrainingSpec& spec)
{
    SpreadMicroBatches(spec);
    CheckTraining(spec);
    const uint32_t step = GetMicroBatchSteps(spec).first;
    const uint32_t least = GetMicroBatchSteps(spec).second; // lambdas can't have a binding
    const uint32_t replicas = spec.parallel.data;
    const uint64_t all = spec.global / spec.micro;
    const std::vector<ReplicaKinds> kinds = FindKinds(spec);
    TrainingBalance balance;
    std::map<std::pair<ReplicaKinds, uint32_t>, Tick> known;
    const auto timeOf = [&](uint32_t replica, uint32_t micros) -> Tick {
        const auto [entry, isNew] = known.try_emplace({kinds[replica], micros}, 0);
        if (isNew)
        {
            entry->second = QuickReplica(spec, kinds[replica], micros).Run();
        }
        return entry->second;
    };
    std::vector<uint32_t> split(replicas, least);
    // When each would be done with one more, the earliest first.
    std::set<std::pair<Tick, uint32_t>> next;
    for (uint32_t replica = 0; replica < replicas; ++replica)
    {
        next.insert({timeOf(replica, least + step), replica});
    }
    for (uint64_t left = all - uint64_t{least} * replicas; left > 0; left -= step)
    {
        const uint32_t replica = next.begin()->second;
        next.erase(next.begin());
        split[replica] += step;
        next.insert({timeOf(replica, split[replica] + step), replica});
    }
    Tick time = 0;
    Tick even = 0;
    for (uint32_t replica = 0; replica < replicas; ++replica)
    {
        time = std::max(time, timeOf(replica, split[replica]));
        even = std::max(even, timeOf(replica, spec.microBatches[replica]));
    }
    balance.what = "micro_batches";
    balance.chosen = split;
    balance.tried = known.size();
    balance.timeNs = static_cast<double>(time) / NANOSECOND;
    balance.evenNs = static_cast<double>(even) / NANOSECOND;
    spec.microBatches = std::move(split);
    spec.balances.push_back(balance);
}

} // namespace mtlink
} // namespace ns3
