/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "endpoint/control-registry.h"
#include "switch/queue-monitor.h"
#include "test-fabric.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** @return the control that a profile of these values asks for. */
std::unique_ptr<CongestionControl>
MakeControl(const Values& values)
{
    const auto profile = DynamicCast<EndpointProfile>(MakeObject("EndpointProfile", values));
    return FindControl(*profile)->make(*profile);
}

/** A fabric whose deep buffers let queues grow: 400 Gb/s, a microsecond of latency in all. */
class Incast : public TestFabric
{
  public:
    /** @param [in] control "none", "dcqcn", ... */
    explicit Incast(const std::string& control)
    {
        link = {{"Rate", "400Gbps"}, {"Latency", "400ns"}};
        chip = {{"Latency", "200ns"}, {"Vcs", "1"}, {"Buffer", "1048576"}};
        endpoint = {{"Window", "0"}, {"Buffer", "262144"}, {"CongestionControl", control}};
        if (control == "dcqcn")
        {
            // Scaled from 40 Gb/s to 400 Gb/s and a short round trip.
            chip.emplace_back("Ecn", "true");
            chip.emplace_back("EcnMin", "40000");
            chip.emplace_back("EcnMax", "400000");
            chip.emplace_back("EcnProbability", "0.1");
            for (const auto& [name, value] : Values{{"DcqcnG", "0.0625"},
                                                    {"DcqcnRateAi", "5Gbps"},
                                                    {"DcqcnRateHai", "10Gbps"},
                                                    {"DcqcnCnpInterval", "10us"},
                                                    {"DcqcnAlphaTimer", "11us"},
                                                    {"DcqcnRateTimer", "11us"}})
            {
                endpoint.emplace_back(name, value);
            }
        }
    }
};

/** @return time-weighted mean of what the switches' inputs hold, bytes. */
double
GetMeanQueue(const RunResults& results)
{
    double flits = 0;
    for (const QueueResult& queue : results.queues)
    {
        flits += queue.node.find("gpu") == std::string::npos ? queue.meanFlits : 0;
    }
    return flits * 64;
}

} // namespace

TEST_SUITE_BEGIN("congestion control");

TEST_CASE("marks follow the RED curve of the queue that a packet joins")
{
    const Simulation simulation;
    EventClock clock;
    PacketPool pool;
    Links links(clock, pool, 1);
    LinkSpec spec;
    spec.profile = DynamicCast<LinkProfile>(MakeObject("LinkProfile", {}));
    spec.buffer = 65536;
    links.Add(spec);
    Telemetry telemetry;
    const auto profile = DynamicCast<SwitchProfile>(MakeObject(
        "SwitchProfile",
        {{"Ecn", "true"}, {"EcnMin", "6400"}, {"EcnMax", "64000"}, {"EcnProbability", "0.2"}}));
    for (const uint32_t flits : {0u, 100u, 101u, 300u, 550u, 1000u, 1001u})
    {
        QueueMonitor monitor(clock, pool, links, telemetry, 7);
        monitor.Watch(0, *profile);
        const uint32_t waiting = pool.Allocate();
        pool[waiting].out = 0;
        pool[waiting].flits = flits;
        monitor.Enqueued(waiting);
        const uint64_t before = monitor.GetMarks(0);
        constexpr int DRAWS = 20000;
        const uint32_t packet = pool.Allocate();
        for (int n = 0; n < DRAWS; ++n)
        {
            pool[packet].out = 0;
            pool[packet].flits = 1;
            pool[packet].congested = 0;
            monitor.Enqueued(packet);
            monitor.Leaves(packet);
        }
        const double queue = flits * 64.0;
        const double p = queue <= 6400    ? 0
                         : queue <= 64000 ? 0.2 * (queue - 6400) / (64000 - 6400)
                                          : 1;
        const auto marks = static_cast<double>(monitor.GetMarks(0) - before);
        CAPTURE(flits);
        CHECK(std::abs(marks - DRAWS * p) <= 4 * std::sqrt(DRAWS * p * (1 - p)));
    }
}

