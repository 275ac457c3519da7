/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "flow/flow-parts.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Append what tells a way from another, but for its links. */
void
AddTraits(const FlowWay& path, std::vector<int64_t>& traits)
{
    constexpr uint64_t SPAN = 1U << 20; // flits over which speeds are compared
    const WireTime span = path->slowest.After({}, SPAN);
    for (const uint64_t trait : {uint64_t{path->ports},
                                 uint64_t{path->lane},
                                 static_cast<uint64_t>(path->latency),
                                 static_cast<uint64_t>(span.whole),
                                 span.part,
                                 path->slowest.GetParts(),
                                 uint64_t{path->flit},
                                 uint64_t{path->header},
                                 path->storedFlitTime,
                                 path->credit.packets,
                                 static_cast<uint64_t>(path->credit.roundTrip),
                                 path->window.packets,
                                 static_cast<uint64_t>(path->window.roundTrip),
                                 uint64_t{path->roundsUp},
                                 static_cast<uint64_t>(path->best),
                                 uint64_t{path->isEven},
                                 uint64_t{path.parts.size()}})
    {
        traits.push_back(static_cast<int64_t>(trait));
    }
    for (const FlowPath::Part& part : path.parts)
    {
        traits.push_back(part.firstStep);
        traits.push_back(part.steps);
        traits.push_back(part.most);
    }
}

} // namespace

/** What a part has done. */
struct FlowParts::Record : public PartRecord
{
    /** Time lost, by places: links and members of the part. */
    std::vector<FlowLosses::Row> losses;
    std::vector<FlowTraffic> traffic;         //!< By place of the link
    std::array<uint64_t, FIDELITIES> bytes{}; //!< Delivered, by word
    uint64_t messages{0};                     //!< Delivered
    uint64_t packets{0};                      //!< Delivered
    Fidelity word{Fidelity::EXACT};           //!< The worst of its messages'
    PartState before;                         //!< State at the start
};

FlowParts::FlowParts(FlowTransport& flows, FlowPaths& paths, IsPlain isPlain)
    : m_flows(flows),
      m_paths(paths),
      m_isPlain(std::move(isPlain)),
      m_watched(paths.GetEndpoints(), NO_PART)
{
}

FlowParts::~FlowParts() = default;

uint32_t
FlowParts::OpenPart(std::span<const uint32_t> members)
{
    const auto number = static_cast<uint32_t>(m_parts.size());
    Part part;
    part.members.assign(members.begin(), members.end());
    std::vector<int64_t> traits;
    bool isPlain = true;
    for (const uint32_t src : members)
    {
        for (const uint32_t dst : members)
        {
            if (src == dst || !isPlain)
            {
                continue;
            }
            isPlain = m_isPlain(src, dst);
            const FlowWay path = m_paths.Find({src, dst, 1, 0});
            AddTraits(path, traits);
            const std::span<const int64_t> capacities = m_paths.GetCapacities();
            for (const FlowStep& step : path.steps)
            {
                traits.push_back(FindPlace(part, step.link));
                traits.push_back(step.weight);
                traits.push_back(step.offset);
                traits.push_back(capacities[step.link]);
                traits.push_back(m_paths.IsEven(step.link) ? 1 : 0);
            }
        }
    }
    if (!isPlain)
    {
        traits = {number};
    }
    part.kind = m_kinds.try_emplace(traits, static_cast<uint32_t>(m_kinds.size())).first->second;
    m_parts.push_back(std::move(part));
    return number;
}

uint32_t
FlowParts::GetKind(uint32_t part) const
{
    return m_parts[part].kind;
}

bool
FlowParts::Observe(uint32_t number, PartState& state)
{
    state.clear();
    const Part& part = m_parts[number];
    for (const uint32_t member : part.members)
    {
        const FlowTransport::Heard& heard = std::as_const(m_flows).GetHeard(member);
        state.push_back(static_cast<int64_t>(heard.word));
        state.push_back(heard.early);
    }
    for (const uint32_t link : part.links)
    {
        state.push_back(static_cast<int64_t>(m_flows.GetWord(link)));
    }
    return true; // messages that are over leave nothing else behind
}

void
FlowParts::BeginRecord(uint32_t number)
{
    Part& part = m_parts[number];
    part.recording = std::make_unique<Record>();
    Observe(number, part.recording->before);
    for (const uint32_t member : part.members)
    {
        m_watched[member] = number;
    }
    if (m_watches++ == 0)
    {
        m_flows.SetWatcher(this);
    }
}

