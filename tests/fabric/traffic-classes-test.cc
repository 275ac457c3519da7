/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "test-fabric.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <set>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

constexpr Tick PACKET = 64000; //!< 4 KiB at 512 Gb/s

/** @return the VCs whose buffers have held something. */
std::set<uint32_t>
GetUsedVcs(const RunResults& results)
{
    std::set<uint32_t> vcs;
    for (const QueueResult& queue : results.queues)
    {
        vcs.insert(queue.vc);
    }
    return vcs;
}

/** @return two cards with several links between them, whose ports have these values. */
void
BuildMesh(TestFabric& test, const Values& endpoint, uint32_t links = 1)
{
    test.endpoint = {{"Window", "0"}, {"Buffer", "1048576"}};
    test.endpoint.insert(test.endpoint.end(), endpoint.begin(), endpoint.end());
    test.Build(
        MakeLayout("FullMesh", {{"Endpoints", "3"}, {"LinksPerPair", std::to_string(links)}}));
}

} // namespace

TEST_SUITE_BEGIN("fabric");

TEST_CASE("an endpoint sends strict classes in order, each after one packet at most")
{
    for (const std::string service : {"round_robin", "in_order"})
    {
        const Simulation simulation;
        TestFabric test;
        BuildMesh(test,
                  {{"Vcs", "3"},
                   {"TrafficClasses", "3"},
                   {"ClassPolicy", "strict"},
                   {"Service", service}});
        test.Send(0, 1, 4096 * 100, 2, 0, 2);
        const auto send = [&](Tick at, uint64_t packets, uint64_t cookie, uint8_t trafficClass) {
            Simulator::Schedule(PicoSeconds(at), [&test, packets, cookie, trafficClass] {
                test.Send(0, 1, 4096 * packets, cookie, 0, trafficClass);
            });
        };
        send(10 * PACKET + 1, 50, 1, 1);
        send(20 * PACKET + 1, 5, 0, 0);
        test.Run();
        CHECK(test.delivered == std::vector<Delivery>{{0, 10000 + 26 * PACKET},
                                                      {1, 10000 + 66 * PACKET},
                                                      {2, 10000 + 155 * PACKET}});
        CHECK(test.fabric->CheckConservation() == "");
    }
}

TEST_CASE("an endpoint's classes share its wire by weights, over parallel links too")
{
    for (const uint32_t links : {1U, 3U})
    {
        const Simulation simulation;
        TestFabric test;
        BuildMesh(test,
                  {{"Vcs", "2"},
                   {"TrafficClasses", "2"},
                   {"ClassPolicy", "weighted"},
                   {"ClassWeights", "4, 1"}},
                  links);
        for (uint32_t i = 0; i < 1000; ++i)
        {
            test.Send(0, 1, 4096, 0, 0, 0);
            test.Send(0, 1, 4096, 1, 0, 1);
        }
        test.Run();
        uint32_t of[2] = {0, 0};
        for (const Delivery& delivery : test.delivered)
        {
            if (++of[delivery.cookie] == 1000)
            {
                break;
            }
        }
        CHECK(of[0] == 1000);
        CHECK(of[1] == doctest::Approx(250).epsilon(0.01));
        CHECK(test.delivered.size() == 2000);
        CHECK(test.delivered.back().at >= 10000 + 2000 * PACKET / links);
        CHECK(test.delivered.back().at <= 10000 + 2000 * PACKET / links + PACKET);
    }
}

TEST_CASE("a window of one class does not hold up another")
{
    // The window holds one packet, and its acknowledgement takes 2 us.
    const Simulation simulation;
    TestFabric test;
    test.link = {{"Rate", "512Gbps"}, {"Latency", "1us"}};
    BuildMesh(test,
              {{"Vcs", "2"},
               {"TrafficClasses", "2"},
               {"ClassPolicy", "round_robin"},
               {"Window", "4096"}});
    test.Send(0, 1, 4096 * 10, 1, 0, 1);
    Simulator::Schedule(PicoSeconds(100000), [&test] { test.Send(0, 1, 4096, 0, 0, 0); });
    test.Run();
    CHECK(test.delivered.front() == Delivery{0, 100000 + 1000000 + PACKET});
}

TEST_CASE("relays keep a packet's class, and serve classes by the policy")
{
    const Simulation simulation;
    TestFabric test;
    test.chip = {{"Latency", "2ns"}, {"Vcs", "4"}, {"TrafficClasses", "2"}};
    test.endpoint = {{"Vcs", "4"}, {"TrafficClasses", "2"}};
    const Ptr<TopologyBuilder> rails = MakeLayout("Rails", {{"Nodes", "2"}});
    const Ptr<TopologyBuilder> node = MakeLayout("FullMesh", {{"Endpoints", "2"}});
    const Ptr<TopologyBuilder> network = MakeLayout("SingleSwitch", {{"Endpoints", "2"}});
    node->SetScope(1);
    network->SetScope(2);
    rails->SetChild("node", node);
    rails->SetChild("network", network);
    test.Build(rails, 3);
    for (uint32_t i = 0; i < 50; ++i)
    {
        test.Send(0, 3, 4096, i, i, 1);
    }
    const RunResults results = test.Run();
    CHECK(test.delivered.size() == 50);
    CHECK(GetUsedVcs(results) == std::set<uint32_t>{2, 3});
    CHECK(results.classes[1].payloadBytes == 50 * 4096);
    CHECK(test.fabric->CheckConservation() == "");
}

