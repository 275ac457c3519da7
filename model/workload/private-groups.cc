/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/private-groups.h"

#include <algorithm>
#include <set>

namespace ns3
{
namespace mtlink
{

PrivateGroups::PrivateGroups(uint32_t links, LinkWalk walk)
    : m_walk(std::move(walk)),
      m_owners(links, NOBODY)
{
}

void
PrivateGroups::FindGroups(const OperationGraph& graph, const std::vector<uint32_t>& endpoints)
{
    std::map<std::vector<uint32_t>, uint32_t> known;
    const auto first = static_cast<uint32_t>(m_groups.size());
    std::vector<uint32_t>& groupOf = m_groupOf.emplace_back();
    for (const Unfolding& unfolding : graph.GetUnfoldings())
    {
        const std::vector<uint32_t>& ranks = unfolding.ranks;
        const auto [entry, isNew] =
            known.try_emplace(ranks, first + static_cast<uint32_t>(known.size()));
        if (isNew)
        {
            Group& group = m_groups.emplace_back();
            for (const uint32_t rank : ranks)
            {
                group.members.push_back(endpoints[rank]);
            }
        }
        groupOf.push_back(entry->second);
    }
}

void
PrivateGroups::Use(std::span<const uint32_t> sources, uint32_t destination, uint32_t owner)
{
    if (m_isUnknown)
    {
        return;
    }
    m_steps += m_walk(sources, destination, [this, owner](uint32_t link) {
        uint32_t& known = m_owners[link];
        if (known == NOBODY)
        {
            known = owner;
        }
        else if (known != owner)
        {
            Publish(known);
            Publish(owner);
            known = OTHERS;
        }
    });
    m_isUnknown = m_steps > MOST_STEPS;
}

void
PrivateGroups::Add(const OperationGraph& graph,
                   const std::vector<uint32_t>& endpoints,
                   bool takesReductions)
{
    const auto workload = static_cast<uint32_t>(m_groupOf.size());
    const auto first = static_cast<uint32_t>(m_groups.size());
    FindGroups(graph, endpoints);
    m_isUnknown = m_isUnknown || !graph.GetGroupSteps().empty();

    uint64_t pairs = 0;
    for (uint32_t group = first; group < m_groups.size(); ++group)
    {
        const uint64_t members = m_groups[group].members.size();
        pairs += members * members;
    }
    m_isUnknown = m_isUnknown || m_steps + pairs > MOST_STEPS;
    for (uint32_t group = first; group < m_groups.size() && !m_isUnknown; ++group)
    {
        const std::vector<uint32_t>& members = m_groups[group].members;
        for (const uint32_t destination : members)
        {
            Use(members, destination, group);
        }
        auto sorted = members;
        std::sort(sorted.begin(), sorted.end());
        if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
        {
            Publish(group); // messages within an endpoint know no fabric
        }
    }
    std::set<std::pair<uint32_t, uint32_t>> sent;
    for (const Operation& operation : graph.GetOperations())
    {
        if (operation.type == OperationType::SEND)
        {
            const uint32_t src = endpoints[operation.rank];
            const uint32_t dst = endpoints[operation.peer];
            if (src != dst && sent.emplace(src, dst).second)
            {
                Use({&src, 1}, dst, OTHERS);
            }
        }
    }

    // Reductions wait for one another at a rank; a memo knows nothing of those of others.
    std::vector<uint32_t> reduces(takesReductions ? graph.GetRanks() : 0, NOBODY);
    const auto reduce = [&](uint32_t rank, uint32_t group) {
        if (reduces[rank] != NOBODY && reduces[rank] != group)
        {
            Publish(reduces[rank]);
            Publish(group);
            group = OTHERS;
        }
        reduces[rank] = group;
    };
    for (uint32_t i = 0; takesReductions && i < graph.GetUnfoldings().size(); ++i)
    {
        for (const uint32_t rank : graph.GetUnfoldings()[i].ranks)
        {
            reduce(rank, m_groupOf[workload][i]);
        }
    }
    for (const Operation& operation : graph.GetOperations())
    {
        if (takesReductions && operation.type == OperationType::REDUCE)
        {
            reduce(operation.rank, OTHERS);
        }
    }
    CheckOrder(graph, workload);
}

void
PrivateGroups::CheckOrder(const OperationGraph& graph, uint32_t workload)
{
    // Of each rank one group at most: the first that is private so far.
    std::vector<uint32_t> groupOfRank(graph.GetRanks(), NOBODY);
    const std::vector<uint32_t>& groupOf = m_groupOf[workload];
    const std::vector<Unfolding>& unfoldings = graph.GetUnfoldings();
    for (uint32_t i = 0; i < unfoldings.size() && !m_isUnknown; ++i)
    {
        const uint32_t group = groupOf[i];
        if (!m_groups[group].isPrivate)
        {
            continue;
        }
        for (std::size_t member = 0; member < unfoldings[i].ranks.size(); ++member)
        {
            const uint32_t endpoint = m_groups[group].members[member];
            m_groupOfEndpoint.resize(std::max<std::size_t>(m_groupOfEndpoint.size(), endpoint + 1),
                                     NOBODY);
            uint32_t& ofEndpoint = m_groupOfEndpoint[endpoint];
            ofEndpoint = ofEndpoint == NOBODY ? group : ofEndpoint;
            if (ofEndpoint != group)
            {
                Publish(group);
            }
            groupOfRank[unfoldings[i].ranks[member]] = ofEndpoint;
        }
    }

    // Of each operation: so many of its rank's group's collectives are over when it starts.
    const std::vector<Operation>& operations = graph.GetOperations();
    std::vector<uint32_t> over(operations.size(), 0);
    std::vector<uint32_t> endOf(operations.size(), 0); // that many are over when it is
    std::vector<uint32_t> wants(operations.size(), 0); // so many must be over
    std::vector<uint32_t> done(m_groups.size(), 0);
    for (uint32_t i = 0; i < unfoldings.size(); ++i)
    {
        const uint32_t before = done[groupOf[i]]++;
        for (uint32_t member = 0; member < unfoldings[i].ranks.size(); ++member)
        {
            if (groupOfRank[unfoldings[i].ranks[member]] == groupOf[i])
            {
                wants[unfoldings[i].firstBegin + member] = before;
                endOf[unfoldings[i].firstEnd + member] = before + 1;
            }
        }
    }
    std::vector<uint32_t> waits(operations.size());
    std::vector<uint32_t> ready;
    for (uint32_t id = 0; id < operations.size(); ++id)
    {
        waits[id] = graph.GetRequired(id);
        if (waits[id] == 0)
        {
            ready.push_back(id);
        }
    }
    while (!ready.empty())
    {
        const uint32_t id = ready.back();
        ready.pop_back();
        const Operation& operation = operations[id];
        if (over[id] < wants[id])
        {
            Publish(groupOf[operation.tag]); // a LAUNCH
        }
        const auto release = [&](uint32_t later, uint32_t count) {
            if (groupOfRank[operations[later].rank] == groupOfRank[operation.rank])
            {
                over[later] = std::max(over[later], count);
            }
            if (--waits[later] == 0)
            {
                ready.push_back(later);
            }
        };
        for (const uint32_t later : graph.GetStartDependents(id))
        {
            release(later, over[id]);
        }
        for (const uint32_t later : graph.GetDependents(id))
        {
            release(later, std::max(over[id], endOf[id]));
        }
    }
}

} // namespace mtlink
} // namespace ns3
