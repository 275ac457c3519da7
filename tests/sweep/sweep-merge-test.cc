/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/text-file.h"
#include "sweep-pairs.h"
#include "sweep/sweep-merge.h"
#include "sweep/text-object.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

using namespace ns3::mtlink;

namespace
{

namespace fs = std::filesystem;

/** Run a part of a sweep; @param [in] points Of it; all, with tables, if it is nothing. */
void
Run(const Sweep& sweep, const std::string& directory, const PointRange& points)
{
    SweepOptions options;
    options.points = points;
    RunSweep(sweep, directory, options);
}

/** @return what is in a directory, with the times of all changes. */
std::map<std::string, fs::file_time_type>
List(const std::string& directory)
{
    std::map<std::string, fs::file_time_type> entries{{"", fs::last_write_time(directory)}};
    for (const auto& entry : fs::recursive_directory_iterator(directory))
    {
        entries.emplace(entry.path().string(), entry.last_write_time());
    }
    return entries;
}

/** Write that a run in a directory has failed; @param [in] run Path of its results. */
void
Fail(const std::string& run)
{
    TextObject texts = ReadTexts(run + "/mtlink-job.json");
    texts["status"] = "failed";
    texts["message"] = "the disk was full";
    WriteTexts(run + "/mtlink-job.json", texts);
}

} // namespace

TEST_SUITE("sweep merge")
{
    TEST_CASE("directories that overlap come to the tables of the whole and stay as they are")
    {
        const Scratch scratch("merge");
        const Sweep sweep = LoadPairs(scratch);
        Run(sweep, scratch.At("whole"), {});
        Run(sweep, scratch.At("a"), {1, 5});
        Run(sweep, scratch.At("b"), {4, 8});
        const auto a = List(scratch.At("a"));
        const auto b = List(scratch.At("b"));
        const SweepMerge merge =
            MergeSweep(sweep, scratch.At("m"), {scratch.At("a"), scratch.At("b")});
        CheckEqual(scratch.At("m"), scratch.At("whole"));
        CHECK(merge.copied == 4);
        CHECK(List(scratch.At("a")) == a);
        CHECK(List(scratch.At("b")) == b);
        CHECK(!fs::exists(scratch.At("m/claims")));
        // Into one of them, and again
        CHECK(MergeSweep(sweep, scratch.At("a"), {scratch.At("b")}).copied == 1);
        CheckEqual(scratch.At("a"), scratch.At("whole"));
        CHECK(MergeSweep(sweep, scratch.At("a"), {scratch.At("b")}).copied == 0);
        CHECK(MergeSweep(sweep, scratch.At("a"), {}).copied == 0);
        CheckEqual(scratch.At("a"), scratch.At("whole"));
        CHECK(List(scratch.At("b")) == b);
    }

    TEST_CASE("what is missing is nothing, and who is at it is told")
    {
        const Scratch scratch("merge-part");
        const Sweep sweep = LoadPairs(scratch);
        Run(sweep, scratch.At("a"), {5, 6});
        fs::create_directories(scratch.At("a/claims"));
        WriteTexts(scratch.At("a/claims/" + sweep.jobs[7].content),
                   {{"host", "elsewhere"}, {"process", "7"}});
        const SweepMerge merge = MergeSweep(sweep, scratch.At("a"), {});
        CHECK(merge.outcome.wanted == 8);
        for (std::size_t i = 0; i < 8; ++i)
        {
            CHECK(merge.outcome.outcomes[i].has_value() == (i == 4 || i == 5));
            CHECK(merge.holders.contains(i) == (i >= 6));
        }
        CHECK(merge.holders.at(7) == "process 7 on elsewhere");
        CHECK(ReadTextFile(scratch.At("a/sweep.csv")).find("\n5,4KiB,a.yaml,1,") !=
              std::string::npos);
    }

    TEST_CASE("a run that is done counts for more than one that failed, wherever it is")
    {
        const Scratch scratch("merge-failed");
        const Sweep sweep = LoadPairs(scratch);
        Run(sweep, scratch.At("whole"), {});
        for (const char* name : {"failed", "own", "again"})
        {
            Run(sweep, scratch.At(name), {1, 8});
            Fail(scratch.At(name) + "/" + GetJobDirectory(sweep, sweep.jobs[4]));
        }
        Run(sweep, scratch.At("done"), {6, 6});
        CHECK(
            MergeSweep(sweep, scratch.At("m"), {scratch.At("failed"), scratch.At("done")}).copied ==
            4);
        CheckEqual(scratch.At("m"), scratch.At("whole"));
        CHECK(MergeSweep(sweep, scratch.At("own"), {scratch.At("failed"), scratch.At("done")})
                  .copied == 1);
        CheckEqual(scratch.At("own"), scratch.At("whole"));
        // Where it has failed everywhere it has, with its reason.
        const SweepMerge merge = MergeSweep(sweep, scratch.At("failed"), {scratch.At("again")});
        CHECK(merge.copied == 0);
        REQUIRE(merge.outcome.outcomes[5]);
        CHECK(merge.outcome.outcomes[5]->status == JobStatus::FAILED);
        CHECK(merge.outcome.outcomes[5]->message == "the disk was full");
    }

    TEST_CASE("directories of no sweep or of another are refused and nothing is made")
    {
        const Scratch scratch("merge-foreign");
        const Sweep sweep = LoadPairs(scratch);
        const Sweep other = LoadPairs(scratch, "other.yaml");
        Run(sweep, scratch.At("a"), {1, 2});
        Run(other, scratch.At("other"), {1, 2});
        fs::create_directories(scratch.At("empty"));
        const auto merge = [&](const std::string& into, const std::vector<std::string>& from) {
            MergeSweep(sweep, scratch.At(into), from);
        };
        CHECK_THROWS_AS(merge("m", {}), InputError);
        CHECK_THROWS_AS(merge("empty", {}), InputError);
        CHECK_THROWS_AS(merge("m", {scratch.At("a"), scratch.At("empty")}), InputError);
        CHECK_THROWS_AS(merge("m", {scratch.At("a"), scratch.At("none")}), InputError);
        CHECK_THROWS_WITH_AS(merge("m", {scratch.At("a"), scratch.At("other")}),
                             (scratch.At("other") + " holds results of another sweep, 'other', and "
                                                    "this is 's': leave it out")
                                 .c_str(),
                             std::runtime_error);
        CHECK_THROWS_AS(merge("other", {scratch.At("a")}), std::runtime_error);
        CHECK(!fs::exists(scratch.At("m")));
    }
}
