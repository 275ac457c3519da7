/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../fabric/test-fabric.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <functional>
#include <random>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** @return a fault of both directions of a cable. */
LinkFault
MakeFault(uint32_t link, Tick at, Tick length, DownPolicy policy = DownPolicy::REPLAY)
{
    LinkFault fault;
    fault.units = {{link, Topology::Reverse(link)}};
    fault.at = at;
    fault.length = length;
    fault.policy = policy;
    return fault;
}

/** Send from each endpoint to each other; the cookie tells whom. */
void
SendAll(TestFabric& test, uint64_t bytes)
{
    const uint32_t n = test.fabric->GetEndpoints();
    for (uint32_t shift = 1; shift < n; ++shift)
    {
        for (uint32_t src = 0; src < n; ++src)
        {
            const uint32_t dst = (src + shift) % n;
            test.Send(src, dst, bytes, src * n + dst, src);
        }
    }
}

/** Stop once so many messages are delivered or lost: random faults go on for ever. */
void
StopAfter(const TestFabric& test, std::size_t messages)
{
    if (test.delivered.size() + test.lost.size() == messages)
    {
        Simulator::Stop();
        return;
    }
    Simulator::Schedule(MicroSeconds(1), &StopAfter, std::cref(test), messages);
}

constexpr Tick TOO_LATE = 20000000000; //!< 20 ms

/** Stop once the fabric has nothing left to do, or too late. */
void
StopWhenIdle(const TestFabric& test)
{
    if (test.fabric->IsIdle() || Simulator::Now() >= PicoSeconds(TOO_LATE))
    {
        Simulator::Stop();
        return;
    }
    Simulator::Schedule(MicroSeconds(1), &StopWhenIdle, std::cref(test));
}

/** Check that everything sent was delivered or lost, once, and all room is free again. */
void
CheckAccounts(const TestFabric& test,
              const RunResults& results,
              uint64_t messages,
              uint64_t packets)
{
    CHECK(test.delivered.size() + test.lost.size() == messages);
    CHECK(test.sent.size() == messages);
    CHECK(results.messagesLost == test.lost.size());
    CHECK(results.packetsDelivered + results.packetsLost == packets);
    std::vector<uint64_t> cookies;
    for (const auto* list : {&test.delivered, &test.lost})
    {
        for (const Delivery& one : *list)
        {
            cookies.push_back(one.cookie);
        }
    }
    std::sort(cookies.begin(), cookies.end());
    CHECK(std::adjacent_find(cookies.begin(), cookies.end()) == cookies.end());
    uint64_t lost = 0;
    for (const LinkResult& link : results.links)
    {
        lost += link.packetsLost;
        CHECK(link.busy >= 0);
        CHECK(link.busy <= results.simulatedTime);
    }
    CHECK(lost == results.packetsLost);
    CHECK(test.fabric->GetPacketsInFlight() == 0);
    CHECK(test.fabric->CheckConservation() == "");
}

} // namespace

TEST_SUITE_BEGIN("link");

TEST_CASE("a link that is down for a time delays what is on its wire and behind by exactly that")
{
    // Packets of 64 ns over 10 ns: at 1,000 ns the 15 first are in, the 16th is on the wire.
    const Simulation simulation;
    TestFabric test;
    test.Build(MakeLayout("FullMesh", {{"Endpoints", "2"}, {"LinksPerPair", "1"}}));
    test.fabric->AddFault(MakeFault(0, 1000000, 500000));
    test.Send(0, 1, 4096 * 100);
    const RunResults results = test.Run();
    // 15 x 64 = 960 ns are through; the other 85 packets start at 1,500 ns.
    CHECK(test.delivered[0].at == 1500000 + 85 * 64000 + 10000);
    CHECK(results.links[0].down == 500000);
    CHECK(results.links[1].down == 500000);
    CHECK(results.links[0].degraded == 0);
    CHECK(results.links[0].retries == 1);
    CHECK(results.links[0].busy == 100 * 64000 + 40000);
    CheckAccounts(test, results, 1, 100);
}

TEST_CASE("a fault that may be on one direction leaves the other alone")
{
    const Simulation simulation;
    TestFabric test;
    test.Build(MakeLayout("FullMesh", {{"Endpoints", "2"}, {"LinksPerPair", "1"}}));
    LinkFault fault = MakeFault(0, 0, 5000000);
    fault.units = {{0}};
    test.fabric->AddFault(fault);
    test.Send(0, 1, 4096, 0);
    test.Send(1, 0, 4096, 1);
    const RunResults results = test.Run();
    CHECK(test.delivered[0] == Delivery{1, 74000});
    CHECK(test.delivered[1] == Delivery{0, 5074000});
    CHECK(results.links[1].down == 0);
}

