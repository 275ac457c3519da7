/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_ROUTING_PROFILE_H
#define MTLINK_ROUTING_PROFILE_H

#include "ns3/nstime.h"
#include "ns3/object.h"

#include <cstdint>
#include <string>

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
    /** What keeps to one path. */
    enum Granularity
    {
        FLOW,    //!< All packets of one (source, destination, flow label)
        FLOWLET, //!< Those of a flow that follow one another closely
        PACKET,  //!< Each packet chooses anew
    };

    /** How one of several equal links is chosen at a switch. */
    enum Selection
    {
        HASH,         //!< By a hash of what keeps to one path
        RANDOM,       //!< At random
        ROUND_ROBIN,  //!< In turn
        LEAST_LOADED, //!< That with the fewest flits queued and on their way
    };

    /** Where a detour on a dragonfly leads. */
    enum Intermediate
    {
        GROUP,  //!< To any switch of a group
        SWITCH, //!< To a switch
    };

    /**
     * Register this type.
     * @return The object TypeId.
     */
    static TypeId GetTypeId();

    /** @return the name of the algorithm. */
    const std::string& GetAlgorithm() const
    {
        return m_algorithm;
    }

    /** @return the granularity. */
    Granularity GetGranularity() const
    {
        return m_granularity;
    }

    /** @return how one of several equal links is chosen. */
    Selection GetSelection() const
    {
        return m_selection;
    }

    /** @return pause of a flow after which it may change its path. */
    Time GetFlowletGap() const
    {
        return m_flowletGap;
    }

    /** @return where a detour on a dragonfly leads. */
    Intermediate GetIntermediate() const
    {
        return m_intermediate;
    }

    /** @return bias towards minimal ways, in flits, or flits x hops. */
    uint32_t GetThreshold() const
    {
        return m_threshold;
    }

    /** @return the file of the table, or an empty string. */
    const std::string& GetTable() const
    {
        return m_table;
    }

  private:
    std::string m_algorithm;     //!< Which algorithm
    Granularity m_granularity;   //!< What keeps to one path
    Selection m_selection;       //!< How one of several equal links is chosen
    Time m_flowletGap;           //!< Pause after which a flow may change its path
    Intermediate m_intermediate; //!< Where a detour on a dragonfly leads
    uint32_t m_threshold;        //!< Bias towards minimal ways
    std::string m_table;         //!< File of a table of routes
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_ROUTING_PROFILE_H
