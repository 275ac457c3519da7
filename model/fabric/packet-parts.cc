/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "fabric/packet-parts.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

/** What a part has done. */
struct PacketParts::Record : public PartRecord
{
    std::vector<LinkRecord> links; //!< By pair, then port
    DeliveryRecord deliveries;     //!< Of all pairs
    PartState after;               //!< State at the end
    Tick settled{0};               //!< All that was on its way back at the start had come
};

PacketParts::PacketParts(const Fabric& fabric)
    : m_fabric(fabric),
      m_watched(fabric.topology.GetEndpoints(), NO_PART)
{
}

PacketParts::~PacketParts() = default;

uint32_t
PacketParts::OpenPart(std::span<const uint32_t> members)
{
    Part part;
    std::vector<int64_t> traits;
    const auto number = static_cast<uint32_t>(m_parts.size());
    for (const uint32_t src : members)
    {
        for (const uint32_t dst : members)
        {
            if (src == dst)
            {
                continue;
            }
            const Hops hops = m_fabric.routing.NextHops(src, dst, 0);
            const bool isDirect =
                m_fabric.routing.IsDirect(src, dst) && !hops.links.empty() &&
                std::all_of(hops.links.begin(), hops.links.end(), [&](uint32_t link) {
                    return m_fabric.topology.GetLinks()[link].to == dst;
                });
            if (!isDirect)
            {
                return NO_PART;
            }
            const uint32_t queue = m_fabric.pairs.FindQueue(src, dst);
            if (!m_fabric.pairs.IsPlain(queue))
            {
                return NO_PART;
            }
            part.pairs.push_back({{src, dst}, queue, hops.links});
            traits.push_back(m_fabric.pairs.GetAcknowledgement(queue));
            traits.push_back(static_cast<int64_t>(hops.links.size()));
            for (const uint32_t link : hops.links)
            {
                const LinkSpec& spec = m_fabric.links.GetSpec(link);
                traits.push_back(m_fabric.links.GetKindNumber(link));
                traits.push_back(static_cast<int64_t>(spec.buffer));
                traits.push_back(spec.vcs);
                if (spec.vcs > 1)
                {
                    traits.push_back(~int64_t{number}); // a flow's VC is by hash of its endpoints
                }
            }
        }
    }
    part.kind = m_kinds.try_emplace(traits, static_cast<uint32_t>(m_kinds.size())).first->second;
    m_parts.push_back(std::move(part));
    return number;
}

uint32_t
PacketParts::GetKind(uint32_t part) const
{
    return m_parts[part].kind;
}

bool
PacketParts::Observe(uint32_t number, PartState& state)
{
    state.clear();
    const Tick now = m_fabric.clock.Now();
    // Of what is on its way back: its number, then when each comes and how much.
    std::size_t count = 0;
    const auto begin = [&] {
        count = state.size();
        state.push_back(0);
    };
    m_latestReturn = now;
    const auto list = [&](Tick at, uint32_t amount) {
        m_latestReturn = std::max(m_latestReturn, at);
        ++state[count];
        state.push_back(at - now);
        state.push_back(amount);
    };
    for (const Pair& pair : m_parts[number].pairs)
    {
        if (!m_fabric.pairs.IsQuiet(pair.queue))
        {
            return false;
        }
        state.push_back(m_fabric.pairs.GetNextPort(pair.queue));
        begin();
        m_fabric.pairs.ListReturning(pair.queue, list);
        for (const uint32_t link : pair.links)
        {
            if (!m_fabric.links.IsQuiet(link))
            {
                return false;
            }
            for (uint32_t vc = 0; vc < m_fabric.links.GetSpec(link).vcs; ++vc)
            {
                begin();
                m_fabric.links.ListReturning(link, vc, list);
            }
        }
    }
    return true;
}

