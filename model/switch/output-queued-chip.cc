/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "switch/output-queued-chip.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

Switches::OutputQueuedChip::OutputQueuedChip(Switches& switches,
                                             uint32_t chip,
                                             const SwitchSpec& spec)
    : m_switches(switches),
      m_chip(chip),
      m_oldestFirst(spec.profile->GetArbiter() == SwitchProfile::OLDEST_FIRST),
      m_memory(static_cast<uint32_t>(spec.profile->GetSharedBuffer() /
                                     switches.m_links.GetSpec(spec.outLinks[0]).profile->GetFlit()),
               spec.profile->GetAlpha(),
               static_cast<uint32_t>(spec.outLinks.size()) * spec.profile->GetVcs()),
      m_queues(spec.outLinks.size() * spec.profile->GetVcs())
{
}

uint32_t
Switches::OutputQueuedChip::GetQueueOf(const Packet& packet) const
{
    return m_switches.m_outputs[packet.out].port * GetKind().vcs + packet.outVc;
}

const Packet&
Switches::OutputQueuedChip::GetHead(const Output& output, uint32_t vc) const
{
    return m_switches.m_pool[m_queues[output.port * GetKind().vcs + vc].head];
}

void
Switches::OutputQueuedChip::Arrive(uint32_t inLink, uint32_t index)
{
    const Packet& packet = m_switches.m_pool[index];
    const uint32_t vc = packet.vc;
    const uint32_t out = packet.out;
    const bool hasTakenCredit = packet.hasOutCredit;
    PacketQueue& queue = m_switches.GetFifo(m_switches.m_inputs[inLink], vc);
    const bool leads = queue.IsEmpty();
    queue.Push(m_switches.m_pool, index);
    if (m_switches.m_monitor) [[unlikely]]
    {
        m_switches.m_monitor->Enqueued(index);
    }
    if (GetKind().selects)
    {
        m_switches.m_queued[m_switches.m_links.GetLedger(out, packet.outVc)] += packet.flits;
    }
    if (leads)
    {
        m_waiters.push_back({inLink, vc});
        Admit();
    }
    if (hasTakenCredit)
    {
        // That forgot who has asked for some.
        m_switches.LookAtOutput(out, m_switches.m_clock.Now());
    }
}

void
Switches::OutputQueuedChip::Admit()
{
    const Tick now = m_switches.m_clock.Now();
    const Kind& kind = GetKind();
    std::vector<Waiter> rest;
    std::vector<uint32_t> full; // queues for which somebody waits
    std::vector<uint32_t> outs; // outputs with something new
    // Who stands behind one that has gone in joins the end.
    for (std::size_t turn = 0; turn < m_waiters.size(); ++turn)
    {
        const Waiter waiter = m_waiters[turn];
        const Input& input = m_switches.m_inputs[waiter.inLink];
        PacketQueue& from = m_switches.GetFifo(input, waiter.vc);
        const Packet& packet = m_switches.m_pool[from.head];
        const uint32_t queue = GetQueueOf(packet);
        if (std::find(full.begin(), full.end(), queue) != full.end() ||
            !m_memory.Admit(queue, packet.flits, now))
        {
            full.push_back(queue);
            rest.push_back(waiter);
            continue;
        }
        const uint32_t index = from.Pop(m_switches.m_pool);
        if (!from.IsEmpty())
        {
            m_waiters.push_back(waiter);
        }
        m_switches.m_links.ReturnCredit(
            waiter.inLink,
            waiter.vc,
            packet.flits,
            std::max(now, packet.tailIn + kind.latency),
            {packet.out, packet.outVc, m_switches.m_links.GetArrival(waiter.inLink, packet)});
        PacketQueue& to = m_queues[queue];
        if (to.IsEmpty())
        {
            m_switches.m_outputs[packet.out].requests.Raise(packet.outVc);
            outs.push_back(packet.out);
        }
        to.Push(m_switches.m_pool, index);
    }
    m_waiters = std::move(rest);
    for (const uint32_t out : outs)
    {
        Serve(out);
    }
    if (!m_waiters.empty() && m_memory.GetNextLeave() < m_nextLook)
    {
        m_nextLook = m_memory.GetNextLeave();
        m_switches.m_clock.Schedule(m_nextLook, &m_switches, GetWord(m_chip, false));
    }
}

