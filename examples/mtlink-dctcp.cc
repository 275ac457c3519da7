/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * @ingroup mtlink
 * What marks are for: four endpoints send to a fifth by TCP, first with CUBIC, which knows no
 * congestion until something is lost, then with DCTCP, which heeds the switch's marks.
 *
 * Nothing is ever lost here, as credits stop who would: CUBIC fills the switch's buffers. With
 * endpoint.congestion_control: host the switch marks packets whose queue is beyond a threshold, and
 * the device writes that into the IP header.
 */

// Single headers: core-module.h of ns-3.37 is not C++20.
#include "ns3/boolean.h"
#include "ns3/bulk-send-helper.h"
#include "ns3/command-line.h"
#include "ns3/config.h"
#include "ns3/double.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/mtlink-module.h"
#include "ns3/packet-sink-helper.h"
#include "ns3/packet-sink.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/tcp-socket-base.h"
#include "ns3/uinteger.h"

#include <iomanip>
#include <iostream>
#include <string>

using namespace ns3;

namespace
{

constexpr uint32_t SENDERS = 4;         //!< And one receiver
constexpr uint16_t PORT = 5000;         //!< Where it listens
constexpr uint64_t THRESHOLD = 100'000; //!< Marks begin here: K of DCTCP, bytes
constexpr uint64_t BUFFER = 4 << 20;    //!< Of each input of the switch, bytes
constexpr uint32_t WINDOW = 2 << 20;    //!< Of each socket, bytes: all four fit into the buffers
const Time LENGTH = MilliSeconds(20);   //!< Simulated

/** What came of a run. */
struct Outcome
{
    double rate{0};    //!< Payload that arrived, Gb/s
    double queue{0};   //!< What waited in the switch, mean over time, bytes
    uint64_t marks{0}; //!< Packets that the switch marked
    uint64_t lost{0};  //!< Packets
};

/** @return four senders, a receiver, and one switch between them that marks. */
Ptr<MtlinkFabric>
MakeFabric(MtlinkHelper& mtlink)
{
    mtlink.SetLinkAttribute("Rate", DataRateValue(DataRate("100Gbps")));
    mtlink.SetLinkAttribute("Latency", TimeValue(MicroSeconds(1)));
    mtlink.SetSwitchAttribute("Buffer", UintegerValue(BUFFER));
    mtlink.SetSwitchAttribute("Ecn", BooleanValue(true));
    mtlink.SetSwitchAttribute("EcnMin", UintegerValue(THRESHOLD));
    mtlink.SetSwitchAttribute("EcnMax", UintegerValue(THRESHOLD + 1)); // a step, as DCTCP wants it
    mtlink.SetSwitchAttribute("EcnProbability", DoubleValue(1));
    mtlink.SetEndpointAttribute("CongestionControl", StringValue("host"));
    return mtlink.Build(
        CreateObjectWithAttributes<mtlink::SingleSwitchTopology>("Endpoints",
                                                                 UintegerValue(SENDERS + 1)));
}

/** Four bulk transfers to the last node. @return what came of them. */
Outcome
Run(const std::string& tcp)
{
    Config::SetDefault("ns3::TcpL4Protocol::SocketType",
                       TypeIdValue(TypeId::LookupByName("ns3::" + tcp)));
    MtlinkHelper mtlink;
    Ptr<MtlinkFabric> fabric = MakeFabric(mtlink);
    NodeContainer nodes(SENDERS + 1);
    const NetDeviceContainer devices = mtlink.InstallNetDevices(nodes, fabric);
    InternetStackHelper().Install(nodes);
    Ipv4AddressHelper addresses("10.1.0.0", "255.255.255.0");
    const Ipv4InterfaceContainer interfaces = addresses.Assign(devices);

    const ApplicationContainer sink =
        PacketSinkHelper("ns3::TcpSocketFactory", InetSocketAddress(Ipv4Address::GetAny(), PORT))
            .Install(nodes.Get(SENDERS));
    for (uint32_t i = 0; i < SENDERS; ++i)
    {
        BulkSendHelper sender("ns3::TcpSocketFactory",
                              InetSocketAddress(interfaces.GetAddress(SENDERS), PORT));
        sender.SetAttribute("SendSize", UintegerValue(65536));
        sender.Install(nodes.Get(i)).Start(MicroSeconds(10));
    }
    Simulator::Stop(LENGTH);
    Simulator::Run();

    Outcome outcome;
    outcome.rate = static_cast<double>(DynamicCast<PacketSink>(sink.Get(0))->GetTotalRx()) * 8 /
                   LENGTH.GetNanoSeconds();
    mtlink::RunResults results;
    fabric->Collect(results);
    for (const mtlink::QueueResult& queue : results.queues)
    {
        outcome.queue += queue.meanFlits * fabric->GetLinkProfile(0)->GetFlit();
    }
    for (const mtlink::ControlledFlowResult& flow : results.flows)
    {
        outcome.marks += flow.marks;
        outcome.lost += flow.lost;
    }
    fabric = nullptr; // before the simulator
    Simulator::Destroy();
    return outcome;
}

} // namespace

int
main(int argc, char* argv[])
{
    MtlinkHelper mtlink; // before any Time: it sets the resolution to picoseconds
    CommandLine command(__FILE__);
    command.Parse(argc, argv);
    Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(8948)); // of a frame of 9,000
    Config::SetDefault("ns3::TcpSocket::SndBufSize", UintegerValue(WINDOW));
    Config::SetDefault("ns3::TcpSocket::RcvBufSize", UintegerValue(WINDOW));
    Config::SetDefault("ns3::ArpL3Protocol::RequestJitter",
                       StringValue("ns3::ConstantRandomVariable[Constant=0]"));
    std::cout << "TCP       Gb/s  queue, mean kB  marks    lost\n";
    for (const std::string tcp : {"TcpCubic", "TcpDctcp"})
    {
        const Outcome outcome = Run(tcp);
        std::cout << std::left << std::fixed << std::setprecision(1) << std::setw(10) << tcp
                  << std::setw(6) << outcome.rate << std::setw(16) << outcome.queue / 1e3
                  << std::setw(9) << outcome.marks << outcome.lost << "\n";
    }
    return 0;
}
