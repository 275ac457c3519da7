/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../dice.h"
#include "../trace-sink.h"
#include "test-fabric.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <random>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** A layout and the number of fabric descriptions in it. */
struct Kind
{
    std::string name;            //!< For messages
    Ptr<TopologyBuilder> layout; //!< The layout
    uint32_t scopes{1};          //!< Its own and its children's
};

/** @return a layout with children. */
Ptr<TopologyBuilder>
Nest(const std::string& kind,
     const Values& values,
     const std::vector<std::pair<std::string, Ptr<TopologyBuilder>>>& children)
{
    const Ptr<TopologyBuilder> layout = MakeLayout(kind, values);
    uint32_t scope = 0;
    for (const auto& [name, child] : children)
    {
        child->SetScope(++scope);
        layout->SetChild(name, child);
    }
    return layout;
}

/** @return a small layout of each kind. */
std::vector<Kind>
GetKinds()
{
    return {
        {"single switch", MakeLayout("SingleSwitch", {{"Endpoints", "5"}})},
        {"full mesh", MakeLayout("FullMesh", {{"Endpoints", "4"}, {"LinksPerPair", "1"}})},
        {"fat tree by radix", MakeLayout("FatTree", {{"Radix", "4"}, {"Levels", "3"}})},
        {"fat tree by arity", MakeLayout("FatTree", {{"Down", "2,2,2"}, {"Up", "1,2,2"}})},
        {"dragonfly",
         MakeLayout("Dragonfly", {{"P", "2"}, {"A", "4"}, {"H", "2"}, {"Groups", "9"}})},
        {"torus", MakeLayout("Torus", {{"Dimensions", "4,3"}, {"EndpointsPerSwitch", "2"}})},
        {"hyperx", MakeLayout("Hyperx", {{"Dimensions", "3,2"}, {"EndpointsPerSwitch", "2"}})},
        {"planes",
         Nest("Planes",
              {{"Endpoints", "4"}, {"Planes", "1"}},
              {{"plane", MakeLayout("SingleSwitch", {{"Endpoints", "4"}})}}),
         2},
        {"rails",
         Nest("Rails",
              {{"Nodes", "4"}},
              {{"node", MakeLayout("SingleSwitch", {{"Endpoints", "2"}})},
               {"network", MakeLayout("FatTree", {{"Radix", "4"}, {"Levels", "2"}})}}),
         3},
    };
}

/** Links and switches of the first path between two endpoints, legs and relays included. */
struct PathLength
{
    int links{0};    //!< k
    int switches{0}; //!< Those that cut through
    int relays{0};   //!< Endpoints that take packets in whole
};

/** @return the length of the path that routing gives. */
PathLength
GetPath(const MtlinkFabric& fabric, uint32_t src, uint32_t dst)
{
    PathLength path;
    const Topology& topology = fabric.GetTopology();
    uint32_t node = src;
    while (node != dst)
    {
        const uint32_t target = fabric.GetRouting().GetLegEnd(node, dst);
        uint8_t vcClass = 0;
        while (node != target)
        {
            const Hops hops = fabric.GetRouting().NextHops(node, target, vcClass);
            vcClass = hops.vcClass;
            node = topology.GetLinks()[hops.links[0]].to;
            ++path.links;
            path.switches += topology.IsEndpoint(node) ? 0 : 1;
        }
        path.relays += node != dst;
    }
    return path;
}

} // namespace

TEST_SUITE_BEGIN("fabric");

