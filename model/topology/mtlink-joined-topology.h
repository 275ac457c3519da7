/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_JOINED_TOPOLOGY_H
#define MTLINK_JOINED_TOPOLOGY_H

#include "ns3/mtlink-topology-builder.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Two fabrics, "first" and "second", and a third that joins them, "gateway": to that some endpoints
 * of either are attached, or all. What goes across takes the gateway's links; from and to endpoints
 * that are not attached to it, those that are relay.
 *
 * Endpoints are numbered through the first fabric, then through the second. Those attached are
 * spread evenly over either: number floor(i x endpoints / gateways), for i from 0. The gateway's
 * domains are of a higher tier than both fabrics', so that it carries what goes across, and between
 * two attached endpoints of one fabric only what would need a relay there.
 */
class JoinedTopology : public TopologyBuilder
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
    /** @return a nested fabric; throws ParameterError if it is missing. */
    static const TopologyBuilder& GetChild(const Ptr<TopologyBuilder>& child, const char* name);

    /** @return the endpoints of a part; throws ParameterError if it does not say. */
    static uint32_t CountEndpoints(const Ptr<TopologyBuilder>& child, const char* name);

    uint32_t m_gateways;            //!< Endpoints of either part on the gateway; 0: all
    Ptr<TopologyBuilder> m_first;   //!< One part
    Ptr<TopologyBuilder> m_second;  //!< The other
    Ptr<TopologyBuilder> m_gateway; //!< What joins them
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_JOINED_TOPOLOGY_H
