/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "switch/input-queued-chip.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

Tick
InputQueuedChip::GetQueueAcceptTime(uint32_t outLink, uint32_t flits) const
{
    const OutputPort& output = m_ports.GetOutput(outLink);
    const Tick wireFree = m_links.GetFreeAt(outLink);
    const uint32_t queueFlits = output.GetQueueFlits();
    if (queueFlits == 0 || wireFree == NEVER)
    {
        return wireFree;
    }
    // What the wire still has to send lies in the queue.
    const long double room = (queueFlits - flits) * m_links.GetSpeed(outLink).GetFlitTime();
    return std::max(output.parts->lanes.GetFreeAt(), wireFree - static_cast<Tick>(room));
}

Tick
InputQueuedChip::Grant(uint32_t outLink, uint32_t in, uint32_t request)
{
    OutputPort& output = m_ports.GetOutput(outLink);
    InputPort& input = m_ports.GetInput(in);
    PacketQueue& queue = m_ports.GetRequestingQueue(output, request);
    const uint32_t index = queue.Pop(m_pool);
    Packet& packet = m_pool[index];

    output.requests.Clear(request);
    output.requests.Served(request);
    if (OutputClasses* const classes = output.GetClasses()) [[unlikely]]
    {
        classes->Served(request, packet.flits);
    }
    if (!queue.IsEmpty())
    {
        const Packet& next = m_pool[queue.head];
        m_ports.GetOutput(next.out).requests.Raise(m_ports.GetRequest(input, next));
        if (next.out != outLink)
        {
            RaisedBehind(next.out);
        }
    }

    const uint8_t inVc = packet.vc;
    PacketExit exit{outLink, packet.outVc, 0};
    if (packet.kind == UNICAST) [[likely]]
    {
        exit.arrived = m_links.GetArrival(in, packet); // copies come from no link
    }
    m_ports.Leave(index);
    const Tick tailReady = packet.tailIn + GetKind().latency;
    const Tick wireDone = m_links.Send(outLink, index, tailReady);
    // Without an output queue the crossbar is held until the last bit is on the wire.
    Tick through = wireDone;
    if (output.GetQueueFlits() != 0) [[unlikely]]
    {
        through = std::max(tailReady,
                           m_links.GetSpeed(outLink).After({m_clock.Now(), 0}, packet.flits).whole);
        output.parts->lanes.Take(through);
    }
    input.lanes.Take(through);
    if (packet.kind == UNICAST) [[likely]]
    {
        m_links.ReturnCredit(in, inVc, packet.flits, through, exit);
    }
    else
    {
        m_multicast.Leave(packet.flow, through, outLink, packet.vc);
    }
    return through;
}

} // namespace mtlink
} // namespace ns3
