/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/mtlink-routing.h"

#include "routing/domain-links.h"
#include "routing/routing-registry.h"

#include "ns3/assert.h"
#include "ns3/mtlink-error.h"
#include "ns3/mtlink-full-mesh-topology.h"
#include "ns3/mtlink-routing-profile.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <span>
#include <unordered_map>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

/** No segment, no distance. */
constexpr uint32_t NONE = std::numeric_limits<uint32_t>::max();

/** @return the names of the algorithms that read a parameter, "only algorithms a, b and c". */
std::string
NameReaders(bool RoutingKind::*parameter)
{
    std::vector<std::string> names;
    for (const std::string& name : GetRoutingAlgorithms().GetNames())
    {
        if (GetRoutingAlgorithms().Find(name)->*parameter)
        {
            names.push_back(name);
        }
    }
    std::string text = "only algorithms ";
    for (std::size_t i = 0; i < names.size(); ++i)
    {
        text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
    }
    return text;
}

/**
 * Refuse what would have no effect.
 * @param [in] profile Parameters of a domain's routing.
 * @throws ParameterError if one has none.
 */
void
CheckSelection(const RoutingProfile& profile)
{
    if (profile.GetGranularity() == RoutingProfile::FLOW &&
        profile.GetSelection() != RoutingProfile::HASH)
    {
        throw ParameterError("selection",
                             "a flow keeps to the path that its hash says; to choose otherwise, "
                             "set granularity: packet or flowlet");
    }
    const bool hasFlowlets = profile.GetGranularity() == RoutingProfile::FLOWLET;
    if (hasFlowlets && profile.GetFlowletGap().IsZero())
    {
        throw ParameterError("granularity", "flowlet needs a flowlet_gap above 0");
    }
    if (!hasFlowlets && !profile.GetFlowletGap().IsZero())
    {
        throw ParameterError("flowlet_gap", "nothing reads it without granularity: flowlet");
    }
    const RoutingKind& kind = GetRoutingKind(profile);
    if (kind.hasTable && profile.GetTable().empty())
    {
        throw ParameterError("algorithm",
                             "table needs one: give 'table: routes.csv', which 'mtlink topology "
                             "FABRIC.yaml --routes routes.csv' writes for another algorithm");
    }
    if (!kind.hasTable && !profile.GetTable().empty())
    {
        throw ParameterError("table", "nothing reads it without algorithm: table");
    }
    if (!kind.hasIntermediate && profile.GetIntermediate() != RoutingProfile::GROUP)
    {
        throw ParameterError("intermediate",
                             NameReaders(&RoutingKind::hasIntermediate) + " have detours");
    }
    if (!kind.hasThreshold && profile.GetThreshold() != 0)
    {
        throw ParameterError("threshold",
                             NameReaders(&RoutingKind::hasThreshold) + " compare loads");
    }
}

/**
 * Choose the algorithm of a domain.
 * @param [in] topology The graph.
 * @param [in] domain The domain.
 * @param [in] profile Its parameters, or nullptr for the defaults.
 * @return the algorithm.
 */
std::unique_ptr<RoutingAlgorithm>
MakeAlgorithm(const Topology& topology, uint32_t domain, const RoutingProfile* profile)
{
    const Ptr<const RoutingProfile> usual = profile ? nullptr : CreateObject<RoutingProfile>();
    const RoutingProfile& used = profile ? *profile : *usual;
    CheckSelection(used);
    return GetRoutingKind(used).make(topology, domain, used);
}

} // namespace

/**
 * Endpoints that reach one another without a relay, through one domain, form a *segment*: those
 * on one connected set of switches, those of one full mesh, the two ends of any other wire
 * between endpoints. A relayed message goes from segment to segment by endpoints that are in
 * both, so tables are by segment (a node, a rail), not by endpoint.
 */
struct Routing::Impl
{
    /** Endpoints that reach one another in one leg. */
    struct Segment
    {
        uint32_t domain;                 //!< The domain whose algorithm routes it
        uint32_t tier;                   //!< The domain's
        std::vector<uint32_t> endpoints; //!< Nodes, ascending
    };

    /** A distinct set of segments of one tier, and who has it. */
    struct Group
    {
        std::vector<uint32_t> segments; //!< Ascending
        std::vector<uint32_t> domains;  //!< Theirs, ascending, each once
        bool exclusive{true};           //!< Nobody has a part of it only
    };

