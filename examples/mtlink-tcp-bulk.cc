/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * @ingroup mtlink
 * TCP over a fabric: half of the endpoints send to the other half, and FlowMonitor tells how fast.
 *
 * Each connection keeps to one of the equal paths of the fat tree, by its addresses and ports; some
 * share a link, and their senders are held up by credit. Nothing is dropped by the fabric. With
 * --fabric=FILE the fabric comes from a YAML file, with --pcap=PREFIX the first two devices' frames
 * go into files for tcpdump.
 */

// Single headers: core-module.h of ns-3.37 is not C++20.
#include "ns3/bulk-send-helper.h"
#include "ns3/command-line.h"
#include "ns3/config.h"
#include "ns3/flow-monitor-helper.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-flow-classifier.h"
#include "ns3/mtlink-module.h"
#include "ns3/packet-sink-helper.h"
#include "ns3/packet-sink.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <string>

using namespace ns3;

namespace
{

constexpr uint16_t PORT = 5000;      //!< Where sinks listen
constexpr uint32_t BUFFER = 4 << 20; //!< Of each socket: more than what is in flight on these links

/** Some defaults of ns-3's TCP are those of slow links. */
void
SetDefaults()
{
    Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(8948)); // of a frame of 9,000
    Config::SetDefault("ns3::TcpSocket::SndBufSize", UintegerValue(BUFFER));
    Config::SetDefault("ns3::TcpSocket::RcvBufSize", UintegerValue(BUFFER));
    // An ARP request waits for up to 10 ms otherwise.
    Config::SetDefault("ns3::ArpL3Protocol::RequestJitter",
                       StringValue("ns3::ConstantRandomVariable[Constant=0]"));
}

/** @return the fabric of a file, or a fat tree of 16 endpoints. */
Ptr<MtlinkFabric>
MakeFabric(MtlinkHelper& mtlink, const std::string& file)
{
    if (!file.empty())
    {
        return mtlink.Build(file);
    }
    mtlink.SetLinkAttribute("Rate", DataRateValue(DataRate("100Gbps")));
    mtlink.SetLinkAttribute("Latency", TimeValue(NanoSeconds(150)));
    mtlink.SetSwitchAttribute("Latency", TimeValue(NanoSeconds(250)));
    return mtlink.Build(CreateObjectWithAttributes<mtlink::FatTreeTopology>("Down",
                                                                            StringValue("4, 4"),
                                                                            "Up",
                                                                            StringValue("1, 4")));
}

/** @return an address as text, so that it can be padded. */
std::string
ToText(Ipv4Address address)
{
    std::ostringstream text;
    text << address;
    return text.str();
}

/** Print a line for each flow that carried data, and their sum. */
void
PrintFlows(FlowMonitor& monitor, const Ipv4FlowClassifier& classifier)
{
    uint64_t lost = 0;
    std::cout << "from            to              bytes      Gb/s  delay us  lost\n" << std::fixed;
    for (const auto& [id, flow] : monitor.GetFlowStats())
    {
        const Ipv4FlowClassifier::FiveTuple ends = classifier.FindFlow(id);
        lost += flow.lostPackets;
        if (ends.destinationPort != PORT || flow.rxPackets == 0)
        {
            continue;
        }
        const Time length = flow.timeLastRxPacket - flow.timeFirstTxPacket;
        std::cout << std::left << std::setw(16) << ToText(ends.sourceAddress) << std::setw(16)
                  << ToText(ends.destinationAddress) << std::setw(11) << flow.rxBytes
                  << std::setprecision(1) << std::setw(6)
                  << static_cast<double>(flow.rxBytes) * 8 / length.GetNanoSeconds()
                  << std::setw(10) << flow.delaySum.GetNanoSeconds() / 1e3 / flow.rxPackets
                  << flow.lostPackets << "\n";
    }
    std::cout << "lost in all: " << lost << "\n";
}

} // namespace

int
main(int argc, char* argv[])
{
    MtlinkHelper mtlink; // before any Time: it sets the resolution to picoseconds
    std::string file;
    std::string pcap;
    uint64_t bytes = 10'000'000;
    CommandLine command(__FILE__);
    command.AddValue("fabric", "A fabric's YAML file, as topologies/dragonfly-72.yaml", file);
    command.AddValue("bytes", "What each connection carries", bytes);
    command.AddValue("pcap", "Prefix of files for the frames of two devices", pcap);
    command.Parse(argc, argv);
    SetDefaults();

    Ptr<MtlinkFabric> fabric;
    try
    {
        fabric = MakeFabric(mtlink, file);
    }
    catch (const mtlink::InputError& error)
    {
        std::cerr << error.what() << "\n";
        return 1;
    }
    NodeContainer nodes(std::min<uint32_t>(fabric->GetEndpoints(), 64));
    const NetDeviceContainer devices = mtlink.InstallNetDevices(nodes, fabric);
    InternetStackHelper().Install(nodes);
    Ipv4AddressHelper addresses("10.1.0.0", "255.255.0.0");
    const Ipv4InterfaceContainer interfaces = addresses.Assign(devices);
    if (!pcap.empty())
    {
        mtlink.EnablePcap(pcap, NetDeviceContainer(devices.Get(0), devices.Get(1)), true);
    }

    const uint32_t half = nodes.GetN() / 2;
    PacketSinkHelper sinks("ns3::TcpSocketFactory", InetSocketAddress(Ipv4Address::GetAny(), PORT));
    ApplicationContainer sinkApps;
    for (uint32_t i = 0; i < half; ++i)
    {
        sinkApps.Add(sinks.Install(nodes.Get(half + i)));
        BulkSendHelper sender("ns3::TcpSocketFactory",
                              InetSocketAddress(interfaces.GetAddress(half + i), PORT));
        sender.SetAttribute("MaxBytes", UintegerValue(bytes));
        sender.SetAttribute("SendSize", UintegerValue(65536));
        sender.Install(nodes.Get(i)).Start(MicroSeconds(10));
    }
    FlowMonitorHelper monitors;
    const Ptr<FlowMonitor> monitor = monitors.InstallAll();
    Simulator::Stop(Seconds(10)); // longer than it takes: FlowMonitor itself never ends
    Simulator::Run();

    PrintFlows(*monitor, *DynamicCast<Ipv4FlowClassifier>(monitors.GetClassifier()));
    uint64_t received = 0;
    for (uint32_t i = 0; i < sinkApps.GetN(); ++i)
    {
        received += DynamicCast<PacketSink>(sinkApps.Get(i))->GetTotalRx();
    }
    std::cout << "sinks received " << received << " of " << half * bytes << " bytes\n";
    fabric = nullptr; // before the simulator
    Simulator::Destroy();
    return received == half * bytes ? 0 : 1;
}
