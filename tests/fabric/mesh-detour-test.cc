/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../trace-sink.h"
#include "test-fabric.h"

#include "ns3/callback.h"
#include "ns3/mtlink-error.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <map>
#include <random>
#include <tuple>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

constexpr Tick PACKET = 64000; //!< 4096 B at 512 Gb/s
constexpr Tick LATENCY = 10000;

/** A hop of the trace. */
struct Seen
{
    Tick start;    //!< First bit
    uint32_t link; //!< Link
    uint32_t src;  //!< Source of the message
};

/** Build a mesh of cards with detours. */
void
BuildMesh(TestFabric& test, uint32_t cards, uint32_t linksPerPair = 1, bool detours = true)
{
    test.endpoint.emplace_back("Vcs", "2");
    if (detours)
    {
        test.routing.emplace_back("Algorithm", "detour");
    }
    test.Build(MakeLayout(
        "FullMesh",
        {{"Endpoints", std::to_string(cards)}, {"LinksPerPair", std::to_string(linksPerPair)}}));
}

/** @return the first link from one endpoint to another. */
uint32_t
FindLink(const MtlinkFabric& fabric, uint32_t from, uint32_t to)
{
    const Topology& topology = fabric.GetTopology();
    for (const uint32_t link : topology.GetOutLinks(from))
    {
        if (topology.GetLinks()[link].to == to)
        {
            return link;
        }
    }
    return UINT32_MAX;
}

/** A link that goes down at a time, for a time, one way. */
LinkFault
MakeOutage(uint32_t link, Tick at, Tick duration, DownPolicy policy = DownPolicy::REPLAY)
{
    LinkFault fault;
    fault.units = {{link}};
    fault.at = at;
    fault.length = duration;
    fault.policy = policy;
    return fault;
}

/** Nothing is left behind. */
void
CheckEmpty(const TestFabric& test)
{
    CHECK(test.fabric->GetPacketsInFlight() == 0);
    CHECK(test.fabric->CheckConservation() == "");
    CHECK(test.fabric->GetWaiting(4).empty());
}

/** Time of one message from card 0 to 1 on an idle mesh; checks that it arrives. */
Tick
GetTimeOfOne(TestFabric& test, uint64_t bytes)
{
    test.Send(0, 1, bytes);
    test.Run();
    REQUIRE(test.delivered.size() == 1);
    CheckEmpty(test);
    return test.delivered[0].at;
}

} // namespace

TEST_SUITE_BEGIN("fabric");

TEST_CASE("a message makes no detour while its direct links send what waits as soon")
{
    // What waits behind the first packet goes as soon direct, up to 2 packets and a latency: 138
    // flits.
    for (const uint64_t bytes : {1, 64, 4096, 4097, 2 * 4096, 3 * 4096})
    {
        CAPTURE(bytes);
        const Simulation simulation;
        TestFabric with;
        BuildMesh(with, 3);
        with.Send(0, 1, bytes);
        const RunResults results = with.Run();
        const auto flits = static_cast<Tick>((bytes + 63) / 64);
        REQUIRE(with.delivered.size() == 1);
        CHECK(with.delivered[0].at == flits * 1000 + LATENCY);
        CHECK(with.delivered[0].at == with.fabric->GetIdleTime(0, 1, bytes));
        CHECK(results.packetHops == results.packetsDelivered);
    }
}

