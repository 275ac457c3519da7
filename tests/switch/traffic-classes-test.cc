/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../fabric/test-fabric.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <map>
#include <random>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

constexpr Tick PACKET = 64000;            // 4 KiB at 512 Gb/s
constexpr Tick IDLE = 2 * 10000 + 2000;   // first bit, over one switch
constexpr uint64_t PACKETS_OF_BULK = 400; // of each who sends

/** Every way to queue and arbitrate. */
const std::vector<Values> CHIPS{
    {{"Arbiter", "round_robin"}},
    {{"Arbiter", "oldest_first"}},
    {{"Arbiter", "islip"}},
    {{"Arbiter", "wavefront"}},
    {{"Arbiter", "round_robin"}, {"Queueing", "fifo"}},
    {{"Arbiter", "islip"}, {"Queueing", "fifo"}},
    {{"Arbiter", "round_robin"}, {"Queueing", "output"}, {"SharedBuffer", "1048576"}},
    {{"Arbiter", "oldest_first"}, {"Queueing", "output"}, {"SharedBuffer", "1048576"}},
    {{"Arbiter", "round_robin"}, {"TileRows", "2"}, {"TileColumns", "2"}, {"RowLanes", "16"}}};

/** Add values to a profile's. */
void
Append(Values& to, const Values& values)
{
    to.insert(to.end(), values.begin(), values.end());
}

/** @return values as text. */
std::string
ToText(const Values& values)
{
    std::string text;
    for (const auto& [name, value] : values)
    {
        text += name + "=" + value + " ";
    }
    return text;
}

/** @return delivery times by cookie. */
std::map<uint64_t, Tick>
GetDelivered(const TestFabric& test)
{
    std::map<uint64_t, Tick> at;
    for (const Delivery& delivery : test.delivered)
    {
        at[delivery.cookie] = delivery.at;
    }
    return at;
}

/**
 * Four senders in class 1 to one output, and now and then a packet in class 0 to it.
 * @return the longest wait of those: latency less that of the idle fabric.
 */
Tick
GetLongestWait(const Values& chip, bool hasOwnBulk)
{
    const Simulation simulation;
    TestFabric test;
    Append(test.chip, chip);
    test.endpoint = {{"Window", "0"}, {"Buffer", "1048576"}};
    test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "6"}}));
    const auto bulk = static_cast<uint8_t>(test.fabric->GetTrafficClasses() - 1);
    for (uint32_t src = 1; src < 5; ++src)
    {
        test.Send(src, 5, 4096 * PACKETS_OF_BULK, 1000 + src, src, bulk);
    }
    if (hasOwnBulk)
    {
        test.Send(0, 5, 4096 * PACKETS_OF_BULK, 1000, 0, bulk);
    }
    constexpr uint32_t COUNT = 40;
    for (uint32_t i = 0; i < COUNT; ++i)
    {
        // At all phases of a packet.
        Simulator::Schedule(PicoSeconds((10 + 5 * i) * PACKET + i * PACKET / COUNT),
                            [&test, i] { test.Send(0, 5, 4096, i, i); });
    }
    test.Run();
    CHECK(test.fabric->CheckConservation() == "");
    std::map<uint64_t, Tick> delivered = GetDelivered(test);
    CHECK(delivered.size() == COUNT + 4 + hasOwnBulk);
    Tick longest = 0;
    for (uint32_t i = 0; i < COUNT; ++i)
    {
        const Tick sent = (10 + 5 * i) * PACKET + i * PACKET / COUNT;
        longest = std::max(longest, delivered[i] - sent - IDLE - PACKET);
    }
    return longest;
}

/** What became of two classes that had a lot to send to one output. */
struct Shares
{
    double first; //!< Bytes of class 0, of all that was delivered while both sent
    Tick end;     //!< When all was delivered
    bool isWhole; //!< All of it
};

