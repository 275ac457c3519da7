/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "endpoint/congestion-feedback.h"

namespace ns3
{
namespace mtlink
{

bool
CongestionFeedback::MaySend(uint32_t index, uint32_t payload)
{
    SendQueue& queue = m_queues[index];
    const Tick now = m_events.Now();
    const Tick pace = m_control->WhenMaySend(queue.controlFlow, payload, now);
    if (pace > now && queue.look.Ask(pace)) // NEVER: an acknowledgement will look
    {
        m_events.Schedule(pace, EndpointEvent::PACE_QUEUE, index);
    }
    return pace <= now;
}

bool
CongestionFeedback::TakeLook(uint32_t index)
{
    return m_queues[index].look.Take(m_events.Now());
}

void
CongestionFeedback::NoteSent(uint32_t queueIndex, uint32_t index)
{
    if (m_sent.size() <= index)
    {
        m_sent.resize(index + 1);
    }
    const SendQueue& queue = m_queues[queueIndex];
    Packet& packet = m_pool[index];
    packet.congested = 0; // of another leg
    if (m_telemetry->IsOn())
    {
        (*m_telemetry)[index].clear();
    }
    if (queue.controlFlow == NO_CONTROL)
    {
        m_sent[index].queue = NO_QUEUE;
        return;
    }
    const uint32_t link = m_queues.GetGroup(queue.group).links[0];
    const uint32_t flit = m_links.GetSpec(link).profile->GetFlit();
    const uint64_t bytes = static_cast<uint64_t>(packet.flits) * flit;
    const Tick now = m_events.Now();
    const uint64_t number = m_control->PacketSent(queue.controlFlow, packet.payload, bytes, now);
    m_sent[index] = {queueIndex, number, now};
}

uint32_t
CongestionFeedback::AllocateAck()
{
    if (m_freeAcks.empty())
    {
        m_acks.emplace_back();
        return static_cast<uint32_t>(m_acks.size() - 1);
    }
    const uint32_t ack = m_freeAcks.back();
    m_freeAcks.pop_back();
    return ack;
}

void
CongestionFeedback::NoteEnd(uint32_t index, bool isLoss)
{
    const SentPacket& sent = m_sent[index];
    if (sent.queue == NO_QUEUE)
    {
        return;
    }
    const uint32_t ack = AllocateAck();
    const Packet& packet = m_pool[index];
    AckInFlight& state = m_acks[ack];
    state.sent = sent.sent;
    state.isLoss = isLoss;
    state.ack.payload = packet.payload;
    state.ack.number = sent.number;
    state.ack.congested = packet.congested != 0;
    if (m_telemetry->IsOn())
    {
        state.ack.hops = (*m_telemetry)[index];
    }
    if (m_acksOf.size() <= sent.queue)
    {
        m_acksOf.resize(m_queues.GetSize());
    }
    m_acksOf[sent.queue].push_back(ack); // all take the same time
    m_events.Schedule(m_events.Now() + m_queues[sent.queue].acknowledgement,
                      EndpointEvent::ACKNOWLEDGE,
                      sent.queue);
}

void
CongestionFeedback::Hear(uint32_t queue)
{
    const uint32_t index = m_acksOf[queue].front();
    m_acksOf[queue].pop_front();
    AckInFlight& state = m_acks[index];
    const uint32_t flow = m_queues[queue].controlFlow;
    const Tick now = m_events.Now();
    state.ack.delay = now - state.sent;
    if (state.isLoss)
    {
        m_control->PacketLost(flow, state.ack.payload, state.ack.delay, now);
    }
    else
    {
        m_control->PacketAcknowledged(flow, state.ack, now);
    }
    m_freeAcks.push_back(index);
}

std::vector<CongestionFeedback::ControlledFlow>
CongestionFeedback::GetFlows() const
{
    std::vector<ControlledFlow> flows;
    for (uint32_t index = 0; index < m_queues.GetSize(); ++index)
    {
        const SendQueue& queue = m_queues[index];
        if (queue.controlFlow != NO_CONTROL)
        {
            flows.push_back({queue.endpoint,
                             queue.target,
                             queue.trafficClass,
                             m_control->GetCounters(queue.controlFlow),
                             m_control->GetAllowedRate(queue.controlFlow, m_events.Now()),
                             m_control->GetPath(queue.controlFlow).rate});
        }
    }
    return flows;
}

} // namespace mtlink
} // namespace ns3