TEST_CASE("the second of four packets goes by the third card, in whole, as by hand")
{
    // 0, 2, 3 go direct; 1 leaves at once for card 2, is in at 74 ns, and in at card 1 at 148 ns.
    const Simulation simulation;
    TestFabric test;
    BuildMesh(test, 3);
    std::vector<Seen> hops;
    test.fabric->TraceConnectWithoutContext(
        "PacketHop",
        MakeSink<Callback<void, Time, uint32_t, uint32_t, uint32_t, uint32_t>>(
            [&](Time start, uint32_t link, uint32_t src, uint32_t, uint32_t) {
                hops.push_back({start.GetPicoSeconds(), link, src});
            }));
    std::vector<Tick> arrivals;
    test.fabric->TraceConnectWithoutContext(
        "PacketDelivered",
        MakeSink<Callback<void, Time, Time, uint32_t, uint32_t, uint32_t>>(
            [&](Time, Time, uint32_t, uint32_t, uint32_t) {
                arrivals.push_back(Simulator::Now().GetPicoSeconds());
            }));
    CHECK(GetTimeOfOne(test, 4 * 4096) == 3 * PACKET + LATENCY);
    CHECK(arrivals == std::vector<Tick>{PACKET + LATENCY,
                                        2 * PACKET + LATENCY,
                                        2 * (PACKET + LATENCY),
                                        3 * PACKET + LATENCY});
    const uint32_t direct = FindLink(*test.fabric, 0, 1);
    const uint32_t first = FindLink(*test.fabric, 0, 2);
    const uint32_t second = FindLink(*test.fabric, 2, 1);
    std::map<uint32_t, std::vector<Tick>> starts;
    for (const Seen& hop : hops)
    {
        starts[hop.link].push_back(hop.start);
    }
    CHECK(starts[direct] == std::vector<Tick>{0, PACKET, 2 * PACKET});
    CHECK(starts[first] == std::vector<Tick>{0});
    CHECK(starts[second] == std::vector<Tick>{PACKET + LATENCY});
}

TEST_CASE("forward_latency keeps what is forwarded, and makes detours worth less")
{
    {
        // 3 packets wait, 192 flits, and a detour takes 128 + 10 + 30 longer: worth it.
        const Simulation simulation;
        TestFabric test;
        test.endpoint.emplace_back("ForwardLatency", "30ns");
        BuildMesh(test, 3);
        std::vector<Tick> forwarded;
        test.fabric->TraceConnectWithoutContext(
            "PacketHop",
            MakeSink<Callback<void, Time, uint32_t, uint32_t, uint32_t, uint32_t>>(
                [&](Time start, uint32_t link, uint32_t, uint32_t, uint32_t) {
                    if (test.fabric->GetTopology().GetLinks()[link].from == 2)
                    {
                        forwarded.push_back(start.GetPicoSeconds());
                    }
                }));
        CHECK(GetTimeOfOne(test, 4 * 4096) == 3 * PACKET + LATENCY);
        CHECK(forwarded == std::vector<Tick>{PACKET + LATENCY + 30000});
    }
    for (const auto& [latency, isWorth] : {std::pair{"53ns", true}, {"54ns", false}})
    {
        const Simulation simulation;
        TestFabric test;
        test.endpoint.emplace_back("ForwardLatency", latency);
        BuildMesh(test, 3);
        CHECK((GetTimeOfOne(test, 4 * 4096) < 4 * PACKET + LATENCY) == isWorth);
    }
}

TEST_CASE("threshold is how many flits more must wait before a packet makes a detour")
{
    for (const auto& [threshold, isWorth] : {std::pair{"53", true}, {"54", false}})
    {
        const Simulation simulation;
        TestFabric test;
        test.routing.emplace_back("Threshold", threshold);
        BuildMesh(test, 3);
        CHECK((GetTimeOfOne(test, 4 * 4096) < 4 * PACKET + LATENCY) == isWorth);
    }
}

