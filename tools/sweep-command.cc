/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "command.h"
#include "interrupt.h"
#include "language-option.h"
#include "measure/atomic-file.h"
#include "progress-bar.h"
#include "report/human-text.h"
#include "report/sweep-report.h"
#include "sweep-text.h"
#include "sweep/launcher.h"
#include "sweep/sweep-merge.h"
#include "sweep/sweep-run.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

using namespace ns3::mtlink;
namespace fs = std::filesystem;

namespace
{

/** Arguments of `mtlink sweep`. */
struct SweepArguments
{
    std::string file;                     //!< The sweep
    std::string directory;                //!< Of the results; empty: results/NAME
    std::size_t processes{0};             //!< 0: as many as there are cores
    bool resume{false};                   //!< Go on
    bool quiet{false};                    //!< Neither progress nor table
    std::string points;                   //!< A:B; empty: all
    std::string shard;                    //!< I/N; empty: all
    bool isMerge{false};                  //!< Run nothing, make tables of what there is
    std::vector<std::string> directories; //!< Others to merge
    LauncherChoice launcher;              //!< Who starts the runs
};

/** Say what is in the directory already. */
void
TellFound(const SweepFound& found, const std::string& directory)
{
    if (found.over > 0)
    {
        std::fprintf(stderr,
                     "mtlink: %zu of %zu runs are over already\n",
                     found.over,
                     found.wanted);
    }
    if (found.others > 0)
    {
        std::fprintf(stderr,
                     "mtlink: %zu other runs in %s/points are of values that the sweep has no "
                     "longer, of files as they were, or of another version of mtlink: they stay, "
                     "and are in no table\n",
                     found.others,
                     directory.c_str());
    }
}

/** @return what a function returns; what it says of an argument is wrong usage of an option. */
template <typename Function>
auto
ReadArgument(const std::string& option, const Function& read)
{
    try
    {
        return read();
    }
    catch (const std::invalid_argument& error)
    {
        throw CLI::ValidationError(option, error.what());
    }
}

/** @return how many runs are over, and how many of them are done. */
std::pair<std::size_t, std::size_t>
CountOutcomes(const SweepOutcome& outcome)
{
    std::pair<std::size_t, std::size_t> counts;
    for (const auto& job : outcome.outcomes)
    {
        counts.first += job ? 1 : 0;
        counts.second += job && job->status == JobStatus::DONE ? 1 : 0;
    }
    return counts;
}

/** Say what a sweep has left, or a part of one. */
void
PrintOutcome(const Sweep& sweep, const SweepOutcome& outcome, const SweepArguments& arguments)
{
    const std::size_t done = CountOutcomes(outcome).second;
    if (arguments.points.empty() && arguments.shard.empty())
    {
        fmt::print("{}: {}, {} done\n\n{}\nresults          {}/sweep.csv\n",
                   sweep.name,
                   FormatSize(sweep),
                   done,
                   FormatSweep(sweep, outcome),
                   arguments.directory);
        std::fflush(stdout); // before what is told on the standard error
        return;
    }
    fmt::print("{}: {}, of which {} here, {} done\n{}results          {}, which 'mtlink sweep {} "
               "-o {} --merge' makes tables of\n",
               sweep.name,
               FormatSize(sweep),
               outcome.wanted,
               done,
               FormatReasons(ListReasons(sweep, outcome)),
               arguments.directory,
               sweep.file,
               arguments.directory);
    std::fflush(stdout); // before what is told on the standard error
}

/** @return exit status of a sweep that was run; tells what is not done. */
int
TellEnd(const SweepOutcome& outcome, const SweepArguments& arguments)
{
    const auto [over, done] = CountOutcomes(outcome);
    constexpr std::size_t MOST_TOLD = 5;
    std::size_t told = 0;
    for (const std::string& complaint : outcome.complaints)
    {
        if (++told > MOST_TOLD)
        {
            std::fprintf(stderr,
                         "mtlink: ... and so %zu more\n",
                         outcome.complaints.size() - MOST_TOLD);
            break;
        }
        std::fprintf(stderr, "mtlink: %s\n", complaint.c_str());
    }
    if (outcome.isInterrupted)
    {
        std::fprintf(stderr,
                     "mtlink: interrupted: %zu of %zu runs are over; go on with --resume\n",
                     over,
                     outcome.wanted);
        return EXIT_INTERRUPTED;
    }
    if (over < outcome.wanted)
    {
        std::fprintf(stderr,
                     "mtlink: %zu of %zu runs were not run: go on with --resume\n",
                     outcome.wanted - over,
                     outcome.wanted);
    }
    if (done < over)
    {
        std::fprintf(stderr,
                     "mtlink: %zu of %zu runs are not done: see 'status' and 'message' in "
                     "%s/sweep.csv\n",
                     over - done,
                     outcome.wanted,
                     arguments.directory.c_str());
    }
    return done < outcome.wanted ? EXIT_STOPPED : EXIT_DONE;
}

/** Find the sweep of a merge, and the directory that gets it. */
void
CompleteMerge(SweepArguments& arguments)
{
    std::error_code ignored;
    auto& directories = arguments.directories;
    if (fs::is_directory(arguments.file, ignored))
    {
        directories.insert(directories.begin(), std::exchange(arguments.file, ""));
        // A sweep may be named after its directories, too.
        const auto file =
            std::find_if(directories.begin(), directories.end(), [](const auto& path) {
                std::error_code none;
                return fs::is_regular_file(path, none);
            });
        if (file != directories.end())
        {
            arguments.file = *file;
            directories.erase(file);
        }
    }
    if (arguments.file.empty() && !directories.empty())
    {
        arguments.file = FindFileOfSweep(directories.front());
    }
    if (arguments.file.empty())
    {
        throw CLI::ValidationError(
            "--merge",
            directories.empty()
                ? "which sweep? Name its file, as in 'mtlink sweep SWEEP.yaml --merge', or a "
                  "directory that a sweep was run into"
                : directories.front() +
                      " does not tell which sweep it is of: name the sweep's "
                      "file, too, as in 'mtlink sweep SWEEP.yaml " +
                      directories.front() + " --merge'");
    }
}

/** Make the tables and the report of what there is. @return the exit status. */
int
RunMergeCommand(SweepArguments arguments)
{
    CompleteMerge(arguments);
    const Sweep sweep = LoadSweep(arguments.file);
    auto& directories = arguments.directories;
    if (arguments.directory.empty())
    {
        arguments.directory = directories.empty() ? "results/" + sweep.name : directories.front();
    }
    std::erase_if(directories, [&arguments](const std::string& directory) {
        std::error_code ignored;
        return fs::equivalent(directory, arguments.directory, ignored);
    });
    const SweepMerge merge = MergeSweep(sweep, arguments.directory, directories);
    const auto [over, done] = CountOutcomes(merge.outcome);
    std::string report;
    if (done > 0)
    {
        report = arguments.directory + "/report.html";
        WriteSweepReport(arguments.directory, {}, report, ChooseLanguage(""));
    }
    if (!arguments.quiet)
    {
        PrintOutcome(sweep, merge.outcome, arguments);
        fmt::print("{}{}",
                   report.empty() ? "" : "report           " + report + "\n",
                   merge.copied > 0 ? fmt::format("copied           {} from other directories\n",
                                                  CountText(merge.copied, "run", "runs"))
                                    : "");
        std::fflush(stdout);
    }
    if (over < sweep.jobs.size())
    {
        std::fprintf(stderr,
                     "mtlink: %zu of %zu runs are missing:\n%s",
                     sweep.jobs.size() - over,
                     sweep.jobs.size(),
                     FormatMissing(sweep, merge).c_str());
        return EXIT_STOPPED;
    }
    return TellEnd(merge.outcome, arguments);
}

/** @return how the sweep is to be run; @param [in] sweep The sweep. */
SweepOptions
MakeOptions(const SweepArguments& arguments, const Sweep& sweep)
{
    SweepOptions options;
    options.processes = arguments.processes > 0 ? arguments.processes
                                                : std::max(1U, std::thread::hardware_concurrency());
    options.resume = arguments.resume;
    if (!arguments.points.empty())
    {
        ReadArgument("--points", [&] {
            options.points = ParsePointRange(arguments.points);
            SelectPoints(sweep, options.points);
        });
    }
    if (!arguments.shard.empty())
    {
        options.shard = ReadArgument("--shard", [&] { return ParseShard(arguments.shard); });
    }
    options.interrupt = CatchInterrupts();
    return options;
}

int
RunSweepCommand(SweepArguments arguments)
{
    const Sweep sweep = LoadSweep(arguments.file);
    if (arguments.directory.empty())
    {
        arguments.directory = "results/" + sweep.name;
    }
    SweepOptions options = MakeOptions(arguments, sweep);
    auto bar = arguments.quiet ? nullptr : std::make_unique<ProgressBar>();
    std::set<std::string> told;
    if (bar)
    {
        options.onOpen = [&](const SweepFound& found) { TellFound(found, arguments.directory); };
        options.progress = [&bar](const SweepProgress& progress) {
            bar->Show(progress.share,
                      [&](double seconds) { return FormatSweepProgress(progress, seconds); });
        };
        options.onEnd = [&](const SweepJob& job, const JobOutcome& outcome) {
            // On a terminal the table at the end has it: only what went wrong is told at once. A
            // reason is told once, and with all of its points at the end.
            const bool isNews = outcome.status == JobStatus::DONE
                                    ? !bar->IsOnTerminal()
                                    : told.insert(outcome.message).second;
            if (isNews)
            {
                bar->Wipe();
                std::fprintf(stderr, "%s\n", FormatJob(sweep, job, outcome).c_str());
            }
        };
    }
    SweepOutcome outcome;
    try
    {
        arguments.launcher.atOnce = arguments.processes;
        outcome = ReadArgument("--launcher", [&] {
            return MakeLauncher(arguments.launcher)->Run(sweep, arguments.directory, options);
        });
    }
    catch (const WriteError& error)
    {
        bar.reset();
        std::fprintf(stderr,
                     "mtlink: error: %s; what there is, is kept: go on with --resume\n",
                     error.what());
        return EXIT_STOPPED;
    }
    bar.reset();
    if (!arguments.quiet)
    {
        PrintOutcome(sweep, outcome, arguments);
    }
    return TellEnd(outcome, arguments);
}

/** Add the options that say who starts the runs; @param [out] options Gets them. */
void
AddLauncherOptions(CLI::App& command, SweepArguments& arguments, std::vector<CLI::Option*>& options)
{
    options.push_back(
        command
            .add_option("--launcher",
                        arguments.launcher.name,
                        "Who starts the runs: this program (the default), Slurm by a job array, or "
                        "GNU parallel; the results directory must be on a file system that all "
                        "hosts see")
            ->type_name("NAME")
            ->check(CLI::IsMember(ListLaunchers())));
    options.push_back(
        command
            .add_option("--launcher-options",
                        arguments.launcher.options,
                        "Handed on to sbatch or parallel, as '--partition=batch --time=1:00:00 "
                        "--mem=2G'")
            ->type_name("OPTIONS"));
    options.push_back(command
                          .add_option("--hosts",
                                      arguments.launcher.hosts,
                                      "Hosts for GNU parallel, a line for each: its --sshloginfile")
                          ->type_name("FILE"));
}

/** Add the options that make a part of a sweep; @param [out] options Gets them. */
void
AddPartOptions(CLI::App& command, SweepArguments& arguments, std::vector<CLI::Option*>& options)
{
    const std::string beside = "; others may run the rest, into the same directory";
    options.push_back(
        command
            .add_option("--points",
                        arguments.points,
                        "Only these points, by their numbers from 1, both included" + beside)
            ->type_name("A:B"));
    options.push_back(
        command
            .add_option("--shard",
                        arguments.shard,
                        "Only this one of N parts that take equally long, as estimated" + beside)
            ->type_name("I/N"));
}

/** Add the options that say how runs are run. @return what they are. */
std::vector<CLI::Option*>
AddRunOptions(CLI::App& command, SweepArguments& arguments)
{
    CLI::Option* const jobs =
        command
            .add_option("-j,--jobs",
                        arguments.processes,
                        "Processes at once (default: one per core); of a launcher, tasks at once")
            ->type_name("N")
            ->check(CLI::Range(1, 4096));
    CLI::Option* const resume =
        command.add_flag("--resume",
                         arguments.resume,
                         "Go on with a sweep that was interrupted or killed, or has grown");
    return {jobs, resume};
}

} // namespace

