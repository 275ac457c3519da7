/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TEST_SAMPLE_RESULTS_H
#define MTLINK_TEST_SAMPLE_RESULTS_H

#include "ns3/mtlink-results.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <unistd.h>

/** A directory of its own for a test, gone with it. */
class TemporaryDirectory
{
  public:
    TemporaryDirectory()
    {
        static int count = 0;
        m_path = std::filesystem::temp_directory_path() /
                 ("mtlink-test-" + std::to_string(getpid()) + "-" + std::to_string(++count));
        std::filesystem::create_directories(m_path);
    }

    ~TemporaryDirectory()
    {
        std::filesystem::remove_all(m_path);
    }

    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    /** @return its path. */
    std::string Path() const
    {
        return m_path.string();
    }

    /** @param [in] name Name of a file. @return the file's path in it. */
    std::string Path(const std::string& name) const
    {
        return (m_path / name).string();
    }

  private:
    std::filesystem::path m_path; //!< Where
};

/**
 * Results such as a run leaves: ring collectives on ranks around one switch, with a slow port.
 * @param [in] ranks Number of ranks, at least 2.
 * @param [in] steps Steps of each collective.
 * @param [in] slowdown By how much the last rank's port is slower.
 * @return the results.
 */
inline ns3::mtlink::RunResults
MakeSampleResults(uint32_t ranks, uint32_t steps, double slowdown = 1.4)
{
    using namespace ns3::mtlink;
    RunResults run;
    run.name = "sample-" + std::to_string(ranks);
    run.complete = true;
    run.seed = 7;
    run.ns3Version = "3.37";
    run.fabricKind = "single_switch";
    run.endpoints = ranks;
    run.switches = 1;
    run.cables = ranks;
    run.wallTimeSeconds = 1.25;
    run.cpuTimeSeconds = 1.2;
    run.setupTimeSeconds = 0.01;
    run.peakRssBytes = 40 << 20;
    run.deadlockFree = "true";
    run.verdict = VerdictResult{"congestion",
                                0.75,
                                std::nullopt,
                                "switch0:1 is the <root>.",
                                VerdictRoot{"switch0:1", "gpu1", 3, 2.5, 0.5, {"gpu0 to gpu2"}},
                                {{"plane/endpoint", 1, 0.25, 0.5}},
                                VerdictChain{7, 10, 20, 30, 40, 50},
                                {{"fabric.taper=1", "it \"holds\"", "a shorter time"}},
                                {"one seed"}};
    run.sampleInterval = 1000000;
    run.experimentYaml = "name: " + run.name +
                         "\nfabric: {kind: single_switch, endpoints: " + std::to_string(ranks) +
                         "}\nworkload: {collective: all_reduce}\n";
    run.settings = {{"fabric.endpoints",
                     std::to_string(ranks),
                     "sample.yaml:3",
                     "vendor",
                     "vendor: a data sheet",
                     "Number of endpoints."},
                    {"fabric.link.flit", "64B", "", "assumed", "", "Bytes of a flit. Assumed."}};
    for (uint32_t i = 0; i < ranks; ++i)
    {
        run.nodes.push_back({"gpu" + std::to_string(i), "endpoint", ""});
    }
    run.nodes.push_back({"switch", "switch", ""});
    for (uint32_t i = 0; i < 2 * ranks; ++i)
    {
        const std::string gpu = "gpu" + std::to_string(i / 2);
        LinkResult link;
        link.id = i;
        link.name = i % 2 ? "switch:" + std::to_string(i / 2) : gpu + ":0";
        link.from = i % 2 ? "switch" : gpu;
        link.to = i % 2 ? gpu : "switch";
        link.cls = "endpoint";
        link.bitsPerSecond = 224e9;
        link.latency = 150000;
        run.links.push_back(link);
    }

    struct Sums
    {
        Tick busy{0};
        Tick stall{0};
    };

    std::map<std::pair<Tick, uint32_t>, Sums> series;
    const auto spread = [&](uint32_t link, Tick from, Tick to, Tick Sums::*member) {
        for (; from < to;)
        {
            const Tick part = std::min(to - from, run.sampleInterval - from % run.sampleInterval);
            series[{from / run.sampleInterval, link}].*member += part;
            from += part;
        }
    };

    const char* const names[] = {"all_gather", "all_reduce", "reduce_scatter", "all_to_all"};
    Tick now = 2500000;
    for (uint32_t id = 0; id < 4; ++id)
    {
        CollectiveResult collective;
        collective.id = id;
        collective.name = names[id];
        collective.algorithm = id == 3 ? "pairwise" : "ring";
        collective.ranks = ranks;
        collective.bytes = uint64_t{steps} * 65536 * (id + 1);
        collective.start = now;
        collective.busFactor = (id == 1 ? 2.0 : 1.0) * (ranks - 1) / ranks;
        for (uint32_t step = 0; step < steps; ++step)
        {
            Tick last = now;
            for (uint32_t rank = 0; rank < ranks; ++rank)
            {
                const uint32_t peer = (rank + (id == 3 ? step % (ranks - 1) : 0) + 1) % ranks;
                const Tick wire = 2340571 * (id + 1);
                const Tick took =
                    peer == ranks - 1 ? static_cast<Tick>(wire * slowdown) : wire + 1013 * rank;
                run.messages.push_back({rank, peer, 65536, id, now, now + took + 302000});
                run.messages.back().id = run.messages.size() - 1;
                spread(2 * rank, now, now + wire, &Sums::busy);
                spread(2 * peer + 1, now + 302000, now + 302000 + wire, &Sums::busy);
                run.links[2 * rank].busy += wire;
                run.links[2 * peer + 1].busy += wire;
                if (peer == ranks - 1)
                {
                    spread(2 * rank, now + wire, now + took, &Sums::stall);
                    run.links[2 * rank].creditStall += took - wire;
                    run.creditStall += took - wire;
                }
                run.operations.push_back(
                    {rank, "send", "send to " + std::to_string(peer), now, now + took});
                run.packetsDelivered += 16;
                run.payloadBytesDelivered += 65536;
                run.packetHops += 32;
                last = std::max(last, now + took + 302000);
            }
            now = last;
        }
        collective.end = now;
        collective.bound = (now - collective.start) * 9 / 11;
        run.collectives.push_back(collective);
        now += 3100000;
    }
    run.completionTime = now - 3100000 - run.collectives.front().start;
    run.simulatedTime = now;
    run.events = run.packetHops + run.packetsDelivered;
    for (auto& link : run.links)
    {
        link.packets = static_cast<uint64_t>(link.busy / 146286);
        link.payloadBytes = link.packets * 4096;
        link.wireBytes = link.packets * 4160;
    }
    for (const auto& [key, sums] : series)
    {
        const auto length = static_cast<double>(run.sampleInterval);
        run.samples.push_back({key.first * run.sampleInterval,
                               key.second,
                               static_cast<double>(sums.busy) / length,
                               static_cast<double>(sums.stall) / length,
                               static_cast<uint32_t>(sums.stall / 20000)});
    }
    for (uint32_t rank = 0; rank < ranks; ++rank)
    {
        QueueResult queue;
        queue.node = "switch";
        queue.link = run.links[2 * rank].name;
        queue.depthFlits = 256;
        queue.meanFlits = rank + 2 == ranks ? 181.25 : 3.0 + 0.1 * rank / ranks;
        queue.p99Flits = rank + 2 == ranks ? 256 : 65;
        queue.maxFlits = rank + 2 == ranks ? 256 : 70;
        run.queues.push_back(queue);
        if (run.links[2 * rank].creditStall > 0)
        {
            run.congestion.push_back({"switch:" + std::to_string(ranks - 1),
                                      run.links[2 * rank].name,
                                      run.links[2 * rank].creditStall,
                                      steps});
        }
    }
    std::stable_sort(run.congestion.begin(),
                     run.congestion.end(),
                     [](const auto& a, const auto& b) { return a.stall > b.stall; });
    run.packetLatency = {2911.25, 2710.403, 9120.008, 11250.5, 13877.012};
    run.networkLatency = {611.25, 598.403, 1120.008, 1250.5, 1877.012};
    return run;
}

#endif // MTLINK_TEST_SAMPLE_RESULTS_H
