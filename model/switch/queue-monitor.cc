/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "switch/queue-monitor.h"

#include "engine/random.h"

#include <algorithm>
#include <cmath>

namespace ns3
{
namespace mtlink
{

QueueMonitor::QueueMonitor(const EventClock& clock,
                           PacketPool& pool,
                           const Links& links,
                           Telemetry& telemetry,
                           uint32_t seed)
    : m_clock(clock),
      m_pool(pool),
      m_links(links),
      m_telemetry(telemetry),
      m_seed(Mix(Mix(seed) ^ 0xEC4))
{
}

void
QueueMonitor::Watch(uint32_t link, const SwitchProfile& profile)
{
    m_outputs.resize(m_links.GetSize());
    const LinkProfile& wire = *m_links.GetSpec(link).profile;
    Output& output = m_outputs[link];
    output.flit = wire.GetFlit();
    output.isMarking = profile.GetEcn();
    output.hasQueue = profile.GetOutputSpeedup() > 1;
    output.min = static_cast<double>(profile.GetEcnMin());
    output.max = static_cast<double>(profile.GetEcnMax());
    output.probability = profile.GetEcnProbability();
    output.rate = static_cast<double>(wire.GetBitRate()) / wire.GetEncoding() / 8e12;
}

uint64_t
QueueMonitor::GetQueue(const Output& output, uint32_t link) const
{
    const Tick unsent =
        output.hasQueue && !m_links.IsDown(link) ? m_links.GetFreeAt(link) - m_clock.Now() : 0;
    return output.queued +
           (unsent > 0 ? static_cast<uint64_t>(static_cast<double>(unsent) * output.rate) : 0);
}

void
QueueMonitor::Join(Output& output, Packet& packet)
{
    if (output.isMarking)
    {
        const auto queue = static_cast<double>(GetQueue(output, packet.out));
        bool isMarked = queue > output.max;
        if (!isMarked && queue > output.min)
        {
            const double p = output.probability * (queue - output.min) / (output.max - output.min);
            // One stream per output: its draws do not depend on others.
            const uint64_t word =
                Mix(Mix(m_seed ^ static_cast<uint64_t>(packet.out) << 40) ^ output.draws++);
            isMarked = static_cast<double>(word >> 11) * 0x1p-53 < p;
        }
        if (isMarked)
        {
            packet.congested = 1;
            ++output.marks;
        }
    }
    output.queued += static_cast<uint64_t>(packet.flits) * output.flit;
    output.most = std::max(output.most, output.queued);
}

void
QueueMonitor::Leave(Output& output, uint32_t index)
{
    const Packet& packet = m_pool[index];
    output.queued -= static_cast<uint64_t>(packet.flits) * output.flit;
    if (m_telemetry.IsOn() && packet.kind == UNICAST)
    {
        m_telemetry[index].push_back({packet.out,
                                      GetQueue(output, packet.out),
                                      m_links.GetCounters(packet.out).flits * output.flit,
                                      m_clock.Now(),
                                      output.rate});
    }
}

} // namespace mtlink
} // namespace ns3