TEST_CASE(
    "a message on an idle fabric takes the closed form's time to the picosecond, on each kind")
{
    // k l + (k-1) s + n w / r: 64 B at 512 Gb/s are 1,000 ps; a relay adds a packet's w / r.
    for (const Kind& kind : GetKinds())
    {
        for (const uint64_t bytes : {1ULL, 64ULL, 4096ULL, 4097ULL, 100000ULL, 1048576ULL})
        {
            for (const auto& [src, dst] : {std::pair<uint32_t, uint32_t>{0, 1}, {0, 3}, {2, 1}})
            {
                CAPTURE(kind.name);
                CAPTURE(bytes);
                CAPTURE(src);
                CAPTURE(dst);
                const Simulation simulation;
                TestFabric test;
                test.Build(kind.layout, kind.scopes);
                test.Send(src, dst, bytes);
                const RunResults results = test.Run();
                const PathLength path = GetPath(*test.fabric, src, dst);
                const auto flits = static_cast<Tick>((bytes + 63) / 64);
                const Tick first = std::min<Tick>(flits, 64);
                const Tick truth = path.links * 10000 + path.switches * 2000 + flits * 1000 +
                                   path.relays * first * 1000;
                REQUIRE(test.delivered.size() == 1);
                CHECK(test.delivered[0].at == truth);
                CHECK(test.fabric->GetIdleTime(src, dst, bytes) == truth);
                CHECK(test.sent[0].at == flits * 1000);
                CHECK(results.packetHops ==
                      static_cast<uint64_t>(path.links) * ((bytes + 4095) / 4096));
                CHECK(test.fabric->CheckConservation() == "");
            }
        }
    }
}

TEST_CASE("rates that do not divide a picosecond neither drift nor lose one")
{
    // 28 GB/s: a flit of 64 B takes 2,285.714 ps.
    for (const uint64_t bytes : {64ULL, 4096ULL, 10000000ULL})
    {
        const Simulation simulation;
        TestFabric test;
        test.link = {{"Rate", "224Gbps"}, {"Latency", "10ns"}};
        test.Build(MakeLayout("FatTree", {{"Radix", "4"}, {"Levels", "3"}}));
        test.Send(0, 15, bytes);
        test.Run();
        const auto flits = static_cast<double>((bytes + 63) / 64);
        const double truth = 6 * 10000 + 5 * 2000 + flits * 64 * 8 * 1000 / 224;
        CHECK(test.delivered[0].at == std::llround(truth));
        CHECK(test.fabric->GetIdleTime(0, 15, bytes) == std::llround(truth));
    }
}

TEST_CASE("store and forward adds a packet's time for each switch")
{
    const Simulation simulation;
    TestFabric test;
    test.chip.emplace_back("Switching", "store_and_forward");
    test.Build(MakeLayout("FatTree", {{"Radix", "4"}, {"Levels", "3"}}));
    test.Send(0, 15, 40960);
    test.Run();
    const Tick truth = 6 * 10000 + 5 * 2000 + 640 * 1000 + 5 * 64 * 1000;
    CHECK(test.delivered[0].at == truth);
    CHECK(test.fabric->GetIdleTime(0, 15, 40960) == truth);
}

TEST_CASE("an output faster than its input does not send the tail before it has come in")
{
    // Endpoint links at 512 Gb/s, the others at 1,024: the slow link sets the pace.
    const Simulation simulation;
    TestFabric test;
    test.links = {{"level1", {{"Rate", "1024Gbps"}}}};
    test.Build(MakeLayout("FatTree", {{"Radix", "4"}, {"Levels", "2"}}));
    test.Send(0, 7, 8192);
    test.Run();
    CHECK(test.delivered[0].at == 4 * 10000 + 3 * 2000 + 128 * 1000);
    CHECK(test.fabric->GetIdleTime(0, 7, 8192) == test.delivered[0].at);
}

TEST_CASE("a credit loop runs at the lesser of the rate and depth over round trip")
{
    // A buffer's round trip: link, pipeline, the packet itself, and the credit's way back.
    for (const uint32_t packets : {1u, 2u, 3u, 5u, 8u, 20u})
    {
        CAPTURE(packets);
        const Simulation simulation;
        TestFabric test;
        test.link = {{"Rate", "512Gbps"}, {"Latency", "100ns"}};
        test.chip = {{"Latency", "50ns"}, {"Vcs", "1"}, {"Buffer", std::to_string(4096 * packets)}};
        test.endpoint = {{"Window", "0"}, {"Buffer", "1048576"}};
        test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "2"}}));
        const uint64_t bytes = 4096 * 4000;
        test.Send(0, 1, bytes);
        test.Run();
        const double roundTrip = 100 + 50 + 64 + 100;
        const double rate = std::min(64.0, 4096 * packets / roundTrip); // bytes per ns
        const double first = 100 + 50 + 100;
        CHECK(static_cast<double>(bytes) / (test.delivered[0].at * 1e-3 - first) ==
              doctest::Approx(rate).epsilon(0.005));
    }
}

