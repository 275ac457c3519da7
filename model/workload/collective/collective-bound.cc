/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/collective/collective-bound.h"

#include "engine/time-limit.h"
#include "workload/collective/chunk-layout.h"
#include "workload/collective/collective-kind.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr std::size_t MOST_PAIRS = 128; //!< Members of which all ways are looked at
constexpr std::size_t MOST_SEEN = 4096; //!< Members whose neighbours are looked at

/** Who must send how much to whom, by groups of members: all collectives from one view. */
class Demand
{
  public:
    /** @param [in] spec The collective. */
    explicit Demand(const CollectiveSpec& spec)
        : m_spec(spec),
          m_kind(GetCollectiveKind(spec.name)),
          m_size(static_cast<uint32_t>(spec.ranks.size()))
    {
    }

    /**
     * What must go from some members to all the others, by any algorithm: shares that only the
     * ones have and the others need, and partial results, which reduction makes no longer than
     * the result.
     * @param [in] inside By member: whether it is one of them; neither all nor none.
     * @return bytes.
     */
    double Across(const std::vector<bool>& inside) const
    {
        // Whether somebody in has something that somebody out needs.
        const bool root = inside[m_spec.root];
        if ((m_kind.senders == Members::ROOT && !root) ||
            (m_kind.receivers == Members::ROOT && root))
        {
            return 0;
        }
        const auto whole = static_cast<double>(m_spec.bytes);
        const auto senders = static_cast<double>(std::count(inside.begin(), inside.end(), true));
        double bytes = 0;
        switch (m_kind.payload)
        {
        case Payload::NOTHING:
            break;
        case Payload::WHOLE:
            if (m_kind.receivers != Members::NEXT)
            {
                return whole;
            }
            for (uint32_t i = 0; i < m_size; ++i)
            {
                bytes += inside[i] && !inside[(i + 1) % m_size] ? whole : 0;
            }
            break;
        case Payload::SENDERS_SHARE:
            return Shares(inside, true);
        case Payload::RECEIVERS_SHARE:
            return Shares(inside, false);
        case Payload::SHARE_OF_EACH:
            return senders * Shares(inside, false);
        case Payload::COUNTS:
            for (uint32_t i = 0; i < m_size; ++i)
            {
                for (uint32_t j = 0; j < m_size; ++j)
                {
                    bytes += inside[i] && !inside[j] ? Pair(i, j) : 0;
                }
            }
            break;
        }
        return bytes;
    }

    /**
     * @param [in] from A member.
     * @param [in] to Another.
     * @return whether `to` can't be done before it has heard of `from`.
     */
    bool MustHear(uint32_t to, uint32_t from) const
    {
        if ((m_kind.senders == Members::ROOT && from != m_spec.root) ||
            (m_kind.receivers == Members::ROOT && to != m_spec.root) ||
            (m_kind.receivers == Members::NEXT && to != (from + 1) % m_size))
        {
            return false;
        }
        switch (m_kind.payload)
        {
        case Payload::NOTHING:
        case Payload::WHOLE:
            return true;
        case Payload::SENDERS_SHARE:
            return Share(from) > 0;
        default:
            return Pair(from, to) > 0;
        }
    }

    /**
     * @param [in] member A member.
     * @return its share of the buffer, bytes.
     */
    double Share(uint32_t member) const
    {
        return static_cast<double>(PartOf({0, m_spec.bytes}, m_size, member).bytes);
    }

    /**
     * @param [in] i Source.
     * @param [in] j Destination.
     * @return what i sends to j in an all-to-all, bytes.
     */
    double Pair(uint32_t i, uint32_t j) const
    {
        return m_spec.counts.empty()
                   ? Share(j)
                   : static_cast<double>(m_spec.counts[std::size_t{i} * m_size + j]);
    }

    /** @return whether there is anything to do. */
    bool IsEmpty() const
    {
        const bool counts = std::any_of(m_spec.counts.begin(),
                                        m_spec.counts.end(),
                                        [](uint64_t count) { return count > 0; });
        return m_kind.payload != Payload::NOTHING && m_spec.bytes == 0 && !counts;
    }

  private:
    /**
     * @param [in] inside By member.
     * @param [in] which Those in or those out.
     * @return the sum of their shares, bytes.
     */
    double Shares(const std::vector<bool>& inside, bool which) const
    {
        double bytes = 0;
        for (uint32_t i = 0; i < m_size; ++i)
        {
            bytes += inside[i] == which ? Share(i) : 0;
        }
        return bytes;
    }

    const CollectiveSpec& m_spec; //!< The collective
    const CollectiveKind& m_kind; //!< What that is
    uint32_t m_size;              //!< Members
};

/**
 * @param [in] spec The collective.
 * @param [in] demand Its demand.
 * @param [in] endpointOf Endpoint by member.
 * @return bytes that the busiest endpoint must send or receive.
 */
