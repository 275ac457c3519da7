/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SHORTEST_PATH_ROUTING_H
#define MTLINK_SHORTEST_PATH_ROUTING_H

#include "routing/endpoint-index.h"

#include "ns3/mtlink-routing.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * All shortest paths through the switches of a domain of any kind.
 *
 * Endpoints on the same switches are one destination; a table of destinations x switches holds
 * 16-bit numbers of each switch's distinct lists of next hops.
 */
class ShortestPathRouting : public RoutingAlgorithm
{
  public:
    /**
     * @param [in] topology The graph.
     * @param [in] domain Any domain of it.
     * @throws ParameterError above 65,000 distinct destinations.
     */
    ShortestPathRouting(const Topology& topology, uint32_t domain);

    std::string GetDefinition() const override;
    uint32_t GetVcClasses() const override;
    Hops NextHops(uint32_t node, uint32_t target, uint8_t vcClass) const override;
    bool IsInjectionUniform(uint32_t endpoint) const override;

  private:
    /** A list of links in m_pool. */
    struct List
    {
        uint32_t first{0}; //!< First of them
        uint32_t count{0}; //!< Number
    };

    /** Links to one neighbour. */
    struct Neighbour
    {
        uint32_t node; //!< The neighbour
        List links;    //!< Parallel links to it
    };

    /** What there is at one endpoint. */
    struct Endpoint
    {
        std::vector<Neighbour> peers;    //!< Endpoints wired to it, ascending
        std::vector<Neighbour> switches; //!< Switches it is attached to, ascending
        List all;                        //!< All its links to switches
        uint32_t destination{0};         //!< Row of m_table: endpoints on the same switches
        uint32_t firstChoice{0};         //!< First of its m_choice, if on several switches
        bool uniform{false};             //!< Same candidates for all targets
    };

    /** A number for "the target is on this switch". */
    static constexpr uint16_t HERE = 0xffff;
    /** A number for "no path". */
    static constexpr uint16_t NOWHERE = 0xfffe;

    /**
     * Store a list.
     * @param [in] links The links.
     * @return where.
     */
    List Store(const std::vector<uint32_t>& links);

    /**
     * @param [in] list A list.
     * @return its links.
     */
    IndexSpan View(const List& list) const
    {
        return {m_pool.data() + list.first, list.count};
    }

    /** Fill m_endpoints but for what needs distances; see the constructor. */
    void FindNeighbours(const Topology& topology, uint32_t domain);

    /** Fill m_table, m_lists, m_choice from a breadth-first search per destination. */
    void FindPaths(const Topology& topology);

    uint32_t m_firstSwitch;             //!< Node number of the first switch
    uint32_t m_switches;                //!< Number of switches
    uint32_t m_destinations{0};         //!< Number of distinct destinations
    EndpointIndex m_index;              //!< Index of an endpoint
    std::vector<Endpoint> m_endpoints;  //!< By index
    std::vector<uint16_t> m_table;      //!< By destination and switch: number of a list of it
    std::vector<uint32_t> m_listsFirst; //!< By switch: its first list in m_lists
    std::vector<List> m_lists;          //!< Lists, grouped by switch
    std::vector<List> m_choice;         //!< By endpoint on several switches, and destination
    std::vector<uint32_t> m_pool;       //!< Links of all lists
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SHORTEST_PATH_ROUTING_H