TEST_CASE("two cards of n alone have the rate of all their links")
{
    for (const auto& [cards, linksPerPair] :
         {std::pair<uint32_t, uint32_t>{3, 1}, {4, 2}, {8, 1}, {8, 2}})
    {
        CAPTURE(cards);
        CAPTURE(linksPerPair);
        const Simulation simulation;
        TestFabric test;
        BuildMesh(test, cards, linksPerPair);
        const uint64_t packets = 8000;
        test.Send(0, 1, packets * 4096, 0);
        test.Send(1, 0, packets * 4096, 1);
        const RunResults results = test.Run();
        CheckEmpty(test);
        REQUIRE(test.delivered.size() == 2);
        const Tick bound =
            static_cast<Tick>(packets) * PACKET / ((cards - 1) * linksPerPair) + LATENCY;
        for (const Delivery& delivery : test.delivered)
        {
            CHECK(delivery.at >= bound);
            CHECK(delivery.at <= bound + 4 * PACKET);
        }
        // Of n - 1 ways one is a link long, the others two.
        const double detours =
            static_cast<double>(results.packetHops) / results.packetsDelivered - 1;
        CHECK(detours == doctest::Approx((cards - 2.0) / (cards - 1.0)).epsilon(0.01));
    }
}

TEST_CASE("cards that each send to the next have half of their links' rate, and not one link's")
{
    // A detour takes two links of n (n - 1), a direct packet one: n + 2 n d = n (n - 1).
    for (const uint32_t cards : {4U, 6U, 8U})
    {
        CAPTURE(cards);
        const Simulation simulation;
        TestFabric test;
        BuildMesh(test, cards);
        const uint64_t packets = 4000;
        for (uint32_t i = 0; i < cards; ++i)
        {
            test.Send(i, (i + 1) % cards, packets * 4096, i);
        }
        test.Run();
        CheckEmpty(test);
        const double truth = static_cast<double>(packets) * PACKET / (cards / 2.0);
        CHECK(test.delivered.back().at >= truth);
        CHECK(test.delivered.back().at <= truth * 1.03);
    }
}

TEST_CASE("an all-to-all that uses all links is not slower for detours")
{
    for (const uint32_t cards : {4U, 8U})
    {
        for (const uint64_t bytes : {4096ULL, 65536ULL, 1048576ULL})
        {
            CAPTURE(cards);
            CAPTURE(bytes);
            Tick last[2];
            for (const bool detours : {false, true})
            {
                const Simulation simulation;
                TestFabric test;
                BuildMesh(test, cards, 1, detours);
                for (uint32_t i = 0; i < cards * cards; ++i)
                {
                    if (i / cards != i % cards)
                    {
                        test.Send(i / cards, i % cards, bytes, i);
                    }
                }
                test.Run();
                CheckEmpty(test);
                last[detours] = test.delivered.back().at;
            }
            CHECK(last[1] <= last[0] * 1.01);
        }
    }
}

TEST_CASE("a packet that is forwarded has its turn after forward_after of the port's own")
{
    // Cards 0 and 2 both send to 1, and each by the other too.
    for (const uint32_t after : {1U, 3U, 8U})
    {
        CAPTURE(after);
        const Simulation simulation;
        TestFabric test;
        test.endpoint.emplace_back("ForwardAfter", std::to_string(after));
        BuildMesh(test, 3);
        const uint32_t link = FindLink(*test.fabric, 2, 1);
        std::vector<uint32_t> sources;
        test.fabric->TraceConnectWithoutContext(
            "PacketHop",
            MakeSink<Callback<void, Time, uint32_t, uint32_t, uint32_t, uint32_t>>(
                [&](Time, uint32_t on, uint32_t src, uint32_t, uint32_t) {
                    if (on == link)
                    {
                        sources.push_back(src);
                    }
                }));
        test.Send(0, 1, 1000 * 4096, 0);
        test.Send(2, 1, 1000 * 4096, 1);
        test.Run();
        CheckEmpty(test);
        // From the first forwarded one on, until the other card has sent all: N own, one of 0's.
        REQUIRE(sources.size() > 500);
        const auto first = std::find(sources.begin(), sources.end(), 0U);
        REQUIRE(first - sources.begin() < 20);
        for (auto at = first; at + after + 1 < sources.begin() + 500; at += after + 1)
        {
            CHECK(std::count(at, at + after + 1, 0U) == 1);
            CHECK(*at == 0);
        }
    }
}

