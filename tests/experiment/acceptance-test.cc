/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * What the product promises, end to end: an experiment goes in, figures come out, and closed forms
 * say what they must be.
 */

#include "experiment/run.h"
#include "measure/result-tables.h"
#include "workload/collective/collective.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <string>
#include <vector>

using namespace ns3::mtlink;

namespace
{

/** @return what a run of an experiment, given as text, leaves. */
RunResults
Run(const std::string& text)
{
    const RunOutcome outcome =
        RunExperiment(ReadExperiment(ParseYaml(text, {"acceptance.yaml", ""}), "acceptance", {}));
    REQUIRE(outcome.results.complete);
    REQUIRE(outcome.results.packetsLost == 0);
    return outcome.results;
}

/** @return the duration of a run's only collective, ns. */
double
GetTime(const std::string& text)
{
    const RunResults results = Run(text);
    REQUIRE(results.collectives.size() == 1);
    return static_cast<double>(results.collectives[0].end - results.collectives[0].start) * 1e-3;
}

const std::string SOURCE = MTLINK_SOURCE_DIR;

} // namespace

TEST_SUITE_BEGIN("acceptance");

TEST_CASE("ring all-reduce of 64 MiB on 8 ranks takes 2(n-1) x (overhead + latency + S/n/rate)")
{
    // 400 Gb/s, two links of 100 ns and a switch of 200 ns, 1 us of host per message.
    const double time = GetTime("fabric:\n"
                                "  kind: single_switch\n"
                                "  endpoints: 8\n"
                                "  link: {rate: 400Gbps, latency: 100ns}\n"
                                "  switch: {latency: 200ns}\n"
                                "  endpoint: {message_overhead: 1us}\n"
                                "workload: {collective: all_reduce, algorithm: ring, channels: 1, "
                                "size: 64MiB}\n");
    const double truth = 14 * (1000 + 400 + (64 << 20) / 8 / 50.0);
    CHECK(time == doctest::Approx(truth).epsilon(0.001));
}

TEST_CASE("on the S5000's mesh a group of n gets (n-1)/7 of the card's bandwidth")
{
    for (uint32_t n = 2; n <= 8; ++n)
    {
        for (const std::string algorithm : {"auto", "ring"})
        {
            CAPTURE(n);
            CAPTURE(algorithm);
            std::string ranks = "0";
            for (uint32_t rank = 1; rank < n; ++rank)
            {
                ranks += fmt::format(", {}", rank);
            }
            const double time = GetTime(
                fmt::format("fabric: {}/topologies/s5000-mesh-8.yaml\n"
                            "workload: {{collective: all_reduce, algorithm: {}, size: 256MiB, "
                            "ranks: [{}]}}\n",
                            SOURCE,
                            algorithm,
                            ranks));
            const double busbw = (256 << 20) * 2.0 * (n - 1) / n / time;
            CHECK(busbw == doctest::Approx(392.0 * (n - 1) / 7).epsilon(0.01));
        }
    }
}

TEST_CASE("with detours on the S5000's mesh a group of any size has the card's whole bandwidth")
{
    for (const uint32_t n : {2U, 3U, 5U, 8U})
    {
        CAPTURE(n);
        std::string ranks = "0";
        for (uint32_t rank = 1; rank < n; ++rank)
        {
            ranks += fmt::format(", {}", rank);
        }
        const double time =
            GetTime(fmt::format("fabric: {{extends: {}/topologies/s5000-mesh-8.yaml, routing: "
                                "{{algorithm: detour}}, endpoint: {{vcs: 2}}}}\n"
                                "workload: {{collective: all_reduce, size: 128MiB, ranks: [{}]}}\n",
                                SOURCE,
                                ranks));
        const double busbw = (128 << 20) * 2.0 * (n - 1) / n / time;
        CHECK(busbw == doctest::Approx(392.0).epsilon(0.01));
        CHECK(busbw <= 392.0);
    }
}

