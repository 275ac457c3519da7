/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FABRIC_PARTS_H
#define MTLINK_FABRIC_PARTS_H

#include "endpoint/endpoints.h"
#include "engine/event-clock.h"
#include "express/express-messages.h"
#include "fabric/fabric-checks.h"
#include "fabric/group-operations.h"
#include "fabric/idle-path.h"
#include "fabric/packet-parts.h"
#include "link/link-faults.h"
#include "link/links.h"
#include "link/telemetry.h"
#include "switch/queue-monitor.h"
#include "switch/switches.h"

#include "ns3/mtlink-fabric.h"

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * The parts of a fabric, assembled from a graph, in the order in which a packet meets them.
 */
class FabricParts
{
  public:
    /**
     * @param [in] layout The layout, children and scopes set.
     * @param [in] parameters Parameters, by TopologyBuilder::GetScope().
     * @param [in] endpointProfile Parameters of the endpoints.
     * @param [in] runSeed Of flow hashes and sprays.
     * @throws ParameterError for what FabricChecks refuses.
     */
    FabricParts(Ptr<TopologyBuilder> layout,
                std::vector<FabricScope> parameters,
                Ptr<EndpointProfile> endpointProfile,
                uint32_t runSeed);

    /** @return the walker of idle paths. */
    IdlePath GetIdlePath() const
    {
        return {topology, routing, [this](uint32_t link) -> const LinkSpec& {
                    return links.GetSpec(link);
                }};
    }

    /** What the links of one domain have at their far ends. */
    struct DomainParts
    {
        uint32_t vcs;     //!< VCs of each link
        VcLayout layout;  //!< VCs of each traffic class and class of the routing
        ClassRules rules; //!< How traffic classes take turns
        bool sprayed;     //!< Each packet chooses its path anew
        bool controlled;  //!< Under the congestion control
    };

    Ptr<TopologyBuilder> builder;          //!< The layout
    std::vector<FabricScope> scopes;       //!< Parameters by scope
    Ptr<EndpointProfile> endpoint;         //!< Parameters of endpoints
    uint32_t seed;                         //!< Of hashes and sprays
    Topology topology;                     //!< The graph
    Routing routing;                       //!< The routes
    std::vector<Ptr<LinkProfile>> classes; //!< Parameters by link class
    uint32_t trafficClasses{1};            //!< Alike everywhere
    std::vector<DomainParts> domains;      //!< By domain
    EventClock clock;                      //!< The clock
    PacketPool pool;                       //!< The packets
    Links links;                           //!< The wires
    Telemetry telemetry;                   //!< What switches write into packets
    std::unique_ptr<QueueMonitor> monitor; //!< Marks packets, or nothing
    Switches switches;                     //!< The chips
    Endpoints endpoints;                   //!< Sources and destinations
    ExpressMessages express;               //!< Messages that nobody is in the way of
    GroupOperations groups;                //!< Reduction and copying in the network
    std::unique_ptr<LinkFaults> faults;    //!< Faults to come, or nothing
    std::unique_ptr<PacketParts> memo;     //!< For a memo, or nothing
    bool hasGroups{false};                 //!< The workload uses reduction or copying
    bool dropsPackets{false};              //!< A fault does
    MeasureSpec measure;                   //!< What is measured

  private:
    /** @return the parameters of a domain's fabric. */
    const FabricScope& GetScope(uint32_t domain) const
    {
        return scopes[topology.GetDomains()[domain].scope];
    }

    /** @return the parameters of a link, made from its class. */
    Ptr<LinkProfile> MakeLinkProfile(const LinkClass& cls) const;
    /** Make the profile of each link class. */
    void MakeLinkProfiles(const FabricChecks& checks);
    /** Find VCs and turns of each domain. */
    void MakeDomains(const FabricChecks& checks);
    /** @return what a link is made of. */
    LinkSpec MakeLink(const Topology::Link& link, const FabricChecks& checks);
    /** @return the shared input buffer of a switch, made if need be, or LinkSpec::NO_POOL. */
    uint32_t GetPool(uint32_t node, const LinkProfile& link, const FabricChecks& checks);
    /** Add all switches. */
    void AddSwitches(const FabricChecks& checks);
    /** Find the domains under the congestion control. */
    void FindControlled(const FabricChecks& checks);
    /** Add all ports of endpoints. */
    void AddPorts();
    /** Let packets make detours by endpoints where the routing says so. @return whether it does. */
    bool AllowDetours();
    /** Control flows, and watch queues, if that is wanted. */
    void AddControl();

    std::map<uint32_t, uint32_t> m_pools; //!< Shared buffers, by switch
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FABRIC_PARTS_H
