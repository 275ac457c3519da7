/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "switch/reduction-unit.h"

#include "ns3/assert.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

ReductionUnits::ReductionUnits(EventClock& clock,
                               PacketPool& pool,
                               Links& links,
                               Multicast& multicast)
    : m_clock(clock),
      m_ready(clock, *this, EventPhase::ARRIVE),
      m_pool(pool),
      m_links(links),
      m_multicast(multicast)
{
}

uint32_t
ReductionUnits::Add(const ReductionUnitSpec& spec)
{
    Unit unit{spec.latency, spec.pipeline, 0, spec.bitRate > 0};
    if (unit.hasRate)
    {
        unit.speed = static_cast<uint16_t>(m_speeds.size());
        m_speeds.emplace_back(spec.bitRate, spec.flit, 1.0);
        m_portFree.resize(m_links.GetSize());
    }
    m_units.push_back(unit);
    m_leaving.emplace_back();
    return static_cast<uint32_t>(m_units.size() - 1);
}

uint32_t
ReductionUnits::OpenCollector(uint32_t unit,
                              uint32_t operands,
                              uint32_t contexts,
                              uint32_t chip,
                              const MulticastOutput& up)
{
    const auto first = static_cast<uint32_t>(m_contexts.size());
    m_contexts.resize(m_contexts.size() + contexts);
    m_collectors.push_back({unit, chip, operands, first, contexts, up});
    return static_cast<uint32_t>(m_collectors.size() - 1);
}

void
ReductionUnits::Arrive(uint32_t link, uint32_t index)
{
    Packet& packet = m_pool[index];
    const Collector& collector = m_collectors[packet.via];
    const Unit& unit = m_units[collector.unit];
    const Tick now = m_clock.Now();
    Tick head = now;
    Tick tail = std::max(now, packet.tailIn + unit.pipeline);
    if (unit.hasRate)
    {
        WireTime& free = m_portFree[link];
        const WireTime start = free.whole >= now ? free : WireTime{now, 0};
        free = m_speeds[unit.speed].After(start, packet.flits);
        head = start.whole;
        tail = std::max(tail, free.whole);
    }
    m_links.ReturnCredit(link, packet.vc, packet.flits, tail);

    Context& context = m_contexts[collector.firstContext + packet.sequence % collector.contexts];
    if (context.arrived == 0)
    {
        context = {0, index, head, tail};
        ++m_open;
    }
    else
    {
        NS_ASSERT_MSG(m_pool[context.packet].sequence == packet.sequence,
                      "an operand for which there is no context");
        context.head = std::max(context.head, head);
        context.tail = std::max(context.tail, tail);
        m_pool.Free(index);
    }
    if (++context.arrived < collector.operands)
    {
        return;
    }
    context.arrived = 0;
    --m_open;
    ++m_results;
    const uint32_t result = context.packet;
    // Grant() adds the pipeline to what has come in.
    m_pool[result].headIn = context.head + unit.latency - unit.pipeline;
    m_pool[result].tailIn = context.tail + unit.latency - unit.pipeline;
    const Tick ready = context.head + unit.latency;
    if (ready <= now)
    {
        Leave(result);
    }
    else if (m_leaving[collector.unit].Add(ready, result))
    {
        m_ready.Schedule(ready, collector.unit);
    }
}

void
ReductionUnits::OnEvent(uint64_t word)
{
    const Tick next =
        m_leaving[word].Take(m_clock.Now(), [this](uint32_t result) { Leave(result); });
    if (next != NEVER)
    {
        m_ready.Schedule(next, word);
    }
}

void
ReductionUnits::Leave(uint32_t index)
{
    Packet& packet = m_pool[index];
    const Collector& collector = m_collectors[packet.via];
    if (collector.up.link == MulticastOutput::NO_OUTPUT)
    {
        m_multicast.Distribute(packet.target, index);
    }
    else
    {
        packet.flow = Multicast::NO_RECORD;
        m_multicast.Send(collector.chip, collector.up, index);
    }
}

} // namespace mtlink
} // namespace ns3
