/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../fabric/test-fabric.h"
#include "link/link-retry.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <random>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

constexpr uint32_t PACKET_FLITS = 64;       // 4 KiB
constexpr Tick FLIT_TIME = 1000;            // 64 B at 512 Gb/s
constexpr Tick ROUND_TRIP = 2 * 100 * 1000; // of 100 ns links

/** @return parameters of a link of 512 Gb/s and 100 ns that retries. */
Ptr<LinkProfile>
MakeLink(const Values& values)
{
    Values all{{"Rate", "512Gbps"}, {"Latency", "100ns"}, {"Retry", "go_back_n"}};
    all.insert(all.end(), values.begin(), values.end());
    return DynamicCast<LinkProfile>(MakeObject("LinkProfile", all));
}

/**
 * Go-back-N played copy by copy: a sender that always has packets and sends on until it hears of
 * a corrupted one, and a receiver that takes in the next in sequence alone.
 * @param [in] flits Length of each packet.
 * @param [in] tries Times that each must come in sequence until it is sound.
 * @return when the last bit of each sound copy was sent.
 */
std::vector<Tick>
Play(const std::vector<uint32_t>& flits, std::vector<uint32_t> tries)
{
    std::vector<Tick> sent;
    std::size_t next = 0;
    Tick heard = NEVER;
    Tick now = 0;
    while (sent.size() < flits.size())
    {
        const Tick end = next < flits.size() ? now + flits[next] * FLIT_TIME : NEVER;
        if (end > heard)
        {
            now = heard; // breaks off
            next = sent.size();
            heard = NEVER;
            continue;
        }
        if (next == sent.size() && heard == NEVER)
        {
            if (--tries[next] > 0)
            {
                heard = end + ROUND_TRIP;
            }
            else
            {
                sent.push_back(end);
            }
        }
        ++next;
        now = end;
    }
    return sent;
}

/** A fabric of two endpoints wired to one another that retries. */
void
BuildPair(TestFabric& test, const Values& link)
{
    test.link = {{"Rate", "512Gbps"}, {"Latency", "100ns"}, {"Retry", "go_back_n"}};
    test.link.insert(test.link.end(), link.begin(), link.end());
    test.endpoint.emplace_back("Window", "0");
    test.endpoint.emplace_back("Buffer", "16777216");
    test.Build(MakeLayout("FullMesh", {{"Endpoints", "2"}, {"LinksPerPair", "1"}}));
}

/** @return (1-p) / (1 + p R/w), the share of the rate that gets through. */
double
GetGoodput(double errorRate)
{
    const double p = 1 - std::pow(1 - errorRate, PACKET_FLITS);
    return (1 - p) / (1 + p * ROUND_TRIP / (PACKET_FLITS * FLIT_TIME));
}

} // namespace

TEST_SUITE_BEGIN("link");

TEST_CASE("go-back-N of a busy link takes the times of a play copy by copy, to the picosecond")
{
    const Simulation simulation;
    for (uint32_t seed = 1; seed <= 50; ++seed)
    {
        CAPTURE(seed);
        std::mt19937 random(seed);
        const char* const rates[] = {"0.0001", "0.001", "0.01", "0.05"};
        LinkRetry retry(seed);
        retry.Add(7, *MakeLink({{"ErrorRate", rates[seed % 4]}}), PACKET_FLITS);
        const WireSpeed speed(512000000000, 64, 1);
        std::vector<uint32_t> flits;
        std::vector<uint32_t> tries;
        std::vector<Tick> sent;
        WireTime free{};
        for (uint32_t packet = 0; packet < 500; ++packet)
        {
            flits.push_back(1 + random() % PACKET_FLITS);
            const uint64_t before = retry.GetCounters(7).errors;
            const LinkRetry::Trip trip = retry.Send(7, flits.back(), speed, free, 0);
            CHECK(trip.end.whole - trip.start.whole == flits.back() * FLIT_TIME);
            CHECK(trip.left <= trip.end.whole);
            CHECK(trip.free.whole >= trip.left);
            free = trip.free;
            sent.push_back(trip.end.whole);
            tries.push_back(static_cast<uint32_t>(retry.GetCounters(7).errors - before + 1));
        }
        CHECK(sent == Play(flits, tries));
    }
}

