/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../design/design-trial.h"
#include "design/design-list.h"
#include "design/design-record.h"
#include "design/design-search.h"
#include "design/design-tables.h"
#include "measure/text-file.h"
#include "phrase-check.h"
#include "report/csv-table.h"
#include "report/design-doubt.h"
#include "report/design-report.h"
#include "report/design-results.h"
#include "report/design-words.h"
#include "report/phrase-book.h"

#include <algorithm>
#include <cstddef>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

using namespace ns3::mtlink;

namespace
{

namespace fs = std::filesystem;

/** @return a request for some kinds of fabrics, a dozen of them or two. */
std::string
AskFor(const std::string& kinds)
{
    return "endpoints: 6\n"
           "chips: [{ports: 4, rate: 100Gbps}, {ports: 6, rate: 100Gbps}]\n"
           "taper: [1, 2]\n"
           "fabric: {endpoint: {packet: 1024B}}\n"
           "workloads: [{collective: all_to_all, algorithm: direct, size: 12KiB}]\n"
           "kinds: [" +
           kinds + "]\n";
}

const std::string SPACE = AskFor("single_switch, fat_tree, hyperx, torus");

/** Search as `mtlink design` does; @return the directory. */
std::string
SearchInto(const DesignFolder& folder, const std::string& text, const std::string& name)
{
    const DesignRequest request = folder.Load(text);
    const DesignList list = ListDesigns(request);
    const std::string directory = folder.At(name);
    WriteDesigns(request, list, directory);
    SearchOptions options;
    options.processes = 2;
    const SearchOutcome outcome = SearchFront(request, list, directory, options);
    WriteFront(request, list, outcome, directory);
    WriteDesignRecord(request, list, outcome, directory);
    return directory;
}

/** @return the page of a directory. */
std::string
WriteAndRead(const std::string& directory)
{
    const std::string file = directory + "/report.html";
    WriteDesignReport(directory, file);
    return ReadTextFile(file);
}

/** @return what a page shows, and no script. */
std::string
GetBody(const std::string& html)
{
    const std::size_t begin = html.find("<div id=\"page\">");
    return html.substr(begin, html.find("<script", begin) - begin);
}

/** @return what a page draws. */
nlohmann::json
GetDrawn(const std::string& html)
{
    const std::string mark = "id=\"data\">";
    const std::size_t begin = html.find(mark) + mark.size();
    return nlohmann::json::parse(html.substr(begin, html.find("</script>", begin) - begin));
}

/** @return how often each text stands in a column. */
std::map<std::string, std::size_t>
CountTexts(const CsvTable& table, const std::string& column)
{
    std::map<std::string, std::size_t> counts;
    for (const auto& row : table.rows)
    {
        ++counts[row[FindColumn(table, column)]];
    }
    return counts;
}

/** @return why a directory has no report; "written" if it has one. */
std::string
GetRefusal(const std::string& directory)
{
    try
    {
        WriteAndRead(directory);
    }
    catch (const InputError& error)
    {
        return error.what();
    }
    return "written";
}

/** Replace the first place of a text in a file. */
void
ReplaceInFile(const std::string& path, const std::string& old, const std::string& by)
{
    std::string text = ReadTextFile(path);
    const std::size_t at = text.find(old);
    REQUIRE(at != std::string::npos);
    std::ofstream(path) << text.replace(at, old.size(), by);
}

} // namespace

