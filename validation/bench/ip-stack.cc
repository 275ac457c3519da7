/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/*
 * TCP or UDP between 64 nodes, a fixed permutation, over a fat tree of two levels: once over
 * mtlink's devices, once over stock ns-3's PointToPointNetDevices, whose switches are nodes that
 * route IP. Links, latencies, queues and frames are the same; in stock ns-3 each switch and each
 * source takes the spine of the destination's number, as global routing knows no flows.
 *
 * usage: ip-stack mtlink|stock tcp|udp BYTES
 * Prints one JSON object: bytes, events, cpu_time_s, peak_rss_bytes. */

#include "ns3/bulk-send-helper.h"
#include "ns3/config.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/mtlink-module.h"
#include "ns3/on-off-helper.h"
#include "ns3/packet-sink-helper.h"
#include "ns3/packet-sink.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <ctime>
#include <iostream>
#include <string>
#include <sys/resource.h>
#include <vector>

using namespace ns3;

namespace
{

constexpr uint32_t HOSTS = 8;      //!< Of a leaf
constexpr uint32_t LEAVES = 8;     //!< And as many spines
constexpr uint32_t SEGMENT = 8948; //!< Payload of a frame of 9,000 bytes
constexpr uint16_t PORT = 5000;    //!< Where sinks listen
constexpr const char* RATE = "100Gbps";
constexpr const char* LATENCY = "150ns";

/** @return the address of a host. */
Ipv4Address
GetAddress(uint32_t host)
{
    return Ipv4Address(0x0a000000 | host / HOSTS << 8 | (host % HOSTS + 1));
}

/** The hosts, each with a device, an address and routes to all others, over mtlink. */
NodeContainer
BuildMtlink(MtlinkHelper& mtlink)
{
    mtlink.SetLinkAttribute("Rate", DataRateValue(DataRate(RATE)));
    mtlink.SetLinkAttribute("Latency", TimeValue(Time(LATENCY)));
    const Ptr<MtlinkFabric> fabric =
        mtlink.Build(CreateObjectWithAttributes<mtlink::FatTreeTopology>("Down",
                                                                         StringValue("8, 8"),
                                                                         "Up",
                                                                         StringValue("1, 8")));
    NodeContainer hosts(HOSTS * LEAVES);
    const NetDeviceContainer devices = mtlink.InstallNetDevices(hosts, fabric);
    InternetStackHelper().Install(hosts);
    for (uint32_t i = 0; i < hosts.GetN(); ++i)
    {
        const Ptr<Ipv4> ipv4 = hosts.Get(i)->GetObject<Ipv4>();
        const uint32_t interface = ipv4->AddInterface(devices.Get(i));
        ipv4->AddAddress(interface, Ipv4InterfaceAddress(GetAddress(i), Ipv4Mask("255.255.0.0")));
        ipv4->SetUp(interface);
    }
    return hosts;
}

/** The same over links of stock ns-3, and switches that are routers. */
NodeContainer
BuildStock()
{
    NodeContainer hosts(HOSTS * LEAVES);
    NodeContainer leaves(LEAVES);
    NodeContainer spines(LEAVES);
    InternetStackHelper stack;
    stack.Install(hosts);
    stack.Install(leaves);
    stack.Install(spines);
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue(RATE));
    link.SetDeviceAttribute("Mtu", UintegerValue(9000));
    link.SetChannelAttribute("Delay", StringValue(LATENCY));
    Ipv4StaticRoutingHelper routing;
    uint32_t network = 0;
    // An interface at each end, with an address; returns their numbers.
    const auto join = [&](Ptr<Node> a, Ptr<Node> b, Ipv4Address atA) {
        const NetDeviceContainer ends = link.Install(a, b);
        std::vector<uint32_t> interfaces;
        for (uint32_t i = 0; i < 2; ++i)
        {
            const Ptr<Ipv4> ipv4 = (i == 0 ? a : b)->GetObject<Ipv4>();
            interfaces.push_back(ipv4->AddInterface(ends.Get(i)));
            const Ipv4Address own(0x0b000000 | network++);
            ipv4->AddAddress(interfaces[i],
                             Ipv4InterfaceAddress(i == 0 && atA != Ipv4Address() ? atA : own,
                                                  Ipv4Mask("255.255.255.255")));
            ipv4->SetUp(interfaces[i]);
        }
        return interfaces;
    };
    for (uint32_t host = 0; host < hosts.GetN(); ++host)
    {
        const Ptr<Node> leaf = leaves.Get(host / HOSTS);
        const auto ends = join(hosts.Get(host), leaf, GetAddress(host));
        routing.GetStaticRouting(hosts.Get(host)->GetObject<Ipv4>())
            ->SetDefaultRoute(Ipv4Address("0.0.0.0"), ends[0]);
        routing.GetStaticRouting(leaf->GetObject<Ipv4>())
            ->AddHostRouteTo(GetAddress(host), ends[1]);
    }
    for (uint32_t leaf = 0; leaf < LEAVES; ++leaf)
    {
        for (uint32_t spine = 0; spine < LEAVES; ++spine)
        {
            const auto ends = join(leaves.Get(leaf), spines.Get(spine), Ipv4Address());
            routing.GetStaticRouting(spines.Get(spine)->GetObject<Ipv4>())
                ->AddNetworkRouteTo(Ipv4Address(0x0a000000 | leaf << 8),
                                    Ipv4Mask("255.255.255.0"),
                                    ends[1]);
            for (uint32_t host = 0; host < hosts.GetN(); ++host)
            {
                if (host / HOSTS != leaf && host % HOSTS == spine)
                {
                    routing.GetStaticRouting(leaves.Get(leaf)->GetObject<Ipv4>())
                        ->AddHostRouteTo(GetAddress(host), ends[0]);
                }
            }
        }
    }
    return hosts;
}

} // namespace