TEST_CASE("a link that retries delivers everything once, in order, at the closed form's goodput")
{
    for (const auto& [rate, packets] : {std::pair{1e-4, 100000}, {1e-3, 30000}, {1e-2, 20000}})
    {
        CAPTURE(rate);
        const Simulation simulation;
        TestFabric test;
        BuildPair(test, {{"ErrorRate", std::to_string(rate)}});
        for (int packet = 0; packet < packets; ++packet)
        {
            test.Send(0, 1, 4096, packet);
        }
        const RunResults results = test.Run();
        REQUIRE(test.delivered.size() == static_cast<std::size_t>(packets));
        for (int packet = 0; packet < packets; ++packet)
        {
            REQUIRE(test.delivered[packet].cookie == static_cast<uint64_t>(packet));
        }
        CHECK(results.packetsDelivered == static_cast<uint64_t>(packets));
        const double ideal = packets * PACKET_FLITS * FLIT_TIME;
        const auto taken = static_cast<double>(test.delivered.back().at - 100000);
        CHECK(ideal / taken == doctest::Approx(GetGoodput(rate)).epsilon(0.01));
        // A packet comes in corrupted p / (1-p) times.
        const LinkResult& link = results.links[0];
        const double p = 1 - std::pow(1 - rate, PACKET_FLITS);
        CHECK(link.errors == doctest::Approx(packets * p / (1 - p)).epsilon(0.15));
        if (rate < 1e-3)
        {
            // Four others start in vain within the round trip of 200 ns.
            CHECK(link.retries == doctest::Approx(5 * link.errors).epsilon(0.02));
        }
        CHECK(link.packets == static_cast<uint64_t>(packets));
        CHECK(link.busy <= test.delivered.back().at - 100000);
        CHECK(results.links[1].errors == 0);
    }
}

TEST_CASE("a replay buffer of N packets carries the lesser of the rate and N over its round trip")
{
    for (const uint32_t packets : {1u, 2u, 3u, 4u, 5u, 20u})
    {
        CAPTURE(packets);
        const Simulation simulation;
        TestFabric test;
        BuildPair(
            test,
            {{"ReplayBuffer", std::to_string(packets * 4096 + 4000)}, {"AckOverhead", "30ns"}});
        test.Send(0, 1, 4096 * 4000);
        const RunResults results = test.Run();
        const double share = std::min(1.0, packets * 64. / (64 + 230));
        const double taken = test.delivered[0].at * 1e-3 - 100;
        CHECK(4000 * 64 / taken == doctest::Approx(share).epsilon(0.002));
        const auto full = static_cast<double>(results.links[0].replayFull) * 1e-3;
        CHECK(full == doctest::Approx((1 - share) * taken).epsilon(0.01));
        CHECK(results.links[0].retries == 0);
    }
}

TEST_CASE("a small replay buffer and errors together slow a link down more than either")
{
    double goodput[2];
    for (const bool isSmall : {false, true})
    {
        const Simulation simulation;
        TestFabric test;
        BuildPair(test, {{"ErrorRate", "0.001"}, {"ReplayBuffer", isSmall ? "8192" : "0"}});
        test.Send(0, 1, 4096 * 5000);
        test.Run();
        goodput[isSmall] = 5000 * 64e3 / static_cast<double>(test.delivered[0].at - 100000);
    }
    CHECK(goodput[1] < 2 * 64. / (64 + 200));
    CHECK(goodput[1] > 2 * 64. / (64 + 200) * GetGoodput(1e-3) * 0.9);
    CHECK(goodput[1] < goodput[0]);
}

TEST_CASE("a link that retries without errors takes the times of one that does not")
{
    std::vector<Delivery> runs[2];
    for (const bool retries : {false, true})
    {
        const Simulation simulation;
        TestFabric test;
        test.link.emplace_back("Retry", retries ? "go_back_n" : "none");
        test.link.emplace_back("ReplayBuffer", retries ? "1048576" : "0");
        test.Build(MakeLayout("FatTree", {{"Radix", "4"}, {"Levels", "3"}}));
        for (uint32_t m = 0; m < 300; ++m)
        {
            test.Send(m % 16, (m % 16 + 1 + m % 13) % 16, 1 + m * 97, m, m);
        }
        const RunResults results = test.Run();
        CHECK(results.links[0].busy > 0);
        runs[retries] = test.delivered;
    }
    CHECK(runs[0].size() == 300);
    CHECK(runs[0] == runs[1]);
}

TEST_CASE("the errors of one link do not depend on what others carry, but on the seed")
{
    const auto countErrors = [](uint32_t seed, uint32_t others) {
        LinkRetry retry(seed);
        const Ptr<LinkProfile> link = MakeLink({{"ErrorRate", "0.01"}});
        const WireSpeed speed(512000000000, 64, 1);
        std::vector<uint64_t> errors;
        retry.Add(3, *link, 64);
        retry.Add(4, *link, 64);
        for (uint32_t packet = 0; packet < 200; ++packet)
        {
            retry.Send(3, 10, speed, {packet * 1000000, 0}, 0);
            for (uint32_t other = 0; other < others; ++other)
            {
                retry.Send(4, 64, speed, {packet * 1000000, 0}, 0);
            }
            errors.push_back(retry.GetCounters(3).errors);
        }
        return errors;
    };
    const Simulation simulation;
    CHECK(countErrors(1, 0) == countErrors(1, 3));
    CHECK(countErrors(1, 0) != countErrors(2, 0));
    CHECK(LinkRetry(1).GetCounters(5).errors == 0);
}

