/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "switch/memory-chip.h"

#include "switch/arbiter-registry.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

/** What a LinkServer sees of an output. */
class MemoryChip::Turn
{
  public:
    /** @param [in] chip The chip. @param [in] outLink The output. */
    Turn(MemoryChip& chip, uint32_t outLink)
        : m_chip(chip),
          m_output(chip.m_ports.GetOutput(outLink)),
          m_outLink(outLink)
    {
    }

    /** @return whether any queue of the output holds a packet. */
    bool HasWaiting() const
    {
        return m_output.requests.HasRequests();
    }

    /** @return that nothing lies between the memory and the wire. */
    static bool HasQueue()
    {
        return false;
    }

    /** Send from the queue whose turn it is. @param [in,out] look What waits. @return whether. */
    bool SendNext(LinkLook& look)
    {
        const uint32_t vc = m_chip.Choose(m_output, look);
        if (vc == RoundRobinArbiter::NONE_WAITING)
        {
            return false;
        }
        m_chip.Send(m_output, m_outLink, vc);
        return true;
    }

    /** Look at the output again. @param [in] at When. */
    void LookAt(Tick at)
    {
        m_chip.m_ports.LookAtOutput(m_outLink, at);
    }

  private:
    MemoryChip& m_chip;   //!< The chip
    OutputPort& m_output; //!< The output
    uint32_t m_outLink;   //!< Its link
};

MemoryChip::MemoryChip(SwitchPorts& ports, uint32_t number, uint32_t kind, const SwitchSpec& spec)
    : Chip(ports, number, kind, spec),
      m_oldestFirst(GetArbiters().Find(spec.profile->GetArbiter())->isByAge),
      m_memory(static_cast<uint32_t>(spec.profile->GetSharedBuffer() /
                                     m_links.GetSpec(spec.outLinks[0]).profile->GetFlit()),
               spec.profile->GetAlpha(),
               static_cast<uint32_t>(spec.outLinks.size()) * spec.profile->GetVcs()),
      m_queues(spec.outLinks.size() * spec.profile->GetVcs())
{
    for (const uint32_t link : spec.outLinks)
    {
        m_ports.GetOutput(link).hasMemory = 1;
    }
}

uint32_t
MemoryChip::GetQueueOf(const Packet& packet) const
{
    return m_ports.GetOutput(packet.out).port * GetKind().vcs + packet.outVc;
}

void
MemoryChip::Enqueue(uint32_t in, uint32_t index)
{
    const Packet& packet = m_pool[index];
    const uint32_t vc = packet.vc;
    const uint32_t out = packet.out;
    const bool hasTakenCredit = packet.hasOutCredit;
    PacketQueue& queue = GetFifo(m_ports.GetInput(in), vc);
    const bool leads = queue.IsEmpty();
    queue.Push(m_pool, index);
    m_ports.Join(index);
    if (leads)
    {
        m_waiters.push_back({in, vc});
        Admit();
    }
    if (hasTakenCredit)
    {
        // That forgot who has asked for some.
        m_ports.LookAtOutput(out, m_clock.Now());
    }
}

void
MemoryChip::Admit()
{
    const Tick now = m_clock.Now();
    std::vector<Waiter> rest;
    std::vector<uint32_t> full; // queues for which somebody waits
    std::vector<uint32_t> outs; // outputs with something new
    // Who stands behind one that has gone in joins the end.
    for (std::size_t turn = 0; turn < m_waiters.size(); ++turn)
    {
        const Waiter waiter = m_waiters[turn];
        const InputPort& input = m_ports.GetInput(waiter.inLink);
        PacketQueue& from = GetFifo(input, waiter.vc);
        const Packet& packet = m_pool[from.head];
        const uint32_t queue = GetQueueOf(packet);
        if (std::find(full.begin(), full.end(), queue) != full.end() ||
            !m_memory.Admit(queue, packet.flits, now))
        {
            full.push_back(queue);
            rest.push_back(waiter);
            continue;
        }
        const uint32_t index = from.Pop(m_pool);
        if (!from.IsEmpty())
        {
            m_waiters.push_back(waiter);
        }
        m_links.ReturnCredit(waiter.inLink,
                             waiter.vc,
                             packet.flits,
                             std::max(now, packet.tailIn + GetKind().latency),
                             {packet.out, packet.outVc, m_links.GetArrival(waiter.inLink, packet)});
        PacketQueue& to = m_queues[queue];
        if (to.IsEmpty())
        {
            m_ports.GetOutput(packet.out).requests.Raise(packet.outVc);
            outs.push_back(packet.out);
        }
        to.Push(m_pool, index);
    }
    m_waiters = std::move(rest);
    for (const uint32_t out : outs)
    {
        ServeOutput(out);
    }
    LookAt(m_memory.GetNextLeave());
}

