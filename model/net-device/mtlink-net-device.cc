/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/mtlink-net-device.h"

#include "net-device/ip-header.h"

#include "ns3/abort.h"
#include "ns3/ethernet-header.h"
#include "ns3/llc-snap-header.h"
#include "ns3/log.h"
#include "ns3/mtlink-channel.h"
#include "ns3/node.h"
#include "ns3/pointer.h"
#include "ns3/trace-source-accessor.h"
#include "ns3/uinteger.h"

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("MtlinkNetDevice");

NS_OBJECT_ENSURE_REGISTERED(MtlinkNetDevice);

namespace
{

constexpr uint16_t DEFAULT_MTU = 9000;      //!< Jumbo frames, as data centres use them
constexpr uint16_t LEAST_MTU = 68;          //!< RFC 791: every device takes that
constexpr uint32_t DEFAULT_RING = 64 << 10; //!< Seven whole frames
constexpr uint16_t LAST_LENGTH = 1500;      //!< A length, not an EtherType (IEEE 802.3)

/** @return the protocol of a frame whose Ethernet header was taken off; an LLC header goes, too. */
uint16_t
TakeProtocol(Packet& packet, const EthernetHeader& ethernet)
{
    const uint16_t type = ethernet.GetLengthType();
    if (type > LAST_LENGTH)
    {
        return type;
    }
    LlcSnapHeader llc;
    if (packet.GetSize() > type)
    {
        packet.RemoveAtEnd(packet.GetSize() - type); // what made it longer
    }
    if (packet.GetSize() < llc.GetSerializedSize())
    {
        return type;
    }
    packet.RemoveHeader(llc);
    return llc.GetType();
}

} // namespace

TypeId
MtlinkNetDevice::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::MtlinkNetDevice")
            .SetParent<NetDevice>()
            .SetGroupName("Mtlink")
            .AddConstructor<MtlinkNetDevice>()
            .AddAttribute("Address",
                          "The MAC address.",
                          Mac48AddressValue(Mac48Address("ff:ff:ff:ff:ff:ff")),
                          MakeMac48AddressAccessor(&MtlinkNetDevice::m_address),
                          MakeMac48AddressChecker())
            .AddAttribute("Mtu",
                          "Largest packet of the layer above, bytes. Assumed: jumbo frames.",
                          UintegerValue(DEFAULT_MTU),
                          MakeUintegerAccessor(&MtlinkNetDevice::SetMtu, &MtlinkNetDevice::GetMtu),
                          MakeUintegerChecker<uint16_t>(LEAST_MTU))
            .AddAttribute("TrafficClass",
                          "Traffic class of the fabric in which its frames travel. Assumed: 0.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&MtlinkNetDevice::m_trafficClass),
                          MakeUintegerChecker<uint8_t>(0, 15))
            .AddAttribute("TxRing",
                          "Bytes of frames that the endpoint holds before they leave; one frame "
                          "in any case. Assumed: 64 KiB.",
                          UintegerValue(DEFAULT_RING),
                          MakeUintegerAccessor(&MtlinkNetDevice::m_ringLimit),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("TxQueue",
                          "Where frames wait for the endpoint to have room.",
                          PointerValue(),
                          MakePointerAccessor(&MtlinkNetDevice::m_queue),
                          MakePointerChecker<Queue<Packet>>())
            .AddAttribute("ReceiveErrorModel",
                          "Says which frames are broken as they come in. Default: none.",
                          PointerValue(),
                          MakePointerAccessor(&MtlinkNetDevice::m_receiveErrors),
                          MakePointerChecker<ErrorModel>())
            .AddTraceSource("MacTx",
                            "A frame has come from above.",
                            MakeTraceSourceAccessor(&MtlinkNetDevice::m_macTx),
                            "ns3::Packet::TracedCallback")
            .AddTraceSource("MacTxDrop",
                            "A packet from above is not sent: the link is down, the queue is "
                            "full, or it is longer than the MTU.",
                            MakeTraceSourceAccessor(&MtlinkNetDevice::m_macTxDrop),
                            "ns3::Packet::TracedCallback")
            .AddTraceSource("MacPromiscRx",
                            "A frame has come in, for whomever.",
                            MakeTraceSourceAccessor(&MtlinkNetDevice::m_macPromiscRx),
                            "ns3::Packet::TracedCallback")
            .AddTraceSource("MacRx",
                            "A frame for this device has come in.",
                            MakeTraceSourceAccessor(&MtlinkNetDevice::m_macRx),
                            "ns3::Packet::TracedCallback")
            .AddTraceSource("PhyTxBegin",
                            "A frame is handed to the endpoint.",
                            MakeTraceSourceAccessor(&MtlinkNetDevice::m_phyTxBegin),
                            "ns3::Packet::TracedCallback")
            .AddTraceSource("PhyTxEnd",
                            "The last bit of a frame, and of all its copies, has left.",
                            MakeTraceSourceAccessor(&MtlinkNetDevice::m_phyTxEnd),
                            "ns3::Packet::TracedCallback")
            .AddTraceSource("PhyRxEnd",
                            "The last bit of a frame has come in.",
                            MakeTraceSourceAccessor(&MtlinkNetDevice::m_phyRxEnd),
                            "ns3::Packet::TracedCallback")
            .AddTraceSource("PhyRxDrop",
                            "A frame does not come in: a fault took part of it, or the error "
                            "model says that it is broken.",
                            MakeTraceSourceAccessor(&MtlinkNetDevice::m_phyRxDrop),
                            "ns3::Packet::TracedCallback")
            .AddTraceSource("Sniffer",
                            "Frames as they are handed to the endpoint, and those for this device "
                            "as they come in.",
                            MakeTraceSourceAccessor(&MtlinkNetDevice::m_sniffer),
                            "ns3::Packet::TracedCallback")
            .AddTraceSource("PromiscSniffer",
                            "As Sniffer, and frames for others that come in.",
                            MakeTraceSourceAccessor(&MtlinkNetDevice::m_promiscSniffer),
                            "ns3::Packet::TracedCallback");
    return tid;
}

