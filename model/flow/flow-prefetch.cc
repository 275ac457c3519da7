/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What messages will touch, brought into the cache ahead of them: among ten thousand that share
// links, most of the time went into waiting for memory. A step reads only what the steps before it
// have asked for; no result depends on it.

#include "flow/flow-transport.h"

namespace ns3
{
namespace mtlink
{

void
FlowTransport::PrefetchFlow(uint32_t id) const
{
    const Flow& flow = m_flows[id];
    __builtin_prefetch(&flow, 1); // one line each
    __builtin_prefetch(&flow.client, 1);
    __builtin_prefetch(&flow.src, 1);
}

void
FlowTransport::PrefetchLink(uint32_t link) const
{
    m_solver.PrefetchLink(link);
    if (m_looksAtLinks)
    {
        __builtin_prefetch(&m_links[link], 1);
    }
}

void
FlowTransport::PrefetchFirstEnd()
{
    if (m_ends.GetFirst() == NEVER)
    {
        return;
    }
    const uint32_t id = m_ends.GetFirstId();
    m_endStep = id == m_endAhead ? m_endStep + 1 : 0;
    m_endAhead = id;
    const Flow& flow = m_flows[id];
    switch (m_endStep)
    {
    case 0:
        PrefetchFlow(id);
        break;
    case 1:
        m_solver.PrefetchFlow(flow.part);
        break;
    case 2:
        m_solver.PrefetchSteps(flow.part);
        break;
    case 3:
        m_solver.ForSteps(flow.part, [this](uint32_t link, uint32_t) { PrefetchLink(link); });
        break;
    default:
        break;
    }
}

void
FlowTransport::PrefetchSend(const Message& message, uint32_t step)
{
    if (step == 0)
    {
        __builtin_prefetch(&GetHeard(message.src), 1);
        if (!m_settings.inOrder)
        {
            m_queues.Prefetch(GetQueueOf(message.src, message.dst));
        }
    }
    for (const FlowStep& each : m_paths.Prefetch(message, step))
    {
        if (each.link < m_links.size())
        {
            PrefetchLink(each.link);
        }
    }
}

void
FlowTransport::Prefetch(uint64_t word, uint32_t step)
{
    if (GetKind(word) != DELIVER)
    {
        return;
    }
    const uint32_t id = GetId(word);
    const Flow& flow = m_flows[id];
    if (step == 0)
    {
        PrefetchFlow(id);
        return;
    }
    if (step == 1)
    {
        __builtin_prefetch(&GetHeard(flow.dst), 1);
        __builtin_prefetch(&m_shapes[flow.shape]);
    }
    if (flow.ring != NO_RING)
    {
        m_rings.PrefetchNext(flow.ring, flow.place, flow.bytes, step - 1);
    }
}

} // namespace mtlink
} // namespace ns3
