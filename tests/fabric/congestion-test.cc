/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "test-fabric.h"

#include "ns3/mtlink-graph-topology.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <map>
#include <random>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

constexpr Tick NS = 1000;      //!< A nanosecond
constexpr Tick WIRE = 64 * NS; //!< A packet of 4,096 B at 512 Gb/s

/** @return 2 leaves with 2 endpoints each and one spine: 0 and 1, 2 and 3 share a leaf. */
Ptr<TopologyBuilder>
MakeTwoLeaves()
{
    return MakeLayout("FatTree", {{"Down", "2,2"}, {"Up", "1,1"}});
}

/** @return the link by which a path leaves its n-th node. */
std::string
GetLink(const TestFabric& test, uint32_t src, uint32_t dst, int n)
{
    const Topology& topology = test.fabric->GetTopology();
    uint32_t node = src;
    for (;; --n)
    {
        const uint32_t link = test.fabric->GetRouting().NextHops(node, dst, 0).links[0];
        if (n == 0)
        {
            return topology.GetLinkName(link);
        }
        node = topology.GetLinks()[link].to;
    }
}

/** @return what a link waited for a root, ns. */
double
GetWait(const RunResults& results, const std::string& root, const std::string& victim)
{
    for (const CongestionResult& row : results.congestion)
    {
        if (row.root == root && row.victim == victim)
        {
            return static_cast<double>(row.stall) / NS;
        }
    }
    return 0;
}

/** @return a flow's row. */
CongestionFlowResult
GetFlow(const RunResults& results, const std::string& root, uint32_t src, uint32_t dst)
{
    for (const CongestionFlowResult& row : results.congestionFlows)
    {
        if (row.root == root && row.src == src && row.dst == dst)
        {
            return row;
        }
    }
    return {};
}

/** Check that every stall was charged, to the picosecond, by link and by flow. */
void
CheckAllCharged(const RunResults& results)
{
    std::map<std::string, Tick> charged;
    Tick all = 0;
    for (const CongestionResult& row : results.congestion)
    {
        CHECK(row.stall > 0);
        CHECK(row.times > 0);
        charged[row.victim] += row.stall;
        all += row.stall;
    }
    for (const LinkResult& link : results.links)
    {
        CAPTURE(link.name);
        CHECK(charged[link.name] == link.creditStall);
    }
    CHECK(all == results.creditStall);
    for (const CongestionFlowResult& row : results.congestionFlows)
    {
        all -= row.stall;
    }
    CHECK(all == 0);
}

} // namespace

TEST_SUITE_BEGIN("fabric");

TEST_CASE("two senders to one destination stall for its egress as long as counted by hand")
{
    const Simulation simulation;
    TestFabric test;
    test.chip = {{"Latency", "2ns"}, {"Vcs", "1"}, {"Buffer", "8192"}};
    test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "3"}}));
    test.Send(0, 2, 4096 * 50, 0);
    test.Send(1, 2, 4096 * 50, 1);
    const RunResults results = test.Run();
    // A buffer takes two packets. Packet k of a sender leaves the switch every 128 ns and frees
    // its room 64 + 10 ns later, for packet k + 2. Sender 0's leave from 12 ns on, sender 1's from
    // 76 ns on: 0 sends at 0, 64, 128, 214, 342, ... and 1 at 0, 64, 150, 278, ...
    const std::string egress = GetLink(test, 0, 2, 1);
    CHECK(results.congestion.size() == 2);
    CHECK(GetWait(results, egress, GetLink(test, 0, 2, 0)) == 22 + 64 * (50 - 4));
    CHECK(GetWait(results, egress, GetLink(test, 1, 2, 0)) == 22 + 64 * (50 - 3));
    CHECK(GetFlow(results, egress, 0, 2).role == "cause");
    CHECK(GetFlow(results, egress, 0, 2).times == 1 + 50 - 4);
    CHECK(GetFlow(results, egress, 1, 2).stall == (22 + 64 * (50 - 3)) * NS);
    CheckAllCharged(results);
}

TEST_CASE("a run without congestion has no roots")
{
    const Simulation simulation;
    TestFabric test;
    test.Build(MakeTwoLeaves());
    test.Send(0, 2, 4096 * 100, 0);
    test.Send(3, 1, 4096 * 100, 0);
    const RunResults results = test.Run();
    CHECK(results.congestion.empty());
    CHECK(results.congestionFlows.empty());
    CHECK(results.creditStall == 0);
}

