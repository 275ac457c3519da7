/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../fabric/test-fabric.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

constexpr Tick PACKET = 64000; //!< 4 KiB at 512 Gb/s

/** @return when a message was delivered; NEVER: it was not. */
Tick
GetDelivered(const TestFabric& test, uint64_t cookie)
{
    for (const Delivery& delivery : test.delivered)
    {
        if (delivery.cookie == cookie)
        {
            return delivery.at;
        }
    }
    return NEVER;
}

/**
 * Input 0 has a store of packets for output 3, input 1 one for output 2, half a packet out of step:
 * whenever output 2 is free input 0 is busy, and the other way round. A packet from 0 to 2, message
 * 4, would wait until the stores are empty.
 * @param [in] packets In each store, with those that come while it gathers.
 * @param [in] gathering For so many packets two others make them wait.
 * @param [in] at When the packet comes.
 */
void
SendOutOfStep(TestFabric& test,
              const std::string& arbiter,
              uint64_t packets,
              uint64_t gathering,
              Tick at)
{
    test.chip = {{"Latency", "2ns"},
                 {"Vcs", "1"},
                 {"InputSpeedup", "1"},
                 {"Buffer", "262144"},
                 {"Arbiter", arbiter}};
    test.endpoint = {{"Window", "0"}, {"Buffer", "1073741824"}};
    test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "6"}}));
    const auto send = [&test](Tick when, uint32_t src, uint32_t dst, uint64_t count, int what) {
        Simulator::Schedule(PicoSeconds(when), [&test, src, dst, count, what] {
            test.Send(src, dst, 4096 * count, static_cast<uint64_t>(what), src);
        });
    };
    send(0, 0, 3, packets, 0);
    send(0, 4, 3, gathering, 1);
    send(PACKET / 2, 1, 2, packets, 2);
    send(PACKET / 2, 5, 2, gathering, 3);
    send(at, 0, 2, 1, 4);
}

} // namespace

TEST_SUITE_BEGIN("switch");

TEST_CASE("no arbiter starves a packet whose input and output are never free at one time")
{
    for (const std::string arbiter : {"round_robin", "oldest_first", "islip", "wavefront"})
    {
        CAPTURE(arbiter);
        const Simulation simulation;
        TestFabric test;
        SendOutOfStep(test, arbiter, 3000, 1500, 3100 * PACKET);
        test.Run();
        CHECK(test.delivered.size() == 5);
        const Tick waited = GetDelivered(test, 4) - 3100 * PACKET;
        CAPTURE(waited);
        CHECK(waited < 700 * PACKET);
        CHECK(test.fabric->CheckConservation() == "");
        // Nor does it cost the others much.
        CHECK(test.delivered.back().at < 4510 * PACKET);
    }
}

TEST_CASE("no arbiter lets small packets starve a large one of its credit")
{
    // The far end has room for one large packet. Small ones from six inputs take what comes free.
    for (const std::string arbiter : {"round_robin", "oldest_first", "islip", "wavefront"})
    {
        CAPTURE(arbiter);
        const Simulation simulation;
        TestFabric test;
        test.chip = {{"Latency", "2ns"},
                     {"Vcs", "1"},
                     {"Buffer", "1073741824"},
                     {"Arbiter", arbiter}};
        test.endpoint = {{"Window", "0"}, {"Buffer", "4096"}};
        test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "8"}}));
        for (uint32_t src = 0; src < 6; ++src)
        {
            for (uint32_t packet = 0; packet < 2000; ++packet)
            {
                test.Send(src, 7, 64, 1, src);
            }
        }
        Simulator::Schedule(MicroSeconds(1), [&test] { test.Send(6, 7, 4096, 2); });
        test.Run();
        CHECK(test.delivered.size() == 12001);
        const Tick waited = GetDelivered(test, 2);
        CAPTURE(waited);
        // By age it comes after the 6,000 or so that had left their sources before it.
        const double share = arbiter == "oldest_first" ? 0.55 : 0.33;
        CHECK(static_cast<double>(waited) < share * static_cast<double>(test.delivered.back().at));
    }
}

TEST_CASE("an output that comes back owes nobody a turn of before")
{
    // A packet from 0 to 2 is passed as above, until its output goes down: a little or long after
    // it came, or when it is nearly its turn. From when the output is up, it waits as long.
    for (const std::string arbiter : {"islip", "wavefront"})
    {
        std::vector<Tick> waits;
        for (const Tick passed : {20, 120, 240})
        {
            CAPTURE(arbiter);
            const Simulation simulation;
            TestFabric test;
            SendOutOfStep(test, arbiter, 1500, 400, 900 * PACKET);
            LinkFault fault;
            fault.units = {{5}};
            fault.policy = DownPolicy::REROUTE;
            fault.at = (900 + passed) * PACKET;
            fault.length = 4 * PACKET;
            test.fabric->AddFault(fault);
            test.Run();
            waits.push_back(GetDelivered(test, 4) - fault.at - fault.length);
        }
        CHECK(waits[1] == waits[0]);
        CHECK(waits[2] == waits[0]);
    }
}

TEST_SUITE_END();
