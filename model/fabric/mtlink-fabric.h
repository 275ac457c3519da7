/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FABRIC_H
#define MTLINK_FABRIC_H

#include "ns3/mtlink-endpoint-profile.h"
#include "ns3/mtlink-index-span.h"
#include "ns3/mtlink-link-fault.h"
#include "ns3/mtlink-link-profile.h"
#include "ns3/mtlink-results.h"
#include "ns3/mtlink-routing-profile.h"
#include "ns3/mtlink-routing.h"
#include "ns3/mtlink-switch-profile.h"
#include "ns3/mtlink-topology-builder.h"
#include "ns3/mtlink-transport.h"
#include "ns3/object.h"
#include "ns3/traced-callback.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

class Exchange;
class FabricParts;
class FabricSpread;
class LinkLoad;
class PrivateParts;
struct Partition;

/**
 * @ingroup mtlink
 * The parameters of one fabric description; a nested fabric has its own.
 */
struct FabricScope
{
    std::string path;      //!< Its place, "" for the outermost, "plane", "network.node"
    Ptr<LinkProfile> link; //!< `link:`
    std::map<std::string, Ptr<LinkProfile>> links; //!< `links:` by class, only those given
    Ptr<SwitchProfile> chip;                       //!< `switch:`
    Ptr<RoutingProfile> routing;                   //!< `routing:`
    uint32_t speedup{1}; //!< Times that its links are faster than their profiles say
};

/**
 * @ingroup mtlink
 * What is to be measured; the YAML mapping `measure:`.
 */
struct MeasureSpec
{
    Tick sampleInterval{0}; //!< Link series; 0: none
    bool linkLog{false};    //!< Stalls and states of links, one by one
    Tick windowStart{0};    //!< Packets created from here on count in the latency statistics
    Tick windowEnd{NEVER};  //!< ... up to here
};

} // namespace mtlink

/**
 * @ingroup mtlink
 * The fabric: endpoints, links and switches assembled from a graph, and the packet transport.
 */
class MtlinkFabric : public Object, public mtlink::Transport
{
  public:
    /**
     * Register this type.
     * @return The object TypeId.
     */
    static TypeId GetTypeId();

    MtlinkFabric();
    ~MtlinkFabric() override;

    /**
     * Assemble. Select the simulator implementation before; needs Time::PS.
     * @param [in] builder The layout, children and scopes set.
     * @param [in] scopes Parameters, by TopologyBuilder::GetScope().
     * @param [in] endpoint Parameters of the endpoints.
     * @param [in] seed Of flow hashes and sprays.
     * @param [in] measure What to measure.
     * @throws mtlink::ParameterError for what can't be: a packet larger than a buffer, fewer VCs
     *         than the routing and the traffic classes need, links of different flit size on one
     * path, too few ports.
     */
    void Build(Ptr<mtlink::TopologyBuilder> builder,
               const std::vector<mtlink::FabricScope>& scopes,
               Ptr<mtlink::EndpointProfile> endpoint,
               uint32_t seed,
               const mtlink::MeasureSpec& measure = {});

    uint32_t GetEndpoints() const override;
    void Send(const mtlink::Message& message,
              mtlink::MessageClient* client,
              uint64_t cookie) override;

    uint32_t OpenGroup(mtlink::IndexSpan members,
                       uint32_t channels,
                       bool reduces,
                       bool copies,
                       uint8_t trafficClass = 0) override;
    uint32_t OpenGroupMessage(const mtlink::GroupMessage& message,
                              mtlink::MessageClient* client,
                              uint64_t cookie) override;
    void JoinGroupMessage(uint32_t number, uint32_t member) override;

    /**
     * Time of an operation of a group on the idle fabric; the closed form of model.md.
     * @param [in] message The operation.
     * @return last member's first bit out to last bit in, endpoint overhead not included, ps.
     */
    mtlink::Tick GetGroupIdleTime(const mtlink::GroupMessage& message) const;

    /**
     * Time of an operation of a group that is to be opened, on the idle fabric, as far as contexts
     * and windows allow.
     * @param [in] members The group's, as for OpenGroup().
     * @param [in] channels Likewise.
     * @param [in] message The operation; its group is not looked at.
     * @return as GetGroupIdleTime(); nothing where OpenGroup() would refuse it, or has no room.
     */
    std::optional<mtlink::Tick> EstimateGroupTime(mtlink::IndexSpan members,
                                                  uint32_t channels,
                                                  const mtlink::GroupMessage& message) const;

    /**
     * @param [in] group A group.
     * @return links that a packet of it crosses: all of its tree, up and down.
     */
    uint32_t GetGroupLinks(uint32_t group) const;

    /** @return the number of traffic classes. */
    uint32_t GetTrafficClasses() const;

    /** @return the number of a link's virtual channels. @param [in] link The link. */
    uint32_t GetVcs(uint32_t link) const;

    /**
     * Spread it over the processes of a run, each of which has built the same; see FabricSpread.
     * @param [in] exchange The processes; must outlive this.
     * @return what runs it, in place of Simulator::Run().
     * @throws mtlink::ParameterError for what can't be spread.
     */
    mtlink::FabricSpread& Spread(mtlink::Exchange& exchange);

    /**
     * @param [in] processes At least 1.
     * @return who would simulate what.
     * @throws mtlink::ParameterError for what can't be spread.
     */
    mtlink::Partition FindPartition(uint32_t processes) const;

    /** @return parts of it for a memo; no faults are added then. */
    mtlink::PrivateParts& GetPrivateParts();

    /** @return the graph. */
    const mtlink::Topology& GetTopology() const;

    /** @return the routing. */
    const mtlink::Routing& GetRouting() const;