TEST_CASE("a buffer shorter than its credit loop is its link's own root")
{
    const Simulation simulation;
    TestFabric test;
    test.chip = {{"Latency", "2ns"}, {"Vcs", "1"}, {"Buffer", "4096"}};
    test.endpoint = {{"Buffer", "4096"}};
    test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "2"}}));
    test.Send(0, 1, 4096 * 10);
    const RunResults results = test.Run();
    // One packet in 10 + 2 + 64 + 10 ns into the switch, and in 10 + 64 + 10 out of it.
    const std::string in = GetLink(test, 0, 1, 0);
    REQUIRE(results.congestion.size() == 1);
    CHECK(GetWait(results, in, in) == 9 * 22);
    CHECK(GetFlow(results, in, 0, 1).times == 9);
    CheckAllCharged(results);
}

TEST_CASE("a chain of stalls over two switches has the far egress as its root")
{
    // 0 and 3 send to 2: the last switch takes turns, and all links from 0 on run at half speed.
    const Simulation simulation;
    TestFabric test;
    test.chip = {{"Latency", "2ns"}, {"Vcs", "1"}, {"Buffer", "8192"}};
    test.Build(MakeTwoLeaves());
    test.Send(0, 2, 4096 * 100, 0);
    test.Send(3, 2, 4096 * 130, 1);
    const RunResults results = test.Run();
    // The egress sends 0's packet k at 76 + 128 k, so the link before it sends at 24, 88, 152, 278,
    // 406, ...; that before at 12, 76, 140, 204, 268, 352, 480, ...; the source at 0, 64, ..., 448,
    // 554, 682, ...
    const std::string egress = GetLink(test, 0, 2, 3);
    CHECK(GetWait(results, egress, GetLink(test, 0, 2, 2)) == 62 + 64 * (100 - 4));
    CHECK(GetWait(results, egress, GetLink(test, 0, 2, 1)) == 20 + 64 * (100 - 6));
    CHECK(GetWait(results, egress, GetLink(test, 0, 2, 0)) == 42 + 64 * (100 - 9));
    CHECK(results.congestion.size() == 4); // and the link of 3
    CheckAllCharged(results);
}

TEST_CASE("a flow that shares a buffer with an incast is its victim, for as long as by hand")
{
    const Simulation simulation;
    TestFabric test;
    test.chip = {{"Latency", "2ns"}, {"Vcs", "1"}, {"Buffer", "8192"}};
    test.Build(MakeTwoLeaves());
    test.Send(0, 2, 4096 * 100, 0);
    test.Send(3, 2, 4096 * 130, 1);
    // In the steady state: one packet from 1 to 3, the way of 0's but for the last link.
    Simulator::Schedule(NanoSeconds(6000), [&test] { test.Send(1, 3, 4096, 2); });
    const RunResults results = test.Run();
    const std::string egress = GetLink(test, 0, 2, 3);
    // The victim waits once at each of the two switches before the last, for a turn of 64 ns, and
    // not at its own.
    const CongestionFlowResult victim = GetFlow(results, egress, 1, 3);
    CHECK(victim.role == "victim");
    CHECK(victim.times == 2);
    CHECK(victim.stall == 128 * NS);
    CHECK(GetFlow(results, egress, 0, 2).role == "cause");
    CHECK(results.congestion.front().root == egress);
    Tick others = 0;
    for (const CongestionResult& row : results.congestion)
    {
        others += row.root == egress ? 0 : row.stall;
    }
    CHECK(others < 4 * WIRE);
    CheckAllCharged(results);
}

TEST_CASE("a port that carries others is a root, and one that waits itself is not")
{
    // 0 and 1 share the way up and end at 2 and 3: the shared link is the root, no egress is.
    const Simulation simulation;
    TestFabric test;
    test.chip = {{"Latency", "2ns"}, {"Vcs", "1"}, {"Buffer", "8192"}};
    test.Build(MakeTwoLeaves());
    test.Send(0, 2, 4096 * 100, 0);
    test.Send(1, 3, 4096 * 100, 1);
    const RunResults results = test.Run();
    const std::string up = GetLink(test, 0, 2, 1);
    REQUIRE(results.congestion.size() == 2);
    CHECK(results.congestion[0].root == up);
    CHECK(results.congestion[1].root == up);
    CHECK(GetFlow(results, up, 0, 2).role == "cause");
    CHECK(GetFlow(results, up, 1, 3).role == "cause");
    CheckAllCharged(results);
}

