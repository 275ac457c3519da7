/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FABRIC_CHECKS_H
#define MTLINK_FABRIC_CHECKS_H

#include "link/links.h"

#include "ns3/mtlink-endpoint-profile.h"
#include "ns3/mtlink-fabric.h"
#include "ns3/mtlink-link-profile.h"
#include "ns3/mtlink-routing.h"
#include "ns3/mtlink-switch-profile.h"
#include "ns3/mtlink-topology.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What parameters and layout can't go together, or would have no effect. Each of them throws a
 * ParameterError that names the parameter, and says what would be right.
 */
class FabricChecks
{
  public:
    /**
     * @param [in] topology The graph; must outlive this, as the others.
     * @param [in] scopes Parameters by scope.
     * @param [in] endpoint Parameters of endpoints.
     */
    FabricChecks(const Topology& topology,
                 const std::vector<FabricScope>& scopes,
                 const EndpointProfile& endpoint)
        : m_topology(topology),
          m_scopes(scopes),
          m_endpoint(endpoint)
    {
    }

    /** Refuse a link's rate, or retries. @param [in] profile Its parameters. */
    void CheckLink(const LinkProfile& profile) const;

    /** Refuse a rate of reduction at endpoints. */
    void CheckReductionRate() const;

    /**
     * Refuse links of one domain that cut packets into other flits: buffers and credits are counted
     * in flits, and a packet must have the same number of them on every link between two endpoints.
     * @param [in] profiles Parameters by link class.
     */
    void CheckFlits(const std::vector<Ptr<LinkProfile>>& profiles) const;

    /**
     * Refuse parts that have other traffic classes than others, or some without effect.
     * @return how many all have.
     */
    uint32_t FindTrafficClasses() const;

    /**
     * Refuse too few virtual channels.
     * @param [in] domain The part of the fabric.
     * @param [in] vcs How many there are.
     * @param [in] routingClasses Classes that the routing needs.
     * @param [in] trafficClasses Traffic classes.
     */
    void CheckVcs(const Domain& domain,
                  uint32_t vcs,
                  uint32_t routingClasses,
                  uint32_t trafficClasses) const;

    /** Refuse a buffer that holds no packet, or too many. @param [in] link The link before it. */
    void CheckBuffer(const LinkSpec& link) const;

    /**
     * Refuse a shared buffer that holds no flit, or too many.
     * @param [in] chip The switch's parameters.
     * @param [in] flit Bytes of a flit.
     * @return how many it holds.
     */
    uint32_t GetSharedFlits(const SwitchProfile& chip, uint32_t flit) const;

    /**
     * Refuse switches with fewer ports than links, before anything is made of them.
     */
    void CheckPorts() const;

    /**
     * Refuse output queues that hold no packet, or too many.
     * @param [in] chip The switch's parameters.
     * @param [in] link One of its links.
     */
    void CheckOutputs(const SwitchProfile& chip, const LinkProfile& link) const;

    /**
     * Refuse a reorder buffer that could be full.
     * @param [in] routing The routes.
     * @param [in] profiles Parameters by link class.
     * @param [in] trafficClasses Traffic classes.
     */
    void CheckReorderBuffer(const Routing& routing,
                            const std::vector<Ptr<LinkProfile>>& profiles,
                            uint32_t trafficClasses) const;

    /**
     * Refuse what only endpoints that forward would heed, and detours with traffic classes.
     * @param [in] areAllowed Whether there are detours by endpoints.
     * @param [in] trafficClasses Traffic classes.
     */
    void CheckDetours(bool areAllowed, uint32_t trafficClasses) const;

    /** Refuse a congestion control that has nothing to control, and what it would not heed. */
    void CheckCongestionControl() const;

    /** @return the uppermost tier: what is controlled is there. */
    uint32_t GetUppermostTier() const;

  private:
    /** Refuse retries that can't be, or would have no effect. */
    void CheckRetry(const LinkProfile& profile) const;

    /** Refuse a reorder buffer where no window bounds what may wait in it. */
    void CheckReorderWindow(const Routing& routing) const;

    /**
     * Refuse traffic classes of endpoints, or of switches, where nothing has them.
     * @return whether endpoints are wired straight to one another somewhere.
     */
    bool CheckClassesHeeded() const;

    /** Refuse parameters that contradict one another, or that the algorithm does not have. */
    void CheckControlParameters() const;

    /** Refuse marks, and what is said of them, that nobody makes or heeds. */
    void CheckMarks(bool hasMarks) const;

    const Topology& m_topology;               //!< The graph
    const std::vector<FabricScope>& m_scopes; //!< Parameters by scope
    const EndpointProfile& m_endpoint;        //!< Parameters of endpoints
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FABRIC_CHECKS_H