TEST_CASE("DCQCN cuts its rate with a notification and recovers by its timers and bytes")
{
    const auto control = MakeControl({{"CongestionControl", "dcqcn"},
                                      {"DcqcnCnpInterval", "50us"},
                                      {"DcqcnRateTimer", "55us"},
                                      {"DcqcnRateAi", "80Gbps"},
                                      {"DcqcnG", "0.5"}});
    const uint32_t flow = control->AddFlow({0.1, 2000000, 1, 4096}); // 800 Gb/s
    Tick now = 0;
    CHECK(control->WhenMaySend(flow, 4096, now) == now);
    control->PacketSent(flow, 4096, 4096, now);
    CHECK(control->WhenMaySend(flow, 4096, now) == now); // at line rate the wire paces
    now = 2000000;
    control->PacketAcknowledged(flow, {4096, 0, true, now, {}}, now);
    CHECK(control->GetRate(flow, now) == doctest::Approx(0.05)); // alpha was 1
    control->PacketSent(flow, 4096, 4096, now);
    CHECK(control->WhenMaySend(flow, 4096, now) == now + 81920);
    // A second mark within N says nothing; fast recovery halves the distance to the target.
    control->PacketAcknowledged(flow, {4096, 1, true, 0, {}}, now + 1000);
    CHECK(control->GetRate(flow, now + 1000) == doctest::Approx(0.05));
    CHECK(control->GetRate(flow, now + 55000000) == doctest::Approx(0.075));
    CHECK(control->GetRate(flow, now + 110000000) == doctest::Approx(0.0875));
    // alpha stayed 1 with g = 0.5 and fell by half at 55 and 110 us: a cut by an eighth.
    control->PacketSent(flow, 4096, 4096, now + 110000000);
    control->PacketAcknowledged(flow, {4096, 2, true, 0, {}}, now + 110000000);
    CHECK(control->GetRate(flow, now + 110000000) == doctest::Approx(0.0875 * (1 - 0.25 / 2)));
    CHECK(control->GetCounters(flow).notifications == 2);
    CHECK(control->GetCounters(flow).marks == 3);
}

TEST_CASE("Swift grows below its target, shrinks once a round trip above it, and paces below one")
{
    const auto control = MakeControl({{"CongestionControl", "swift"},
                                      {"SwiftBaseTarget", "10us"},
                                      {"SwiftHopScaling", "1us"},
                                      {"SwiftFsRange", "0us"},
                                      {"SwiftMaxCwnd", "4"},
                                      {"SwiftMinCwnd", "0.25"},
                                      {"SwiftBeta", "0.8"},
                                      {"SwiftMaxMdf", "0.5"}});
    const uint32_t flow = control->AddFlow({0.1, 2000000, 2, 1000});
    CHECK(control->GetWindow(flow) == doctest::Approx(4000));
    for (int n = 0; n < 4; ++n)
    {
        CHECK(control->WhenMaySend(flow, 1000, 0) == 0);
        control->PacketSent(flow, 1000, 1000, 0);
    }
    CHECK(control->WhenMaySend(flow, 1000, 0) == NEVER);
    // Target 12 us; 15 us: 1 - 0.8 x 3 / 15. Again within a round trip: nothing.
    control->PacketAcknowledged(flow, {1000, 0, false, 15000000, {}}, 15000000);
    CHECK(control->GetWindow(flow) == doctest::Approx(4000 * (1 - 0.8 * 3 / 15)));
    control->PacketAcknowledged(flow, {1000, 1, false, 15000000, {}}, 16000000);
    CHECK(control->GetWindow(flow) == doctest::Approx(3360));
    control->PacketAcknowledged(flow, {1000, 2, false, 11000000, {}}, 17000000);
    CHECK(control->GetWindow(flow) == doctest::Approx(3360 + 1000 / 3.36));
    // A hundred microseconds: by max_mdf, down to min_cwnd; then four round trips apart.
    Tick now = 100000000;
    control->PacketAcknowledged(flow, {1000, 3, false, 100000000, {}}, now);
    for (int n = 0; n < 6; ++n)
    {
        control->PacketSent(flow, 1000, 1000, now);
        now += 100000000;
        control->PacketAcknowledged(flow, {1000, 4, false, 100000000, {}}, now);
    }
    CHECK(control->GetWindow(flow) == doctest::Approx(250));
    control->PacketSent(flow, 1000, 1000, now);
    control->PacketAcknowledged(flow, {1000, 5, false, 100000000, {}}, now + 100000000);
    CHECK(control->WhenMaySend(flow, 1000, now) == now + 400000000);
}

