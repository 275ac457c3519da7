/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/unfolder.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

Unfolder::Unfolder(const OperationGraph& graph, TaskListener& listener)
    : m_graph(graph),
      m_listener(listener),
      m_actives(graph.GetUnfoldings().size())
{
}

Unfolder::~Unfolder() = default;

Unfolder::Active&
Unfolder::Touch(uint32_t unfolding)
{
    std::unique_ptr<Active>& active = m_actives[unfolding];
    if (!active)
    {
        const Unfolding& what = m_graph.GetUnfoldings()[unfolding];
        active = std::make_unique<Active>();
        active->members.resize(what.ranks.size());
        active->strands.resize(what.ranks.size() * what.program->GetStrands());
        active->left = static_cast<uint32_t>(what.ranks.size());
    }
    return *active;
}

void
Unfolder::Launch(const Operation& launch)
{
    const uint32_t unfolding = launch.tag;
    const uint32_t member = launch.peer;
    Active& active = Touch(unfolding);
    Member& self = active.members[member];
    const ProgramPointer& program = m_graph.GetUnfoldings()[unfolding].program;
    const uint32_t strands = program->GetStrands();
    self.state = Member::LAUNCHED;
    self.strandsLeft = strands;
    for (uint32_t strand = 0; strand < strands; ++strand)
    {
        active.strands[std::size_t{member} * strands + strand].transfers =
            program->Open(member, strand, false);
        Pump(unfolding, member, strand);
    }
    if (self.outstanding == 0)
    {
        self.state = Member::OPEN; // nothing to do: nothing to wait for
        self.outstanding = 1;
        Settle(unfolding, member);
        return;
    }
    Task open;
    open.place = 1;
    open.unfolding = unfolding;
    open.member = member;
    m_listener.TaskReady(Add(open));
}

void
Unfolder::Open(uint32_t task, Tick now)
{
    const Task open = m_tasks[task];
    m_freeTasks.push_back(task);
    Member& self = m_actives[open.unfolding]->members[open.member];
    self.state = Member::OPEN;
    self.opened = now;
    const std::vector<Arrival> early = std::move(self.early);
    self.early = {};
    for (const Arrival& arrival : early)
    {
        Take(arrival);
    }
}

void
Unfolder::Start(uint32_t task, Tick now)
{
    m_tasks[task].start = now;
    if (m_tasks[task].type == Task::SEND)
    {
        Release(task); // only a reduction waits for a send, and for its start
    }
}

void
Unfolder::Finish(uint32_t task)
{
    const Task over = m_tasks[task];
    if (over.type == Task::SEND)
    {
        m_tasks[task].start = NEVER; // what is left of it is a message
    }
    else
    {
        Strand& strand = GetStrand(over);
        DropMaker(strand, over.blocks[0], task);
        DropMaker(strand, over.blocks[1], task);
        strand.gate = strand.gate == task ? NONE : strand.gate;
        strand.latestReduce = strand.latestReduce == task ? NONE : strand.latestReduce;
        Release(task);
        m_freeTasks.push_back(task);
    }
    Settle(over.unfolding, over.member);
}

void
Unfolder::AdvanceRing(uint32_t task, bool isPassed)
{
    const Task self = m_tasks[task];
    m_tasks[task].waits ^= 1; // one half is over, or both
    const bool isOver = m_tasks[task].waits == 0;
    if (isPassed)
    {
        Strand& strand = GetStrand(self);
        DropMaker(strand, self.blocks[0], task);
        Release(task);
        if (strand.stop == task)
        {
            strand.stop = NONE;
            Pump(self.unfolding, self.member, self.strand);
        }
    }
    if (isOver)
    {
        m_freeTasks.push_back(task);
    }
    Settle(self.unfolding, self.member);
}

void
Unfolder::Arrive(uint32_t task)
{
    const Task& send = m_tasks[task];
    const Arrival arrival{send.place + 1,
                          send.bytes,
                          send.unfolding,
                          send.peer,
                          send.member,
                          send.peerStrand};
    m_freeTasks.push_back(task);
    Member& self = Touch(arrival.unfolding).members[arrival.member];
    if (self.state == Member::OPEN)
    {
        Take(arrival);
    }
    else
    {
        self.early.push_back(arrival);
    }
}

