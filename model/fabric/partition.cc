/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "fabric/partition.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <set>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

// Work of a packet-hop over a link out of a switch is 1. Measured with callgrind, permutation over
// 128 endpoints: endpoints take 1,310 instructions a packet beside its hop, waiting chains 205 a
// hop, a hop 1,950 in all; what crosses a cut is written and read again, there and its credit back.
constexpr double ENDPOINT_WORK = 2.2; // of a packet at its source and its destination, and its hop
constexpr double CHAIN_WORK = 0.1;    // of following who waits for whom, all in process 0
constexpr double CROSSING_WORK = 0.1; // at each end

// As measured, by Open MPI over shared memory; a packet-hop as `mtlink check` has it.
constexpr double MEETING_SECONDS = 2e-6;
constexpr double MEETING_SECONDS_MORE = 1e-6; // for each doubling of the processes
constexpr double HOP_SECONDS = 4e-7;

constexpr double NOMINAL_LOAD = 0.5; // for which partitions are compared

constexpr uint32_t NOBODY = UINT32_MAX;

/** Finds who is one with whom. */
class Unions
{
  public:
    explicit Unions(uint32_t size)
        : m_parent(size)
    {
        std::iota(m_parent.begin(), m_parent.end(), 0);
    }

    uint32_t Find(uint32_t node)
    {
        while (m_parent[node] != node)
        {
            m_parent[node] = m_parent[m_parent[node]];
            node = m_parent[node];
        }
        return node;
    }

    void Join(uint32_t a, uint32_t b)
    {
        a = Find(a);
        b = Find(b);
        m_parent[std::max(a, b)] = std::min(a, b);
    }

  private:
    std::vector<uint32_t> m_parent;
};

} // namespace

Partitioner::Partitioner(const Topology& topology, std::function<const LinkSpec&(uint32_t)> links)
    : m_topology(topology),
      m_links(std::move(links)),
      m_work(topology.GetNodes())
{
    // As much as their links carry where all are full.
    double most = 0;
    for (uint32_t link = 0; link < topology.GetLinks().size(); ++link)
    {
        most = std::max(most, static_cast<double>(m_links(link).profile->GetBitRate()));
    }
    for (uint32_t link = 0; link < topology.GetLinks().size(); ++link)
    {
        const uint32_t from = topology.GetLinks()[link].from;
        const LinkSpec& spec = m_links(link);
        const auto rate = static_cast<double>(spec.profile->GetBitRate());
        const double share = rate / most;
        m_hopsPerSecond += rate / (8. * spec.longest * spec.profile->GetFlit());
        m_work[from] += share * (topology.IsEndpoint(from) ? ENDPOINT_WORK : 1);
        m_allWork += share * CHAIN_WORK;
    }
    m_work[0] += m_allWork; // that of chains
    m_allWork = std::accumulate(m_work.begin(), m_work.end(), 0.);
}

Tick
Partitioner::GetReach(uint32_t link) const
{
    const LinkProfile& profile = *m_links(link).profile;
    return std::min(ToTicks(profile.GetLatency()), ToTicks(profile.GetCreditLatency()));
}

std::vector<uint32_t>
Partitioner::Contract(Tick shortest) const
{
    Unions unions(m_topology.GetNodes());
    for (uint32_t endpoint = 1; endpoint < m_topology.GetEndpoints(); ++endpoint)
    {
        unions.Join(0, endpoint);
    }
    for (uint32_t link = 0; link < m_topology.GetLinks().size(); ++link)
    {
        if (GetReach(link) < shortest)
        {
            unions.Join(m_topology.GetLinks()[link].from, m_topology.GetLinks()[link].to);
        }
    }
    std::vector<uint32_t> heads(m_topology.GetNodes());
    for (uint32_t node = 0; node < heads.size(); ++node)
    {
        heads[node] = unions.Find(node);
    }
    return heads;
}