TEST_CASE("HPCC sets its window by the busiest link's utilisation")
{
    const auto control = MakeControl({{"CongestionControl", "hpcc"}, {"HpccWAi", "10"}});
    const Tick T = 2000000;
    const uint32_t flow = control->AddFlow({0.1, T, 1, 4000});
    CHECK(control->GetWindow(flow) == doctest::Approx(200000));
    for (int n = 0; n < 3; ++n)
    {
        control->PacketSent(flow, 4000, 4000, 0);
    }
    // The first acknowledgement has nothing to compare with: U is 1.
    control->PacketAcknowledged(flow, {4000, 0, false, T, {{5, 0, 0, 0, 0.1}}}, T);
    const double first = 200000 * 0.95 + 10;
    CHECK(control->GetWindow(flow) == doctest::Approx(first));
    // A round trip later: 0.08 bytes/ps carried of 0.1, 40,000 bytes queued of 0.1 x T: U = 1.
    // The queue counts only as far as it was there before: not at all.
    control->PacketAcknowledged(flow, {4000, 1, false, T, {{5, 40000, 160000, T, 0.1}}}, 2 * T);
    CHECK(control->GetWindow(flow) == doctest::Approx(first + 10)); // U = 0.8: additive
    control->PacketAcknowledged(flow, {4000, 2, false, T, {{5, 40000, 320000, 2 * T, 0.1}}}, 3 * T);
    CHECK(control->GetWindow(flow) == doctest::Approx(first / (1.0 / 0.95) + 10)); // 0.8 + 0.2
}

TEST_CASE("a loss ends a packet's flight, and slows down Swift once a round trip but no other")
{
    for (const std::string name : {"dcqcn", "swift", "hpcc"})
    {
        CAPTURE(name);
        const auto control = MakeControl({{"CongestionControl", name}});
        const Tick T = 2000000;
        const uint32_t flow = control->AddFlow({0.1, T, 1, 4000});
        const double window = control->GetWindow(flow);
        const double rate = control->GetRate(flow, 0);
        const auto fits = static_cast<uint64_t>(std::min(window, 4e6)) / 4000;
        for (uint64_t n = 0; n < fits; ++n)
        {
            control->PacketSent(flow, 4000, 4000, 0);
        }
        CHECK((control->WhenMaySend(flow, 4000, T) == NEVER) == (name != "dcqcn"));
        control->PacketLost(flow, 4000, T, T);
        control->PacketLost(flow, 4000, T, T + 1000);
        CHECK(control->GetCounters(flow).lost == 2);
        CHECK(control->GetCounters(flow).packets == 0);
        CHECK(control->GetCounters(flow).maxDelay == 0);
        if (name == "swift")
        {
            CHECK(control->GetWindow(flow) == doctest::Approx(window * 0.5));
            control->PacketLost(flow, 4000, T, 2 * T);
            CHECK(control->GetWindow(flow) == doctest::Approx(window * 0.25));
            continue;
        }
        CHECK(control->GetWindow(flow) == window);
        CHECK(control->GetRate(flow, T) == rate);
        CHECK(control->WhenMaySend(flow, 4000, T) <= T + 100000); // as far as it is paced
    }
}

TEST_CASE("what a fault takes counts as lost in its flow, and holds nothing up")
{
    for (const std::string control : {"dcqcn", "swift", "hpcc"})
    {
        CAPTURE(control);
        const Simulation simulation;
        Incast test(control);
        test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "4"}}));
        LinkFault fault;
        fault.units = {{test.fabric->GetTopology().GetOutLinks(3)[0] ^ 1}};
        fault.at = 30000000;
        fault.length = 5000000;
        fault.policy = DownPolicy::DROP;
        test.fabric->AddFault(fault);
        constexpr uint64_t PACKETS = 1000;
        for (const uint32_t src : {0u, 1u, 2u})
        {
            test.Send(src, 3, 4096 * PACKETS, src);
        }
        test.Send(3, 0, 4096 * PACKETS, 3);
        const RunResults results = test.Run();
        REQUIRE(results.flows.size() == 4);
        uint64_t lost = 0;
        for (const ControlledFlowResult& flow : results.flows)
        {
            CHECK(flow.packets + flow.lost == PACKETS);
            CHECK((flow.lost > 0) == (flow.dst == 3));
            lost += flow.lost;
        }
        CHECK(lost == results.packetsLost);
        CHECK(lost == results.links[fault.units[0][0]].packetsLost);
        CHECK(test.lost.size() == 3);
        CHECK(test.delivered.size() == 1);
        CHECK(test.fabric->GetPacketsInFlight() == 0);
        CHECK(test.fabric->CheckConservation() == "");
    }
}