TEST_CASE("a message with its direct link down goes by detours, and is not lost")
{
    for (const DownPolicy policy : {DownPolicy::REPLAY, DownPolicy::REROUTE, DownPolicy::DROP})
    {
        const Simulation simulation;
        TestFabric test;
        BuildMesh(test, 4);
        const uint32_t direct = FindLink(*test.fabric, 0, 1);
        test.fabric->AddFault(MakeOutage(direct, 0, 1000000000, policy));
        Simulator::Schedule(NanoSeconds(1), [&] { test.Send(0, 1, 100 * 4096); });
        const RunResults results = test.Run();
        CheckEmpty(test);
        REQUIRE(test.delivered.size() == 1);
        CHECK(test.lost.empty());
        CHECK(results.links[direct].packets == 0);
        CHECK(test.delivered[0].at == 1000 + 50 * PACKET + PACKET + 2 * LATENCY);
    }
}

TEST_CASE("what waits for a link that fails is taken for detours from then on")
{
    // At 640 ns the direct link has sent 10 of 30 packets, and two ways of three links are left.
    const Simulation simulation;
    TestFabric test;
    test.routing.emplace_back("Threshold", "100000");
    BuildMesh(test, 4);
    const uint32_t direct = FindLink(*test.fabric, 0, 1);
    test.fabric->AddFault(MakeOutage(direct, 10 * PACKET, 1000000000, DownPolicy::DROP));
    test.Send(0, 1, 30 * 4096);
    const RunResults results = test.Run();
    CHECK(results.packetsLost == 1); // the tenth was not in whole
    CHECK(results.links[direct].packets == 10);
    CHECK(results.links[FindLink(*test.fabric, 0, 2)].packets == 10);
    CHECK(results.links[FindLink(*test.fabric, 0, 3)].packets == 10);
    CHECK(test.lost.size() == 1);
    CheckEmpty(test);
}

TEST_CASE("nobody begins a detour to a card whose link onward is down, until it is up again")
{
    const Simulation simulation;
    TestFabric test;
    BuildMesh(test, 4);
    const uint32_t beyond = FindLink(*test.fabric, 2, 1);
    const uint32_t towards = FindLink(*test.fabric, 0, 2);
    const Tick up = 100 * PACKET;
    test.fabric->AddFault(MakeOutage(beyond, 0, up));
    std::vector<Tick> starts;
    test.fabric->TraceConnectWithoutContext(
        "PacketHop",
        MakeSink<Callback<void, Time, uint32_t, uint32_t, uint32_t, uint32_t>>(
            [&](Time start, uint32_t link, uint32_t, uint32_t, uint32_t) {
                if (link == towards)
                {
                    starts.push_back(start.GetPicoSeconds());
                }
            }));
    Simulator::Schedule(NanoSeconds(1), [&] { test.Send(0, 1, 1000 * 4096); });
    test.Run();
    CheckEmpty(test);
    REQUIRE(test.delivered.size() == 1);
    REQUIRE(!starts.empty());
    CHECK(starts.front() == up);
    CHECK(starts.size() > 200);
}

TEST_CASE("faults on a mesh with detours lose nothing under replay, and count under drop")
{
    for (const DownPolicy policy : {DownPolicy::REPLAY, DownPolicy::REROUTE, DownPolicy::DROP})
    {
        const Simulation simulation;
        TestFabric test;
        BuildMesh(test, 5);
        for (uint32_t i = 0; i < 20; ++i)
        {
            test.fabric->AddFault(MakeOutage(i, i * 200000, 3000000, policy));
        }
        for (uint32_t i = 0; i < 5; ++i)
        {
            test.Send(i, (i + 1) % 5, 200 * 4096, i);
            test.Send(i, (i + 2) % 5, 50 * 4096, 5 + i);
        }
        const RunResults results = test.Run();
        CheckEmpty(test);
        CHECK(test.delivered.size() + test.lost.size() == 10);
        CHECK(results.packetsDelivered + results.packetsLost == 5 * 250);
        CHECK((results.packetsLost > 0) == (policy == DownPolicy::DROP));
    }
}

