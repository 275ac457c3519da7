/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "command.h"
#include "interrupt.h"
#include "measure/atomic-file.h"
#include "progress-bar.h"
#include "sweep-text.h"
#include "sweep/sweep-run.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <memory>
#include <set>
#include <string>
#include <thread>

using namespace ns3::mtlink;

namespace
{

/** Arguments of `mtlink sweep`. */
struct SweepArguments
{
    std::string file;         //!< The sweep
    std::string directory;    //!< Of the results; empty: results/NAME
    std::size_t processes{0}; //!< 0: as many as there are cores
    bool resume{false};       //!< Go on
    bool quiet{false};        //!< Neither progress nor table
};

/** Say what is in the directory already. */
void
TellFound(const SweepFound& found, std::size_t jobs, const std::string& directory)
{
    if (found.over > 0)
    {
        std::fprintf(stderr, "mtlink: %zu of %zu runs are over already\n", found.over, jobs);
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

int
RunSweepCommand(SweepArguments arguments)
{
    const Sweep sweep = LoadSweep(arguments.file);
    if (arguments.directory.empty())
    {
        arguments.directory = "results/" + sweep.name;
    }
    SweepOptions options;
    options.processes = arguments.processes > 0 ? arguments.processes
                                                : std::max(1U, std::thread::hardware_concurrency());
    options.resume = arguments.resume;
    options.interrupt = CatchInterrupts();
    auto bar = arguments.quiet ? nullptr : std::make_unique<ProgressBar>();
    std::set<std::string> told;
    if (bar)
    {
        options.onOpen = [&](const SweepFound& found) {
            TellFound(found, sweep.jobs.size(), arguments.directory);
        };
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
        outcome = RunSweep(sweep, arguments.directory, options);
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

    const auto over = std::count_if(outcome.outcomes.begin(),
                                    outcome.outcomes.end(),
                                    [](const auto& job) { return job.has_value(); });
    const auto done =
        std::count_if(outcome.outcomes.begin(), outcome.outcomes.end(), [](const auto& job) {
            return job && job->status == JobStatus::DONE;
        });
    const auto jobs = outcome.outcomes.size();
    if (!arguments.quiet)
    {
        fmt::print("{}: {}, {} done\n\n{}\nresults          {}/sweep.csv\n",
                   sweep.name,
                   FormatSize(sweep),
                   done,
                   FormatSweep(sweep, outcome),
                   arguments.directory);
    }
    if (outcome.isInterrupted)
    {
        std::fprintf(stderr,
                     "mtlink: interrupted: %zu of %zu runs are over; go on with --resume\n",
                     static_cast<std::size_t>(over),
                     jobs);
        return EXIT_INTERRUPTED;
    }
    if (static_cast<std::size_t>(done) < jobs)
    {
        std::fprintf(stderr,
                     "mtlink: %zu of %zu runs are not done: see 'status' and 'message' in "
                     "%s/sweep.csv\n",
                     jobs - static_cast<std::size_t>(done),
                     jobs,
                     arguments.directory.c_str());
        return EXIT_STOPPED;
    }
    return EXIT_DONE;
}

} // namespace

void
AddSweepCommand(CLI::App& app, int& status)
{
    CLI::App* command =
        app.add_subcommand("sweep", "Run an experiment with many values, in parallel processes");
    const auto arguments = std::make_shared<SweepArguments>();
    command->add_option("sweep", arguments->file, "The sweep, a YAML file")
        ->required()
        ->type_name("SWEEP.yaml");
    command
        ->add_option("-o,--output", arguments->directory, "Where results go (default results/NAME)")
        ->type_name("DIR");
    command
        ->add_option("-j,--jobs", arguments->processes, "Processes at once (default: one per core)")
        ->type_name("N")
        ->check(CLI::Range(1, 4096));
    command->add_flag("--resume",
                      arguments->resume,
                      "Go on with a sweep that was interrupted or killed, or has grown");
    command->add_flag("-q,--quiet", arguments->quiet, "No progress and no table");
    command->callback([arguments, &status] { status = RunSweepCommand(*arguments); });
}