TEST_CASE("a window bounds what is in flight to one destination")
{
    const Simulation simulation;
    TestFabric test;
    test.link = {{"Rate", "512Gbps"}, {"Latency", "1us"}};
    test.chip = {{"Latency", "0ns"}, {"Vcs", "1"}, {"Buffer", "1048576"}};
    test.endpoint = {{"Window", "16384"}, {"Buffer", "1048576"}};
    test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "2"}}));
    test.Send(0, 1, 4096 * 1000);
    test.Run();
    // Four packets per 2 us there, one packet's time on the wire, 2 us back.
    CHECK(4096 * 1000 / (test.delivered[0].at * 1e-3 - 2000) ==
          doctest::Approx(16384 / 4064.0).epsilon(0.005));
}

TEST_CASE("two links of one pair, and planes, carry one message together")
{
    const Simulation simulation;
    TestFabric test;
    test.Build(MakeLayout("FullMesh", {{"Endpoints", "3"}, {"LinksPerPair", "2"}}));
    test.Send(0, 2, 4096 * 100);
    const RunResults results = test.Run();
    CHECK(test.delivered[0].at == 10000 + 50 * 64 * 1000);
    CHECK(test.fabric->GetIdleTime(0, 2, 4096 * 100) == test.delivered[0].at);
    CHECK(test.fabric->GetIdleRate(0, 2) == doctest::Approx(128e9));
    CHECK(std::count_if(results.links.begin(), results.links.end(), [](const LinkResult& link) {
              return link.packets == 50;
          }) == 2);
}

TEST_CASE("a relayed message takes each leg's own ports")
{
    // From card 0 of node 0 to card 1 of node 1: two links to the relay, one by its rail.
    const Simulation simulation;
    TestFabric test;
    const Ptr<TopologyBuilder> layout =
        Nest("Rails",
             {{"Nodes", "2"}},
             {{"node", MakeLayout("FullMesh", {{"Endpoints", "2"}, {"LinksPerPair", "2"}})},
              {"network", MakeLayout("SingleSwitch", {{"Endpoints", "2"}})}});
    test.Build(layout, 3);
    test.Send(0, 3, 4096 * 100);
    test.Run();
    CHECK(test.delivered[0].at == 10000 + 64 * 1000 + 2 * 10000 + 2000 + 100 * 64 * 1000);
    CHECK(test.fabric->GetIdleTime(0, 3, 4096 * 100) == test.delivered[0].at);
    CHECK(test.fabric->GetIdleRate(0, 3) == doctest::Approx(64e9));
}

TEST_CASE("endpoint overhead comes once per message, before its first bit")
{
    const Simulation simulation;
    TestFabric test;
    test.endpoint = {{"MessageOverhead", "3us"}};
    test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "2"}}));
    test.Send(0, 1, 8192);
    test.Run();
    CHECK(test.delivered[0].at == 3000000 + 2 * 10000 + 2000 + 128 * 1000);
}

