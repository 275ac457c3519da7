/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_DOMAIN_LINKS_H
#define MTLINK_DOMAIN_LINKS_H

#include "ns3/mtlink-topology.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Links are created domain by domain, so those of one domain are neighbours among a node's ports.
 * @param [in] topology The graph.
 * @param [in] node A node.
 * @param [in] domain A domain.
 * @return the node's out-links in the domain, by port; views the topology.
 */
inline IndexSpan
GetDomainLinks(const Topology& topology, uint32_t node, uint32_t domain)
{
    const auto out = topology.GetOutLinks(node);
    const auto of = [&](uint32_t link) { return topology.GetLinks()[link].domain; };
    const auto first = std::partition_point(out.begin(), out.end(), [&](uint32_t link) {
        return of(link) < domain;
    });
    const auto last =
        std::partition_point(first, out.end(), [&](uint32_t link) { return of(link) == domain; });
    return out.subspan(static_cast<size_t>(first - out.begin()), static_cast<size_t>(last - first));
}

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_DOMAIN_LINKS_H
