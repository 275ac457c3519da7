/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training/iteration-graph.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return by which algorithm a group's collectives run. */
const std::string&
GetAlgorithm(const CollectiveChoice& choice, GroupKind kind)
{
    switch (GetGroupCause(kind))
    {
    case TrainingCause::TENSOR:
        return choice.tensor;
    case TrainingCause::CONTEXT:
        return choice.context;
    case TrainingCause::EXPERT:
        return choice.expert;
    default:
        return choice.data;
    }
}

/** @return a cause's name. */
const char*
NameOf(TrainingCause cause)
{
    return TRAINING_CAUSE_NAMES[static_cast<std::size_t>(cause)];
}

/** @return a visit's name, for people. */
const char*
NameOf(Visit::Kind kind)
{
    switch (kind)
    {
    case Visit::FORWARD:
        return "forward";
    case Visit::BACKWARD_INPUT:
        return "backward, inputs";
    case Visit::BACKWARD_WEIGHT:
        return "backward, weights";
    case Visit::BOTH:
        return "forward and backward";
    case Visit::BACKWARD:
        break;
    }
    return "backward";
}

bool
IsBackward(const Visit& visit)
{
    return visit.kind != Visit::FORWARD;
}

/**
 * @return whether a visit does more than others of its kind: forward the first, which may have to
 *         get weights; backward the last, with which all gradients of its layers are whole.
 */
bool
IsEdge(const TrainingSpec& spec, const Visit& visit)
{
    if (spec.schedule == ScheduleKind::DUALPIPE)
    {
        return false; // weights are there, and gradients go when all is done
    }
    if (visit.kind == Visit::FORWARD)
    {
        return visit.micro == 0 && spec.zero == 3 && !spec.reshards;
    }
    // With all forward first, backward begins with the last.
    const uint32_t last = spec.schedule == ScheduleKind::GPIPE ? 0 : spec.GetMicroBatches() - 1;
    return visit.micro == last;
}

/** @return what a card of a stage does in a visit. */
Steps
MakeSteps(const TrainingSpec& spec, const LayerSteps& steps, uint32_t stage, const Visit& visit)
{
    const bool isEdge = IsEdge(spec, visit);
    switch (visit.kind)
    {
    case Visit::FORWARD:
        return steps.Forward(stage, visit.chunk, isEdge);
    case Visit::BACKWARD:
        return steps.Backward(stage, visit.chunk, BackwardPart::WHOLE, isEdge);
    case Visit::BACKWARD_INPUT:
        return steps.Backward(stage, visit.chunk, BackwardPart::INPUT, isEdge);
    case Visit::BACKWARD_WEIGHT:
        return steps.Backward(stage, visit.chunk, BackwardPart::WEIGHT, isEdge);
    case Visit::BOTH:
        break;
    }
    const Steps forward = steps.Forward(stage, visit.chunk, isEdge);
    const Steps backward = steps.Backward(stage, 1 - visit.chunk, BackwardPart::WHOLE, isEdge);
    return spec.overlap.expert ? Interleave(forward, backward) : Join(forward, backward);
}

/** Call for each visit of each stage, and for what comes after: stage, steps. */
template <typename Call>
void
ForEachPart(const TrainingSpec& spec, const Call& call)
{
    const LayerSteps steps(spec);
    for (uint32_t stage = 0; stage < spec.parallel.pipeline; ++stage)
    {
        std::map<std::tuple<uint32_t, uint8_t, bool>, Steps> known;
        for (const Visit& visit : MakeSchedule(spec, stage))
        {
            Steps& own = known[{visit.chunk, visit.kind, IsEdge(spec, visit)}];
            if (own.empty())
            {
                own = MakeSteps(spec, steps, stage, visit);
            }
            call(stage, own);
        }
        call(stage, steps.Finish(stage));
    }
}

/** A message between stages. */
struct Hop
{
    bool isThere{false}; //!< There is one
    uint32_t stage{0};   //!< At the other end
    uint32_t tag{0};     //!< Its own
};