TEST_CASE("parts of a fabric with different classes are refused")
{
    const auto refuses = [](const std::string& kind, const Values& chip, const Values& endpoint) {
        const Simulation simulation;
        TestFabric test;
        test.chip = chip;
        test.endpoint = endpoint;
        try
        {
            if (kind == "Rails")
            {
                const Ptr<TopologyBuilder> rails = MakeLayout("Rails", {{"Nodes", "2"}});
                const Ptr<TopologyBuilder> node = MakeLayout("FullMesh", {{"Endpoints", "2"}});
                const Ptr<TopologyBuilder> network =
                    MakeLayout("SingleSwitch", {{"Endpoints", "2"}});
                node->SetScope(1);
                network->SetScope(2);
                rails->SetChild("node", node);
                rails->SetChild("network", network);
                test.Build(rails, 3);
            }
            else
            {
                test.Build(MakeLayout(kind, {{"Endpoints", "4"}}));
            }
        }
        catch (const ParameterError& error)
        {
            return error.GetParameter();
        }
        return std::string();
    };
    const Values two{{"Vcs", "4"}, {"TrafficClasses", "2"}};
    CHECK(refuses("SingleSwitch", two, {}) == "");
    CHECK(refuses("SingleSwitch", two, two) == "endpoint.traffic_classes");
    CHECK(refuses("FullMesh", {}, two) == "");
    CHECK(refuses("FullMesh", two, {}) == "switch.traffic_classes");
    CHECK(refuses("Rails", two, two) == "");
    CHECK(refuses("Rails", two, {}) != "");
    CHECK(refuses("Rails", {}, two) != "");
    CHECK(refuses("FullMesh", {}, {{"ClassPolicy", "strict"}}) == "endpoint.class_policy");
}

TEST_CASE("what the network reduces and copies goes in its class")
{
    for (const uint8_t trafficClass : {uint8_t{0}, uint8_t{1}})
    {
        const Simulation simulation;
        TestFabric test;
        test.chip = {{"Latency", "2ns"},
                     {"Vcs", "4"},
                     {"TrafficClasses", "2"},
                     {"ClassPolicy", "strict"},
                     {"Reduction", "true"},
                     {"Multicast", "true"},
                     {"ReductionLatency", "7ns"}};
        test.Build(MakeLayout("FatTree", {{"Radix", "4"}, {"Levels", "2"}}));
        const std::vector<uint32_t> members{0, 2, 4, 6};
        const uint32_t group = test.fabric->OpenGroup(members, 0, true, true, trafficClass);
        const uint32_t number =
            test.fabric->OpenGroupMessage({group, GroupAction::ALL_REDUCE, 0, 4096 * 500},
                                          &test,
                                          100);
        for (uint32_t member = 0; member < 4; ++member)
        {
            Simulator::ScheduleNow(
                [&test, number, member] { test.fabric->JoinGroupMessage(number, member); });
        }
        // A packet of the other class, to a member: if strict puts it first it passes.
        const uint8_t other = 1 - trafficClass;
        Simulator::Schedule(PicoSeconds(200 * PACKET + 1),
                            [&test, other] { test.Send(1, 2, 4096, 1, 0, other); });
        const RunResults results = test.Run();
        CHECK(test.delivered.size() == 5);
        CHECK(results.classes[trafficClass].payloadBytes == 4 * 4096 * 500);
        CHECK(results.classes[other].packets == 1);
        Tick took = 0;
        for (const Delivery& delivery : test.delivered)
        {
            took = delivery.cookie == 1 ? delivery.at - 200 * PACKET - 1 : took;
        }
        const Tick idle = test.fabric->GetIdleTime(1, 2, 4096);
        CAPTURE(took);
        if (other == 0)
        {
            CHECK(took <= idle + 2 * PACKET); // at the root and at the leaf
        }
        CHECK(took > idle);
        CHECK(GetUsedVcs(results).size() >= 2);
        CHECK(test.fabric->CheckConservation() == "");
    }
}

TEST_CASE("a class that waits for credit still counts as stalled when another has sent its last")
{
    // Class 1 is stuck behind a far end that is full; class 0 sends now and then between.
    const Simulation simulation;
    TestFabric test;
    test.chip = {{"Latency", "2ns"}, {"Vcs", "2"}, {"TrafficClasses", "2"}, {"Buffer", "4096"}};
    test.endpoint = {{"Window", "0"}, {"Buffer", "4096"}};
    test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "4"}}));
    for (uint32_t src = 0; src < 3; ++src)
    {
        test.Send(src, 3, 4096 * 100, src, 0, 1);
    }
    for (uint32_t i = 0; i < 20; ++i)
    {
        Simulator::Schedule(PicoSeconds((10 + 12 * i) * PACKET),
                            [&test] { test.Send(0, 1, 64, 9, 0, 0); });
    }
    const RunResults results = test.Run();
    CHECK(test.delivered.size() == 23);
    // Its wire carries something, or waits: nothing else, until its last packet.
    const LinkResult& link = results.links[0];
    const double stalled =
        static_cast<double>(link.creditStall) / static_cast<double>(results.simulatedTime);
    const double busy = static_cast<double>(link.busy) / static_cast<double>(results.simulatedTime);
    CAPTURE(stalled);
    CAPTURE(busy);
    CHECK(stalled > 0.6);
    CHECK(stalled + busy > 0.95);
    CHECK(stalled + busy <= 1);
}

TEST_SUITE_END();
