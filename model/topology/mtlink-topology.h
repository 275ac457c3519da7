/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TOPOLOGY_H
#define MTLINK_TOPOLOGY_H

#include "ns3/mtlink-index-span.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

class TopologyBuilder;

/**
 * @ingroup mtlink
 * What the links of one class share: where their parameters come from.
 */
struct LinkClass
{
    uint32_t scope{0};                            //!< Fabric description it belongs to
    std::string name;                             //!< Key below `links:`, as "global"
    std::map<std::string, std::string> overrides; //!< YAML key -> value of this class alone
};

/**
 * @ingroup mtlink
 * A part of the fabric in which one routing algorithm rules: one plane, one node's mesh, one
 * rail's tree, or the whole.
 */
struct Domain
{
    const TopologyBuilder* builder{nullptr}; //!< Kind and shape; outlives the topology
    uint32_t scope{0};                       //!< Fabric description it was built from
    uint32_t tier{0}; //!< 0: preferred; an endpoint uses its lowest tier that reaches the other
    std::string path; //!< Name prefix, as "node3/" or "rail0/"; empty for the whole
    std::vector<uint32_t> endpoints; //!< Its endpoints (nodes), by index within the domain
    uint32_t firstSwitch{0};         //!< Its first switch (node)
    uint32_t switches{0};            //!< Its switches are firstSwitch .. firstSwitch + switches - 1
};

/**
 * @ingroup mtlink
 * The fabric's graph: endpoints, switches, and links in both directions between them.
 *
 * Nodes are numbered: endpoints 0 .. E-1 (the endpoint's number is its rank), switches after
 * them. A cable is two links, one each way, with ids 2k and 2k+1; several cables between one
 * pair and cables between endpoints are ordinary. A node's ports are numbered by its links in
 * order of creation; builders create them grouped, so that equivalent ports are contiguous.
 */
class Topology
{
  public:
    /** One direction of a cable. */
    struct Link
    {
        uint32_t from;     //!< Sending node
        uint32_t to;       //!< Receiving node
        uint32_t fromPort; //!< Port of the sender
        uint32_t toPort;   //!< Port of the receiver
        uint32_t cls;      //!< Index into GetLinkClasses()
        uint32_t domain;   //!< Index into GetDomains()
    };

    /**
     * Add an endpoint; all endpoints come before the first switch.
     * @param [in] name Unique name, as "gpu12".
     * @return its node number.
     */
    uint32_t AddEndpoint(const std::string& name);

    /**
     * Add a switch to the domain that was opened last.
     * @param [in] name Unique name, as "rail0/leaf3".
     * @return its node number.
     */
    uint32_t AddSwitch(const std::string& name);

    /**
     * Open a domain: switches and links added from here on belong to it.
     * @param [in] domain Its description; switch fields are kept by AddSwitch().
     * @return its index.
     */
    uint32_t OpenDomain(const Domain& domain);

    /**
     * Find or add a link class.
     * @param [in] cls The class.
     * @return its index.
     */
    uint32_t AddLinkClass(const LinkClass& cls);

    /**
     * Join two nodes, in both directions.
     * @param [in] a One node.
     * @param [in] b The other.
     * @param [in] cls Link class index.
     * @return the id of the link from a to b; the way back is that id ^ 1.
     */
    uint32_t AddCable(uint32_t a, uint32_t b, uint32_t cls);

    /** @return the number of endpoints. */
    uint32_t GetEndpoints() const
    {
        return m_endpoints;
    }

    /** @return the number of switches. */
    uint32_t GetSwitches() const
    {
        return static_cast<uint32_t>(m_names.size()) - m_endpoints;
    }

    /** @return the number of nodes: endpoints and switches. */
    uint32_t GetNodes() const
    {
        return static_cast<uint32_t>(m_names.size());
    }

    /**
     * @param [in] node A node.
     * @return true if it is an endpoint.
     */
    bool IsEndpoint(uint32_t node) const
    {
        return node < m_endpoints;
    }

    /** @return all links, by id. */
    const std::vector<Link>& GetLinks() const
    {
        return m_links;
    }

    /**
     * @param [in] link A link.
     * @return the other direction of its cable.
     */
    static uint32_t Reverse(uint32_t link)
    {
        return link ^ 1;
    }

    /**
     * @param [in] node A node.
     * @return ids of the links out of it, by port.
     */
    IndexSpan GetOutLinks(uint32_t node) const
    {
        return m_out[node];
    }

    /** @return the link classes. */
    const std::vector<LinkClass>& GetLinkClasses() const
    {
        return m_classes;
    }

    /** @return the domains, in order of opening. */
    const std::vector<Domain>& GetDomains() const
    {
        return m_domains;
    }

    /**
     * @param [in] node A switch.
     * @return the domain it belongs to.
     */
    uint32_t GetSwitchDomain(uint32_t node) const
    {
        return m_switchDomain[node - m_endpoints];
    }

    /**
     * @param [in] node A node.
     * @return its name.
     */
    const std::string& GetName(uint32_t node) const
    {
        return m_names[node];
    }

    /**
     * @param [in] link A link.
     * @return "FROM:PORT", the name by which users call a link.
     */
    std::string GetLinkName(uint32_t link) const;

  private:
    uint32_t m_endpoints{0};                  //!< Number of endpoints
    std::vector<std::string> m_names;         //!< By node
    std::vector<uint32_t> m_switchDomain;     //!< By switch
    std::vector<std::vector<uint32_t>> m_out; //!< Out-links by node and port
    std::vector<Link> m_links;                //!< By id
    std::vector<LinkClass> m_classes;         //!< Link classes
    std::vector<Domain> m_domains;            //!< Domains
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TOPOLOGY_H
