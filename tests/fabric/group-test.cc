/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "routing/group-tree.h"
#include "test-fabric.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <map>
#include <numeric>
#include <random>
#include <set>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** A fabric whose switches reduce and copy, and operations of groups on it. */
class GroupFabric : public TestFabric
{
  public:
    GroupFabric()
    {
        chip = {{"Latency", "2ns"},
                {"Reduction", "true"},
                {"Multicast", "true"},
                {"ReductionLatency", "7ns"}};
    }

    /** Open a group. */
    uint32_t Open(const std::vector<uint32_t>& members, uint32_t channels = 0)
    {
        return fabric->OpenGroup(members, channels, true, true);
    }

    /** Start an operation now, all members at once; cookies from `cookie` on. */
    void Start(const GroupMessage& message, uint32_t members, uint64_t cookie = 0)
    {
        const uint32_t number = fabric->OpenGroupMessage(message, this, cookie);
        for (uint32_t member = 0; member < members; ++member)
        {
            if (message.action != GroupAction::MULTICAST || member == message.root)
            {
                fabric->JoinGroupMessage(number, member);
            }
        }
    }

    /** @return when the last of all was delivered. */
    Tick GetEnd() const
    {
        Tick end = 0;
        for (const Delivery& delivery : delivered)
        {
            end = std::max(end, delivery.at);
        }
        return end;
    }
};

/** @return members of a group: some of the endpoints, in any order. */
std::vector<uint32_t>
Choose(std::mt19937& random, uint32_t endpoints)
{
    std::vector<uint32_t> all(endpoints);
    std::iota(all.begin(), all.end(), 0);
    std::shuffle(all.begin(), all.end(), random);
    all.resize(2 + random() % (endpoints - 1));
    return all;
}

/** Wire time of a message of packets of up to `packet` bytes, 64 B flits, ps, exact. */
long double
WireOf(uint64_t bytes, uint64_t packet, long double bitsPerSecond)
{
    const uint64_t flits = bytes / packet * ((packet + 63) / 64) + (bytes % packet + 63) / 64;
    return static_cast<long double>(flits) * 64 * 8 * 1e12L / bitsPerSecond;
}

} // namespace