TEST_CASE("one flow alone is not slowed by any control")
{
    Tick times[4];
    int n = 0;
    for (const std::string control : {"none", "dcqcn", "swift", "hpcc"})
    {
        const Simulation simulation;
        Incast test(control);
        test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "2"}}));
        test.Send(0, 1, 4096 * 2000);
        test.Run();
        times[n++] = test.delivered.at(0).at;
    }
    CHECK(times[1] == times[0]);
    CHECK(times[2] == times[0]);
    // HPCC keeps a twentieth of the link free.
    CHECK(static_cast<double>(times[3]) / static_cast<double>(times[0]) ==
          doctest::Approx(1 / 0.95).epsilon(0.03));
}

TEST_CASE("two flows to one sink share it fairly, with a short queue and little lost")
{
    double uncontrolled = 0;
    for (const std::string control : {"none", "dcqcn", "swift", "hpcc"})
    {
        CAPTURE(control);
        const Simulation simulation;
        Incast test(control);
        constexpr Tick WINDOW = 1000000; // 1 us
        test.measure.sampleInterval = WINDOW;
        test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "3"}}));
        constexpr uint64_t BYTES = 4096ULL * 12000;
        test.Send(0, 2, BYTES, 0);
        // The second comes later: it must get its half all the same.
        Simulator::Schedule(MicroSeconds(50), [&test] { test.Send(1, 2, BYTES, 1); });
        const RunResults results = test.Run();
        REQUIRE(test.delivered.size() == 2);
        const double first = static_cast<double>(test.delivered[0].at);
        const double all = static_cast<double>(test.delivered[1].at);
        // Fair: both end at nearly the same time. Between, the sink's link is hardly ever idle.
        CHECK(first / all > 0.85);
        const uint32_t last = test.fabric->GetTopology().GetOutLinks(2)[0] ^ 1;
        double busy = 0;
        Tick windows = 0;
        for (Tick at = 300 * WINDOW; at + WINDOW <= test.delivered[0].at; at += WINDOW)
        {
            ++windows;
        }
        for (const SampleResult& sample : results.samples)
        {
            const bool counts = sample.link == last && sample.start >= 300 * WINDOW &&
                                sample.start + WINDOW <= test.delivered[0].at;
            busy += counts ? sample.utilisation : 0;
        }
        CHECK(busy / static_cast<double>(windows) > 0.93);
        CHECK(test.fabric->CheckConservation() == "");
        CHECK(test.fabric->GetPacketsInFlight() == 0);
        const double queue = GetMeanQueue(results);
        if (control == "none")
        {
            uncontrolled = queue;
            CHECK(results.flows.empty());
            continue;
        }
        CHECK(results.flows.size() == 2);
        CHECK(queue < uncontrolled / 3);
        CHECK(results.flows[0].packets == 12000);
        if (control == "dcqcn")
        {
            CHECK(results.flows[0].marks > 0);
            CHECK(results.flows[0].notifications > 0);
            CHECK(results.flows[0].notifications <= results.flows[0].marks);
        }
        if (control == "swift")
        {
            // Target: 5 us + 1 us + a part of 5 us.
            CHECK(results.flows[0].meanDelayNs > 5000);
            CHECK(results.flows[0].meanDelayNs < 12000);
        }
        if (control == "hpcc")
        {
            CHECK(queue < uncontrolled / 20);
        }
    }
}

TEST_CASE("control spares those who share a buffer with an incast")
{
    // 0, 1, 4, 5 send to 8 over two leaves' ways up; 2 sends to 9, beside it.
    double stall[4];
    double end[4];
    int n = 0;
    for (const std::string control : {"none", "dcqcn", "swift", "hpcc"})
    {
        CAPTURE(control);
        const Simulation simulation;
        Incast test(control);
        test.Build(MakeLayout("FatTree", {{"Down", "4,3"}, {"Up", "1,1"}}));
        for (const uint32_t src : {0u, 1u, 4u, 5u, 10u, 11u})
        {
            test.Send(src, 8, 4096 * 3000, src);
        }
        test.Send(2, 9, 4096 * 1000, 2);
        const RunResults results = test.Run();
        stall[n] = 0;
        for (const CongestionFlowResult& row : results.congestionFlows)
        {
            stall[n] += row.role == "victim" ? static_cast<double>(row.stall) * 1e-3 : 0;
        }
        const auto victim = std::find_if(test.delivered.begin(),
                                         test.delivered.end(),
                                         [](const Delivery& d) { return d.cookie == 2; });
        end[n++] = static_cast<double>(victim->at);
    }
    CHECK(stall[0] > 0);
    for (int with = 1; with < 4; ++with)
    {
        CAPTURE(with);
        CHECK(stall[with] < stall[0] / 2);
        CHECK(end[with] < end[0]);
    }
}