uint32_t
Switches::OutputQueuedChip::Choose(uint32_t outLink, uint32_t& lacking, Tick& look)
{
    const Output& output = m_switches.m_outputs[outLink];
    const uint32_t vcs = GetKind().vcs;
    const OutputClasses* const classes = output.GetClasses();
    if (!classes)
    {
        return ChooseAmong({0, vcs, output.requests.GetPointer()}, outLink, lacking, look);
    }
    // Class by class, in the order of their turns.
    const ClassScheduler& scheduler = classes->GetScheduler();
    const ClassScheduler::Order order = scheduler.GetOrder();
    const VcLayout& layout = GetKind().layout;
    for (uint32_t rank = 0; rank < scheduler.GetClasses(); ++rank)
    {
        const uint32_t first = layout.GetFirst(order[rank], 0);
        const uint32_t pointer = std::max(classes->GetPointer(order[rank]), first);
        const uint32_t vc =
            ChooseAmong({first, layout.vcsPerTrafficClass, pointer}, outLink, lacking, look);
        if (vc != RoundRobinArbiter::NONE_WAITING)
        {
            return vc;
        }
    }
    return RoundRobinArbiter::NONE_WAITING;
}

uint32_t
Switches::OutputQueuedChip::ChooseAmong(const VcRange& vcs,
                                        uint32_t outLink,
                                        uint32_t& lacking,
                                        Tick& look)
{
    const Output& output = m_switches.m_outputs[outLink];
    uint32_t best = RoundRobinArbiter::NONE_WAITING;
    for (uint32_t turn = 0; turn < vcs.count; ++turn)
    {
        const uint32_t vc = vcs.first + (vcs.pointer - vcs.first + turn) % vcs.count;
        if (output.requests.FindFrom(vc) != vc)
        {
            continue;
        }
        const Packet& packet = GetHead(output, vc);
        if (!packet.hasOutCredit && !m_switches.m_links.HasCredit(outLink, vc, packet.flits))
        {
            look = std::min(look, m_switches.m_links.AskCredit(outLink, vc, packet.flits));
            lacking |= 1U << vc;
            continue;
        }
        if (!m_oldestFirst)
        {
            return vc;
        }
        if (best == RoundRobinArbiter::NONE_WAITING ||
            packet.injected < GetHead(output, best).injected)
        {
            best = vc;
        }
    }
    return best;
}

void
Switches::OutputQueuedChip::Serve(uint32_t outLink)
{
    Output& output = m_switches.m_outputs[outLink];
    Links& links = m_switches.m_links;
    const Kind& kind = GetKind();
    while (output.requests.HasRequests())
    {
        if (links.GetFreeAt(outLink) > m_switches.m_clock.Now())
        {
            m_switches.LookAtOutput(outLink, links.GetFreeAt(outLink));
            return;
        }
        uint32_t lacking = 0;
        Tick look = NEVER;
        const uint32_t vc = Choose(outLink, lacking, look);
        if (vc == RoundRobinArbiter::NONE_WAITING)
        {
            links.BeginStall(outLink, lacking);
            if (look != NEVER)
            {
                m_switches.LookAtOutput(outLink, look);
            }
            return;
        }
        PacketQueue& queue = m_queues[output.port * kind.vcs + vc];
        const uint32_t index = queue.Pop(m_switches.m_pool);
        output.requests.Clear(vc);
        output.requests.Served(vc);
        if (OutputClasses* const classes = output.GetClasses())
        {
            classes->Served(vc, m_switches.m_pool[index].flits);
        }
        if (!queue.IsEmpty())
        {
            output.requests.Raise(vc);
        }
        if (m_switches.m_monitor) [[unlikely]]
        {
            m_switches.m_monitor->Leaves(index);
        }
        Packet& packet = m_switches.m_pool[index];
        const uint32_t number = GetQueueOf(packet);
        packet.vc = packet.outVc;
        packet.vcClass = packet.outVcClass;
        if (kind.selects)
        {
            m_switches.m_queued[links.GetLedger(outLink, vc)] -= packet.flits;
        }
        if (!packet.hasOutCredit)
        {
            links.TakeCredit(outLink, vc, packet.flits);
        }
        packet.hasOutCredit = 0;
        const Tick gone = links.Transmit(outLink, index, packet.tailIn + kind.latency);
        m_memory.Leave(number, packet.flits, gone);
        if (!m_waiters.empty() && gone < m_nextLook)
        {
            m_nextLook = gone;
            m_switches.m_clock.Schedule(gone, &m_switches, GetWord(m_chip, false));
        }
    }
}

void
Switches::OutputQueuedChip::OnEvent()
{
    if (m_nextLook == m_switches.m_clock.Now()) // else an earlier look took its place
    {
        m_nextLook = NEVER;
        Admit();
    }
}

} // namespace mtlink
} // namespace ns3
