/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SINGLE_SWITCH_TOPOLOGY_H
#define MTLINK_SINGLE_SWITCH_TOPOLOGY_H

#include "ns3/mtlink-topology-builder.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * One switch, one link from each endpoint to it. Port i of the switch goes to endpoint i.
 */
class SingleSwitchTopology : public TopologyBuilder
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

  private:
    uint32_t m_endpoints; //!< Ports of the switch; 0: as many as it is given
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SINGLE_SWITCH_TOPOLOGY_H