int
main(int argc, char* argv[])
{
    if (argc != 4)
    {
        std::cerr << "usage: " << argv[0] << " mtlink|stock tcp|udp BYTES\n";
        return 2;
    }
    const bool isMtlink = std::string(argv[1]) == "mtlink";
    const bool isTcp = std::string(argv[2]) == "tcp";
    const uint64_t bytes = std::stoull(argv[3]);
    Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(SEGMENT));
    Config::SetDefault("ns3::TcpSocket::SndBufSize", UintegerValue(1 << 20));
    Config::SetDefault("ns3::TcpSocket::RcvBufSize", UintegerValue(1 << 20));
    Config::SetDefault("ns3::ArpL3Protocol::RequestJitter",
                       StringValue("ns3::ConstantRandomVariable[Constant=0]"));
    NodeContainer hosts;
    if (isMtlink)
    {
        MtlinkHelper mtlink;
        hosts = BuildMtlink(mtlink);
    }
    else
    {
        hosts = BuildStock();
    }
    const std::string factory = isTcp ? "ns3::TcpSocketFactory" : "ns3::UdpSocketFactory";
    PacketSinkHelper sinks(factory, InetSocketAddress(Ipv4Address::GetAny(), PORT));
    const ApplicationContainer sinkApps = sinks.Install(hosts);
    for (uint32_t i = 0; i < hosts.GetN(); ++i)
    {
        // To the next leaf but two; no two to one spine's link.
        const InetSocketAddress to(GetAddress((i + 3 * HOSTS) % hosts.GetN()), PORT);
        if (isTcp)
        {
            BulkSendHelper sender(factory, to);
            sender.SetAttribute("MaxBytes", UintegerValue(bytes));
            sender.SetAttribute("SendSize", UintegerValue(65536));
            sender.Install(hosts.Get(i)).Start(MicroSeconds(1));
        }
        else
        {
            OnOffHelper sender(factory, to);
            sender.SetConstantRate(DataRate("40Gbps"), SEGMENT);
            sender.SetAttribute("MaxBytes", UintegerValue(bytes));
            sender.Install(hosts.Get(i)).Start(MicroSeconds(1));
        }
    }
    const std::clock_t start = std::clock();
    Simulator::Stop(Seconds(100));
    Simulator::Run();
    const double cpu = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    uint64_t received = 0;
    for (uint32_t i = 0; i < sinkApps.GetN(); ++i)
    {
        received += DynamicCast<PacketSink>(sinkApps.Get(i))->GetTotalRx();
    }
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::cout << "{\"bytes\": " << received << ", \"events\": " << Simulator::GetEventCount()
              << ", \"cpu_time_s\": " << cpu << ", \"peak_rss_bytes\": " << usage.ru_maxrss * 1024
              << "}\n";
    Simulator::Destroy();
    return received >= hosts.GetN() * bytes ? 0 : 1;
}
