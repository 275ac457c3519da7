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

/** @return whether all gradients of the visit's layers are whole with it. */
bool
IsLast(const TrainingSpec& spec, const Visit& visit)
{
    // With all forward first, backward begins with the last.
    const uint32_t last = spec.schedule == ScheduleKind::GPIPE ? 0 : spec.GetMicroBatches() - 1;
    return IsBackward(visit) && visit.micro == last;
}

/** @return what a card of a stage does in a visit. */
Steps
MakeSteps(const LayerSteps& steps, uint32_t stage, const Visit& visit, bool isLast)
{
    switch (visit.kind)
    {
    case Visit::FORWARD:
        return steps.Forward(stage, visit.chunk);
    case Visit::BACKWARD:
        return steps.Backward(stage, visit.chunk, BackwardPart::WHOLE, isLast);
    case Visit::BACKWARD_INPUT:
        return steps.Backward(stage, visit.chunk, BackwardPart::INPUT, isLast);
    case Visit::BACKWARD_WEIGHT:
        break;
    }
    return steps.Backward(stage, visit.chunk, BackwardPart::WEIGHT, isLast);
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
            const bool isLast = IsLast(spec, visit);
            Steps& own = known[{visit.chunk, visit.kind, isLast}];
            if (own.empty())
            {
                own = MakeSteps(steps, stage, visit, isLast);
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
    const uint32_t stages = spec.parallel.pipeline;
    const uint32_t last = stages * spec.virtualStages - 1;
    const uint32_t place = visit.chunk * stages + stage; // among all virtual stages
    const bool isUp = IsBackward(visit) != isSend;       // with the next virtual stage
    Hop hop;
    const bool isEnd = isUp ? place == last : place == 0;
    if (stages == 1 || isEnd || visit.kind == Visit::BACKWARD_WEIGHT)
    {
        return hop;
    }
    hop.isThere = true;
    hop.stage = (isUp ? place + 1 : place - 1) % stages;
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
      m_steps(spec),
      m_layout(spec.parallel),
      m_graph(spec.GetCards()),
      m_cards(spec.GetCards()),
      m_folded(folded),
      m_sendBytes(2 * spec.GetTokens() * spec.model.hidden / spec.GetSequenceParts())
{
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
    // The last first: it has the collective that it shares with the first.
    for (uint32_t stage = stages; stage-- > 0;)
    {
        Part& part = m_finishes[stage];
        if (part.steps.empty())
        {
            part.steps = m_steps.Finish(stage);
        }
        AddPart(stage, "optimizer", part);
    }
}

void
IterationGraph::AddVisit(uint32_t stage, const Visit& visit, uint32_t iteration)
{
    AddReceives(stage, visit, iteration);
    const bool isLast = IsLast(m_spec, visit);
    Part& part = m_visits[{stage, visit.chunk, visit.kind, isLast}];
    if (part.steps.empty())
    {
        part.steps = MakeSteps(m_steps, stage, visit, isLast);
    }
    AddPart(stage, NameOf(visit.kind), part);
    AddSends(stage, visit, iteration);
}

const std::vector<uint32_t>&
IterationGraph::GetTags(const char* name, Part& part, double slowness)
{
    const auto [entry, isNew] = part.tags.try_emplace(slowness);
    if (isNew)
    {
        for (const Block& block : MakeBlocks(m_spec, name, part.steps, slowness, m_folded))
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
IterationGraph::AddPart(uint32_t stage, const char* name, Part& part)
{
    CountTraffic(stage, part.steps);
    std::vector<const std::vector<uint32_t>*> byTeam;
    for (const std::vector<uint32_t>& team : m_teams)
    {
        byTeam.push_back(&GetTags(name, part, GetSlowness(stage, team)));
    }
    // All cards of the stage in step, so that what they share begins behind what all have done.
    for (std::size_t i = 0; i < byTeam.front()->size(); ++i)
    {
        const Step step = m_blocks[(*byTeam.front())[i]].step;
        if (step.type == Step::LAUNCH)
        {
            AddCollectives(stage, step);
            continue;
        }
        for (std::size_t t = 0; t < m_teams.size(); ++t)
        {
            if (step.type != Step::WAIT && step.type != Step::WAIT_ALL)
            {
                AddKernels(stage, m_teams[t], (*byTeam[t])[i]);
                continue;
            }
            for (const uint32_t place : m_teams[t])
            {
                Wait(At(stage, place), step);
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
    std::vector<std::pair<uint32_t, uint32_t>> members; // stage and place
    if (step.group == GroupKind::EMBEDDING)
    {
        const uint32_t last = m_spec.parallel.pipeline - 1;
        for (uint32_t place = 0; stage == last && place < m_layout.GetPlaces(); ++place)
        {
            AddCollectiveOf(step.group, step, {{0, place}, {last, place}});
        }
        return;
    }
    for (const std::vector<uint32_t>& group : m_layout.GetGroups(step.group))
    {
        members.clear();
        for (const uint32_t place : group)
        {
            members.emplace_back(stage, place);
        }
        AddCollectiveOf(step.group, step, members);
    }
}

void
IterationGraph::AddCollectiveOf(GroupKind kind,
                                const Step& step,
                                const std::vector<std::pair<uint32_t, uint32_t>>& members)
{
    const auto rankOf = [&](const std::pair<uint32_t, uint32_t>& member) {
        return m_layout.GetRank(member.first, member.second);
    };
    PlannedCollective& plan = m_plans[{kind, step.collective, step.bytes, rankOf(members.front())}];
    if (plan.spec.ranks.empty())
    {
        CollectiveSpec spec;
        spec.name = step.collective;
        spec.algorithm = GetAlgorithm(m_spec.collectives, kind);
        spec.bytes = step.bytes;
        spec.endpoints = m_endpoints;
        for (const auto& member : members)
        {
            spec.ranks.push_back(rankOf(member));
        }
        plan = PlanCollective(m_graph.GetRanks(), spec, m_hints);
        std::vector<uint32_t>().swap(plan.spec.endpoints); // as many as cards, for each plan
    }
    const Tick overhead = GetCollectiveOverhead(m_spec.device, members.size());
    std::vector<uint32_t> before(members.size(), NONE);
    for (std::size_t i = 0; overhead > 0 && i < members.size(); ++i)
    {
        Operation operation;
        operation.type = OperationType::DELAY;
        operation.rank = plan.spec.ranks[i];
        operation.duration = overhead;
        before[i] = m_graph.Add(operation);
        RequireCard(before[i], At(members[i].first, members[i].second));
    }
    const CollectiveEnds ends = AddCollective(m_graph, plan);
    m_collectives.push_back(
        {ends.begin.front(), ends.end.front(), static_cast<uint32_t>(members.size()), kind});
    for (std::size_t i = 0; i < members.size(); ++i)
    {
        Card& card = At(members[i].first, members[i].second);
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
        const bool isEmbedding = step.group == GroupKind::EMBEDDING;
        if (isEmbedding && stage + 1 < m_spec.parallel.pipeline)
        {
            continue; // the last stage counts it
        }
        const std::size_t members = isEmbedding ? 2 : m_layout.GetGroups(step.group).front().size();
        m_counts[{NameOf(GetGroupCause(step.group)),
                  step.collective,
                  static_cast<uint32_t>(members),
                  step.bytes}] +=
            isEmbedding ? m_layout.GetPlaces() : m_layout.GetPlaces() / members;
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
CheckPeak(const TrainingSpec& spec)
{
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
