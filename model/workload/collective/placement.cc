/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/collective/placement.h"

#include "workload/collective/hamiltonian.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr uint64_t LEAST_LOT = 4096; //!< Bytes: below, more messages cost more than they give
constexpr uint32_t MOST_PATHS = 32;  //!< More than any fabric has planes

/**
 * @param [in] cycles Orders.
 * @param [in] channels How many to give, going round.
 * @return the orders by channel.
 */
std::vector<Team>
GoRound(const std::vector<Team>& cycles, uint32_t channels)
{
    std::vector<Team> rings(channels);
    for (uint32_t c = 0; c < channels; ++c)
    {
        rings[c] = cycles[c % cycles.size()];
    }
    return rings;
}

/**
 * Cut each cycle open so that no two begin at one place, and no two end at one.
 * @param [in] cycles Cycles over the same places, at most as many as places.
 * @param [in] used Places at which a cycle before begins (even bits) or ends (odd bits).
 * @param [in,out] paths The cycles cut so far, from the place where they begin.
 * @return whether all could be cut.
 */
bool
CutCycles(const std::vector<Team>& cycles, std::vector<bool>& used, std::vector<Team>& paths)
{
    if (paths.size() == cycles.size())
    {
        return true;
    }
    Team path = cycles[paths.size()];
    for (std::size_t turn = 0; turn < path.size(); ++turn)
    {
        const std::size_t begin = 2 * std::size_t{path.front()};
        const std::size_t end = 2 * std::size_t{path.back()} + 1;
        if (!used[begin] && !used[end])
        {
            used[begin] = used[end] = true;
            paths.push_back(path);
            if (CutCycles(cycles, used, paths))
            {
                return true;
            }
            paths.pop_back();
            used[begin] = used[end] = false;
        }
        std::rotate(path.begin(), path.begin() + 1, path.end());
    }
    return false;
}

} // namespace

Placement::Placement(const CollectiveSpec& spec, const FabricHints& hints)
    : m_members(static_cast<uint32_t>(spec.ranks.size())),
      m_oneHop(hints.fullMesh || hints.oneHop),
      m_mesh(hints.fullMesh),
      m_paths(1)
{
    const uint32_t scaleUp = hints.scaleUpSize > 0 ? hints.scaleUpSize : NONE;
    std::map<uint32_t, std::size_t> nodeOf;
    std::set<uint32_t> used;
    for (uint32_t member = 0; member < m_members; ++member)
    {
        const uint32_t endpoint = spec.endpoints[spec.ranks[member]];
        m_mesh = used.insert(endpoint).second && m_mesh;
        const auto [place, isNew] = nodeOf.emplace(endpoint / scaleUp, m_nodes.size());
        if (isNew)
        {
            m_nodes.emplace_back();
        }
        m_nodes[place->second].push_back(member);
    }
    m_order.resize(m_members);
    std::iota(m_order.begin(), m_order.end(), 0);
    if (!hints.ringOrder.empty())
    {
        std::vector<uint32_t> place(hints.ringOrder.size());
        for (uint32_t i = 0; i < place.size(); ++i)
        {
            place[hints.ringOrder[i]] = i;
        }
        std::stable_sort(m_order.begin(), m_order.end(), [&](uint32_t a, uint32_t b) {
            return place[spec.endpoints[spec.ranks[a]]] < place[spec.endpoints[spec.ranks[b]]];
        });
    }
    // Seen from a node's first two members on two endpoints.
    for (const Team& node : m_nodes)
    {
        const uint32_t a = spec.endpoints[spec.ranks[node[0]]];
        const uint32_t b = spec.endpoints[spec.ranks[node[node.size() > 1 ? 1 : 0]]];
        if (a != b && hints.rate && hints.endpointBytesPerSecond > 0)
        {
            const double peers = hints.fullMesh ? std::max(hints.scaleUpSize, 2U) - 1.0 : 1.0;
            const double rate = hints.rate(a, b) * peers;
            const double paths = rate > 0 ? hints.endpointBytesPerSecond / rate : 1.0;
            m_paths = static_cast<uint32_t>(
                std::clamp(std::round(paths), 1.0, static_cast<double>(MOST_PATHS)));
            break;
        }
    }
}