MtlinkNetDevice::MtlinkNetDevice() = default;
MtlinkNetDevice::~MtlinkNetDevice() = default;

void
MtlinkNetDevice::DoDispose()
{
    NS_LOG_FUNCTION(this);
    m_node = nullptr;
    m_channel = nullptr;
    m_queue = nullptr;
    m_receiveErrors = nullptr;
    m_receive = ReceiveCallback();
    m_promiscReceive = PromiscReceiveCallback();
    NetDevice::DoDispose();
}

void
MtlinkNetDevice::SetQueue(Ptr<Queue<Packet>> queue)
{
    m_queue = queue;
}

Ptr<Queue<Packet>>
MtlinkNetDevice::GetQueue() const
{
    return m_queue;
}

void
MtlinkNetDevice::Join(Ptr<MtlinkChannel> channel, uint32_t index, uint32_t endpoint)
{
    NS_ABORT_MSG_IF(m_channel, "a device is on one channel");
    const uint32_t classes = channel->GetFabric()->GetTrafficClasses();
    NS_ABORT_MSG_IF(m_trafficClass >= classes,
                    "TrafficClass is " << uint32_t{m_trafficClass}
                                       << ", and the fabric's traffic classes are 0 to "
                                       << classes - 1);
    m_channel = channel;
    m_index = index;
    m_endpoint = endpoint;
    m_channel->Learn(m_address, this);
    m_linkChange();
}

bool
MtlinkNetDevice::Send(Ptr<Packet> packet, const Address& dest, uint16_t protocolNumber)
{
    return SendFrom(packet, m_address, dest, protocolNumber);
}

bool
MtlinkNetDevice::SendFrom(Ptr<Packet> packet,
                          const Address& source,
                          const Address& dest,
                          uint16_t protocolNumber)
{
    NS_LOG_FUNCTION(this << packet << source << dest << protocolNumber);
    NS_ABORT_MSG_UNLESS(m_queue, "a device has a queue: see MtlinkHelper::InstallNetDevices()");
    if (!IsLinkUp() || packet->GetSize() > m_mtu)
    {
        NS_LOG_LOGIC("link down, or " << packet->GetSize() << " bytes are more than the MTU");
        m_macTxDrop(packet);
        return false;
    }
    const Mac48Address from = Mac48Address::ConvertFrom(source);
    if (from != m_address)
    {
        m_channel->Learn(from, this); // a bridge: what is for that address comes here
    }
    EthernetHeader header(false);
    header.SetSource(from);
    header.SetDestination(Mac48Address::ConvertFrom(dest));
    header.SetLengthType(protocolNumber);
    packet->AddHeader(header);
    m_macTx(packet);
    if (!m_queue->Enqueue(packet))
    {
        m_macTxDrop(packet);
        return false;
    }
    Feed();
    return true;
}

void
MtlinkNetDevice::Feed()
{
    if (m_isFeeding)
    {
        return; // a frame taken from the queue may bring the next from above: it waits its turn
    }
    m_isFeeding = true;
    while (m_ring < m_ringLimit && !m_queue->IsEmpty())
    {
        const Ptr<Packet> frame = m_queue->Dequeue();
        m_ring += frame->GetSize();
        m_sniffer(frame);
        m_promiscSniffer(frame);
        m_phyTxBegin(frame);
        EthernetHeader header(false);
        frame->PeekHeader(header);
        m_channel->Transmit(*this, frame, header.GetDestination());
    }
    m_isFeeding = false;
}