TEST_CASE("with buffers for one packet random messages all arrive by detours, and nothing is left")
{
    for (uint32_t seed = 1; seed <= 20; ++seed)
    {
        CAPTURE(seed);
        std::mt19937_64 random(seed);
        const auto draw = [&](uint32_t low, uint32_t high) {
            return low + static_cast<uint32_t>(random() % (high - low + 1));
        };
        const Simulation simulation;
        TestFabric test;
        test.seed = seed;
        const uint32_t cards = draw(3, 7);
        test.endpoint = {{"Packet", "1000"},
                         {"Buffer", std::to_string(1024 * draw(1, 3))},
                         {"Window", draw(0, 1) ? "0" : "5000"},
                         {"Service", draw(0, 1) ? "in_order" : "round_robin"},
                         {"ForwardAfter", std::to_string(draw(1, 4))},
                         {"ForwardLatency", draw(0, 1) ? "0ns" : "40ns"}};
        test.routing = {{"Granularity", draw(0, 1) ? "packet" : "flow"}, {"Algorithm", "detour"}};
        test.endpoint.emplace_back("Vcs", std::to_string(draw(2, 5)));
        test.Build(MakeLayout(
            "FullMesh",
            {{"Endpoints", std::to_string(cards)}, {"LinksPerPair", std::to_string(draw(1, 2))}}));
        uint64_t bytes = 0;
        for (uint32_t i = 0; i < 60; ++i)
        {
            const uint32_t src = draw(0, cards - 1);
            const uint32_t dst = (src + draw(1, draw(1, cards - 1))) % cards;
            const uint64_t size = draw(1, 1 << draw(0, 16));
            bytes += size;
            Simulator::Schedule(NanoSeconds(draw(0, 3000)),
                                [&test, src, dst, size, i] { test.Send(src, dst, size, i, i); });
        }
        const RunResults results = test.Run();
        CheckEmpty(test);
        CHECK(test.delivered.size() == 60);
        CHECK(test.sent.size() == 60);
        CHECK(results.payloadBytesDelivered == bytes);
        CHECK(results.packetHops >= results.packetsDelivered);
        CHECK(results.packetHops <= 2 * results.packetsDelivered);
        for (const QueueResult& queue : results.queues)
        {
            CHECK(queue.maxFlits <= queue.depthFlits);
        }
    }
}

TEST_CASE("a card that forwards takes no more than its input buffers hold, and the sender waits")
{
    // Link 2 -> 1 is busy with card 2's own; what 0 sends by way of 2 fills two packets' room.
    const Simulation simulation;
    TestFabric test;
    test.endpoint = {{"Buffer", "8192"}, {"ForwardAfter", "1000000"}};
    BuildMesh(test, 3);
    test.Send(2, 1, 100 * 4096, 0);
    Simulator::Schedule(NanoSeconds(1), [&] { test.Send(0, 1, 40 * 4096, 1); });
    Simulator::Stop(NanoSeconds(2500));
    const RunResults results = test.Run();
    const uint32_t towards = FindLink(*test.fabric, 0, 2);
    CHECK(results.links[towards].packets == 2);
    CHECK(test.fabric->CheckConservation() == "");
    const auto queue =
        std::find_if(results.queues.begin(), results.queues.end(), [&](const QueueResult& q) {
            return q.link == results.links[towards].name && q.vc == 0;
        });
    REQUIRE(queue != results.queues.end());
    CHECK(queue->maxFlits == 128);
}