/** Inputs 0 and 1 send class 0, 2 and 3 class 1, in messages of one packet. */
Shares
Share(const Values& chip, uint32_t bytesOfFirst, uint32_t bytesOfSecond)
{
    const Simulation simulation;
    TestFabric test;
    Append(test.chip, chip);
    test.endpoint = {{"Window", "0"}, {"Buffer", "1048576"}};
    test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "5"}}));
    constexpr uint64_t BYTES = 2 << 20; // of each sender
    uint64_t messages = 0;
    for (uint32_t src = 0; src < 4; ++src)
    {
        const uint32_t size = src < 2 ? bytesOfFirst : bytesOfSecond;
        for (uint64_t sent = 0; sent < BYTES; sent += size, ++messages)
        {
            test.Send(src, 4, size, src / 2, src, static_cast<uint8_t>(src / 2));
        }
    }
    test.Run();
    CHECK(test.fabric->CheckConservation() == "");
    // While both classes send: until the first of them is through.
    const uint64_t ofFirst = 2 * ((BYTES + bytesOfFirst - 1) / bytesOfFirst);
    const uint64_t ofSecond = 2 * ((BYTES + bytesOfSecond - 1) / bytesOfSecond);
    uint64_t first = 0;
    uint64_t second = 0;
    for (const Delivery& delivery : test.delivered)
    {
        ++(delivery.cookie == 0 ? first : second);
        if (first == ofFirst || second == ofSecond)
        {
            break;
        }
    }
    const auto a = static_cast<double>(first * bytesOfFirst);
    const auto b = static_cast<double>(second * bytesOfSecond);
    return {a / (a + b), test.delivered.back().at, test.delivered.size() == messages};
}

/** Random messages of three classes over a fat tree. */
std::vector<Delivery>
RunRandomly(const Values& chip, const Values& routing, uint32_t seed)
{
    const Simulation simulation;
    TestFabric test;
    test.seed = seed;
    test.chip = {{"Latency", "2ns"}, {"Vcs", "7"}, {"TrafficClasses", "3"}, {"Buffer", "8192"}};
    Append(test.chip, chip);
    test.routing = routing;
    test.endpoint = {{"Window", "16384"}, {"Buffer", "8192"}};
    test.Build(MakeLayout("FatTree", {{"Radix", "4"}, {"Levels", "2"}}));
    std::mt19937 random(seed);
    for (uint64_t i = 0; i < 600; ++i)
    {
        const uint32_t src = random() % 8;
        const uint32_t dst = (src + 1 + random() % 7) % 8;
        const uint64_t bytes = 1 + random() % 20000;
        const auto trafficClass = static_cast<uint8_t>(random() % 3);
        Simulator::Schedule(
            PicoSeconds(random() % 20000000),
            [&test, src, dst, bytes, i, trafficClass] {
                test.Send(src, dst, bytes, i, static_cast<uint32_t>(i), trafficClass);
            });
    }
    const RunResults results = test.Run();
    CHECK(test.fabric->CheckConservation() == "");
    CHECK(test.delivered.size() == 600);
    CHECK(results.classes.size() == 3);
    uint64_t messages = 0;
    for (const ClassResult& row : results.classes)
    {
        messages += row.messages;
    }
    CHECK(messages == 600);
    return test.delivered;
}

} // namespace

TEST_SUITE_BEGIN("switch");

TEST_CASE("with strict priority the first class waits for one packet at most")
{
    const Values classes{{"Vcs", "4"}, {"TrafficClasses", "2"}, {"ClassPolicy", "strict"}};
    for (Values chip : CHIPS)
    {
        CAPTURE(ToText(chip));
        Append(chip, classes);
        const Tick wait = GetLongestWait(chip, false);
        CHECK(wait > PACKET / 2);
        CHECK(wait <= PACKET);
        // At its source too: one there, one at the output.
        CHECK(GetLongestWait(chip, true) <= 2 * PACKET);
    }
    // One class: it waits for what all others have in their buffers, and for its own source's.
    CHECK(GetLongestWait({{"Vcs", "4"}}, false) > PACKET);
    CHECK(GetLongestWait({{"Vcs", "4"}}, true) > 100 * PACKET);
}