    /** What an endpoint is attached to in one tier. */
    struct Slot
    {
        uint32_t tier;    //!< The tier
        uint32_t group;   //!< Index into groups
        IndexSpan joined; //!< All its links there, if all targets may use all
    };

    const Topology& topology;                                  //!< The graph
    std::vector<std::unique_ptr<RoutingAlgorithm>> algorithms; //!< By domain
    std::vector<const RoutingAlgorithm*> ofSwitch;             //!< By switch
    std::vector<Segment> segments;                             //!< All segments
    std::vector<Group> groups;                                 //!< All groups
    std::vector<Slot> slots;         //!< Of all endpoints, each one's by ascending tier
    std::vector<uint32_t> firstSlot; //!< By endpoint; one more at the end
    std::vector<uint32_t> pool;      //!< Links of Slot::joined
    std::vector<uint32_t> component; //!< By endpoint: what can be reached at all

    /** Candidates of several domains, which route alike. */
    struct JoinedHops
    {
        std::vector<uint32_t> links; //!< All of them
        uint8_t vcClass{0};          //!< The same in each
    };

    /** Joined candidates of (endpoint, target), where they differ by target; filled on use. */
    std::unordered_map<uint64_t, JoinedHops> joinedByTarget;
    /** Distances in legs from each segment to one; filled on use. */
    std::unordered_map<uint32_t, std::vector<uint32_t>> distances;
    /** Endpoints of one segment from which a leg leads nearer to another; filled on use. */
    std::unordered_map<uint64_t, std::vector<uint32_t>> gateways;

    explicit Impl(const Topology& graph)
        : topology(graph)
    {
    }

    /** Make all tables; the algorithms are there. */
    void FindAll();
    /** Find the segments of a domain. */
    void FindSegments(uint32_t domain);
    /** Group the segments of each endpoint by tier. */
    void FindGroups();
    /** Join the links of endpoints that are in several domains of a tier. */
    void JoinLinks();
    /** Find what can be reached by relays. */
    void FindComponents();

    /** @return the slots of an endpoint. */
    std::span<const Slot> GetSlots(uint32_t endpoint) const
    {
        return {slots.data() + firstSlot[endpoint], firstSlot[endpoint + 1] - firstSlot[endpoint]};
    }

    /** @return the slot of an endpoint in a tier, or nullptr. */
    const Slot* FindSlot(uint32_t endpoint, uint32_t tier) const
    {
        for (const Slot& slot : GetSlots(endpoint))
        {
            if (slot.tier == tier)
            {
                return &slot;
            }
        }
        return nullptr;
    }

    /** @return the segments that two groups share, ascending. */
    std::vector<uint32_t> Intersect(uint32_t a, uint32_t b) const
    {
        std::vector<uint32_t> common;
        std::set_intersection(groups[a].segments.begin(),
                              groups[a].segments.end(),
                              groups[b].segments.begin(),
                              groups[b].segments.end(),
                              std::back_inserter(common));
        return common;
    }

    /**
     * Domains that take a packet from an endpoint to another, of the lowest tier that has one.
     * @param [in] at An endpoint.
     * @param [in] target Another.
     * @param [out] slot The slot of `at` if all its domains there do, otherwise nullptr.
     * @param [in,out] storage Holds the answer where it is not a group's own list.
     * @return the domains, none if a relay is needed.
     */
    IndexSpan FindDomains(uint32_t at,
                          uint32_t target,
                          const Slot*& slot,
                          std::vector<uint32_t>& storage) const;

    /** NextHops() at an endpoint in several domains whose candidates differ by target. */
    Hops JoinByTarget(uint32_t node, uint32_t target, IndexSpan domains);

    /** @return by segment the distance in legs to segment `to`. */
    const std::vector<uint32_t>& GetDistances(uint32_t to);

    /** @return the endpoints of segment `from` that are also in one nearer to `to`. */
    const std::vector<uint32_t>& GetGateways(uint32_t from, uint32_t to);

    /** @return the relay of a message for a destination that is not reached in one leg. */
    uint32_t GetRelay(uint32_t at, uint32_t destination);
};