TEST_CASE("detours over planes of meshes and nodes on rails deliver everything")
{
    const Ptr<TopologyBuilder> planes = MakeLayout("Planes", {{"Endpoints", "4"}, {"Planes", "2"}});
    const Ptr<TopologyBuilder> plane = MakeLayout("FullMesh", {{"Endpoints", "4"}});
    plane->SetScope(1);
    planes->SetChild("plane", plane);
    const Simulation simulation;
    TestFabric test;
    test.endpoint.emplace_back("Vcs", "2");
    test.routing.emplace_back("Algorithm", "detour");
    // Only the planes have routes: the profile of the outer scope is read by nobody.
    test.Build(planes, 2);
    test.Send(0, 1, 3000 * 4096, 0);
    test.Run();
    CheckEmpty(test);
    REQUIRE(test.delivered.size() == 1);
    CHECK(test.delivered[0].at <= 3000 * PACKET / 6 + 4 * PACKET + LATENCY);
}

TEST_CASE("a reorder buffer puts packets that overtook others on detours in order")
{
    const Simulation simulation;
    TestFabric test;
    test.endpoint = {{"Window", "65536"}, {"ReorderBuffer", "1048576"}};
    BuildMesh(test, 4);
    test.Send(0, 1, 500 * 4096);
    const RunResults results = test.Run();
    CheckEmpty(test);
    REQUIRE(test.delivered.size() == 1);
    const bool isUsed = std::any_of(results.queues.begin(),
                                    results.queues.end(),
                                    [](const QueueResult& q) { return q.link == "reorder"; });
    CHECK(isUsed);
}

TEST_CASE("every stall on a mesh with detours is charged to a root")
{
    const Simulation simulation;
    TestFabric test;
    test.endpoint = {{"Buffer", "4096"}, {"Window", "0"}};
    BuildMesh(test, 5);
    for (uint32_t i = 0; i < 5; ++i)
    {
        test.Send(i, (i + 1) % 5, 100 * 4096, i);
        test.Send(i, (i + 3) % 5, 60 * 4096, 5 + i);
    }
    Simulator::Stop(MicroSeconds(2)); // while much waits
    const RunResults results = test.Run();
    Tick stall = 0;
    for (const LinkResult& link : results.links)
    {
        stall += link.creditStall;
    }
    Tick charged = 0;
    for (const CongestionResult& row : results.congestion)
    {
        charged += row.stall;
    }
    CHECK(stall > 0);
    CHECK(charged == stall);
}

TEST_CASE("detours are refused where they can't be, and their parameters where none are")
{
    const auto refuse = [](const std::string& kind,
                           const Values& layout,
                           const Values& routing,
                           const Values& endpoint,
                           const std::string& parameter) {
        CAPTURE(parameter);
        const Simulation simulation;
        TestFabric test;
        test.routing = routing;
        test.endpoint = endpoint;
        try
        {
            test.Build(MakeLayout(kind, layout));
            FAIL_CHECK("is not refused");
        }
        catch (const ParameterError& error)
        {
            CHECK(error.GetParameter() == parameter);
        }
    };
    const Values detour{{"Algorithm", "detour"}};
    const Values vcs{{"Vcs", "2"}};
    refuse("FullMesh", {{"Endpoints", "2"}}, detour, vcs, "algorithm");
    refuse("SingleSwitch", {{"Endpoints", "4"}}, detour, vcs, "algorithm");
    refuse("FullMesh", {{"Endpoints", "3"}}, detour, {}, "endpoint.vcs");
    refuse("FullMesh", {{"Endpoints", "3"}}, {}, {{"ForwardLatency", "1ns"}}, "forward_latency");
    refuse("FullMesh", {{"Endpoints", "3"}}, {}, {{"ForwardAfter", "2"}}, "forward_after");
    refuse("FullMesh", {{"Endpoints", "3"}}, {{"Threshold", "2"}}, {}, "threshold");
}

TEST_SUITE_END();
