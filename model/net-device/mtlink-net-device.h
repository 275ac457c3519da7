/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_NET_DEVICE_H
#define MTLINK_NET_DEVICE_H

#include "ns3/callback.h"
#include "ns3/error-model.h"
#include "ns3/mac48-address.h"
#include "ns3/net-device.h"
#include "ns3/packet.h"
#include "ns3/queue.h"
#include "ns3/traced-callback.h"

#include <cstdint>

namespace ns3
{

class EthernetHeader;
class MtlinkChannel;

/**
 * @ingroup mtlink
 * An endpoint of a fabric as a network device of an ns-3 node: IP stacks, sockets and applications
 * run over it as over any Ethernet. MtlinkHelper::InstallNetDevices() makes them.
 *
 * Frames wait in `TxQueue` while the endpoint holds `TxRing` bytes that have not left; credits
 * push back to the queue, and it to the queue disc above. A frame of some IP flow takes the path of
 * that flow. Frames carry an Ethernet header and no checksum; the fabric's own headers come on top.
 */
class MtlinkNetDevice : public NetDevice
{
  public:
    /**
     * Register this type.
     * @return The object TypeId.
     */
    static TypeId GetTypeId();

    MtlinkNetDevice();
    ~MtlinkNetDevice() override;

    /** @param [in] queue Where frames wait for the endpoint. */
    void SetQueue(Ptr<Queue<Packet>> queue);

    /** @return where frames wait for the endpoint. */
    Ptr<Queue<Packet>> GetQueue() const;

    /** @return its endpoint in the fabric. */
    uint32_t GetEndpoint() const
    {
        return m_endpoint;
    }

    /** @return its place among the devices of its channel. */
    uint32_t GetIndex() const
    {
        return m_index;
    }

    /** @return the traffic class of what it sends. */
    uint8_t GetTrafficClass() const
    {
        return m_trafficClass;
    }

    // For its channel.

    /**
     * It is on a channel now.
     * @param [in] channel The channel.
     * @param [in] index Its place there.
     * @param [in] endpoint Its endpoint.
     */
    void Join(Ptr<MtlinkChannel> channel, uint32_t index, uint32_t endpoint);

    /** The last bit of a frame, and of all its copies, has left. @param [in] frame The frame. */
    void FrameSent(Ptr<Packet> frame);

    /**
     * A frame is in.
     * @param [in] frame The frame, as it was sent; shared with others who get it.
     * @param [in] isMarked Whether a switch marked a packet of it (ECN).
     */
    void Receive(Ptr<Packet> frame, bool isMarked);

    /** A fault took a frame that was for it. @param [in] frame The frame. */
    void Lose(Ptr<Packet> frame);

    /** Its endpoint's links went down or came up. */
    void LinkChanged();

    // NetDevice
    void SetIfIndex(const uint32_t index) override;
    uint32_t GetIfIndex() const override;
    Ptr<Channel> GetChannel() const override;
    void SetAddress(Address address) override;
    Address GetAddress() const override;
    bool SetMtu(const uint16_t mtu) override;
    uint16_t GetMtu() const override;
    bool IsLinkUp() const override;
    void AddLinkChangeCallback(Callback<void> callback) override;
    bool IsBroadcast() const override;
    Address GetBroadcast() const override;
    bool IsMulticast() const override;
    Address GetMulticast(Ipv4Address group) const override;
    Address GetMulticast(Ipv6Address group) const override;
    bool IsBridge() const override;
    bool IsPointToPoint() const override;
    bool Send(Ptr<Packet> packet, const Address& dest, uint16_t protocolNumber) override;
    bool SendFrom(Ptr<Packet> packet,
                  const Address& source,
                  const Address& dest,
                  uint16_t protocolNumber) override;
    Ptr<Node> GetNode() const override;
    void SetNode(Ptr<Node> node) override;
    bool NeedsArp() const override;
    void SetReceiveCallback(ReceiveCallback callback) override;
    void SetPromiscReceiveCallback(PromiscReceiveCallback callback) override;
    bool SupportsSendFrom() const override;

  private:
    void DoDispose() override;

    /** Hand frames to the endpoint, as long as it has room for them. */
    void Feed();

    /** Hand a frame's packet to whoever listens to all, and to the layer above if it is for this.
     */
    void HandUp(Ptr<const Packet> frame,
                Ptr<Packet> packet,
                const EthernetHeader& header,
                uint16_t protocol);

    Ptr<Node> m_node;                        //!< Its node
    Ptr<MtlinkChannel> m_channel;            //!< Its channel
    Ptr<Queue<Packet>> m_queue;              //!< TxQueue
    Ptr<ErrorModel> m_receiveErrors;         //!< ReceiveErrorModel
    Mac48Address m_address;                  //!< Its address
    uint32_t m_index{0};                     //!< Its place on the channel
    uint32_t m_endpoint{0};                  //!< Its endpoint
    uint32_t m_ifIndex{0};                   //!< Its place in the node
    uint16_t m_mtu{0};                       //!< Largest packet that it takes, bytes
    uint8_t m_trafficClass{0};               //!< TrafficClass
    uint32_t m_ringLimit{0};                 //!< TxRing
    uint32_t m_ring{0};                      //!< Bytes at the endpoint that have not left
    bool m_isFeeding{false};                 //!< Feed() is under way: it may be called from below
    ReceiveCallback m_receive;               //!< The layer above
    PromiscReceiveCallback m_promiscReceive; //!< Who listens to all

    TracedCallback<> m_linkChange;                      //!< AddLinkChangeCallback()
    TracedCallback<Ptr<const Packet>> m_macTx;          //!< MacTx
    TracedCallback<Ptr<const Packet>> m_macTxDrop;      //!< MacTxDrop
    TracedCallback<Ptr<const Packet>> m_macPromiscRx;   //!< MacPromiscRx
    TracedCallback<Ptr<const Packet>> m_macRx;          //!< MacRx
    TracedCallback<Ptr<const Packet>> m_phyTxBegin;     //!< PhyTxBegin
    TracedCallback<Ptr<const Packet>> m_phyTxEnd;       //!< PhyTxEnd
    TracedCallback<Ptr<const Packet>> m_phyRxEnd;       //!< PhyRxEnd
    TracedCallback<Ptr<const Packet>> m_phyRxDrop;      //!< PhyRxDrop
    TracedCallback<Ptr<const Packet>> m_sniffer;        //!< Sniffer
    TracedCallback<Ptr<const Packet>> m_promiscSniffer; //!< PromiscSniffer
};

} // namespace ns3

#endif // MTLINK_NET_DEVICE_H
