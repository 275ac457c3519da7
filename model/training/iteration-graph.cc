/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training/iteration-graph.h"

#include "engine/time-limit.h"
#include "training/card-classes.h"
#include "training/visit-steps.h"

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

/** @return whether a block is a step of a collective; else kernels. */
bool
IsOfCollective(const Step& step)
{
    return step.type == Step::LAUNCH || step.type == Step::WAIT || step.type == Step::WAIT_ALL;
}

/** @return whether a step is of a tensor group's collective. */
bool
IsOfTensorGroup(const Step& step)
{
    return step.group == GroupKind::TENSOR &&
           (step.type == Step::LAUNCH || step.type == Step::WAIT);
}

/** Call for each visit of each class of cards, and for what comes after: index of class, steps. */
template <typename Call>
void
ForEachPart(const TrainingSpec& spec, const std::vector<CardClass>& classes, const Call& call)
{
    for (std::size_t i = 0; i < classes.size(); ++i)
    {
        const uint32_t stage = classes[i].stage;
        const TrainingSpec view = spec.GetView(classes[i].kind, classes[i].micros);
        const LayerSteps steps(view);
        std::map<std::tuple<uint32_t, uint8_t, bool>, Steps> known;
        for (const Visit& visit : MakeSchedule(view, stage))
        {
            Steps& own = known[{visit.chunk, visit.kind, IsEdge(view, visit)}];
            if (own.empty())
            {
                own = MakeVisitSteps(view, steps, stage, visit);
            }
            call(i, own);
        }
        call(i, steps.Begin(stage));
        call(i, steps.Finish(stage));
    }
}

} // namespace

