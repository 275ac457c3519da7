/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TABLE_ROUTING_H
#define MTLINK_TABLE_ROUTING_H

#include "routing/endpoint-index.h"
#include "routing/route-table.h"

#include "ns3/mtlink-routing.h"

#include <map>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Routes as a table says, on a domain of any kind; see RouteTable for what may be in it.
 *
 * A switch, or an endpoint, without rows for a destination has these routes: a switch to which the
 * destination is attached, its links to it; an endpoint that is wired to the destination, these
 * wires; any other endpoint, all links to switches that have a route. All in VC class 0.
 */
class TableRouting : public RoutingAlgorithm
{
  public:
    /**
     * @param [in] topology The graph.
     * @param [in] domain Any domain of it.
     * @param [in] file The table's file.
     * @throws InputError at a row that can't be, that begins a loop, or that leads to a switch
     *         without a route to the destination; ParameterError for a destination that is not
     *         reached, or for too large a table.
     */
    TableRouting(const Topology& topology, uint32_t domain, const std::string& file);

    std::string GetDefinition() const override;
    uint32_t GetVcClasses() const override;
    Hops NextHops(uint32_t node, uint32_t target, uint8_t vcClass) const override;
    bool IsInjectionUniform(uint32_t endpoint) const override;

  private:
    static constexpr uint32_t NONE = UINT32_MAX; //!< No route

    /** Candidates in m_pool. */
    struct Route
    {
        uint32_t first{0};  //!< First of them
        uint32_t count{0};  //!< Number
        uint8_t vcClass{0}; //!< On them
    };

    /** A node's different routes so far: links and class, by which they are shared. */
    using Known = std::map<std::pair<std::vector<uint32_t>, uint8_t>, uint32_t>;

    /** @return the number of a node's route, made if need be. */
    uint32_t Store(uint32_t node, const std::vector<uint32_t>& links, uint8_t vcClass);

    /** @return the place of a switch and a destination's index in m_table. */
    std::size_t GetPlace(uint32_t node, uint32_t to) const
    {
        return std::size_t{to} * m_switches + (node - m_firstSwitch);
    }

    /** @return the route of a node to a destination, or NONE. */
    uint32_t FindRoute(uint32_t node, uint32_t target) const;

    /** Give switches to which a destination is attached, and endpoints, the routes that they have
     *  without rows. */
    void AddDefaults(const Topology& topology, uint32_t domain);

    /** Refuse loops, dead ends, and destinations that are not reached. */
    void Check(const Topology& topology, uint32_t domain, const RouteTable& table) const;

    std::string m_file;            //!< Of the table
    std::size_t m_rows;            //!< In it
    uint32_t m_firstSwitch;        //!< Node number of the first switch
    uint32_t m_switches;           //!< Number of switches
    uint32_t m_classes{1};         //!< VC classes
    EndpointIndex m_index;         //!< Index of an endpoint
    std::vector<Route> m_routes;   //!< By number
    std::vector<uint32_t> m_table; //!< Switches' routes, see GetPlace()
    std::map<std::pair<uint32_t, uint32_t>, uint32_t> m_special; //!< (endpoint, target): its route
    std::vector<uint32_t> m_usual;     //!< By endpoint's index: its other routes, or NONE
    std::map<uint32_t, Known> m_known; //!< By node; only while the table is made
    std::vector<uint32_t> m_pool;      //!< Links of all routes
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TABLE_ROUTING_H