TEST_CASE("a ring recorded as sends and receives takes the time of the collective by rings")
{
    const std::string format = "fabric: {0}/topologies/{1}.yaml\n"
                               "workload: {{trace: {0}/examples/traces/astra-sim/{2}}}\n";
    for (const std::string fabric : {"s5000-mesh-8", "s5000-switch-8", "nvl8-h100"})
    {
        CAPTURE(fabric);
        // The expanded trace has 7 us of compute for each of 7 reductions, the other none.
        std::string expanded = fmt::format(fmt::runtime(format),
                                           SOURCE,
                                           fabric,
                                           "ring_all_reduce/custom_allreduce.0.et");
        expanded.insert(expanded.size() - 2, ", compute_scale: 0");
        const RunResults sends = Run(expanded);
        const double collective =
            GetTime(fmt::format("fabric: {0}/topologies/{1}.yaml\n"
                                "workload: {{collective: all_reduce, algorithm: ring, channels: 1, "
                                "size: 1MiB}}\n",
                                SOURCE,
                                fabric));
        CHECK(static_cast<double>(*sends.completionTime) * 1e-3 ==
              doctest::Approx(collective).epsilon(0.01));
    }
}

TEST_CASE("a ring over nodes on rails grows with the size as its slowest link asks, and no more")
{
    // Every link of the ring at 400 Gb/s: 32 cards in nodes of 8, slope of 64 MiB against 1 MiB.
    const auto getTime = [](const std::string& size) {
        return GetTime("fabric:\n"
                       "  kind: rails\n"
                       "  nodes: 4\n"
                       "  link: {rate: 400Gbps, latency: 100ns}\n"
                       "  node: {kind: single_switch, endpoints: 8}\n"
                       "  network: {kind: fat_tree, radix: 4, levels: 2}\n"
                       "workload: {collective: all_reduce, algorithm: ring, channels: 1, size: " +
                       size + "}\n");
    };
    const double ideal = 2.0 * 31 / 32 * (63 << 20) / 50;
    CHECK(getTime("64MiB") - getTime("1MiB") == doctest::Approx(ideal).epsilon(0.01));
}

TEST_CASE("ten thousand messages from a CSV all arrive")
{
    const std::string file = "acceptance-messages.csv";
    uint64_t bytes = 0;
    {
        std::ofstream csv(file);
        csv << "start_ns,src,dst,bytes,tag,after\n";
        for (uint32_t row = 0; row < 10000; ++row)
        {
            const uint32_t src = row * 7 % 72;
            const uint64_t size = 1 + row * 37 % 20000;
            bytes += size;
            csv << row * 3 << "," << src << "," << (src + 1 + row % 71) % 72 << "," << size << ","
                << row % 4 << "," << (row % 10 == 9 ? std::to_string(row - 9) : "") << "\n";
        }
    }
    const RunResults results =
        Run(fmt::format("fabric: {}/topologies/dragonfly-72.yaml\nworkload: {{trace: {}}}\n",
                        SOURCE,
                        std::filesystem::absolute(file).string()));
    std::filesystem::remove(file);
    CHECK(results.messages.size() == 10000);
    CHECK(results.payloadBytesDelivered == bytes);
}

TEST_CASE("the bandwidth of a collective never exceeds its links, and its time its bound")
{
    for (const std::string fabric : {"s5000-mesh-8", "s5000-switch-8", "nvl8-h100", "s4000-mesh-8"})
    {
        for (const std::string collective :
             {"all_reduce", "all_gather", "reduce_scatter", "all_to_all", "broadcast", "reduce"})
        {
            for (const std::string& algorithm : GetAlgorithms(collective))
            {
                if (algorithm == "in_network" && fabric.find("mesh") != std::string::npos)
                {
                    continue; // no switch
                }
                CAPTURE(fabric);
                CAPTURE(collective);
                CAPTURE(algorithm);
                const std::string can =
                    algorithm == "in_network"
                        ? ", plane: {switch: {reduction: true, multicast: true}}"
                        : "";
                const RunResults results =
                    Run(fmt::format("fabric: {{extends: {}/topologies/{}.yaml{}}}\n"
                                    "workload: {{collective: {}, algorithm: {}, size: 3MiB}}\n",
                                    SOURCE,
                                    fabric,
                                    can,
                                    collective,
                                    algorithm));
                CHECK(GetBoundRatio(results.collectives[0]) >= 1);
                for (const LinkResult& link : results.links)
                {
                    CHECK(static_cast<double>(link.wireBytes) * 8 <=
                          link.bitsPerSecond * static_cast<double>(results.simulatedTime) * 1e-12);
                }
            }
        }
    }
}

TEST_SUITE_END();
