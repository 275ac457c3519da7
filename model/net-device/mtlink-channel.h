/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CHANNEL_H
#define MTLINK_CHANNEL_H

#include "ns3/channel.h"
#include "ns3/mac48-address.h"
#include "ns3/mtlink-fabric.h"
#include "ns3/packet.h"

#include <cstdint>
#include <map>
#include <vector>

namespace ns3
{

class MtlinkNetDevice;

/**
 * @ingroup mtlink
 * What joins the MtlinkNetDevices of one fabric: a frame is a message from one endpoint to another.
 *
 * The frame itself is kept here while the fabric's packets carry its bytes. A frame for everybody,
 * a group or an address that nobody has is copied to every other endpoint that has devices: by the
 * switches where they can (`switch.multicast`) and no fault drops packets, else by its sender.
 * Devices at one endpoint hear one another at once, without the fabric.
 */
class MtlinkChannel : public Channel, private mtlink::MessageClient
{
  public:
    /**
     * Register this type.
     * @return The object TypeId.
     */
    static TypeId GetTypeId();

    /**
     * @param [in] fabric A fabric.
     * @return its channel, made when first asked for.
     */
    static Ptr<MtlinkChannel> Of(Ptr<MtlinkFabric> fabric);

    /** @return the fabric; nullptr after Dispose(). */
    Ptr<MtlinkFabric> GetFabric() const
    {
        return m_fabric;
    }

    std::size_t GetNDevices() const override;
    Ptr<NetDevice> GetDevice(std::size_t i) const override;

    /**
     * A device joins.
     * @param [in] device The device, on no channel yet.
     * @param [in] endpoint Where; below GetFabric()->GetEndpoints(). Several may be at one.
     */
    void Attach(Ptr<MtlinkNetDevice> device, uint32_t endpoint);

    /**
     * Frames to an address go to a device from now on.
     * @param [in] address The address, of one device.
     * @param [in] device That device, attached.
     */
    void Learn(Mac48Address address, Ptr<MtlinkNetDevice> device);

    /**
     * Send a frame: MtlinkNetDevice::FrameSent() is called when its last bit has left, and
     * MtlinkNetDevice::Receive() where it comes in.
     * @param [in] device Whose.
     * @param [in] frame The frame, its Ethernet header on.
     * @param [in] to Its destination.
     */
    void Transmit(const MtlinkNetDevice& device, Ptr<Packet> frame, Mac48Address to);

    /**
     * @param [in] endpoint An endpoint.
     * @return whether it has a link out and a link in that carry packets.
     */
    bool IsUp(uint32_t endpoint) const
    {
        return m_endpoints[endpoint].isUp;
    }

    /** @return frames, a copy for each endpoint, that faults took. */
    uint64_t GetFramesLost() const
    {
        return m_lost;
    }

    /** @return frames, a copy for each endpoint, that came in over the fabric. */
    uint64_t GetFramesDelivered() const
    {
        return m_delivered;
    }

    /** @return their bytes, Ethernet headers included. */
    uint64_t GetBytesDelivered() const
    {
        return m_deliveredBytes;
    }

  private:
    /** No device: all of an endpoint. */
    static constexpr uint32_t ALL_DEVICES = UINT32_MAX;

    /** Copied by its sender. */
    static constexpr uint32_t NO_TREE = UINT32_MAX;

    /** What copies frames in the network. */
    struct Tree
    {
        uint8_t trafficClass;            //!< Of such frames
        std::vector<uint32_t> endpoints; //!< All that have devices, when it was asked for
        uint32_t group;                  //!< The fabric's; mtlink::NO_GROUP: it can't
    };

    /** A frame under way. Its copies' cookies: its index, times 2^32, and the endpoint they go to;
     * the place of that in the tree, if it has one.
     */
    struct Frame
    {
        Ptr<Packet> packet; //!< What the device handed over
        uint32_t from;      //!< Device that sent it
        uint32_t to;        //!< Device that gets it, or ALL_DEVICES
        uint32_t tree;      //!< What copies it, or NO_TREE
        uint32_t toSend;    //!< Copies that have not left
        uint32_t toArrive;  //!< Copies that are not in, nor lost
        uint32_t nextFree;  //!< The next free record
    };

    /** What is at an endpoint. */
    struct Endpoint
    {
        std::vector<uint32_t> devices; //!< Its devices
        std::vector<uint32_t> linksIn; //!< Links to it
        bool isUp{true};               //!< As of the latest LinkState
    };

    void DoDispose() override;
    void MessageSent(uint64_t cookie) override;
    void MessageDelivered(uint64_t cookie) override;
    void MessageLost(uint64_t cookie) override;

    /** The fabric becomes this channel's. */
    void SetFabric(Ptr<MtlinkFabric> fabric);

    /** @return whether an endpoint has a link out and a link in that carry packets. */
    bool HasLinks(uint32_t endpoint) const;

    /** A fault, or its end: tell the devices at an endpoint whose state it changes. */
    void LinkChanged(uint32_t link, bool isUp);

    /** @return a record for a frame. */
    uint32_t AddFrame(Ptr<Packet> packet, uint32_t from, uint32_t to);

    /** Hand a copy of a frame to the fabric. */
    void Send(uint32_t frame, uint32_t endpoint, uint32_t flow);

    /** Hand a frame for all other endpoints to the fabric. */
    void SendToAll(uint32_t frame, uint32_t flow);

    /** @return the tree for frames of a traffic class to all endpoints, or NO_TREE. */
    uint32_t GetTree(uint8_t trafficClass);

    /** @return where the copy of a frame goes. */
    uint32_t GetDestination(const Frame& frame, uint64_t cookie) const;

    /** A frame reaches the devices of an endpoint that it is for, but its source. */
    void Deliver(const Frame& frame, uint32_t endpoint, bool isMarked);

    /** The record of a frame may be another's, if nothing of it is under way. */
    void Release(uint32_t frame);

    Ptr<MtlinkFabric> m_fabric;                  //!< Carries all
    std::vector<Ptr<MtlinkNetDevice>> m_devices; //!< In order of joining
    std::vector<Endpoint> m_endpoints;           //!< By number
    std::vector<uint32_t> m_used;                //!< Endpoints that have devices, in order
    std::map<Mac48Address, uint32_t> m_deviceOf; //!< By address
    std::vector<Tree> m_trees;                   //!< Those asked for
    std::vector<Frame> m_frames;                 //!< Under way, and free ones
    uint32_t m_freeFrame{UINT32_MAX};            //!< First free one
    uint64_t m_lost{0};                          //!< Copies that faults took
    uint64_t m_delivered{0};                     //!< Copies that came in
    uint64_t m_deliveredBytes{0};                //!< Their bytes
};

} // namespace ns3

#endif // MTLINK_CHANNEL_H