TEST_CASE("marks come from chips of any queueing and arbiter")
{
    for (const Values& chip : {Values{{"Arbiter", "islip"}},
                               Values{{"OutputSpeedup", "2"}, {"OutputBuffer", "65536"}},
                               Values{{"Queueing", "fifo"}},
                               Values{{"Queueing", "output"}, {"SharedBuffer", "4194304"}}})
    {
        CAPTURE(chip[0].second);
        const Simulation simulation;
        Incast test("dcqcn");
        test.chip.insert(test.chip.end(), chip.begin(), chip.end());
        test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "4"}}));
        for (const uint32_t src : {0u, 1u, 2u})
        {
            test.Send(src, 3, 4096 * 1000, src);
        }
        const RunResults results = test.Run();
        CHECK(test.delivered.size() == 3);
        REQUIRE(results.flows.size() == 3);
        CHECK(results.flows[0].marks > 10);
        CHECK(results.flows[0].marks < 1000);
    }
}

TEST_CASE("on rails control rules the network and leaves the nodes alone")
{
    const Simulation simulation;
    Incast test("dcqcn");
    const Ptr<TopologyBuilder> layout = MakeLayout("Rails", {{"Nodes", "3"}});
    const Ptr<TopologyBuilder> node = MakeLayout("SingleSwitch", {{"Endpoints", "2"}});
    const Ptr<TopologyBuilder> network = MakeLayout("SingleSwitch", {{"Endpoints", "3"}});
    node->SetScope(1);
    network->SetScope(2);
    layout->SetChild("node", node);
    layout->SetChild("network", network);
    test.Build(layout, 3);
    test.Send(0, 1, 4096 * 10, 0);  // within a node
    test.Send(0, 2, 4096 * 500, 1); // on a rail
    test.Send(4, 2, 4096 * 500, 2); // on the same rail to the same card
    test.Send(0, 3, 4096 * 10, 3);  // by a relay
    const RunResults results = test.Run();
    CHECK(test.delivered.size() == 4);
    CHECK(test.fabric->GetPacketsInFlight() == 0);
    // By the network: 0 to 2, 4 to 2, and the relay's leg 1 to 3.
    REQUIRE(results.flows.size() == 3);
    CHECK(results.flows[0].dst == 2);
    CHECK(results.flows[0].packets == 500);
    CHECK(results.flows[1].src == 1);
    CHECK(results.flows[1].packets == 10);
    CHECK(results.flows[2].src == 4);
}

TEST_CASE("control and marks that nothing would heed are refused")
{
    const auto build = [](const Values& chip, const Values& endpoint, bool hasSwitch = true) {
        const Simulation simulation;
        TestFabric test;
        test.chip = chip;
        test.endpoint = endpoint;
        test.Build(MakeLayout(hasSwitch ? "SingleSwitch" : "FullMesh", {{"Endpoints", "3"}}));
    };
    CHECK_THROWS_AS(build({}, {{"CongestionControl", "dcqcn"}}), ParameterError);
    CHECK_THROWS_AS(build({{"Ecn", "true"}}, {}), ParameterError);
    CHECK_THROWS_AS(build({{"Ecn", "true"}}, {{"CongestionControl", "swift"}}), ParameterError);
    CHECK_THROWS_AS(build({{"EcnMin", "1"}}, {{"CongestionControl", "hpcc"}}), ParameterError);
    CHECK_THROWS_AS(
        build({{"Ecn", "true"}, {"EcnMin", "200000"}}, {{"CongestionControl", "dcqcn"}}),
        ParameterError);
    CHECK_THROWS_AS(build({}, {{"CongestionControl", "hpcc"}}, false), ParameterError);
    CHECK_THROWS_AS(build({}, {{"CongestionControl", "swift"}, {"SwiftMinCwnd", "300"}}),
                    ParameterError);
    CHECK_THROWS_AS(build({}, {{"CongestionControl", "swift"}, {"SwiftFsMinCwnd", "100"}}),
                    ParameterError);
    CHECK_THROWS_WITH_AS(build({}, {{"CongestionControl", "hpcc"}, {"SwiftAi", "2"}}),
                         "belongs to an algorithm that endpoint.congestion_control does not name: "
                         "set that, or leave this out",
                         ParameterError);
    CHECK_NOTHROW(build({}, {{"CongestionControl", "hpcc"}}));
}

TEST_SUITE_END();
