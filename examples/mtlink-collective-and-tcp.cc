/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * @ingroup mtlink
 * One fabric for two: an all-reduce of eight endpoints of a fat tree, alone, and then while another
 * four endpoints send to one of its members by TCP, as a storage system would.
 */

// Single headers: core-module.h of ns-3.37 is not C++20.
#include "ns3/bulk-send-helper.h"
#include "ns3/command-line.h"
#include "ns3/config.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/mtlink-module.h"
#include "ns3/packet-sink-helper.h"
#include "ns3/packet-sink.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <iostream>
#include <string>
#include <vector>

using namespace ns3;

namespace
{

constexpr uint32_t SENDERS = 4; //!< To endpoint 0: the last endpoints
constexpr uint16_t PORT = 5000; //!< Where it listens

/** The all-reduce is over: nothing else is waited for. */
void
StopAtEnd(Time, Time)
{
    Simulator::Stop();
}

/** @return how long the all-reduce takes. @param [in] hasTcp With TCP beside it. */
Time
Run(bool hasTcp)
{
    MtlinkHelper mtlink;
    mtlink.SetLinkAttribute("Rate", DataRateValue(DataRate("400Gbps")));
    mtlink.SetLinkAttribute("Latency", TimeValue(NanoSeconds(150)));
    Ptr<MtlinkFabric> fabric =
        mtlink.Build(CreateObjectWithAttributes<mtlink::FatTreeTopology>("Down",
                                                                         StringValue("4, 4"),
                                                                         "Up",
                                                                         StringValue("1, 4")));
    // From 2 ms on, when TCP is at its full rate.
    Ptr<MtlinkWorkload> work = mtlink.InstallWorkload(
        fabric,
        "{collective: all_reduce, algorithm: ring, size: 64MiB, ranks: [0, 1, 2, 3, 4, 5, 6, 7], "
        "start: 2ms}");
    work->TraceConnectWithoutContext("End", MakeCallback(&StopAtEnd));
    uint64_t received = 0;
    ApplicationContainer sink;
    if (hasTcp)
    {
        NodeContainer nodes(1 + SENDERS);
        std::vector<uint32_t> endpoints{0};
        for (uint32_t i = 0; i < SENDERS; ++i)
        {
            endpoints.push_back(fabric->GetEndpoints() - 1 - i);
        }
        const NetDeviceContainer devices = mtlink.InstallNetDevices(nodes, fabric, endpoints);
        InternetStackHelper().Install(nodes);
        Ipv4AddressHelper addresses("10.1.0.0", "255.255.0.0");
        const Ipv4InterfaceContainer interfaces = addresses.Assign(devices);
        sink = PacketSinkHelper("ns3::TcpSocketFactory",
                                InetSocketAddress(Ipv4Address::GetAny(), PORT))
                   .Install(nodes.Get(0));
        for (uint32_t i = 1; i < nodes.GetN(); ++i)
        {
            BulkSendHelper sender("ns3::TcpSocketFactory",
                                  InetSocketAddress(interfaces.GetAddress(0), PORT));
            sender.SetAttribute("SendSize", UintegerValue(65536));
            sender.Install(nodes.Get(i)).Start(MicroSeconds(10));
        }
    }
    Simulator::Run();
    const Time length = work->GetEnd() - work->GetStart();
    if (hasTcp)
    {
        received = DynamicCast<PacketSink>(sink.Get(0))->GetTotalRx();
        std::cout << "TCP meanwhile, and in the 2 ms before: " << received / 1'000'000 << " MB\n";
    }
    work = nullptr; // before the simulator
    fabric = nullptr;
    Simulator::Destroy();
    return length;
}

} // namespace

int
main(int argc, char* argv[])
{
    MtlinkHelper mtlink; // before any Time: it sets the resolution to picoseconds
    CommandLine command(__FILE__);
    command.Parse(argc, argv);
    Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(8948)); // of a frame of 9,000
    Config::SetDefault("ns3::TcpSocket::SndBufSize", UintegerValue(1 << 20));
    Config::SetDefault("ns3::TcpSocket::RcvBufSize", UintegerValue(1 << 20));
    Config::SetDefault("ns3::ArpL3Protocol::RequestJitter",
                       StringValue("ns3::ConstantRandomVariable[Constant=0]"));
    const Time alone = Run(false);
    const Time beside = Run(true);
    std::cout << "all-reduce of 64 MiB over 8 endpoints, alone: " << alone.As(Time::US) << "\n"
              << "with four TCP senders to one of them:         " << beside.As(Time::US) << "\n";
    return 0;
}
