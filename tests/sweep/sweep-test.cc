/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/csv.h"
#include "measure/result-reader.h"
#include "measure/statistics.h"
#include "measure/text-file.h"
#include "sweep/sweep-run.h"
#include "sweep/sweep-tables.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
#include <vector>

using namespace ns3::mtlink;

namespace
{

namespace fs = std::filesystem;

const std::string BASE = "base:\n"
                         "  fabric: {kind: full_mesh, endpoints: 4}\n"
                         "  workload: {collective: all_reduce, size: 4KiB}\n";

/** A folder for a test, gone at its end. */
class Scratch
{
  public:
    explicit Scratch(const std::string& name)
        : m_path("sweep-test-" + name + std::to_string(getpid())) // tests run side by side
    {
        fs::remove_all(m_path);
        fs::create_directories(m_path);
    }

    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    ~Scratch()
    {
        fs::remove_all(m_path);
    }

    /** @return path of a file in it that is written. */
    std::string Write(const std::string& name, const std::string& text) const
    {
        std::ofstream(m_path + "/" + name) << text;
        return m_path + "/" + name;
    }

    /** @return path of something in it. */
    std::string At(const std::string& name) const
    {
        return m_path + "/" + name;
    }

  private:
    std::string m_path;
};

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
        CHECK(sweep.points[3].name == "0004-endpoints-6-size-2KiB");
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
        CHECK(GetJobDirectory(sweep, sweep.jobs[3]) == "points/0002-size-2KiB/seed-3");
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
        CHECK(second.points[0].name == "0001-fabric-mesh");
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
             "grid, points, seeds"},
            {"name: ../a\nseeds: [1]\n",
             "4:7: error: '../a' can't be a name, which also names the results directory: use "
             "letters, digits, '-', '_' and '.', a letter or digit first"},
            {"",
             "1:1: error: the sweep lacks the keys 'grid', 'points' and 'seeds', as in 'grid: "
             "{fabric.switch.buffer: [16KiB, 64KiB]}': give at least one"},
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

    TEST_CASE("the fingerprint is of all that decides the results")
    {
        const std::string grid = "grid: {workload.size: [1KiB, 2KiB]}\n";
        const std::string same = Load(BASE + grid).fingerprint;
        CHECK(Load("# a comment\n" + BASE + grid).fingerprint == same);
        CHECK(Load(BASE + "grid: {workload.size: [1KiB, 4KiB]}\n").fingerprint != same);
        CHECK(Load(BASE + grid + "seeds: [1]\n").fingerprint != same);
        CHECK(Load(BASE + "  simulation: {stop: 1s}\n" + grid).fingerprint != same);
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
        CHECK(ends.size() == 16);
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
                           " holds results of this sweep: go on with them with --resume; else give "
                           "another directory with -o, or remove it")
                              .c_str());
        options.resume = true;
        ends.clear();
        RunSweep(sweep, scratch.At("one"), options);
        CHECK(ends.empty()); // all is over
        const Sweep other = LoadSweep(scratch.Write("s.yaml", BASE + "seeds: [1]\n"));
        CHECK_THROWS_WITH(RunSweep(other, scratch.At("one"), options),
                          ("can't resume: the sweep, a file that it uses, or the version of mtlink "
                           "is not the one that " +
                           scratch.At("one") +
                           " was begun with; give another directory with -o, or remove it")
                              .c_str());
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
        outcomes[1] = {JobStatus::INCOMPLETE,
                       "stopped",
                       std::vector<std::optional<double>>(figures, 100.0),
                       {}};
        outcomes[2] = {JobStatus::DONE, "", std::vector<std::optional<double>>(figures, 3.0), {}};
        outcomes[2]->figures[1].reset();
        const PointMeans means = GetPointMeans(sweep, outcomes)[0];
        CHECK(means.done == 2);
        CHECK(means.figures[0]->mean == 2);
        CHECK(*means.figures[0]->halfWidth == doctest::Approx(12.706205).epsilon(1e-6));
        CHECK(means.figures[1]->mean == 1);
        CHECK(!means.figures[1]->halfWidth);
    }

    TEST_CASE("the sweeps of the studies can be read, and none of their points is refused")
    {
        std::size_t sweeps = 0;
        for (const auto& entry :
             std::filesystem::recursive_directory_iterator(MTLINK_SOURCE_DIR "/examples/studies"))
        {
            if (entry.path().extension() != ".yaml" || !IsSweep(LoadYaml(entry.path().string())))
            {
                continue;
            }
            CAPTURE(entry.path().string());
            ++sweeps;
            for (const SweepPoint& point : LoadSweep(entry.path().string()).points)
            {
                CHECK(point.refused == "");
            }
        }
        CHECK(sweeps == 18);
    }
}