void
Routing::Impl::FindAll()
{
    for (uint32_t domain = 0; domain < topology.GetDomains().size(); ++domain)
    {
        FindSegments(domain);
    }
    for (uint32_t node = topology.GetEndpoints(); node < topology.GetNodes(); ++node)
    {
        ofSwitch.push_back(algorithms[topology.GetSwitchDomain(node)].get());
    }
    FindGroups();
    JoinLinks();
    FindComponents();
}

void
Routing::Impl::FindSegments(uint32_t domain)
{
    const Domain& d = topology.GetDomains()[domain];
    if (dynamic_cast<const FullMeshTopology*>(d.builder))
    {
        segments.push_back({domain, d.tier, d.endpoints});
        std::sort(segments.back().endpoints.begin(), segments.back().endpoints.end());
        return;
    }
    // Connected sets of switches.
    std::vector<uint32_t> set(d.switches, NONE);
    std::vector<uint32_t> queue;
    const auto first = static_cast<uint32_t>(segments.size());
    for (uint32_t s = 0; s < d.switches; ++s)
    {
        if (set[s] != NONE)
        {
            continue;
        }
        const auto id = static_cast<uint32_t>(segments.size()) - first;
        segments.push_back({domain, d.tier, {}});
        set[s] = id;
        queue.assign(1, s);
        for (size_t i = 0; i < queue.size(); ++i)
        {
            for (const uint32_t link : topology.GetOutLinks(d.firstSwitch + queue[i]))
            {
                const uint32_t next = topology.GetLinks()[link].to - d.firstSwitch;
                if (next < d.switches && set[next] == NONE)
                {
                    set[next] = id;
                    queue.push_back(next);
                }
            }
        }
    }
    std::map<std::pair<uint32_t, uint32_t>, bool> wires;
    for (const uint32_t endpoint : d.endpoints)
    {
        for (const uint32_t link : GetDomainLinks(topology, endpoint, domain))
        {
            const uint32_t to = topology.GetLinks()[link].to;
            if (topology.IsEndpoint(to))
            {
                wires[std::minmax(endpoint, to)] = true;
                continue;
            }
            auto& members = segments[first + set[to - d.firstSwitch]].endpoints;
            if (members.empty() || members.back() != endpoint)
            {
                members.push_back(endpoint);
            }
        }
    }
    for (size_t i = first; i < segments.size(); ++i)
    {
        auto& members = segments[i].endpoints;
        std::sort(members.begin(), members.end());
        members.erase(std::unique(members.begin(), members.end()), members.end());
    }
    for (const auto& [ends, unused] : wires)
    {
        segments.push_back({domain, d.tier, {ends.first, ends.second}});
    }
}

void
Routing::Impl::FindGroups()
{
    const uint32_t endpoints = topology.GetEndpoints();
    std::vector<std::map<uint32_t, std::vector<uint32_t>>> byTier(endpoints);
    for (uint32_t i = 0; i < segments.size(); ++i)
    {
        for (const uint32_t endpoint : segments[i].endpoints)
        {
            byTier[endpoint][segments[i].tier].push_back(i);
        }
    }
    std::map<std::vector<uint32_t>, uint32_t> known;
    std::vector<uint32_t> groupOfSegment(segments.size(), NONE);
    for (uint32_t endpoint = 0; endpoint < endpoints; ++endpoint)
    {
        firstSlot.push_back(static_cast<uint32_t>(slots.size()));
        for (const auto& [tier, list] : byTier[endpoint])
        {
            const auto [entry, isNew] = known.emplace(list, static_cast<uint32_t>(groups.size()));
            if (isNew)
            {
                Group group;
                group.segments = list;
                for (const uint32_t segment : list)
                {
                    group.domains.push_back(segments[segment].domain);
                }
                // Segments are found domain by domain.
                group.domains.erase(std::unique(group.domains.begin(), group.domains.end()),
                                    group.domains.end());
                groups.push_back(std::move(group));
            }
            slots.push_back({tier, entry->second, {}});
            for (const uint32_t segment : list)
            {
                uint32_t& group = groupOfSegment[segment];
                if (group == NONE)
                {
                    group = entry->second;
                }
                if (group != entry->second)
                {
                    groups[group].exclusive = false;
                    groups[entry->second].exclusive = false;
                }
            }
        }
    }
    firstSlot.push_back(static_cast<uint32_t>(slots.size()));
}

