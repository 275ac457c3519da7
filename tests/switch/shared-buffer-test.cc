/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "slotted-switch.h"
#include "switch/shared-memory.h"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <functional>
#include <map>
#include <random>
#include <string>

using namespace ns3;
using namespace ns3::mtlink;

TEST_SUITE_BEGIN("switch");

TEST_CASE("a credit loop has its own buffer and its dynamic threshold's part of the shared one")
{
    struct Point
    {
        std::string alpha; //!< Of the threshold
        uint32_t own;      //!< Packets of private buffer
        uint32_t shared;   //!< Packets of shared buffer
        uint32_t loop;     //!< Packets in the loop
    };

    for (const Point& point : {Point{"1", 1, 0, 1},
                               Point{"1024", 1, 4, 5},
                               Point{"1", 1, 4, 3},    // 2 < 2 stops it
                               Point{"0.5", 1, 12, 5}, // 4 < 8 / 2 stops it
                               Point{"1024", 2, 3, 5}})
    {
        CAPTURE(point.alpha);
        CAPTURE(point.shared);
        const Simulation simulation;
        TestFabric test;
        test.link = {{"Rate", "512Gbps"}, {"Latency", "500ns"}};
        test.chip = {{"Latency", "50ns"},
                     {"Vcs", "1"},
                     {"Buffer", std::to_string(4096 * point.own)},
                     {"SharedBuffer", std::to_string(4096 * point.shared)}};
        if (point.shared > 0)
        {
            test.chip.emplace_back("Alpha", point.alpha);
        }
        test.endpoint = {{"Window", "0"}, {"Buffer", "1048576"}};
        test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "3"}}));
        const uint64_t bytes = 4096 * 2000;
        test.Send(0, 1, bytes);
        test.Run();
        const double rate = std::min(64.0, 4096.0 * point.loop / (500 + 50 + 64 + 500));
        CHECK(static_cast<double>(bytes) / (test.delivered[0].at * 1e-3 - 1050) ==
              doctest::Approx(rate).epsilon(0.005));
        CHECK(test.fabric->CheckConservation() == "");
    }
}

TEST_CASE("a shared buffer speeds up those who share it, and each keeps at least its own")
{
    // Six senders to two receivers; buffers of one packet each, and room for five more.
    for (const std::string queueing : {"voq", "fifo"})
    {
        const Simulation simulation;
        TestFabric test;
        test.link = {{"Rate", "512Gbps"}, {"Latency", "100ns"}};
        test.chip = {{"Vcs", "1"},
                     {"Buffer", "4096"},
                     {"SharedBuffer", "20480"},
                     {"Alpha", "2"},
                     {"Queueing", queueing}};
        test.endpoint = {{"Window", "0"}, {"Buffer", "1048576"}};
        test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "8"}}));
        for (uint32_t src = 0; src < 6; ++src)
        {
            test.Send(src, 6 + src % 2, 4096 * 300, src);
        }
        test.Run();
        REQUIRE(test.delivered.size() == 6);
        // Own buffers alone: a packet per round trip of 100 + 200 + 64 + 100 ns.
        CHECK(test.delivered.back().at < 300 * 464000 * 3 / 4);
        CHECK(test.fabric->CheckConservation() == "");
    }
}

TEST_CASE("links that always want more share a pool as Choudhury and Hahne say, who came first too")
{
    // Three senders to a receiver each, over loops too long for what they get; the first sends long
    // before the others. A pool of 12 packets, and a buffer of one each.
    for (const double alpha : {0.25, 0.5, 1.0})
    {
        CAPTURE(alpha);
        const Simulation simulation;
        TestFabric test;
        test.link = {{"Rate", "512Gbps"}, {"Latency", "500ns"}};
        test.chip = {{"Latency", "50ns"},
                     {"Vcs", "1"},
                     {"Buffer", "4096"},
                     {"SharedBuffer", std::to_string(4096 * 12)},
                     {"Alpha", std::to_string(alpha)}};
        test.endpoint = {{"Window", "0"}, {"Buffer", "1048576"}};
        constexpr Tick WINDOW = 60000000;
        test.measure.sampleInterval = WINDOW;
        test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "6"}}));
        test.Send(0, 3, 4096 * 1000, 0);
        Simulator::Schedule(MicroSeconds(30), [&test] {
            test.Send(1, 4, 4096 * 500, 1);
            test.Send(2, 5, 4096 * 500, 2);
        });
        const RunResults results = test.Run();
        const double share = 12 * alpha / (1 + 3 * alpha) + 1;
        for (const uint32_t src : {0u, 1u, 2u})
        {
            double busy = 0;
            for (const SampleResult& sample : results.samples)
            {
                const bool counts = sample.link == test.fabric->GetTopology().GetOutLinks(src)[0] &&
                                    sample.start == WINDOW;
                busy += counts ? sample.utilisation : 0;
            }
            const double packets = busy * (500 + 50 + 64 + 500) / 64;
            CAPTURE(packets);
            CHECK(packets > share - 1);
            CHECK(packets < share + 1);
        }
        CHECK(test.fabric->CheckConservation() == "");
    }
}