TEST_CASE(
    "an all-to-all loses nothing, gives all credit back, and is the same under both simulators")
{
    for (Kind& kind : GetKinds())
    {
        CAPTURE(kind.name);
        std::vector<std::vector<Delivery>> runs;
        std::vector<std::string> hops(3);
        for (const char* implementation :
             {Simulation::FABRIC, Simulation::DEFAULT, Simulation::FABRIC})
        {
            const Simulation simulation(implementation);
            TestFabric test;
            test.chip.emplace_back("Buffer", "8192");
            test.chip.emplace_back("Vcs", "2");
            test.endpoint = {{"Window", "32768"}, {"Buffer", "8192"}};
            test.Build(kind.layout, kind.scopes);
            std::string& log = hops[runs.size()];
            test.fabric->TraceConnectWithoutContext(
                "PacketHop",
                MakeSink<Callback<void, Time, uint32_t, uint32_t, uint32_t, uint32_t>>(
                    [&log](Time start, uint32_t link, uint32_t src, uint32_t dst, uint32_t) {
                        log += std::to_string(start.GetPicoSeconds()) + " " + std::to_string(link) +
                               " " + std::to_string(src) + " " + std::to_string(dst) + "\n";
                    }));
            const uint32_t n = test.fabric->GetEndpoints();
            for (uint32_t src = 0; src < n; ++src)
            {
                for (uint32_t step = 1; step < n; ++step)
                {
                    test.Send(src, (src + step) % n, 20000 + src, src * n + step);
                }
            }
            const RunResults results = test.Run();
            CHECK(test.delivered.size() == n * (n - 1));
            CHECK(test.sent.size() == n * (n - 1));
            CHECK(results.payloadBytesDelivered ==
                  20000ULL * n * (n - 1) + n * (n - 1) / 2 * (n - 1));
            CHECK(results.packetsDelivered == 5ULL * n * (n - 1));
            CHECK(test.fabric->GetPacketsInFlight() == 0);
            CHECK(test.fabric->CheckConservation() == "");
            runs.push_back(test.delivered);
        }
        CHECK(runs[0] == runs[1]);
        CHECK(runs[0] == runs[2]);
        CHECK(hops[0] == hops[1]);
        CHECK(!hops[0].empty());
    }
}

TEST_CASE("senders to one destination share its link evenly, whatever their place")
{
    const Simulation simulation;
    TestFabric test;
    test.chip.emplace_back("Vcs", "1");
    test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "9"}}));
    for (uint32_t src = 0; src < 8; ++src)
    {
        test.Send(src, 8, 4096 * 200, src);
    }
    const RunResults results = test.Run();
    // All are served in turn: they end within one round of one another, and the link never idles.
    CHECK(test.delivered.back().at - test.delivered.front().at <= 8 * 64 * 1000);
    CHECK(test.delivered.back().at == 2 * 10000 + 2000 + 8 * 200 * 64 * 1000);
    CHECK(results.creditStall > 0);
}

TEST_CASE("no output starves where outputs compete for an input that reads one packet at a time")
{
    for (const std::string queueing : {"voq", "fifo"})
    {
        const Simulation simulation;
        TestFabric test;
        test.chip = {{"Latency", "2ns"},
                     {"Vcs", "1"},
                     {"InputSpeedup", "1"},
                     {"Queueing", queueing},
                     {"Buffer", "262144"}};
        test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "5"}}));
        for (uint32_t dst = 1; dst < 5; ++dst)
        {
            test.Send(0, dst, 4096 * 100, dst);
        }
        test.Run();
        CHECK(test.delivered.size() == 4);
        // The first message has one packet out before the others come: its last is followed by
        // two of each other.
        CHECK(test.delivered.back().at - test.delivered.front().at == 6 * 64 * 1000);
    }
}

TEST_CASE("a blocked head holds up what is behind it in a fifo, and not with an output queue each")
{
    // 0 and 1 both send to 3, 0 also to 2, last: with voq it passes, in a fifo it waits its turn.
    Tick ends[2];
    int which = 0;
    for (const std::string queueing : {"voq", "fifo"})
    {
        const Simulation simulation;
        TestFabric test;
        test.chip = {{"Latency", "2ns"},
                     {"Vcs", "1"},
                     {"Queueing", queueing},
                     {"Buffer", "262144"}};
        test.endpoint = {{"Service", "in_order"}};
        test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "4"}}));
        test.Send(1, 3, 4096 * 20, 1);
        test.Send(0, 3, 4096 * 20, 0);
        test.Send(0, 2, 4096, 2);
        test.Run();
        const auto small = std::find_if(test.delivered.begin(),
                                        test.delivered.end(),
                                        [](const Delivery& d) { return d.cookie == 2; });
        ends[which++] = small->at;
    }
    CHECK(ends[0] == 2 * 10000 + 2000 + 21 * 64 * 1000);
    CHECK(ends[1] >= 2 * 10000 + 2000 + 39 * 64 * 1000);
}

