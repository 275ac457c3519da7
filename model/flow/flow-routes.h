/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FLOW_FLOW_ROUTES_H
#define MTLINK_FLOW_FLOW_ROUTES_H

#include "flow/flow-path.h"
#include "flow/path-cache.h"

#include "ns3/mtlink-routing-profile.h"
#include "ns3/mtlink-routing.h"
#include "ns3/mtlink-topology.h"

#include <cstdint>
#include <map>
#include <span>
#include <unordered_map>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What flows need to know of a link; of all that are alike.
 */
struct FlowLinkKind
{
    WireSpeed speed{1, 1, 1.0}; //!< Of its wire
    uint64_t byteRate{0};       //!< Bytes in whole flits per second, line code taken off
    uint32_t flit{1};           //!< Bytes
    uint32_t header{0};         //!< Bytes of each packet
    Tick latency{0};            //!< ps
    Tick pipeline{0};           //!< Of the switch behind it, ps
    Tick creditLatency{0};      //!< From the freeing of a buffer to its use, ps
    uint64_t depth{0};          //!< Buffer of a VC behind it, flits
    uint64_t pool{0};           //!< What it may take of a shared one besides, flits
    uint64_t packetRate{0};     //!< Packets per second that the switch behind it takes; 0: any
    uint32_t vcs{1};            //!< VCs of a class among which the hash chooses
    bool isStored{false};       //!< Packets are taken in whole behind it
    bool isSprayed{false};      //!< Where several links are equal to it, packets take all
    bool isDrawn{false};        //!< ... each the one that its own hash chooses
    bool isUnsteady{false};     //!< Errors, or flows that a control slows down
    bool isEven{true};          //!< Who sends by it serves equal flows alike
    bool isPredictable{true};   //!< Which of equal links a flow takes, its hash says
};

/**
 * @ingroup mtlink
 * A fabric as flows see it.
 */
struct FlowFabric
{
    const Topology* topology{nullptr};               //!< The graph
    const Routing* routing{nullptr};                 //!< The routes
    std::vector<Ptr<const RoutingProfile>> profiles; //!< Routing parameters by scope
    std::vector<FlowLinkKind> kinds;                 //!< Of links
    std::vector<uint16_t> kindOf;                    //!< By link
    uint32_t seed{1};                                //!< Of the flows' hashes
    uint32_t packet{1};                              //!< Largest payload of a packet, bytes
    uint64_t window{0};                              //!< Bytes under way to one destination; 0: any
    Tick relayLatency{0};                            //!< Time for which a relay keeps a packet, ps
};

/**
 * @ingroup mtlink
 * Ways through a fabric by its routing, with the hashes that packets have. What packets of one
 * message take in turn, a flow takes in equal parts. Links that all flows use alike, such as the
 * planes of single switches or the links up of a sprayed fat tree, are one link of their sum.
 */
class FlowRoutes : public FlowPaths
{
  public:
    /** @param [in] fabric The fabric; what it points to must outlive this. */
    explicit FlowRoutes(FlowFabric fabric);

    uint32_t GetEndpoints() const override;
    FlowWay Find(const Message& message) override;
    std::span<const FlowStep> Prefetch(const Message& message, uint32_t step) const override;
    void Began(const Message& message) override;
    std::span<const int64_t> GetCapacities() const override;
    Tick GetHop(uint32_t link) const override;
    bool IsEven(uint32_t link) const override;

    /**
     * @param [in] link A link of a step.
     * @return the fabric's links that it stands for.
     */
    std::span<const uint32_t> GetMembers(uint32_t link) const;

    /**
     * @param [in] link A link of a step.
     * @return whether it stands for the buffer of a VC whose credits bound what its link carries,
     *         not for the link.
     */
    bool IsLoop(uint32_t link) const;

  private:
    /** Hashes of the packets of a part of a flow, where each draws its own way; else empty. */
    using Lot = std::vector<uint32_t>;

    /** Where a part of a flow is on its way. */
    struct Front
    {
        uint32_t node;   //!< Here
        uint8_t vcClass; //!< Class on which it came
        uint64_t share;  //!< Of the flow, in 2^-32
        Tick offset;     //!< First bit out at the source to dealt with here
        Lot lot{};       //!< Packets whose ways are drawn
    };

    /** @return the kind of a link. */
    const FlowLinkKind& GetKind(uint32_t link) const
    {
        return m_fabric.kinds[m_fabric.kindOf[link]];
    }