std::string
GetGroupAlgorithm(const CollectiveChoice& choice, GroupKind kind, const std::string& collective)
{
    if (collective == "broadcast")
    {
        return "auto"; // what is chosen is for sums
    }
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

IterationGraph::IterationGraph(const TrainingSpec& spec,
                               const std::vector<uint32_t>& endpoints,
                               const std::vector<double>& slowness,
                               const FabricHints& hints,
                               const TensorFold* fold)
    : m_spec(spec),
      m_endpoints(endpoints),
      m_slowness(slowness),
      m_hints(hints),
      m_layout(spec.parallel, spec.schedule == ScheduleKind::DUALPIPE),
      m_graph(spec.GetCards() + static_cast<uint32_t>(spec.input ? spec.input->store.size() : 0)),
      m_cards(spec.GetCards()),
      m_fold(fold),
      m_sendBytes(GetSendBytes(spec))
{
    const bool isSkewed = spec.model.moe && IsSkewed(*spec.model.moe);
    m_members = isSkewed ? spec.parallel.expert : 1;
    for (uint32_t kind = 0; kind < std::max<std::size_t>(1, spec.kinds.size()); ++kind)
    {
        m_views.push_back(
            std::make_unique<const TrainingSpec>(spec.GetView(kind, spec.GetMicroBatches())));
        for (uint32_t member = 0; member < m_members; ++member)
        {
            m_steps.emplace_back(*m_views.back(), member);
        }
    }
    MakeTeams();
    MakeCrews();
    if (spec.input)
    {
        m_blocks.push_back({{}, "read"});
        m_reads = std::make_unique<DataReads>(spec, m_layout, 0);
    }
    for (uint32_t iteration = 0; iteration < spec.iterations; ++iteration)
    {
        AddIteration(iteration);
    }
    if (m_reads)
    {
        for (const uint32_t rank : m_reads->ListReaders())
        {
            m_reads->Finish(rank, ListBefore(m_cards[rank]), m_graph);
        }
        m_counts[{NameOf(TrainingCause::INPUT), "read", 2, GetReadBytes(spec)}] =
            m_reads->CountReads();
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
        AddVisits(stage, iteration);
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
        AddPart(together, "optimizer", part, m_everyone);
    }
}

void
IterationGraph::MakeTeams()
{
    const auto& groups = m_layout.GetGroups(GroupKind::TENSOR);
    for (uint32_t stage = 0; stage < m_spec.parallel.pipeline; ++stage)
    {
        std::vector<Team>& teams = m_teams.emplace_back();
        for (uint32_t place = 0; place < m_layout.GetPlaces(); ++place)
        {
            const Team& group = groups[m_layout.GetGroup(GroupKind::TENSOR, place)];
            if (!IsFolded(stage, place))
            {
                teams.push_back({place});
            }
            else if (place == group.front())
            {
                teams.push_back(group);
            }
        }
    }
}

uint32_t
IterationGraph::GetFoldClass(uint32_t stage, uint32_t place) const
{
    const std::size_t group = stage * m_layout.GetGroups(GroupKind::TENSOR).size() +
                              m_layout.GetGroup(GroupKind::TENSOR, place);
    return m_fold ? m_fold->classOf[group] : TensorFold::APART;
}

void
IterationGraph::MakeCrews()
{
    std::map<uint32_t, std::size_t> known; // by micro-batches
    const uint32_t places = m_layout.GetPlaces();
    m_everyone.places.assign(places, true);
    for (uint32_t place = 0; place < places; ++place)
    {
        const uint32_t micros =
            m_spec.GetMicroBatches(m_layout.GetReplica(m_layout.GetRank(0, place)));
        const auto [entry, isNew] = known.try_emplace(micros, m_crews.size());
        if (isNew)
        {
            m_crews.push_back({std::vector<bool>(places, false), m_spec.GetView(0, micros)});
        }
        m_crews[entry->second].places[place] = true;
    }
}

void
IterationGraph::AddVisits(uint32_t stage, uint32_t iteration)
{
    Part& begin = m_begins[stage];
    for (std::size_t member = begin.steps.size(); member < m_steps.size(); ++member)
    {
        begin.steps.push_back(m_steps[member].Begin(stage));
    }
    AddPart({stage}, "weights", begin, m_everyone);
    std::vector<std::vector<Visit>> schedules;
    for (const Crew& crew : m_crews)
    {
        schedules.push_back(MakeSchedule(crew.view, stage));
    }
    // All crews have as many visits that may communicate with others, in the same order.
    std::vector<std::size_t> next(m_crews.size(), 0);
    for (bool isLeft = true; isLeft;)
    {
        std::vector<Turn> together;
        for (std::size_t i = 0; i < m_crews.size(); ++i)
        {
            for (; next[i] < schedules[i].size(); ++next[i])
            {
                const Visit& visit = schedules[i][next[i]];
                if (m_crews.size() > 1 && IsEdge(m_crews[i].view, visit))
                {
                    together.push_back({&m_crews[i], visit});
                    ++next[i];
                    break;
                }
                AddVisit(stage, {{&m_crews[i], visit}}, iteration);
            }
        }
        isLeft = !together.empty();
        if (isLeft)
        {
            AddVisit(stage, together, iteration);
        }
    }
}

void
IterationGraph::AddVisit(uint32_t stage, const std::vector<Turn>& turns, uint32_t iteration)
{
    const Visit& first = turns.front().visit;
    for (const Turn& turn : turns)
    {
        for (const Visit& pass : GetPasses(turn.visit))
        {
            AddReceives(stage, pass, *turn.crew, iteration);
            AddReads(stage, pass, *turn.crew);
        }
    }
    const bool isEdge = IsEdge(turns.front().crew->view, first);
    Part& part = m_visits[{stage, first.chunk, first.kind, isEdge}];
    for (std::size_t member = part.steps.size(); member < m_steps.size(); ++member)
    {
        part.steps.push_back(
            MakeVisitSteps(turns.front().crew->view, m_steps[member], stage, first));
    }
    AddPart({stage},
            NameOf(first.kind),
            part,
            turns.size() == m_crews.size() ? m_everyone : *turns.front().crew);
    for (const Turn& turn : turns)
    {
        for (const Visit& pass : GetPasses(turn.visit))
        {
            AddSends(stage, pass, *turn.crew, iteration);
        }
    }
}

const std::vector<uint32_t>&
IterationGraph::GetTags(const char* name, Part& part, uint32_t stage, const Team& team)
{
    const uint32_t cls = GetFoldClass(stage, team.front());
    const double slowness = GetSlowness(stage, team);
    const uint32_t kind = m_spec.GetKind(m_layout.GetRank(stage, team.front()));
    const uint32_t member = kind * m_members + team.front() % m_members; // see RankLayout
    const auto [entry, isNew] = part.tags.try_emplace({slowness, member, cls});
    if (isNew)
    {
        for (const Block& block :
             MakeBlocks(*m_views[kind],
                        name,
                        part.steps[member],
                        slowness,
                        cls == TensorFold::APART ? nullptr : &m_fold->times[cls]))
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
    if (IsStore(rank) || !IsFolded(m_layout.GetStage(rank), m_layout.GetPlace(rank)))
    {
        return {rank};
    }
    std::vector<uint32_t> team;
    const uint32_t group = m_layout.GetGroup(GroupKind::TENSOR, m_layout.GetPlace(rank));
    for (const uint32_t place : m_layout.GetGroups(GroupKind::TENSOR)[group])
    {
        team.push_back(m_layout.GetRank(m_layout.GetStage(rank), place));
    }
    return team;
}

void
IterationGraph::AddPart(const std::vector<uint32_t>& stages,
                        const char* name,
                        Part& part,
                        const Crew& crew)
{
    /** Cards that are replayed as one. */
    struct Actor
    {
        uint32_t stage;                    //!< Their stage
        const Team* team;                  //!< Their places
        const std::vector<uint32_t>* tags; //!< Of their blocks
        std::size_t next{0};               //!< Block
    };

    std::vector<Actor> actors;
    for (const uint32_t stage : stages)
    {
        CountTraffic(stage, part.steps.front(), crew);
        for (const Team& team : m_teams[stage])
        {
            if (crew.places[team.front()]) // then all others are, too
            {
                actors.push_back({stage, &team, &GetTags(name, part, stage, team)});
            }
        }
    }
    /** @return an actor's next step; nullptr: it has done all. */
    const auto getNext = [this](const Actor& actor) -> const Step* {
        return actor.next == actor.tags->size() ? nullptr
                                                : &m_blocks[(*actor.tags)[actor.next]].step;
    };
    // All cards in step, so that what they share begins behind what all have done. Kernels that
    // take no time on cards of one kind are missing there; collectives are the same for all, but
    // for those of tensor groups, which are within the kernels of those that are folded.
    while (true)
    {
        for (Actor& actor : actors)
        {
            while (actor.next < actor.tags->size() &&
                   !IsOfCollective(m_blocks[(*actor.tags)[actor.next]].step))
            {
                AddKernels(actor.stage, *actor.team, (*actor.tags)[actor.next++]);
            }
        }
        const auto own = std::find_if(actors.begin(), actors.end(), [&](const Actor& actor) {
            return getNext(actor) && IsOfTensorGroup(*getNext(actor));
        });
        const bool isOwn = own != actors.end();
        const Step* const next = getNext(isOwn ? *own : actors.front());
        if (!next)
        {
            return;
        }
        const Step step = *next;
        for (const uint32_t stage : stages)
        {
            if (step.type == Step::LAUNCH)
            {
                AddCollectives(stage, step, crew);
            }
        }
        for (Actor& actor : actors)
        {
            if (isOwn && !(getNext(actor) && IsOfTensorGroup(*getNext(actor))))
            {
                continue;
            }
            ++actor.next;
            for (const uint32_t place : *actor.team)
            {
                if (step.type != Step::LAUNCH)
                {
                    Wait(At(actor.stage, place), step);
                }
            }
        }
    }
}

void
IterationGraph::AddKernels(uint32_t stage, const Team& team, uint32_t tag)
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

std::vector<uint32_t>
IterationGraph::ListBefore(const Card& card)
{
    std::vector<uint32_t> before = card.pending;
    if (card.last != NONE)
    {
        before.push_back(card.last);
    }
    return before;
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
IterationGraph::AddCollectives(uint32_t stage, const Step& step, const Crew& crew)
{
    if (!IsAddedWith(stage, step))
    {
        return;
    }
    for (const std::vector<uint32_t>& ranks : m_layout.GetRankGroups(step.group, stage))
    {
        const uint32_t place = m_layout.GetPlace(ranks.front());
        const bool isFolded = step.group == GroupKind::TENSOR && IsFolded(stage, place);
        if (crew.places[place] && !isFolded) // then all others are, too
        {
            AddCollectiveOf(step, ranks);
        }
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
        spec.algorithm = GetGroupAlgorithm(m_spec.collectives, kind, step.collective);
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
    std::vector<uint32_t> before(ranks.size(), NONE);
    for (std::size_t i = 0; i < ranks.size(); ++i)
    {
        const Tick overhead =
            GetCollectiveOverhead(m_views[m_spec.GetKind(ranks[i])]->device, ranks.size());
        if (overhead == 0)
        {
            continue;
        }
        Operation operation;
        operation.type = OperationType::DELAY;
        operation.rank = ranks[i];
        operation.duration = overhead;
        before[i] = m_graph.Add(operation);
        RequireCard(before[i], m_cards[ranks[i]]);
    }
    const CollectiveEnds ends = AddCollective(m_graph, plan);
    m_collectives.push_back({ends.begin.front(),
                             ends.end.front(),
                             static_cast<uint32_t>(ranks.size()),
                             kind,
                             plan.spec.name == "broadcast"});
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
IterationGraph::AddReceives(uint32_t stage,
                            const Visit& visit,
                            const Crew& crew,
                            uint32_t iteration)
{
    const Hop hop = GetHop(crew.view, stage, visit, iteration, false);
    for (uint32_t place = 0; hop.isThere && place < m_layout.GetPlaces(); ++place)
    {
        if (!crew.places[place])
        {
            continue;
        }
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
IterationGraph::AddReads(uint32_t stage, const Visit& visit, const Crew& crew)
{
    if (!NeedsData(crew.view, stage, visit))
    {
        return;
    }
    for (uint32_t place = 0; place < m_layout.GetPlaces(); ++place)
    {
        const uint32_t rank = m_layout.GetRank(stage, place);
        if (!crew.places[place] || !m_reads->IsReader(rank))
        {
            continue;
        }
        Card& card = m_cards[rank];
        const uint32_t read = m_reads->Take(rank, ListBefore(card), m_graph);
        if (read != NONE)
        {
            card.pending.push_back(read);
        }
    }
}

void
IterationGraph::AddSends(uint32_t stage, const Visit& visit, const Crew& crew, uint32_t iteration)
{
    const Hop hop = GetHop(crew.view, stage, visit, iteration, true);
    for (uint32_t place = 0; hop.isThere && place < m_layout.GetPlaces(); ++place)
    {
        if (!crew.places[place])
        {
            continue;
        }
        ++m_counts[{NameOf(TrainingCause::PIPELINE), "send", 2, m_sendBytes}];
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
IterationGraph::CountTraffic(uint32_t stage, const Steps& steps, const Crew& crew)
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
        for (const std::vector<uint32_t>& group : m_layout.GetRankGroups(step.group, stage))
        {
            m_counts[{NameOf(GetGroupCause(step.group)),
                      step.collective,
                      static_cast<uint32_t>(group.size()),
                      step.bytes}] += crew.places[m_layout.GetPlace(group.front())] ? 1 : 0;
        }
    }
}

double
CountOperations(const TrainingSpec& spec, bool isFolded)
{
    const std::vector<CardClass> classes = ListCardClasses(spec);
    double operations = 0;
    ForEachPart(spec, classes, [&](std::size_t i, const Steps& steps) {
        const double cards = classes[i].cards;
        const double teams = isFolded ? cards / spec.parallel.tensor : cards;
        const Device& device =
            spec.kinds.empty() ? spec.device : spec.kinds[classes[i].kind].device;
        const double each = GetCollectiveOverhead(device, 2) > 0 ? 3 : 2;
        operations += 2 * cards; // a message, sent and received
        for (const Step& step : steps)
        {
            const bool isNone =
                step.type == Step::WAIT || step.type == Step::WAIT_ALL ||
                (isFolded && step.type == Step::LAUNCH && step.group == GroupKind::TENSOR);
            operations += isNone ? 0 : step.type == Step::LAUNCH ? cards * each : teams;
        }
    });
    return (operations + CountReadOperations(spec)) * spec.iterations;
}

void
CheckPeak(const TrainingSpec& training)
{
    TrainingSpec spec = training;
    if (spec.model.moe)
    {
        spec.model.moe->shares.clear(); // the mean card, not a certain one
    }
    const std::vector<CardClass> classes = ListCardClasses(spec);
    std::vector<Tick> times(classes.size(), 0);
    ForEachPart(spec, classes, [&](std::size_t i, const Steps& steps) {
        for (const Step& step : steps)
        {
            times[i] = AddTicks(times[i], step.work.kernel);
        }
    });
    constexpr double PICOSECOND = 1e-12;
    const Tick longest = *std::max_element(times.begin(), times.end());
    if (longest == NEVER) // no time to compare with, and no fault of the device
    {
        throw ParameterError("batch.sequence",
                             fmt::format("with sequences of {} tokens the kernels of an iteration "
                                         "alone take longer than simulated time can tell, 106 "
                                         "days: give shorter sequences, or a smaller batch",
                                         spec.sequence));
    }
    const double seconds = static_cast<double>(longest) * PICOSECOND;
    const double most = spec.GetTotalPeak() * seconds;
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
    ForEachPart(spec, ListCardClasses(spec), [&](std::size_t, const Steps& steps) {
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