Partition
Partitioner::Grow(uint32_t processes, Tick shortest) const
{
    const std::vector<uint32_t> heads = Contract(shortest);
    std::vector<double> work(heads.size(), 0);
    std::vector<std::vector<std::pair<uint32_t, uint32_t>>> members(heads.size()); // (node, link)
    for (uint32_t node = 0; node < heads.size(); ++node)
    {
        work[heads[node]] += m_work[node];
        for (const uint32_t link : m_topology.GetOutLinks(node))
        {
            members[heads[node]].emplace_back(node, link);
        }
    }
    std::vector<uint32_t> open; // heads that are nobody's yet
    for (uint32_t node = 1; node < heads.size(); ++node)
    {
        if (heads[node] == node)
        {
            open.push_back(node);
        }
    }
    std::vector<uint32_t> part(heads.size(), NOBODY); // by head
    std::vector<double> pull(heads.size(), 0);        // links to the part that grows, by head
    double left = m_allWork;
    for (uint32_t process = 0; process < processes; ++process)
    {
        const double wanted = left / (processes - process);
        double has = 0;
        std::fill(pull.begin(), pull.end(), 0);
        const auto take = [&](uint32_t head) {
            part[head] = process;
            has += work[head];
            for (const auto& [node, link] : members[head])
            {
                pull[heads[m_topology.GetLinks()[link].to]] += 1;
            }
        };
        if (process == 0)
        {
            take(heads[0]);
        }
        while (!open.empty())
        {
            // That of whose links most lead there already; the first of these.
            const auto next =
                std::max_element(open.begin(), open.end(), [&](uint32_t a, uint32_t b) {
                    return pull[a] * static_cast<double>(members[b].size()) <
                           pull[b] * static_cast<double>(members[a].size());
                });
            const bool isLast = process + 1 == processes;
            if (!isLast && has + work[*next] / 2 > wanted)
            {
                break;
            }
            take(*next);
            open.erase(next);
        }
        left -= has;
    }
    Partition partition;
    partition.processOf.resize(heads.size());
    for (uint32_t node = 0; node < heads.size(); ++node)
    {
        partition.processOf[node] = part[heads[node]];
    }
    Describe(partition, processes);
    return partition;
}

void
Partitioner::Describe(Partition& partition, uint32_t processes) const
{
    partition.shares.assign(processes, 0);
    for (uint32_t node = 0; node < partition.processOf.size(); ++node)
    {
        partition.shares[partition.processOf[node]] += m_work[node] / m_allWork;
    }
    for (uint32_t link = 0; link < m_topology.GetLinks().size(); ++link)
    {
        const uint32_t from = partition.processOf[m_topology.GetLinks()[link].from];
        const uint32_t to = partition.processOf[m_topology.GetLinks()[link].to];
        if (from != to)
        {
            ++partition.cutLinks;
            partition.lookahead = std::min(partition.lookahead, GetReach(link));
            partition.shares[from] += CROSSING_WORK / m_allWork;
            partition.shares[to] += CROSSING_WORK / m_allWork;
        }
    }
}

Partition
Partitioner::Find(uint32_t processes) const
{
    std::set<Tick, std::greater<>> reaches; // the longest first
    for (uint32_t link = 0; link < m_topology.GetLinks().size(); ++link)
    {
        reaches.insert(GetReach(link));
    }
    reaches.erase(0); // they can't be cut
    Partition best = Grow(processes, NEVER);
    for (const Tick shortest : reaches)
    {
        Partition partition = Grow(processes, shortest);
        const bool isQuicker =
            EstimateSpeedup(partition, NOMINAL_LOAD) > EstimateSpeedup(best, NOMINAL_LOAD);
        if (best.cutLinks == 0 || isQuicker)
        {
            best = std::move(partition);
        }
    }
    best.speedup = EstimateSpeedup(best, 1);
    best.speedupIdle = EstimateSpeedup(best, 0.1);
    return best;
}

double
Partitioner::EstimateSpeedup(const Partition& partition, double load) const
{
    if (partition.cutLinks == 0)
    {
        return 1;
    }
    const double window = static_cast<double>(partition.lookahead) * 1e-12;
    const double alone = m_hopsPerSecond * load * window * HOP_SECONDS;
    const double most = *std::max_element(partition.shares.begin(), partition.shares.end());
    const double meeting =
        MEETING_SECONDS +
        MEETING_SECONDS_MORE * std::log2(static_cast<double>(partition.shares.size()));
    return alone / (alone * most + meeting);
}

} // namespace mtlink
} // namespace ns3
