/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_DRAGONFLY_TOPOLOGY_H
#define MTLINK_DRAGONFLY_TOPOLOGY_H

#include "ns3/mtlink-topology-builder.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A dragonfly: Kim, Dally, Scott and Abts, "Technology-driven, highly-scalable dragonfly
 * topology", ISCA 2008. Groups of `a` switches, p endpoints and h global links on each; one link
 * between any two switches of a group.
 *
 * Ports of a switch: its endpoints; its group's other switches in ascending order; its global
 * links in order of wiring. Endpoint e is on switch e / p, which is in group e / (a p).
 *
 * Global port k of a group (0 .. a h - 1) is on its switch k / h. With N = g - 1 other groups,
 * the ports are used in rounds of N; every round joins every pair of groups by one link, port
 * r N + q as port q of this base wiring (i is the group, all groups modulo g):
 * - palmtree (García et al., ICPP 2012; Camarero, Vallejo, Beivide, ACM TACO 2014): to group
 *   i - q - 1, which sees it as its port N - 1 - q;
 * - absolute (Kim et al. 2008; named by Hastings et al., "Comparing global link arrangements for
 *   dragonfly networks", CLUSTER 2015): to group q if q < i, else to q + 1;
 * - circulant (Hastings et al. 2015): even q to group i + q/2 + 1, odd q to i - (q+1)/2.
 *
 * With fewer groups than a h + 1, a last, partial round of R = a h mod N ports is circulant in
 * every wiring: pairs at offsets +-1, +-2, ...; for odd R the last port goes to offset g/2 if g
 * is even and stays unused if g is odd. So the links of two pairs of groups differ by at most one.
 */
class DragonflyTopology : public TopologyBuilder
{
  public:
    /** Global wiring; names as in YAML. */
    enum Wiring
    {
        PALMTREE,  //!< By descending offset
        ABSOLUTE,  //!< By group number
        CIRCULANT, //!< By offsets +1, -1, +2, -2, ...
    };

    /** One end of a global link. */
    struct GlobalPort
    {
        uint32_t group; //!< Group
        uint32_t port;  //!< Port of the group
    };

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

    /** @return the endpoints of a switch, p. */
    uint32_t GetP() const
    {
        return m_p;
    }

    /** @return the switches of a group, a. */
    uint32_t GetA() const
    {
        return m_a;
    }

    /** @return the global links of a switch, h. */
    uint32_t GetH() const
    {
        return m_h;
    }

    /**
     * @return the number of groups, g.
     * @throws ParameterError if there can't be so many.
     */
    uint32_t GetGroups() const;

    /**
     * @param [in] from A global port.
     * @return the port wired to it; `from` itself if it is unused.
     */
    GlobalPort GetPeer(const GlobalPort& from) const;

  private:
    uint32_t m_p;      //!< Endpoints per switch
    uint32_t m_a;      //!< Switches per group
    uint32_t m_h;      //!< Global links per switch
    uint32_t m_groups; //!< Groups; 0: a h + 1
    Wiring m_wiring;   //!< Global wiring
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_DRAGONFLY_TOPOLOGY_H
