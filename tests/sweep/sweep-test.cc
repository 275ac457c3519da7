/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../dice.h"
#include "measure/csv.h"
#include "measure/figures.h"
#include "measure/result-reader.h"
#include "measure/statistics.h"
#include "measure/text-file.h"
#include "scratch.h"
#include "sweep/sweep-designs.h"
#include "sweep/sweep-run.h"
#include "sweep/sweep-tables.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <filesystem>
#include <string>
#include <vector>

using namespace ns3::mtlink;

namespace
{

namespace fs = std::filesystem;

Sweep
Load(const std::string& text)
{
    const Scratch scratch("load");
    return LoadSweep(scratch.Write("s.yaml", text));
}

/** @return why a sweep is refused, without the file's name. */
std::string
GetMessage(const std::string& text)
{
    try
    {
        Load(text);
    }
    catch (const InputError& error)
    {
        const std::string what = error.what();
        return what.substr(what.find(':') + 1);
    }
    return "accepted";
}

std::vector<std::string>
Describe(const Sweep& sweep)
{
    std::vector<std::string> points;
    for (const SweepPoint& point : sweep.points)
    {
        points.push_back(DescribePoint(sweep, point));
    }
    return points;
}

} // namespace

TEST_SUITE("sweep")
{
    TEST_CASE("a grid is every combination, its last key going fastest")
    {
        const Sweep sweep = Load(BASE + "grid:\n"
                                        "  fabric.endpoints: [4, 6]\n"
                                        "  workload.size: [1KiB, 2KiB]\n");
        CHECK(Describe(sweep) ==
              std::vector<std::string>{"fabric.endpoints=4, workload.size=1KiB",
                                       "fabric.endpoints=4, workload.size=2KiB",
                                       "fabric.endpoints=6, workload.size=1KiB",
                                       "fabric.endpoints=6, workload.size=2KiB"});
        CHECK(sweep.points[3].name.rfind("endpoints-6-size-2KiB-", 0) == 0);
        CHECK(ReadPoint(sweep, sweep.points[3]).endpoints == 6);
    }

    TEST_CASE(
        "listed points are combined with the grid, and what a point does not set is the base's")
    {
        const Sweep sweep = Load(BASE + "points:\n"
                                        "  - {fabric.endpoints: 6, workload.algorithm: ring}\n"
                                        "  - {fabric.endpoints: 8}\n"
                                        "grid: {workload.size: [1KiB, 2KiB]}\n");
        REQUIRE(sweep.points.size() == 4);
        CHECK(sweep.keys ==
              std::vector<std::string>{"fabric.endpoints", "workload.algorithm", "workload.size"});
        CHECK(sweep.points[1].cells == std::vector<std::string>{"6", "ring", "2KiB"});
        CHECK(sweep.points[2].cells == std::vector<std::string>{"8", "", "1KiB"});
    }

    TEST_CASE("seeds make a run each of every point, in a directory of its own")
    {
        const Sweep sweep = Load(BASE + "grid: {workload.size: [1KiB, 2KiB]}\nseeds: [7, 3]\n");
        REQUIRE(sweep.jobs.size() == 4);
        CHECK(sweep.jobs[2].point == 1);
        CHECK(sweep.jobs[2].seed == 7);
        CHECK(GetJobDirectory(sweep, sweep.jobs[3]) ==
              "points/" + sweep.points[1].name + "/seed-3");
        CHECK(ReadPoint(sweep, sweep.points[0], 3).seed == 3);
    }

    TEST_CASE("paths in a sweep are relative to it, those in its base to that")
    {
        const Scratch scratch("paths");
        fs::create_directories(scratch.At("below"));
        scratch.Write("mesh.yaml", "kind: full_mesh\nendpoints: 4\n");
        scratch.Write("below/mesh.yaml", "kind: full_mesh\nendpoints: 5\n");
        scratch.Write("below/base.yaml",
                      "fabric: mesh.yaml\nworkload: {collective: all_reduce, size: 1KiB}\n");
        const Sweep first =
            LoadSweep(scratch.Write("s.yaml", "base: below/base.yaml\nseeds: [1]\n"));
        CHECK(ReadPoint(first, first.points[0]).endpoints == 5);
        const Sweep second = LoadSweep(
            scratch.Write("s.yaml", "base: below/base.yaml\ngrid: {fabric: [mesh.yaml]}\n"));
        CHECK(ReadPoint(second, second.points[0]).endpoints == 4);
        CHECK(second.points[0].name.rfind("fabric-mesh-", 0) == 0);
    }

    TEST_CASE("what can't be is refused with its place before anything runs")
    {
        const struct
        {
            const char* text;
            const char* message;
        } refused[]{
            {"gird: {workload.size: [1KiB]}\n",
             "4:1: error: unknown key 'gird' in sweep: did you mean 'grid'? Valid: name, base, "
             "grid, points, scenarios, designs, aggregate, seeds"},
            {"name: ../a\nseeds: [1]\n",
             "4:7: error: '../a' can't be a name, which also names the results directory: use "
             "letters, digits, '-', '_' and '.', a letter or digit first"},
            {"",
             "1:1: error: the sweep lacks the keys 'grid', 'points', 'scenarios' and 'seeds', as "
             "in "
             "'grid: {fabric.switch.buffer: [16KiB, 64KiB]}': give at least one"},
            {"grid: {workload.size: 1KiB}\n",
             "4:8: error: 'workload.size' in grid should be a list of values, as [16KiB, 64KiB]"},
            {"grid: {workload.size: []}\n",
             "4:8: error: 'workload.size' in grid should be a list of values, as [16KiB, 64KiB]"},
            {"grid: {workload.size: [1KiB, 1KiB]}\n",
             "4:30: error: 1KiB is here a second time: keep one"},
            {"grid: {workload.sise: [1KiB]}\n",
             "4:17: error: unknown key 'sise' in workload: did you mean 'size'? Valid: name, "
             "start, traffic_class, "
             "ranks, collective, algorithm, counts, size, repeat, root, channels, chunk (so in "
             "every point)"},
            {"grid: {workload.size.big: [1KiB]}\n",
             "4:22: error: 'big' can't be below 'workload.size', which is a single value (so in "
             "every point)"},
            {"grid: {workload.size: [1KiB, 1kib]}\n", "4:30: error: "},
            {"grid: {name: [a, b]}\n",
             "4:8: error: 'name' can't be swept: points are named by their values"},
            {"grid: {simulation.seed: [1, 2]}\nseeds: [1]\n",
             "4:8: error: 'simulation.seed' is given by 'seeds' already: keep one of them"},
            {"seeds: [1, 0]\n", "4:12: error: 0 is out of range: give 1 to 4294944442"},
            {"seeds: [2, 2]\n", "4:12: error: seed 2 is here a second time: keep one"},
            {"points: [{workload.size: 1KiB}]\ngrid: {workload.size: [2KiB]}\n",
             "4:11: error: 'workload.size' is in the grid already: keep it in one of them"},
            {"points: []\n",
             "4:9: error: points should be a list of mappings, as [{workload.load: 0.5, "
             "fabric.switch.buffer: 16KiB}]"},
            {"points: [{workload.size: 1KiB}, {workload.size: 1KiB}]\n",
             "4:33: error: this point is here a second time: keep one"},
            {"points: [{fabric.endpoints: 4, workload.size: 1KiB}, "
             "{workload.size: 1KiB, fabric.endpoints: 4}]\n",
             "4:54: error: this point is here a second time: keep one"},
            {"grid: {}\n",
             "4:7: error: grid is empty: give keys and their values, as {fabric.switch.buffer: "
             "[16KiB, 64KiB]}, or leave it out"},
            {"scenarios: {workload.size: []}\n",
             "4:13: error: 'workload.size' in scenarios should be a list of values, as [16KiB, "
             "64KiB]"},
            {"scenarios: {workload.size: [1KiB, 1KiB]}\n",
             "4:35: error: 1KiB is here a second time: keep one"},
            {"scenarios: {workload.sise: [1KiB]}\n",
             "4:22: error: unknown key 'sise' in workload: "},
            {"grid: {workload.size: [1KiB]}\nscenarios: {workload.size: [2KiB]}\n",
             "5:13: error: 'workload.size' is in the grid already: keep it in one of them"},
            {"points: [{workload.size: 1KiB}]\nscenarios: {workload.size: [2KiB]}\n",
             "4:11: error: 'workload.size' is in the scenarios already: keep it in one of them"},
            {"grid: {workload.size: [1KiB]}\ndesigns: [workload.sise]\n",
             "5:11: error: unknown key 'workload.sise' of grid and points: did you mean "
             "'workload.size'? "
             "Valid: workload.size"},
            {"grid: {workload.size: [1KiB]}\ndesigns: [workload.size, workload.size]\n",
             "5:26: error: workload.size is here a second time: keep one"},
            {"grid: {workload.size: [1KiB]}\ndesigns: []\n",
             "5:10: error: designs should be a list of keys of grid or points, as "
             "[workload.algorithm]"},
            {"scenarios: {workload.size: [1KiB]}\ndesigns: [workload.size]\n",
             "5:11: error: 'workload.size' is in the scenarios already: what is varied under "
             "'scenarios' is no design; move it to the grid"},
            {"seeds: [1]\ndesigns: [workload.size]\n",
             "5:11: error: designs are keys of grid or points, and there is neither"},
            {"grid: {simulation.seed: [1, 2]}\ndesigns: [simulation.seed]\n",
             "5:11: error: seeds are no designs: figures are taken over all of them"},
            {"seeds: [1]\naggregate: best\n",
             "5:12: error: unknown aggregate 'best'; valid: mean, worst"},
        };

        for (const auto& one : refused)
        {
            CAPTURE(one.text);
            const std::string message = GetMessage(BASE + one.text);
            const std::string wanted = one.message;
            const bool isPart = wanted.size() > 6 && wanted.substr(wanted.size() - 2) == ": ";
            CHECK((isPart ? message.substr(0, wanted.size()) : message) == wanted);
        }
        CHECK(GetMessage("grid: {workload.size: [1KiB]}\n") ==
              "1:1: error: the sweep lacks the key 'base', as in 'base: experiment.yaml'");
        CHECK(GetMessage("base: no-such.yaml\nseeds: [1]\n").find("1:7: error: there is no file") ==
              0);
    }

    TEST_CASE("a value that no point accepts is refused, a combination that can't be is kept")
    {
        // Rank 5 is on a mesh of 6, not on one of 4; rank 9 is on none.
        const std::string grid = "grid:\n"
                                 "  fabric.endpoints: [4, 6]\n"
                                 "  workload.ranks: [[0, 1], [0, 5]]\n";
        const Sweep sweep = Load(BASE + grid);
        REQUIRE(sweep.points.size() == 4);
        CHECK(sweep.points[0].refused.empty());
        CHECK(!sweep.points[1].refused.empty());
        CHECK(sweep.points[3].refused.empty());
        const std::string message = GetMessage(BASE + "grid:\n"
                                                      "  fabric.endpoints: [4, 6]\n"
                                                      "  workload.ranks: [[0, 1], [0, 9]]\n");
        CHECK(message.find("(so in every point with workload.ranks=[0, 9])") != std::string::npos);
    }

    TEST_CASE("the content of a point is all that decides its results, wherever it stands")
    {
        const auto contents = [](const std::string& text) {
            std::vector<std::string> all;
            for (const SweepJob& job : Load(text).jobs)
            {
                all.push_back(job.content);
            }
            return all;
        };
        const auto first = contents(BASE + "grid: {workload.size: [1KiB, 2KiB]}\n");
        CHECK(first[0] != first[1]);
        // Another order, another value between, a key that is the base's, another name.
        CHECK(contents("# a comment\nname: other\n" + BASE +
                       "grid: {workload.size: [2KiB, 512B, 1KiB], fabric.endpoints: [4]}\n") ==
              std::vector<std::string>{first[1],
                                       contents(BASE + "grid: {workload.size: [512B]}\n")[0],
                                       first[0]});
        const auto seeds = contents(BASE + "grid: {workload.size: [1KiB]}\nseeds: [1, 2]\n");
        CHECK(seeds[0] == first[0]); // the base's seed
        CHECK(seeds[1] != first[0]);
        CHECK(contents(BASE + "  simulation: {stop: 1s}\ngrid: {workload.size: [1KiB]}\n") !=
              std::vector<std::string>{first[0]});
        // The name of a point's directory stays with it.
        CHECK(Load(BASE + "grid: {workload.size: [512B, 1KiB]}\n").points[1].name ==
              Load(BASE + "grid: {workload.size: [1KiB]}\n").points[0].name);
    }

    TEST_CASE("what is below a key is set after it, whatever their order in the file")
    {
        const Sweep sweep = Load(BASE + "grid:\n"
                                        "  fabric.endpoints: [5, 6]\n"
                                        "  fabric: [{kind: full_mesh, endpoints: 4}]\n");
        CHECK(ReadPoint(sweep, sweep.points[0]).endpoints == 5);
        CHECK(ReadPoint(sweep, sweep.points[1]).endpoints == 6);
    }

    TEST_CASE("keys of the workload in the grid are scenarios unless they are called designs")
    {
        const std::string grid = "grid: {fabric.endpoints: [4, 6], workload.size: [1KiB, 2KiB], "
                                 "workload.algorithm: [ring, direct]}\n";
        const Sweep all = Load(BASE + grid + "scenarios: {measure.links: [all, 10]}\n");
        CHECK(ListScenarioKeys(all) ==
              std::vector<std::string>{"workload.size", "workload.algorithm", "measure.links"});
        CHECK(all.designs.size() == 2);
        CHECK(all.scenarios == 8);
        CHECK(all.designs[1].points.size() == 8);
        const Sweep some = Load(BASE + grid + "designs: [workload.algorithm]\n");
        REQUIRE(some.designs.size() == 4);
        CHECK(some.scenarios == 2);
        CHECK(some.designs[1].cells == std::vector<std::string>{"4", "", "direct"});
        // What is listed belongs together: it is a design, seeds are never.
        const Sweep listed = Load(BASE + "points: [{fabric.endpoints: 4, workload.algorithm: ring},"
                                         " {fabric.endpoints: 6, workload.algorithm: direct}]\n"
                                         "grid: {simulation.seed: [1, 2, 3]}\n");
        CHECK(listed.designs.size() == 2);
        CHECK(listed.scenarios == 3);
        const std::string traffic = "points: [{workload.size: 1KiB, workload.algorithm: ring}, "
                                    "{workload.size: 2KiB, workload.algorithm: direct}]\n"
                                    "grid: {fabric.endpoints: [4, 6]}\n";
        CHECK(Load(BASE + traffic).designs.size() == 2);
        CHECK(Load(BASE + traffic).scenarios == 2);
        CHECK(Load(BASE + traffic + "designs: [workload.algorithm]\n").designs.size() == 4);
    }

    TEST_CASE("a design has the mean of its scenarios' means, or the worst of its runs")
    {
        const std::string text = BASE + "grid: {fabric.endpoints: [4, 6, 8]}\n"
                                        "scenarios: {workload.size: [1KiB, 2KiB]}\n"
                                        "seeds: [1, 2]\n";
        const Sweep mean = Load(text);
        const Sweep worst = Load(text + "aggregate: worst\n");
        const auto indexOf = [](const std::string& name) {
            const auto& figures = GetFigures();
            return static_cast<std::size_t>(
                std::find_if(figures.begin(),
                             figures.end(),
                             [&name](const Figure& figure) { return figure.name == name; }) -
                figures.begin());
        };
        const std::size_t time = indexOf("completion_time_ns");
        const std::size_t bandwidth = indexOf("collective_busbw_GBps_mean");
        const std::size_t events = indexOf("events");
        std::vector<std::optional<JobOutcome>> outcomes(12);
        for (std::size_t i = 0; i < outcomes.size(); ++i)
        {
            std::vector<std::optional<double>> figures(GetFigures().size());
            figures[time] = figures[bandwidth] = figures[events] =
                static_cast<double>(std::vector{1, 3, 10, 14}[i % 4]);
            outcomes[i] = {JobStatus::DONE, "", figures, {}};
            outcomes[i]->saturated = i == 0;
        }
        outcomes[3]->figures[events].reset(); // of the first design
        outcomes[7].reset();                  // not over, of the second
        const auto means = GetDesignFigures(mean, outcomes);
        CHECK(*means[0].figures[time] == 7);
        CHECK(!means[0].figures[events]); // that others have of all runs
        CHECK(!means[1].figures[time]);
        CHECK(*means[2].figures[events] == 7);
        CHECK(!means[2].figures[indexOf("offered_load")]);
        CHECK(means[0].done == 4);
        CHECK(means[0].saturated == 1);
        CHECK(means[1].done == 3);
        CHECK(means[1].runs == 4);
        const auto worsts = GetDesignFigures(worst, outcomes);
        CHECK(*worsts[0].figures[time] == 14);     // the less the better
        CHECK(*worsts[0].figures[bandwidth] == 1); // the more
        CHECK(*worsts[2].figures[events] == 7);    // neither
    }

    TEST_CASE("a sweep that grows runs what is new, and tells what is no longer its own")
    {
        const Scratch scratch("grow");
        std::size_t runs = 0;
        SweepFound found;
        SweepOptions options;
        options.resume = true;
        options.onEnd = [&](const SweepJob&, const JobOutcome&) { ++runs; };
        options.onOpen = [&](const SweepFound& there) { found = there; };
        const auto run = [&](const std::string& text, const std::string& directory) {
            runs = 0;
            RunSweep(LoadSweep(scratch.Write("s.yaml", text)), scratch.At(directory), options);
        };
        const std::string seeds = "seeds: [1]\n";
        run(BASE + "grid: {workload.size: [1KiB, 4KiB]}\n" + seeds, "grown");
        CHECK(runs == 2);
        const std::string three = BASE + "grid: {workload.size: [1KiB, 2KiB, 4KiB]}\n" + seeds;
        run(three, "grown");
        CHECK(runs == 1); // that of 2KiB
        CHECK(found.over == 2);
        CHECK(found.others == 0);
        run(three, "whole");
        CHECK(runs == 3);
        for (const char* file : {"/sweep.csv", "/sweep-means.csv", "/designs.csv"})
        {
            CHECK(ReadTextFile(scratch.At("grown") + file) ==
                  ReadTextFile(scratch.At("whole") + file));
        }
        // A key more, with the value that it had: nothing is new.
        run(BASE + "grid: {workload.size: [1KiB, 2KiB, 4KiB], fabric.endpoints: [4]}\n" + seeds,
            "grown");
        CHECK(runs == 0);
        // A value and the seeds are gone: their runs stay, and are in no table.
        run(BASE + "grid: {workload.size: [4KiB]}\n", "grown");
        CHECK(runs == 0);
        CHECK(found.over == 1);
        CHECK(found.others == 2);
        CsvReader csv(scratch.At("grown/sweep.csv"));
        CHECK(csv.NextRow());
        CHECK(!csv.NextRow());
        CHECK(!fs::exists(scratch.At("grown/sweep-means.csv")));
        // Another base is other content.
        run("base:\n  fabric: {kind: full_mesh, endpoints: 5}\n"
            "  workload: {collective: all_reduce, size: 4KiB}\ngrid: {workload.size: [4KiB]}\n",
            "grown");
        CHECK(runs == 1);
        CHECK(found.others == 3);
        // And back: it is there.
        run(three, "grown");
        CHECK(runs == 0);
        // Another sweep is kept out of it.
        CHECK_THROWS_WITH(run("name: other\n" + BASE + seeds, "grown"),
                          (scratch.At("grown") + " holds results of another sweep, 's', and this "
                                                 "is 'other': give another directory with -o, or "
                                                 "the same name in the file")
                              .c_str());
    }

    TEST_CASE("points of the same content are run once, and each has its row")
    {
        const Scratch scratch("same");
        scratch.Write("a.yaml", "kind: full_mesh\nendpoints: 4\n");
        scratch.Write("b.yaml", "kind: full_mesh\nendpoints: 4\n");
        const Sweep sweep =
            LoadSweep(scratch.Write("s.yaml", BASE + "grid: {fabric: [a.yaml, b.yaml]}\n"));
        SweepOptions options;
        options.processes = 2;
        const SweepOutcome outcome = RunSweep(sweep, scratch.At("out"), options);
        REQUIRE(outcome.outcomes[1]);
        CHECK(outcome.outcomes[1]->status == JobStatus::DONE);
        CHECK(outcome.outcomes[1]->figures == outcome.outcomes[0]->figures);
        CHECK(outcome.outcomes[1]->directory == outcome.outcomes[0]->directory);
    }

    TEST_CASE("a value all of whose points are refused as they are built is refused first")
    {
        const Scratch scratch("built");
        const std::string base = "base:\n"
                                 "  fabric: {kind: torus, dimensions: [4, 4]}\n"
                                 "  workload: {collective: all_reduce, size: 1KiB}\n";
        const std::string file = scratch.Write(
            "s.yaml",
            base + "grid: {workload.size: [1KiB, 2KiB], fabric.switch.vcs: [4, 1]}\n");
        const Sweep sweep = LoadSweep(file);
        CHECK_THROWS_WITH_AS(
            RunSweep(sweep, scratch.At("out"), {}),
            (file + ":4:60: error: switch.vcs: this routing needs at least 2 "
                    "virtual channels, not 1: give 'switch.vcs: 2' in the fabric, "
                    "or --set fabric.switch.vcs=2 (so in every point with fabric.switch.vcs=1)")
                .c_str(),
            InputError);
        CHECK(!fs::exists(scratch.At("out")));
    }

    TEST_CASE("the same bytes whatever the number of processes, and jobs that can't be are told")
    {
        const Scratch scratch("run");
        const Sweep sweep = LoadSweep(scratch.Write("s.yaml",
                                                    BASE + "grid:\n"
                                                           "  fabric.endpoints: [4, 6]\n"
                                                           "  workload.ranks: [[0, 1], [0, 5]]\n"
                                                           "  simulation.stop: [1s, 10ns]\n"
                                                           "seeds: [1, 2]\n"));
        SweepOptions options;
        std::vector<std::string> ends;
        options.onEnd = [&](const SweepJob&, const JobOutcome& outcome) {
            ends.push_back(GetStatusName(outcome.status));
        };
        const SweepOutcome one = RunSweep(sweep, scratch.At("one"), options);
        CHECK(ends.size() == 12); // the others are refused before
        options.processes = 3;
        RunSweep(sweep, scratch.At("three"), options);
        for (const char* file : {"/sweep.csv", "/sweep-means.csv"})
        {
            CHECK(ReadTextFile(scratch.At("one") + file) ==
                  ReadTextFile(scratch.At("three") + file));
        }
        CsvReader csv(scratch.At("one/sweep.csv"));
        const std::vector<std::string> wanted{"done",
                                              "done",
                                              "incomplete",
                                              "incomplete",
                                              "refused",
                                              "refused",
                                              "refused",
                                              "refused"};
        for (std::size_t i = 0; i < 16; ++i)
        {
            REQUIRE(csv.NextRow());
            CHECK(csv.GetCell(csv.GetColumn("point")).AsUnsigned() == i / 2 + 1);
            CHECK(csv.GetCell(csv.GetColumn("seed")).AsUnsigned() == i % 2 + 1);
            const std::string status = csv.GetCell(csv.GetColumn("status")).AsText();
            CHECK(status == (i < 8 ? wanted[i] : wanted[i % 4]));
            CHECK(csv.GetCell(csv.GetColumn("message")).IsEmpty() == (status == "done"));
            CHECK(csv.GetCell(csv.GetColumn("completion_time_ns")).IsEmpty() == (status != "done"));
        }
        CHECK(!csv.NextRow());

        // A directory is taken again only when told so, and only by the same sweep.
        CHECK_THROWS_WITH(RunSweep(sweep, scratch.At("one"), options),
                          (scratch.At("one") +
                           " holds results of this sweep: go on with them with --resume, which "
                           "runs what is not done yet; else give another directory with -o, or "
                           "remove it")
                              .c_str());
        options.resume = true;
        ends.clear();
        RunSweep(sweep, scratch.At("one"), options);
        CHECK(ends.empty()); // all is over
    }

    TEST_CASE("a sweep has the figures of trainings, and what if only where it is asked for")
    {
        const Scratch scratch("training");
        const Sweep sweep = LoadSweep(scratch.Write(
            "s.yaml",
            "base:\n"
            "  fabric: {kind: full_mesh, endpoints: 4, link: {rate: 100Gbps}}\n"
            "  workload:\n"
            "    training:\n"
            "      model: {layers: 2, hidden: 64, heads: 4, vocabulary: 64}\n"
            "      batch: {sequence: 32, global: 4}\n"
            "      device: {peak: {bf16: 1Tflops}, memory: {efficiency: 1, size: 1GB, rate: "
            "100GBps}, matmul: {efficiency: 0.5}, attention: {forward: 0.5, backward: "
            "0.5}, launch: 1us}\n"
            "grid: {measure.what_if: [auto, true]}\n"));
        RunSweep(sweep, scratch.At("out"), {});
        CsvReader csv(scratch.At("out/sweep.csv"));
        CsvReader costs(scratch.At("out/sweep-costs.csv"));
        for (const std::size_t rows : {0U, 4U})
        {
            REQUIRE(csv.NextRow());
            REQUIRE(costs.NextRow());
            CHECK(csv.GetCell(csv.GetColumn("training.mfu")).AsNumber() > 0);
            CHECK(csv.GetCell(csv.GetColumn("training.iteration_time_ns")).AsNumber() > 0);
            const std::string point = costs.GetCell(costs.GetColumn("directory")).AsText();
            CHECK(csv.GetCell(csv.GetColumn("directory")).AsText() == point);
            const auto run = ReadFigures(scratch.At("out/" + point));
            REQUIRE(run.results.training);
            CHECK(run.results.training->whatIf.size() == rows);
        }
    }

    TEST_CASE("each point of a sweep has the layout that is best there")
    {
        const Scratch scratch("layouts");
        const Sweep sweep = LoadSweep(scratch.Write(
            "s.yaml",
            "base:\n"
            "  fabric: {kind: full_mesh, endpoints: 4, link: {rate: 100Gbps}}\n"
            "  workload:\n"
            "    training:\n"
            "      model: {layers: 2, hidden: 64, heads: 4, vocabulary: 64}\n"
            "      batch: {sequence: 32, global: 4}\n"
            "      parallel: auto\n"
            "      device: {peak: {bf16: 1Tflops}, memory: {efficiency: 1, size: 1GB, rate: "
            "100GBps}, matmul: {efficiency: 0.5}, attention: {forward: 0.5, backward: "
            "0.5}, launch: 1us}\n"
            "grid: {fabric.link.rate: [1Gbps, 100Gbps], workload.parallel: [auto, {tensor: "
            "1}]}\n"));
        RunSweep(sweep, scratch.At("out"), {});
        CsvReader csv(scratch.At("out/sweep.csv"));
        std::vector<double> times;
        while (csv.NextRow())
        {
            times.push_back(csv.GetCell(csv.GetColumn("training.iteration_time_ns")).AsNumber());
        }
        REQUIRE(times.size() == 4);
        CHECK(times[0] < times[1]); // slow links: gradients of all weights take long
        CHECK(times[2] <= times[3]);
    }

    TEST_CASE("means over seeds count the runs that are done, and those that have the figure")
    {
        const Sweep sweep = Load(BASE + "seeds: [1, 2, 3]\n");
        std::vector<std::optional<JobOutcome>> outcomes(3);
        const std::size_t figures = GetPointMeans(sweep, outcomes)[0].figures.size();
        CHECK(GetPointMeans(sweep, outcomes)[0].done == 0);
        outcomes[0] = {JobStatus::DONE, "", std::vector<std::optional<double>>(figures, 1.0), {}};
        outcomes[0]->saturated = true;
        outcomes[1] = {JobStatus::INCOMPLETE,
                       "stopped",
                       std::vector<std::optional<double>>(figures, 100.0),
                       {}};
        outcomes[2] = {JobStatus::DONE, "", std::vector<std::optional<double>>(figures, 3.0), {}};
        outcomes[2]->figures[1].reset();
        const PointMeans means = GetPointMeans(sweep, outcomes)[0];
        CHECK(means.done == 2);
        CHECK(means.openLoop == 1);
        CHECK(means.saturated == 1);
        CHECK(means.figures[0]->mean == 2);
        CHECK(*means.figures[0]->halfWidth == doctest::Approx(12.706205).epsilon(1e-6));
        CHECK(means.figures[1]->mean == 1);
        CHECK(!means.figures[1]->halfWidth);
    }

    TEST_CASE("the sweeps of the studies can be read, and none of their points is refused")
    {
        constexpr uint32_t SWEEPS = 22;
        std::vector<std::string> sweeps;
        for (const auto& entry :
             std::filesystem::recursive_directory_iterator(MTLINK_SOURCE_DIR "/examples/studies"))
        {
            const std::string path = entry.path().string();
            if (entry.path().extension() == ".yaml" && IsSweep(LoadYaml(path)))
            {
                sweeps.push_back(path);
            }
        }
        REQUIRE(sweeps.size() == SWEEPS);
        std::sort(sweeps.begin(), sweeps.end());
        constexpr uint32_t CHOSEN = GetTrialsOf(SWEEPS);
        for (std::size_t i = 0; i < SWEEPS; i += (SWEEPS + CHOSEN - 1) / CHOSEN)
        {
            CAPTURE(sweeps[i]);
            for (const SweepPoint& point : LoadSweep(sweeps[i]).points)
            {
                CHECK(point.refused == "");
            }
        }
    }
}