TEST_CASE("an output queue takes in as many packets at once as the output speedup says")
{
    // Four inputs send one packet each to one output: without speedup the last waits at its input
    // for three packets, with it all are through the crossbar after one.
    for (const uint32_t speedup : {1u, 4u})
    {
        const Simulation simulation;
        TestFabric test;
        test.chip = {{"Latency", "2ns"},
                     {"Vcs", "1"},
                     {"OutputSpeedup", std::to_string(speedup)},
                     {"OutputBuffer", "65536"}};
        test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "5"}}));
        for (uint32_t src = 0; src < 4; ++src)
        {
            test.Send(src, 4, 4096, src);
        }
        const RunResults results = test.Run();
        CHECK(test.delivered.back().at == 2 * 10000 + 2000 + 4 * 64 * 1000);
        double most = 0;
        for (const QueueResult& queue : results.queues)
        {
            most = queue.node.find("gpu") == std::string::npos ? std::max(most, queue.meanFlits)
                                                               : most;
        }
        const double end = test.delivered.back().at * 1e-3;
        // From head in (10 ns) to tail out: 2 ns and so many packets of 64 ns.
        CHECK(most == doctest::Approx(64 * (2 + 64 * (speedup == 1 ? 4 : 1)) / end).epsilon(0.001));
    }
}

TEST_CASE("links count bytes, busy time and stalls, and name the root of a stall")
{
    // Two senders to one destination: the destination's link is the root, the senders' links wait.
    const Simulation simulation;
    TestFabric test;
    test.chip = {{"Latency", "2ns"}, {"Vcs", "1"}, {"Buffer", "8192"}};
    test.measure.sampleInterval = 1000000;
    test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "3"}}));
    test.Send(0, 2, 4096 * 100, 0);
    test.Send(1, 2, 4096 * 100, 1);
    const RunResults results = test.Run();
    const Topology& topology = test.fabric->GetTopology();
    const uint32_t last = topology.GetOutLinks(2)[0] ^ 1;
    const uint32_t first = topology.GetOutLinks(0)[0];
    CHECK(results.links[last].busy == 200 * 64 * 1000);
    CHECK(results.links[last].payloadBytes == 4096 * 200);
    CHECK(results.links[last].creditStall == 0);
    CHECK(results.links[first].creditStall > 90 * 64 * 1000);
    REQUIRE(results.congestion.size() == 2);
    CHECK(results.congestion[0].root == results.links[last].name);
    Tick busy = 0;
    for (const SampleResult& sample : results.samples)
    {
        busy += sample.link == last ? std::llround(sample.utilisation * 1e6) : 0;
    }
    CHECK(busy == 200 * 64 * 1000);
}

TEST_CASE("a buffer holds a packet from its first bit in to its last bit out, counted by hand")
{
    // A packet of 64 flits over a link of 10 ns is in the switch from 10 ns on; its first bit
    // leaves 2 ns later, its last one 64 ns after that: 66 ns. So it is with a shared buffer.
    for (const std::string shared : {"0", "65536"})
    {
        for (const Tick end : {6'500'000, 6'700'000}) // 66 ns are more than 1 % of it, or less
        {
            CAPTURE(shared);
            CAPTURE(end);
            const Simulation simulation;
            TestFabric test;
            test.chip = {{"Latency", "2ns"}, {"Vcs", "1"}, {"SharedBuffer", shared}};
            test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "3"}}));
            test.Send(0, 1, 4096);
            constexpr Tick WAY = 10'000 + 2'000 + 10'000 + 64'000;
            Simulator::Schedule(PicoSeconds(static_cast<uint64_t>(end - WAY)),
                                [&test] { test.Send(2, 1, 4096); });
            const RunResults results = test.Run();
            REQUIRE(test.delivered.size() == 2);
            CHECK(test.delivered.back().at == end);
            REQUIRE(results.simulatedTime == end);
            const std::string link =
                results.links[test.fabric->GetTopology().GetOutLinks(0)[0]].name;
            const auto queue = std::find_if(
                results.queues.begin(),
                results.queues.end(),
                [&link](const QueueResult& row) { return row.link == link && row.depthFlits > 0; });
            REQUIRE(queue != results.queues.end());
            CHECK(queue->meanFlits ==
                  doctest::Approx(64. * 66'000 / static_cast<double>(end)).epsilon(1e-9));
            CHECK(queue->p99Flits == (end == 6'500'000 ? 64 : 0));
            CHECK(queue->maxFlits == 64);
        }
    }
}