void
Routing::Impl::JoinLinks()
{
    std::vector<std::pair<size_t, size_t>> ranges(slots.size());
    for (uint32_t endpoint = 0; endpoint < topology.GetEndpoints(); ++endpoint)
    {
        for (uint32_t i = firstSlot[endpoint]; i < firstSlot[endpoint + 1]; ++i)
        {
            const auto& domains = groups[slots[i].group].domains;
            const auto uniform = [&](uint32_t domain) {
                return algorithms[domain]->IsInjectionUniform(endpoint);
            };
            ranges[i].first = pool.size();
            if (domains.size() > 1 && std::all_of(domains.begin(), domains.end(), uniform))
            {
                for (const uint32_t domain : domains)
                {
                    const auto links = GetDomainLinks(topology, endpoint, domain);
                    pool.insert(pool.end(), links.begin(), links.end());
                }
            }
            ranges[i].second = pool.size() - ranges[i].first;
        }
    }
    for (size_t i = 0; i < slots.size(); ++i)
    {
        slots[i].joined = {pool.data() + ranges[i].first, ranges[i].second};
    }
}

void
Routing::Impl::FindComponents()
{
    component.resize(topology.GetEndpoints());
    std::iota(component.begin(), component.end(), 0);
    const auto find = [this](uint32_t node) {
        while (component[node] != node)
        {
            component[node] = component[component[node]];
            node = component[node];
        }
        return node;
    };
    for (const Segment& segment : segments)
    {
        for (const uint32_t endpoint : segment.endpoints)
        {
            component[find(endpoint)] = find(segment.endpoints.front());
        }
    }
    for (uint32_t endpoint = 0; endpoint < component.size(); ++endpoint)
    {
        component[endpoint] = find(endpoint);
    }
}

IndexSpan
Routing::Impl::FindDomains(uint32_t at,
                           uint32_t target,
                           const Slot*& slot,
                           std::vector<uint32_t>& storage) const
{
    for (const Slot& mine : GetSlots(at))
    {
        const Slot* theirs = FindSlot(target, mine.tier);
        if (!theirs)
        {
            continue;
        }
        const Group& group = groups[mine.group];
        if (theirs->group == mine.group)
        {
            slot = &mine;
            return group.domains;
        }
        if (group.exclusive)
        {
            continue;
        }
        for (const uint32_t segment : Intersect(mine.group, theirs->group))
        {
            if (storage.empty() || storage.back() != segments[segment].domain)
            {
                storage.push_back(segments[segment].domain);
            }
        }
        if (!storage.empty())
        {
            return storage;
        }
    }
    return {};
}

Hops
Routing::Impl::JoinByTarget(uint32_t node, uint32_t target, IndexSpan domains)
{
    const auto [entry, isNew] = joinedByTarget.try_emplace(uint64_t{node} << 32 | target);
    if (isNew)
    {
        for (const uint32_t domain : domains)
        {
            const Hops hops = algorithms[domain]->NextHops(node, target, 0);
            std::vector<uint32_t>& links = entry->second.links;
            links.insert(links.end(), hops.links.begin(), hops.links.end());
            NS_ASSERT_MSG(links.size() == hops.links.size() ||
                              hops.vcClass == entry->second.vcClass,
                          "planes are one fabric repeated");
            entry->second.vcClass = hops.vcClass;
        }
    }
    return {entry->second.links, entry->second.vcClass};
}

const std::vector<uint32_t>&
Routing::Impl::GetDistances(uint32_t to)
{
    const auto [entry, isNew] = distances.try_emplace(to);
    std::vector<uint32_t>& distance = entry->second;
    if (isNew)
    {
        distance.assign(segments.size(), NONE);
        distance[to] = 0;
        std::vector<uint32_t> queue{to};
        for (size_t i = 0; i < queue.size(); ++i)
        {
            for (const uint32_t endpoint : segments[queue[i]].endpoints)
            {
                for (const Slot& slot : GetSlots(endpoint))
                {
                    for (const uint32_t next : groups[slot.group].segments)
                    {
                        if (distance[next] == NONE)
                        {
                            distance[next] = distance[queue[i]] + 1;
                            queue.push_back(next);
                        }
                    }
                }
            }
        }
    }
    return distance;
}