const std::vector<Team>&
Placement::GetNodes() const
{
    return m_nodes;
}

bool
Placement::IsEven() const
{
    return std::all_of(m_nodes.begin(), m_nodes.end(), [this](const Team& node) {
        return node.size() == m_nodes[0].size();
    });
}

bool
Placement::IsMesh() const
{
    return m_mesh && m_nodes.size() == 1;
}

bool
Placement::IsOneHop() const
{
    return m_oneHop && m_nodes.size() == 1;
}

bool
Placement::HasMeshNodes() const
{
    return m_mesh;
}

uint32_t
Placement::GetPaths() const
{
    return m_paths;
}

std::vector<Team>
Placement::GetRings(uint32_t channels, uint64_t chunk) const
{
    const auto perNode = static_cast<uint32_t>(m_nodes[0].size());
    if (IsMesh() && m_members > 1)
    {
        const bool shared = channels == 0 && (m_members == 4 || m_members == 6);
        const auto cycles = shared ? GetDoubleCover(m_members) : GetDirectedCycles(m_members);
        const auto all = static_cast<uint32_t>(cycles.size()) * m_paths;
        return GoRound(cycles, channels > 0 ? channels : all);
    }
    if (m_nodes.size() > 1 && perNode > 1 && IsEven())
    {
        std::vector<Team> cycles;
        if (m_mesh)
        {
            cycles = GetDirectedCycles(perNode);
        }
        for (uint32_t c = 0; !m_mesh && c < perNode; ++c)
        {
            Team places(perNode);
            std::iota(places.begin(), places.end(), 0);
            cycles.push_back(std::move(places));
        }
        return MakeRingsThroughNodes(cycles,
                                     channels > 0 ? channels
                                                  : static_cast<uint32_t>(cycles.size()));
    }
    return GoRound({m_order}, m_nodes.size() > 1 && channels == 0 ? 1 : GetLots(channels, chunk));
}

std::vector<Team>
Placement::MakeRingsThroughNodes(const std::vector<Team>& cycles, uint32_t channels) const
{
    // A ring comes into a node by the rail of the path's one end and leaves by that of the other:
    // each rail then carries one ring each way.
    std::vector<Team> paths;
    std::vector<bool> used(2 * cycles.front().size());
    if (!CutCycles(cycles, used, paths))
    {
        paths = cycles;
    }
    std::vector<Team> rings(channels);
    for (uint32_t c = 0; c < channels; ++c)
    {
        const Team& places = paths[c % paths.size()];
        for (std::size_t node = 0; node < m_nodes.size(); ++node)
        {
            for (std::size_t i = 0; i < places.size(); ++i)
            {
                const std::size_t at = node % 2 == 0 ? i : places.size() - 1 - i;
                rings[c].push_back(m_nodes[node][places[at]]);
            }
        }
    }
    return rings;
}

std::vector<Team>
Placement::GetRingPairs(uint32_t channels, uint64_t chunk) const
{
    std::vector<Team> forward;
    const uint32_t pairs = (channels + 1) / 2;
    if (IsMesh() && m_members > 2)
    {
        const auto cycles = GetUndirectedCycles(m_members);
        const auto all = static_cast<uint32_t>(cycles.size()) * m_paths;
        forward = GoRound(cycles, pairs > 0 ? pairs : all);
    }
    else
    {
        forward = GetRings(pairs, chunk / 2);
    }
    std::vector<Team> both;
    for (const Team& ring : forward)
    {
        both.push_back(ring);
        both.emplace_back(ring.rbegin(), ring.rend());
    }
    return both;
}

uint32_t
Placement::GetLots(uint32_t channels, uint64_t message) const
{
    return CutLots(channels, m_paths, message);
}

uint32_t
Placement::CutLots(uint32_t channels, uint32_t paths, uint64_t message)
{
    if (channels > 0)
    {
        return channels;
    }
    return static_cast<uint32_t>(std::clamp<uint64_t>(message / LEAST_LOT, 1, paths));
}

} // namespace mtlink
} // namespace ns3