TEST_CASE("a degraded link runs at the rate of the lanes that are left")
{
    const Simulation simulation;
    TestFabric test;
    test.link.emplace_back("Lanes", "4");
    test.Build(MakeLayout("FullMesh", {{"Endpoints", "2"}, {"LinksPerPair", "1"}}));
    LinkFault fault = MakeFault(0, 640000, 256000 * 10);
    fault.isDown = false;
    fault.lanes = 1;
    test.fabric->AddFault(fault);
    test.Send(0, 1, 4096 * 100);
    const RunResults results = test.Run();
    // 10 packets at full rate, one handed over at that instant, 10 at a quarter, the rest again.
    const Tick ideal = 10 * 64000 + 10 * 256000 + 80 * 64000 + 10000;
    CHECK(std::abs(test.delivered[0].at - ideal) <= 256000);
    CHECK(results.links[0].degraded == 2560000);
    CHECK(results.links[0].down == 0);
    CHECK(results.packetsLost == 0);
}

TEST_CASE("an all-to-all over a link that goes down and back loses nothing under replay")
{
    for (const DownPolicy policy : {DownPolicy::REPLAY, DownPolicy::REROUTE})
    {
        const Simulation simulation;
        TestFabric test;
        test.Build(MakeLayout("FatTree", {{"Radix", "4"}, {"Levels", "3"}}));
        const uint32_t up = test.fabric->GetTopology().GetOutLinks(16)[2];
        test.fabric->AddFault(MakeFault(up, 2000000, 5000000, policy));
        SendAll(test, 20000);
        const RunResults results = test.Run();
        CHECK(test.lost.empty());
        CHECK(results.links[up].down == 5000000);
        CheckAccounts(test, results, 16 * 15, 16 * 15 * 5);
    }
}

TEST_CASE("an all-to-all over a link that goes down and back is counted exactly under drop")
{
    const Simulation simulation;
    TestFabric test;
    test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "8"}}));
    const uint32_t last = Topology::Reverse(test.fabric->GetTopology().GetOutLinks(3)[0]);
    test.fabric->AddFault(MakeFault(last, 2000000, 1000000, DownPolicy::DROP));
    SendAll(test, 40000);
    const RunResults results = test.Run();
    CHECK(!test.lost.empty());
    for (const Delivery& lost : test.lost)
    {
        // Only what is for 3 or from 3 can be lost.
        CHECK((lost.cookie % 8 == 3 || lost.cookie / 8 == 3));
    }
    CHECK(results.links[last].packetsLost > 0);
    CheckAccounts(test, results, 8 * 7, 8 * 7 * 10);
}

TEST_CASE("packets that wait go round a link that is down, if another leads there too")
{
    // Four parents: under reroute the leaf's other links take over, under replay the flows of the
    // link wait for it.
    Tick ends[2];
    for (const bool reroutes : {false, true})
    {
        const Simulation simulation;
        TestFabric test;
        test.Build(MakeLayout("FatTree", {{"Down", "4,4"}, {"Up", "1,4"}}));
        const Topology& topology = test.fabric->GetTopology();
        const uint32_t leaf = topology.GetLinks()[topology.GetOutLinks(0)[0]].to;
        for (const uint32_t link : topology.GetOutLinks(leaf))
        {
            if (!topology.IsEndpoint(topology.GetLinks()[link].to))
            {
                LinkFault fault = MakeFault(link,
                                            3000000,
                                            100000000,
                                            reroutes ? DownPolicy::REROUTE : DownPolicy::REPLAY);
                fault.units = {{link}};
                test.fabric->AddFault(fault);
                break;
            }
        }
        for (uint32_t src = 0; src < 4; ++src)
        {
            for (uint32_t dst = 4; dst < 16; ++dst)
            {
                test.Send(src, dst, 40960, src * 16 + dst, dst);
            }
        }
        const RunResults results = test.Run();
        CheckAccounts(test, results, 48, 480);
        CHECK(test.lost.empty());
        std::size_t early = 0;
        for (const Delivery& one : test.delivered)
        {
            early += one.at < 100000000;
        }
        ends[reroutes] = static_cast<Tick>(early);
    }
    CHECK(ends[1] > ends[0]);
    CHECK(ends[1] >= 46); // but for those that the dead wire holds
}

