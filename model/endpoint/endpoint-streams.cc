/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Streams: where one message alone has a port, and credit and window are known to suffice, its
// packets leave one directly behind the other, whatever else happens. Then no event is needed for
// each: they are handed over to the link when one that left earlier arrives at the far end, or when
// somebody wants to know or to have his turn. Each leaves at the time at which an event would have
// sent it; before a message that comes at that very instant. The last packet of a message has an
// event, as others may hear of it. Ports that take turns, share or may lose do without streams:
// BeginStream() and Links::CanStream() say which.

#include "endpoint/endpoints.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

bool
Endpoints::BeginStream(uint32_t link)
{
    Port& port = m_ports[link];
    if (port.patience > 0)
    {
        --port.patience;
        return false;
    }
    if (port.classes || m_detours || m_control || port.turns.groups.size() != 1)
    {
        return false;
    }
    const PortGroup& group = m_groups[port.turns.groups[0]];
    if (group.first != group.last || group.links.size() != 1)
    {
        return false;
    }
    const SendQueue& queue = m_queues[group.first];
    if (queue.kind != UNICAST || queue.isRelay || (port.sprayed && port.layout.vcsPerClass > 1))
    {
        return false;
    }
    const uint32_t flow = GetNextFlow(queue, port);
    const uint32_t vc = port.layout.Choose(group.trafficClass, group.vcClass, flow);
    if (!m_links.CanStream(link, vc))
    {
        return false;
    }
    const uint32_t flits = m_links.GetFlits(link, m_packetSize);
    const Tick time = m_links.GetSpeed(link).After({}, flits).whole;
    port.stream = {group.first, 0, flow, flits, static_cast<uint8_t>(vc), time};
    if (!ExtendStream(link))
    {
        port.stream = {};
        return false;
    }
    m_links.BeginStream(link);
    return true;
}

bool
Endpoints::ExtendStream(uint32_t link)
{
    Stream& stream = m_ports[link].stream;
    const SendQueue& queue = m_queues[stream.queue];
    const uint64_t whole = (m_messages[queue.firstMessage].toSend - 1) / m_packetSize;
    const uint64_t credit = m_links.GetCredit(link, stream.vc) / stream.flits;
    uint64_t certain = std::min(whole, credit);
    if (HasWindow(queue))
    {
        const uint32_t open = m_windows.GetAvailable(queue.window, m_clock.Now());
        certain = std::min<uint64_t>(certain, open / GetWindowPart(queue, m_packetSize));
    }
    stream.certain = static_cast<uint32_t>(std::min<uint64_t>(certain, UINT32_MAX));
    if (IsCertain(link))
    {
        return true;
    }
    m_ports[link].patience = certain < whole ? PATIENCE : 0;
    return false;
}

bool
Endpoints::IsCertain(uint32_t link) const
{
    const Stream& stream = m_ports[link].stream;
    return m_links.GetFreeAt(link) + stream.certain * stream.time >= m_links.GetDue(link);
}

void
Endpoints::HandOver(uint32_t link, Tick until)
{
    Port& port = m_ports[link];
    Stream& stream = port.stream;
    while (stream.certain > 0 && m_links.GetFreeAt(link) <= until)
    {
        --stream.certain;
        const uint32_t queueIndex = stream.queue;
        SendQueue& queue = m_queues[queueIndex];
        if (port.sprayed)
        {
            stream.flow = GetNextFlow(queue, port);
        }
        const uint32_t index = MakePacket(queueIndex, m_packetSize, m_links.GetFreeAt(link));
        Address(queue, m_pool[index], stream.flow, stream.flits, stream.vc);
        m_links.TakeCredit(link, stream.vc, stream.flits);
        const uint32_t message = queue.firstMessage;
        m_messages[message].toSend -= m_packetSize;
        // Who hears of the hop may send, and so end the stream and move what is referred to here.
        const Tick lastBit = m_links.TransmitBehind(link, index);
        m_messages[message].lastTail = std::max(m_messages[message].lastTail, lastBit);
    }
}

void
Endpoints::CatchUp(uint32_t link)
{
    HandOver(link, m_clock.Now());
    const Stream& stream = m_ports[link].stream;
    if (!stream.IsOn())
    {
        return; // who heard of a hop has ended it
    }
    if (!m_links.CanStream(link, stream.vc) || !(IsCertain(link) || ExtendStream(link)))
    {
        EndStream(link);
    }
}

void
Endpoints::EndStream(uint32_t link)
{
    HandOver(link, m_clock.Now());
    m_ports[link].stream = {};
    m_links.EndStream(link);
    LookAtPort(link, m_links.GetFreeAt(link));
}

void
Endpoints::CatchUpAll()
{
    for (uint32_t link = 0; link < m_ports.size(); ++link)
    {
        if (m_ports[link].stream.IsOn())
        {
            HandOver(link, m_clock.Now() - 1); // what leaves now has not left
        }
    }
}

} // namespace mtlink
} // namespace ns3
