/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../measure/sample-results.h"
#include "../topology/builders.h"
#include "fabric/node-table.h"
#include "measure/atomic-file.h"
#include "measure/even-sample.h"
#include "measure/fabric-layout.h"
#include "measure/result-tables.h"
#include "measure/result-writer.h"
#include "measure/text-file.h"
#include "report/report-selection.h"
#include "report/report.h"
#include "report/sweep-report.h"

#include "ns3/mtlink-topology.h"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <functional>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace ns3::mtlink;
using nlohmann::json;

namespace
{

/** @param [in] html A report. @return the data embedded in it. */
json
GetData(const std::string& html)
{
    const std::string open = "<script type=\"application/json\" id=\"data\">";
    const size_t begin = html.find(open) + open.size();
    return json::parse(html.substr(begin, html.find("</script>", begin) - begin));
}

/** @param [in] run A run. @param [in] limits Of rows. @return what its report draws. */
json
Embed(const RunResults& run, const RowLimits& limits = {})
{
    const TemporaryDirectory directory;
    WriteResults(run, directory.Path(), limits);
    WriteReport({directory.Path()}, directory.Path("report.html"));
    return GetData(ReadTextFile(directory.Path("report.html")))["runs"][0];
}

/** @param [in] cells Whole steps. @param [in] i Which. @return it; 0 beyond the end. */
int64_t
Cell(const json& cells, size_t i)
{
    return i < cells.size() ? cells[i].get<int64_t>() : 0;
}

/** @param [in] builder Of a fabric. @return a run on it in which nothing happened. */
RunResults
OnFabric(const ns3::Ptr<TopologyBuilder>& builder)
{
    const Topology topology = builder->Build();
    RunResults run;
    run.nodes = DescribeNodes(topology);
    run.simulatedTime = 1000;
    for (uint32_t i = 0; i < topology.GetLinks().size(); ++i)
    {
        LinkResult link;
        link.name = topology.GetLinkName(i);
        link.from = topology.GetName(topology.GetLinks()[i].from);
        link.to = topology.GetName(topology.GetLinks()[i].to);
        run.links.push_back(link);
    }
    return run;
}

/** @param [in] run A run. @return the names of its groups, each with its endpoints and switches. */
std::vector<std::string>
DescribeGroups(const RunResults& run)
{
    const auto layout = LayOutFabric(run);
    std::vector<std::pair<int, int>> sizes(layout.groups.size());
    for (size_t i = 0; i < run.nodes.size(); ++i)
    {
        ++(run.nodes[i].kind == "endpoint" ? sizes[layout.groupOf[i]].first
                                           : sizes[layout.groupOf[i]].second);
    }
    std::vector<std::string> texts;
    for (size_t i = 0; i < sizes.size(); ++i)
    {
        texts.push_back(layout.groups[i] + " " + std::to_string(sizes[i].first) + "+" +
                        std::to_string(sizes[i].second));
    }
    return texts;
}

/** @param [in] text Of sweep.csv. @param [in] objectives To begin with. @return what is drawn. */
json
EmbedSweep(const std::string& text,
           const std::vector<Objective>& objectives = {},
           const std::string& means = "",
           const std::string& designs = "")
{
    const TemporaryDirectory directory;
    const auto write = [&directory](const std::string& name, const std::string& what) {
        AtomicFile file(directory.Path(name));
        file.Write(what);
        file.Commit();
    };
    write("sweep.csv", text);
    if (!means.empty())
    {
        write("sweep-means.csv", means);
    }
    if (!designs.empty())
    {
        write("designs.csv", designs);
    }
    WriteSweepReport(directory.Path(), objectives, directory.Path("report.html"));
    return GetData(ReadTextFile(directory.Path("report.html")))["sweep"];
}

} // namespace

