/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * ns-3's own IP stack and applications over a fabric.
 */

#include "../net-device/test-devices.h"

#include "ns3/boolean.h"
#include "ns3/bulk-send-helper.h"
#include "ns3/config.h"
#include "ns3/double.h"
#include "ns3/flow-monitor-helper.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv6-address-helper.h"
#include "ns3/mtlink-fat-tree-topology.h"
#include "ns3/on-off-helper.h"
#include "ns3/packet-sink-helper.h"
#include "ns3/packet-sink.h"
#include "ns3/string.h"
#include "ns3/tcp-socket-base.h"
#include "ns3/udp-echo-helper.h"

#include <doctest/doctest.h>
#include <map>
#include <set>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

constexpr uint16_t PORT = 5000; //!< Where servers listen

/** Devices with a stack and addresses on top. */
struct TestStacks : public TestDevices
{
    TestStacks()
    {
        listens = false;
    }

    /** Stacks for all devices, IPv4 addresses 10.0.0.1 and up. */
    void AddStacks()
    {
        Config::SetDefault("ns3::ArpL3Protocol::RequestJitter",
                           StringValue("ns3::ConstantRandomVariable[Constant=0]"));
        Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(8948));
        Config::SetDefault("ns3::TcpSocket::SndBufSize", UintegerValue(1 << 20));
        Config::SetDefault("ns3::TcpSocket::RcvBufSize", UintegerValue(1 << 20));
        InternetStackHelper().Install(nodes);
        Ipv4AddressHelper addresses("10.0.0.0", "255.255.0.0");
        interfaces = addresses.Assign(devices);
    }

    /** A transfer of bytes by TCP. @return its sink. */
    Ptr<PacketSink> Transfer(uint32_t from, uint32_t to, uint64_t bytes, uint16_t port = PORT)
    {
        PacketSinkHelper sink("ns3::TcpSocketFactory",
                              InetSocketAddress(Ipv4Address::GetAny(), port));
        BulkSendHelper sender("ns3::TcpSocketFactory",
                              InetSocketAddress(interfaces.GetAddress(to), port));
        sender.SetAttribute("MaxBytes", UintegerValue(bytes));
        sender.SetAttribute("SendSize", UintegerValue(65536));
        sender.Install(nodes.Get(from)).Start(MicroSeconds(1));
        return DynamicCast<PacketSink>(sink.Install(nodes.Get(to)).Get(0));
    }

    Ipv4InterfaceContainer interfaces; //!< Addresses by device
};

/** Counts what comes back. */
struct Echoes
{
    /** A packet. */
    void Count(Ptr<const Packet>)
    {
        times.push_back(Simulator::Now().GetPicoSeconds());
    }

    std::vector<int64_t> times; //!< When
};

/** Settings of ns-3 as they were, when it goes. */
struct Defaults
{
    ~Defaults()
    {
        Config::Reset();
    }
};

} // namespace

TEST_SUITE_BEGIN("ip over the fabric");

TEST_CASE("a datagram's echo takes the time of two messages of its bytes")
{
    constexpr uint32_t PAYLOAD = 1024;
    const Defaults defaults;
    const Simulation simulation;
    TestStacks test;
    test.Build(3);
    test.Install();
    test.AddStacks();
    UdpEchoServerHelper(PORT).Install(test.nodes.Get(2));
    UdpEchoClientHelper client(test.interfaces.GetAddress(2), PORT);
    client.SetAttribute("MaxPackets", UintegerValue(2));
    client.SetAttribute("Interval", TimeValue(MicroSeconds(50)));
    client.SetAttribute("PacketSize", UintegerValue(PAYLOAD));
    const ApplicationContainer apps = client.Install(test.nodes.Get(0));
    Echoes echoes;
    apps.Get(0)->TraceConnectWithoutContext("Rx", MakeCallback(&Echoes::Count, &echoes));
    Simulator::Stop(Seconds(1));
    Simulator::Run();
    REQUIRE(echoes.times.size() == 2);
    // The first pays for ARP; the second for UDP, IP and Ethernet headers.
    const Tick way = test.fabric->GetIdleTime(0, 2, PAYLOAD + 8 + 20 + 14);
    CHECK(echoes.times[1] == 50'000'000 + 2 * way);
    CHECK(echoes.times[0] > 2 * way);
}