TEST_CASE("what can't be built is refused with what would be right")
{
    const auto build = [](const Values& chip, const Values& endpoint, const Values& routing) {
        const Simulation simulation;
        TestFabric test;
        test.chip = chip;
        test.endpoint = endpoint;
        test.routing = routing;
        test.Build(MakeLayout("Dragonfly", {{"P", "2"}, {"A", "4"}, {"H", "2"}}));
    };
    CHECK_THROWS_WITH_AS(build({{"Vcs", "1"}}, {}, {}),
                         "this routing needs at least 2 virtual channels, not 1: give 'switch.vcs: "
                         "2' in the fabric, or --set fabric.switch.vcs=2",
                         ParameterError);
    CHECK_THROWS_WITH_AS(build({{"Buffer", "1024"}}, {}, {}),
                         "the buffer of a virtual channel holds 16 flits, a packet has 64: enlarge "
                         "the buffer of the switch or make endpoint.packet smaller",
                         ParameterError);
    CHECK_THROWS_AS(build({{"Radix", "4"}}, {}, {}), ParameterError);
    CHECK_THROWS_WITH_AS(build({{"OutputSpeedup", "2"}, {"OutputBuffer", "274877906944"}}, {}, {}),
                         "more than 2^31 flits",
                         ParameterError);
    CHECK_THROWS_AS(build({{"OutputSpeedup", "2"}, {"OutputBuffer", "100"}}, {}, {}),
                    ParameterError);
}

TEST_CASE("latencies are those of packets created in the measured window, and of no other")
{
    for (const uint64_t packets : {1, 3})
    {
        CAPTURE(packets);
        const Simulation simulation;
        TestFabric test; // 4 KiB at 512 Gb/s take 64 ns, and the link 10
        test.measure.windowStart = 5000000;
        test.measure.windowEnd = 15000000;
        test.Build(MakeLayout("FullMesh", {{"Endpoints", "2"}, {"LinksPerPair", "1"}}));
        test.Send(0, 1, 10 * 4096);
        Simulator::Schedule(MicroSeconds(10), [&] { test.Send(0, 1, packets * 4096); });
        Simulator::Schedule(MicroSeconds(20), [&] { test.Send(0, 1, 10 * 4096); });
        const RunResults results = test.Run();
        CHECK(results.packetsDelivered == 20 + packets);
        REQUIRE(results.packetLatency);
        CHECK(results.packetLatency->mean ==
              doctest::Approx(10 + 64 * static_cast<double>(packets + 1) / 2));
        CHECK(results.packetLatency->max ==
              doctest::Approx(10 + 64 * static_cast<double>(packets)));
    }
}

