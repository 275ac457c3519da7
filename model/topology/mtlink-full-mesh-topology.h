/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FULL_MESH_TOPOLOGY_H
#define MTLINK_FULL_MESH_TOPOLOGY_H

#include "ns3/mtlink-topology-builder.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Endpoints wired straight to one another, no switch. With k links per pair, the ports of an
 * endpoint go to its peers in ascending order, k each.
 */
class FullMeshTopology : public TopologyBuilder
{
  public:
    /**
     * Register this type.
     * @return The object TypeId.
     */
    static TypeId GetTypeId();

    uint32_t GetCapacity() const override;
    std::vector<std::string> GetLinkClassNames() const override;
    void Attach(Topology& topology,
                const std::vector<uint32_t>& endpoints,
                const std::string& path,
                uint32_t tier) const override;

    /** @return the number of links (each way) between two endpoints, at least 1. */
    uint32_t GetLinksPerPair() const
    {
        return m_linksPerPair;
    }

  private:
    uint32_t m_endpoints;    //!< Endpoints; 0: as many as it is given
    uint32_t m_linksPerPair; //!< Links between two endpoints
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FULL_MESH_TOPOLOGY_H
