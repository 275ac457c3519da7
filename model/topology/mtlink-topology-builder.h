/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TOPOLOGY_BUILDER_H
#define MTLINK_TOPOLOGY_BUILDER_H

#include "ns3/mtlink-topology.h"
#include "ns3/object.h"

#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Contract of a layout: wires a list of endpoints into a network.
 *
 * One class and one file pair per `kind:`, registered by its TypeId alone:
 * "ns3::mtlink::" + kind in CamelCase + "Topology" (`fat_tree`: ns3::mtlink::FatTreeTopology).
 * Its parameters are ns-3 attributes, the YAML keys their snake_case names. Adding a layout
 * touches no other file. Errors in parameters are thrown as ParameterError.
 */
class TopologyBuilder : public Object
{
  public:
    /**
     * Register this type.
     * @return The object TypeId.
     */
    static TypeId GetTypeId();

    /** @return the number of endpoints it can attach at most; 0: as many as it is given. */
    virtual uint32_t GetCapacity() const = 0;

    /** @return the names of its link classes, the keys below `links:`, in a fixed order. */
    virtual std::vector<std::string> GetLinkClassNames() const = 0;

    /** @return the number of domain tiers it opens, from the tier given to Attach() upwards. */
    virtual uint32_t GetTiers() const;

    /**
     * An order in which a ring of endpoints uses short ways: each next to the one before, and the
     * first next to the last, where the layout has such an order.
     * @param [in] endpoints Number of endpoints attached.
     * @return indices into the endpoints attached, each once; empty: any order is as good.
     */
    virtual std::vector<uint32_t> GetRingOrder(uint32_t endpoints) const;

    /** @return the keys of the fabrics nested in it ("plane"; "node", "network"), or nothing. */
    virtual std::vector<std::string> GetChildNames() const;

    /**
     * Give a nested fabric.
     * @param [in] name One of GetChildNames().
     * @param [in] child Its builder.
     */
    virtual void SetChild(const std::string& name, Ptr<TopologyBuilder> child);

    /**
     * Wire endpoints that exist already into a network of this kind.
     * @param [in,out] topology Where to add switches, links and domains.
     * @param [in] endpoints Nodes to attach; at most GetCapacity().
     * @param [in] path Prefix for names, as "plane2/".
     * @param [in] tier Tier of the domains it opens; see Domain.
     */
    virtual void Attach(Topology& topology,
                        const std::vector<uint32_t>& endpoints,
                        const std::string& path,
                        uint32_t tier) const = 0;

    /**
     * Build the whole fabric: endpoints "gpu0", "gpu1", ..., then Attach().
     * @return the graph; refers to this builder and its children.
     */
    virtual Topology Build() const;

    /**
     * @param [in] scope Index of the fabric description whose link, switch and routing
     *             parameters rule what this builder adds (children have their own).
     */
    void SetScope(uint32_t scope)
    {
        m_scope = scope;
    }

    /** @return the index of the fabric description; 0 for the outermost. */
    uint32_t GetScope() const
    {
        return m_scope;
    }

  protected:
    /**
     * Refuse more endpoints than there are places.
     * @param [in] endpoints Number to attach.
     * @throws ParameterError if they are more than GetCapacity(), or none.
     */
    void CheckEndpoints(size_t endpoints) const;

    /**
     * Refuse a size that can only be a slip: more than 4,194,304 nodes or 33,554,432 cables.
     * @param [in] key YAML key to blame.
     * @param [in] nodes Endpoints and switches; a double, so that products can't overflow.
     * @param [in] cables Cables.
     * @throws ParameterError if it is too large.
     */
    static void CheckSize(const std::string& key, double nodes, double cables);

  private:
    uint32_t m_scope{0}; //!< Fabric description
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TOPOLOGY_BUILDER_H