TEST_CASE("transfers by TCP come in whole, the monitor's bytes are the fabric's, and flows keep "
          "their paths")
{
    constexpr uint64_t BYTES = 1'000'000;
    const Defaults defaults;
    const Simulation simulation;
    TestStacks test;
    test.helper.SetLinkAttribute("Rate", DataRateValue(DataRate("100Gbps")));
    test.fabric =
        test.helper.Build(CreateObjectWithAttributes<FatTreeTopology>("Down",
                                                                      StringValue("2, 4"),
                                                                      "Up",
                                                                      StringValue("1, 2")));
    test.Install();
    test.AddStacks();
    // By hops: which links the data of each pair took.
    std::map<std::pair<uint32_t, uint32_t>, std::set<uint32_t>> links;

    struct Hop
    {
        static void At(std::map<std::pair<uint32_t, uint32_t>, std::set<uint32_t>>* links,
                       Time,
                       uint32_t link,
                       uint32_t src,
                       uint32_t dst,
                       uint32_t)
        {
            if (Simulator::Now() > MicroSeconds(20)) // ARP is over
            {
                (*links)[{src, dst}].insert(link);
            }
        }
    };

    test.fabric->TraceConnectWithoutContext("PacketHop", MakeBoundCallback(&Hop::At, &links));
    std::vector<Ptr<PacketSink>> sinks;
    for (uint32_t i = 0; i < 8; ++i)
    {
        sinks.push_back(test.Transfer(i, (i + 3) % 8, BYTES));
    }
    FlowMonitorHelper monitors;
    const Ptr<FlowMonitor> monitor = monitors.InstallAll();
    Simulator::Stop(Seconds(1));
    Simulator::Run();
    for (const Ptr<PacketSink>& sink : sinks)
    {
        CHECK(sink->GetTotalRx() == BYTES);
    }
    uint64_t bytes = 0;
    uint64_t packets = 0;
    for (const auto& [id, flow] : monitor->GetFlowStats())
    {
        CHECK(flow.lostPackets == 0);
        bytes += flow.rxBytes;
        packets += flow.rxPackets;
    }
    // Everything but ARP, whose frames have 28 bytes.
    const Ptr<MtlinkChannel> channel = MtlinkChannel::Of(test.fabric);
    const uint64_t arps = channel->GetFramesDelivered() - packets;
    CHECK(channel->GetBytesDelivered() == bytes + 14 * packets + arps * (14 + 28));
    RunResults results;
    test.fabric->Collect(results);
    CHECK(results.payloadBytesDelivered == channel->GetBytesDelivered());
    for (const auto& [pair, taken] : links)
    {
        CHECK(taken.size() <= 4); // up to four links, all of one path
    }
    CHECK(links.size() == 16); // data, and acknowledgements
}

TEST_CASE("IPv6 finds its neighbours and carries datagrams")
{
    const Defaults defaults;
    const Simulation simulation;
    TestStacks test;
    test.Build(4);
    test.Install();
    InternetStackHelper().Install(test.nodes);
    Ipv6AddressHelper addresses(Ipv6Address("2001:db8::"), Ipv6Prefix(64));
    const Ipv6InterfaceContainer interfaces = addresses.Assign(test.devices);
    UdpEchoServerHelper(PORT).Install(test.nodes.Get(3));
    UdpEchoClientHelper client(interfaces.GetAddress(3, 1), PORT);
    client.SetAttribute("MaxPackets", UintegerValue(3));
    client.SetAttribute("Interval", TimeValue(MicroSeconds(50)));
    ApplicationContainer apps = client.Install(test.nodes.Get(0));
    apps.Start(Seconds(2)); // duplicate address detection is over
    Echoes echoes;
    apps.Get(0)->TraceConnectWithoutContext("Rx", MakeCallback(&Echoes::Count, &echoes));
    Simulator::Stop(Seconds(3));
    Simulator::Run();
    CHECK(echoes.times.size() == 3);
}

