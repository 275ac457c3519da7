/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "endpoint/congestion-control.h"

#include <algorithm>
#include <cmath>

namespace ns3
{
namespace mtlink
{

uint32_t
CongestionControl::AddFlow(const ControlledPath& path)
{
    m_flows.push_back({path, 0, 0, 0, {}});
    DoAddFlow(path);
    return static_cast<uint32_t>(m_flows.size() - 1);
}

Tick
CongestionControl::WhenMaySend(uint32_t index, uint32_t payload, Tick now)
{
    const Flow& flow = m_flows[index];
    if (flow.inFlight > 0 && static_cast<double>(flow.inFlight + payload) > GetWindow(index))
    {
        return NEVER;
    }
    return std::max(now, flow.nextSend);
}

uint64_t
CongestionControl::PacketSent(uint32_t index, uint32_t payload, uint64_t wireBytes, Tick now)
{
    Flow& flow = m_flows[index];
    flow.inFlight += payload;
    DoPacketSent(index, wireBytes, now);
    // Above the ports' rate there is nothing to pace: the wire does.
    const double rate = GetRate(index, now);
    if (rate < flow.path.rate)
    {
        flow.nextSend = now + static_cast<Tick>(std::ceil(static_cast<double>(wireBytes) / rate));
    }
    return flow.sent++;
}

void
CongestionControl::PacketAcknowledged(uint32_t index, const Acknowledgement& ack, Tick now)
{
    Flow& flow = m_flows[index];
    flow.inFlight -= ack.payload;
    ++flow.counters.packets;
    flow.counters.marks += ack.congested ? 1 : 0;
    flow.counters.delaySum += static_cast<double>(ack.delay);
    flow.counters.maxDelay = std::max(flow.counters.maxDelay, ack.delay);
    DoPacketAcknowledged(index, ack, now);
}

void
CongestionControl::PacketLost(uint32_t index, uint32_t payload, Tick delay, Tick now)
{
    Flow& flow = m_flows[index];
    flow.inFlight -= payload;
    ++flow.counters.lost;
    DoPacketLost(index, delay, now);
}

} // namespace mtlink
} // namespace ns3