void
AddSweepCommand(CLI::App& app, int& status)
{
    CLI::App* command =
        app.add_subcommand("sweep", "Run an experiment with many values, in parallel processes");
    const auto arguments = std::make_shared<SweepArguments>();
    CLI::Option* const file =
        command->add_option("sweep", arguments->file, "The sweep, a YAML file")
            ->type_name("SWEEP.yaml");
    command
        ->add_option("directories",
                     arguments->directories,
                     "With --merge: directories of the sweep")
        ->type_name("DIR");
    command
        ->add_option("-o,--output", arguments->directory, "Where results go (default results/NAME)")
        ->type_name("DIR");
    command->add_flag("-q,--quiet", arguments->quiet, "No progress and no table");
    std::vector<CLI::Option*> running = AddRunOptions(*command, *arguments);
    AddPartOptions(*command, *arguments, running);
    AddLauncherOptions(*command, *arguments, running);
    command->add_flag(
        "--merge",
        arguments->isMerge,
        "Run nothing: make tables and report of what is in the results directory, and say what is "
        "missing; runs that are in other directories DIR only are copied");
    command->callback([file, running, arguments, &status] {
        for (const CLI::Option* const option : running)
        {
            if (arguments->isMerge && option->count() > 0)
            {
                throw CLI::ExcludesError("--merge", option->get_name());
            }
        }
        if (file->empty() && !arguments->isMerge)
        {
            throw CLI::RequiredError(file->get_name());
        }
        if (!arguments->directories.empty() && !arguments->isMerge)
        {
            throw CLI::ValidationError(arguments->directories.front(),
                                       "one sweep at a time; directories are for --merge");
        }
        status = arguments->isMerge ? RunMergeCommand(*arguments) : RunSweepCommand(*arguments);
    });
}