TEST_CASE(
    "with one lane for an input strict priority waits for one packet there and one at the output")
{
    const Values classes{{"Vcs", "2"},
                         {"TrafficClasses", "2"},
                         {"ClassPolicy", "strict"},
                         {"InputSpeedup", "1"}};
    for (const std::string arbiter : {"round_robin", "oldest_first", "islip", "wavefront"})
    {
        // Input 0 has bulk for outputs 1 to 4, and input 5 to 8 for them too: ports fall free out
        // of step. A packet in class 0 goes from 0 to 4.
        CAPTURE(arbiter);
        const Simulation simulation;
        TestFabric test;
        Append(test.chip, classes);
        Append(test.chip, {{"Arbiter", arbiter}, {"Buffer", "262144"}});
        test.endpoint = {{"Window", "0"}, {"Buffer", "1048576"}};
        test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "9"}}));
        for (uint32_t dst = 1; dst < 5; ++dst)
        {
            for (uint32_t i = 0; i < 100; ++i)
            {
                test.Send(0, dst, 4096, 5000, i, 1);
                test.Send(dst + 4, dst, 4096 - 512 * (dst % 2), 6000, i, 1);
                test.Send(dst + 4, 1 + dst % 4, 4096, 6000, i, 1);
            }
        }
        constexpr uint32_t COUNT = 50;
        const auto at = [](uint32_t i) { return (20 + 3 * i) * PACKET + i * PACKET / COUNT; };
        for (uint32_t i = 0; i < COUNT; ++i)
        {
            Simulator::Schedule(PicoSeconds(at(i)), [&test, i] { test.Send(0, 4, 4096, i, i); });
        }
        test.Run();
        std::map<uint64_t, Tick> delivered = GetDelivered(test);
        Tick longest = 0;
        for (uint32_t i = 0; i < COUNT; ++i)
        {
            longest = std::max(longest, delivered[i] - at(i) - IDLE - PACKET);
        }
        CAPTURE(longest);
        // One packet at the source, one at the input's lane, one at the output.
        CHECK(longest <= 3 * PACKET);
        CHECK(longest > PACKET / 2);
        CHECK(test.fabric->CheckConservation() == "");
    }
}

TEST_CASE("saturated classes share a wire by their weights, and it is never idle")
{
    const std::vector<std::pair<std::string, double>> cases{{"1, 1", 0.5},
                                                            {"3, 1", 0.75},
                                                            {"1, 9", 0.1}};
    for (const Values& kind : CHIPS)
    {
        for (const auto& [weights, share] : cases)
        {
            CAPTURE(ToText(kind));
            CAPTURE(weights);
            Values chip = kind;
            Append(chip,
                   {{"Vcs", "2"},
                    {"TrafficClasses", "2"},
                    {"ClassPolicy", "weighted"},
                    {"ClassWeights", weights}});
            const Shares alike = Share(chip, 4096, 4096);
            CHECK(alike.isWhole);
            CHECK(alike.first == doctest::Approx(share).epsilon(0.01));
            CHECK(alike.end == IDLE + 4 * 512 * PACKET);
        }
    }
    // Bytes count, not packets: those of the second class are an eighth as long.
    const Values chip{{"Vcs", "2"},
                      {"TrafficClasses", "2"},
                      {"ClassPolicy", "weighted"},
                      {"ClassWeights", "3, 1"}};
    CHECK(Share(chip, 4096, 512).first == doctest::Approx(0.75).epsilon(0.01));
}

TEST_CASE("classes take turns packet by packet with round robin")
{
    for (Values chip : CHIPS)
    {
        CAPTURE(ToText(chip));
        Append(chip, {{"Vcs", "2"}, {"TrafficClasses", "2"}, {"ClassPolicy", "round_robin"}});
        CHECK(Share(chip, 4096, 4096).first == doctest::Approx(0.5).epsilon(0.01));
    }
    const Values chip{{"Vcs", "2"}, {"TrafficClasses", "2"}};
    CHECK(Share(chip, 4096, 2048).first == doctest::Approx(2. / 3).epsilon(0.01));
}

