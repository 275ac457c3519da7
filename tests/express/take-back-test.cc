/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Express messages that are put into being on their way, each case by hand: who comes for the same
// port, looks, or fails, finds what has left. express-test.cc compares them with packets, at
// random.

#include "../fabric/test-fabric.h"
#include "../trace-sink.h"

#include <algorithm>
#include <doctest/doctest.h>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

constexpr uint64_t PACKET = 4096; //!< Bytes: 64 ns at 512 Gb/s
constexpr Tick SLOT = 64000;      //!< ... in ticks

/** Build a switch of four endpoints, with links long enough for the next packet to be on. */
void
BuildSwitch(TestFabric& test)
{
    test.link.emplace_back("Rate", "512Gbps");
    test.link.emplace_back("Latency", "100ns");
    test.chip.emplace_back("Buffer", "65536");
    test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "4"}}));
}

/** @return when a message sent over the switch is in whose last packet leaves in a slot. */
Tick
GetEnd(uint64_t slot)
{
    return static_cast<Tick>(slot + 1) * SLOT + 100000 + 2000 + 100000;
}

} // namespace

TEST_SUITE_BEGIN("express");

TEST_CASE("who looks at a message on its way sees what has left, to the picosecond")
{
    for (const Tick stop : {Tick{1},
                            SLOT,
                            SLOT + 1,
                            7 * SLOT - 1,
                            7 * SLOT,
                            7 * SLOT + 1,
                            GetEnd(40) - 1,
                            GetEnd(40),
                            GetEnd(40) + 1,
                            99 * SLOT})
    {
        CAPTURE(stop);
        const Simulation simulation;
        TestFabric test;
        BuildSwitch(test);
        test.Send(0, 1, 100 * PACKET);
        Simulator::Stop(PicoSeconds(static_cast<uint64_t>(stop)));
        const RunResults results = test.Run();
        const auto sent = static_cast<uint64_t>((stop + SLOT - 1) / SLOT); // up to the stop
        const auto passed =
            static_cast<uint64_t>(std::max<Tick>(stop - 102000 + SLOT - 1, 0) / SLOT);
        CHECK(results.links[0].packets == sent);
        CHECK(results.links[0].payloadBytes == sent * PACKET);
        CHECK(results.links[0].busy == static_cast<Tick>(sent) * SLOT);
        CHECK(results.packetHops == sent + passed);
        CHECK(results.packetsDelivered ==
              static_cast<uint64_t>(std::max<Tick>(stop - GetEnd(0) + SLOT - 1, 0) / SLOT));
        CHECK(test.fabric->GetPacketHops() == sent + passed);
        CHECK(test.fabric->GetPacketsInFlight() == sent - results.packetsDelivered);
        CHECK(test.fabric->CheckConservation() == "");
    }
}

TEST_CASE("who looks in the middle changes nothing")
{
    const Simulation simulation;
    TestFabric test;
    BuildSwitch(test);
    test.Send(0, 1, 100 * PACKET);
    uint64_t hops = 0;
    for (uint64_t at = 1; at < 100; ++at)
    {
        Simulator::Schedule(PicoSeconds(at * 61001), [&] {
            CHECK(test.fabric->GetPacketsInFlight() > 0);
            CHECK(test.fabric->GetPacketHops() > hops);
            hops = test.fabric->GetPacketHops();
        });
    }
    test.Run();
    CHECK(test.delivered == std::vector<Delivery>{{0, GetEnd(99)}});
    CHECK(test.sent == std::vector<Delivery>{{0, 100 * SLOT}});
}

TEST_CASE("a message to another joins in the middle, and has every other turn")
{
    // The first goes alone in slots 0 to 10, the second comes in slot 10 and waits for one more
    // packet of the first: its own go in slots 12, 14, ... 30.
    for (const Tick at : {10 * SLOT + 1, 10 * SLOT + SLOT / 2, 11 * SLOT - 1})
    {
        CAPTURE(at);
        const Simulation simulation;
        TestFabric test;
        BuildSwitch(test);
        test.Send(0, 1, 100 * PACKET, 1);
        Simulator::Schedule(PicoSeconds(static_cast<uint64_t>(at)),
                            [&] { test.Send(0, 2, 10 * PACKET, 2); });
        test.Run();
        CHECK(test.delivered == std::vector<Delivery>{{2, GetEnd(30)}, {1, GetEnd(109)}});
    }
}

