/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What a packet's way through a switch will touch, brought into the cache ahead of it. A step reads
// only what the steps before it have asked for.

#include "switch/switches.h"

namespace ns3
{
namespace mtlink
{

void
Switches::PrefetchArrival(uint32_t inLink, uint32_t index, uint32_t step)
{
    if (step == 1)
    {
        __builtin_prefetch(&m_ports.GetInput(inLink), 1);
        return;
    }
    const InputPort& input = m_ports.GetInput(inLink);
    Packet& packet = m_pool[index];
    if (packet.kind != UNICAST || m_ports.GetKind(input.kind).selects)
    {
        return; // its way is not known before
    }
    if (step == 2)
    {
        m_router.Prefetch(input.node, packet);
        __builtin_prefetch(m_chips[input.chip].get());
        return;
    }
    // Once links fail, the way is found at arrival: a link that is down now may be up by then.
    if (step == 3 && packet.outVcClass == NOT_ROUTED && !m_links.HasFaults())
    {
        m_router.Route(input, packet);
    }
    if (packet.outVcClass == NOT_ROUTED)
    {
        return;
    }
    if (step == 3)
    {
        PrefetchOutput(packet.out);
    }
    else if (step == 4)
    {
        m_links.PrefetchCredit(packet.out, packet.outVc, false);
        m_links.PrefetchLaunch(packet.out);
        __builtin_prefetch(&m_ports.GetQueueOf(input, packet), 1);
    }
    else if (step == 5)
    {
        m_links.PrefetchCredit(packet.out, packet.outVc, true);
        const PacketQueue& queue = m_ports.GetQueueOf(input, packet);
        if (!queue.IsEmpty())
        {
            m_pool.PrefetchNext(queue.tail);
        }
    }
}

void
Switches::Prefetch(uint64_t word, uint32_t step)
{
    const auto link = static_cast<uint32_t>(word / 2);
    if (word >= SwitchPorts::CHIP_WORD || word % 2 == 1)
    {
        return; // rare, or about several packets
    }
    if (step == 0)
    {
        PrefetchOutput(link);
        return;
    }
    const OutputPort& output = m_ports.GetOutput(link);
    if (!output.requests.HasRequests() || output.hasMemory)
    {
        return;
    }
    // The first that is asked: most often it goes.
    uint32_t request = output.requests.FindFrom(output.requests.GetPointer());
    request = request == RoundRobinArbiter::NONE_WAITING ? output.requests.FindFrom(0) : request;
    const PacketQueue& queue = m_ports.GetRequestingQueue(output, request);
    if (step == 1)
    {
        __builtin_prefetch(m_chips[output.chip].get());
        __builtin_prefetch(&queue, 1);
        m_links.PrefetchLaunch(link);
        return;
    }
    if (step == 2)
    {
        m_pool.Prefetch(queue.head);
        m_pool.PrefetchNext(queue.head);
        return;
    }
    const Packet& packet = m_pool[queue.head];
    if (packet.kind != UNICAST)
    {
        return; // it may have come by no link
    }
    if (step == 3)
    {
        m_links.PrefetchCredit(link, packet.outVc, false);
        __builtin_prefetch(&m_ports.GetInput(packet.in), 1);
    }
    else if (step == 4)
    {
        m_links.PrefetchCredit(link, packet.outVc, true);
    }
    else
    {
        m_pool.Prefetch(queue.GetNext(m_pool, queue.head)); // leads then
    }
    m_links.PrefetchWait(link, packet.outVc, step - 3);
    m_links.PrefetchReturn(packet.in, packet.vc, step - 3);
}

} // namespace mtlink
} // namespace ns3
