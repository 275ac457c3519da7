/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_ROUTING_H
#define MTLINK_ROUTING_H

#include "ns3/mtlink-congestion-view.h"
#include "ns3/mtlink-path-choice.h"
#include "ns3/mtlink-topology.h"
#include "ns3/object.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

class PathSelector;
class RoutingProfile;

/**
 * @ingroup mtlink
 * Routing within one domain: candidate next hops and the virtual-channel policy.
 *
 * A VC class is a set of VCs among which a packet never needs to wait for a higher class; a
 * switch with V VCs and C classes gives class c the VCs c*V/C .. (c+1)*V/C - 1.
 *
 * A deterministic algorithm is NextHops(): equal links and one class, by node, target and class. An
 * adaptive one offers at switches several Alternatives, which may differ in class, and Chooses
 * among them, once per packet and switch, when the packet's head is through the pipeline. At
 * endpoints every algorithm is NextHops(), and GetForwardedDetours(). An alternative is either
 * binding: the packet waits for credit there, if it must; or adaptive: it is chosen only where a VC
 * of the class has credit for the whole packet, which is taken at that moment, so that no packet
 * ever waits for it. A detour leads first to PathState::via (a node, a group, whatever the
 * algorithm says), then to the target; until it is reached, the way does not depend on the target.
 *
 * What this gives to the proof (see ProveDeadlockFree()): all alternatives in all states.
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
     * @return the candidates, all of them allowed by the deadlock proof; of an adaptive algorithm
     *         those of the shortest way.
     */
    virtual Hops NextHops(uint32_t node, uint32_t target, uint8_t vcClass) const = 0;

    /**
     * @param [in] endpoint An endpoint of the domain.
     * @return whether all its targets have the same candidates at it: its links into the domain.
     */
    virtual bool IsInjectionUniform(uint32_t endpoint) const = 0;

    /**
     * @param [in] a A target.
     * @param [in] b Another.
     * @return whether both are attached to the same switches, and packets to either have the same
     *         alternatives at all others of the domain.
     */
    virtual bool AreAlike([[maybe_unused]] uint32_t a, [[maybe_unused]] uint32_t b) const
    {
        return false;
    }

    /** @return whether a packet's way depends on more than NextHops(): load, chance, a detour. */
    virtual bool IsAdaptive() const
    {
        return false;
    }

    /**
     * List the ways on that do not begin a detour. At least one is binding, and following binding
     * ones alone leads to the target (Duato's escape).
     * @param [in] state A packet at a switch. If its via is set and not reached there, target is
     *             not looked at; if it is reached, the packet goes on to the target, and begins no
     *             other detour here.
     * @param [in,out] alternatives Where to append; the default: NextHops().
     */
    virtual void GetAlternatives(const PathState& state,
                                 std::vector<Alternative>& alternatives) const;

    /**
     * List the detours that packets may begin at a switch, whatever their targets.
     * @param [in] node A switch.
     * @param [in] vcClass Class on which they come, without a detour.
     * @param [in,out] detours Where to append, with via set; the default: none.
     */
    virtual void GetDetours(uint32_t node,
                            uint8_t vcClass,
                            std::vector<Alternative>& detours) const;

    /** @return whether packets may go by way of endpoints, which forward them. */
    virtual bool IsForwarded() const
    {
        return false;
    }

    /**
     * List the detours that packets may begin at their source by way of endpoints, which forward
     * them by NextHops(), on a higher class.
     * @param [in] endpoint The source.
     * @param [in,out] detours Where to append, with via the endpoint that forwards; adaptive. The
     *             default: none.
     */
    virtual void GetForwardedDetours(uint32_t endpoint, std::vector<Alternative>& detours) const;

    /**
     * @param [in] node A switch.
     * @param [in] via Where a detour leads.
     * @return whether a packet at the switch has reached it.
     */
    virtual bool IsReached(uint32_t node, uint32_t via) const;

    /**
     * Choose a packet's way on at a switch; called where IsAdaptive(), or where the selection among
     * equal links is not by hash. Takes one of GetAlternatives() or GetDetours(). The default: of
     * all adaptive links with credit the least loaded, ties by the packet's hash; without any, the
     * first binding alternative.
     * @param [in] request Who asks.
     * @param [in,out] selector The switch's choice among equal links.
     * @param [in,out] view The load.
     * @return the way.
     */
    virtual PathChoice Choose(const PathRequest& request,
                              PathSelector& selector,
                              CongestionView& view) const;
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
     * @throws ParameterError for what can't be, or would have no effect.
     */
    Routing(const Topology& topology, const std::vector<Ptr<RoutingProfile>>& profiles);

    /**
     * With algorithms of one's own.
     * @param [in] topology The graph; must outlive this.
     * @param [in] algorithms By domain.
     * @return the routing.
     */
    static Routing With(const Topology& topology,
                        std::vector<std::unique_ptr<RoutingAlgorithm>> algorithms);
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
     * @param [in] node A switch.
     * @return the algorithm of its domain.
     */
    const RoutingAlgorithm& GetSwitchAlgorithm(uint32_t node) const;

    /**
     * @param [in] src An endpoint.
     * @param [in] dst Another.
     * @return whether dst can be reached, in one leg or by relays.
     */
    bool IsReachable(uint32_t src, uint32_t dst) const;

  private:
    struct Impl; //!< Tables; see the .cc

    /** @param [in] impl Its tables. */
    explicit Routing(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> m_impl; //!< Hidden
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_ROUTING_H
