/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "switch/chip.h"

namespace ns3
{
namespace mtlink
{

Chip::Chip(SwitchPorts& ports, uint32_t number, uint32_t kind, const SwitchSpec& spec)
    : m_ports(ports),
      m_clock(ports.GetClock()),
      m_pool(ports.GetPool()),
      m_links(ports.GetLinks()),
      m_kind(kind),
      m_number(number),
      m_node(spec.node),
      m_in(spec.inLinks),
      m_out(spec.outLinks)
{
    AddInputs(spec);
    AddOutputs(spec);
}

void
Chip::AddInputs(const SwitchSpec& spec)
{
    const SwitchProfile& profile = *spec.profile;
    const bool makesPackets = profile.HasReduction() || profile.HasMulticast();
    if (makesPackets)
    {
        m_in.push_back(m_ports.AddInput());
    }
    for (uint32_t port = 0; port < m_in.size(); ++port)
    {
        InputPort& input = m_ports.GetInput(m_in[port]);
        input.chip = m_number;
        input.node = m_node;
        input.kind = m_kind;
        input.port = port;
        input.lanes = CrossbarLanes(profile.GetInputSpeedup());
    }
    if (makesPackets)
    {
        // Read for all outputs at once.
        m_ports.GetInput(m_in.back()).lanes =
            CrossbarLanes(static_cast<uint32_t>(m_out.size()) * profile.GetOutputSpeedup());
    }
}

void
Chip::AddOutputs(const SwitchSpec& spec)
{
    const SwitchProfile& profile = *spec.profile;
    const ChipKind& kind = GetKind();
    const auto requests = static_cast<uint32_t>(m_in.size()) * kind.vcs;
    m_firstQueue = m_ports.AddQueues(kind.voq ? m_out.size() * requests : requests);
    if (profile.GetTrafficClasses() > 1)
    {
        m_classes = std::make_unique<ChipClasses>(profile.GetClassRules(),
                                                  spec.layout,
                                                  static_cast<uint32_t>(m_in.size()),
                                                  kind.vcs);
    }
    for (uint32_t port = 0; port < m_out.size(); ++port)
    {
        OutputPort& output = m_ports.GetOutput(m_out[port]);
        output.chip = m_number;
        output.port = port;
        output.requests = RoundRobinArbiter(requests);
        output.firstQueue = m_firstQueue + (kind.voq ? port * requests : 0);
        if (profile.GetOutputSpeedup() > 1)
        {
            output.MakeParts().lanes = CrossbarLanes(profile.GetOutputSpeedup());
            output.parts->queueFlits = static_cast<uint32_t>(
                profile.GetOutputBuffer() / m_links.GetSpec(m_out[port]).profile->GetFlit());
        }
        if (m_classes)
        {
            output.MakeParts().classes = std::make_unique<OutputClasses>(*m_classes);
        }
    }
}

PacketExit
Chip::FindExit(uint32_t link, uint32_t vc) const
{
    const ChipKind& kind = GetKind();
    const auto outputs = kind.voq ? static_cast<uint32_t>(m_out.size()) : 1;
    const auto requests = static_cast<uint32_t>(m_in.size()) * kind.vcs;
    const uint32_t first = m_firstQueue + m_ports.GetInput(link).port * kind.vcs;
    PacketExit exit;
    for (uint32_t i = 0; i < outputs * kind.vcs; ++i)
    {
        const PacketQueue& queue = m_ports.GetQueue(first + i / kind.vcs * requests + i % kind.vcs);
        for (uint32_t p = queue.head; p != NO_PACKET; p = queue.GetNext(m_pool, p))
        {
            const Packet& packet = m_pool[p];
            const Tick arrived = m_links.GetArrival(link, packet);
            if (packet.vc == vc && (exit.link == PacketExit::NO_LINK || arrived < exit.arrived))
            {
                exit = {packet.out, packet.outVc, arrived};
            }
        }
    }
    return exit;
}

} // namespace mtlink
} // namespace ns3
