/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TEST_DEVICES_H
#define MTLINK_TEST_DEVICES_H

#include "../simulation.h"

#include "ns3/data-rate.h"
#include "ns3/mtlink-channel.h"
#include "ns3/mtlink-helper.h"
#include "ns3/mtlink-net-device.h"
#include "ns3/mtlink-single-switch-topology.h"
#include "ns3/node.h"
#include "ns3/uinteger.h"

#include <cstdint>
#include <string>
#include <vector>

/** A frame as the layer above got it. */
struct Received
{
    uint32_t device;              //!< Which device
    int64_t at;                   //!< When, ps
    uint32_t bytes;               //!< Of the packet
    uint16_t protocol;            //!< Its EtherType
    ns3::Address source;          //!< Who sent it
    std::vector<uint8_t> content; //!< The packet
};

/** Devices on a fabric, and what they hear. */
struct TestDevices
{
    static constexpr uint16_t PROTOCOL = 0x88b5; //!< For experiments (IEEE 802)

    /**
     * One switch, links of 100 Gb/s.
     * @param [in] endpoints How many.
     * @param [in] latency Of each link.
     */
    void Build(uint32_t endpoints, ns3::Time latency = ns3::NanoSeconds(100))
    {
        helper.SetLinkAttribute("Rate", ns3::DataRateValue(ns3::DataRate("100Gbps")));
        helper.SetLinkAttribute("Latency", ns3::TimeValue(latency));
        fabric = helper.Build(ns3::CreateObjectWithAttributes<ns3::mtlink::SingleSwitchTopology>(
            "Endpoints",
            ns3::UintegerValue(endpoints)));
    }

    /** A node and a device for each endpoint. */
    void Install()
    {
        std::vector<uint32_t> endpoints(fabric->GetEndpoints());
        for (uint32_t i = 0; i < endpoints.size(); ++i)
        {
            endpoints[i] = i;
        }
        Install(endpoints);
    }

    /** A node and a device at each of these endpoints. */
    void Install(const std::vector<uint32_t>& endpoints)
    {
        nodes.Create(static_cast<uint32_t>(endpoints.size()));
        devices = helper.InstallNetDevices(nodes, fabric, endpoints);
        for (uint32_t i = 0; listens && i < devices.GetN(); ++i)
        {
            devices.Get(i)->SetReceiveCallback(ns3::MakeCallback(&TestDevices::Hear, this));
        }
    }

    /** @return a device. */
    ns3::Ptr<ns3::MtlinkNetDevice> Get(uint32_t i) const
    {
        return ns3::DynamicCast<ns3::MtlinkNetDevice>(devices.Get(i));
    }

    /** @return the address of a device. */
    ns3::Address GetAddress(uint32_t i) const
    {
        return devices.Get(i)->GetAddress();
    }

    /** Send bytes from one device to an address. @return what Send() says. */
    bool Send(uint32_t from,
              const ns3::Address& to,
              const std::vector<uint8_t>& bytes,
              uint16_t protocol = PROTOCOL) const
    {
        const auto packet = ns3::Create<ns3::Packet>(bytes.data(), bytes.size());
        return devices.Get(from)->Send(packet, to, protocol);
    }

    /** A packet is in. */
    bool Hear(ns3::Ptr<ns3::NetDevice> device,
              ns3::Ptr<const ns3::Packet> packet,
              uint16_t protocol,
              const ns3::Address& source)
    {
        Received one{ns3::DynamicCast<ns3::MtlinkNetDevice>(device)->GetIndex(),
                     ns3::Simulator::Now().GetPicoSeconds(),
                     packet->GetSize(),
                     protocol,
                     source,
                     std::vector<uint8_t>(packet->GetSize())};
        packet->CopyData(one.content.data(), packet->GetSize());
        received.push_back(one);
        return true;
    }

    bool listens{true};                 //!< In place of the nodes' stacks
    ns3::MtlinkHelper helper;           //!< Builds and installs
    ns3::Ptr<ns3::MtlinkFabric> fabric; //!< The fabric
    ns3::NodeContainer nodes;           //!< Nodes
    ns3::NetDeviceContainer devices;    //!< Their devices
    std::vector<Received> received;     //!< All that was heard, in order
};

#endif // MTLINK_TEST_DEVICES_H