TEST_CASE("stalls that have not ended when a run is stopped are charged too")
{
    const Simulation simulation;
    TestFabric test;
    test.chip = {{"Latency", "2ns"}, {"Vcs", "1"}, {"Buffer", "8192"}};
    test.measure.sampleInterval = 100 * NS;
    test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "3"}}));
    test.Send(0, 2, 4096 * 50, 0);
    test.Send(1, 2, 4096 * 50, 1);
    // Sender 0 waits from 278 to 342 ns, sender 1 from 342 on: see above.
    Simulator::Stop(NanoSeconds(300));
    const RunResults results = test.Run();
    const std::string egress = GetLink(test, 0, 2, 1);
    CHECK(GetWait(results, egress, GetLink(test, 0, 2, 0)) == 22 + 22);
    CHECK(GetWait(results, egress, GetLink(test, 1, 2, 0)) == 22 + 64);
    CHECK(GetFlow(results, egress, 0, 2).times == 2);
    CheckAllCharged(results);
    double sampled = 0;
    for (const SampleResult& sample : results.samples)
    {
        sampled += sample.stall * 100;
    }
    CHECK(sampled == doctest::Approx(22 + 22 + 22 + 64));
}

TEST_CASE("a deadlock is charged to a link of its circle, and so is who waits for the circle")
{
    // A ring of 5 switches with one VC and one direction of travel: each sends two switches on.
    const Simulation simulation;
    TestFabric test;
    test.chip = {{"Latency", "2ns"}, {"Vcs", "1"}, {"Buffer", "4096"}};
    const Ptr<TopologyBuilder> layout = MakeLayout("Graph", {});
    const auto graph = DynamicCast<GraphTopology>(layout);
    for (int n = 0; n < 5; ++n)
    {
        graph->AddNode("g" + std::to_string(n), false);
        graph->AddNode("s" + std::to_string(n), true);
    }
    for (int n = 0; n < 5; ++n)
    {
        graph->AddEdge("g" + std::to_string(n), "s" + std::to_string(n));
        graph->AddEdge("s" + std::to_string(n), "s" + std::to_string((n + 1) % 5));
    }
    test.Build(layout);
    for (uint32_t n = 0; n < 5; ++n)
    {
        test.Send(n, (n + 2) % 5, 4096 * 100, n);
    }
    Simulator::Schedule(MicroSeconds(50), [] {}); // time goes on
    const RunResults results = test.Run();
    REQUIRE(test.delivered.empty());
    CHECK(results.simulatedTime == 50000 * NS);
    std::map<std::string, Tick> byRoot;
    for (const CongestionResult& row : results.congestion)
    {
        byRoot[row.root] += row.stall;
    }
    const auto worst = std::max_element(byRoot.begin(), byRoot.end(), [](auto& a, auto& b) {
        return a.second < b.second;
    });
    // Ten links wait for nearly all the time, for one of the circle.
    CHECK(worst->second > 9 * 50000 * NS);
    CHECK(worst->first[0] == 's');
    CheckAllCharged(results);
}

TEST_CASE("every stall of random traffic is charged, by link and by flow")
{
    MESSAGE("seeds 1 to 25");
    Tick stall = 0;
    for (uint32_t seed = 1; seed <= 25; ++seed)
    {
        CAPTURE(seed);
        std::mt19937 random(seed);
        const auto pick = [&](std::initializer_list<const char*> list) {
            return std::string(list.begin()[random() % list.size()]);
        };
        const Simulation simulation;
        TestFabric test;
        test.seed = seed;
        test.chip = {{"Latency", pick({"0ns", "2ns", "200ns"})},
                     {"Vcs", pick({"1", "2", "4"})},
                     {"Buffer", pick({"4096", "9000", "20000"})},
                     {"InputSpeedup", pick({"1", "2"})},
                     {"OutputSpeedup", pick({"1", "2"})},
                     {"Queueing", pick({"voq", "fifo"})},
                     {"Switching", pick({"cut_through", "store_and_forward"})}};
        test.endpoint = {{"Packet", pick({"300", "4096"})}, {"Window", pick({"0", "16384"})}};
        test.routing = {{"Granularity", pick({"flow", "packet"})}};
        const bool isTree = random() % 2 == 0;
        test.Build(isTree ? MakeLayout("FatTree", {{"Radix", "4"}, {"Levels", "3"}})
                          : MakeTwoLeaves());
        const uint32_t n = test.fabric->GetEndpoints();
        for (uint32_t m = 0; m < 150; ++m)
        {
            const uint32_t src = random() % n;
            const uint32_t dst = random() % 3 == 0 && src != 0 ? 0 : (src + 1 + random() % 2) % n;
            const uint64_t size = 1 + random() % 60000;
            Simulator::Schedule(NanoSeconds(random() % 5000), [&test, src, dst, size, m] {
                test.Send(src, dst, size, m, m % 3);
            });
        }
        if (random() % 2 == 0)
        {
            Simulator::Stop(NanoSeconds(2000 + random() % 4000));
        }
        const RunResults results = test.Run();
        stall += results.creditStall;
        CheckAllCharged(results);
    }
    CHECK(stall > 100000 * NS);
}

TEST_SUITE_END();
