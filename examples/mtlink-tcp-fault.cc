/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * @ingroup mtlink
 * A fault during TCP: one of the two uplinks of a leaf goes down for 2 ms, by each of the three
 * policies for its packets, and both cables of the receiver, of which its device tells.
 *
 * Replay: what was under way waits, TCP sees a pause. Reroute: what waits takes the other uplink.
 * Drop: frames are lost, and TCP sends them again when its timer says so.
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

constexpr uint64_t BYTES = 50'000'000; //!< Of the transfer
constexpr uint16_t PORT = 5000;        //!< Where its receiver listens

/** Which links a fault takes. */
using Chooser = bool (*)(const mtlink::Topology& topology, const mtlink::Topology::Link& link);

/** The sender's leaf's link to the spine that the transfer passes. */
bool
IsUplink(const mtlink::Topology& topology, const mtlink::Topology::Link& link)
{
    return topology.GetName(link.from) == "leaf0" && topology.GetName(link.to) == "spine0";
}

/** The receiver's cable. */
bool
IsReceivers(const mtlink::Topology& topology, const mtlink::Topology::Link& link)
{
    const uint32_t receiver = topology.GetEndpoints() - 1;
    return link.from == receiver || link.to == receiver;
}

/** The state of a device's link has changed. */
void
PrintState(Ptr<NetDevice> device)
{
    std::cout << "    " << Simulator::Now().As(Time::MS) << ": the receiver's link is "
              << (device->IsLinkUp() ? "up" : "down") << "\n";
}

/** The last byte may have come in. */
void
NoteTime(Time* last, Ptr<const Packet>, const Address&)
{
    *last = Simulator::Now();
}

/** Transfer with a fault, and print how long it takes. */
void
Run(const std::string& name, Chooser chooser, mtlink::DownPolicy policy)
{
    std::cout << name << "\n";
    MtlinkHelper mtlink;
    mtlink.SetLinkAttribute("Rate", DataRateValue(DataRate("100Gbps")));
    mtlink.SetLinkAttribute("Latency", TimeValue(NanoSeconds(150)));
    Ptr<MtlinkFabric> fabric =
        mtlink.Build(CreateObjectWithAttributes<mtlink::FatTreeTopology>("Down",
                                                                         StringValue("2, 2"),
                                                                         "Up",
                                                                         StringValue("1, 2")));
    mtlink::LinkFault fault;
    fault.units.resize(1);
    const mtlink::Topology& topology = fabric->GetTopology();
    for (uint32_t link = 0; link < topology.GetLinks().size(); ++link)
    {
        if (chooser && chooser(topology, topology.GetLinks()[link]))
        {
            fault.units[0].push_back(link);
        }
    }
    fault.policy = policy;
    fault.at = mtlink::ToTicks(MilliSeconds(1));
    fault.length = mtlink::ToTicks(MilliSeconds(2));
    if (chooser)
    {
        fabric->AddFault(fault);
    }

    NodeContainer nodes(fabric->GetEndpoints());
    const NetDeviceContainer devices = mtlink.InstallNetDevices(nodes, fabric);
    InternetStackHelper().Install(nodes);
    Ipv4AddressHelper addresses("10.1.0.0", "255.255.0.0");
    const Ipv4InterfaceContainer interfaces = addresses.Assign(devices);
    const uint32_t receiver = nodes.GetN() - 1;
    devices.Get(receiver)->AddLinkChangeCallback(
        MakeBoundCallback(&PrintState, devices.Get(receiver)));
    const ApplicationContainer sink =
        PacketSinkHelper("ns3::TcpSocketFactory", InetSocketAddress(Ipv4Address::GetAny(), PORT))
            .Install(nodes.Get(receiver));
    Time last;
    sink.Get(0)->TraceConnectWithoutContext("Rx", MakeBoundCallback(&NoteTime, &last));
    BulkSendHelper sender("ns3::TcpSocketFactory",
                          InetSocketAddress(interfaces.GetAddress(receiver), PORT));
    sender.SetAttribute("MaxBytes", UintegerValue(BYTES));
    sender.SetAttribute("SendSize", UintegerValue(65536));
    sender.Install(nodes.Get(0)).Start(MicroSeconds(10));
    Simulator::Stop(Seconds(30));
    Simulator::Run();
    std::cout << "    " << DynamicCast<PacketSink>(sink.Get(0))->GetTotalRx() / 1'000'000
              << " MB after " << last.As(Time::MS) << ", frames lost: "
              << DynamicCast<MtlinkChannel>(devices.Get(0)->GetChannel())->GetFramesLost() << "\n";
    fabric = nullptr; // before the simulator
    Simulator::Destroy();
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
    using mtlink::DownPolicy;
    Run("no fault", nullptr, DownPolicy::REPLAY);
    Run("an uplink is down from 1 to 3 ms, replay", &IsUplink, DownPolicy::REPLAY);
    Run("an uplink is down from 1 to 3 ms, reroute", &IsUplink, DownPolicy::REROUTE);
    Run("an uplink is down from 1 to 3 ms, drop", &IsUplink, DownPolicy::DROP);
    Run("the receiver's cable is down from 1 to 3 ms, replay", &IsReceivers, DownPolicy::REPLAY);
    return 0;
}