TEST_SUITE("fabric")
{
    TEST_CASE("an all-reduce of any size takes two links, a switch, the unit and its bytes")
    {
        std::mt19937 random(5);
        for (const auto& [rate, bits] : {std::pair{"512Gbps", 512e9L},
                                         {"224Gbps", 224e9L},
                                         {"333333333333bps", 333333333333.0L}})
        {
            for (const uint64_t bytes : {1ULL, 100ULL, 4096ULL, 8192ULL, 9000ULL, 1000000ULL})
            {
                const Simulation simulation;
                GroupFabric fabric;
                fabric.link = {{"Rate", rate}, {"Latency", "10ns"}};
                fabric.Build(MakeLayout("SingleSwitch", {{"Endpoints", "9"}}));
                const std::vector<uint32_t> members = Choose(random, 9);
                const auto n = static_cast<uint32_t>(members.size());
                const GroupMessage message{fabric.Open(members), GroupAction::ALL_REDUCE, 0, bytes};
                fabric.Start(message, n);
                const RunResults results = fabric.Run();
                CAPTURE(rate);
                CAPTURE(bytes);
                const Tick wire = std::llround(WireOf(bytes, 4096, bits));
                const Tick expected = 2 * 10000 + 2000 + 7000 + wire;
                REQUIRE(fabric.delivered.size() == n);
                REQUIRE(fabric.sent.size() == n);
                std::set<uint64_t> cookies;
                for (const Delivery& delivery : fabric.delivered)
                {
                    cookies.insert(delivery.cookie);
                    CHECK(delivery.at == expected);
                }
                CHECK(cookies.size() == n);
                CHECK(*cookies.rbegin() == n - 1);
                CHECK(fabric.fabric->GetGroupIdleTime(message) == expected);
                CHECK(results.payloadBytesDelivered == bytes * n);
                CHECK(fabric.fabric->GetPacketsInFlight() == 0);
                CHECK(fabric.fabric->CheckConservation().empty());
            }
        }
    }

    TEST_CASE("planes share an all-reduce packet by packet")
    {
        const Simulation simulation;
        GroupFabric fabric;
        const auto planes = MakeLayout("Planes", {{"Endpoints", "8"}, {"Planes", "4"}});
        const auto plane = MakeLayout("SingleSwitch", {});
        plane->SetScope(1);
        planes->SetChild("plane", plane);
        fabric.Build(planes, 2);
        const uint64_t bytes = 4096 * 4 * 100;
        const GroupMessage message{fabric.Open({7, 1, 4}), GroupAction::ALL_REDUCE, 0, bytes};
        fabric.Start(message, 3);
        const RunResults results = fabric.Run();
        CHECK(fabric.GetEnd() == 29000 + std::llround(WireOf(bytes / 4, 4096, 512e9L)));
        CHECK(fabric.fabric->GetGroupIdleTime(message) == fabric.GetEnd());
        for (const LinkResult& link : results.links)
        {
            const bool isMember = link.payloadBytes > 0;
            CHECK(link.payloadBytes == (isMember ? bytes / 4 : 0));
        }
    }

    TEST_CASE("each level of a fat tree adds two links, two switches and a unit")
    {
        for (const std::string mode : {"cut_through", "store_and_forward"})
        {
            for (const uint32_t levels : {1U, 2U, 3U})
            {
                const Simulation simulation;
                GroupFabric fabric;
                fabric.chip.emplace_back("Switching", mode);
                fabric.Build(MakeLayout("FatTree", {{"Down", "4,4,4"}, {"Up", "1,4,4"}}));
                // Two members below each switch of the way down, so that each combines.
                std::vector<uint32_t> members{0, 1};
                if (levels > 1)
                {
                    members.insert(members.end(), {4, 5, 8, 9});
                }
                if (levels > 2)
                {
                    members.insert(members.end(), {16, 17, 20, 21, 48, 49, 52, 53});
                }
                const auto n = static_cast<uint32_t>(members.size());
                const uint64_t bytes = 8192;
                const GroupMessage message{fabric.Open(members), GroupAction::ALL_REDUCE, 0, bytes};
                fabric.Start(message, n);
                fabric.Run();
                const Tick links = 2 * levels;
                const Tick stored = mode == "cut_through" ? 0 : (links - 1) * 64000;
                const Tick expected =
                    links * 10000 + (links - 1) * 2000 + levels * 7000 + 2 * 64000 + stored;
                CAPTURE(mode);
                CAPTURE(levels);
                REQUIRE(fabric.delivered.size() == n);
                for (const Delivery& delivery : fabric.delivered)
                {
                    CHECK(delivery.at == expected);
                }
                CHECK(fabric.fabric->GetGroupIdleTime(message) == expected);
            }
        }
    }

    TEST_CASE("a reduction goes to its root alone, and a copy to all but its root, on any tree")
    {
        std::mt19937 random(11);
        for (uint32_t round = 0; round < 20; ++round)
        {
            for (const GroupAction action : {GroupAction::REDUCE, GroupAction::MULTICAST})
            {
                const Simulation simulation;
                GroupFabric fabric;
                fabric.Build(MakeLayout("FatTree", {{"Down", "2,3,3"}, {"Up", "1,2,3"}}));
                const std::vector<uint32_t> members = Choose(random, 18);
                const auto n = static_cast<uint32_t>(members.size());
                const uint32_t root = random() % n;
                const uint64_t bytes = 1 + random() % 20000;
                const GroupMessage message{fabric.Open(members), action, root, bytes};
                fabric.Start(message, n);
                const RunResults results = fabric.Run();
                const bool reduces = action == GroupAction::REDUCE;
                CHECK(fabric.delivered.size() == (reduces ? 1 : n - 1));
                CHECK(fabric.sent.size() == (reduces ? n : 1));
                for (const Delivery& delivery : fabric.delivered)
                {
                    CHECK((delivery.cookie == root) == reduces);
                }
                CHECK(results.payloadBytesDelivered == bytes * (reduces ? 1 : n - 1));
                CHECK(fabric.GetEnd() == fabric.fabric->GetGroupIdleTime(message));
                CHECK(fabric.fabric->GetPacketsInFlight() == 0);
            }
        }
    }

    TEST_CASE("what switches copy and a message share their source's port, packet by packet")
    {
        for (const bool isMessageFirst : {true, false})
        {
            CAPTURE(isMessageFirst);
            const Simulation simulation;
            GroupFabric fabric;
            fabric.Build(MakeLayout("SingleSwitch", {{"Endpoints", "4"}}));
            constexpr uint64_t BYTES = 4096 * 100;
            constexpr uint64_t COOKIE = 99;
            const GroupMessage copy{fabric.Open({0, 1, 2}), GroupAction::MULTICAST, 0, BYTES};
            if (isMessageFirst)
            {
                fabric.Send(0, 3, BYTES, COOKIE);
            }
            fabric.Start(copy, 3);
            if (!isMessageFirst)
            {
                fabric.Send(0, 3, BYTES, COOKIE);
            }
            fabric.Run();
            REQUIRE(fabric.delivered.size() == 3);
            for (const Delivery& delivery : fabric.delivered)
            {
                // Of 200 packets of 64 ns, one before the last at the soonest.
                CHECK(delivery.at >= 199 * 64000);
                CHECK(delivery.at <= 201 * 64000);
            }
        }
    }

    TEST_CASE("contexts bound an all-reduce as a buffer bounds a credit loop")
    {
        for (const uint32_t contexts : {1U, 2U, 3U})
        {
            for (const char* key :
                 {"ReductionContexts", "ReductionGroupContexts", "ReductionMemory"})
            {
                const Simulation simulation;
                GroupFabric fabric;
                fabric.link = {{"Rate", "512Gbps"}, {"Latency", "100ns"}};
                fabric.chip.emplace_back(key,
                                         std::to_string(std::string(key) == "ReductionMemory"
                                                            ? contexts * 8192
                                                            : contexts));
                fabric.Build(MakeLayout("SingleSwitch", {{"Endpoints", "4"}}));
                const uint64_t packets = 600;
                fabric.Start(
                    {fabric.Open({0, 1, 2, 3}), GroupAction::ALL_REDUCE, 0, packets * 4096},
                    4);
                fabric.Run();
                // First bit out to last bit in of one packet; then the next may go.
                const Tick trip = 2 * 100000 + 2000 + 7000 + 64000;
                CAPTURE(key);
                CAPTURE(contexts);
                CHECK(fabric.GetEnd() == static_cast<Tick>(packets / contexts - 1) * trip + trip +
                                             static_cast<Tick>(contexts - 1) * 64000);
            }
        }
    }

    TEST_CASE("a unit's rate bounds what each port sends")
    {
        const Simulation simulation;
        GroupFabric fabric;
        fabric.chip.emplace_back("ReductionRate", "16000000000"); // a quarter of the wire's
        fabric.Build(MakeLayout("SingleSwitch", {{"Endpoints", "4"}}));
        const GroupMessage message{fabric.Open({0, 1, 3}), GroupAction::ALL_REDUCE, 0, 409600};
        fabric.Start(message, 3);
        fabric.Run();
        CHECK(fabric.GetEnd() == 29000 + 409600 * 1000 / 16);
        CHECK(fabric.GetEnd() == fabric.fabric->GetGroupIdleTime(message));
    }

    TEST_CASE("groups and messages together all arrive, once, whatever the room")
    {
        for (uint32_t seed = 1; seed <= 60; ++seed)
        {
            CAPTURE(seed);
            std::mt19937 random(seed);
            const Simulation simulation;
            GroupFabric fabric;
            fabric.seed = seed;
            const char* packets[] = {"1000", "4096", "64"};
            fabric.endpoint = {{"Packet", packets[random() % 3]},
                               {"Window", random() % 2 ? "0" : "10000"},
                               {"Buffer", "8192"},
                               {"MessageOverhead", random() % 2 ? "0ns" : "3ns"}};
            fabric.chip.emplace_back("Buffer", random() % 2 ? "4096" : "16384");
            fabric.chip.emplace_back("Vcs", random() % 2 ? "1" : "4");
            fabric.chip.emplace_back("OutputSpeedup", random() % 3 ? "1" : "2");
            fabric.chip.emplace_back("Switching",
                                     random() % 2 ? "cut_through" : "store_and_forward");
            fabric.chip.emplace_back("ReductionContexts", std::to_string(4 + random() % 12));
            fabric.chip.emplace_back("ReductionRate", random() % 2 ? "0" : "20000000000");
            fabric.routing = {{"Granularity", random() % 2 ? "flow" : "packet"}};
            uint32_t endpoints = 12;
            if (seed % 3 == 0)
            {
                fabric.Build(MakeLayout("SingleSwitch", {{"Endpoints", "12"}}));
            }
            else if (seed % 3 == 1)
            {
                endpoints = 18;
                fabric.Build(MakeLayout("FatTree", {{"Down", "2,3,3"}, {"Up", "2,2,3"}}));
            }
            else
            {
                const auto planes = MakeLayout("Planes", {{"Endpoints", "12"}, {"Planes", "3"}});
                const auto plane = MakeLayout("FatTree", {{"Down", "3,4"}, {"Up", "1,2"}});
                plane->SetScope(1);
                planes->SetChild("plane", plane);
                fabric.Build(planes, 2);
            }
            // Several operations of several groups, joined in any order at any time; messages too.
            uint64_t cookie = 0;
            uint64_t deliveries = 0;
            uint64_t sends = 0;
            uint64_t bytes = 0;
            for (uint32_t group = 0; group < 5; ++group)
            {
                const std::vector<uint32_t> members = Choose(random, endpoints);
                const auto n = static_cast<uint32_t>(members.size());
                const uint32_t id = fabric.Open(members, 1 + random() % 2);
                for (uint32_t round = 0; round < 6; ++round)
                {
                    const GroupMessage message{id,
                                               static_cast<GroupAction>(random() % 3),
                                               static_cast<uint32_t>(random() % n),
                                               1 + random() % 30000};
                    const bool copies = message.action == GroupAction::MULTICAST;
                    const uint64_t gets = message.action == GroupAction::ALL_REDUCE ? n
                                          : copies                                  ? n - 1
                                                                                    : 1;
                    deliveries += gets;
                    bytes += gets * message.bytes;
                    sends += copies ? 1 : n;
                    const uint32_t number =
                        fabric.fabric->OpenGroupMessage(message, &fabric, cookie);
                    cookie += n;
                    for (uint32_t member = 0; member < n; ++member)
                    {
                        if (!copies || member == message.root)
                        {
                            Simulator::Schedule(NanoSeconds(random() % 2000), [&, number, member] {
                                fabric.fabric->JoinGroupMessage(number, member);
                            });
                        }
                    }
                }
            }
            for (uint32_t i = 0; i < 100; ++i)
            {
                const uint32_t src = random() % endpoints;
                const uint32_t dst = (src + 1 + random() % (endpoints - 1)) % endpoints;
                const uint64_t size = 1 + random() % 30000;
                const uint64_t word = cookie++;
                Simulator::Schedule(NanoSeconds(random() % 2000), [&, src, dst, size, word] {
                    fabric.Send(src, dst, size, word);
                });
                ++deliveries;
                ++sends;
                bytes += size;
            }
            const RunResults results = fabric.Run();
            REQUIRE(fabric.delivered.size() == deliveries);
            REQUIRE(fabric.sent.size() == sends);
            std::set<uint64_t> once;
            for (const Delivery& delivery : fabric.delivered)
            {
                once.insert(delivery.cookie);
            }
            CHECK(once.size() == deliveries);
            CHECK(results.payloadBytesDelivered == bytes);
            CHECK(fabric.fabric->GetPacketsInFlight() == 0);
            CHECK(fabric.fabric->CheckConservation().empty());
        }
    }

    TEST_CASE("a group waits for contexts, or is told that there are none")
    {
        for (const bool waits : {true, false})
        {
            const Simulation simulation;
            GroupFabric fabric;
            fabric.chip.emplace_back("ReductionContexts", "5");
            fabric.chip.emplace_back("ReductionGroupContexts", "3");
            fabric.chip.emplace_back("ReductionOverflow", waits ? "wait" : "fall_back");
            fabric.Build(MakeLayout("SingleSwitch", {{"Endpoints", "6"}}));
            const uint32_t first = fabric.Open({0, 1});
            const uint32_t second = fabric.Open({2, 3});
            CHECK(fabric.Open({0, 1}) == first);
            CHECK((second == NO_GROUP) == !waits);
            CHECK(fabric.Open({2, 3}) == second);
            // Copies need no contexts.
            CHECK(fabric.fabric->OpenGroup(std::vector<uint32_t>{2, 3}, 0, false, true) !=
                  NO_GROUP);
            if (!waits)
            {
                continue;
            }
            fabric.Start({first, GroupAction::ALL_REDUCE, 0, 4096}, 2, 0);
            fabric.Start({second, GroupAction::ALL_REDUCE, 0, 4096}, 2, 2);
            fabric.Run();
            const Tick trip = 2 * 10000 + 2000 + 7000 + 64000;
            REQUIRE(fabric.delivered.size() == 4);
            CHECK(fabric.delivered[0].at == trip);
            CHECK(fabric.delivered[3].at == 2 * trip); // one after the other
        }
    }

    TEST_CASE("trees of one group spread over roots, and over a member's links")
    {
        const auto layout = MakeLayout("FatTree", {{"Down", "4,4"}, {"Up", "2,4"}});
        const Topology topology = layout->Build();
        const Routing routing(topology, {});
        GroupTreeBuilder builder(topology, routing);
        std::vector<uint32_t> members(16);
        std::iota(members.begin(), members.end(), 0);
        std::set<uint32_t> roots;
        std::map<uint32_t, uint32_t> injected;
        for (const GroupTree& tree : builder.Build(members, 8))
        {
            roots.insert(tree.nodes[0].node);
            ++injected[tree.injection[0]];
            CHECK(tree.nodes.size() == 5);
            std::set<uint32_t> reached;
            for (const GroupTree::Node& node : tree.nodes)
            {
                for (const GroupTree::Child& child : node.children)
                {
                    CHECK((!child.isMember || reached.insert(child.index).second));
                }
            }
            CHECK(reached.size() == 16);
        }
        CHECK(roots.size() == 8);
        CHECK(injected.size() == 2);
        CHECK(injected.begin()->second == 4);
    }

    TEST_CASE("a group that the network can't serve is refused by name")
    {
        const auto refuse = [](const std::string& kind,
                               const Values& values,
                               const Values& chip,
                               const std::vector<uint32_t>& members,
                               const std::string& message) {
            const Simulation simulation;
            GroupFabric fabric;
            fabric.chip.insert(fabric.chip.end(), chip.begin(), chip.end());
            try
            {
                fabric.Build(MakeLayout(kind, values));
                fabric.Open(members, 2);
                FAIL_CHECK("not refused: " << message);
            }
            catch (const ParameterError& error)
            {
                CAPTURE(error.what());
                CHECK(std::string(error.what()).find(message) != std::string::npos);
            }
        };
        const Values four{{"Endpoints", "4"}};
        refuse("Dragonfly", {}, {}, {0, 1, 9}, "not a dragonfly");
        refuse("FullMesh", four, {}, {0, 1}, "not a full_mesh");
        refuse("SingleSwitch", four, {}, {0, 0}, "two members or more");
        refuse("SingleSwitch", four, {}, {0}, "two members or more");
        refuse("SingleSwitch", four, {{"Multicast", "false"}}, {0, 1}, "multicast: true");
        refuse("SingleSwitch", four, {{"Reduction", "false"}}, {0, 1}, "no reduction unit");
        refuse("SingleSwitch", four, {{"Queueing", "fifo"}}, {0, 1}, "queueing: voq");
        refuse("SingleSwitch", four, {{"ReductionContexts", "1"}}, {0, 1}, "1 reduction contexts");
    }

    TEST_CASE("switches that can reduce treat messages as those that can't")
    {
        std::vector<Delivery> before;
        for (const char* can : {"false", "true"})
        {
            const Simulation simulation;
            TestFabric fabric;
            fabric.chip = {{"Latency", "2ns"}, {"Reduction", can}, {"Multicast", can}};
            fabric.Build(MakeLayout("SingleSwitch", {{"Endpoints", "6"}}));
            for (uint32_t i = 0; i < 60; ++i)
            {
                fabric.Send(i % 6, (i + 1 + i / 12) % 6, 10000 + i * 100, i);
            }
            fabric.Run();
            if (before.empty())
            {
                before = fabric.delivered;
            }
            CHECK(fabric.delivered == before);
        }
    }
}
