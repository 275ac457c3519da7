/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../measure/sample-results.h"
#include "measure/atomic-file.h"
#include "measure/result-tables.h"
#include "measure/result-writer.h"
#include "measure/text-file.h"
#include "report/human-text.h"
#include "report/report.h"

#include "ns3/mtlink-error.h"

#include <cctype>
#include <doctest/doctest.h>
#include <set>
#include <string>
#include <vector>

using namespace ns3::mtlink;

namespace
{

/**
 * @param [in] runs Runs.
 * @return the text of their report.
 */
std::string
Report(const std::vector<RunResults>& runs)
{
    const TemporaryDirectory directory;
    std::vector<std::string> directories;
    for (const auto& run : runs)
    {
        directories.push_back(directory.Path(std::to_string(directories.size())));
        WriteResults(run, directories.back());
    }
    WriteReport(directories, directory.Path("report.html"));
    return ReadTextFile(directory.Path("report.html"));
}

/**
 * @param [in] html A page.
 * @return the same without the text of its scripts and styles.
 */
std::string
WithoutScripts(std::string html)
{
    for (const std::string tag : {"script", "style"})
    {
        for (size_t at = html.find("<" + tag); at != std::string::npos;
             at = html.find("<" + tag, at + 1))
        {
            const size_t begin = html.find('>', at) + 1;
            html.erase(begin, html.find("</" + tag + ">", begin) - begin);
        }
    }
    return html;
}

/**
 * @param [in] page A page.
 * @return what is wrong with its tags; empty: every tag is closed in order, and every id is unique.
 */
std::string
FindFault(const std::string& page)
{
    const std::string html = WithoutScripts(page);
    const std::set<std::string> leaves{"!DOCTYPE", "meta", "br", "wbr"};
    std::vector<std::string> open;
    std::set<std::string> ids;
    for (size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1))
    {
        // A > in quotation marks does not end a tag.
        size_t end = at;
        bool quoted = false;
        for (; end < html.size() && (quoted || html[end] != '>'); ++end)
        {
            quoted ^= html[end] == '"';
        }
        if (end == html.size())
        {
            return "a tag does not end: " + html.substr(at, 60);
        }
        const std::string tag = html.substr(at + 1, end - at - 1);
        if (tag.empty() || tag.find('<') != std::string::npos)
        {
            return "a < is not escaped: " + tag;
        }
        const bool closes = tag[0] == '/';
        const std::string name = tag.substr(closes, tag.find_first_of(" \n/", 1) - closes);
        if (closes)
        {
            if (open.empty() || open.back() != name)
            {
                return "</" + name + "> does not fit";
            }
            open.pop_back();
        }
        else if (!leaves.contains(name) && tag.back() != '/')
        {
            open.push_back(name);
        }
        const size_t id = tag.find(" id=\"");
        if (id != std::string::npos)
        {
            const std::string value = tag.substr(id + 5, tag.find('"', id + 5) - id - 5);
            if (!ids.insert(value).second)
            {
                return "id " + value + " is not unique";
            }
        }
        at = end;
    }
    return open.empty() ? "" : "<" + open.back() + "> is not closed";
}

} // namespace