const std::vector<uint32_t>&
Routing::Impl::GetGateways(uint32_t from, uint32_t to)
{
    const auto [entry, isNew] = gateways.try_emplace(uint64_t{from} << 32 | to);
    if (isNew)
    {
        const std::vector<uint32_t>& distance = GetDistances(to);
        for (const uint32_t endpoint : segments[from].endpoints)
        {
            const auto nearer = [&](const Slot& slot) {
                const auto& list = groups[slot.group].segments;
                return std::any_of(list.begin(), list.end(), [&](uint32_t s) {
                    return distance[s] < distance[from];
                });
            };
            const auto own = GetSlots(endpoint);
            if (std::any_of(own.begin(), own.end(), nearer))
            {
                entry->second.push_back(endpoint);
            }
        }
    }
    return entry->second;
}

uint32_t
Routing::Impl::GetRelay(uint32_t at, uint32_t destination)
{
    uint32_t best = NONE;
    uint32_t from = NONE;
    uint32_t to = NONE;
    for (const Slot& theirs : GetSlots(destination))
    {
        for (const uint32_t last : groups[theirs.group].segments)
        {
            const std::vector<uint32_t>& distance = GetDistances(last);
            for (const Slot& mine : GetSlots(at))
            {
                for (const uint32_t first : groups[mine.group].segments)
                {
                    // Of equally short ways the one with the first leg of lower tier.
                    const bool better = distance[first] < best ||
                                        (distance[first] == best && distance[first] != NONE &&
                                         segments[first].tier < segments[from].tier);
                    if (better)
                    {
                        best = distance[first];
                        from = first;
                        to = last;
                    }
                }
            }
        }
    }
    NS_ASSERT_MSG(best != NONE, "the destination can't be reached");
    const std::vector<uint32_t>& relays = GetGateways(from, to);
    return relays[destination % relays.size()];
}

Routing::Routing(const Topology& topology, const std::vector<Ptr<RoutingProfile>>& profiles)
    : m_impl(std::make_unique<Impl>(topology))
{
    const auto domains = static_cast<uint32_t>(topology.GetDomains().size());
    for (uint32_t domain = 0; domain < domains; ++domain)
    {
        const uint32_t scope = topology.GetDomains()[domain].scope;
        m_impl->algorithms.push_back(
            MakeAlgorithm(topology,
                          domain,
                          scope < profiles.size() ? PeekPointer(profiles[scope]) : nullptr));
    }
    m_impl->FindAll();
}

Routing::Routing(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl))
{
}

Routing
Routing::With(const Topology& topology, std::vector<std::unique_ptr<RoutingAlgorithm>> algorithms)
{
    auto impl = std::make_unique<Impl>(topology);
    impl->algorithms = std::move(algorithms);
    impl->FindAll();
    return Routing(std::move(impl));
}

Routing::~Routing() = default;

Hops
Routing::NextHops(uint32_t node, uint32_t target, uint8_t vcClass) const
{
    const uint32_t endpoints = m_impl->topology.GetEndpoints();
    if (node >= endpoints) [[likely]]
    {
        return m_impl->ofSwitch[node - endpoints]->NextHops(node, target, vcClass);
    }
    const Impl::Slot* slot = nullptr;
    std::vector<uint32_t> storage;
    const auto domains = m_impl->FindDomains(node, target, slot, storage);
    if (domains.empty())
    {
        return {};
    }
    if (domains.size() == 1)
    {
        return m_impl->algorithms[domains.front()]->NextHops(node, target, vcClass);
    }
    if (slot && !slot->joined.empty())
    {
        return {slot->joined, 0};
    }
    return m_impl->JoinByTarget(node, target, domains);
}

uint32_t
Routing::GetLegEnd(uint32_t at, uint32_t destination) const
{
    return IsDirect(at, destination) ? destination : m_impl->GetRelay(at, destination);
}

bool
Routing::IsDirect(uint32_t at, uint32_t target) const
{
    const Impl::Slot* slot = nullptr;
    std::vector<uint32_t> storage;
    return !m_impl->FindDomains(at, target, slot, storage).empty();
}

const RoutingAlgorithm&
Routing::GetAlgorithm(uint32_t domain) const
{
    return *m_impl->algorithms[domain];
}

const RoutingAlgorithm&
Routing::GetSwitchAlgorithm(uint32_t node) const
{
    return *m_impl->ofSwitch[node - m_impl->topology.GetEndpoints()];
}

bool
Routing::IsReachable(uint32_t src, uint32_t dst) const
{
    return m_impl->component[src] == m_impl->component[dst];
}

} // namespace mtlink
} // namespace ns3
