/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_RAILS_TOPOLOGY_H
#define MTLINK_RAILS_TOPOLOGY_H

#include "ns3/mtlink-topology-builder.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Nodes on rails: the child "node" (scale-up) joins the endpoints of each node, and one copy of
 * the child "network" (scale-out) for each rail r joins endpoint r of every node.
 *
 * Endpoints are numbered node by node: endpoint = node * endpoints per node + rail. The copies
 * are named "node0/", ... and "rail0/", ...; the rails' domains are of a higher tier than the
 * nodes'. With fewer endpoints than places, nodes fill one after another.
 */
class RailsTopology : public TopologyBuilder
{
  public:
    /**
     * Register this type.
     * @return The object TypeId.
     */
    static TypeId GetTypeId();

    uint32_t GetCapacity() const override;
    std::vector<std::string> GetLinkClassNames() const override;
    uint32_t GetTiers() const override;
    std::vector<std::string> GetChildNames() const override;
    void SetChild(const std::string& name, Ptr<TopologyBuilder> child) override;
    void Attach(Topology& topology,
                const std::vector<uint32_t>& endpoints,
                const std::string& path,
                uint32_t tier) const override;

    /**
     * @return endpoints of one node, which is the number of rails.
     * @throws ParameterError if it is not known or does not fit the node.
     */
    uint32_t GetEndpointsPerNode() const;

  private:
    /** @return the fabric of a node; throws ParameterError if it is missing. */
    const TopologyBuilder& GetNode() const;

    /** @return the fabric of a rail; throws ParameterError if it is missing. */
    const TopologyBuilder& GetNetwork() const;

    uint32_t m_nodes;               //!< Nodes; 0: as many as a rail takes
    uint32_t m_endpointsPerNode;    //!< Endpoints of a node; 0: as many as the node takes
    Ptr<TopologyBuilder> m_node;    //!< Scale-up fabric
    Ptr<TopologyBuilder> m_network; //!< Scale-out fabric of one rail
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_RAILS_TOPOLOGY_H
