/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_ROUTING_PROFILE_H
#define MTLINK_ROUTING_PROFILE_H

#include "ns3/object.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Parameters of routing, the YAML mapping `routing:`.
 */
class RoutingProfile : public Object
{
  public:
    /** Which algorithm; names as in YAML. */
    enum Algorithm
    {
        AUTO,     //!< The topology's own: up/down on fat trees, minimal on dragonflies, ...
        MINIMAL,  //!< Closed-form minimal routes of the topology
        SHORTEST, //!< Shortest paths over the graph, one VC class
    };

    /** What keeps to one path. */
    enum Granularity
    {
        FLOW,   //!< All packets of one (source, destination, flow label), by hash
        PACKET, //!< Each packet chooses anew, by a hash of its number
    };

    /**
     * Register this type.
     * @return The object TypeId.
     */
    static TypeId GetTypeId();

    /** @return the algorithm. */
    Algorithm GetAlgorithm() const
    {
        return m_algorithm;
    }

    /** @return the granularity. */
    Granularity GetGranularity() const
    {
        return m_granularity;
    }

  private:
    Algorithm m_algorithm;     //!< Which algorithm
    Granularity m_granularity; //!< What keeps to one path
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_ROUTING_PROFILE_H
