/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/run.h"
#include "test-fabric.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <string>
#include <tuple>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** @return what a run of open-loop traffic leaves. */
RunResults
RunTraffic(const std::string& fabric, const std::string& traffic)
{
    const std::string text =
        fmt::format("fabric:\n"
                    "  {}\n"
                    "  link: {{rate: 512Gbps, latency: 10ns}}\n"
                    "  switch: {{latency: 10ns, vcs: 8, buffer: 32KiB}}\n"
                    "  endpoint: {{packet: 1024B, service: in_order}}\n"
                    "workload: {{{}, packet: 1024B, warmup: 5us, measure: 10us}}\n",
                    fabric,
                    traffic);
    const RunOutcome outcome =
        RunExperiment(ReadExperiment(ParseYaml(text, {"grid.yaml", ""}), "grid", {}));
    REQUIRE(outcome.results.complete);
    return outcome.results;
}

} // namespace

TEST_SUITE_BEGIN("fabric");

TEST_CASE("a message over a torus takes its links and switches, to the picosecond")
{
    const Simulation simulation;
    TestFabric test;
    test.Build(MakeLayout("Torus", {{"Dimensions", "5,4,2"}}));
    // From (0, 0, 0) to (3, 2, 1): 2 back round the ring of 5, 2 half round that of 4, 1 of 2.
    test.Send(0, 3 + 5 * 2 + 20 * 1, 4096 * 10);
    test.Run();
    const int links = 2 + 2 + 2 + 1;
    const Tick time = links * 10000 + (links - 1) * 2000 + 10 * 64000;
    CHECK(test.delivered[0].at == time);
    CHECK(test.fabric->GetIdleTime(0, 33, 4096 * 10) == time);
}

TEST_CASE("a message over a HyperX takes one link in each dimension, to the picosecond")
{
    const Simulation simulation;
    TestFabric test;
    test.links = {{"dimension1", {{"Latency", "100ns"}}}};
    test.Build(MakeLayout("Hyperx", {{"Dimensions", "5,3"}, {"EndpointsPerSwitch", "2"}}));
    test.Send(1, 2 * (4 + 5 * 2), 4096);
    test.Run();
    CHECK(test.delivered[0].at == 3 * 10000 + 100000 + 3 * 2000 + 64000);
    CHECK(test.fabric->GetIdleTime(1, 28, 4096) == test.delivered[0].at);
}

TEST_CASE("parallel links of a HyperX carry several flows at once, and one flow takes one")
{
    for (const uint32_t flows : {1u, 40u})
    {
        const Simulation simulation;
        TestFabric test;
        test.Build(MakeLayout("Hyperx",
                              {{"Dimensions", "2"}, {"EndpointsPerSwitch", "4"}, {"Width", "4"}}));
        for (uint32_t flow = 0; flow < flows; ++flow)
        {
            test.Send(flow % 4, 4 + flow % 4, 4096 * 64, flow, flow);
        }
        const RunResults results = test.Run();
        uint32_t used = 0;
        for (const LinkResult& link : results.links)
        {
            used += link.cls == "dimension0" && link.packets > 0 ? 1 : 0;
        }
        CHECK(used == (flows == 1 ? 1 : 4));
    }
}

TEST_CASE("tornado traffic on a ring of k gets 1 / (k/2 - 1) of the rate by the shorter way")
{
    for (const uint32_t k : {8u, 12u})
    {
        CAPTURE(k);
        const RunResults results = RunTraffic(fmt::format("kind: torus\n  dimensions: [{}]", k),
                                              "traffic: tornado, load: 1.0");
        CHECK(*results.acceptedLoad == doctest::Approx(1.0 / (k / 2 - 1)).epsilon(0.02));
    }
}

TEST_CASE("uniform traffic loads each link of a torus by k / 8, and all of it arrives up to there")
{
    // k^n switches, one endpoint on each: a link carries k / 8 of what an endpoint sends, and more
    // by those that none sends to itself.
    for (const auto& [dimensions, k, n] :
         {std::tuple{"16", 16, 16}, std::tuple{"8, 8", 8, 64}, std::tuple{"8, 2", 8, 16}})
    {
        CAPTURE(dimensions);
        const double bound = std::min(1.0, 8.0 / k * (n - 1) / n);
        const RunResults results =
            RunTraffic(fmt::format("kind: torus\n  dimensions: [{}]", dimensions),
                       fmt::format("traffic: uniform, load: {}", 0.75 * bound));
        CHECK(*results.acceptedLoad == doctest::Approx(*results.offeredLoad).epsilon(0.02));
        uint64_t along = 0;
        uint32_t links = 0;
        for (const LinkResult& link : results.links)
        {
            along += link.cls == "dimension0" ? link.packets : 0;
            links += link.cls == "dimension0" ? 1 : 0;
        }
        const double each = static_cast<double>(results.packetsDelivered) / n;
        CHECK(static_cast<double>(along) / links ==
              doctest::Approx(each * k / 8 * n / (n - 1)).epsilon(0.02));
    }
}