TEST_CASE("in slots the first of strict classes does not notice the second")
{
    for (const std::string arbiter : {"oldest_first", "islip", "wavefront"})
    {
        CAPTURE(arbiter);
        std::vector<Delivery> alone;
        for (const bool hasSecond : {false, true})
        {
            const Simulation simulation;
            TestFabric test;
            test.chip = {{"Latency", "2ns"},
                         {"Vcs", "2"},
                         {"TrafficClasses", "2"},
                         {"ClassPolicy", "strict"},
                         {"InputSpeedup", "1"},
                         {"Buffer", "1073741824"},
                         {"Arbiter", arbiter}};
            test.endpoint = {{"Packet", "64"}, {"Window", "0"}, {"Buffer", "1048576"}};
            test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "8"}}));
            std::mt19937 random(7);
            for (uint64_t slot = 0; slot < 1500; ++slot)
            {
                for (uint32_t src = 0; src < 4; ++src)
                {
                    const bool isFirst = random() % 10 < 5;
                    const uint32_t first = 4 + random() % 4;
                    const bool isSecond = random() % 10 < 4;
                    const uint32_t second = 4 + random() % 4;
                    const uint64_t cookie = 2 * (4 * slot + src);
                    Simulator::Schedule(
                        PicoSeconds(1000 * slot),
                        [&, isFirst, isSecond, first, second, src, cookie, hasSecond] {
                            if (isFirst)
                            {
                                test.Send(src, first, 64, cookie, 0, 0);
                            }
                            if (isSecond && hasSecond)
                            {
                                test.Send(src, second, 64, cookie + 1, 0, 1);
                            }
                        });
                }
            }
            test.Run();
            std::vector<Delivery> firsts;
            for (const Delivery& delivery : test.delivered)
            {
                if (delivery.cookie % 2 == 0)
                {
                    firsts.push_back(delivery);
                }
            }
            std::sort(firsts.begin(), firsts.end(), [](const Delivery& a, const Delivery& b) {
                return a.cookie < b.cookie;
            });
            CHECK(firsts.size() > 2500);
            CHECK((hasSecond ? test.delivered.size() > firsts.size() + 2000
                             : test.delivered.size() == firsts.size()));
            if (hasSecond)
            {
                CHECK(firsts == alone);
            }
            alone = firsts;
        }
    }
}

TEST_CASE("a class whose buffers are full does not block another")
{
    // s0 has a and b, s1 has c, d and e. Class 1 goes from a, b and e to c and fills the way from
    // s0 to s1; class 0 goes from a to d.
    for (const uint32_t classes : {1U, 2U})
    {
        for (const std::string queueing : {"voq", "fifo"})
        {
            CAPTURE(classes);
            CAPTURE(queueing);
            const Simulation simulation;
            TestFabric test;
            test.chip = {{"Latency", "2ns"},
                         {"Vcs", std::to_string(classes)},
                         {"TrafficClasses", std::to_string(classes)},
                         {"Buffer", "8192"},
                         {"Queueing", queueing}};
            test.endpoint = {{"Window", "0"}, {"Buffer", "8192"}};
            test.Build(MakeLayout("FatTree", {{"Down", "3, 2"}, {"Up", "1, 1"}}));
            const auto bulk = static_cast<uint8_t>(classes - 1);
            for (const uint32_t src : {0U, 1U, 4U, 5U})
            {
                test.Send(src, 3, 4096 * 300, 1000 + src, src, bulk);
            }
            Simulator::Schedule(PicoSeconds(60 * PACKET), [&test] { test.Send(0, 4, 4096, 1); });
            test.Run();
            CHECK(test.delivered.size() == 5);
            CHECK(test.fabric->CheckConservation() == "");
            const Tick took = GetDelivered(test)[1] - 60 * PACKET;
            // Idle: 4 links, 3 switches, a packet; at each of 4 wires a packet before it.
            const Tick idle = 4 * 10000 + 3 * 2000 + PACKET;
            CAPTURE(took);
            CHECK((classes == 2 ? took <= idle + 4 * PACKET : took > idle + 8 * PACKET));
        }
    }
}