void
MtlinkNetDevice::FrameSent(Ptr<Packet> frame)
{
    m_ring -= frame->GetSize();
    m_phyTxEnd(frame);
    if (m_channel) // not disposed of
    {
        Feed();
    }
}

void
MtlinkNetDevice::Receive(Ptr<Packet> frame, bool isMarked)
{
    NS_LOG_FUNCTION(this << frame << isMarked);
    if (m_receiveErrors && m_receiveErrors->IsCorrupt(frame->Copy()))
    {
        m_phyRxDrop(frame);
        return;
    }
    const Ptr<Packet> packet = frame->Copy();
    EthernetHeader header(false);
    packet->RemoveHeader(header);
    const uint16_t protocol = TakeProtocol(*packet, header);
    if (isMarked && mtlink::MarkCongestion(*packet, protocol))
    {
        frame = packet->Copy();
        frame->AddHeader(header);
    }
    m_phyRxEnd(frame);
    HandUp(frame, packet, header, protocol);
}

void
MtlinkNetDevice::HandUp(Ptr<const Packet> frame,
                        Ptr<Packet> packet,
                        const EthernetHeader& header,
                        uint16_t protocol)
{
    PacketType type = PACKET_OTHERHOST;
    if (header.GetDestination().IsBroadcast())
    {
        type = PACKET_BROADCAST;
    }
    else if (header.GetDestination().IsGroup())
    {
        type = PACKET_MULTICAST;
    }
    else if (header.GetDestination() == m_address)
    {
        type = PACKET_HOST;
    }
    m_promiscSniffer(frame);
    m_macPromiscRx(frame);
    if (!m_promiscReceive.IsNull())
    {
        m_promiscReceive(this,
                         packet->Copy(),
                         protocol,
                         header.GetSource(),
                         header.GetDestination(),
                         type);
    }
    if (type == PACKET_OTHERHOST)
    {
        return;
    }
    m_sniffer(frame);
    m_macRx(frame);
    if (!m_receive.IsNull())
    {
        m_receive(this, packet, protocol, header.GetSource());
    }
}

void
MtlinkNetDevice::Lose(Ptr<Packet> frame)
{
    m_phyRxDrop(frame);
}

void
MtlinkNetDevice::LinkChanged()
{
    NS_LOG_FUNCTION(this << IsLinkUp());
    m_linkChange();
}

void
MtlinkNetDevice::SetIfIndex(const uint32_t index)
{
    m_ifIndex = index;
}

uint32_t
MtlinkNetDevice::GetIfIndex() const
{
    return m_ifIndex;
}

Ptr<Channel>
MtlinkNetDevice::GetChannel() const
{
    return m_channel;
}

void
MtlinkNetDevice::SetAddress(Address address)
{
    m_address = Mac48Address::ConvertFrom(address);
    if (m_channel)
    {
        m_channel->Learn(m_address, this);
    }
}

Address
MtlinkNetDevice::GetAddress() const
{
    return m_address;
}

bool
MtlinkNetDevice::SetMtu(const uint16_t mtu)
{
    if (mtu < LEAST_MTU)
    {
        return false;
    }
    m_mtu = mtu;
    return true;
}

uint16_t
MtlinkNetDevice::GetMtu() const
{
    return m_mtu;
}

bool
MtlinkNetDevice::IsLinkUp() const
{
    return m_channel && m_channel->IsUp(m_endpoint);
}

void
MtlinkNetDevice::AddLinkChangeCallback(Callback<void> callback)
{
    m_linkChange.ConnectWithoutContext(callback);
}

bool
MtlinkNetDevice::IsBroadcast() const
{
    return true;
}

Address
MtlinkNetDevice::GetBroadcast() const
{
    return Mac48Address::GetBroadcast();
}

bool
MtlinkNetDevice::IsMulticast() const
{
    return true;
}

Address
MtlinkNetDevice::GetMulticast(Ipv4Address group) const
{
    return Mac48Address::GetMulticast(group);
}

Address
MtlinkNetDevice::GetMulticast(Ipv6Address group) const
{
    return Mac48Address::GetMulticast(group);
}

bool
MtlinkNetDevice::IsBridge() const
{
    return false;
}

bool
MtlinkNetDevice::IsPointToPoint() const
{
    return false;
}

Ptr<Node>
MtlinkNetDevice::GetNode() const
{
    return m_node;
}

void
MtlinkNetDevice::SetNode(Ptr<Node> node)
{
    m_node = node;
}

bool
MtlinkNetDevice::NeedsArp() const
{
    return true;
}

void
MtlinkNetDevice::SetReceiveCallback(ReceiveCallback callback)
{
    m_receive = callback;
}

void
MtlinkNetDevice::SetPromiscReceiveCallback(PromiscReceiveCallback callback)
{
    m_promiscReceive = callback;
}

bool
MtlinkNetDevice::SupportsSendFrom() const
{
    return true;
}

} // namespace ns3