TEST_SUITE("report")
{
    TEST_CASE("the page is well formed for one run, for several, and for an empty one")
    {
        auto stopped = MakeSampleResults(8, 7, 2);
        stopped.complete = false;
        stopped.stopReason = "deadlock";
        stopped.collectives.back().end = NEVER;
        stopped.messages.back().end = NEVER;
        auto plain = MakeSampleResults(4, 3);
        plain.samples.clear();
        plain.packetLatency.reset();
        CHECK(FindFault(Report({MakeSampleResults(8, 14)})) == "");
        CHECK(FindFault(Report({MakeSampleResults(8, 14), stopped, plain, {}})) == "");
        CHECK(FindFault(Report({{}})) == "");
    }

    TEST_CASE("the page opens with the verdict: sentence, root, victims, what to try, notes")
    {
        const std::string html = WithoutScripts(Report({MakeSampleResults(4, 2)}));
        const size_t verdict = html.find("What held it up, and what to try");
        REQUIRE(verdict != std::string::npos);
        CHECK(verdict < html.find("<h2>Summary"));
        CHECK(html.find("switch0:1 is the &lt;root&gt;.") != std::string::npos);
        CHECK(html.find("gpu0 to gpu2") != std::string::npos);
        CHECK(html.find("--set fabric.taper=1") != std::string::npos);
        CHECK(html.find("one seed") != std::string::npos);
        RunResults older = MakeSampleResults(4, 2);
        older.verdict.reset();
        CHECK(WithoutScripts(Report({older})).find("What held it up, and what to try") ==
              std::string::npos);
    }

    TEST_CASE("the page asks for no other file, and forbids itself to")
    {
        const auto html = Report({MakeSampleResults(4, 3)});
        for (const char* foreign : {"src=", "<link", "@import", "url(", "fetch(", "XMLHttpRequest"})
        {
            CAPTURE(foreign);
            CHECK(html.find(foreign) == std::string::npos);
        }
        CHECK(html.find("content=\"default-src 'none';") != std::string::npos);
    }

    TEST_CASE("the licence of each library goes with it")
    {
        const auto html = Report({MakeSampleResults(4, 3)});
        const size_t licence = html.find("The MIT License (MIT)");
        const size_t library = html.find("var uPlot=");
        REQUIRE(licence != std::string::npos);
        REQUIRE(library != std::string::npos);
        CHECK(licence < library);
    }

    TEST_CASE("the page says what a run was and where it stopped")
    {
        auto run = MakeSampleResults(8, 14);
        run.complete = false;
        run.stopReason = "time limit of 1 s";
        const auto html = Report({run});
        for (const char* text : {"sample-8",
                                 "did not run to its end: time limit of 1 s",
                                 "all_reduce",
                                 "workload: {collective: all_reduce}",
                                 "switch:7",
                                 "Fullest queues",
                                 "prefers-color-scheme: dark"})
        {
            CAPTURE(text);
            CHECK(html.find(text) != std::string::npos);
        }
        const double ratio = GetBoundRatio(run.collectives.front());
        CHECK(html.find("</span></span>" + PercentText(1 / ratio)) != std::string::npos);
    }

    TEST_CASE("the cost model's area and power stand in the summary where they are known")
    {
        auto run = MakeSampleResults(4, 3);
        run.cost.reset();
        CHECK(WithoutScripts(Report({run})).find("by the cost model") == std::string::npos);
        run.cost = CostResult{};
        run.cost->area = 812.5;
        run.cost->power = 1234;
        const auto html = Report({run});
        CHECK(html.find("area by the cost model</th><td class=\"n\">812.5\u00a0mm\u00b2</td>") !=
              std::string::npos);
        CHECK(html.find("load by the cost model</th><td class=\"n\">1,234\u00a0W</td>") !=
              std::string::npos);
    }

    TEST_CASE("every table has a caption and headings")
    {
        const auto html =
            WithoutScripts(Report({MakeSampleResults(8, 14), MakeSampleResults(4, 3)}));
        const auto count = [&html](const std::string& text) {
            size_t found = 0;
            for (size_t at = html.find(text); at != std::string::npos; at = html.find(text, at + 1))
            {
                ++found;
            }
            return found;
        };
        CHECK(count("<table>") == count("<caption>"));
        CHECK(count("<table>") > 5);
        CHECK(count("<th>") == 0);
        CHECK(count("scope=\"row\"") > 20);
    }

    TEST_CASE("links named in tables can be found by the page's script")
    {
        auto run = MakeSampleResults(8, 14, 2);
        run.links[0].creditStall = 100;
        const auto html = Report({run, run});
        CHECK(html.find("<span data-run=\"0\" data-link=\"gpu0:0\">gpu0:0</span>") !=
              std::string::npos);
        CHECK(html.find("<span data-run=\"1\" data-link=\"gpu0:0\">gpu0:0</span>") !=
              std::string::npos);
    }

    TEST_CASE("runs side by side show the settings in which they differ, and no others")
    {
        auto one = MakeSampleResults(4, 3);
        auto two = one;
        one.experimentYaml = "name: a\nfabric: {kind: x, switch: {vcs: 1}}\nlist: [1, 2]\n";
        two.experimentYaml = "name: b\nfabric: {kind: x, switch: {vcs: 4}}\nlist: [1, 2]\n";
        for (RunResults* run : {&one, &two})
        {
            run->settings = {{"fabric.switch.vcs", "", "a.yaml:2", "", "", ""}};
        }
        const auto html = Report({one, two});
        const auto caption = html.find("Settings in which the runs differ");
        const auto row = html.find("<th scope=\"row\">fabric.switch.vcs</th><td>1</td><td>4</td>");
        CHECK(caption < row);
        CHECK(row != std::string::npos);
        CHECK(html.find("that differ</summary>") == std::string::npos);
        CHECK(html.find("<th scope=\"row\">fabric.kind</th>") == std::string::npos);
        CHECK(html.find("<th scope=\"row\">list</th>") == std::string::npos);
        CHECK(Report({one, one}).find("All runs have the same settings") != std::string::npos);
    }

    TEST_CASE("defaults in which runs side by side differ are folded")
    {
        auto one = MakeSampleResults(4, 3);
        auto two = one;
        one.experimentYaml = "fabric: {radix: 2, switch: {vcs: 1, buffer: 1B}}\n";
        two.experimentYaml = "fabric: {radix: 4, switch: {vcs: 4, buffer: 4B}}\n";
        one.settings = {{"fabric.radix", "2", "a.yaml:1", "", "", ""}};
        two.settings = {{"fabric.radix", "4", "b.yaml:1", "", "", ""}};
        const auto html = Report({one, two});
        const auto given = html.find("<th scope=\"row\">fabric.radix</th>");
        const auto fold = html.find("<summary>2\u00a0defaults that differ</summary>");
        const auto chosenByNobody = html.find("<th scope=\"row\">fabric.switch.vcs</th>");
        CHECK(given < fold);
        CHECK(fold < chosenByNobody);
        CHECK(chosenByNobody != std::string::npos);
    }

    TEST_CASE("runs side by side are named by what differs between them, where that is little")
    {
        auto one = MakeSampleResults(4, 3);
        auto two = one;
        auto three = one;
        const auto name =
            [](const std::string& text, const RunResults& run, const RunResults& other) {
                return Report({run, other}).find("<th scope=\"col\">" + text + "</th>") !=
                       std::string::npos;
            };
        one.experimentYaml =
            "name: a\nfabric: {switch: {vcs: 1}}\nworkloads: [{size: 1, root: 0}]\n";
        two.experimentYaml =
            "name: b\nfabric: {switch: {vcs: 4}}\nworkloads: [{size: 2, root: 0}]\n";
        CHECK(name("vcs 1, size 1", one, two));
        CHECK(name("vcs 4, size 2", one, two));
        // Parts of the same name are told by what is above them.
        two.experimentYaml = "a: {vcs: 2}\nb: {vcs: 3}\n";
        three.experimentYaml = "a: {vcs: 4}\nb: {vcs: 5}\n";
        CHECK(name("a.vcs 2, b.vcs 3", two, three));
        // Too much, or nothing: their names.
        three.experimentYaml = "a: {vcs: 4}\nb: {vcs: 5}\nc: 1\nd: 2\n";
        CHECK(!name("a.vcs 2, b.vcs 3", two, three));
        two.name = "second";
        CHECK(name("second", two, three));
    }

    TEST_CASE("each run's settings say where they come from, given ones before defaults")
    {
        const auto run = MakeSampleResults(4, 3);
        const auto html = Report({run});
        CHECK(html.find("<details open><summary>1\u00a0setting given</summary>") !=
              std::string::npos);
        // What the experiment and the reference say is nobody's to translate.
        const auto row = [](const std::string& head, const std::vector<std::string>& cells) {
            const auto keep = [](const std::string& cell) {
                return "<span translate=\"no\">" + cell + "</span>";
            };
            std::string text = "<th scope=\"row\">" + keep(head) + "</th>";
            for (const std::string& cell : cells)
            {
                text += "<td>" + keep(cell) + "</td>";
            }
            return text;
        };
        CHECK(html.find(row("<small>fabric.</small><wbr>endpoints",
                            {"4",
                             "sample.yaml:3",
                             "vendor",
                             "vendor: a data sheet",
                             "Number of endpoints."})) != std::string::npos);
        CHECK(html.find("<details><summary>1\u00a0default</summary>") != std::string::npos);
        CHECK(html.find(row("<small>fabric.link.</small><wbr>flit",
                            {"64B", "assumed", "Bytes of a flit. Assumed."})) != std::string::npos);
        CHECK(Report({run, run}).find(":\u00a01\u00a0setting given") != std::string::npos);
    }

    TEST_CASE("a run of an earlier version has no settings, and the page says so")
    {
        auto run = MakeSampleResults(4, 3);
        run.settings.clear();
        const auto html = Report({run});
        CHECK(html.find("The run has no settings.csv") != std::string::npos);
        CHECK(html.find("Experiment as run") != std::string::npos);
    }

    TEST_CASE("traffic classes have a table where a run has several")
    {
        auto run = MakeSampleResults(4, 3);
        CHECK(WithoutScripts(Report({run})).find("Traffic classes") == std::string::npos);
        run.classes = {{0, 5, 50, 2048, 1.5, {1000, 900, 2000, 2100, 2200}}, {1, 0, 0, 0, 0, {}}};
        const auto html = Report({run});
        CHECK(html.find("Traffic classes") != std::string::npos);
        CHECK(html.find("<th scope=\"row\">0</th><td class=\"n\">5</td><td class=\"n\">50</td>") !=
              std::string::npos);
        // What delivered no packet has no latency.
        CHECK(html.find("<th scope=\"row\">1</th><td class=\"n\">0</td><td class=\"n\">0</td>"
                        "<td class=\"n\">0\u00a0B</td><td class=\"n\">0</td>"
                        "<td class=\"n\">\u2013</td>") != std::string::npos);
        CHECK(Report({run, run}).find("Traffic classes") != std::string::npos);
    }

    TEST_CASE("values from outside are escaped wherever they stand")
    {
        const std::string evil = "<img src=x onerror='1'>\"&";
        auto run = MakeSampleResults(4, 3);
        run.name = evil;
        run.fabricKind = evil;
        run.mode = evil;
        run.complete = false;
        run.stopReason = evil;
        run.ns3Version = evil;
        run.experimentYaml = evil;
        run.collectives[0].name = evil;
        run.collectives[0].algorithm = evil;
        run.links[0].name = evil;
        run.links[0].to = evil;
        run.links[0].creditStall = 1;
        run.congestion.push_back({evil, evil, 100, 1});
        run.settings[0] = {evil, evil, evil, evil, evil, evil};
        run.queues[0].node = evil;
        run.queues[0].link = evil;
        for (const auto& html : {Report({run}), Report({run, run})})
        {
            CHECK(FindFault(html) == "");
            CHECK(html.find("<img") == std::string::npos);
            CHECK(WithoutScripts(html).find("onerror='") == std::string::npos);
            CHECK(html.find("&lt;img src=x onerror=&#39;1&#39;&gt;&quot;&amp;") !=
                  std::string::npos);
        }
    }

    TEST_CASE("what is drawn of a large run is bounded, and the page says so")
    {
        auto run = MakeSampleResults(1024, 6);
        for (uint32_t id = 4; id < 3000; ++id)
        {
            run.collectives.push_back(run.collectives[id % 4]);
            run.collectives.back().id = id;
        }
        const auto html = Report({run});
        CHECK(html.size() < 4000000);
        for (const char* text : {"\"ranks_per_row\":16",
                                 "\"links_all\":2048",
                                 "\"collectives_all\":3000",
                                 "share a line",
                                 "15 of 1,024 shown; all are in queues.csv"})
        {
            CAPTURE(text);
            CHECK(html.find(text) != std::string::npos);
        }
    }

    TEST_CASE("the same runs give the same page")
    {
        const TemporaryDirectory directory;
        WriteResults(MakeSampleResults(8, 14), directory.Path("a"));
        WriteReport({directory.Path("a")}, directory.Path("1.html"));
        WriteReport({directory.Path("a")}, directory.Path("2.html"));
        CHECK(ReadTextFile(directory.Path("1.html")) == ReadTextFile(directory.Path("2.html")));
    }

    TEST_CASE("what can't be read is an InputError, what can't be written a WriteError")
    {
        const TemporaryDirectory directory;
        CHECK_THROWS_AS(WriteReport({}, directory.Path("a.html")), InputError);
        CHECK_THROWS_AS(WriteReport({directory.Path("none")}, directory.Path("a.html")),
                        InputError);
        WriteResults({}, directory.Path("a"));
        CHECK_THROWS_AS(WriteReport({directory.Path("a")}, directory.Path("none/a.html")),
                        WriteError);
    }
}