void
Unfolder::Take(const Arrival& arrival)
{
    const uint32_t unfolding = arrival.unfolding;
    Active& active = *m_actives[unfolding];
    const uint32_t strands = m_graph.GetUnfoldings()[unfolding].program->GetStrands();
    Strand& strand = active.strands[std::size_t{arrival.member} * strands + arrival.strand];
    if (strand.reached < arrival.place)
    {
        // It came before what its strand was stopped by: what may follow it is asked for too.
        while (strand.reached < arrival.place)
        {
            strand.stop = NONE;
            strand.held = 0;
            Ask(unfolding, arrival.member, arrival.strand);
        }
        Pump(unfolding, arrival.member, arrival.strand);
    }
    Pending* pending = FindPending(strand, arrival.place);
    const uint32_t task = pending->task;
    pending->task = GONE;
    while (strand.first < strand.pending.size() && strand.pending[strand.first].task == GONE)
    {
        ++strand.first;
    }
    if (strand.first == strand.pending.size())
    {
        strand.pending.clear();
        strand.first = 0;
    }
    m_listener.TaskReceived(arrival, active.members[arrival.member].opened);
    if (task == NONE)
    {
        if (strand.held == arrival.place)
        {
            strand.held = 0;
            Pump(unfolding, arrival.member, arrival.strand);
        }
        Settle(unfolding, arrival.member);
    }
    else if (m_tasks[task].type == Task::RECEIVE)
    {
        Finish(task);
    }
    else
    {
        Unblock(task);
    }
}

void
Unfolder::Pump(uint32_t unfolding, uint32_t member, uint32_t strand)
{
    const uint32_t strands = m_graph.GetUnfoldings()[unfolding].program->GetStrands();
    const Strand& self = m_actives[unfolding]->strands[std::size_t{member} * strands + strand];
    while (!self.isOver && self.stop == NONE && self.held == 0)
    {
        Ask(unfolding, member, strand);
    }
}

void
Unfolder::Ask(uint32_t unfolding, uint32_t member, uint32_t strandIndex)
{
    const CollectiveProgram& program = *m_graph.GetUnfoldings()[unfolding].program;
    Active& active = *m_actives[unfolding];
    Strand& strand = active.strands[std::size_t{member} * program.GetStrands() + strandIndex];
    switch (strand.transfers.NextOrRing())
    {
    case Transfers::END:
        strand.isOver = true;
        strand.transfers = {};
        --active.members[member].strandsLeft;
        return;
    case Transfers::RING:
        AskRing(unfolding, member, strandIndex);
        return;
    case Transfers::TRANSFER:
        break;
    }
    const Transfer& transfer = strand.transfers.Get();
    if (transfer.type == Transfer::GATE)
    {
        strand.gate = strand.latestReduce;
        return;
    }
    Task task;
    task.bytes = program.LengthOf(transfer);
    task.place = transfer.place;
    task.unfolding = unfolding;
    task.member = member;
    task.strand = strandIndex;
    task.peer = transfer.peer;
    task.peerStrand = transfer.peerStrand == SAME_STRAND ? strandIndex : transfer.peerStrand;
    task.flow = transfer.flow;
    if (transfer.type != Transfer::SEND)
    {
        strand.reached = transfer.place;
    }
    if (task.bytes == 0)
    {
        return;
    }
    ++active.members[member].outstanding;
    switch (transfer.type)
    {
    case Transfer::SEND:
        AskSend(strand, task, transfer);
        if (!program.IsLazy())
        {
            strand.stop = NONE;
        }
        break;
    case Transfer::REDUCE:
        AskReduce(strand, task, transfer);
        break;
    case Transfer::RECEIVE:
        task.type = Task::RECEIVE;
        if (transfer.isLast)
        {
            strand.pending.push_back({transfer.place, NONE});
            strand.held = program.IsLazy() ? transfer.place : 0;
            break;
        }
        task.blocks[0] = transfer.blocks[0];
        task.blocks[1] = transfer.blocks[1];
        strand.pending.push_back({transfer.place, Add(task)});
        SetMaker(strand, task.blocks[0], strand.pending.back().task);
        SetMaker(strand, task.blocks[1], strand.pending.back().task);
        break;
    case Transfer::GATE:
        break; // above
    }
}

void
Unfolder::AskSend(Strand& strand, Task send, const Transfer& transfer)
{
    send.type = Task::SEND;
    const uint32_t id = Add(send);
    strand.latestSend = id;
    if (!transfer.isOriginal)
    {
        WaitForMakers(strand, id, transfer);
    }
    for (const uint64_t place : transfer.after)
    {
        if (const Pending* pending = FindPending(strand, place))
        {
            Wait(id, pending->task);
        }
    }
    if (strand.gate != NONE)
    {
        Wait(id, strand.gate);
    }
    if (m_tasks[id].waits == 0)
    {
        m_listener.TaskReady(id);
    }
    else
    {
        strand.stop = id;
    }
}