TEST_CASE("random traffic over random fabrics and knobs arrives whole, and credits add up")
{
    const TrialSeeds seeds = TrialSeeds::Get(60);
    MESSAGE("seeds ", seeds.first, " to ", seeds.last);
    for (uint32_t seed = seeds.first; seed <= seeds.last; ++seed)
    {
        CAPTURE(seed);
        std::mt19937 random(seed);
        const auto pick = [&](std::initializer_list<const char*> list) {
            return std::string(list.begin()[random() % list.size()]);
        };
        const Simulation simulation;
        TestFabric test;
        test.seed = seed;
        test.link = {{"Rate", pick({"512Gbps", "224Gbps", "100Gbps"})},
                     {"Latency", pick({"0ns", "1ns", "300ns"})},
                     {"Header", pick({"0", "16"})},
                     {"Flit", pick({"16", "64"})}};
        test.chip = {{"Latency", pick({"0ns", "2ns", "200ns"})},
                     {"Vcs", pick({"2", "3", "4"})},
                     {"Buffer", pick({"4352", "9000", "65536"})},
                     {"InputSpeedup", pick({"1", "2", "4"})},
                     {"OutputSpeedup", pick({"1", "2"})},
                     {"OutputBuffer", pick({"4352", "20000"})},
                     {"Queueing", pick({"voq", "fifo"})},
                     {"Arbiter", pick({"round_robin", "oldest_first", "islip", "wavefront"})},
                     {"Switching", pick({"cut_through", "store_and_forward"})}};
        test.endpoint = {{"Packet", pick({"64", "1000", "4096"})},
                         {"Window", pick({"0", "4096", "100000"})},
                         {"Buffer", pick({"4352", "65536"})},
                         {"Service", pick({"round_robin", "in_order"})},
                         {"MessageOverhead", pick({"0ns", "50ns"})}};
        test.routing = {{"Granularity", pick({"flow", "packet"})}};
        if (random() % 3 == 0)
        {
            test.chip.emplace_back("SharedBuffer", pick({"4352", "40000"}));
            test.chip.emplace_back("Alpha", pick({"0.25", "1", "8"}));
        }
        if (random() % 3 == 0)
        {
            test.chip.emplace_back("TileRows", pick({"1", "2"}));
            test.chip.emplace_back("TileColumns", pick({"1", "2"}));
            test.chip.emplace_back("RowLanes", pick({"0", "1", "3"}));
            test.chip.emplace_back("ColumnLanes", pick({"1", "3"}));
        }
        if (random() % 4 == 0)
        {
            test.chip.emplace_back("PacketRate", pick({"10000000", "300000007"}));
        }
        if (random() % 4 == 0)
        {
            test.chip = {{"Latency", pick({"0ns", "200ns"})},
                         {"Vcs", pick({"2", "3"})},
                         {"Buffer", pick({"4352", "65536"})},
                         {"Queueing", "output"},
                         {"SharedBuffer", pick({"100", "4352", "65536"})},
                         {"Alpha", pick({"0.25", "1", "8"})},
                         {"Arbiter", pick({"round_robin", "oldest_first"})},
                         {"Switching", pick({"cut_through", "store_and_forward"})}};
        }
        const std::vector<Kind> kinds = GetKinds();
        const Kind& kind = kinds[random() % kinds.size()];
        CAPTURE(kind.name);
        if (kind.name == "torus" || kind.name == "hyperx")
        {
            const std::string algorithm = pick({"dimension_order", "adaptive"});
            test.routing.emplace_back("Algorithm", algorithm);
            test.chip.emplace_back("Vcs", pick({"3", "4", "7"}));
        }
        test.Build(kind.layout, kind.scopes);
        const uint32_t n = test.fabric->GetEndpoints();
        uint64_t bytes = 0;
        for (uint32_t m = 0; m < 600; ++m)
        {
            const uint32_t src = random() % n;
            const uint32_t dst = (src + 1 + random() % (n - 1)) % n;
            const uint64_t size = 1 + random() % 30000;
            bytes += size;
            Simulator::Schedule(NanoSeconds(random() % 20000), [&test, src, dst, size, m] {
                test.Send(src, dst, size, m, m % 3);
                CHECK(test.fabric->CheckConservation() == "");
            });
        }
        const RunResults results = test.Run();
        CHECK(test.delivered.size() == 600);
        CHECK(results.payloadBytesDelivered == bytes);
        CHECK(test.fabric->GetPacketsInFlight() == 0);
        CHECK(test.fabric->CheckConservation() == "");
    }
}

TEST_SUITE_END();