TEST_CASE(
    "marked packets pass the receiver's checks, printed or not, and DCTCP keeps the queue short")
{
    struct Run
    {
        /** @return the mean of what waits in the switch, bytes. */
        static double GetQueue(const std::string& tcp)
        {
            const Defaults defaults;
            const Simulation simulation;
            Config::SetDefault("ns3::TcpL4Protocol::SocketType",
                               TypeIdValue(TypeId::LookupByName("ns3::" + tcp)));
            TestStacks test;
            test.helper.SetSwitchAttribute("Buffer", UintegerValue(2 << 20));
            test.helper.SetSwitchAttribute("Ecn", BooleanValue(true));
            test.helper.SetSwitchAttribute("EcnMin", UintegerValue(100'000));
            test.helper.SetSwitchAttribute("EcnMax", UintegerValue(100'001));
            test.helper.SetSwitchAttribute("EcnProbability", DoubleValue(1));
            test.helper.SetEndpointAttribute("CongestionControl", StringValue("host"));
            test.Build(5, MicroSeconds(1)); // several packets of each are under way
            test.Install();
            test.AddStacks();
            uint64_t received = 0;
            std::vector<Ptr<PacketSink>> sinks;
            for (uint32_t i = 0; i < 4; ++i)
            {
                sinks.push_back(test.Transfer(i, 4, 0, static_cast<uint16_t>(PORT + i)));
            }
            constexpr int64_t LENGTH = 2'000'000; // ns
            Simulator::Stop(NanoSeconds(LENGTH));
            Simulator::Run();
            for (const Ptr<PacketSink>& sink : sinks)
            {
                received += sink->GetTotalRx();
            }
            CHECK(static_cast<double>(received) * 8 / LENGTH > 95); // Gb/s, of 100
            RunResults results;
            test.fabric->Collect(results);
            double queue = 0;
            for (const QueueResult& one : results.queues)
            {
                queue += one.meanFlits * test.fabric->GetLinkProfile(0)->GetFlit();
            }
            return queue;
        }
    };

    GlobalValue::Bind("ChecksumEnabled", BooleanValue(true));
    const double cubic = Run::GetQueue("TcpCubic");
    const double dctcp = Run::GetQueue("TcpDctcp");
    CHECK(dctcp < cubic / 10);
    CHECK(dctcp > 0);
    Packet::EnablePrinting();
    CHECK(Run::GetQueue("TcpDctcp") == dctcp);
    GlobalValue::Bind("ChecksumEnabled", BooleanValue(false));
}

TEST_CASE("a transfer outlives a fault that takes its frames")
{
    constexpr uint64_t BYTES = 2'000'000;
    const Defaults defaults;
    const Simulation simulation;
    TestStacks test;
    test.Build(2);
    test.Install();
    test.AddStacks();
    LinkFault fault;
    fault.policy = DownPolicy::DROP;
    fault.at = 100'000'000;     // 100 us
    fault.length = 200'000'000; // 200 us
    const Topology& topology = test.fabric->GetTopology();
    for (uint32_t link = 0; link < topology.GetLinks().size(); ++link)
    {
        if (topology.GetLinks()[link].to == 1)
        {
            fault.units = {{link}};
        }
    }
    test.fabric->AddFault(fault);
    const Ptr<PacketSink> sink = test.Transfer(0, 1, BYTES);
    Simulator::Stop(Seconds(20));
    Simulator::Run();
    CHECK(sink->GetTotalRx() == BYTES);
    CHECK(MtlinkChannel::Of(test.fabric)->GetFramesLost() > 0);
}

TEST_SUITE_END();