TEST_CASE("a corrupted packet comes in a round trip and its own time later")
{
    // Alone on the wire: whatever the errors, the message ends a multiple of that after its time.
    uint32_t retried = 0;
    for (uint32_t seed = 1; seed <= 40; ++seed)
    {
        CAPTURE(seed);
        const Simulation simulation;
        TestFabric test;
        test.seed = seed;
        BuildPair(test, {{"ErrorRate", "0.01"}});
        test.Send(0, 1, 4096);
        const RunResults results = test.Run();
        const auto errors = static_cast<Tick>(results.links[0].errors);
        CHECK(test.delivered[0].at == 100000 + 64000 + errors * (ROUND_TRIP + 64000));
        CHECK(test.sent[0].at == 64000);
        CHECK(results.links[0].busy == (errors + 1) * 64000);
        retried += errors > 0;
    }
    CHECK(retried > 5);
    CHECK(retried < 35);
}

TEST_CASE("the latencies of PHY, FEC and cable add up on every link")
{
    const Simulation simulation;
    TestFabric test;
    test.link = {{"Rate", "512Gbps"},
                 {"PhyLatency", "37ns"},
                 {"FecLatency", "71ns"},
                 {"Length", "3"}};
    test.Build(MakeLayout("FatTree", {{"Radix", "4"}, {"Levels", "2"}}));
    test.Send(0, 7, 4096);
    test.Run();
    CHECK(test.delivered[0].at == 4 * (37 + 71 + 15) * 1000 + 3 * 2000 + 64000);
}

TEST_CASE("what a link that retries can't do is refused")
{
    const auto build = [](const Values& link) {
        const Simulation simulation;
        TestFabric test;
        test.link = link;
        test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "2"}}));
    };
    for (const char* name : {"ErrorRate", "ReplayBuffer"})
    {
        CAPTURE(name);
        const Values without{{name, name == std::string("ErrorRate") ? "0.001" : "8192"}};
        CHECK_THROWS_AS(build(without), ParameterError);
        Values with = without;
        with.emplace_back("Retry", "go_back_n");
        CHECK_NOTHROW(build(with));
    }
    CHECK_THROWS_AS(build({{"AckOverhead", "1ns"}}), ParameterError);
    CHECK_THROWS_AS(build({{"Retry", "go_back_n"}}), ParameterError);
    CHECK_THROWS_WITH_AS(build({{"Retry", "go_back_n"}, {"ReplayBuffer", "4000"}}),
                         "the replay buffer holds 62 flits, a packet has 64: enlarge it, or 0B for "
                         "no limit",
                         ParameterError);
    CHECK_THROWS_WITH_AS(build({{"Retry", "go_back_n"}, {"ErrorRate", "0.1"}, {"Flit", "16"}}),
                         "of packets of 256 flits fewer than one in a thousand would get through: "
                         "make error_rate or endpoint.packet smaller",
                         ParameterError);
}

TEST_CASE("errors on every link of random fabrics lose nothing, under both simulators")
{
    MESSAGE("seeds 1 to 12");
    for (uint32_t seed = 1; seed <= 12; ++seed)
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
                         {"Latency", pick({"0ns", "10ns", "300ns"})},
                         {"Retry", "go_back_n"},
                         {"ErrorRate", pick({"0.0001", "0.001", "0.01"})},
                         {"ReplayBuffer", pick({"0", "4096", "20000"})}};
            test.chip = {{"Latency", pick({"0ns", "2ns", "200ns"})},
                         {"Vcs", pick({"2", "4"})},
                         {"Buffer", pick({"4352", "65536"})},
                         {"OutputSpeedup", pick({"1", "2"})},
                         {"Switching", pick({"cut_through", "store_and_forward"})}};
            test.endpoint = {{"Packet", pick({"64", "1000", "4096"})},
                             {"Window", pick({"0", "100000"})}};
            const Ptr<TopologyBuilder> layouts[] = {
                MakeLayout("SingleSwitch", {{"Endpoints", "5"}}),
                MakeLayout("FullMesh", {{"Endpoints", "4"}, {"LinksPerPair", "2"}}),
                MakeLayout("FatTree", {{"Radix", "4"}, {"Levels", "3"}}),
                MakeLayout("Dragonfly", {{"P", "2"}, {"A", "4"}, {"H", "2"}})};
            test.Build(layouts[seed % 4]);
            const uint32_t n = test.fabric->GetEndpoints();
            uint64_t bytes = 0;
            for (uint32_t m = 0; m < 300; ++m)
            {
                const uint32_t src = random() % n;
                const uint64_t size = 1 + random() % 30000;
                bytes += size;
                test.Send(src, (src + 1 + random() % (n - 1)) % n, size, m, m % 3);
            }
            const RunResults results = test.Run();
            CHECK(test.delivered.size() == 300);
            CHECK(results.payloadBytesDelivered == bytes);
            CHECK(test.fabric->GetPacketsInFlight() == 0);
            CHECK(test.fabric->CheckConservation() == "");
            uint64_t errors = 0;
            for (const LinkResult& link : results.links)
            {
                errors += link.errors;
                CHECK(link.retries >= link.errors);
                CHECK(link.busy <= results.simulatedTime);
            }
            CHECK(errors > 0);
            runs.push_back(test.delivered);
        }
        CHECK(runs[0] == runs[1]);
    }
}

TEST_SUITE_END();