void
Unfolder::AskRing(uint32_t unfolding, uint32_t member, uint32_t strandIndex)
{
    Active& active = *m_actives[unfolding];
    const CollectiveProgram& program = *m_graph.GetUnfoldings()[unfolding].program;
    Strand& strand = active.strands[std::size_t{member} * program.GetStrands() + strandIndex];
    const RingPhase& phase = strand.transfers.GetRing();
    const auto [ring, isNew] = active.rings.try_emplace(phase.rounds.Place(0, 0), NO_RING);
    if (isNew)
    {
        ring->second = m_listener.OpenRing(unfolding, phase);
    }
    if (ring->second == NO_RING)
    {
        return; // its transfers come next
    }
    Task task;
    task.type = Task::RING;
    task.place = phase.rounds.Place(0, phase.at);
    task.unfolding = unfolding;
    task.member = member;
    task.strand = strandIndex;
    task.peer = (*phase.ring)[(phase.at + 1) % phase.GetSize()];
    task.ring = ring->second;
    task.ringPlace = phase.at;
    task.blocks[0] = phase.GetBlocks();
    Transfer all;
    all.blocks[0] = task.blocks[0];
    strand.transfers.SkipRing();
    active.members[member].outstanding += 2; // see AdvanceRing()
    const uint32_t id = Add(task);
    WaitForMakers(strand, id, all);
    SetMaker(strand, task.blocks[0], id);
    strand.stop = id;
    if (m_tasks[id].waits == 0)
    {
        m_listener.TaskReady(id);
    }
}

void
Unfolder::AskReduce(Strand& strand, Task reduce, const Transfer& transfer)
{
    reduce.type = Task::REDUCE;
    reduce.place = transfer.reducePlace;
    reduce.blocks[0] = transfer.blocks[0];
    reduce.blocks[1] = transfer.blocks[1];
    const uint32_t id = Add(reduce);
    WaitForMakers(strand, id, transfer);
    if (transfer.isExchange)
    {
        Wait(id, strand.latestSend);
    }
    ++m_tasks[id].waits; // its message
    strand.pending.push_back({transfer.place, id});
    SetMaker(strand, reduce.blocks[0], id);
    SetMaker(strand, reduce.blocks[1], id);
    strand.latestReduce = id;
}

void
Unfolder::Unblock(uint32_t task)
{
    if (--m_tasks[task].waits > 0)
    {
        return;
    }
    m_listener.TaskReady(task);
    const Task& self = m_tasks[task];
    Strand& strand = GetStrand(self);
    if (strand.stop == task && self.type != Task::RING)
    {
        strand.stop = NONE;
        Pump(self.unfolding, self.member, self.strand);
    }
}

void
Unfolder::Release(uint32_t task)
{
    // What is asked for meanwhile may wait for other tasks, not for this one.
    uint32_t edge = std::exchange(m_tasks[task].dependents, NONE);
    while (edge != NONE)
    {
        const Edge self = m_edges[edge];
        m_freeEdges.push_back(edge);
        Unblock(self.later);
        edge = self.next;
    }
}

void
Unfolder::Settle(uint32_t unfolding, uint32_t member)
{
    Active& active = *m_actives[unfolding];
    Member& self = active.members[member];
    if (--self.outstanding > 0 || self.strandsLeft > 0 || self.state != Member::OPEN)
    {
        return;
    }
    self.state = Member::DONE;
    const uint32_t end = m_graph.GetUnfoldings()[unfolding].firstEnd + member;
    if (--active.left == 0)
    {
        m_actives[unfolding].reset();
    }
    m_listener.MemberDone(end);
}

uint32_t
Unfolder::Add(const Task& task)
{
    if (m_freeTasks.empty())
    {
        m_freeTasks.push_back(static_cast<uint32_t>(m_tasks.size()));
        m_tasks.emplace_back();
    }
    const uint32_t id = m_freeTasks.back();
    m_freeTasks.pop_back();
    m_tasks[id] = task;
    return id;
}

void
Unfolder::Wait(uint32_t later, uint32_t earlier)
{
    if (earlier == NONE || earlier == GONE)
    {
        return;
    }
    // Each once: the latest edge of a task is that of who was asked for last.
    const uint32_t head = m_tasks[earlier].dependents;
    if (head != NONE && m_edges[head].later == later)
    {
        return;
    }
    if (m_freeEdges.empty())
    {
        m_freeEdges.push_back(static_cast<uint32_t>(m_edges.size()));
        m_edges.emplace_back();
    }
    const uint32_t edge = m_freeEdges.back();
    m_freeEdges.pop_back();
    m_edges[edge] = {later, head};
    m_tasks[earlier].dependents = edge;
    ++m_tasks[later].waits;
}

