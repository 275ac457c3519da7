/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "endpoint/packet-streams.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

bool
PacketStreams::Begin(uint32_t link,
                     PacketStream& stream,
                     uint32_t index,
                     const VcLayout& layout,
                     bool sprayed)
{
    const SendQueue& queue = m_queues[index];
    if (queue.kind != UNICAST || queue.isRelay || (sprayed && layout.vcsPerClass > 1))
    {
        return false;
    }
    const PortGroup& group = m_queues.GetGroup(queue.group);
    const uint32_t flow = m_queues.GetNextFlow(queue, sprayed);
    const uint8_t vc = layout.Choose(group.trafficClass, group.vcClass, flow);
    if (!m_links.CanStream(link, vc))
    {
        return false;
    }
    const uint32_t flits = m_links.GetFlits(link, m_queues.GetPacketSize());
    const Tick time = m_links.GetSpeed(link).After({}, flits).whole;
    stream = {index, 0, flow, flits, vc, sprayed, stream.patience, time};
    if (!Extend(link, stream))
    {
        stream.Clear();
        return false;
    }
    m_links.BeginStream(link);
    return true;
}

bool
PacketStreams::Extend(uint32_t link, PacketStream& stream)
{
    const SendQueue& queue = m_queues[stream.queue];
    const uint32_t packetSize = m_queues.GetPacketSize();
    const uint64_t whole = (m_messages[queue.firstMessage].toSend - 1) / packetSize;
    const uint64_t credit = m_links.GetCredit(link, stream.vc) / stream.flits;
    uint64_t certain = std::min(whole, credit);
    if (queue.HasWindow())
    {
        certain = std::min<uint64_t>(certain, m_windows.CountAllowed(queue, packetSize));
    }
    stream.certain = static_cast<uint32_t>(std::min<uint64_t>(certain, UINT32_MAX));
    if (IsCertain(link, stream))
    {
        return true;
    }
    stream.patience = certain < whole ? PATIENCE : 0;
    return false;
}

void
PacketStreams::HandOver(uint32_t link, PacketStream& stream, Tick until)
{
    while (stream.certain > 0 && m_links.GetFreeAt(link) <= until)
    {
        --stream.certain;
        SendQueue& queue = m_queues[stream.queue];
        if (stream.sprayed)
        {
            stream.flow = m_queues.GetNextFlow(queue, true);
        }
        const uint32_t payload = m_queues.GetPacketSize();
        const uint32_t index = m_queues.MakePacket(queue, payload, m_links.GetFreeAt(link));
        m_queues.Address(queue, m_pool[index], stream.flow, stream.flits, stream.vc);
        m_windows.Take(queue, payload);
        m_links.TakeCredit(link, stream.vc, stream.flits);
        const uint32_t message = queue.firstMessage;
        m_messages[message].toSend -= payload;
        // Who hears of the hop may send, and so end the stream and move what is referred to here.
        const Tick lastBit = m_links.TransmitBehind(link, index);
        m_messages[message].lastTail = std::max(m_messages[message].lastTail, lastBit);
    }
}

bool
PacketStreams::CatchUp(uint32_t link, PacketStream& stream)
{
    HandOver(link, stream, m_clock.Now());
    return !stream.IsOn() || // who heard of a hop has ended it
           (m_links.CanStream(link, stream.vc) &&
            (IsCertain(link, stream) || Extend(link, stream)));
}

void
PacketStreams::End(uint32_t link, PacketStream& stream)
{
    HandOver(link, stream, m_clock.Now());
    stream.Clear();
    m_links.EndStream(link);
}

} // namespace mtlink
} // namespace ns3