TEST_CASE("queues of a shared memory share it as Choudhury and Hahne say")
{
    // n queues that are always full hold alpha M / (1 + n alpha) each, and a place of their own.
    for (const double alpha : {0.5, 1.0, 2.0})
    {
        for (const uint32_t queues : {1u, 2u, 5u})
        {
            CAPTURE(alpha);
            CAPTURE(queues);
            constexpr uint32_t SIZE = 10000;
            SharedMemory memory(SIZE, alpha, queues);
            std::map<uint32_t, uint32_t> length;
            bool adds = true;
            while (adds)
            {
                adds = false;
                for (uint32_t queue = 0; queue < queues; ++queue)
                {
                    const bool isIn = memory.Admit(queue, 1, 0);
                    length[queue] += isIn;
                    adds = adds || isIn;
                }
            }
            for (uint32_t queue = 0; queue < queues; ++queue)
            {
                CHECK(length[queue] ==
                      doctest::Approx(alpha * SIZE / (1 + queues * alpha) + 1).epsilon(0.002));
            }
            CHECK(memory.IsConserved());
        }
    }
}

TEST_CASE("what is in a queue's own place counts in its length")
{
    // model.md: a queue admits while its length is less than alpha times what is free.
    SharedMemory memory(100, 0.4, 2);
    REQUIRE(memory.Admit(1, 30, 0));
    REQUIRE(memory.Admit(0, 80, 0)); // 70 are free: into its own place
    memory.Leave(1, 30, 10);
    CHECK_FALSE(memory.Admit(0, 10, 10)); // 80 is not less than 0.4 x 100
    CHECK(memory.Admit(1, 10, 10));
    memory.Leave(0, 80, 20);
    CHECK(memory.Admit(0, 10, 20));
    CHECK(memory.IsConserved());
}

TEST_CASE("an empty queue of a full memory takes a packet, and its place is free when that is out")
{
    SharedMemory memory(64, 8, 2);
    CHECK(memory.Admit(0, 64, 0));
    CHECK(memory.Admit(0, 64, 0)); // its own place
    CHECK_FALSE(memory.Admit(0, 64, 0));
    CHECK(memory.Admit(1, 64, 0)); // its own place
    CHECK_FALSE(memory.Admit(1, 1, 0));
    memory.Leave(1, 64, 10);
    CHECK(memory.GetNextLeave() == 10);
    CHECK_FALSE(memory.Admit(1, 64, 9));
    CHECK(memory.Admit(1, 64, 10));
    memory.Leave(0, 64, 11);
    CHECK(memory.Admit(0, 64, 11));
    CHECK(memory.IsConserved());
}

TEST_CASE("cells wait at the outputs of a shared memory as long as Karol, Hluchyj and Morgan say")
{
    // Output queueing in slots: (N - 1) / N p / (2 (1 - p)).
    for (const std::string arbiter : {"round_robin", "oldest_first"})
    {
        for (const double load : {0.5, 0.8})
        {
            CAPTURE(arbiter);
            CAPTURE(load);
            const Simulation simulation;
            SlottedSwitch chip(16,
                               {{"Queueing", "output"},
                                {"Arbiter", arbiter},
                                {"SharedBuffer", "1048576"},
                                {"Alpha", "64"}});
            const auto outcome = chip.Run(load, 1000, 20000, 4);
            const double truth = 15.0 / 16 * load / (2 * (1 - load));
            CHECK(outcome.wait == doctest::Approx(truth).epsilon(0.01));
        }
    }
}

TEST_CASE("packets wait as in M/D/1 at an output of a shared memory")
{
    for (const double load : {0.5, 0.7})
    {
        CAPTURE(load);
        const Simulation simulation;
        TestFabric test;
        test.chip = {{"Latency", "2ns"},
                     {"Vcs", "1"},
                     {"Buffer", "4096"},
                     {"Queueing", "output"},
                     {"SharedBuffer", "1048576"},
                     {"Alpha", "64"}};
        test.endpoint = {{"Packet", "64"}, {"Window", "0"}};
        test.measure.windowStart = 1000000;
        constexpr uint32_t SENDERS = 200;
        test.Build(MakeLayout("SingleSwitch", {{"Endpoints", std::to_string(SENDERS + 1)}}));
        std::mt19937 random(11);
        std::exponential_distribution<double> gap(load / 1000);
        double at = 0;
        uint32_t count = 0;
        std::function<void()> arrive = [&] {
            test.Send(static_cast<uint32_t>(random() % SENDERS), SENDERS, 64);
            const Tick before = static_cast<Tick>(at);
            at += gap(random);
            if (++count < 250000)
            {
                Simulator::Schedule(PicoSeconds(static_cast<Tick>(at) - before), [&] { arrive(); });
            }
        };
        Simulator::ScheduleNow([&] { arrive(); });
        const RunResults results = test.Run();
        const double wait = (results.packetLatency->mean * 1000 - 23000) / 1000;
        const double truth = load / (2 * (1 - load));
        CAPTURE(wait);
        CAPTURE(truth);
        CHECK(std::abs(wait - truth) < 0.02 * truth);
    }
}

TEST_SUITE_END();
