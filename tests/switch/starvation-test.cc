/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../fabric/test-fabric.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <string>

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

} // namespace

TEST_SUITE_BEGIN("switch");

TEST_CASE("no arbiter starves a packet whose input and output are never free at one time")
{
    // Input 0 has a store of packets for output 3, input 1 one for output 2, half a packet out of
    // step: whenever output 2 is free input 0 is busy, and the other way round. A packet from 0 to
    // 2 would wait until the stores are empty.
    for (const std::string arbiter : {"round_robin", "oldest_first", "islip", "wavefront"})
    {
        CAPTURE(arbiter);
        const Simulation simulation;
        TestFabric test;
        test.chip = {{"Latency", "2ns"},
                     {"Vcs", "1"},
                     {"InputSpeedup", "1"},
                     {"Buffer", "262144"},
                     {"Arbiter", arbiter}};
        test.endpoint = {{"Window", "0"}, {"Buffer", "1073741824"}};
        test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "6"}}));
        // 4 and 5 make the others wait at first, so that they gather a store each.
        const auto send = [&test](Tick at, uint32_t src, uint32_t dst, uint64_t packets, int what) {
            Simulator::Schedule(PicoSeconds(at), [&test, src, dst, packets, what] {
                test.Send(src, dst, 4096 * packets, static_cast<uint64_t>(what), src);
            });
        };
        send(0, 0, 3, 3000, 0);
        send(0, 4, 3, 1500, 1);
        send(PACKET / 2, 1, 2, 3000, 2);
        send(PACKET / 2, 5, 2, 1500, 3);
        send(3100 * PACKET, 0, 2, 1, 4);
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

TEST_SUITE_END();