double
BusiestEndpoint(const CollectiveSpec& spec,
                const Demand& demand,
                const std::vector<uint32_t>& endpointOf)
{
    std::map<uint32_t, std::pair<double, double>> busy; // what it must send and receive
    std::map<uint32_t, double> shares;
    std::map<uint32_t, uint32_t> members;
    const auto whole = static_cast<double>(spec.bytes);
    const auto n = static_cast<uint32_t>(endpointOf.size());
    for (uint32_t i = 0; i < n; ++i)
    {
        shares[endpointOf[i]] += demand.Share(i);
        ++members[endpointOf[i]];
    }
    const auto endpoints = static_cast<double>(shares.size());
    const CollectiveKind& kind = GetCollectiveKind(spec.name);
    if (spec.algorithm == "in_network" && kind.reduces && kind.IsAllToAll())
    {
        return whole; // each sends all it has, its own chunk included, and nobody combines
    }
    if (kind.payload == Payload::WHOLE && kind.receivers != Members::NEXT)
    {
        return kind.IsAllToAll() ? 2 * (endpoints - 1) / endpoints * whole : whole;
    }
    if (kind.HasRoot())
    {
        return whole - shares[endpointOf[spec.root]];
    }
    const auto pass = [&](uint32_t i, uint32_t j, double bytes) {
        if (endpointOf[i] != endpointOf[j])
        {
            busy[endpointOf[i]].first += bytes;
            busy[endpointOf[j]].second += bytes;
        }
    };
    for (uint32_t i = 0; i < n && kind.receivers == Members::NEXT; ++i)
    {
        pass(i, (i + 1) % n, whole);
    }
    for (uint32_t i = 0; i < n && kind.payload == Payload::COUNTS; ++i)
    {
        for (uint32_t j = 0; j < n; ++j)
        {
            pass(i, j, demand.Pair(i, j));
        }
    }
    double most = 0;
    for (const auto& [endpoint, share] : shares)
    {
        if (kind.payload == Payload::SHARE_OF_EACH) // each member a share of every other
        {
            busy[endpoint] = {members[endpoint] * (whole - share), (n - members[endpoint]) * share};
        }
        // What others have or get: received by an all-gather, sent, reduced, by a reduce-scatter.
        const bool others =
            kind.payload == Payload::SENDERS_SHARE || kind.payload == Payload::RECEIVERS_SHARE;
        most = std::max(
            {most, busy[endpoint].first, busy[endpoint].second, others ? whole - share : 0.0});
    }
    return most;
}

/**
 * @param [in] hints The fabric.
 * @param [in] demand What is needed.
 * @param [in] endpointOf Endpoint by member.
 * @return the longest chain of latencies that must be, ps.
 */
Tick
LongestWay(const FabricHints& hints, const Demand& demand, const std::vector<uint32_t>& endpointOf)
{
    const std::size_t n = endpointOf.size();
    const auto link = [&](std::size_t i, std::size_t j) -> Tick {
        return endpointOf[i] == endpointOf[j] ? 0 : hints.latency(endpointOf[i], endpointOf[j]);
    };
    Tick longest = 0;
    if (n > MOST_PAIRS)
    {
        // Whoever must hear of anybody has somebody send the last hop to it.
        for (std::size_t i = 0; i < std::min(n, MOST_SEEN); i += 1 + n / MOST_PAIRS)
        {
            Tick nearest = NEVER;
            bool hears = false;
            for (std::size_t j = 0; j < n; ++j)
            {
                if (j != i)
                {
                    hears = hears ||
                            demand.MustHear(static_cast<uint32_t>(i), static_cast<uint32_t>(j));
                    nearest = std::min(nearest, link(j, i));
                }
            }
            longest = std::max(longest, hears ? nearest : 0);
        }
        return longest;
    }
    std::vector<std::vector<Tick>> way(n, std::vector<Tick>(n, 0));
    for (std::size_t i = 0; i < n; ++i)
    {
        for (std::size_t j = 0; j < n; ++j)
        {
            way[i][j] = i == j ? 0 : link(i, j);
        }
    }
    for (std::size_t k = 0; k < n; ++k)
    {
        for (std::size_t i = 0; i < n; ++i)
        {
            for (std::size_t j = 0; j < n; ++j)
            {
                way[i][j] = std::min(way[i][j], AddTicks(way[i][k], way[k][j]));
            }
        }
    }
    for (uint32_t i = 0; i < n; ++i)
    {
        for (uint32_t j = 0; j < n; ++j)
        {
            if (i != j && demand.MustHear(j, i))
            {
                longest = std::max(longest, way[i][j]);
            }
        }
    }
    return longest;
}

} // namespace

double
GetBusFactor(const std::string& collective, uint32_t ranks)
{
    const CollectiveKind* const kind = FindCollectiveKind(collective);
    const double others = (ranks - 1.0) / ranks;
    if (ranks <= 1 || !kind || kind->payload == Payload::NOTHING)
    {
        return 1;
    }
    if (kind->payload == Payload::WHOLE)
    {
        return kind->IsAllToAll() ? 2 * others : 1;
    }
    return others;
}

Tick
GetCollectiveBound(const CollectiveSpec& spec, const FabricHints& hints)
{
    std::vector<uint32_t> endpointOf;
    for (const uint32_t rank : spec.ranks)
    {
        endpointOf.push_back(spec.endpoints[rank]);
    }
    auto distinct = endpointOf;
    std::sort(distinct.begin(), distinct.end());
    distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
    const Demand demand(spec);
    if (distinct.size() < 2 || demand.IsEmpty())
    {
        return 0;
    }
    double seconds = 0;
    if (hints.endpointBytesPerSecond > 0)
    {
        seconds = BusiestEndpoint(spec, demand, endpointOf) / hints.endpointBytesPerSecond;
    }
    if (hints.bisectionBytesPerSecond > 0 && distinct.size() == hints.endpoints)
    {
        std::vector<bool> low;
        for (const uint32_t endpoint : endpointOf)
        {
            low.push_back(endpoint < hints.endpoints / 2);
        }
        auto high = low;
        high.flip();
        seconds = std::max(seconds,
                           std::max(demand.Across(low), demand.Across(high)) /
                               hints.bisectionBytesPerSecond);
    }
    const auto byBytes = static_cast<Tick>(std::floor(seconds * 1e12));
    return std::max(byBytes, hints.latency ? LongestWay(hints, demand, endpointOf) : 0);
}

} // namespace mtlink
} // namespace ns3