TEST_SUITE("report data")
{
    TEST_CASE("what is by level on disk is the same picture, of the worst links")
    {
        // Every link its own load, so that the order is known.
        RunResults run = OnFabric(MakeRails(40, 4, "40"));
        run.completionTime = 1'000'000;
        for (uint32_t i = 0; i < run.links.size(); ++i)
        {
            run.links[i].id = i;
            run.links[i].busy = 10 * i;
            run.links[i].creditStall = i % 7 == 0 ? i : 0;
        }
        const json whole = Embed(run);
        RowLimits limits;
        limits.links = 100;
        const json folded = Embed(run, limits);
        CHECK(folded["fabric"]["groups"] == whole["fabric"]["groups"]);
        CHECK(folded["fabric"]["nodes"] == whole["fabric"]["nodes"]);
        CHECK(folded["fabric"]["cables"] == whole["fabric"]["cables"]);
        CHECK(folded["traffic"]["links_all"] == run.links.size());
        CHECK(folded["traffic"]["classes"] == whole["traffic"]["classes"]);
        CHECK(folded["traffic"]["by_level"] == true);
        CHECK(whole["traffic"]["by_level"] == false);
        const auto& sorted = folded["traffic"]["sorted"];
        REQUIRE(sorted.size() == whole["traffic"]["sorted"].size());
        for (size_t i = 0; i < sorted.size(); ++i)
        {
            const auto& full = whole["traffic"]["sorted"][i];
            CHECK(sorted[i]["links"] == full["links"]);
            CHECK(sorted[i]["u"].front() == full["u"].front());
            CHECK(sorted[i]["u"].back() == full["u"].back());
        }
    }

    TEST_CASE("of very many nodes those at the worst links are on the page, and one of each group")
    {
        RunResults run = OnFabric(MakeRails(40, 4, "40"));
        run.links.back().busy = 100;
        const FabricLayout layout = LayOutFabric(run);
        CHECK(ChooseNodes(run, layout, run.nodes.size()).size() == run.nodes.size());
        const auto chosen = ChooseNodes(run, layout, layout.groups.size() + 2);
        CHECK(chosen.size() == layout.groups.size() + 2);
        CHECK(std::is_sorted(chosen.begin(), chosen.end()));
        std::set<uint32_t> groups;
        for (const uint32_t node : chosen)
        {
            groups.insert(layout.groupOf[node]);
        }
        CHECK(groups.size() == layout.groups.size());
    }

    TEST_CASE("a page of a sample of messages says of how many")
    {
        RunResults run = MakeSampleResults(8, 14);
        CHECK(Embed(run)["messages"] == nullptr);
        run.rows.messages.all = 4 * run.messages.size();
        run.messagesOneIn = 4;
        for (auto& message : run.messages)
        {
            message.id = GetSampled(message.id, 4);
        }
        CHECK(Embed(run)["messages"]["one_in"] == 4);
        CHECK(Embed(run)["messages"]["all"] == run.rows.messages.all);
        RowLimits limits;
        limits.messages = 0;
        CHECK(Embed(run, limits)["messages"]["one_in"] == 0);
        CHECK(Embed(run, limits)["latency"].empty());
    }

    TEST_CASE("the collectives in the page are those of collectives.csv")
    {
        auto run = MakeSampleResults(8, 7);
        run.collectives.back().end = NEVER;
        const json timeline = Embed(run)["timeline"];
        REQUIRE(timeline["collectives"].size() == run.collectives.size());
        for (size_t i = 0; i < run.collectives.size(); ++i)
        {
            const auto& c = run.collectives[i];
            const json& row = timeline["collectives"][i];
            CHECK(row[0] == c.id);
            CHECK(timeline["names"][row[1].get<size_t>()] == c.name);
            CHECK(timeline["algorithms"][row[2].get<size_t>()] == c.algorithm);
            CHECK(row[3] == c.ranks);
            CHECK(row[4] == c.bytes);
            CHECK(row[5].get<double>() == static_cast<double>(c.start) / 1000);
            CHECK(row[6].is_null() == (c.end == NEVER));
            if (c.end != NEVER)
            {
                CHECK(row[6].get<double>() == static_cast<double>(c.end) / 1000);
                CHECK(row[7].get<double>() == doctest::Approx(GetBusBandwidth(c)));
                CHECK(row[8].get<double>() == doctest::Approx(GetBoundRatio(c)));
            }
        }
    }

    TEST_CASE("a rank's row tells when it sends: bins add up to its messages' time")
    {
        const auto run = MakeSampleResults(4, 5);
        const json timeline = Embed(run)["timeline"];
        const double bin = timeline["bin_ns"];
        REQUIRE(timeline["rows"].size() == 4);
        for (uint32_t rank = 0; rank < 4; ++rank)
        {
            double sum = 0;
            for (const auto& share : timeline["rows"][rank]["sending"])
            {
                sum += share.get<double>() / 1000 * bin;
            }
            // A rank of the sample has one message at a time.
            double sent = 0;
            for (const auto& message : run.messages)
            {
                sent += message.src == rank ? static_cast<double>(message.end - message.start) : 0;
            }
            CHECK(sum == doctest::Approx(sent / 1000).epsilon(0.005));
        }
    }

    TEST_CASE("links have the shares of links.csv, and heat maps the samples of series.csv")
    {
        const auto run = MakeSampleResults(8, 5, 2);
        const json traffic = Embed(run)["traffic"];
        const auto time = static_cast<double>(GetObservedTime(run));
        REQUIRE(traffic["links"].size() == run.links.size());
        for (size_t i = 0; i < run.links.size(); ++i)
        {
            const auto& link = run.links[i];
            const json& row = traffic["links"][i];
            CHECK(row[0] == i);
            CHECK(run.nodes[row[2].get<size_t>()].name + ":" + row[1].get<std::string>() ==
                  link.name);
            CHECK(run.nodes[row[3].get<size_t>()].name == link.to);
            CHECK(std::abs(row[5].get<double>() / 1e4 - static_cast<double>(link.busy) / time) <
                  0.51e-4);
            CHECK(std::abs(row[6].get<double>() / 1e4 -
                           static_cast<double>(link.creditStall) / time) < 0.51e-4);
        }
        const json& heat = traffic["heat"];
        REQUIRE(heat["bin_ns"] == heat["interval_ns"]);
        size_t compared = 0;
        for (const auto& row : heat["rows"])
        {
            for (const auto& sample : run.samples)
            {
                if (row.contains("link") && row["link"] == sample.link)
                {
                    const auto bin = static_cast<size_t>(sample.start / run.sampleInterval);
                    CHECK(std::abs(static_cast<double>(Cell(row["u"], bin)) / 1e4 -
                                   sample.utilisation) < 0.51e-4);
                    CHECK(std::abs(static_cast<double>(Cell(row["s"], bin)) / 1e4 - sample.stall) <
                          0.51e-4);
                    CHECK(Cell(row["q"], bin) == sample.queueFlits);
                    ++compared;
                }
            }
        }
        CHECK(compared == run.samples.size());
    }

    TEST_CASE("samples that share a cell are its mean, and the most that a queue held")
    {
        RunResults run = MakeSampleResults(2, 1);
        run.samples.clear();
        run.sampleInterval = 1000;
        constexpr int INTERVALS = 1003; // Bins of 4, and a last one of 3.
        std::mt19937 random(5);
        std::vector<double> busy(INTERVALS);
        std::vector<uint32_t> queue(INTERVALS);
        for (int i = 0; i < INTERVALS; ++i)
        {
            busy[i] = static_cast<double>(random() % 10001) / 1e4;
            queue[i] = random() % 50;
            run.samples.push_back({i * run.sampleInterval, 1, busy[i], 0, queue[i]});
        }
        const json heat = Embed(run)["traffic"]["heat"];
        CHECK(heat["bins"] == 251);
        CHECK(heat["bin_ns"] == 4);
        const auto row = std::find_if(heat["rows"].begin(), heat["rows"].end(), [](const json& r) {
            return r.contains("link") && r["link"] == 1;
        });
        REQUIRE(row != heat["rows"].end());
        for (size_t bin = 0; bin < 251; ++bin)
        {
            double sum = 0;
            uint32_t most = 0;
            const size_t end = std::min<size_t>(4 * bin + 4, INTERVALS);
            for (size_t i = 4 * bin; i < end; ++i)
            {
                sum += busy[i];
                most = std::max(most, queue[i]);
            }
            CHECK(std::abs(static_cast<double>(Cell((*row)["u"], bin)) / 1e4 -
                           sum / static_cast<double>(end - 4 * bin)) < 0.51e-4);
            CHECK(Cell((*row)["q"], bin) == most);
        }
        // The class's mean is over its four links, of which one was busy.
        const json& mean = heat["rows"][0];
        CHECK(mean["class"] == 0);
        CHECK(Cell(mean["u"], 7) == doctest::Approx(Cell((*row)["u"], 7) / 4.0).epsilon(0.01));
    }

    TEST_CASE("what is drawn of many links is bounded, and keeps those that did most")
    {
        const auto run = MakeSampleResults(12000, 1);
        const json traffic = Embed(run)["traffic"];
        CHECK(traffic["links_all"] == 24000);
        CHECK(traffic["links"].size() == 20000);
        CHECK(traffic["heat"]["rows"].size() == 65);
        CHECK(traffic["sorted"][0]["links"] == 24000);
        const json& sorted = traffic["sorted"][0]["u"];
        CHECK(sorted.size() == 400);
        CHECK(std::is_sorted(sorted.begin(), sorted.end(), std::greater<>()));
        Tick least = NEVER;
        Tick most = 0;
        for (const auto& link : run.links)
        {
            least = std::min(least, link.busy);
            most = std::max(most, link.busy);
        }
        const auto time = static_cast<double>(GetObservedTime(run));
        CHECK(std::abs(sorted.front().get<double>() / 1e4 - static_cast<double>(most) / time) <
              0.51e-4);
        CHECK(std::abs(sorted.back().get<double>() / 1e4 - static_cast<double>(least) / time) <
              0.51e-4);
        std::set<uint32_t> kept;
        for (const auto& row : traffic["links"])
        {
            kept.insert(row[0].get<uint32_t>());
        }
        Tick leastKept = NEVER;
        Tick mostLeft = 0;
        for (uint32_t i = 0; i < run.links.size(); ++i)
        {
            const Tick active = run.links[i].busy + run.links[i].creditStall;
            (kept.contains(i) ? leastKept = std::min(leastKept, active)
                              : mostLeft = std::max(mostLeft, active));
        }
        CHECK(leastKept >= mostLeft);
    }

    TEST_CASE("points of a latency distribution are exact, for few messages and for many")
    {
        for (const uint32_t count : {1u, 2u, 7u, 1000u, 30000u})
        {
            CAPTURE(count);
            RunResults run = MakeSampleResults(2, 1);
            run.messages.clear();
            std::mt19937_64 random(count);
            std::vector<Tick> times;
            for (uint32_t i = 0; i < count; ++i)
            {
                times.push_back(static_cast<Tick>(random() % 1000000000));
                run.messages.push_back({0, 1, 1, -1, 5, 5 + times.back()});
            }
            run.messages.push_back({0, 1, 1, -1, 5, NEVER});
            std::sort(times.begin(), times.end());
            const json latency = Embed(run)["latency"];
            REQUIRE(latency.size() == 1);
            const json& all = latency[0];
            CHECK(all["messages"] == count);
            CHECK(all["ns"].size() <= 361);
            CHECK(all["ns"].size() >= std::min(count, 200u));
            for (size_t i = 0; i < all["ns"].size(); ++i)
            {
                const double share = all["share"][i];
                const auto rank = static_cast<size_t>(std::llround(share * count));
                REQUIRE(rank >= 1);
                CHECK(all["ns"][i].get<double>() == static_cast<double>(times[rank - 1]) / 1000);
            }
            CHECK(all["share"].back() == 1.0);
            const std::vector<uint32_t> permille{500, 900, 990, 999, 1000};
            for (size_t i = 0; i < permille.size(); ++i)
            {
                const uint64_t rank = (uint64_t{count} * permille[i] + 999) / 1000;
                CHECK(all["percentiles"][i].get<double>() ==
                      static_cast<double>(times[rank - 1]) / 1000);
            }
        }
    }

    TEST_CASE("latencies that are equal have one point with the share of all within them")
    {
        RunResults run = MakeSampleResults(2, 1);
        run.messages.clear();
        for (uint32_t i = 0; i < 1000; ++i)
        {
            run.messages.push_back({0, 1, 1, -1, 5, 5 + (i < 110 ? 8000 : 11000)});
        }
        const json all = Embed(run)["latency"][0];
        CHECK(all["ns"] == json::parse("[8, 11]"));
        CHECK(all["share"] == json::parse("[0.11, 1]"));
    }

    TEST_CASE("in mode bound no link has a load")
    {
        RunResults run = MakeSampleResults(2, 1);
        CHECK(Embed(run)["traffic"]["loads_known"] == true);
        run.mode = "bound";
        CHECK(Embed(run)["traffic"]["loads_known"] == false);
    }

    TEST_CASE("congestion names links by their id")
    {
        const auto run = MakeSampleResults(8, 5, 2);
        const json congestion = Embed(run)["congestion"];
        REQUIRE(!run.congestion.empty());
        CHECK(congestion["all"] == run.congestion.size());
        for (size_t i = 0; i < run.congestion.size(); ++i)
        {
            const json& row = congestion["rows"][i];
            CHECK(run.links[row[0].get<size_t>()].name == run.congestion[i].root);
            CHECK(run.links[row[1].get<size_t>()].name == run.congestion[i].victim);
            CHECK(row[2].get<double>() == static_cast<double>(run.congestion[i].stall) / 1000);
            CHECK(row[3] == run.congestion[i].times);
        }
    }

    TEST_CASE("the groups of a fabric are those that its readers know")
    {
        using Groups = std::vector<std::string>;
        CHECK(DescribeGroups(OnFabric(MakeBuilder("FullMesh", {{"Endpoints", "8"}}))) ==
              Groups{"endpoints 8+0"});
        CHECK(DescribeGroups(OnFabric(MakeBuilder("SingleSwitch", {{"Endpoints", "9"}}))) ==
              Groups{"switch 9+1"});
        CHECK(DescribeGroups(OnFabric(MakeBuilder("FatTree", {{"Radix", "4"}, {"Levels", "3"}}))) ==
              Groups{"pod0 4+4", "pod1 4+4", "pod2 4+4", "pod3 4+4", "spine 0+4"});
        CHECK(
            DescribeGroups(OnFabric(
                MakeBuilder("Dragonfly", {{"P", "2"}, {"A", "4"}, {"H", "2"}, {"Groups", "3"}}))) ==
            Groups{"group0 8+4", "group1 8+4", "group2 8+4"});
        const auto planes = MakeBuilder("Planes", {{"Endpoints", "5"}, {"Planes", "2"}});
        planes->SetChild("plane", MakeBuilder("SingleSwitch"));
        CHECK(DescribeGroups(OnFabric(planes)) ==
              Groups{"endpoints 5+0", "plane0 0+1", "plane1 0+1"});
        const auto rails = MakeBuilder("Rails", {{"Nodes", "3"}});
        rails->SetChild("node", MakeBuilder("FullMesh", {{"Endpoints", "2"}}));
        rails->SetChild("network", MakeBuilder("SingleSwitch"));
        CHECK(DescribeGroups(OnFabric(rails)) ==
              Groups{"node0 2+0", "node1 2+0", "node2 2+0", "rail0 0+1", "rail1 0+1"});
    }

    TEST_CASE("many groups share boxes, so that a picture has at most 128")
    {
        const auto layout = LayOutFabric(OnFabric(MakeRails(128, 2, "32")));
        CHECK(layout.groups.size() == 66);
        CHECK(layout.groups.front() == "node0\u2013node1");
    }

    TEST_CASE("cables between groups count every link once and keep the greatest share")
    {
        auto run = OnFabric(MakeBuilder("FatTree", {{"Radix", "4"}, {"Levels", "3"}}));
        std::mt19937 random(3);
        double sum = 0;
        double most = 0;
        for (auto& link : run.links)
        {
            link.busy = random() % 1001;
            sum += static_cast<double>(link.busy) / 1000;
            most = std::max(most, static_cast<double>(link.busy) / 1000);
        }
        const json cables = Embed(run)["fabric"]["cables"];
        uint64_t links = 0;
        double found = 0;
        double greatest = 0;
        for (const auto& cable : cables)
        {
            CHECK(cable[0] <= cable[1]);
            links += cable[2].get<uint64_t>();
            found += cable[3].get<double>() / 1e4 * cable[2].get<double>();
            greatest = std::max(greatest, cable[4].get<double>() / 1e4);
        }
        CHECK(links == run.links.size());
        CHECK(found == doctest::Approx(sum).epsilon(1e-3));
        CHECK(greatest == doctest::Approx(most));
        // Four pods, each within and with the spine.
        CHECK(cables.size() == 8);
    }

    TEST_CASE("no text can end the script element that holds it")
    {
        auto run = MakeSampleResults(4, 3);
        const std::string evil = "</script><b>&\"";
        run.name = evil;
        run.collectives[0].name = evil;
        run.nodes[0].name = evil;
        const json data = Embed(run);
        CHECK(data["label"] == evil);
        CHECK(data["timeline"]["names"][0] == evil);
        CHECK(data["fabric"]["nodes"][0][0] == evil);
    }

    TEST_CASE("a sweep's page has its keys, its figures with a value, and what went wrong")
    {
        const json sweep = EmbedSweep("point,fabric,workload.load,seed,completion_time_ns,"
                                      "offered_load,status,message\n"
                                      "1,a.yaml,0.1,,12.5,,done,\n"
                                      "2,\"b, c\",0.2,,,,refused,\"no \"\"x\"\"\"\n");
        CHECK(sweep["keys"] == json{"fabric", "workload.load"});
        CHECK(sweep["figures"] == json{"completion_time_ns"});
        CHECK(sweep["means"] == false);
        CHECK(sweep["rows"][0] == json{"1", "a.yaml", "0.1", 12.5, "done", ""});
        CHECK(sweep["rows"][1] == json{"2", "b, c", "0.2", nullptr, "refused", "no \"x\""});
        CHECK(sweep["objectives"] == json::parse("[[\"completion_time_ns\", false]]"));
    }

    TEST_CASE("a sweep of collectives begins with their figures, and with cost where it differs")
    {
        const std::string names = "point,k,seed,collective_duration_ns_mean,"
                                  "collective_busbw_GBps_mean,packet_latency_ns_p99,cost_area_mm2,"
                                  "status,message\n";
        CHECK(EmbedSweep(names + "1,x,,5,10,100,7,done,\n2,y,,6,9,90,7,done,\n"
                                 "3,z,,,,,,refused,no\n")["objectives"] ==
              json::parse("[[\"collective_busbw_GBps_mean\", true],"
                          "[\"collective_duration_ns_mean\", false]]"));
        CHECK(EmbedSweep(names + "1,x,,5,10,100,7,done,\n2,y,,6,9,90,8,done,\n")["objectives"] ==
              json::parse("[[\"cost_area_mm2\", false], [\"collective_busbw_GBps_mean\", true]]"));
        // Without collectives, the latency of packets.
        CHECK(EmbedSweep("point,k,seed,accepted_load,packet_latency_ns_p99,status,message\n"
                         "1,x,,0.5,100,done,\n")["objectives"] ==
              json::parse("[[\"accepted_load\", true], [\"packet_latency_ns_p99\", false]]"));
    }

    TEST_CASE("a sweep of several seeds shows the means and their intervals")
    {
        const json sweep = EmbedSweep("point,k,seed,t_ns,status,message\n"
                                      "1,x,1,3,done,\n1,x,2,5,done,\n2,y,1,7,done,\n"
                                      "2,y,2,,failed,disk full\n",
                                      {{"t_ns", true}},
                                      "point,k,seeds,done,t_ns_mean,t_ns_ci95\n"
                                      "1,x,2,2,4,12.7\n2,y,2,1,7,\n");
        CHECK(sweep["means"] == true);
        CHECK(sweep["figures"] == json{"t_ns"});
        CHECK(sweep["rows"][0] == json{"1", "x", 4, "done", ""});
        CHECK(sweep["rows"][1] == json{"2", "y", 7, "failed", "disk full"});
        CHECK(sweep["ci95"] == json::parse("[[12.7], [null]]"));
        CHECK(sweep["objectives"] == json::parse("[[\"t_ns\", true]]"));
    }

    TEST_CASE("a sweep's choice is among its designs, and what is saturated is marked")
    {
        const json sweep = EmbedSweep("point,k,workload.load,seed,design,accepted_load,saturated,"
                                      "status,message\n"
                                      "1,x,0.1,1,1,0.1,false,done,\n1,x,0.1,2,1,0.1,false,done,\n"
                                      "2,x,0.9,1,1,0.5,true,done,\n2,x,0.9,2,1,0.9,false,done,\n"
                                      "3,y,0.1,1,2,,,failed,disk full\n",
                                      {},
                                      "point,k,workload.load,seeds,done,design,saturated,"
                                      "accepted_load_mean,accepted_load_ci95\n"
                                      "1,x,0.1,2,2,1,0,0.1,\n2,x,0.9,2,2,1,1,0.7,\n"
                                      "3,y,0.1,2,0,2,,,\n",
                                      "design,k,scenarios,runs,done,saturated,accepted_load\n"
                                      "1,x,2,4,4,1,0.4\n2,y,1,2,0,,\n");
        CHECK(sweep["figures"] == json{"accepted_load"});
        CHECK(sweep["saturated"] == json::parse("[0, 0.5, null]"));
        CHECK(sweep["designs"]["keys"] == json{"k"});
        CHECK(sweep["designs"]["rows"] ==
              json::parse("[[\"1\", \"x\", 0.4], [\"2\", \"y\", null]]"));
        CHECK(sweep["designs"]["saturated"] == json::parse("[0.25, null]"));
        // Of a version without designs: each point is one.
        const json old = EmbedSweep("point,k,seed,t_ns,status,message\n1,x,,3,done,\n");
        CHECK(old["designs"]["rows"] == json::parse("[[\"1\", \"x\", 3]]"));
        CHECK(old["saturated"] == json::parse("[null]"));
    }

    TEST_CASE("the front is of those that no other beats, and that have all figures")
    {
        const std::vector<std::string> names{"a", "b"};
        const std::vector<Objective> objectives{{"a", false}, {"b", true}};
        CHECK(FindFront(names,
                        {{1, 1}, {2, 2}, {2, 1}, {1, 1}, {0, std::nullopt}, {3, 2}},
                        objectives) == std::vector<bool>{true, true, false, true, false, false});
        CHECK(FindFront(names, {}, objectives).empty());
        // One objective: the best, all that are as good.
        CHECK(FindFront(names, {{1, 1}, {1, 2}, {2, 0}}, {{"a", false}}) ==
              std::vector<bool>{true, true, false});
    }

    TEST_CASE("objectives are read as FIGURE, FIGURE:min or FIGURE:max, all else is refused")
    {
        CHECK(ParseObjective("a").figure == "a");
        CHECK(!ParseObjective("a").isMaximised);
        CHECK(!ParseObjective("a:min").isMaximised);
        CHECK(ParseObjective("a:max").isMaximised);
        CHECK(ParseObjective("a:max").figure == "a");
        CHECK_THROWS_AS(ParseObjective("a:most"), InputError);
        CHECK_THROWS_AS(ParseObjective(":max"), InputError);
        CHECK_THROWS_AS(EmbedSweep("point,k,seed,t,status,message\n1,x,,3,done,\n", {{"u", false}}),
                        InputError);
    }
}