TEST_SUITE("design report")
{
    TEST_CASE("The page counts what the tables of a search do")
    {
        const DesignFolder folder("page");
        const std::string directory = SearchInto(folder, SPACE, "out");
        const std::string html = WriteAndRead(directory);
        const CsvTable search = ReadCsvTable(directory + "/design-search.csv");
        const CsvTable front = ReadCsvTable(directory + "/front.csv");
        const CsvTable designs = ReadCsvTable(directory + "/design.csv");
        const auto statuses = CountTexts(search, "status");
        CHECK(search.rows.size() > 8);
        CHECK(statuses.at("front") == front.rows.size());

        const nlohmann::json data = GetDrawn(html).at("design");
        REQUIRE(data.at("designs").size() == search.rows.size());
        std::map<std::string, std::size_t> drawn;
        for (const auto& design : data.at("designs"))
        {
            ++drawn[data.at("statuses").at(design.at(4).get<std::size_t>())];
        }
        CHECK(drawn == statuses);

        const std::string body = GetBody(html);
        CHECK(body.find("Of " + std::to_string(designs.rows.size()) + " fabrics for 6 endpoints") !=
              std::string::npos);
        const std::string all = "<th scope=\"row\">all</th><td></td><td class=\"n\">";
        CHECK(body.find(all + std::to_string(designs.rows.size()) + "</td><td class=\"n\">" +
                        std::to_string(front.rows.size()) + "</td>") != std::string::npos);
        for (const auto& row : front.rows)
        {
            const std::string& name = row[FindColumn(front, "name")];
            const std::string fabric = "designs/" + name + ".yaml";
            CHECK(body.find("href=\"" + fabric + "\"") != std::string::npos);
            CHECK(fs::exists(directory + "/" + fabric));
        }
        // Each leads to its run's results, below the directory.
        std::size_t runs = 0;
        const std::string link = "href=\"runs/";
        for (std::size_t at = 0; (at = body.find(link, at)) != std::string::npos; ++runs)
        {
            at += 6;
            CHECK(fs::exists(directory + "/" + body.substr(at, body.find('"', at) - at) +
                             "summary.json"));
        }
        CHECK(runs == front.rows.size());
    }

    TEST_CASE("The page is the same bytes wherever the directory of the search lies")
    {
        const DesignFolder folder("moved");
        const std::string directory = SearchInto(folder, SPACE, "out");
        const std::string html = WriteAndRead(directory);
        CHECK(WriteAndRead(directory) == html);
        fs::rename(directory, folder.At("elsewhere"));
        CHECK(WriteAndRead(folder.At("elsewhere")) == html);
        CHECK(html.find(fs::current_path().string()) == std::string::npos);
    }

    TEST_CASE("Of mode bound the page has the limit that the search goes by")
    {
        const DesignFolder folder("limit");
        const std::string directory = SearchInto(folder, SPACE, "out");
        const DesignResults results = ReadDesignResults(directory);
        double least = 0; // that any design on the front takes
        for (const ReportedFrontDesign& one : results.front)
        {
            const double time = *results.designs[one.design].figures[1];
            least = least == 0 ? time : std::min(least, time);
        }
        std::size_t limits = 0;
        for (const ReportedDesign& design : results.designs)
        {
            if (design.mode == "bound" && design.status == "dominated")
            {
                ++limits;
                CHECK(*design.figures[1] >= least);
            }
        }
        CHECK(limits > 0);
    }

    TEST_CASE("A directory without a front is refused with what to do")
    {
        const DesignFolder folder("unsearched");
        const DesignRequest request = folder.Load(SPACE);
        WriteDesigns(request, ListDesigns(request), folder.At("out"));
        CHECK(IsDesignDirectory(folder.At("out")));
        CHECK(GetRefusal(folder.At("out")).find("there is no front.csv in it") !=
              std::string::npos);
        // Of another list than that which was searched, likewise.
        const std::string directory = SearchInto(folder, SPACE, "searched");
        CHECK(GetRefusal(directory) == "written");
        const DesignRequest other = folder.Load(AskFor("fat_tree"));
        WriteDesigns(other, ListDesigns(other), directory);
        CHECK(GetRefusal(directory).find("of other designs than design.csv") != std::string::npos);
        CHECK(!IsDesignDirectory(folder.At("nothing")));
    }

    TEST_CASE("No text of a page about designs lacks its Chinese")
    {
        const DesignFolder folder("chinese");
        const std::string time = "target: {figure: completion_time_ns, ";
        const std::vector<std::string> requests{
            AskFor("hyperx, torus, planes") + "planes: [2]\nseeds: [1, 2]\n",
            SPACE + "objectives: [cost_power_W]\nclosest: flow\n" + time + "within: 20 %}\n",
            SPACE + "objectives: [collective_busbw_GBps_mean]\naggregate: worst\nseeds: [1, 2]\n",
            SPACE + "objectives: [chips]\n" + time + "at_most: 1}\n",
            SPACE + "budget: 1ms\n",
            SPACE + "closest: flow\nsensitivity: 2\nchoices: {switch.queueing: [voq, fifo]}\n"};
        for (std::size_t i = 0; i < requests.size(); ++i)
        {
            const std::string directory = SearchInto(folder, requests[i], std::to_string(i));
            if (i == 0)
            {
                ReplaceInFile(directory + "/design-search.csv", "dominated,", "can't be run,");
            }
            CAPTURE(i);
            std::vector<std::string> missing;
            PhraseBook::Get().TranslateHtml(GetBody(WriteAndRead(directory)), &missing);
            CHECK(missing == std::vector<std::string>{});
        }
    }

    TEST_CASE("A search that is over before all is decided says so at the top")
    {
        const DesignFolder folder("budget");
        const std::string directory = SearchInto(folder, SPACE + "budget: 1ms\n", "out");
        const std::string body = GetBody(WriteAndRead(directory));
        const std::size_t warning = body.find("class=\"warning\">The budget was spent");
        CHECK(warning < body.find("<section"));
        CHECK(body.find("none is known to be on the front yet") != std::string::npos);
    }

    TEST_CASE("The cheapest design is told with what it takes beside a full fat tree")
    {
        const DesignFolder folder("told");
        const std::string directory =
            SearchInto(folder,
                       SPACE + "objectives: [cost_power_W]\n"
                               "target: {figure: completion_time_ns, within: 50 %}\n",
                       "out");
        const DesignResults results = ReadDesignResults(directory);
        REQUIRE(!results.front.empty());
        REQUIRE(results.reference);
        const ReportedDesign& best = results.designs[results.front.front().design];
        const ReportedDesign& full = results.designs[*results.reference];
        CHECK(*results.targets.front().limit == doctest::Approx(1.5 * *full.figures[1]));
        const std::string body = GetBody(WriteAndRead(directory));
        CHECK(body.find(results.GetCell(best, "name") +
                        " has the least power of those that hold the target: " +
                        FigureText("cost_power_W", *best.figures[0])) != std::string::npos);
        CHECK(body.find("less than that of the full fat tree " + results.GetCell(full, "name") +
                        ", " + FigureText("cost_power_W", *full.figures[0])) != std::string::npos);
    }

    TEST_CASE("What mode flow puts off the front by less than its error is in doubt")
    {
        DesignResults results;
        results.closest = "flow";
        results.errors = {{"fair", 0.01}, {"approximate", 0.3}};
        results.figures = {{"cost_power_W", true, false, false},
                           {"completion_time_ns", true, false, true}};
        const auto add = [&results](double power, double time, const char* status) {
            results.designs.push_back({{}, "flow", "fair", status, {power, time}, ""});
        };
        add(10, 1000, "front");
        add(10, 1005, "dominated"); // within the error of both
        add(10, 1050, "dominated"); // surely worse
        add(11, 1005, "dominated");
        results.front.push_back({0, "", "", ""});
        const FigureSpan span = FindSpan(results, results.designs[0], 1);
        CHECK(span.least == doctest::Approx(990));
        CHECK(span.most == doctest::Approx(1000 / 0.99));
        CHECK(FindSpan(results, results.designs[0], 0).least == 10);
        CHECK(FindDoubtful(results) == std::vector<std::size_t>{1, 3});
        CHECK(CountIndistinct(results, 1) == 0);
        results.front.push_back({1, "", "", ""});
        results.designs[1].status = "front";
        CHECK(CountIndistinct(results, 1) == 2);
        results.designs[1].status = "dominated";
        results.closest = "packet"; // whose quick figures decide within their errors alone
        CHECK(FindDoubtful(results).empty());
        results.designs[0].mode = "packet";
        CHECK(FindSpan(results, results.designs[0], 1).most == 1000);
    }

    TEST_CASE("A design that may miss its target in truth puts others in doubt")
    {
        DesignResults results;
        results.closest = "flow";
        results.errors = {{"approximate", 0.3}};
        results.figures = {{"cost_power_W", true, false, false},
                           {"completion_time_ns", false, false, true}};
        results.targets = {{1, true, 1200, {}}};
        results.designs = {{{}, "flow", "approximate", "front", {10, 1000}, ""},
                           {{}, "flow", "approximate", "dominated", {12, 1000}, ""},
                           {{}, "flow", "approximate", "beyond the target", {9, 1500}, ""},
                           {{}, "flow", "approximate", "beyond the target", {9, 2000}, ""}};
        results.front.push_back({0, "", "", ""});
        CHECK(!HoldsTargets(results, results.designs[0], true)); // up to 1,429
        CHECK(HoldsTargets(results, results.designs[2], false)); // from 1,050
        CHECK(FindDoubtful(results) == std::vector<std::size_t>{1, 2});
    }

    TEST_CASE("Figures are called and told as people do, in both languages")
    {
        CHECK(FigureText("cost_power_W", 41234) == "41.23\u00a0kW");
        CHECK(FigureText("cost_power_W", 31.9) == "31.9\u00a0W");
        CHECK(FigureText("completion_time_ns", 12779129) == "12.78\u00a0ms");
        CHECK(FigureText("training.mfu", 0.4567) == "45.7\u00a0%");
        CHECK(FigureText("chips", 1044) == "1,044");
        CHECK(FigureWords("no_such_figure") == "no_such_figure");
        for (const char* name : {"cost_power_W",
                                 "cost_area_mm2",
                                 "cost_chip_area_mm2",
                                 "cost_money",
                                 "chips",
                                 "cables",
                                 "optical_cables",
                                 "completion_time_ns",
                                 "collective_busbw_GBps_mean",
                                 "collective_duration_ns_max",
                                 "packet_latency_ns_p99",
                                 "accepted_load",
                                 "credit_stall_ns",
                                 "training.iteration_time_ns",
                                 "training.tokens_per_s"})
        {
            CheckTranslation(BestWords({name, true, true, true}));
        }
    }
}
