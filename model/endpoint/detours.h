/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_DETOURS_H
#define MTLINK_DETOURS_H

#include "endpoint/endpoint-event.h"
#include "endpoint/messages.h"
#include "endpoint/send-queues.h"
#include "link/links.h"
#include "link/vc-layout.h"

#include "ns3/mtlink-endpoint-profile.h"
#include "ns3/mtlink-routing.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A port by whose peer, an endpoint that forwards, packets may make a detour.
 */
struct DetourSpec
{
    uint32_t link{0};      //!< The port's link
    uint32_t endpoint{0};  //!< Whose it is
    uint32_t peer{0};      //!< Endpoint at its far end
    uint32_t tier{0};      //!< Ports of one endpoint and tier have the same peers
    uint8_t vcClass{0};    //!< Of a detour on it
    uint32_t threshold{0}; //!< Flits that may wait for the direct links beside
};

/**
 * @ingroup mtlink
 * Where endpoints forward for one another: which packets should make a detour by which port, and
 * whose turn it is. What an endpoint forwards waits in a queue for its target, outside the turns of
 * the ports' own groups. Made only where the routing has detours by way of endpoints; then there is
 * one traffic class.
 */
class Detours
{
  public:
    /** What detours must know of the fabric; all must outlive them. */
    struct Parts
    {
        EndpointEvents& events;         //!< OFFER_DETOURS
        const PacketPool& pool;         //!< The packets
        const Links& links;             //!< The links
        const Routing& routing;         //!< The routes
        const Messages& messages;       //!< The messages
        SendQueues& queues;             //!< The queues
        const EndpointProfile& profile; //!< Parameters
    };

    /** @param [in] parts The fabric. */
    explicit Detours(const Parts& parts)
        : m_parts(parts)
    {
    }

    /**
     * Let packets make a detour by a port's peer.
     * @param [in] spec The port.
     * @param [in] layout Its VCs.
     * @param [in] sprayed Whether each packet chooses its path anew there.
     */
    void Allow(const DetourSpec& spec, const VcLayout& layout, bool sprayed);

    /** @return whether packets may make a detour by a port. @param [in] link The port's link. */
    bool IsAllowed(uint32_t link) const
    {
        return link < m_ports.size() && m_ports[link].isAllowed;
    }

    /** @return what a port is; below, packets may make a detour by it. @param [in] link Its link.
     */
    const DetourSpec& GetSpec(uint32_t link) const
    {
        return m_ports[link].spec;
    }

    // What endpoints forward.

    /**
     * @param [in] endpoint An endpoint.
     * @param [in] target Another.
     * @return the queue of what one forwards to the other, made if need be.
     */
    uint32_t GetForwardQueue(uint32_t endpoint, uint32_t target);

    /** @return port group of what waits to be forwarded by a port, or NO_PORT_GROUP. */
    uint32_t GetForwards(uint32_t link) const
    {
        const uint32_t group = m_ports[link].forwards;
        return group == NO_PORT_GROUP || m_parts.queues.GetGroup(group).IsEmpty() ? NO_PORT_GROUP
                                                                                  : group;
    }

    /** A packet of a port's own goes: those that it forwards have been passed. */
    void NotePassing(uint32_t link)
    {
        m_ports[link].passed += GetForwards(link) != NO_PORT_GROUP ? 1 : 0;
    }

    /** @return whether what a port forwards has been passed often enough. */
    bool IsForwardTurn(uint32_t link) const
    {
        return m_ports[link].passed >= m_parts.profile.GetForwardAfter();
    }

    /** A port has forwarded a packet. @param [in] link The port's link. */
    void NoteForwarded(uint32_t link);

    /**
     * @param [in] link A port's link.
     * @param [in] vc A VC of it.
     * @return how the packet will leave that came by it and has waited longest to be forwarded.
     */
    PacketExit FindExit(uint32_t link, uint32_t vc) const;

    // What may make a detour.

    /** @return the group, among its endpoint's, that is first to make a detour by a port. */
    uint32_t GetNextGroup(uint32_t link) const
    {
        return m_ports[link].nextGroup;
    }

    /**
     * A packet of a group makes a detour.
     * @param [in] link The port's link.
     * @param [in] place Of the group, among its endpoint's.
     */
    void NoteDetour(uint32_t link, uint32_t place)
    {
        m_ports[link].nextGroup = place + 1;
        m_nextPort[m_ports[link].spec.endpoint] = m_ports[link].place + 1;
    }

    /**
     * @param [in] group A port group.
     * @param [in] link A port's link.
     * @return whether packets of the group should make a detour by the port.
     */
    bool IsWorth(uint32_t group, uint32_t link);

    /**
     * More waits in a group, or can be sent: other ports may take it for detours; not before all
     * messages that are sent at this instant have joined their queues.
     * @param [in] group The group.
     */
    void Offer(uint32_t group);

    /**
     * Other ports of an endpoint look at the groups that were offered.
     * @param [in] endpoint The endpoint.
     * @param [in] serve Serves a port, by its link.
     */
    template <typename Serve>
    void TakeOffers(uint32_t endpoint, Serve serve)
    {
        std::vector<uint32_t> offered;
        offered.swap(m_offered[endpoint]);
        const std::vector<uint32_t>& links = m_portsOf[endpoint];
        const uint32_t first = m_nextPort[endpoint];
        for (std::size_t turn = 0; turn < links.size(); ++turn)
        {
            const uint32_t link = links[(first + turn) % links.size()];
            const bool isWorth = std::any_of(offered.begin(), offered.end(), [&](uint32_t group) {
                return IsWorth(group, link);
            });
            if (isWorth)
            {
                serve(link);
            }
        }
    }

    /**
     * A link may be up that was down.
     * @param [in] link The link.
     * @return the ports that wait for it beyond their peers: they don't any more.
     */
    std::vector<uint32_t> TakeWaitingFor(uint32_t link);

  private:
    /** A port. */
    struct Port
    {
        DetourSpec spec;                  //!< What it is
        bool isAllowed{false};            //!< ... if that was said
        bool sprayed{false};              //!< Each packet chooses its path anew
        VcLayout layout;                  //!< Its VCs
        uint32_t place{0};                //!< In m_portsOf
        uint64_t worth{0};                //!< Flits that it sends while a detour takes longer
        uint32_t forwards{NO_PORT_GROUP}; //!< Port group of what the endpoint forwards by it
        uint32_t forwardQueue{0};         //!< The queue in it
        uint32_t passed{0};               //!< Own packets sent since one to be forwarded waits
        uint32_t nextGroup{0};            //!< Whose turn it is to make a detour
    };

    /** @return whether more flits than so many wait in a group. */
    bool HasMoreThan(uint64_t flits, const PortGroup& group) const;

    /** @return whether all links are down. */
    bool AreDown(std::span<const uint32_t> links) const;

    Parts m_parts;                                //!< The fabric
    std::vector<Port> m_ports;                    //!< By link
    std::vector<std::vector<uint32_t>> m_portsOf; //!< Their links by endpoint
    std::vector<uint32_t> m_nextPort;             //!< By endpoint: offered first, in m_portsOf
    std::vector<std::vector<uint32_t>> m_offered; //!< Port groups by endpoint, each once
    /** Links that wait for one beyond their peer, by that link, which is down. */
    std::unordered_map<uint32_t, std::vector<uint32_t>> m_waitingFor;
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_DETOURS_H
