/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_IDLE_PATH_H
#define MTLINK_IDLE_PATH_H

#include "endpoint/congestion-control.h"
#include "link/links.h"

#include "ns3/mtlink-routing.h"

#include <functional>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Closed forms of a message alone on the fabric: the truth that the packet model must meet.
 */
class IdlePath
{
  public:
    /**
     * @param [in] topology The graph.
     * @param [in] routing The routes.
     * @param [in] getSpec What a link is made of.
     */
    IdlePath(const Topology& topology,
             const Routing& routing,
             std::function<const LinkSpec&(uint32_t)> getSpec);

    /**
     * @param [in] src An endpoint.
     * @param [in] dst Another.
     * @return first bit out to first bit in along the first of the equal paths; a relay's packet
     *         serialisation is not included. NEVER: longer than simulated time can tell.
     */
    Tick GetLatency(uint32_t src, uint32_t dst) const;

    /**
     * First bit out to last bit in of n packets of which the first n - 1 have w bits on the wire
     * and the last w': over cut-through hops of least rate r, sum of latencies + ((n - 1) w + w') /
     * r; a hop that stores and forwards adds the time of a packet. Equal ports at the start of a
     * leg share the packets evenly.
     * @param [in] src An endpoint.
     * @param [in] dst Another.
     * @param [in] bytes Payload, at least 1.
     * @param [in] packetSize Largest payload of a packet.
     * @param [in] relayLatency Time for which a relay keeps a packet.
     * @return the time, to the picosecond where all links of the path have one rate; NEVER: longer
     *         than simulated time can tell.
     */
    Tick GetTime(uint32_t src,
                 uint32_t dst,
                 uint64_t bytes,
                 uint32_t packetSize,
                 Tick relayLatency) const;

    /**
     * @param [in] src An endpoint.
     * @param [in] dst Another.
     * @param [in] packetSize Largest payload of a packet.
     * @return payload bytes/s of a long message, all equal ports of the source used.
     */
    double GetRate(uint32_t src, uint32_t dst, uint32_t packetSize) const;

    /**
     * @param [in] src An endpoint.
     * @param [in] dst Where a leg from it ends.
     * @param [in] packetSize Largest payload of a packet.
     * @return what the congestion control is to know of the way.
     */
    ControlledPath GetControlledPath(uint32_t src, uint32_t dst, uint32_t packetSize) const;

  private:
    /** A link of a path. */
    struct Step
    {
        uint32_t link;     //!< The link
        std::size_t ports; //!< Equal ports with which its leg starts, and which share the packets
    };

    /** @return the first of the equal paths between two endpoints, all legs of it. */
    std::vector<Step> GetSteps(uint32_t src, uint32_t dst) const;

    const Topology& m_topology;                         //!< The graph
    const Routing& m_routing;                           //!< The routes
    std::function<const LinkSpec&(uint32_t)> m_getSpec; //!< Links
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_IDLE_PATH_H