void
MemoryChip::LookAt(Tick at)
{
    if (!m_waiters.empty() && m_look.Ask(at))
    {
        m_ports.ScheduleChip(GetNumber(), 0, at);
    }
}

uint32_t
MemoryChip::Choose(const OutputPort& output, LinkLook& look) const
{
    const uint32_t vcs = GetKind().vcs;
    const OutputClasses* const classes = output.GetClasses();
    if (!classes)
    {
        return ChooseAmong({0, vcs, output.requests.GetPointer()}, output, look);
    }
    // Class by class, in the order of their turns.
    const ClassScheduler& scheduler = classes->GetScheduler();
    const ClassScheduler::Order order = scheduler.GetOrder();
    const VcLayout& layout = GetKind().layout;
    for (uint32_t rank = 0; rank < scheduler.GetClasses(); ++rank)
    {
        const uint32_t first = layout.GetFirst(order[rank], 0);
        const uint32_t pointer = std::max(classes->GetPointer(order[rank]), first);
        const uint32_t vc = ChooseAmong({first, layout.vcsPerTrafficClass, pointer}, output, look);
        if (vc != RoundRobinArbiter::NONE_WAITING)
        {
            return vc;
        }
    }
    return RoundRobinArbiter::NONE_WAITING;
}

uint32_t
MemoryChip::ChooseAmong(const VcRange& vcs, const OutputPort& output, LinkLook& look) const
{
    uint32_t best = RoundRobinArbiter::NONE_WAITING;
    for (uint32_t turn = 0; turn < vcs.count; ++turn)
    {
        const uint32_t vc = vcs.first + (vcs.pointer - vcs.first + turn) % vcs.count;
        if (output.requests.FindFrom(vc) != vc)
        {
            continue;
        }
        const Packet& packet = GetHead(output, vc);
        if (!packet.hasOutCredit && !look.HasCredit(vc, packet.flits))
        {
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
MemoryChip::ServeOutput(uint32_t outLink)
{
    Turn turn(*this, outLink);
    LinkServer(m_links, turn).Serve(outLink, m_clock.Now());
}

void
MemoryChip::Send(OutputPort& output, uint32_t outLink, uint32_t vc)
{
    PacketQueue& queue = m_queues[output.port * GetKind().vcs + vc];
    const uint32_t index = queue.Pop(m_pool);
    const Packet& packet = m_pool[index];
    output.requests.Clear(vc);
    output.requests.Served(vc);
    if (OutputClasses* const classes = output.GetClasses())
    {
        classes->Served(vc, packet.flits);
    }
    if (!queue.IsEmpty())
    {
        output.requests.Raise(vc);
    }
    const uint32_t number = GetQueueOf(packet);
    m_ports.Leave(index);
    const Tick gone = m_links.Send(outLink, index, packet.tailIn + GetKind().latency);
    m_memory.Leave(number, packet.flits, gone);
    LookAt(gone);
}

void
MemoryChip::OnEvent(uint32_t)
{
    if (m_look.Take(m_clock.Now()))
    {
        Admit();
    }
}

} // namespace mtlink
} // namespace ns3
