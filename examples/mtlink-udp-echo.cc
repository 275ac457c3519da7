/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * @ingroup mtlink
 * ns-3's first tutorial over a fabric: a UDP echo client and server on the first and the last
 * endpoint. But for the lines that make devices it is as over any other; see `tutorial/second.cc`.
 */

// Single headers: core-module.h of ns-3.37 is not C++20.
#include "ns3/command-line.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/log.h"
#include "ns3/mtlink-module.h"
#include "ns3/simulator.h"
#include "ns3/udp-echo-helper.h"
#include "ns3/uinteger.h"

#include <iostream>
#include <string>

using namespace ns3;

namespace
{

/** A packet came to the server or back to the client: print when. */
void
Print(std::string who, Ptr<const Packet> packet)
{
    std::cout << Simulator::Now().As(Time::US) << ": " << who << " got " << packet->GetSize()
              << " bytes\n";
}

} // namespace

int
main(int argc, char* argv[])
{
    MtlinkHelper mtlink; // before any Time: it sets the resolution to picoseconds
    std::string file = "topologies/dragonfly-72.yaml";
    std::string traces;
    CommandLine command(__FILE__);
    command.AddValue("fabric", "A fabric's YAML file", file);
    command.AddValue("traces", "Prefix of pcap and ASCII traces of both devices", traces);
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

    NodeContainer nodes(2);
    const NetDeviceContainer devices =
        mtlink.InstallNetDevices(nodes, fabric, {0, fabric->GetEndpoints() - 1});
    InternetStackHelper().Install(nodes);
    Ipv4AddressHelper addresses("10.1.1.0", "255.255.255.0");
    const Ipv4InterfaceContainer interfaces = addresses.Assign(devices);

    const ApplicationContainer server = UdpEchoServerHelper(9).Install(nodes.Get(1));
    UdpEchoClientHelper echoClient(interfaces.GetAddress(1), 9);
    echoClient.SetAttribute("MaxPackets", UintegerValue(3));
    echoClient.SetAttribute("Interval", TimeValue(MilliSeconds(20)));
    echoClient.SetAttribute("PacketSize", UintegerValue(1024));
    const ApplicationContainer client = echoClient.Install(nodes.Get(0));
    server.Get(0)->TraceConnectWithoutContext("Rx",
                                              MakeBoundCallback(&Print, std::string("the server")));
    client.Get(0)->TraceConnectWithoutContext("Rx",
                                              MakeBoundCallback(&Print, std::string("the client")));
    if (!traces.empty())
    {
        mtlink.EnablePcapAll(traces);
        mtlink.EnableAsciiAll(traces);
    }
    Simulator::Run();
    fabric = nullptr; // before the simulator
    Simulator::Destroy();
    return 0;
}
