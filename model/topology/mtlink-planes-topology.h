/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_PLANES_TOPOLOGY_H
#define MTLINK_PLANES_TOPOLOGY_H

#include "ns3/mtlink-topology-builder.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * One fabric, the child "plane", repeated: every endpoint is attached to each copy. The copies
 * are named "plane0/", "plane1/", ... and are of one tier, so traffic uses all of them.
 */
class PlanesTopology : public TopologyBuilder
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

  private:
    /** @return the child; throws ParameterError if it is missing. */
    const TopologyBuilder& GetPlane() const;

    uint32_t m_endpoints;         //!< Endpoints; 0: as many as a plane takes
    uint32_t m_planes;            //!< Copies
    Ptr<TopologyBuilder> m_plane; //!< One plane
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_PLANES_TOPOLOGY_H
