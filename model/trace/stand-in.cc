/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace/stand-in.h"

#include "trace/trace-input.h"

#include <algorithm>
#include <map>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Copies one rank of a Chakra trace to others. */
class ChakraCopies
{
  public:
    ChakraCopies(ChakraTrace& trace, uint32_t traced, uint32_t ranks)
        : m_trace(trace),
          m_traced(traced),
          m_ranks(ranks),
          m_names(trace.groupNames)
    {
        for (std::size_t group = 0; group < m_names.size(); ++group)
        {
            const auto known = trace.groups.find(m_names[group]);
            m_members.push_back(known == trace.groups.end() ? std::vector<uint32_t>{}
                                                            : known->second);
        }
        trace.groups.clear();
        trace.groupNames.clear();
    }

    ChakraRank CopyFor(uint32_t rank)
    {
        ChakraRank copy = m_trace.ranks[m_traced];
        std::map<uint32_t, uint32_t> groups; // of this rank, by that of the traced one
        for (ChakraNode& node : copy.nodes)
        {
            const uint32_t old = node.group;
            const bool isCollective = node.type == ChakraType::COLLECTIVE;
            if (old != NONE)
            {
                const auto [entry, isNew] = groups.try_emplace(old, NONE);
                entry->second = isNew ? FindGroup(node, old, rank) : entry->second;
                node.group = entry->second;
            }
            for (uint32_t* peer : {&node.src, &node.dst})
            {
                *peer = *peer == NONE   ? NONE
                        : !isCollective ? Shift(*peer, rank)
                                        : FindLike(*peer, old, node.group);
            }
            Turn(node, rank);
        }
        return copy;
    }

  private:
    uint32_t Shift(uint32_t peer, uint32_t rank) const
    {
        return static_cast<uint32_t>((uint64_t{peer} + m_ranks + rank - m_traced) % m_ranks);
    }

    /** @return the member of a rank's group that is where one of the traced rank's is. */
    uint32_t FindLike(uint32_t root, uint32_t old, uint32_t group) const
    {
        if (old == NONE || m_members[old].empty())
        {
            return root;
        }
        const auto& members = m_members[old];
        const auto place = std::find(members.begin(), members.end(), root);
        const auto& own = m_trace.groups.at(m_trace.groupNames[group]);
        return place == members.end() ? root
                                      : own[static_cast<std::size_t>(place - members.begin())];
    }

    uint32_t FindGroup(const ChakraNode& node, uint32_t old, uint32_t rank)
    {
        std::string name = m_names[old];
        const auto& members = m_members[old];
        if (!members.empty())
        {
            const auto own = FindLikeGroup(members, rank, m_ranks);
            if (!own)
            {
                throw InputError(
                    {m_trace.ranks[m_traced].file, node.record, node.byte},
                    "rank " + std::to_string(m_traced) + " node " + std::to_string(node.id) +
                        ": what its process group " + Quote(name) + " is for other ranks of " +
                        std::to_string(m_ranks) +
                        " can't be told, as its members are at no equal distance or do not "
                        "divide them: give another 'ranks', or all ranks' files");
            }
            name += own->front() == members.front() ? "" : "@" + std::to_string(own->front());
            m_trace.groups[name] = *own;
        }
        auto& names = m_trace.groupNames;
        const auto found = std::find(names.begin(), names.end(), name);
        if (found == names.end())
        {
            names.push_back(name);
            return static_cast<uint32_t>(names.size() - 1);
        }
        return static_cast<uint32_t>(found - names.begin());
    }

    /** Turn an all_to_allv's counts. */
    void Turn(ChakraNode& node, uint32_t rank) const
    {
        if (node.counts.empty())
        {
            return;
        }
        uint32_t from = m_traced;
        uint32_t to = rank;
        if (node.group != NONE)
        {
            const auto known = m_trace.groups.find(m_trace.groupNames[node.group]);
            if (known != m_trace.groups.end())
            {
                const auto& own = known->second;
                to = static_cast<uint32_t>(std::find(own.begin(), own.end(), rank) - own.begin());
                // Its stride and size are the traced rank's group's.
                const uint32_t stride = own.size() > 1 ? own[1] - own[0] : 1;
                from = m_traced / stride % static_cast<uint32_t>(own.size());
            }
        }
        node.counts = TurnCounts(node.counts, from, to);
    }

    ChakraTrace& m_trace;                         //!< Gets names and members of groups
    uint32_t m_traced;                            //!< Rank that has a file
    uint32_t m_ranks;                             //!< How many there are to be
    std::vector<std::string> m_names;             //!< Of the traced rank's groups
    std::vector<std::vector<uint32_t>> m_members; //!< Theirs; none: not known, all
};

} // namespace

std::optional<std::vector<uint32_t>>
FindLikeGroup(const std::vector<uint32_t>& members, uint32_t rank, uint32_t ranks)
{
    const auto size = static_cast<uint32_t>(members.size());
    if (size == 1)
    {
        return std::vector<uint32_t>{rank};
    }
    if (size == 0 || members[1] <= members[0])
    {
        return std::nullopt;
    }
    const uint32_t stride = members[1] - members[0];
    const uint64_t block = uint64_t{stride} * size; // ranks that such groups side by side have
    const bool isWhole = block <= ranks && ranks % block == 0 && members[0] % block < stride;
    if (!isWhole)
    {
        return std::nullopt;
    }
    std::vector<uint32_t> group(size);
    const auto first = static_cast<uint32_t>(rank / block * block + rank % stride);
    for (uint32_t i = 0; i < size; ++i)
    {
        if (members[i] != members[0] + i * stride)
        {
            return std::nullopt;
        }
        group[i] = first + i * stride;
    }
    return group;
}

std::vector<uint64_t>
TurnCounts(const std::vector<uint64_t>& counts, uint32_t from, uint32_t to)
{
    std::vector<uint64_t> turned(counts.size());
    for (std::size_t i = 0; i < counts.size(); ++i)
    {
        turned[(i + counts.size() + to - from % counts.size()) % counts.size()] = counts[i];
    }
    return turned;
}

void
StandFor(ChakraTrace& trace, uint32_t ranks)
{
    uint32_t traced = 0;
    while (trace.ranks[traced].file.empty())
    {
        ++traced;
    }
    if (traced >= ranks)
    {
        throw InputError({trace.ranks[traced].file},
                         "this is rank " + std::to_string(traced) + "'s trace, but 'ranks' are " +
                             std::to_string(ranks) + ": give more than its number");
    }
    ChakraCopies copies(trace, traced, ranks);
    std::vector<ChakraRank> all;
    for (uint32_t rank = 0; rank < ranks; ++rank)
    {
        all.push_back(copies.CopyFor(rank));
    }
    trace.ranks = std::move(all);
    trace.isOrdered = false; // ids are the same in all
}

} // namespace mtlink
} // namespace ns3
