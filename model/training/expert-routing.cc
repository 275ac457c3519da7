/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training/expert-routing.h"

#include "engine/random.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <numeric>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Layers draw from streams of their own: cards and others have other ones. */
constexpr uint64_t EXPERT_STREAM = 5ULL << 61;

/** Members of a group by node, and what a node's experts get. */
struct NodeTable
{
    std::vector<uint32_t> nodeOf;  //!< By member, counted from 0
    std::vector<uint32_t> placeOf; //!< By member: which of its node
    std::vector<double> shares;    //!< By node, of all copies
};

NodeTable
MakeNodeTable(const TrainingSpec& spec,
              const ExpertRoute& route,
              const std::vector<uint32_t>& nodes)
{
    NodeTable table;
    std::map<uint32_t, uint32_t> numbers;
    std::vector<uint32_t> members; // by node
    for (uint32_t member = 0; member < nodes.size(); ++member)
    {
        const auto [entry, isNew] =
            numbers.emplace(nodes[member], static_cast<uint32_t>(members.size()));
        if (isNew)
        {
            members.push_back(0);
            table.shares.push_back(0);
        }
        table.nodeOf.push_back(entry->second);
        table.placeOf.push_back(members[entry->second]++);
        table.shares[entry->second] += GetMemberShare(spec, route.layer, member);
    }
    const auto [least, most] = std::minmax_element(members.begin(), members.end());
    if (members.size() < 2 || *least != *most)
    {
        throw ParameterError(
            "model.moe.node_limit",
            fmt::format("a limit of nodes is for expert groups of as many cards in each of several "
                        "nodes, not {} to {} in {}: leave it out, or change 'parallel.expert' or "
                        "'parallel.order'",
                        *least,
                        *most,
                        members.size()));
    }
    return table;
}

} // namespace

double
GetExpertShare(const Experts& experts, uint32_t layer, uint32_t expert)
{
    return IsSkewed(experts) ? experts.shares[layer][expert] : 1.0 / experts.experts;
}

double
GetMemberShare(const TrainingSpec& spec, uint32_t layer, uint32_t member)
{
    const Experts& experts = *spec.model.moe;
    if (!IsSkewed(experts))
    {
        return 1.0 / spec.parallel.expert;
    }
    const uint32_t local = experts.experts / spec.parallel.expert;
    const auto first = experts.shares[layer].begin() + member * local;
    return std::accumulate(first, first + local, 0.0);
}

double
GetMostLoad(const TrainingSpec& spec, uint32_t layer)
{
    double most = 0;
    for (uint32_t member = 0; member < spec.parallel.expert; ++member)
    {
        most = std::max(most, GetMemberShare(spec, layer, member));
    }
    return most * spec.parallel.expert;
}

std::vector<std::vector<double>>
MakeZipfShares(const Experts& experts, uint32_t layers, double exponent)
{
    std::vector<double> byPopularity(experts.experts);
    for (uint32_t k = 0; k < experts.experts; ++k)
    {
        byPopularity[k] = std::pow(k + 1.0, -exponent);
    }
    // Experts that would get more than they can are full; the others share what is left.
    const double most = 1.0 / experts.active;
    double left = 1;
    for (uint32_t k = 0; k < experts.experts; ++k)
    {
        const double sum = std::accumulate(byPopularity.begin() + k, byPopularity.end(), 0.0);
        const double share = std::min(most, left * byPopularity[k] / sum);
        left -= share;
        byPopularity[k] = share;
    }
    std::vector<std::vector<double>> shares;
    for (uint32_t layer = 0; layer < layers; ++layer)
    {
        std::vector<double>& own = shares.emplace_back(byPopularity);
        RandomStream random(1, EXPERT_STREAM + layer);
        for (std::size_t i = own.size(); i-- > 1;) // Fisher and Yates
        {
            std::swap(own[i],
                      own[static_cast<std::size_t>(random.Uniform() * static_cast<double>(i + 1))]);
        }
    }
    return shares;
}

std::vector<uint64_t>
MakeExpertCounts(const TrainingSpec& spec,
                 const ExpertRoute& route,
                 double bytes,
                 const std::vector<uint32_t>& nodes)
{
    const std::size_t members = nodes.size();
    std::vector<uint64_t> counts(members * members, 0);
    NodeTable table;
    if (route.leg != ExpertRoute::WHOLE)
    {
        table = MakeNodeTable(spec, route, nodes);
    }
    const Experts& experts = *spec.model.moe;
    const auto nodeCount = static_cast<double>(table.shares.size());
    const double visited = std::min({static_cast<double>(experts.nodeLimit),
                                     static_cast<double>(experts.active),
                                     nodeCount}); // nodes that a token goes to
    for (std::size_t i = 0; i < members; ++i)
    {
        for (std::size_t j = 0; j < members; ++j)
        {
            double sent = 0;
            const double share = GetMemberShare(spec, route.layer, static_cast<uint32_t>(j));
            const bool isNear =
                route.leg != ExpertRoute::WHOLE && table.nodeOf[i] == table.nodeOf[j];
            if (route.leg == ExpertRoute::WHOLE)
            {
                sent = bytes * share;
            }
            else if (route.leg == ExpertRoute::NODE && isNear)
            {
                sent = bytes * share * nodeCount; // of the cards of this place in all nodes
            }
            else if (route.leg == ExpertRoute::NETWORK && !isNear &&
                     table.placeOf[i] == table.placeOf[j])
            {
                sent =
                    bytes / experts.active * std::min(1.0, visited * table.shares[table.nodeOf[j]]);
            }
            const std::size_t at = route.returns ? j * members + i : i * members + j;
            counts[at] = i == j ? 0 : static_cast<uint64_t>(std::llround(sent));
        }
    }
    return counts;
}

} // namespace mtlink
} // namespace ns3