TEST_CASE("uniform traffic on a torus keeps flowing beyond saturation")
{
    const RunResults results =
        RunTraffic("kind: torus\n  dimensions: [8, 8]", "traffic: uniform, load: 1.0");
    CHECK(*results.acceptedLoad < 63.0 / 64);
    CHECK(*results.acceptedLoad > 0.75);
}

TEST_CASE("on a mesh half of the pairs cross the middle, a quarter each way")
{
    // A line of 16: 8 x 8 of 16 x 15 pairs, so at 0.2 of their rate 16 endpoints load the link
    // there with 16 x 0.2 x 64 / 240 = 0.85 of its.
    const RunResults results =
        RunTraffic("kind: torus\n  dimensions: [16]\n  wrap: [0]", "traffic: uniform, load: 0.2");
    CHECK(*results.acceptedLoad == doctest::Approx(*results.offeredLoad).epsilon(0.03));
    const auto middle =
        std::find_if(results.links.begin(), results.links.end(), [](const auto& link) {
            return link.from == "switch7" && link.to == "switch8";
        });
    REQUIRE(middle != results.links.end());
    CHECK(static_cast<double>(middle->packets) / static_cast<double>(results.packetsDelivered) ==
          doctest::Approx(64.0 / 240).epsilon(0.05));
}

TEST_CASE("adaptive routes on a HyperX use both ways of a transposition, dimension order one")
{
    // Switch (x, y) sends to (y, x), two ways of two links that nobody else uses, each link with a
    // quarter of the endpoint's rate.
    for (const auto& [algorithm, share] :
         {std::pair{"dimension_order", 0.25}, std::pair{"adaptive", 0.5}})
    {
        CAPTURE(algorithm);
        const RunResults results =
            RunTraffic(fmt::format("kind: hyperx\n"
                                   "  dimensions: [4, 4]\n"
                                   "  links: {{dimension0: {{rate: 128Gbps}}, dimension1: {{rate: "
                                   "128Gbps}}}}\n"
                                   "  routing: {{algorithm: {}}}",
                                   algorithm),
                       "traffic: transpose, load: 1.0");
        CHECK(*results.acceptedLoad == doctest::Approx(share).epsilon(0.02));
    }
}

TEST_CASE("adaptive routes on a torus take twice what dimension order does of a transposition")
{
    // Dimension order on 8 x 8 loads the worst links with three to four flows.
    double accepted[2];
    for (const bool adaptive : {false, true})
    {
        const RunResults results = RunTraffic(
            fmt::format("kind: torus\n  dimensions: [8, 8]\n  routing: {{algorithm: {}}}",
                        adaptive ? "adaptive" : "dimension_order"),
            "traffic: transpose, load: 1.0");
        accepted[adaptive] = *results.acceptedLoad;
    }
    CHECK(accepted[1] > 2 * accepted[0]);
}

TEST_CASE("a ring all-reduce on a torus goes from neighbour to neighbour")
{
    // 4 x 3: 22 steps of S / 12, each over three links of 10 ns and two switches of 2 ns.
    const std::string text = "fabric:\n"
                             "  kind: torus\n"
                             "  dimensions: [3, 4]\n"
                             "  link: {rate: 512Gbps, latency: 10ns}\n"
                             "  switch: {latency: 2ns}\n"
                             "workload: {collective: all_reduce, algorithm: ring, channels: 1, "
                             "size: 12MiB}\n";
    const RunOutcome outcome =
        RunExperiment(ReadExperiment(ParseYaml(text, {"ring.yaml", ""}), "ring", {}));
    const CollectiveResult& collective = outcome.results.collectives.at(0);
    CHECK(collective.end - collective.start == 22 * (34000 + 16384 * Tick{1000}));
}

TEST_SUITE_END();