/** @return the message that a visit sends (or receives), of which both ends know the same tag. */
Hop
GetHop(const TrainingSpec& spec,
       uint32_t stage,
       const Visit& visit,
       uint32_t iteration,
       bool isSend)
{
    const uint32_t last = GetPositions(spec) - 1;
    const uint32_t place = GetPosition(spec, stage, visit.chunk);
    const bool isUp = IsBackward(visit) != isSend; // with the next position
    Hop hop;
    const bool isEnd = isUp ? place == last : place == 0;
    if (isEnd || visit.kind == Visit::BACKWARD_WEIGHT)
    {
        return hop;
    }
    hop.isThere = true;
    hop.stage = GetStageAt(spec, isUp ? place + 1 : place - 1, visit.chunk);
    const uint32_t lower = isUp ? place : place - 1;
    const uint32_t micro = iteration * spec.GetMicroBatches() + visit.micro;
    hop.tag = 2 * (micro * (last + 1) + lower) + (IsBackward(visit) ? 1 : 0);
    return hop;
}

} // namespace

IterationGraph::IterationGraph(const TrainingSpec& spec,
                               const std::vector<uint32_t>& endpoints,
                               const std::vector<double>& slowness,
                               const FabricHints& hints,
                               const TensorTimes* folded)
    : m_spec(spec),
      m_endpoints(endpoints),
      m_slowness(slowness),
      m_hints(hints),
      m_layout(spec.parallel, spec.schedule == ScheduleKind::DUALPIPE),
      m_graph(spec.GetCards()),
      m_cards(spec.GetCards()),
      m_folded(folded),
      m_sendBytes(2 * spec.GetTokens() * spec.model.hidden /
                  (spec.parallel.scatterGather ? spec.parallel.tensor : spec.GetSequenceParts()))
{
    const bool isSkewed = spec.model.moe && IsSkewed(*spec.model.moe);
    for (uint32_t member = 0; member < (isSkewed ? spec.parallel.expert : 1); ++member)
    {
        m_steps.emplace_back(spec, member);
    }
    if (folded)
    {
        m_teams = m_layout.GetGroups(GroupKind::TENSOR);
    }
    for (uint32_t place = 0; !folded && place < m_layout.GetPlaces(); ++place)
    {
        m_teams.push_back({place});
    }
    for (uint32_t iteration = 0; iteration < spec.iterations; ++iteration)
    {
        AddIteration(iteration);
    }
    m_graph.Finish();
    for (const auto& [key, count] : m_counts)
    {
        const auto& [group, collective, members, bytes] = key;
        m_traffic.push_back({group, collective, members, bytes, count / spec.iterations});
    }
}

void
IterationGraph::AddIteration(uint32_t iteration)
{
    const uint32_t stages = m_spec.parallel.pipeline;
    for (uint32_t stage = 0; stage < stages; ++stage)
    {
        for (const Visit& visit : MakeSchedule(m_spec, stage))
        {
            AddVisit(stage, visit, iteration);
        }
    }
    // The last first: it has the collectives that it shares with the first.
    const uint32_t alike = m_spec.GetStagesAlike();
    for (uint32_t stage = stages; stage-- > (alike > 1 ? stages / 2 : 0);)
    {
        Part& part = m_finishes[stage];
        for (std::size_t member = part.steps.size(); member < m_steps.size(); ++member)
        {
            part.steps.push_back(m_steps[member].Finish(stage));
        }
        std::vector<uint32_t> together{stage};
        if (alike > 1)
        {
            together.push_back(stages - 1 - stage);
        }
        AddPart(together, "optimizer", part);
    }
}

void
IterationGraph::AddVisit(uint32_t stage, const Visit& visit, uint32_t iteration)
{
    const std::vector<Visit> passes = GetPasses(visit);
    for (const Visit& pass : passes)
    {
        AddReceives(stage, pass, iteration);
    }
    Part& part = m_visits[{stage, visit.chunk, visit.kind, IsEdge(m_spec, visit)}];
    for (std::size_t member = part.steps.size(); member < m_steps.size(); ++member)
    {
        part.steps.push_back(MakeSteps(m_spec, m_steps[member], stage, visit));
    }
    AddPart({stage}, NameOf(visit.kind), part);
    for (const Visit& pass : passes)
    {
        AddSends(stage, pass, iteration);
    }
}

