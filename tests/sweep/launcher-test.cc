/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../measure/file-size-limit.h"
#include "measure/text-file.h"
#include "sweep-pairs.h"
#include "sweep/slurm-launcher.h"

#include <csignal>
#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

using namespace ns3::mtlink;

namespace
{

namespace fs = std::filesystem;

/** A launcher whose tasks are run here, one after the other, as they are handed over. */
class HereLauncher : public BatchLauncher
{
  public:
    HereLauncher(const Sweep& sweep, std::string directory, uint32_t most)
        : BatchLauncher({}),
          m_sweep(sweep),
          m_directory(std::move(directory)),
          m_most(most)
    {
    }

    uint32_t GetMostTasks() override
    {
        return m_most;
    }

    void Submit(const JobBatch& batch) override
    {
        batches.push_back(batch);
        for (const uint32_t shard : batch.shards)
        {
            if (lost.contains(shard))
            {
                continue;
            }
            SweepOptions options;
            options.shard = {shard, batch.cut};
            options.resume = ReadTextFile(batch.script).find(" --resume") != std::string::npos;
            RunSweep(m_sweep, m_directory, options);
        }
        if (onSubmit)
        {
            onSubmit();
        }
    }

    uint32_t Adopt(const JobBatch&) override
    {
        return 0;
    }

    BatchState Poll() override
    {
        ++polls;
        BatchState state;
        state.isOver = polls > ignored;
        for (const uint32_t shard : lost)
        {
            state.failures[shard] = {"task " + std::to_string(shard) + " was lost", isTimeout};
        }
        lost = isLostForGood ? lost : std::set<uint32_t>{};
        return state;
    }

    void Cancel() override
    {
        ++cancels;
    }

    std::string GetCancelCommand() const override
    {
        return "none";
    }

    std::vector<JobBatch> batches;  //!< That were handed over
    std::set<uint32_t> lost;        //!< Shards that do not run
    bool isLostForGood{false};      //!< Nor if they are handed over again
    bool isTimeout{false};          //!< They took too long
    int polls{0};                   //!< How often it was asked
    int ignored{0};                 //!< How often it says that it is not over
    int cancels{0};                 //!< How often it was to end
    std::function<void()> onSubmit; //!< Called as tasks have been run

  private:
    const Sweep& m_sweep;
    std::string m_directory;
    uint32_t m_most;
};

/** Programs of Slurm that say what a test wants, before all others of their names while this lives.
 */
class FakeSlurm
{
  public:
    explicit FakeSlurm(const Scratch& scratch)
        : m_scratch(scratch),
          m_path(std::getenv("PATH"))
    {
        fs::create_directories(scratch.At("bin"));
        setenv("PATH", (fs::absolute(scratch.At("bin")).string() + ":" + m_path).c_str(), 1);
        Say("scontrol", "echo 'MaxArraySize            = 1001'");
        Say("sbatch", "echo '17;cluster'; echo \"$@\" >>" + Quote("sbatch.txt"));
        Say("scancel", "echo \"$@\" >>" + Quote("scancel.txt"));
        Say("sacct", "exit 1");
    }

    ~FakeSlurm()
    {
        setenv("PATH", m_path.c_str(), 1);
    }

    FakeSlurm(const FakeSlurm&) = delete;
    FakeSlurm& operator=(const FakeSlurm&) = delete;

    /** Have a program do something; @param [in] script Commands of a shell. */
    void Say(const std::string& program, const std::string& script) const
    {
        const std::string path = m_scratch.Write("bin/" + program, "#!/bin/sh\n" + script + "\n");
        fs::permissions(path, fs::perms::owner_all);
    }

    /** @return path of a file of the scratch, as a word of a shell. */
    std::string Quote(const std::string& name) const
    {
        return "'" + fs::absolute(m_scratch.At(name)).string() + "'";
    }

  private:
    const Scratch& m_scratch; //!< Where they are
    std::string m_path;       //!< PATH as it was
};

/** @return why a launcher refuses. */
std::string
GetRefusal(BatchLauncher& launcher, const Sweep& sweep, const std::string& directory)
{
    try
    {
        launcher.Run(sweep, directory, {});
    }
    catch (const std::runtime_error& error)
    {
        return error.what();
    }
    return "accepted";
}

} // namespace

