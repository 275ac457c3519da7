/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * @ingroup mtlink
 * Prints the way of one packet through a fabric, hop by hop.
 *
 * A fat tree of 16 endpoints is built in code; gpu0 sends a packet to gpu15, first over the idle
 * fabric, then while all others send to gpu15 too, so that the packet waits. With --fabric=FILE
 * the fabric comes from a YAML file instead, and the packet goes from its first endpoint to its
 * last.
 */

// Not core-module.h: that of ns-3.37 is not C++20.
#include "ns3/command-line.h"
#include "ns3/mtlink-module.h"
#include "ns3/object-factory.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <iomanip>
#include <iostream>
#include <string>

using namespace ns3;

namespace
{

constexpr uint32_t PAYLOAD = 1024; //!< Bytes sent: one packet, where packets may be that large

Ptr<MtlinkFabric> g_fabric; //!< The fabric
uint32_t g_source;          //!< Source of the packet that is watched
uint32_t g_destination;     //!< Its destination

/**
 * A packet starts over a link: print it if it is the one that is watched.
 * @param [in] start First bit on the wire.
 * @param [in] link The link.
 * @param [in] src The packet's source.
 * @param [in] dst Its destination.
 * @param [in] payload Its payload, bytes.
 */
void
OnPacketHop(Time start, uint32_t link, uint32_t src, uint32_t dst, uint32_t payload)
{
    if (src != g_source || dst != g_destination)
    {
        return;
    }
    const mtlink::Topology& topology = g_fabric->GetTopology();
    const mtlink::Topology::Link& ends = topology.GetLinks()[link];
    std::cout << std::setw(10) << start.GetPicoSeconds() / 1e3 << " ns  "
              << topology.GetName(ends.from) << " port " << ends.fromPort << " -> "
              << topology.GetName(ends.to) << " port " << ends.toPort << ", " << payload << " B\n";
}

/**
 * A packet is in whole at its destination: print it if it is the one that is watched.
 * @param [in] created When its message came to the source.
 * @param [in] src Its source.
 * @param [in] dst Its destination.
 */
void
OnPacketDelivered(Time created, Time, uint32_t src, uint32_t dst, uint32_t)
{
    if (src != g_source || dst != g_destination)
    {
        return;
    }
    const Time now = Simulator::Now();
    std::cout << std::setw(10) << now.GetPicoSeconds() / 1e3 << " ns  delivered, "
              << (now - created).GetPicoSeconds() / 1e3 << " ns after it was sent\n";
}

/** Hears of messages, and does nothing with what it hears. */
class Listener : public mtlink::MessageClient
{
  public:
    void MessageSent(uint64_t) override
    {
    }

    void MessageDelivered(uint64_t) override
    {
    }

    void MessageLost(uint64_t) override
    {
    }
};

/**
 * Send a packet.
 * @param [in] src Its source.
 * @param [in] listener Who hears of it.
 */
void
Send(uint32_t src, Listener* listener)
{
    g_fabric->Send({src, g_destination, PAYLOAD, 0}, listener, 0);
}

} // namespace

int
main(int argc, char* argv[])
{
    MtlinkHelper mtlink; // before any Time: it sets the resolution to picoseconds
    std::string file;
    CommandLine command(__FILE__);
    command.AddValue("fabric", "A fabric's YAML file, as topologies/dragonfly-72.yaml", file);
    command.Parse(argc, argv);

    if (file.empty())
    {
        mtlink.SetLinkAttribute("Rate", DataRateValue(DataRate("400Gbps")));
        mtlink.SetLinkAttribute("Latency", TimeValue(NanoSeconds(150)));
        mtlink.SetSwitchAttribute("Latency", TimeValue(NanoSeconds(250)));
        g_fabric =
            mtlink.Build(CreateObjectWithAttributes<mtlink::FatTreeTopology>("Down",
                                                                             StringValue("4, 4"),
                                                                             "Up",
                                                                             StringValue("1, 4")));
    }
    else
    {
        try
        {
            g_fabric = mtlink.Build(file);
        }
        catch (const mtlink::InputError& error)
        {
            std::cerr << error.what() << "\n";
            return 1;
        }
    }
    g_source = 0;
    g_destination = g_fabric->GetEndpoints() - 1;
    g_fabric->TraceConnectWithoutContext("PacketHop", MakeCallback(&OnPacketHop));
    g_fabric->TraceConnectWithoutContext("PacketDelivered", MakeCallback(&OnPacketDelivered));

    Listener listener;
    std::cout << "alone:\n";
    Send(g_source, &listener);
    Simulator::Run();

    std::cout << "as one of several to the same endpoint:\n";
    for (uint32_t src = g_destination; src-- > g_source;)
    {
        Simulator::ScheduleNow(&Send, src, &listener);
    }
    Simulator::Run();

    g_fabric = nullptr; // before the simulator
    Simulator::Destroy();
    return 0;
}