const std::vector<uint32_t>&
IterationGraph::GetTags(const char* name,
                        Part& part,
                        uint32_t stage,
                        const std::vector<uint32_t>& team)
{
    const double slowness = GetSlowness(stage, team);
    const auto member = static_cast<uint32_t>(team.front() % m_steps.size()); // see RankLayout
    const auto [entry, isNew] = part.tags.try_emplace({slowness, member});
    if (isNew)
    {
        for (const Block& block : MakeBlocks(m_spec, name, part.steps[member], slowness, m_folded))
        {
            entry->second.push_back(static_cast<uint32_t>(m_blocks.size()));
            m_blocks.push_back(block);
        }
    }
    return entry->second;
}

double
IterationGraph::GetSlowness(uint32_t stage, const std::vector<uint32_t>& places) const
{
    double slowest = 1;
    for (const uint32_t place : places)
    {
        slowest =
            std::max(slowest, m_slowness.empty() ? 1 : m_slowness[m_layout.GetRank(stage, place)]);
    }
    return slowest;
}

std::vector<uint32_t>
IterationGraph::GetTeam(uint32_t rank) const
{
    if (!m_folded)
    {
        return {rank};
    }
    std::vector<uint32_t> team;
    const uint32_t group = m_layout.GetGroup(GroupKind::TENSOR, m_layout.GetPlace(rank));
    for (const uint32_t place : m_teams[group])
    {
        team.push_back(m_layout.GetRank(m_layout.GetStage(rank), place));
    }
    return team;
}

void
IterationGraph::AddPart(const std::vector<uint32_t>& stages, const char* name, Part& part)
{
    /** Cards that are replayed as one. */
    struct Actor
    {
        uint32_t stage;                    //!< Their stage
        const std::vector<uint32_t>* team; //!< Their places
        const std::vector<uint32_t>* tags; //!< Of their blocks
    };

    std::vector<Actor> actors;
    for (const uint32_t stage : stages)
    {
        CountTraffic(stage, part.steps.front());
        for (const std::vector<uint32_t>& team : m_teams)
        {
            actors.push_back({stage, &team, &GetTags(name, part, stage, team)});
        }
    }
    // All cards in step, so that what they share begins behind what all have done.
    for (std::size_t i = 0; i < actors.front().tags->size(); ++i)
    {
        const Step step = m_blocks[(*actors.front().tags)[i]].step;
        for (const uint32_t stage : stages)
        {
            if (step.type == Step::LAUNCH)
            {
                AddCollectives(stage, step);
            }
        }
        for (const Actor& actor : actors)
        {
            if (step.type == Step::WAIT || step.type == Step::WAIT_ALL)
            {
                for (const uint32_t place : *actor.team)
                {
                    Wait(At(actor.stage, place), step);
                }
            }
            else if (step.type != Step::LAUNCH)
            {
                AddKernels(actor.stage, *actor.team, (*actor.tags)[i]);
            }
        }
    }
}

void
IterationGraph::AddKernels(uint32_t stage, const std::vector<uint32_t>& team, uint32_t tag)
{
    Operation operation;
    operation.type = OperationType::COMPUTE;
    operation.rank = m_layout.GetRank(stage, team.front());
    operation.tag = tag;
    operation.duration = m_blocks[tag].GetDuration();
    if (m_spec.overlap.slowdown > 0)
    {
        operation.bytes = static_cast<uint64_t>(m_blocks[tag].GetKernelTime());
    }
    const uint32_t id = m_graph.Add(operation);
    const uint32_t before = At(stage, team.front()).last; // the team's
    if (before != NONE)
    {
        m_graph.Require(id, before);
    }
    for (const uint32_t place : team)
    {
        Card& card = At(stage, place);
        for (const uint32_t earlier : card.pending)
        {
            m_graph.Require(id, earlier);
        }
        card.last = id;
        card.pending.clear();
    }
}

void
IterationGraph::RequireCard(uint32_t operation, const Card& card)
{
    if (card.last != NONE)
    {
        m_graph.Require(operation, card.last);
    }
    for (const uint32_t earlier : card.pending)
    {
        m_graph.Require(operation, earlier);
    }
}

void
IterationGraph::Wait(Card& card, const Step& step) const
{
    for (auto entry = card.outstanding.begin(); entry != card.outstanding.end();)
    {
        const bool isMeant =
            step.type == Step::WAIT_ALL ||
            (entry->group == step.group && std::string(entry->collective) == step.collective);
        if (!isMeant)
        {
            ++entry;
            continue;
        }
        card.pending.push_back(entry->end);
        entry = card.outstanding.erase(entry);
        if (step.type == Step::WAIT)
        {
            return;
        }
    }
}

