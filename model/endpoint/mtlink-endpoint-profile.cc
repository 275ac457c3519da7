/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/mtlink-endpoint-profile.h"

#include "engine/enum-attribute.h"

#include "ns3/double.h"
#include "ns3/uinteger.h"

namespace ns3
{
namespace mtlink
{

NS_OBJECT_ENSURE_REGISTERED(EndpointProfile);

TypeId
EndpointProfile::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mtlink::EndpointProfile")
            .SetParent<CongestionProfile>()
            .SetGroupName("Mtlink")
            .AddConstructor<EndpointProfile>()
            .AddAttribute("Packet",
                          "Largest payload of one packet, bytes. Assumed: Broadcom SUE's 4096 B.",
                          UintegerValue(4096),
                          MakeUintegerAccessor(&EndpointProfile::m_packet),
                          MakeUintegerChecker<uint32_t>(1, 1 << 20))
            .AddAttribute(
                "Window",
                "Bytes in flight to one destination, at most; 0: only credits bound them. "
                "Assumed.",
                UintegerValue(1 << 20),
                MakeUintegerAccessor(&EndpointProfile::m_window),
                MakeUintegerChecker<uint64_t>())
            .AddAttribute("MessageOverhead",
                          "Host time before a message's first bit. Assumed: none.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&EndpointProfile::m_messageOverhead),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("OperationOverhead",
                          "Host time before each rank's part of a collective. Assumed: none.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&EndpointProfile::m_operationOverhead),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("ReductionRate",
                          "Bytes/s at which a GPU combines received data; 0: takes no time. "
                          "Assumed.",
                          DoubleValue(0.0),
                          MakeDoubleAccessor(&EndpointProfile::m_reductionRate),
                          MakeDoubleChecker<double>(0.0))
            .AddAttribute(
                "Service",
                "Order of service of messages to different destinations: round_robin (a "
                "packet of each in turn) or in_order (the oldest that can move). Assumed.",
                EnumValue(EndpointProfile::ROUND_ROBIN),
                EnumAccessor<EndpointProfile::Service>(&EndpointProfile::m_service),
                MakeEnumChecker(EndpointProfile::ROUND_ROBIN,
                                "round_robin",
                                EndpointProfile::IN_ORDER,
                                "in_order"))
            .AddAttribute("Vcs",
                          "Virtual channels of ports wired straight to another endpoint. Assumed.",
                          UintegerValue(1),
                          MakeUintegerAccessor(&EndpointProfile::m_vcs),
                          MakeUintegerChecker<uint32_t>(1, 32))
            .AddAttribute(
                "Buffer",
                "Bytes of input buffer per port and VC. Assumed: one credit round trip at "
                "224 Gb/s, several times.",
                UintegerValue(65536),
                MakeUintegerAccessor(&EndpointProfile::m_buffer),
                MakeUintegerChecker<uint64_t>(1, 1ULL << 40))
            .AddAttribute("RelayLatency",
                          "Time for which an endpoint that relays keeps a packet that is in whole. "
                          "Assumed: none.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&EndpointProfile::m_relayLatency),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("ForwardLatency",
                          "Time for which an endpoint keeps a packet that is in whole and that it "
                          "forwards on a detour (routing algorithm detour). Assumed: none.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&EndpointProfile::m_forwardLatency),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("ForwardAfter",
                          "Packets of its own that a port may send while one that the endpoint "
                          "forwards waits there, before that has its turn; 1: in turn (routing "
                          "algorithm detour). Assumed.",
                          UintegerValue(FORWARD_AFTER),
                          MakeUintegerAccessor(&EndpointProfile::m_forwardAfter),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute(
                "ReorderBuffer",
                "Bytes of an endpoint's reorder buffer, in which packets wait for those of "
                "their message that they overtook; it must hold the windows of all other "
                "endpoints. 0: none, packets are delivered as they come. Assumed: none.",
                UintegerValue(0),
                MakeUintegerAccessor(&EndpointProfile::m_reorderBuffer),
                MakeUintegerChecker<uint64_t>(0, 1ULL << 40));
    return tid;
}

} // namespace mtlink
} // namespace ns3