TEST_CASE("a link that stays down under replay leaves its packets waiting, and says so")
{
    const Simulation simulation;
    TestFabric test;
    test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "3"}}));
    const uint32_t link = Topology::Reverse(test.fabric->GetTopology().GetOutLinks(2)[0]);
    test.fabric->AddFault(MakeFault(link, 0, NEVER));
    test.Send(0, 2, 40960, 1);
    test.Send(0, 1, 40960, 2);
    test.Run();
    REQUIRE(test.delivered.size() == 1);
    CHECK(test.delivered[0].cookie == 2);
    const auto down = test.fabric->GetDownLinks(8);
    // The cable, once for both ways.
    const uint32_t first = std::min(link, Topology::Reverse(link));
    CHECK(down == std::vector{test.fabric->GetTopology().GetLinkName(first)});
    CHECK(test.fabric->CheckConservation() == "");
}

TEST_CASE("a link is down while any fault holds it, and up when one ends them all")
{
    const Simulation simulation;
    TestFabric test;
    test.Build(MakeLayout("FullMesh", {{"Endpoints", "2"}, {"LinksPerPair", "1"}}));
    test.fabric->AddFault(MakeFault(0, 1000000, 4000000));
    test.fabric->AddFault(MakeFault(0, 2000000, 5000000));
    test.fabric->AddFault(MakeFault(0, 8000000, NEVER));
    LinkFault repair = MakeFault(0, 9000000, NEVER);
    repair.repairs = true;
    test.fabric->AddFault(repair);
    test.Send(0, 1, 4096 * 200);
    const RunResults results = test.Run();
    CHECK(results.links[0].down == 6000000 + 1000000);
    CHECK(test.delivered.size() == 1);
    CHECK(test.fabric->GetDownLinks(8).empty());
}

TEST_CASE("a fabric is idle while random faults go on, but not while they hold something up")
{
    // Of 15 cables about half are down at any time. One link is down for good.
    for (const DownPolicy policy : {DownPolicy::REPLAY, DownPolicy::DROP})
    {
        for (const bool isBroken : {false, true})
        {
            CAPTURE(isBroken);
            const Simulation simulation;
            TestFabric test;
            test.Build(MakeLayout("FullMesh", {{"Endpoints", "6"}, {"LinksPerPair", "1"}}));
            LinkFault fault;
            fault.mtbf = 20000000;
            fault.mttr = 20000000;
            fault.policy = policy;
            for (uint32_t link = 0; link < 30; link += 2)
            {
                fault.units.push_back({link, link + 1});
            }
            test.fabric->AddFault(fault);
            if (isBroken)
            {
                LinkFault broken = MakeFault(7, 0, NEVER);
                broken.units = {{7}};
                test.fabric->AddFault(broken);
            }
            SendAll(test, 4096 * 40);
            Simulator::Schedule(MicroSeconds(1), &StopWhenIdle, std::cref(test));
            test.Run();
            CHECK(Simulator::Now() < PicoSeconds(TOO_LATE));
            CHECK(test.delivered.size() + test.lost.size() == (isBroken ? 29 : 30));
        }
    }
}

