/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FULL_MESH_ROUTING_H
#define MTLINK_FULL_MESH_ROUTING_H

#include "routing/endpoint-index.h"

#include "ns3/mtlink-routing.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Direct routing on a domain of FullMeshTopology.
 */
class FullMeshRouting : public RoutingAlgorithm
{
  public:
    /**
     * @param [in] topology The graph; must outlive this.
     * @param [in] domain A domain built by FullMeshTopology.
     */
    FullMeshRouting(const Topology& topology, uint32_t domain);

    std::string GetDefinition() const override;
    uint32_t GetVcClasses() const override;
    Hops NextHops(uint32_t node, uint32_t target, uint8_t vcClass) const override;
    bool IsInjectionUniform(uint32_t endpoint) const override;

  protected:
    /** @return the parallel links from an endpoint to the one of an index, not its own. */
    IndexSpan GetLinksTo(uint32_t from, uint32_t to) const
    {
        const uint32_t peer = to < from ? to : to - 1;
        return m_domain[from].subspan(peer * m_linksPerPair, m_linksPerPair);
    }

    /** @return an endpoint's index in the domain. */
    uint32_t GetIndex(uint32_t endpoint) const
    {
        return m_index[endpoint];
    }

  private:
    uint32_t m_linksPerPair;         //!< Links between two endpoints
    EndpointIndex m_index;           //!< Index of an endpoint
    std::vector<IndexSpan> m_domain; //!< By index: its links in the domain
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FULL_MESH_ROUTING_H