void
IterationGraph::AddCollectives(uint32_t stage, const Step& step)
{
    if (!IsAddedWith(stage, step))
    {
        return;
    }
    for (const std::vector<uint32_t>& ranks : m_layout.GetRankGroups(step.group, stage))
    {
        AddCollectiveOf(step, ranks);
    }
}

bool
IterationGraph::IsAddedWith(uint32_t stage, const Step& step) const
{
    const uint32_t stages = m_spec.parallel.pipeline;
    const bool isOfData = step.group == GroupKind::DATA || step.group == GroupKind::EXPERT_DATA;
    if (step.group == GroupKind::EMBEDDING)
    {
        return stage + 1 == stages;
    }
    return !isOfData || m_spec.GetStagesAlike() == 1 || stage >= stages / 2;
}

std::vector<uint64_t>
IterationGraph::MakeCounts(const Step& step, const std::vector<uint32_t>& ranks) const
{
    const uint32_t size = std::max(1U, m_hints.scaleUpSize);
    std::vector<uint32_t> nodes;
    for (const uint32_t rank : ranks)
    {
        nodes.push_back(m_endpoints[rank] / size);
    }
    return MakeExpertCounts(m_spec, step.route, static_cast<double>(step.bytes), nodes);
}

void
IterationGraph::AddCollectiveOf(const Step& step, const std::vector<uint32_t>& ranks)
{
    const GroupKind kind = step.group;
    PlannedCollective& plan = m_plans[{kind,
                                       step.collective,
                                       step.bytes,
                                       ranks.front(),
                                       {step.route.leg, step.route.returns, step.route.layer}}];
    if (plan.spec.ranks.empty())
    {
        CollectiveSpec spec;
        spec.name = step.collective;
        spec.algorithm = GetAlgorithm(m_spec.collectives, kind);
        spec.bytes = step.bytes;
        spec.endpoints = m_endpoints;
        spec.ranks = ranks;
        if (step.route.leg != ExpertRoute::PLAIN)
        {
            spec.counts = MakeCounts(step, ranks);
        }
        plan = PlanCollective(m_graph.GetRanks(), spec, m_hints);
        std::vector<uint32_t>().swap(plan.spec.endpoints); // as many as cards, for each plan
    }
    const Tick overhead = GetCollectiveOverhead(m_spec.device, ranks.size());
    std::vector<uint32_t> before(ranks.size(), NONE);
    for (std::size_t i = 0; overhead > 0 && i < ranks.size(); ++i)
    {
        Operation operation;
        operation.type = OperationType::DELAY;
        operation.rank = ranks[i];
        operation.duration = overhead;
        before[i] = m_graph.Add(operation);
        RequireCard(before[i], m_cards[ranks[i]]);
    }
    const CollectiveEnds ends = AddCollective(m_graph, plan);
    m_collectives.push_back(
        {ends.begin.front(), ends.end.front(), static_cast<uint32_t>(ranks.size()), kind});
    for (std::size_t i = 0; i < ranks.size(); ++i)
    {
        Card& card = m_cards[ranks[i]];
        if (before[i] != NONE)
        {
            m_graph.Require(ends.begin[i], before[i]);
        }
        else
        {
            RequireCard(ends.begin[i], card);
        }
        const auto earlier =
            std::find_if(card.outstanding.rbegin(),
                         card.outstanding.rend(),
                         [&](const Outstanding& o) {
                             return o.group == kind && std::string(o.collective) == step.collective;
                         });
        if (earlier != card.outstanding.rend())
        {
            m_graph.Require(ends.begin[i], earlier->end);
        }
        card.outstanding.push_back({kind, step.collective, ends.end[i]});
    }
}

