/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * @ingroup mtlink
 * An animation of a fabric for NetAnim: endpoints and switches at places by the topology, and a UDP
 * echo between the first and the last endpoint.
 */

// Single headers: core-module.h of ns-3.37 is not C++20.
#include "ns3/animation-interface.h"
#include "ns3/command-line.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/mtlink-module.h"
#include "ns3/simulator.h"
#include "ns3/udp-echo-helper.h"
#include "ns3/uinteger.h"

#include <iostream>
#include <string>
#include <vector>

using namespace ns3;

int
main(int argc, char* argv[])
{
    MtlinkHelper mtlink; // before any Time: it sets the resolution to picoseconds
    std::string file = "topologies/dragonfly-72.yaml";
    std::string animation;
    CommandLine command(__FILE__);
    command.AddValue("fabric", "A fabric's YAML file", file);
    command.AddValue("animation", "File for NetAnim; else places are printed", animation);
    command.Parse(argc, argv);
    Ptr<MtlinkFabric> fabric;
    try
    {
        fabric = mtlink.Build(file);
    }
    catch (const mtlink::InputError& error)
    {
        std::cerr << error.what() << "\n";
        return 1;
    }

    NodeContainer endpoints(fabric->GetEndpoints());
    const NodeContainer nodes(endpoints, MtlinkHelper::CreateSwitchNodes(fabric));
    const std::vector<Vector> places = MtlinkHelper::GetPositions(fabric);
    const NetDeviceContainer devices = mtlink.InstallNetDevices(endpoints, fabric);
    InternetStackHelper().Install(endpoints);
    Ipv4AddressHelper addresses("10.1.0.0", "255.255.0.0");
    const Ipv4InterfaceContainer interfaces = addresses.Assign(devices);
    const uint32_t last = endpoints.GetN() - 1;
    UdpEchoServerHelper(9).Install(endpoints.Get(last));
    UdpEchoClientHelper client(interfaces.GetAddress(last), 9);
    client.SetAttribute("MaxPackets", UintegerValue(3));
    client.SetAttribute("Interval", TimeValue(MilliSeconds(20)));
    client.Install(endpoints.Get(0));

    for (uint32_t i = 0; animation.empty() && i < nodes.GetN(); ++i)
    {
        std::cout << fabric->GetTopology().GetName(i) << " " << places[i].x << " " << places[i].y
                  << "\n";
    }
    if (!animation.empty())
    {
        for (uint32_t i = 0; i < nodes.GetN(); ++i)
        {
            AnimationInterface::SetConstantPosition(nodes.Get(i), places[i].x, places[i].y);
        }
        AnimationInterface netAnim(animation);
        for (uint32_t i = 0; i < nodes.GetN(); ++i)
        {
            netAnim.UpdateNodeDescription(nodes.Get(i), fabric->GetTopology().GetName(i));
        }
        Simulator::Stop(Seconds(1)); // it looks for moves for ever
        Simulator::Run();
    }
    fabric = nullptr; // before the simulator
    Simulator::Destroy();
    return 0;
}