    /** @return the layout that it was built from. */
    const mtlink::TopologyBuilder& GetBuilder() const;

    /** @return the parameters of its endpoints. */
    const mtlink::EndpointProfile& GetEndpointProfile() const;

    /** @return the seed of its flow hashes and sprays. */
    uint32_t GetSeed() const;

    /**
     * @param [in] link A link.
     * @return its parameters.
     */
    Ptr<const mtlink::LinkProfile> GetLinkProfile(uint32_t link) const;

    /**
     * Time of a message on the idle fabric, along one path; the closed form of model.md.
     * @param [in] src An endpoint.
     * @param [in] dst Another.
     * @param [in] bytes Payload, at least 1.
     * @return first bit out to last bit in, endpoint overhead not included, ps.
     */
    mtlink::Tick GetIdleTime(uint32_t src, uint32_t dst, uint64_t bytes) const;

    /**
     * Latency of the first bit on the idle fabric: links and switches, ps.
     * @param [in] src An endpoint.
     * @param [in] dst Another.
     * @return the time from first bit out to first bit in.
     */
    mtlink::Tick GetIdleLatency(uint32_t src, uint32_t dst) const;

    /** @return an account of what links have to carry; the fabric must outlive it. */
    std::unique_ptr<mtlink::LinkLoad> MakeLinkLoad() const;

    /**
     * @param [in] src An endpoint.
     * @param [in] dst Another.
     * @return payload bytes/s that one message can reach on the idle fabric, all ports used.
     */
    double GetIdleRate(uint32_t src, uint32_t dst) const;

    /**
     * @param [in] endpoint An endpoint.
     * @return the sum of its links' rates, bit/s, one direction.
     */
    double GetEndpointBitRate(uint32_t endpoint) const;

    /**
     * Fill the fabric's part of the results: counters, latencies, links, queues, samples,
     * congestion.
     * @param [in,out] results Where to.
     */
    void Collect(mtlink::RunResults& results) const;

    /**
     * Let a fault happen. Before the simulation runs, and after all groups are open.
     * @param [in] fault The fault; links by their ids in the topology.
     * @throws mtlink::ParameterError for a fault that drops packets where there are groups.
     */
    void AddFault(const mtlink::LinkFault& fault);

    /** @return whether a link carries packets now. @param [in] link The link. */
    bool IsLinkUp(uint32_t link) const;

    /**
     * To be asked from inside MessageDelivered().
     * @return whether a switch marked a packet of that message (ECN); see `switch.ecn`.
     */
    bool WasMarked() const;

    /**
     * Call it from an event.
     * @return whether the simulator has nothing left but random faults to come.
     */
    bool IsIdle() const;

    /** @return names of a few links that are down. */
    std::vector<std::string> GetDownLinks(std::size_t most) const;

    /** @return names of a few links by which most packets were lost, "sw0:3 (12 packets)". */
    std::vector<std::string> GetLossyLinks(std::size_t most) const;

    /**
     * @return packet-hops so far: for progress. Those of a message that goes by express are counted
     *         as it is in; who wants to know all asks for GetPacketsInFlight() before.
     */
    uint64_t GetPacketHops() const;

    /** @return packets inside the fabric, source queues not included. */
    uint64_t GetPacketsInFlight() const;

    /**
     * Check that buffer space in use, in flight and available adds up on every link and VC.
     * @return an empty string, or what does not add up.
     */
    std::string CheckConservation() const;

    /** @return a few ports that wait, and for what, for a stalled run. */
    std::vector<std::string> GetWaiting(std::size_t most) const;

    /**
     * Signature of the PacketHop trace: a packet starts over a link. It is told of those of one
     * link in order of time, but may hear of some before they start, where they wait for the wire,
     * and of an endpoint's some time later: when a packet that left earlier arrives, or when
     * somebody looks at results. A sink that wants to send does so by an event of its own
     * (Simulator::ScheduleNow): the packet is just leaving its queue.
     * @param [in] start First bit on the wire.
     * @param [in] link The link.
     * @param [in] src The packet's source endpoint.
     * @param [in] dst Its destination.
     * @param [in] payload Its payload, bytes.
     */
    using PacketHopCallback =
        void (*)(Time start, uint32_t link, uint32_t src, uint32_t dst, uint32_t payload);

    /**
     * Signature of the PacketDelivered trace: a packet is in whole at its destination.
     * @param [in] created When its message came to the endpoint.
     * @param [in] injected First bit on the source's wire.
     * @param [in] src Its source.
     * @param [in] dst Its destination.
     * @param [in] payload Its payload, bytes.
     */
    using PacketDeliveredCallback =
        void (*)(Time created, Time injected, uint32_t src, uint32_t dst, uint32_t payload);

    /**
     * Signature of the LinkState trace: a fault, or its end, has changed whether a link carries
     * packets.
     * @param [in] link The link.
     * @param [in] isUp Whether it does now.
     */
    using LinkStateCallback = void (*)(uint32_t link, bool isUp);

  private:
    void DoDispose() override;

    TracedCallback<Time, uint32_t, uint32_t, uint32_t, uint32_t> m_packetHopTrace;   //!< A hop
    TracedCallback<Time, Time, uint32_t, uint32_t, uint32_t> m_packetDeliveredTrace; //!< The end
    TracedCallback<uint32_t, bool> m_linkStateTrace;                                 //!< Faults

    std::unique_ptr<mtlink::FabricParts> m_parts;   //!< What it is assembled of; knows the traces
    std::unique_ptr<mtlink::FabricSpread> m_spread; //!< If spread over processes
};

} // namespace ns3

#endif // MTLINK_FABRIC_H