TEST_CASE("random messages of several classes all arrive, the same way each time")
{
    for (const std::string policy : {"round_robin", "strict", "weighted"})
    {
        const Values classes{{"ClassPolicy", policy},
                             {"ClassWeights", policy == "weighted" ? "1, 5, 2" : ""}};
        for (Values chip : CHIPS)
        {
            CAPTURE(ToText(chip));
            CAPTURE(policy);
            Append(chip, classes);
            const auto once = RunRandomly(chip, {}, 1);
            CHECK(once == RunRandomly(chip, {}, 1));
            RunRandomly(chip, {{"Granularity", "packet"}, {"Selection", "least_loaded"}}, 2);
        }
    }
}

TEST_CASE("no policy among classes starves an input within a class")
{
    // As without classes: 0 to 3 and 1 to 2 keep input 0 and output 2 from being free at one time.
    for (const std::string arbiter : {"round_robin", "oldest_first", "islip", "wavefront"})
    {
        for (const std::string policy : {"round_robin", "strict", "weighted"})
        {
            CAPTURE(arbiter);
            CAPTURE(policy);
            const Simulation simulation;
            TestFabric test;
            test.chip = {{"Latency", "2ns"},
                         {"Vcs", "2"},
                         {"TrafficClasses", "2"},
                         {"ClassPolicy", policy},
                         {"ClassWeights", policy == "weighted" ? "2, 1" : ""},
                         {"InputSpeedup", "1"},
                         {"Buffer", "262144"},
                         {"Arbiter", arbiter}};
            test.endpoint = {{"Window", "0"}, {"Buffer", "1073741824"}};
            test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "6"}}));
            const auto send = [&](Tick at, uint32_t src, uint32_t dst, uint64_t packets, int what) {
                Simulator::Schedule(PicoSeconds(at), [&test, src, dst, packets, what] {
                    test.Send(src, dst, 4096 * packets, static_cast<uint64_t>(what), src, 1);
                });
            };
            send(0, 0, 3, 3000, 0);
            send(0, 4, 3, 1500, 1);
            send(PACKET / 2, 1, 2, 3000, 2);
            send(PACKET / 2, 5, 2, 1500, 3);
            send(3100 * PACKET, 0, 2, 1, 4);
            test.Run();
            CHECK(test.delivered.size() == 5);
            const Tick waited = GetDelivered(test)[4] - 3100 * PACKET;
            CAPTURE(waited);
            CHECK(waited < 1200 * PACKET); // patience grows with the VCs
        }
    }
}

TEST_CASE("too few virtual channels for the classes are refused with the number needed")
{
    const Simulation simulation;
    TestFabric test;
    test.chip = {{"Vcs", "5"}, {"TrafficClasses", "3"}};
    CHECK_THROWS_WITH_AS(test.Build(MakeLayout("Dragonfly", {{"P", "1"}, {"A", "2"}, {"H", "1"}})),
                         "3 traffic classes, each with 2 for this routing, need at least 6 virtual "
                         "channels, not 5: give 'switch.vcs: 6' in the fabric, or --set "
                         "fabric.switch.vcs=6",
                         ParameterError);
}

TEST_CASE("a class uses its own virtual channels, and no others")
{
    // 7 VCs: class 0 has 0 to 2, class 1 has 3 to 5, one is left over.
    for (const uint8_t trafficClass : {uint8_t{0}, uint8_t{1}})
    {
        const Simulation simulation;
        TestFabric test;
        test.chip = {{"Latency", "2ns"}, {"Vcs", "7"}, {"TrafficClasses", "2"}};
        test.Build(MakeLayout("FatTree", {{"Radix", "4"}, {"Levels", "2"}}));
        for (uint32_t i = 0; i < 200; ++i)
        {
            test.Send(i % 8, (i + 1 + i / 8 % 7) % 8, 4096, i, i, trafficClass);
        }
        const RunResults results = test.Run();
        std::map<uint32_t, uint32_t> rows;
        for (const QueueResult& queue : results.queues)
        {
            ++rows[queue.vc];
        }
        CHECK(rows.size() == 3);
        CHECK(rows.begin()->first == 3U * trafficClass);
        CHECK(rows.rbegin()->first == 3U * trafficClass + 2);
        CHECK(results.classes[trafficClass].packets == 200);
        CHECK(results.classes[1 - trafficClass].packets == 0);
    }
}

TEST_SUITE_END();
