/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_ROUTE_TABLE_H
#define MTLINK_ROUTE_TABLE_H

#include "ns3/mtlink-topology.h"

#include <cstdint>
#include <map>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

class Routing;

/**
 * @ingroup mtlink
 * A table of routes in one domain: the candidates of each node to each destination.
 *
 * Its file is a CSV, .gz or not, with the columns `node,destination,next` and, where VC classes are
 * wanted, `vc_class` (empty: 0). A row says that packets for an endpoint, `destination`, may go
 * from `node`, a switch or an endpoint, to `next`: a neighbour, by any of the links to it, or one
 * link, "s0:3" being port 3 of s0. Several rows of one node and destination are equal candidates,
 * in one VC class. Switches are named without the prefix of their plane.
 */
struct RouteTable
{
    /** The rows of one node and destination. */
    struct Entry
    {
        std::vector<uint32_t> links; //!< Candidates, in order of rows, then of ports
        uint8_t vcClass{0};          //!< On them
        uint64_t line{0};            //!< Of the first row
    };

    static constexpr uint32_t MOST_CLASSES = 32; //!< VC classes, at most

    std::string file;                                       //!< Where it is from
    std::size_t rows{0};                                    //!< In the file
    std::map<std::pair<uint32_t, uint32_t>, Entry> entries; //!< By node and destination
};

/**
 * @ingroup mtlink
 * Read a table of routes.
 * @param [in] file Its path.
 * @param [in] topology The graph.
 * @param [in] domain The domain that it is for.
 * @return the table.
 * @throws InputError at a row that names what is not there or not joined, that is there twice, or
 *         whose VC class is another than that of its fellows.
 */
RouteTable ReadRouteTable(const std::string& file, const Topology& topology, uint32_t domain);

/**
 * @ingroup mtlink
 * Write the routes of a fabric as a table: all that packets may meet, but what a table has without
 * rows (see TableRouting). Read back, it gives the same candidates in the same order.
 * @param [in,out] out Where to.
 * @param [in] topology The graph, of one fabric or of planes.
 * @param [in] routing Its routes.
 * @throws ParameterError if it is made of several fabrics, or if routes depend on load or chance.
 */
void WriteRouteTable(std::ostream& out, const Topology& topology, const Routing& routing);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_ROUTE_TABLE_H
