/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// As most of ns-3's scripts begin, in C++17: core-module.h of ns-3.37 is not C++20.
#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/mtlink-module.h"
#include "ns3/network-module.h"

#include <iostream>

using namespace ns3;

int
main()
{
    MtlinkHelper mtlink;
    const Ptr<MtlinkFabric> fabric = mtlink.Build(
        CreateObjectWithAttributes<mtlink::SingleSwitchTopology>("Endpoints", UintegerValue(4)));
    NodeContainer nodes(2);
    const NetDeviceContainer devices = mtlink.InstallNetDevices(nodes, fabric);
    InternetStackHelper().Install(nodes);
    Ipv4AddressHelper addresses("10.1.1.0", "255.255.255.0");
    const Ipv4InterfaceContainer interfaces = addresses.Assign(devices);
    UdpEchoServerHelper(9).Install(nodes.Get(1));
    UdpEchoClientHelper client(interfaces.GetAddress(1), 9);
    client.SetAttribute("MaxPackets", UintegerValue(1));
    client.Install(nodes.Get(0));
    const Ptr<MtlinkWorkload> work =
        mtlink.InstallWorkload(fabric, "{collective: all_reduce, size: 64KiB}");
    Simulator::Schedule(NanoSeconds(7), [] { std::cout << "ran\n"; });
    Simulator::Run();
    // Two frames of ARP, two of the echo, those of IPv6, and the collective.
    const bool isWhole = MtlinkChannel::Of(fabric)->GetFramesDelivered() >= 4 && work->IsComplete();
    Simulator::Destroy();
    return isWhole ? 0 : 1;
}
