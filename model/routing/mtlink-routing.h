/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_ROUTING_H
#define MTLINK_ROUTING_H

#include "ns3/mtlink-topology.h"
#include "ns3/object.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

class RoutingProfile;

/**
 * @ingroup mtlink
 * Where a packet may go next: equivalent links, and the virtual-channel class to use on them.
 */
struct Hops
{
    std::span<const uint32_t> links; //!< Links, never empty; owned by the routing
    uint8_t vcClass{0};              //!< Virtual-channel class on the chosen link
};

/**
 * @ingroup mtlink
 * Routing within one domain: candidate next hops and the virtual-channel policy.
 *
 * A VC class is a set of VCs among which a packet never needs to wait for a higher class; a
 * switch with V VCs and C classes gives class c the VCs c*V/C .. (c+1)*V/C - 1.
 */
class RoutingAlgorithm
{
  public:
    virtual ~RoutingAlgorithm() = default;

    /** @return the exact definition, VC use and source, in one paragraph. */
    virtual std::string GetDefinition() const = 0;

    /** @return the number of virtual-channel classes it needs, at least 1. */
    virtual uint32_t GetVcClasses() const = 0;

    /**
     * @param [in] node A switch of the domain, or an endpoint attached to it.
     * @param [in] target The endpoint (node) to reach; in the domain, not `node` itself.
     * @param [in] vcClass Class on which the packet came to `node`; 0 at its source.
     * @return the candidates, all of them allowed by the deadlock proof.
     */
    virtual Hops NextHops(uint32_t node, uint32_t target, uint8_t vcClass) const = 0;

    /**
     * @param [in] endpoint An endpoint of the domain.
     * @return whether all its targets have the same candidates at it: its links into the domain.
     */
    virtual bool IsInjectionUniform(uint32_t endpoint) const = 0;
};

/**
 * @ingroup mtlink
 * Routing of the whole fabric: joins the domains' algorithms.
 *
 * A packet goes to its destination in one leg where some domain holds both endpoints (the
 * lowest tier that does; several domains of that tier, as planes, are used together), otherwise
 * by way of endpoints that relay it, each of which takes the packet in whole.
 *
 * Relays, and joined candidates that differ by target, are worked out on first use and kept: one
 * object is not for several threads at once.
 */
class Routing
{
  public:
    /**
     * @param [in] topology The graph; must outlive this.
     * @param [in] profiles Routing parameters by scope.
     */
    Routing(const Topology& topology, const std::vector<Ptr<RoutingProfile>>& profiles);
    ~Routing();

    /**
     * @param [in] node A switch, or an endpoint.
     * @param [in] target The endpoint at which the packet's leg ends.
     * @param [in] vcClass Class on which the packet came to `node`; 0 where its leg starts.
     * @return the candidate next hops; no links if `target` is not reached from an endpoint
     *         without a relay.
     */
    Hops NextHops(uint32_t node, uint32_t target, uint8_t vcClass) const;

    /**
     * @param [in] at The endpoint where a leg starts.
     * @param [in] destination Where the message goes; another endpoint.
     * @return the endpoint where this leg ends: the destination, or a relay on the way.
     */
    uint32_t GetLegEnd(uint32_t at, uint32_t destination) const;

    /**
     * @param [in] at An endpoint.
     * @param [in] target Another.
     * @return whether some domain takes packets from one to the other without a relay.
     */
    bool IsDirect(uint32_t at, uint32_t target) const;

    /**
     * @param [in] domain A domain of the topology.
     * @return its algorithm.
     */
    const RoutingAlgorithm& GetAlgorithm(uint32_t domain) const;

    /**
     * @param [in] src An endpoint.
     * @param [in] dst Another.
     * @return whether dst can be reached, in one leg or by relays.
     */
    bool IsReachable(uint32_t src, uint32_t dst) const;

  private:
    struct Impl;                  //!< Tables; see the .cc
    std::unique_ptr<Impl> m_impl; //!< Hidden
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_ROUTING_H
