/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/collective-memo.h"

#include "ns3/assert.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Transfers of a program that is compared with others; a longer one is carried out. */
constexpr uint64_t MOST_TRANSFERS = 100'000;

/** States from which a shape is recorded: that many gaps between collectives, say. */
constexpr std::size_t MOST_STATES = 16;

} // namespace

CollectiveMemo::CollectiveMemo(PrivateParts& parts, PrivateGroups groups)
    : m_parts(parts),
      m_groupsOf(std::move(groups)),
      m_groups(m_groupsOf.GetSize())
{
    for (uint32_t group = 0; group < m_groups.size(); ++group)
    {
        if (m_groupsOf.IsPrivate(group))
        {
            m_groups[group].part = m_parts.OpenPart(m_groupsOf.GetMembers(group));
            m_privateGroups += m_groups[group].part != PrivateParts::NO_PART ? 1 : 0;
        }
    }
}

bool
CollectiveMemo::Knows(uint32_t workload, uint32_t unfolding) const
{
    return m_groups[m_groupsOf.GetGroup(workload, unfolding)].part != PrivateParts::NO_PART;
}

uint32_t
CollectiveMemo::FindProgram(const Unfolding& unfolding)
{
    const auto [known, isNew] = m_known.try_emplace(unfolding.program.get(), NONE);
    if (!isNew)
    {
        return known->second;
    }
    const CollectiveProgram& program = *unfolding.program;
    Program total;
    uint64_t transfers = 0;
    std::vector<uint64_t> text{program.GetStrands(), program.IsLazy() ? 1U : 0U};
    for (uint32_t member = 0; member < unfolding.ranks.size(); ++member)
    {
        for (uint32_t strand = 0; strand < program.GetStrands(); ++strand)
        {
            text.push_back(UINT64_MAX); // no place: the next strand
            for (Transfers all = program.Open(member, strand, false); all.Next();)
            {
                if (++transfers > MOST_TRANSFERS)
                {
                    return NONE;
                }
                const Transfer& transfer = all.Get();
                const uint64_t bytes = program.LengthOf(transfer);
                if (transfer.type == Transfer::SEND && bytes > 0)
                {
                    ++total.messages;
                    total.bytes += bytes;
                }
                const uint64_t flags =
                    uint64_t{transfer.type} << 3 | (transfer.isOriginal ? 4U : 0U) |
                    (transfer.isExchange ? 2U : 0U) | (transfer.isLast ? 1U : 0U);
                text.insert(text.end(),
                            {transfer.place,
                             transfer.reducePlace,
                             bytes,
                             uint64_t{transfer.peer} << 32 | transfer.peerStrand,
                             uint64_t{transfer.flow} << 32 | flags,
                             transfer.after.size()});
                text.insert(text.end(), transfer.after.begin(), transfer.after.end());
                for (const BlockRange& range : transfer.blocks)
                {
                    text.push_back(uint64_t{range.first} << 32 | range.last);
                }
            }
        }
    }
    const auto number = static_cast<uint32_t>(m_totals.size());
    const auto [place, isOther] = m_programs.try_emplace(std::move(text), number);
    if (isOther)
    {
        m_totals.push_back(total);
    }
    known->second = place->second;
    return known->second;
}

std::optional<Tick>
CollectiveMemo::Launch(uint32_t workload,
                       const OperationGraph& graph,
                       uint32_t unfolding,
                       uint32_t launched,
                       Tick now)
{
    const uint32_t number = m_groupsOf.GetGroup(workload, unfolding);
    Group& group = m_groups[number];
    NS_ASSERT_MSG(!group.repeated, "a group's collectives follow one another");
    const Unfolding& what = graph.GetUnfoldings()[unfolding];
    const auto members = static_cast<uint32_t>(what.ranks.size());
    const bool isKnown =
        std::any_of(group.active.begin(), group.active.end(), [&](const Active& active) {
            return active.workload == workload && active.unfolding == unfolding;
        });
    const bool isAlone = group.active.empty();
    if (!isKnown)
    {
        group.active.push_back({workload, unfolding, members});
    }
    if (!isAlone && group.recording)
    {
        // Something else has begun meanwhile: what is recorded is not of one collective.
        m_parts.EndRecord(group.part);
        group.recording = nullptr;
    }
    if (!isAlone || launched < members || !m_parts.Observe(group.part, m_state))
    {
        return std::nullopt;
    }
    group.program = FindProgram(what);
    if (group.program == NONE)
    {
        return std::nullopt;
    }
    std::vector<std::unique_ptr<Entry>>& entries =
        m_entries[{m_parts.GetKind(group.part), group.program}];
    const auto entry = std::find_if(entries.begin(), entries.end(), [this](const auto& known) {
        return known->before == m_state;
    });
    if (entry != entries.end())
    {
        if (!(*entry)->record)
        {
            return std::nullopt;
        }
        group.active.clear();
        group.repeated = entry->get();
        return group.repeated->duration;
    }
    if (entries.size() < MOST_STATES)
    {
        entries.push_back(std::make_unique<Entry>());
        entries.back()->before = m_state;
        group.recording = entries.back().get();
        group.begun = now;
        group.firstDone = NEVER;
        m_parts.BeginRecord(group.part);
    }
    return std::nullopt;
}

CollectiveMemo::Repetition
CollectiveMemo::Repeat(uint32_t workload, uint32_t unfolding)
{
    Group& group = m_groups[m_groupsOf.GetGroup(workload, unfolding)];
    const Program& program = m_totals[group.program];
    const Entry& entry = *std::exchange(group.repeated, nullptr);
    m_skipped += entry.duration;
    ++m_repeated;
    return {program.messages, program.bytes, m_parts.Repeat(group.part, entry.record)};
}

void
CollectiveMemo::MemberDone(uint32_t workload, uint32_t unfolding, Tick now)
{
    const uint32_t number = m_groupsOf.GetGroup(workload, unfolding);
    Group& group = m_groups[number];
    group.firstDone = std::min(group.firstDone, now);
    const auto active =
        std::find_if(group.active.begin(), group.active.end(), [&](const Active& candidate) {
            return candidate.workload == workload && candidate.unfolding == unfolding;
        });
    if (--active->left > 0)
    {
        return;
    }
    group.active.erase(active);
    if (group.recording)
    {
        group.recording->duration = now - group.begun;
        m_settling.push_back(number);
    }
}

void
CollectiveMemo::Settle()
{
    for (const uint32_t number : m_settling)
    {
        Group& group = m_groups[number];
        const std::shared_ptr<const PartRecord> record = m_parts.EndRecord(group.part);
        const bool endedAtOnce = group.firstDone == group.begun + group.recording->duration;
        group.recording->record = endedAtOnce ? record : nullptr;
        group.recording = nullptr;
    }
    m_settling.clear();
}

} // namespace mtlink
} // namespace ns3