void
Unfolder::WaitForMakers(const Strand& strand, uint32_t later, const Transfer& transfer)
{
    for (const BlockRange& range : transfer.blocks)
    {
        auto maker =
            std::lower_bound(strand.makers.begin(),
                             strand.makers.end(),
                             range.first,
                             [](const Maker& a, uint32_t first) { return a.blocks.last <= first; });
        for (; maker != strand.makers.end() && maker->blocks.first < range.last; ++maker)
        {
            Wait(later, maker->task);
        }
    }
}

void
Unfolder::SetMaker(Strand& strand, BlockRange blocks, uint32_t task)
{
    if (blocks.first >= blocks.last)
    {
        return;
    }
    // What others make of these blocks, this one makes now.
    auto& makers = strand.makers;
    auto from =
        std::lower_bound(makers.begin(),
                         makers.end(),
                         blocks.first,
                         [](const Maker& a, uint32_t first) { return a.blocks.last <= first; });
    auto to = from;
    while (to != makers.end() && to->blocks.first < blocks.last)
    {
        ++to;
    }
    Maker pieces[3];
    uint32_t count = 0;
    if (from != to && from->blocks.first < blocks.first)
    {
        pieces[count++] = {{from->blocks.first, blocks.first}, from->task};
    }
    pieces[count++] = {blocks, task};
    if (from != to && (to - 1)->blocks.last > blocks.last)
    {
        pieces[count++] = {{blocks.last, (to - 1)->blocks.last}, (to - 1)->task};
    }
    from = makers.erase(from, to);
    makers.insert(from, pieces, pieces + count);
}

void
Unfolder::DropMaker(Strand& strand, BlockRange blocks, uint32_t task)
{
    if (blocks.first >= blocks.last)
    {
        return;
    }
    auto& makers = strand.makers;
    const auto from =
        std::lower_bound(makers.begin(),
                         makers.end(),
                         blocks.first,
                         [](const Maker& a, uint32_t first) { return a.blocks.last <= first; });
    auto to = from;
    while (to != makers.end() && to->blocks.first < blocks.last)
    {
        ++to;
    }
    makers.erase(
        std::remove_if(from, to, [task](const Maker& maker) { return maker.task == task; }),
        to);
}

Unfolder::Strand&
Unfolder::GetStrand(const Task& task)
{
    const uint32_t strands = GetUnfolding(task).program->GetStrands();
    return m_actives[task.unfolding]->strands[std::size_t{task.member} * strands + task.strand];
}

Unfolder::Pending*
Unfolder::FindPending(Strand& strand, uint64_t place)
{
    const auto found = std::lower_bound(
        strand.pending.begin() + strand.first,
        strand.pending.end(),
        place,
        [](const Pending& pending, uint64_t wanted) { return pending.place < wanted; });
    return found != strand.pending.end() && found->place == place ? &*found : nullptr;
}

std::vector<Task>
Unfolder::GetWaiting() const
{
    std::vector<Task> waiting;
    std::vector<bool> isFree(m_tasks.size(), false);
    for (const uint32_t task : m_freeTasks)
    {
        isFree[task] = true;
    }
    for (uint32_t task = 0; task < m_tasks.size(); ++task)
    {
        if (!isFree[task] && m_tasks[task].start != NEVER)
        {
            waiting.push_back(m_tasks[task]);
        }
    }
    for (uint32_t unfolding = 0; unfolding < m_actives.size(); ++unfolding)
    {
        if (!m_actives[unfolding])
        {
            continue;
        }
        const CollectiveProgram& program = *m_graph.GetUnfoldings()[unfolding].program;
        const Active& active = *m_actives[unfolding];
        for (std::size_t i = 0; i < active.strands.size(); ++i)
        {
            const auto member = static_cast<uint32_t>(i / program.GetStrands());
            const auto strand = static_cast<uint32_t>(i % program.GetStrands());
            if (active.members[member].state != Member::OPEN)
            {
                continue;
            }
            // Walked again: what was forgotten of it, who sends.
            const Strand& self = active.strands[i];
            Transfers transfers = program.Open(member, strand, false);
            std::size_t next = self.first;
            while (next < self.pending.size() && transfers.Next())
            {
                const Transfer& transfer = transfers.Get();
                if (transfer.type == Transfer::SEND || transfer.type == Transfer::GATE ||
                    transfer.place != self.pending[next].place)
                {
                    continue;
                }
                if (self.pending[next].task != GONE)
                {
                    Task receive;
                    receive.type = Task::RECEIVE;
                    receive.place = transfer.place;
                    receive.bytes = program.LengthOf(transfer);
                    receive.unfolding = unfolding;
                    receive.member = member;
                    receive.strand = strand;
                    receive.peer = transfer.peer;
                    receive.start = active.members[member].opened;
                    waiting.push_back(receive);
                }
                ++next;
            }
        }
    }
    return waiting;
}

} // namespace mtlink
} // namespace ns3
