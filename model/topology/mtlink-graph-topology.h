/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_GRAPH_TOPOLOGY_H
#define MTLINK_GRAPH_TOPOLOGY_H

#include "ns3/mtlink-topology-builder.h"

#include <map>
#include <unordered_map>
#include <utility>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Any graph: nodes and edges one by one, or from a GraphML file (see ReadGraphMl()).
 *
 * An edge is `count` cables, each a link each way. Several edges between one pair, edges between
 * endpoints and edges with parameters of their own are ordinary. A node's ports are in order of
 * the edges.
 */
class GraphTopology : public TopologyBuilder
{
  public:
    /**
     * Register this type.
     * @return The object TypeId.
     */
    static TypeId GetTypeId();

    /**
     * Add a node. Endpoints are ranked in order of addition.
     * @param [in] name Its name, not empty, unlike all others.
     * @param [in] isSwitch true for a switch, false for an endpoint.
     * @throws ParameterError at `nodes`.
     */
    void AddNode(const std::string& name, bool isSwitch);

    /**
     * Join two nodes that were added before.
     * @param [in] from Name of one.
     * @param [in] to Name of the other.
     * @param [in] count Parallel cables, 1 to 4096.
     * @param [in] overrides Link parameters of these cables alone: YAML key -> value.
     * @param [in] cls Link class, the key below `links:`.
     * @throws ParameterError at `edges`.
     */
    void AddEdge(const std::string& from,
                 const std::string& to,
                 uint32_t count = 1,
                 const std::map<std::string, std::string>& overrides = {},
                 const std::string& cls = "edge");

    uint32_t GetCapacity() const override;
    std::vector<std::string> GetLinkClassNames() const override;
    void Attach(Topology& topology,
                const std::vector<uint32_t>& endpoints,
                const std::string& path,
                uint32_t tier) const override;

    /**
     * Build with the endpoints' own names.
     * @return the graph; refers to this builder.
     */
    Topology Build() const override;

  private:
    /** A node. */
    struct Node
    {
        std::string name; //!< Its name
        bool isSwitch;    //!< Switch or endpoint
    };

    /** A class of links, as in LinkClass. */
    using Class = std::pair<std::string, std::map<std::string, std::string>>;

    /** Parallel cables. */
    struct Edge
    {
        uint32_t from;  //!< Index of a node
        uint32_t to;    //!< Index of the other
        uint32_t count; //!< Cables
        uint32_t cls;   //!< Index of the class
    };

    /**
     * Read a GraphML file, unless the name is empty.
     * @param [in] file Its path.
     */
    void SetFile(std::string file);

    /** @return the path of the GraphML file, or an empty string. */
    std::string GetFile() const;

    /**
     * @param [in] name Name of a node.
     * @return its index; throws ParameterError if there is none.
     */
    uint32_t FindNode(const std::string& name) const;

    /** Throw ParameterError if some node can't be reached from the first. */
    void CheckConnected() const;

    std::string m_file;                                //!< GraphML file
    std::vector<Node> m_nodes;                         //!< In order of addition
    std::unordered_map<std::string, uint32_t> m_index; //!< Name -> index; never iterated
    uint32_t m_endpoints{0};                           //!< Number of endpoints
    std::vector<Edge> m_edges;                         //!< In order of addition
    double m_cables{0};                                //!< Sum of their counts
    std::vector<Class> m_classes;                      //!< In order of first use
    std::map<Class, uint32_t> m_classIndex;            //!< Class -> index
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_GRAPH_TOPOLOGY_H