TEST_CASE("who hears of a hop may send on the same port, by an event of its own")
{
    const Simulation simulation;
    TestFabric test;
    BuildSwitch(test);
    bool isSent = false;
    test.fabric->TraceConnectWithoutContext(
        "PacketHop",
        MakeSink<Callback<void, Time, uint32_t, uint32_t, uint32_t, uint32_t>>(
            [&](Time start, uint32_t link, uint32_t, uint32_t, uint32_t) {
                if (link == 0 && start.GetPicoSeconds() == 10 * SLOT && !isSent)
                {
                    isSent = true;
                    Simulator::ScheduleNow([&] {
                        test.Send(0, 2, 10 * PACKET, 2);
                        test.Send(0, 3, 10 * PACKET, 3);
                    });
                }
            }));
    test.Send(0, 1, 100 * PACKET, 1);
    test.Run();
    // They have turns like any other, and the port is never idle.
    REQUIRE(test.delivered.size() == 3);
    CHECK(test.delivered[0].cookie == 2);
    CHECK(test.delivered[1] == Delivery{3, test.delivered[0].at + SLOT});
    CHECK(test.delivered[2] == Delivery{1, GetEnd(119)});
}

TEST_CASE("the older message goes first where the service is in order")
{
    const Simulation simulation;
    TestFabric test;
    test.endpoint.emplace_back("Service", "in_order");
    BuildSwitch(test);
    test.Send(0, 1, 100 * PACKET, 1);
    Simulator::Schedule(PicoSeconds(10 * SLOT + 1), [&] { test.Send(0, 2, 10 * PACKET, 2); });
    test.Run();
    CHECK(test.delivered == std::vector<Delivery>{{1, GetEnd(99)}, {2, GetEnd(109)}});
}

TEST_CASE("a window that binds leaves packets, as bound")
{
    // Two packets in a round trip: out by 64 + 202 ns, the acknowledgement is back after 202 ns.
    const Simulation simulation;
    TestFabric test;
    test.endpoint.emplace_back("Window", "8192");
    BuildSwitch(test);
    test.Send(0, 1, 100 * PACKET);
    test.Run();
    const Tick turn = SLOT + 202000 + 202000;
    CHECK(test.delivered == std::vector<Delivery>{{0, 49 * turn + GetEnd(1)}});
}

TEST_CASE("a fault in the middle finds on the wire what has left")
{
    // At 1,000 ns the packets of 15 slots have left, the next is on the wire and is sent again.
    const Simulation simulation;
    TestFabric test;
    BuildSwitch(test);
    LinkFault fault;
    fault.units = {{0}};
    fault.at = 1000000;
    fault.length = 500000;
    test.fabric->AddFault(fault);
    test.Send(0, 1, 100 * PACKET);
    const RunResults results = test.Run();
    CHECK(results.links[0].down == 500000);
    CHECK(results.links[0].packets == 100);
    // On the wire of 100 ns were those of slots 14, with its head in, and 15, without.
    CHECK(test.delivered.size() == 1);
    CHECK(test.fabric->CheckConservation() == "");
}

TEST_CASE("lanes that fail in the middle slow what has not left yet")
{
    // At 1,000 ns the packet of slot 15 is on the wire, and one arrived since it left; at 1,034 ns
    // that of slot 16 has left, and none arrived since. Those behind it take two slots each.
    for (const auto& [at, onWire] : {std::pair<Tick, int>{1000000, 15}, {1034000, 16}})
    {
        const Simulation simulation;
        TestFabric test;
        test.link.emplace_back("Lanes", "4");
        BuildSwitch(test);
        LinkFault fault;
        fault.units = {{0}};
        fault.isDown = false;
        fault.lanes = 2;
        fault.at = at;
        test.fabric->AddFault(fault);
        test.Send(0, 1, 100 * PACKET);
        test.Run();
        CHECK(test.delivered == std::vector<Delivery>{{0, GetEnd(onWire + 2 * (99 - onWire))}});
        CHECK(test.fabric->CheckConservation() == "");
    }
}

TEST_CASE("a short message passes a long one by the other of two equal ports")
{
    // Packets 0 and 1 of the first go in slot 0, packet 2 in slot 1 by the port that is asked
    // first; the second finds the other one free.
    const Simulation simulation;
    TestFabric test;
    test.Build(MakeLayout("FullMesh", {{"Endpoints", "2"}, {"LinksPerPair", "2"}}));
    test.Send(0, 1, 3 * PACKET, 1);
    Simulator::Schedule(PicoSeconds(SLOT + 1), [&] { test.Send(0, 1, 64, 2); });
    test.Run();
    CHECK(test.delivered ==
          std::vector<Delivery>{{2, SLOT + 1 + 1000 + 10000}, {1, 2 * SLOT + 10000}});
    CHECK(test.fabric->CheckConservation() == "");
}

TEST_SUITE_END();
