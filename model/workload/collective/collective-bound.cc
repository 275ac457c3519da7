/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/collective/collective-bound.h"

#include "engine/time-limit.h"
#include "workload/collective/chunk-layout.h"

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
        const std::string& name = m_spec.name;
        const auto whole = static_cast<double>(m_spec.bytes);
        const bool root = inside[m_spec.root];
        if (name == "all_reduce")
        {
            return whole;
        }
        if (name == "all_gather")
        {
            return Shares(inside, true);
        }
        if (name == "reduce_scatter")
        {
            return Shares(inside, false);
        }
        if (name == "broadcast")
        {
            return root ? whole : 0;
        }
        if (name == "reduce")
        {
            return root ? 0 : whole;
        }
        if (name == "gather")
        {
            return root ? 0 : Shares(inside, true);
        }
        if (name == "scatter")
        {
            return root ? Shares(inside, false) : 0;
        }
        double bytes = 0;
        if (name == "all_to_all")
        {
            return static_cast<double>(std::count(inside.begin(), inside.end(), true)) *
                   Shares(inside, false);
        }
        for (uint32_t i = 0; i < m_size; ++i)
        {
            if (!inside[i])
            {
                continue;
            }
            if (name == "send_recv")
            {
                bytes += inside[(i + 1) % m_size] ? 0 : whole;
            }
            for (uint32_t j = 0; j < m_size && name == "all_to_allv"; ++j)
            {
                bytes += inside[j] ? 0 : Pair(i, j);
            }
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
        const std::string& name = m_spec.name;
        if (name == "barrier")
        {
            return true;
        }
        if (name == "broadcast" || name == "scatter")
        {
            return from == m_spec.root && (name == "broadcast" || Share(to) > 0);
        }
        if (name == "reduce" || name == "gather")
        {
            return to == m_spec.root && (name == "reduce" || Share(from) > 0);
        }
        if (name == "send_recv")
        {
            return to == (from + 1) % m_size;
        }
        if (name == "all_gather")
        {
            return Share(from) > 0;
        }
        if (name == "reduce_scatter")
        {
            return Share(to) > 0;
        }
        return name == "all_reduce" || Pair(from, to) > 0;
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
        return m_spec.name != "barrier" && m_spec.bytes == 0 && !counts;
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
    const std::string& name = spec.name;
    const bool inNetwork = spec.algorithm == "in_network";
    if (inNetwork && (name == "all_reduce" || name == "reduce_scatter"))
    {
        return whole; // each sends all it has, its own chunk included, and nobody combines
    }
    if (name == "all_reduce")
    {
        return 2 * (endpoints - 1) / endpoints * whole;
    }
    if (name == "broadcast" || name == "reduce")
    {
        return whole;
    }
    if (name == "gather" || name == "scatter")
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
    for (uint32_t i = 0; i < n && name == "send_recv"; ++i)
    {
        pass(i, (i + 1) % n, whole);
    }
    for (const auto& [endpoint, share] : shares)
    {
        if (name == "all_to_all") // each member a share of every other
        {
            busy[endpoint] = {members[endpoint] * (whole - share), (n - members[endpoint]) * share};
        }
    }
    for (uint32_t i = 0; i < n && name == "all_to_allv"; ++i)
    {
        for (uint32_t j = 0; j < n; ++j)
        {
            pass(i, j, demand.Pair(i, j));
        }
    }
    double most = 0;
    for (const auto& [endpoint, share] : shares)
    {
        // What others have or get: received by an all-gather, sent, reduced, by a reduce-scatter.
        const bool others = name == "all_gather" || name == "reduce_scatter";
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
    const double others = (ranks - 1.0) / ranks;
    if (ranks <= 1 || collective == "broadcast" || collective == "reduce" ||
        collective == "send_recv" || collective == "barrier")
    {
        return 1;
    }
    return collective == "all_reduce" ? 2 * others : others;
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
