/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "switch/switches.h"

#include "switch/chip-designs.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace mtlink
{

Switches::Switches(EventClock& clock, PacketPool& pool, Links& links, const Routing& routing)
    : m_clock(clock),
      m_paced(clock, *this, EventPhase::ARRIVE),
      m_pool(pool),
      m_links(links),
      m_ports(clock, pool, links, *this),
      m_router(m_ports, routing),
      m_multicast(pool, links, *this),
      m_units(clock, pool, links, m_multicast)
{
}

void
Switches::Add(const SwitchSpec& spec)
{
    const SwitchProfile& profile = *spec.profile;
    const ChipKind kind{profile.GetVcs(),
                        spec.layout,
                        ToTicks(profile.GetLatency()),
                        profile.GetPacketRate(),
                        profile.GetQueueing() == SwitchProfile::VOQ,
                        m_router.NeedsSelector(spec)};
    const uint32_t index = m_ports.FindKind(kind);
    const auto number = static_cast<uint32_t>(m_chips.size());
    m_ports.Resize();
    m_chips.push_back(MakeChip(m_ports, m_multicast, number, index, spec));
    m_router.Add(spec, index);
    if (profile.GetPacketRate() > 0)
    {
        m_pacers.resize(m_links.GetSize());
    }
    m_unitOf.push_back(profile.HasReduction()
                           ? m_units.Add({static_cast<uint64_t>(profile.GetReductionRate() * 8),
                                          ToTicks(profile.GetReductionLatency()),
                                          kind.latency,
                                          m_links.GetSpec(spec.outLinks[0]).profile->GetFlit()})
                           : 0);
}

Switches::GroupParts
Switches::GetGroupParts(uint32_t node) const
{
    const auto chip = std::find_if(m_chips.begin(), m_chips.end(), [node](const auto& c) {
        return c->GetNode() == node;
    });
    const auto number = static_cast<uint32_t>(chip - m_chips.begin());
    return {number, m_unitOf[number]};
}

bool
Switches::FindOpenWay(uint32_t in, Packet& packet)
{
    const InputPort& input = m_ports.GetInput(in);
    const ChipKind& kind = m_ports.GetKind(input.kind);
    if (kind.packetRate != 0 || kind.selects)
    {
        return false;
    }
    m_router.Route(input, packet);
    return m_chips[input.chip]->IsOpen(in, packet.out);
}

void
Switches::ArriveForGroup(uint32_t link, uint32_t index)
{
    if (m_pool[index].kind == OPERAND)
    {
        m_units.Arrive(link, index);
    }
    else
    {
        m_multicast.Arrive(link, index);
    }
}

void
Switches::EnqueueCopy(uint32_t chip, uint32_t packet)
{
    m_chips[chip]->Enqueue(m_chips[chip]->GetInputs().back(), packet);
}

inline void
Switches::Process(uint32_t inLink, uint32_t index)
{
    Packet& packet = m_pool[index];
    if (packet.kind != UNICAST) [[unlikely]]
    {
        ArriveForGroup(inLink, index);
        return;
    }
    const InputPort& input = m_ports.GetInput(inLink);
    if (packet.outVcClass == NOT_ROUTED || m_links.IsDown(packet.out))
    {
        m_router.Route(input, packet);
    }
    m_chips[input.chip]->Enqueue(inLink, index);
}

void
Switches::Arrive(uint32_t link, uint32_t index)
{
    const uint64_t rate = m_ports.GetKind(m_ports.GetInput(link).kind).packetRate;
    if (rate != 0) [[unlikely]]
    {
        const Tick at = m_pacers[link].Take(m_clock.Now(), rate);
        if (at > m_clock.Now())
        {
            m_pacers[link].held.Push(m_pool, index);
            m_paced.Schedule(at, SwitchPorts::PACE_WORD + link);
            return;
        }
    }
    Process(link, index);
}

void
Switches::LinkFails(uint32_t outLink)
{
    Chip& chip = *m_chips[m_ports.GetOutput(outLink).chip];
    // What is counted in an output's queue stays; so does an adaptive choice that was made.
    if (!m_links.IsAvoided(outLink) || m_ports.IsShown() || m_router.IsAdaptive(chip.GetNode()) ||
        !chip.Release(outLink))
    {
        return;
    }
    for (const uint32_t in : chip.GetInputs())
    {
        ChooseAgain(in, outLink);
    }
}

void
Switches::ChooseAgain(uint32_t in, uint32_t outLink)
{
    const InputPort& input = m_ports.GetInput(in);
    const OutputPort& output = m_ports.GetOutput(outLink);
    const uint32_t vcs = m_ports.GetKind(input.kind).vcs;
    // In the order of its queues.
    for (uint32_t vc = 0; vc < vcs; ++vc)
    {
        PacketQueue waiting;
        std::swap(m_ports.GetRequestingQueue(output, input.port * vcs + vc), waiting);
        if (!waiting.IsEmpty())
        {
            const Packet& first = m_pool[waiting.head];
            m_ports.GetOutput(first.out).requests.Clear(m_ports.GetRequest(input, first));
        }
        while (!waiting.IsEmpty())
        {
            const uint32_t index = waiting.Pop(m_pool);
            Packet& packet = m_pool[index];
            m_ports.Withdraw(packet);
            if (packet.out == outLink && packet.kind == UNICAST)
            {
                m_router.Route(input, packet);
            }
            m_chips[input.chip]->Enqueue(in, index);
        }
    }
}

void
Switches::CreditComes(uint32_t link, Tick at)
{
    m_chips[m_ports.GetOutput(link).chip]->CreditComes(link, at);
}

PacketExit
Switches::FindExit(uint32_t link, uint32_t vc) const
{
    return m_chips[m_ports.GetInput(link).chip]->FindExit(link, vc);
}

uint32_t
Switches::FindWaiting(uint32_t link, uint32_t vc) const
{
    const OutputPort& output = m_ports.GetOutput(link);
    for (uint32_t request = output.requests.FindFrom(0); request != RoundRobinArbiter::NONE_WAITING;
         request = output.requests.FindFrom(request + 1))
    {
        const Packet& packet = m_chips[output.chip]->GetHead(output, request);
        if (packet.outVc == vc)
        {
            return packet.message;
        }
    }
    return NO_MESSAGE_WAITS;
}

void
Switches::OnEvent(uint64_t word)
{
    if (word >= SwitchPorts::CHIP_WORD) [[unlikely]]
    {
        OnRareEvent(word);
        return;
    }
    const auto link = static_cast<uint32_t>(word / 2);
    if (word % 2 == 0)
    {
        LookAt(link);
        return;
    }
    InputPort& input = m_ports.GetInput(link);
    if (input.look.Take(m_clock.Now()))
    {
        m_chips[input.chip]->ServeInput(link);
    }
}

inline void
Switches::LookAt(uint32_t outLink)
{
    OutputPort& output = m_ports.GetOutput(outLink);
    if (output.look.Take(m_clock.Now()))
    {
        m_chips[output.chip]->ServeOutput(outLink);
    }
}

void
Switches::LookNow()
{
    std::vector<uint32_t> links;
    links.swap(m_looking); // its room
    m_ports.TakeLooksNow(links);
    for (const uint32_t link : links)
    {
        LookAt(link);
    }
    m_looking.swap(links);
}

void
Switches::OnRareEvent(uint64_t word)
{
    if (word == SwitchPorts::LOOK_NOW_WORD)
    {
        LookNow();
        return;
    }
    if (word >= SwitchPorts::PACE_WORD)
    {
        const auto link = static_cast<uint32_t>(word - SwitchPorts::PACE_WORD);
        Process(link, m_pacers[link].held.Pop(m_pool));
        return;
    }
    const uint64_t event = word - SwitchPorts::CHIP_WORD;
    m_chips[event / 2]->OnEvent(static_cast<uint32_t>(event % 2));
}

bool
Switches::AreMemoriesConserved() const
{
    return std::all_of(m_chips.begin(), m_chips.end(), [](const auto& chip) {
        return chip->IsConserved();
    });
}

std::vector<Switches::Waiting>
Switches::GetWaiting(std::size_t most)
{
    std::vector<Waiting> waiting;
    for (uint32_t link = 0; link < m_ports.GetSize() && waiting.size() < most; ++link)
    {
        const OutputPort& output = m_ports.GetOutput(link);
        if (!output.requests.HasRequests())
        {
            continue;
        }
        Waiting row{link, 0, 0, false};
        for (uint32_t request = output.requests.FindFrom(0);
             request != RoundRobinArbiter::NONE_WAITING;
             request = output.requests.FindFrom(request + 1))
        {
            const Packet& packet = m_chips[output.chip]->GetHead(output, request);
            if (row.queues++ == 0)
            {
                row.vc = packet.outVc;
                row.noCredit =
                    !packet.hasOutCredit && !m_links.HasCredit(link, packet.outVc, packet.flits);
            }
        }
        waiting.push_back(row);
    }
    return waiting;
}

} // namespace mtlink
} // namespace ns3