    /** What is known of the way that is being found. */
    struct Survey
    {
        FlowPath* path;              //!< The way
        const FlowLinkKind* slowest; //!< Of its links, by the time of a packet over its leg's ports
        uint32_t legPorts;           //!< Equal ports of the leg that is being walked
        std::vector<uint16_t> kinds; //!< Of its links, each once
        bool isAligned;              //!< Packets that go by different links take the same time
        bool isSprayed;              //!< They do so at a switch
        uint32_t flow;               //!< The flow's hash
        uint64_t stored;             //!< ps of a flit on the last link, times WHOLE
        uint64_t drawn;              //!< Packets whose ways are drawn; 0: it is split evenly
    };

    /** A link that carries part of a flow, among those that are as far. */
    struct Branch
    {
        uint32_t link;  //!< The link
        uint64_t share; //!< In 2^-32
        Tick offset;    //!< First bit out at the source to first bit out on it
    };

    /**
     * Find a way by the routes.
     * @param [in] message The message.
     * @param [in] first Packets that were sent to its destination before, where packets draw their
     *             ways.
     * @param [out] path Gets it.
     */
    void Walk(const Message& message, uint64_t first, FlowPath& path);

    /** Share a part of a flow out among equal links. */
    void Spread(const Front& front, const Hops& hops);

    /**
     * Walk from the end of a leg's first links to the end of the leg.
     * @param [in] target Where it ends.
     * @param [in] flow The flow's hash.
     * @return first bit out at the source to dealt with at the target.
     */
    Tick WalkOn(uint32_t target, uint32_t flow);

    /** Likewise, where chance chooses the way: flow-valiant-routes.cc. */
    Tick WalkByChance(uint32_t target, uint32_t flow);

    /** Add the links of m_layer to the way, as one where all flows use them alike. */
    void AddLayer(uint32_t target);

    /** Add a step to the part that is being found. */
    void AddStep(uint32_t link, uint64_t share, Tick offset);

    /** Note a link's rate, buffer, and what it does to packets. */
    void Note(uint32_t link, bool isLast);

    /** Find the link that takes longest for its share of the packets. */
    void FindSlowest();

    /** @return the buffer behind a link as a loop of packets and credits, for one VC. */
    PacketLoop GetLoop(const FlowLinkKind& kind) const;

    /** @return whether that carries less than the wire. */
    bool IsBinding(const FlowLinkKind& kind) const;

    /** @return what stands for a link's buffer of a VC. */
    uint32_t FindLoopLink(uint32_t link, uint32_t lane);

    /** @return the one link that stands for several, or UINT32_MAX where they are used otherwise.
     */
    uint32_t Bundle(const std::vector<Branch>& branches);

    /** @return whether all ports lead to the target alike, directly or by a switch each. */
    bool LeadAlike(const Hops& ports, uint32_t target) const;

    /** Find what bounds the way, when all its links are noted. */
    void Finish(const Message& message);

    /** @return time of the first bit from one endpoint to another. */
    Tick FindLatency(uint32_t src, uint32_t dst) const;

    FlowFabric m_fabric;                           //!< The fabric
    uint64_t m_seed;                               //!< Mixed
    bool m_isDrawn;                                //!< Packets of some links draw their ways
    std::unordered_map<uint64_t, uint64_t> m_sent; //!< By ends: packets so far that drew
    FlowPath m_drawn;                              //!< A way that no other message has
    PathCache m_known;                             //!< Ways found lately
    std::vector<int64_t> m_capacities;             //!< By link, bundles behind
    std::vector<uint32_t> m_links;                 //!< Each link's own number
    std::vector<std::vector<uint32_t>> m_bundles;  //!< Their links
    std::vector<uint32_t> m_inBundle;              //!< By link: its bundle, or UINT32_MAX
    std::vector<bool> m_isLoop;                    //!< By bundle: see IsLoop()
    std::map<uint64_t, uint32_t> m_loopLinks;      //!< By link and VC
    Survey m_survey{};                             //!< Of the way that is being found
    std::vector<Branch> m_layer;                   //!< Links that are as far
    std::vector<uint8_t> m_classes;                //!< VC classes on them
    std::vector<Lot> m_lots;                       //!< Packets on them
    std::vector<Front> m_fronts;                   //!< Where they lead
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FLOW_FLOW_ROUTES_H
