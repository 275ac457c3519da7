/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/fabric-layout.h"
#include "measure/result-reader.h"
#include "measure/result-writer.h"
#include "measure/row-levels.h"
#include "sample-results.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <filesystem>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace ns3::mtlink;

namespace
{

constexpr uint32_t NODES = 300; //!< Servers
constexpr uint32_t CARDS = 4;   //!< In each

/** @return servers of meshed cards on rails of one switch each; every figure at random. */
RunResults
MakeRails(uint32_t seed)
{
    std::mt19937 random(seed);
    const auto below = [&random](uint32_t most) {
        return std::uniform_int_distribution<uint32_t>(0, most - 1)(random);
    };
    RunResults run;
    run.simulatedTime = 1'000'000;
    run.sampleInterval = 500'000;
    const auto cardName = [](uint32_t node, uint32_t card) {
        return "node" + std::to_string(node) + "/gpu" + std::to_string(card);
    };
    const auto addLink = [&](const std::string& from, const std::string& to, const char* cls) {
        LinkResult link;
        link.id = static_cast<uint32_t>(run.links.size());
        link.name = from + ":" + std::to_string(link.id);
        link.from = from;
        link.to = to;
        link.cls = cls;
        link.bitsPerSecond = 1e9 + below(10);
        link.packets = below(1000);
        link.payloadBytes = below(100000);
        link.wireBytes = link.payloadBytes + below(1000);
        link.busy = below(900'000);
        link.creditStall = below(3) == 0 ? below(100'000) : 0;
        link.retries = below(3);
        link.errors = below(3);
        link.replayFull = below(100);
        link.down = below(100);
        link.degraded = below(100);
        link.packetsLost = below(3);
        run.links.push_back(link);
        run.queues.push_back({to, link.name, below(2), 64, below(600) / 10.0, 60.0, below(64)});
        for (Tick start = 0; start < run.simulatedTime; start += run.sampleInterval)
        {
            run.samples.push_back({start, link.id, 0.5, 0.25, 3});
        }
    };
    for (uint32_t node = 0; node < NODES; ++node)
    {
        for (uint32_t card = 0; card < CARDS; ++card)
        {
            run.nodes.push_back(
                {cardName(node, card), "endpoint", "node" + std::to_string(node) + "/"});
        }
    }
    for (uint32_t rail = 0; rail < CARDS; ++rail)
    {
        const std::string name = "rail" + std::to_string(rail) + "/switch";
        run.nodes.push_back({name, "switch", "rail" + std::to_string(rail) + "/"});
        for (uint32_t node = 0; node < NODES; ++node)
        {
            addLink(cardName(node, rail), name, "rail/endpoint");
            addLink(name, cardName(node, rail), "rail/endpoint");
            for (uint32_t peer = 0; peer < CARDS; ++peer)
            {
                if (peer != rail)
                {
                    addLink(cardName(node, rail), cardName(node, peer), "node/link");
                }
            }
        }
    }
    std::sort(run.samples.begin(), run.samples.end(), [](const auto& a, const auto& b) {
        return std::pair(a.start, a.link) < std::pair(b.start, b.link);
    });
    // A root that is neither busy nor stalled.
    run.links[77].busy = 0;
    run.links[77].creditStall = 0;
    run.congestion.push_back({run.links[77].name, run.links[5].name, 100, 1});
    return run;
}

/** @return limits that such a run exceeds. */
RowLimits
MakeLimits()
{
    RowLimits limits;
    limits.links = 1000;
    limits.queues = 1000;
    return limits;
}

/** Sums of what links did. */
std::vector<double>
SumLinks(const std::vector<LinkResult>& links)
{
    std::vector<double> sums(12);
    for (const LinkResult& l : links)
    {
        const std::vector<double> values{1,
                                         l.bitsPerSecond,
                                         double(l.packets),
                                         double(l.payloadBytes),
                                         double(l.wireBytes),
                                         double(l.busy),
                                         double(l.creditStall),
                                         double(l.retries + l.errors),
                                         double(l.replayFull),
                                         double(l.down),
                                         double(l.degraded),
                                         double(l.packetsLost)};
        for (size_t i = 0; i < sums.size(); ++i)
        {
            sums[i] += values[i];
        }
    }
    return sums;
}

/** The same of levels. */
std::vector<double>
SumLevels(const std::vector<LinkLevelResult>& levels)
{
    std::vector<double> sums(12);
    for (const LinkLevelResult& l : levels)
    {
        const std::vector<double> values{double(l.links),
                                         l.bitsPerSecond,
                                         double(l.packets),
                                         double(l.payloadBytes),
                                         double(l.wireBytes),
                                         double(l.busy),
                                         double(l.creditStall),
                                         double(l.retries + l.errors),
                                         double(l.replayFull),
                                         double(l.down),
                                         double(l.degraded),
                                         double(l.packetsLost)};
        for (size_t i = 0; i < sums.size(); ++i)
        {
            sums[i] += values[i];
        }
    }
    return sums;
}

} // namespace

TEST_SUITE("measure row levels")
{
    TEST_CASE("levels add up to the totals of all links")
    {
        for (uint32_t seed = 1; seed <= 5; ++seed)
        {
            const RunResults run = MakeRails(seed);
            const auto folded = FoldRows(run, MakeLimits());
            REQUIRE(folded);
            CHECK(SumLevels(folded->linkLevels) == SumLinks(run.links));
        }
    }

    TEST_CASE("a level has the least and the most of its links")
    {
        const RunResults run = MakeRails(6);
        const auto folded = FoldRows(run, MakeLimits());
        REQUIRE(folded);
        const FabricLayout layout = LayOutFabric(run);
        std::map<std::string, std::string> groupOf;
        for (size_t i = 0; i < run.nodes.size(); ++i)
        {
            groupOf[run.nodes[i].name] = layout.groups[layout.groupOf[i]];
        }
        // 60 groups of five servers: each with itself, and with the rails both ways.
        CHECK(folded->linkLevels.size() == 60 + 2 * 60 * CARDS);
        for (const LinkLevelResult& level : folded->linkLevels)
        {
            std::vector<LinkResult> members;
            for (const LinkResult& link : run.links)
            {
                if (groupOf[link.from] == level.from && groupOf[link.to] == level.to &&
                    link.cls == level.cls)
                {
                    members.push_back(link);
                }
            }
            REQUIRE(members.size() == level.links);
            const auto [idle, busiest] =
                std::minmax_element(members.begin(), members.end(), [](auto& a, auto& b) {
                    return a.busy < b.busy;
                });
            CHECK(level.leastBusy == idle->busy);
            CHECK(level.mostBusy == busiest->busy);
            const auto [free, stalled] =
                std::minmax_element(members.begin(), members.end(), [](auto& a, auto& b) {
                    return a.creditStall < b.creditStall;
                });
            CHECK(level.leastCreditStall == free->creditStall);
            CHECK(level.mostCreditStall == stalled->creditStall);
            const auto [small, large] =
                std::minmax_element(members.begin(), members.end(), [](auto& a, auto& b) {
                    return a.payloadBytes < b.payloadBytes;
                });
            CHECK(level.leastPayloadBytes == small->payloadBytes);
            CHECK(level.mostPayloadBytes == large->payloadBytes);
        }
    }

    TEST_CASE("the worst links stay in full, with their samples")
    {
        const RunResults run = MakeRails(7);
        const auto folded = FoldRows(run, MakeLimits());
        REQUIRE(folded);
        std::set<uint32_t> kept;
        for (const LinkResult& link : folded->links)
        {
            kept.insert(link.id);
            CHECK(link.name == run.links[link.id].name);
            CHECK(link.busy == run.links[link.id].busy);
        }
        CHECK(kept.size() == folded->links.size());
        CHECK(kept.size() == 2 * WORST_ROWS + 1);
        CHECK(kept.count(77) == 1);
        for (const auto member : {&LinkResult::busy, &LinkResult::creditStall})
        {
            std::vector<Tick> all;
            for (const LinkResult& link : run.links)
            {
                all.push_back(link.*member);
            }
            std::sort(all.begin(), all.end(), std::greater<>());
            for (const LinkResult& link : run.links)
            {
                if (link.*member > all[WORST_ROWS])
                {
                    CHECK(kept.count(link.id) == 1);
                }
            }
        }
        CHECK(folded->samples.size() == 2 * kept.size());
        CHECK(folded->links.at(folded->samples[3].link).id == *std::next(kept.begin(), 3));
    }

    TEST_CASE("queues of a level are counted, and the fullest stay")
    {
        const RunResults run = MakeRails(8);
        const auto folded = FoldRows(run, MakeLimits());
        REQUIRE(folded);
        uint64_t count = 0;
        double sum = 0;
        uint32_t most = 0;
        for (const QueueLevelResult& level : folded->queueLevels)
        {
            count += level.queues;
            sum += level.meanFlits * static_cast<double>(level.queues);
            most = std::max(most, level.maxFlits);
            CHECK(level.leastMeanFlits <= level.meanFlits);
            CHECK(level.meanFlits <= level.mostMeanFlits);
        }
        double wanted = 0;
        for (const QueueResult& queue : run.queues)
        {
            wanted += queue.meanFlits;
        }
        CHECK(count == run.queues.size());
        CHECK(sum == doctest::Approx(wanted));
        CHECK(most == 63);
        CHECK(folded->queues.size() == 2 * WORST_ROWS);
    }

    TEST_CASE("what is folded is written, said and read back, and goes where all is asked for")
    {
        const RunResults run = MakeRails(9);
        const TemporaryDirectory directory;
        const TableRows rows = WriteResults(run, directory.Path(), MakeLimits());
        CHECK(rows.links.all == run.links.size());
        CHECK(rows.links.written < run.links.size());
        const RunResults read = ReadResults(directory.Path()).results;
        CHECK(read.rows.links.all == run.links.size());
        CHECK(read.rows.links.written == read.links.size());
        CHECK(read.rows.queues.written == read.queues.size());
        CHECK(SumLevels(read.linkLevels) == SumLinks(run.links));
        CHECK(read.links.at(read.samples.at(5).link).id == read.links.at(5).id);
        const FabricLayout before = LayOutFabric(run);
        const FabricLayout after = LayOutFabric(read);
        CHECK(after.groups == before.groups);
        CHECK(after.groupOf == before.groupOf);
        CHECK(after.levels == before.levels);

        RowLimits all;
        all.links = ALL_ROWS;
        all.queues = ALL_ROWS;
        CHECK_FALSE(FoldRows(run, all));
        WriteResults(run, directory.Path(), all);
        CHECK_FALSE(std::filesystem::exists(directory.Path("link_levels.csv")));
        CHECK_FALSE(std::filesystem::exists(directory.Path("queue_levels.csv")));
        CHECK(ReadResults(directory.Path()).results.links.size() == run.links.size());
    }

    TEST_CASE("links and queues fold each by their own limit")
    {
        const RunResults run = MakeRails(10);
        RowLimits limits = MakeLimits();
        limits.links = run.links.size(); // as many as there may be
        const auto queues = FoldRows(run, limits);
        REQUIRE(queues);
        CHECK(queues->linkLevels.empty());
        CHECK(queues->links.size() == run.links.size());
        CHECK_FALSE(queues->queueLevels.empty());
        limits = MakeLimits();
        limits.queues = run.queues.size();
        const auto links = FoldRows(run, limits);
        REQUIRE(links);
        CHECK_FALSE(links->linkLevels.empty());
        CHECK(links->queueLevels.empty());
        CHECK(links->queues.size() == run.queues.size());
    }
}