void
IterationGraph::AddReceives(uint32_t stage, const Visit& visit, uint32_t iteration)
{
    const Hop hop = GetHop(m_spec, stage, visit, iteration, false);
    for (uint32_t place = 0; hop.isThere && place < m_layout.GetPlaces(); ++place)
    {
        Card& card = At(stage, place);
        Operation receive;
        receive.type = OperationType::RECEIVE;
        receive.rank = m_layout.GetRank(stage, place);
        receive.peer = m_layout.GetRank(hop.stage, place);
        receive.bytes = m_sendBytes;
        receive.tag = hop.tag;
        const uint32_t id = m_graph.Add(receive);
        if (card.last != NONE)
        {
            m_graph.Require(id, card.last);
        }
        card.pending.push_back(id);
    }
}

void
IterationGraph::AddSends(uint32_t stage, const Visit& visit, uint32_t iteration)
{
    const Hop hop = GetHop(m_spec, stage, visit, iteration, true);
    if (hop.isThere)
    {
        m_counts[{NameOf(TrainingCause::PIPELINE), "send", 2, m_sendBytes}] += m_layout.GetPlaces();
    }
    for (uint32_t place = 0; hop.isThere && place < m_layout.GetPlaces(); ++place)
    {
        Card& card = At(stage, place);
        Operation send;
        send.type = OperationType::SEND;
        send.rank = m_layout.GetRank(stage, place);
        send.peer = m_layout.GetRank(hop.stage, place);
        send.bytes = m_sendBytes;
        send.tag = hop.tag;
        const uint32_t id = m_graph.Add(send);
        RequireCard(id, card);
        if (!m_spec.overlap.pipeline)
        {
            card.pending.push_back(id);
        }
    }
}

void
IterationGraph::CountTraffic(uint32_t stage, const Steps& steps)
{
    for (const Step& step : steps)
    {
        if (step.type != Step::LAUNCH)
        {
            continue;
        }
        if (!IsAddedWith(stage, step))
        {
            continue; // the other stage counts it
        }
        const auto groups = m_layout.GetRankGroups(step.group, stage);
        m_counts[{NameOf(GetGroupCause(step.group)),
                  step.collective,
                  static_cast<uint32_t>(groups.front().size()),
                  step.bytes}] += groups.size();
    }
}

double
CountOperations(const TrainingSpec& spec, bool isFolded)
{
    const double cards = spec.GetCards() / spec.parallel.pipeline;
    const double teams = isFolded ? cards / spec.parallel.tensor : cards;
    const double each = GetCollectiveOverhead(spec.device, 2) > 0 ? 3 : 2;
    double operations = 0;
    ForEachPart(spec, [&](uint32_t, const Steps& steps) {
        operations += 2 * cards; // a message, sent and received
        for (const Step& step : steps)
        {
            const bool isNone =
                step.type == Step::WAIT || step.type == Step::WAIT_ALL ||
                (isFolded && step.type == Step::LAUNCH && step.group == GroupKind::TENSOR);
            operations += isNone ? 0 : step.type == Step::LAUNCH ? cards * each : teams;
        }
    });
    return operations * spec.iterations;
}

void
CheckPeak(const TrainingSpec& training)
{
    TrainingSpec spec = training;
    if (spec.model.moe)
    {
        spec.model.moe->shares.clear(); // the mean card, not a certain one
    }
    std::vector<Tick> stages(spec.parallel.pipeline, 0);
    ForEachPart(spec, [&](uint32_t stage, const Steps& steps) {
        for (const Step& step : steps)
        {
            stages[stage] += step.work.kernel;
        }
    });
    constexpr double PICOSECOND = 1e-12;
    const Tick longest = *std::max_element(stages.begin(), stages.end());
    const double seconds = static_cast<double>(longest) * PICOSECOND;
    const double most = spec.GetPeak() * spec.GetCards() * seconds;
    const double mfu = GetIterationFlops(spec).model / most;
    if (mfu > 1)
    {
        throw ParameterError("device.attention",
                             fmt::format("kernels alone would reach an MFU of {:.3g}, above the "
                                         "peak: give lower efficiencies",
                                         mfu));
    }
}

TensorTimes
ListTensorCollectives(const TrainingSpec& spec)
{
    TensorTimes list;
    ForEachPart(spec, [&](uint32_t, const Steps& steps) {
        for (const Step& step : steps)
        {
            if (step.type == Step::LAUNCH && step.group == GroupKind::TENSOR)
            {
                list[{step.collective, step.bytes}] = {};
            }
        }
    });
    return list;
}

} // namespace mtlink
} // namespace ns3
