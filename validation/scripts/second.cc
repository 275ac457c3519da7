/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/*
 * In the shape of ns-3's tutorial/second.cc: a UDP echo from a node on one network, by a router,
 * to the last node of another. Compiled twice: with STOCK over ns-3's own devices, and over two
 * fabrics; what is not between #ifdef and #endif is the same, as in a user's script.
 */

#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/network-module.h"
#ifdef STOCK
#include "ns3/csma-module.h"
#include "ns3/point-to-point-module.h"
#else
#include "ns3/mtlink-module.h"
#endif

using namespace ns3;

NS_LOG_COMPONENT_DEFINE("ScriptLikeSecond");

int
main(int argc, char* argv[])
{
    uint32_t hosts = 3;

    CommandLine cmd(__FILE__);
    cmd.AddValue("hosts", "Nodes of the second network, beside the router", hosts);
    cmd.Parse(argc, argv);

    LogComponentEnable("UdpEchoClientApplication", LOG_LEVEL_INFO);
    LogComponentEnable("UdpEchoServerApplication", LOG_LEVEL_INFO);

    NodeContainer pair;
    pair.Create(2);
    NodeContainer lan;
    lan.Add(pair.Get(1));
    lan.Create(hosts);

#ifdef STOCK
    PointToPointHelper pointToPoint;
    pointToPoint.SetDeviceAttribute("DataRate", StringValue("5Mbps"));
    pointToPoint.SetChannelAttribute("Delay", StringValue("2ms"));
    NetDeviceContainer pairDevices = pointToPoint.Install(pair);
    CsmaHelper csma;
    csma.SetChannelAttribute("DataRate", StringValue("100Mbps"));
    csma.SetChannelAttribute("Delay", TimeValue(NanoSeconds(6560)));
    NetDeviceContainer lanDevices = csma.Install(lan);
#else
    MtlinkHelper pointToPoint;
    pointToPoint.SetLinkAttribute("Rate", StringValue("5Mbps"));
    pointToPoint.SetLinkAttribute("Latency", StringValue("2ms"));
    NetDeviceContainer pairDevices = pointToPoint.InstallNetDevices(
        pair,
        pointToPoint.Build(
            CreateObjectWithAttributes<mtlink::FullMeshTopology>("Endpoints", UintegerValue(2))));
    MtlinkHelper csma;
    csma.SetLinkAttribute("Rate", StringValue("100Mbps"));
    csma.SetLinkAttribute("Latency", TimeValue(NanoSeconds(3280)));
    NetDeviceContainer lanDevices =
        csma.InstallNetDevices(lan,
                               csma.Build(CreateObjectWithAttributes<mtlink::SingleSwitchTopology>(
                                   "Endpoints",
                                   UintegerValue(lan.GetN()))));
#endif

    InternetStackHelper stack;
    stack.Install(pair.Get(0));
    stack.Install(lan);

    Ipv4AddressHelper address;
    address.SetBase("10.1.1.0", "255.255.255.0");
    Ipv4InterfaceContainer pairInterfaces = address.Assign(pairDevices);
    address.SetBase("10.1.2.0", "255.255.255.0");
    Ipv4InterfaceContainer lanInterfaces = address.Assign(lanDevices);

    UdpEchoServerHelper echoServer(9);
    ApplicationContainer serverApps = echoServer.Install(lan.Get(hosts));
    serverApps.Start(Seconds(1.0));
    serverApps.Stop(Seconds(10.0));

    UdpEchoClientHelper echoClient(lanInterfaces.GetAddress(hosts), 9);
    echoClient.SetAttribute("MaxPackets", UintegerValue(1));
    echoClient.SetAttribute("Interval", TimeValue(Seconds(1.0)));
    echoClient.SetAttribute("PacketSize", UintegerValue(1024));
    ApplicationContainer clientApps = echoClient.Install(pair.Get(0));
    clientApps.Start(Seconds(2.0));
    clientApps.Stop(Seconds(10.0));

    Ipv4GlobalRoutingHelper::PopulateRoutingTables();

    pointToPoint.EnablePcapAll("second");
    csma.EnablePcap("second", lanDevices.Get(1), true);

    Simulator::Run();
    Simulator::Destroy();
    return 0;
}