std::shared_ptr<const PartRecord>
FlowParts::EndRecord(uint32_t number)
{
    Part& part = m_parts[number];
    const std::shared_ptr<Record> record = std::move(part.recording);
    for (const uint32_t member : part.members)
    {
        m_watched[member] = NO_PART;
    }
    if (--m_watches == 0)
    {
        m_flows.SetWatcher(nullptr);
    }
    // Words only get worse: where they did, the next time is another.
    PartState after;
    Observe(number, after);
    return after == record->before ? record : nullptr;
}

Fidelity
FlowParts::Repeat(uint32_t number, const std::shared_ptr<const PartRecord>& done)
{
    const Part& part = m_parts[number];
    const auto& record = static_cast<const Record&>(*done);
    // What members have heard meanwhile of others may have made some of its times worth less.
    Fidelity heard = Fidelity::EXACT;
    for (std::size_t i = 0; i < part.members.size(); ++i)
    {
        const FlowTransport::Heard& now = std::as_const(m_flows).GetHeard(part.members[i]);
        const auto then = static_cast<Fidelity>(record.before[2 * i]);
        heard = now.word > then ? std::max(heard, now.word) : heard;
    }
    uint64_t messages = record.messages; // all are counted with the first word
    uint64_t packets = record.packets;
    for (std::size_t i = 0; i < FIDELITIES; ++i)
    {
        if (record.bytes[i] > 0)
        {
            const FlowSum sum{messages, packets, record.bytes[i]};
            m_flows.CountAgain(sum,
                               std::max(static_cast<Fidelity>(i), heard),
                               part.members.front());
            messages = 0;
            packets = 0;
        }
    }
    const Fidelity worst = std::max(record.word, heard);
    for (std::size_t place = 0; place < record.traffic.size(); ++place)
    {
        m_flows.CountAgain(part.links[place], record.traffic[place], worst);
    }
    for (FlowLosses::Row loss : record.losses)
    {
        loss.root = part.links[loss.root];
        loss.first = part.links[loss.first];
        loss.src = part.members[loss.src];
        loss.dst = part.members[loss.dst];
        m_flows.CountAgain(loss);
    }
    return worst;
}

FlowParts::Part*
FlowParts::FindWatched(uint32_t src, uint32_t dst)
{
    const uint32_t number = m_watched[src];
    return number != NO_PART && m_watched[dst] == number ? &m_parts[number] : nullptr;
}

uint32_t
FlowParts::FindPlace(Part& part, uint32_t link)
{
    const auto [place, isNew] =
        part.places.try_emplace(link, static_cast<uint32_t>(part.links.size()));
    if (isNew)
    {
        part.links.push_back(link);
    }
    return place->second;
}

uint32_t
FlowParts::FindMember(const Part& part, uint32_t endpoint)
{
    return static_cast<uint32_t>(std::find(part.members.begin(), part.members.end(), endpoint) -
                                 part.members.begin());
}

void
FlowParts::Carried(uint32_t src, uint32_t dst, uint32_t link, const FlowTraffic& traffic)
{
    Part* part = FindWatched(src, dst);
    if (!part)
    {
        return;
    }
    const uint32_t place = FindPlace(*part, link);
    std::vector<FlowTraffic>& all = part->recording->traffic;
    all.resize(std::max<std::size_t>(all.size(), place + 1));
    all[place].Add(traffic);
}

void
FlowParts::Lost(const FlowLosses::Row& loss)
{
    if (Part* part = FindWatched(loss.src, loss.dst))
    {
        part->recording->losses.push_back({FindPlace(*part, loss.root),
                                           FindMember(*part, loss.src),
                                           FindMember(*part, loss.dst),
                                           FindPlace(*part, loss.first),
                                           loss.lost,
                                           loss.times});
    }
}

void
FlowParts::Delivered(uint32_t src, uint32_t dst, const FlowSum& sum, Fidelity word)
{
    if (Part* part = FindWatched(src, dst))
    {
        Record& record = *part->recording;
        record.bytes[static_cast<std::size_t>(word)] += sum.bytes;
        record.messages += sum.messages;
        record.packets += sum.packets;
        record.word = std::max(record.word, word);
    }
}

} // namespace mtlink
} // namespace ns3