TEST_CASE("random faults lose nothing under replay, and are counted exactly under drop")
{
    MESSAGE("seeds 1 to 24");
    uint64_t losses = 0;
    uint64_t replays = 0;
    for (uint32_t seed = 1; seed <= 24; ++seed)
    {
        CAPTURE(seed);
        std::vector<std::vector<Delivery>> runs;
        for (const char* implementation : {Simulation::FABRIC, Simulation::DEFAULT})
        {
            std::mt19937 random(seed);
            const auto pick = [&](std::initializer_list<const char*> list) {
                return std::string(list.begin()[random() % list.size()]);
            };
            const Simulation simulation(implementation);
            TestFabric test;
            test.seed = seed;
            test.link = {{"Rate", pick({"512Gbps", "224Gbps"})},
                         {"Latency", pick({"0ns", "10ns", "300ns"})}};
            if (random() % 2 == 0)
            {
                test.link.emplace_back("Retry", "go_back_n");
                test.link.emplace_back("ErrorRate", pick({"0.0001", "0.001"}));
                test.link.emplace_back("ReplayBuffer", pick({"0", "20000"}));
            }
            test.chip = {{"Latency", pick({"0ns", "2ns", "200ns"})},
                         {"Vcs", pick({"5", "8"})},
                         {"Buffer", pick({"4352", "65536"})},
                         {"Queueing", pick({"voq", "fifo", "output"})},
                         {"Switching", pick({"cut_through", "store_and_forward"})}};
            if (test.chip[3].second == "output")
            {
                test.chip.emplace_back("SharedBuffer", pick({"4352", "65536"}));
                test.chip.emplace_back("Arbiter", pick({"round_robin", "oldest_first"}));
            }
            else
            {
                test.chip.emplace_back("InputSpeedup", pick({"1", "2"}));
                test.chip.emplace_back("OutputSpeedup", pick({"1", "2"}));
                test.chip.emplace_back("Arbiter",
                                       pick({"round_robin", "oldest_first", "wavefront", "islip"}));
                if (random() % 3 == 0)
                {
                    test.chip.insert(test.chip.end(),
                                     {{"TileRows", "2"}, {"TileColumns", "1"}, {"RowLanes", "2"}});
                }
            }
            test.routing = {{"Granularity", "packet"},
                            {"Selection", pick({"hash", "random", "least_loaded"})}};
            test.endpoint = {{"Packet", pick({"1000", "4096"})}, {"Window", pick({"0", "100000"})}};
            if (test.endpoint[1].second != "0" && random() % 2 == 0)
            {
                test.endpoint.emplace_back("ReorderBuffer", "1000000000");
            }
            const Ptr<TopologyBuilder> layouts[] = {
                MakeLayout("SingleSwitch", {{"Endpoints", "5"}}),
                MakeLayout("FullMesh", {{"Endpoints", "4"}, {"LinksPerPair", "2"}}),
                MakeLayout("FatTree", {{"Radix", "4"}, {"Levels", "3"}}),
                MakeLayout("Dragonfly", {{"P", "2"}, {"A", "4"}, {"H", "2"}}),
                MakeLayout("Torus", {{"Dimensions", "4,3"}}),
                MakeLayout("Hyperx", {{"Dimensions", "3,3"}, {"EndpointsPerSwitch", "2"}})};
            if (seed % 6 == 3)
            {
                test.routing.emplace_back("Algorithm",
                                          pick({"minimal", "valiant", "ugal_l", "ugal_g", "par"}));
            }
            if (seed % 6 > 3)
            {
                test.routing.emplace_back("Algorithm", pick({"dimension_order", "adaptive"}));
            }
            if (seed % 6 != 1 && random() % 2 == 0)
            {
                test.endpoint.emplace_back("CongestionControl", pick({"swift", "hpcc"}));
            }
            const auto policy = static_cast<DownPolicy>(random() % 3);
            test.Build(layouts[seed % 6]);
            LinkFault fault;
            fault.mtbf = 20000000;
            fault.mttr = 2000000;
            fault.policy = policy;
            for (uint32_t link = 0; link < test.fabric->GetTopology().GetLinks().size(); link += 2)
            {
                fault.units.push_back({link, link + 1});
            }
            test.fabric->AddFault(fault);
            const uint32_t n = test.fabric->GetEndpoints();
            const uint64_t size = std::stoull(test.endpoint[0].second);
            uint64_t packets = 0;
            for (uint32_t m = 0; m < 400; ++m)
            {
                const uint32_t src = random() % n;
                const uint64_t bytes = 1 + random() % 40000;
                packets += (bytes + size - 1) / size;
                test.Send(src, (src + 1 + random() % (n - 1)) % n, bytes, m, m % 3);
            }
            Simulator::Schedule(MicroSeconds(1), &StopAfter, std::cref(test), 400);
            const RunResults results = test.Run();
            CheckAccounts(test, results, 400, packets);
            Tick down = 0;
            for (const LinkResult& link : results.links)
            {
                down += link.down;
                replays += link.retries;
            }
            CHECK(down > 0);
            CHECK((policy == DownPolicy::DROP || test.lost.empty()));
            losses += test.lost.size();
            test.delivered.insert(test.delivered.end(), test.lost.begin(), test.lost.end());
            runs.push_back(test.delivered);
        }
        CHECK(runs[0] == runs[1]);
    }
    CHECK(losses > 0);
    CHECK(replays > 0);
}

TEST_SUITE_END();
