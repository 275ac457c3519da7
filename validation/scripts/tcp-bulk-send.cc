/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/*
 * In the shape of ns-3's tcp/tcp-bulk-send.cc: one transfer by TCP between two nodes. Compiled
 * twice: with STOCK over ns-3's own devices, and over a fabric; what is not between #ifdef and
 * #endif is the same, as in a user's script.
 */

#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/network-module.h"
#ifdef STOCK
#include "ns3/point-to-point-module.h"
#else
#include "ns3/mtlink-module.h"
#endif

#include <iostream>

using namespace ns3;

NS_LOG_COMPONENT_DEFINE("ScriptLikeTcpBulkSend");

int
main(int argc, char* argv[])
{
    bool tracing = false;
    uint32_t maxBytes = 0;

    CommandLine cmd(__FILE__);
    cmd.AddValue("tracing", "Write ASCII and pcap traces", tracing);
    cmd.AddValue("maxBytes", "Bytes of the transfer; 0: as many as it comes to", maxBytes);
    cmd.Parse(argc, argv);

    NodeContainer nodes;
    nodes.Create(2);

#ifdef STOCK
    PointToPointHelper pointToPoint;
    pointToPoint.SetDeviceAttribute("DataRate", StringValue("1Mbps"));
    pointToPoint.SetChannelAttribute("Delay", StringValue("5ms"));
    NetDeviceContainer devices = pointToPoint.Install(nodes);
#else
    MtlinkHelper pointToPoint;
    pointToPoint.SetLinkAttribute("Rate", StringValue("1Mbps"));
    pointToPoint.SetLinkAttribute("Latency", StringValue("5ms"));
    NetDeviceContainer devices = pointToPoint.InstallNetDevices(
        nodes,
        pointToPoint.Build(
            CreateObjectWithAttributes<mtlink::FullMeshTopology>("Endpoints", UintegerValue(2))));
#endif

    InternetStackHelper internet;
    internet.Install(nodes);
    Ipv4AddressHelper ipv4;
    ipv4.SetBase("10.1.1.0", "255.255.255.0");
    Ipv4InterfaceContainer interfaces = ipv4.Assign(devices);

    uint16_t port = 9;
    BulkSendHelper source("ns3::TcpSocketFactory",
                          InetSocketAddress(interfaces.GetAddress(1), port));
    source.SetAttribute("MaxBytes", UintegerValue(maxBytes));
    ApplicationContainer sourceApps = source.Install(nodes.Get(0));
    sourceApps.Start(Seconds(0.0));
    sourceApps.Stop(Seconds(10.0));

    PacketSinkHelper sink("ns3::TcpSocketFactory", InetSocketAddress(Ipv4Address::GetAny(), port));
    ApplicationContainer sinkApps = sink.Install(nodes.Get(1));
    sinkApps.Start(Seconds(0.0));
    sinkApps.Stop(Seconds(10.0));

    if (tracing)
    {
        AsciiTraceHelper ascii;
        pointToPoint.EnableAsciiAll(ascii.CreateFileStream("tcp-bulk-send.tr"));
        pointToPoint.EnablePcapAll("tcp-bulk-send", false);
    }

    Simulator::Stop(Seconds(10.0));
    Simulator::Run();
    Simulator::Destroy();

    Ptr<PacketSink> received = DynamicCast<PacketSink>(sinkApps.Get(0));
    std::cout << "Total Bytes Received: " << received->GetTotalRx() << std::endl;
    return 0;
}