void
PacketParts::BeginRecord(uint32_t number)
{
    Part& part = m_parts[number];
    part.recording = std::make_unique<Record>();
    PartState before;
    Observe(number, before);
    part.recording->settled = m_latestReturn;
    for (const Pair& pair : part.pairs)
    {
        m_watched[pair.ends.first] = number;
        for (const uint32_t link : pair.links)
        {
            part.recording->links.emplace_back();
            m_fabric.links.BeginRecord(link, pair.ends, part.recording->links.back());
        }
    }
    if (m_watches++ == 0)
    {
        m_fabric.delivered.ConnectWithoutContext(MakeCallback(&PacketParts::NoteDelivery, this));
    }
}

void
PacketParts::NoteDelivery(Time created, Time injected, uint32_t src, uint32_t dst, uint32_t payload)
{
    const uint32_t number = m_watched[src];
    if (number == NO_PART || m_watched[dst] != number)
    {
        return;
    }
    const Tick now = m_fabric.clock.Now();
    DeliveryRecord& deliveries = m_parts[number].recording->deliveries;
    deliveries.bytes += payload;
    deliveries.packetLatency.Add(now - ToTicks(created));
    deliveries.networkLatency.Add(now - ToTicks(injected));
}

std::shared_ptr<const PartRecord>
PacketParts::EndRecord(uint32_t number)
{
    Part& part = m_parts[number];
    const std::shared_ptr<Record> record = std::move(part.recording);
    if (--m_watches == 0)
    {
        m_fabric.delivered.DisconnectWithoutContext(MakeCallback(&PacketParts::NoteDelivery, this));
    }
    const bool isOver = Observe(number, record->after);
    auto link = record->links.begin();
    for (const Pair& pair : part.pairs)
    {
        m_watched[pair.ends.first] = NO_PART;
        for (const uint32_t id : pair.links)
        {
            LinkRecord& its = *link++;
            isOver ? m_fabric.links.EndRecord(id, pair.ends, its)
                   : m_fabric.links.DropRecord(id, its);
        }
    }
    const bool isShort = record->settled > m_fabric.clock.Now();
    return isOver && !isShort ? record : nullptr;
}

Fidelity
PacketParts::Repeat(uint32_t number, const std::shared_ptr<const PartRecord>& done)
{
    Part& part = m_parts[number];
    const auto record = std::static_pointer_cast<const Record>(done);
    const auto known = std::find_if(part.repeated.begin(),
                                    part.repeated.end(),
                                    [&](const auto& entry) { return entry.first == record; });
    if (known == part.repeated.end())
    {
        part.repeated.emplace_back(record, 1);
    }
    else
    {
        ++known->second;
    }
    m_repeatedBytes += record->deliveries.bytes;
    for (const LinkRecord& link : record->links)
    {
        m_uncountedHops += link.counters.packets;
    }

    // From its state before to its state after; what was on its way back has come.
    const Tick now = m_fabric.clock.Now();
    auto word = record->after.begin();
    const auto restore = [&](auto put) {
        for (int64_t left = *word++; left > 0; --left)
        {
            const Tick at = now + *word++;
            put(static_cast<uint32_t>(*word++), at);
        }
    };
    for (const Pair& pair : part.pairs)
    {
        m_fabric.pairs.SetNextPort(pair.queue, static_cast<uint32_t>(*word++));
        restore(
            [&](uint32_t bytes, Tick at) { m_fabric.pairs.PutOnWayBack(pair.queue, bytes, at); });
        for (const uint32_t link : pair.links)
        {
            for (uint32_t vc = 0; vc < m_fabric.links.GetSpec(link).vcs; ++vc)
            {
                restore([&](uint32_t flits, Tick at) {
                    m_fabric.links.PutOnWayBack(link, vc, flits, at);
                });
            }
        }
    }
    return Fidelity::MEMO;
}

void
PacketParts::Count()
{
    for (Part& part : m_parts)
    {
        for (const auto& [record, times] : part.repeated)
        {
            auto link = record->links.begin();
            for (const Pair& pair : part.pairs)
            {
                for (const uint32_t id : pair.links)
                {
                    m_fabric.links.Repeat(id, pair.ends, *link++, times);
                }
            }
            m_fabric.deliveries.Repeat(record->deliveries, times);
        }
        part.repeated.clear();
    }
    m_uncountedHops = 0;
}

} // namespace mtlink
} // namespace ns3