TEST_SUITE("sweep launcher")
{
    TEST_CASE("tasks come to the table of the sweep, each run in one of them")
    {
        const Scratch scratch("launch");
        const Sweep sweep = LoadPairs(scratch);
        RunSweep(sweep, scratch.At("whole"), {});
        for (const uint32_t most : {1U, 3U, 1000U})
        {
            const std::string directory = scratch.At("out" + std::to_string(most));
            HereLauncher launcher(sweep, directory, most);
            std::size_t ended = 0;
            SweepOptions options;
            options.onEnd = [&ended](const SweepJob&, const JobOutcome&) { ++ended; };
            const SweepOutcome outcome = launcher.Run(sweep, directory, options);
            CHECK(outcome.wanted == 8);
            CHECK(outcome.complaints.empty());
            CHECK(ended == 8);
            REQUIRE(launcher.batches.size() == 1);
            CHECK(launcher.batches[0].shards.size() == std::min(most, 4U));
            CheckEqual(directory, scratch.At("whole"));
            CHECK(!fs::exists(directory + "/claims"));
            // All is there: nothing is handed over.
            options.resume = true;
            launcher.Run(sweep, directory, options);
            CHECK(launcher.batches.size() == 1);
        }
    }

    TEST_CASE("what a lost task did not come to is handed over again as long as that helps")
    {
        const Scratch scratch("launch-lost");
        const Sweep sweep = LoadPairs(scratch);
        RunSweep(sweep, scratch.At("whole"), {});
        HereLauncher launcher(sweep, scratch.At("out"), 3);
        launcher.lost = {2};
        CHECK(launcher.Run(sweep, scratch.At("out"), {}).complaints.empty());
        REQUIRE(launcher.batches.size() == 2);
        CHECK(launcher.batches[1].shards == std::vector<uint32_t>{2});
        CheckEqual(scratch.At("out"), scratch.At("whole"));

        HereLauncher broken(sweep, scratch.At("broken"), 3);
        broken.lost = {2};
        broken.isLostForGood = true;
        const SweepOutcome outcome = broken.Run(sweep, scratch.At("broken"), {});
        CHECK(broken.batches.size() == 2);
        REQUIRE(outcome.complaints.size() == 1);
        CHECK(outcome.complaints.begin()->starts_with("task 2 was lost; what it said is in "));
    }

    TEST_CASE("a task out of time has its run recorded as failed, and the others of it are run")
    {
        const Scratch scratch("launch-time");
        const Sweep sweep = LoadPairs(scratch);
        HereLauncher launcher(sweep, scratch.At("out"), 3);
        launcher.lost = {2};
        launcher.isTimeout = true;
        const SweepOutcome outcome = launcher.Run(sweep, scratch.At("out"), {});
        std::set<std::string> failed;
        for (std::size_t i = 0; i < sweep.jobs.size(); ++i)
        {
            REQUIRE(outcome.outcomes[i]);
            if (outcome.outcomes[i]->status == JobStatus::FAILED)
            {
                CHECK(outcome.outcomes[i]->message == "task 2 was lost");
                failed.insert(sweep.jobs[i].content);
            }
        }
        CHECK(failed.size() == 1);
        // And with --resume again
        SweepOptions options;
        options.resume = true;
        launcher.Run(sweep, scratch.At("out"), options);
        RunSweep(sweep, scratch.At("whole"), {});
        CheckEqual(scratch.At("out"), scratch.At("whole"));
    }

    TEST_CASE("a run that fails in a task is recorded as one that fails here")
    {
        const Scratch scratch("launch-fail");
        const Sweep sweep = LoadSweep(
            scratch.Write("s.yaml",
                          "base:\n"
                          "  fabric: {kind: full_mesh, endpoints: 4}\n"
                          "  workload: {collective: all_to_all, algorithm: direct, size: 4KiB}\n"
                          "grid: {workload.repeat: [1, 1000]}\n"));
        HereLauncher launcher(sweep, scratch.At("out"), 1000);
        {
            const FileSizeLimit limit(64 * 1024);
            const SweepOutcome here = RunSweep(sweep, scratch.At("whole"), {});
            const SweepOutcome there = launcher.Run(sweep, scratch.At("out"), {});
            for (const SweepOutcome* outcome : {&here, &there})
            {
                REQUIRE(outcome->outcomes[0]);
                REQUIRE(outcome->outcomes[1]);
                CHECK(outcome->outcomes[0]->status == JobStatus::DONE);
                CHECK(outcome->outcomes[1]->status == JobStatus::FAILED);
            }
            // The same words, but for the directory that was given
            std::string message = there.outcomes[1]->message;
            CHECK(message.starts_with("cannot write " + scratch.At("out/points/")));
            CHECK(message.ends_with("/seed-1/messages.csv: File too large"));
            message.replace(message.find("/out/"), 5, "/whole/");
            CHECK(message == here.outcomes[1]->message);
        }
        CHECK(launcher.batches.size() == 1);
        CHECK(ReadTextFile(scratch.At("out/sweep.csv")).find(",failed,") != std::string::npos);
        SweepOptions options;
        options.resume = true;
        RunSweep(sweep, scratch.At("whole"), options);
        launcher.Run(sweep, scratch.At("out"), options);
        CheckEqual(scratch.At("out"), scratch.At("whole"));
    }

    TEST_CASE("an interrupted launcher ends its tasks and waits for that, or hands none over")
    {
        const Scratch scratch("launch-stop");
        const Sweep sweep = LoadPairs(scratch);
        volatile std::sig_atomic_t interrupt = 1;
        SweepOptions options;
        options.interrupt = &interrupt;
        HereLauncher before(sweep, scratch.At("before"), 3);
        CHECK(before.Run(sweep, scratch.At("before"), options).isInterrupted);
        CHECK(before.batches.empty());
        CHECK(before.polls == 0);
        CHECK(before.cancels == 0);

        interrupt = 0;
        HereLauncher meanwhile(sweep, scratch.At("out"), 3);
        meanwhile.lost = {2};
        meanwhile.ignored = 2; // asked twice before it is over
        meanwhile.onSubmit = [&interrupt] { interrupt = 1; };
        const SweepOutcome outcome = meanwhile.Run(sweep, scratch.At("out"), options);
        CHECK(outcome.isInterrupted);
        CHECK(meanwhile.batches.size() == 1);
        CHECK(meanwhile.cancels == 1);
        CHECK(meanwhile.polls == 3);
        std::size_t over = 0;
        for (const auto& one : outcome.outcomes)
        {
            over += one ? 1 : 0;
        }
        CHECK(over > 0); // what is there counts
        CHECK(over < 8);
    }

    TEST_CASE("one launcher at a time works in a directory, and a shard is none's")
    {
        const Scratch scratch("launch-two");
        const Sweep sweep = LoadPairs(scratch);
        SweepOptions options;
        options.resume = true;
        HereLauncher first(sweep, scratch.At("out"), 3);
        first.lost = {2};
        std::string refused;
        first.onSubmit = [&] {
            HereLauncher second(sweep, scratch.At("out"), 3);
            try
            {
                second.Run(sweep, scratch.At("out"), options);
            }
            catch (const std::runtime_error& error)
            {
                refused = error.what();
            }
            CHECK(second.batches.empty());
        };
        first.Run(sweep, scratch.At("out"), options);
        CHECK(refused.starts_with("another mtlink launches this sweep, process " +
                                  std::to_string(getpid()) + " on "));
        options.shard = {1, 2};
        CHECK_THROWS_AS(first.Run(sweep, scratch.At("out"), options), std::invalid_argument);
    }

    TEST_CASE("Slurm that does not answer for good ends it with what to do")
    {
        const Scratch scratch("slurm-silent");
        const Sweep sweep = LoadPairs(scratch);
        const FakeSlurm slurm(scratch);
        slurm.Say("squeue",
                  "echo 'slurm_load_jobs error: Unable to contact slurm controller' >&2; exit 1");
        LauncherChoice choice;
        choice.options = "--comment='two words'";
        choice.atOnce = 2;
        choice.patience = std::chrono::seconds(1);
        SlurmLauncher launcher(choice);
        CHECK_THROWS_WITH_AS(
            launcher.Run(sweep, scratch.At("out"), {}),
            "nobody tells how far the tasks are, for 1 s now: squeue: slurm_load_jobs error: "
            "Unable to contact slurm controller; they may go on: watch them again with --resume, "
            "or end them with 'scancel 17'",
            std::runtime_error);
        const std::string handed = ReadTextFile(scratch.At("sbatch.txt"));
        CHECK(handed.find("--array=1-4%2 ") != std::string::npos);
        CHECK(handed.find(" --requeue ") != std::string::npos);
        CHECK(handed.find(" --comment=two words ") != std::string::npos);
        // All is over meanwhile: that is enough.
        RunSweep(sweep, scratch.At("whole"), {});
        RunSweep(sweep, scratch.At("over"), {});
        fs::remove_all(scratch.At("over") + "/" + GetJobDirectory(sweep, sweep.jobs[6]));
        slurm.Say("squeue",
                  "cp -r " + slurm.Quote("whole/points") + " " + slurm.Quote("over") +
                      "; echo gone >&2; exit 1");
        SweepOptions options;
        options.resume = true;
        launcher.Run(sweep, scratch.At("over"), options);
        CheckEqual(scratch.At("over"), scratch.At("whole"));
    }

    TEST_CASE(
        "Slurm that ends tasks without a run is complained of, and one that takes none refused")
    {
        const Scratch scratch("slurm-fails");
        const Sweep sweep = LoadPairs(scratch);
        const FakeSlurm slurm(scratch);
        slurm.Say("squeue", "for i in 1 2 3 4; do echo \"$i|FAILED|NonZeroExitCode\"; done");
        SlurmLauncher launcher{LauncherChoice()};
        const SweepOutcome outcome = launcher.Run(sweep, scratch.At("out"), {});
        CHECK(outcome.complaints.size() == 4);
        CHECK(outcome.complaints.begin()->starts_with(
            "Slurm ended task 17_1: FAILED; what it said is in "));
        for (const auto& one : outcome.outcomes)
        {
            CHECK(!one);
        }
        slurm.Say("sbatch", "echo 'sbatch: error: invalid partition specified: none' >&2; exit 1");
        CHECK(GetRefusal(launcher, sweep, scratch.At("refused"))
                  .starts_with("Slurm takes no tasks: sbatch: error: invalid partition "
                               "specified: none; partition, "));
        // Nothing has run: it is tried again without --resume.
        CHECK(GetRefusal(launcher, sweep, scratch.At("refused"))
                  .starts_with("Slurm takes no tasks: "));
        slurm.Say("scontrol", "echo 'Unable to contact slurm controller' >&2; exit 1");
        CHECK_THROWS_WITH_AS(launcher.Run(sweep, scratch.At("silent"), {}),
                             "Slurm does not answer: Unable to contact slurm controller",
                             std::runtime_error);
        CHECK(!fs::exists(scratch.At("silent")));
    }

    TEST_CASE("an array that goes on is watched again and not handed over twice")
    {
        const Scratch scratch("slurm-adopt");
        const Sweep sweep = LoadPairs(scratch);
        const FakeSlurm slurm(scratch);
        LauncherChoice choice;
        choice.patience = std::chrono::seconds(0);
        slurm.Say("squeue", "exit 1");
        CHECK_THROWS(SlurmLauncher(choice).Run(sweep, scratch.At("out"), {}));
        RunSweep(sweep, scratch.At("whole"), {});
        // Two tasks are left, and both end.
        slurm.Say(
            "squeue",
            "case \"$*\" in *--states=all*) state=COMPLETED; cp -r " + slurm.Quote("whole/points") +
                " " + slurm.Quote("out") +
                " ;; *) state=RUNNING ;; esac\necho \"3|$state|None\"; echo \"4|$state|None\"");
        SweepOptions options;
        options.resume = true;
        SlurmLauncher(choice).Run(sweep, scratch.At("out"), options);
        CheckEqual(scratch.At("out"), scratch.At("whole"));
        const std::string handed = ReadTextFile(scratch.At("sbatch.txt"));
        CHECK(std::count(handed.begin(), handed.end(), '\n') == 1);
    }
}
