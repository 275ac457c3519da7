/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FULL_MESH_DETOUR_ROUTING_H
#define MTLINK_FULL_MESH_DETOUR_ROUTING_H

#include "routing/full-mesh-routing.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * One detour at most on a domain of FullMeshTopology: the direct link, or two links by way of any
 * third endpoint. Valiant's two phases (1982) on a complete graph, chosen by load as in UGAL
 * (Singh 2005); when an endpoint begins a detour is the endpoints' duty.
 */
class FullMeshDetourRouting : public FullMeshRouting
{
  public:
    static constexpr uint8_t FIRST = 0;   //!< Class of a detour's first link
    static constexpr uint8_t LAST = 1;    //!< Class of its second, and of direct links
    static constexpr uint8_t CLASSES = 2; //!< Their number

    /**
     * @param [in] topology The graph; must outlive this.
     * @param [in] domain A domain built by FullMeshTopology.
     * @throws ParameterError if there is no third endpoint.
     */
    FullMeshDetourRouting(const Topology& topology, uint32_t domain);

    std::string GetDefinition() const override;
    uint32_t GetVcClasses() const override;
    Hops NextHops(uint32_t node, uint32_t target, uint8_t vcClass) const override;
    bool IsForwarded() const override;
    void GetForwardedDetours(uint32_t endpoint, std::vector<Alternative>& detours) const override;

  private:
    const std::vector<uint32_t>& m_endpoints; //!< By index
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FULL_MESH_DETOUR_ROUTING_H
