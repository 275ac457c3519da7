/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "command.h"
#include "experiment/run.h"
#include "interrupt.h"
#include "language-option.h"
#include "measure/atomic-file.h"
#include "measure/result-directory.h"
#include "measure/result-writer.h"
#include "nccl-text.h"
#include "override-options.h"
#include "processes.h"
#include "progress-bar.h"
#include "report/report.h"
#include "summary-text.h"
#include "sweep/sweep-record.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

using namespace ns3::mtlink;

namespace
{

/** Arguments of `mtlink run`. */
struct RunArguments
{
    std::string file;                  //!< The experiment
    std::string directory;             //!< Of the results; empty: results/NAME
    std::string mode;                  //!< Empty: the experiment's
    std::string seed;                  //!< Empty: the experiment's
    std::string language;              //!< Empty: that of the environment
    std::vector<std::string> settings; //!< KEY=VALUE
    uint32_t processes{1};             //!< Among which the run is spread
    bool quiet{false};                 //!< Neither progress nor summary
    bool noReport{false};              //!< No report.html
    bool isNcclTests{false};           //!< In place of the summary nccl-tests' table
};

/**
 * Write the results; where the large tables find no room, at least the summary.
 * @return whether everything was written.
 */
bool
Write(RunOutcome& outcome, const RunArguments& arguments, const RowLimits& limits)
{
    RunResults& results = outcome.results;
    try
    {
        results.rows = WriteResults(results,
                                    arguments.directory,
                                    limits,
                                    outcome.messages.get(),
                                    outcome.criticalPaths);
        return true;
    }
    catch (const WriteError& error)
    {
        std::fprintf(stderr, "mtlink: error: %s\n", error.what());
        results.complete = false;
        results.stopReason = error.what();
    }
    outcome.messages.reset();
    results.messages.clear();
    results.operations.clear();
    results.queues.clear();
    results.samples.clear();
    try
    {
        results.rows = WriteResults(results, arguments.directory);
        std::fprintf(stderr,
                     "mtlink: kept without messages, queues, samples and timeline: %s\n",
                     arguments.directory.c_str());
    }
    catch (const WriteError& error)
    {
        std::fprintf(stderr, "mtlink: nothing could be kept: %s\n", error.what());
    }
    return false;
}

/**
 * Write the report beside the results.
 * @return whether it was written.
 */
bool
WriteReportBeside(const std::string& directory, Language language)
{
    try
    {
        WriteReport({directory}, directory + "/report.html", language);
        return true;
    }
    catch (const WriteError& error)
    {
        std::fprintf(stderr, "mtlink: error: no report: %s\n", error.what());
        return false;
    }
}

int
GetStatus(RunEnd end)
{
    switch (end)
    {
    case RunEnd::COMPLETE:
        return EXIT_DONE;
    case RunEnd::INTERRUPTED:
        return EXIT_INTERRUPTED;
    default:
        return EXIT_STOPPED;
    }
}

int
Run(RunArguments arguments)
{
    const Language language = ChooseLanguage(arguments.language);
    std::vector<Override> overrides = ListOverrides(arguments.settings, arguments.mode);
    if (!arguments.seed.empty())
    {
        overrides.push_back({"--seed", "simulation.seed=" + arguments.seed});
    }
    const std::unique_ptr<Exchange> exchange = JoinProcesses(arguments.processes);
    if (exchange && exchange->GetProcess() != 0)
    {
        return ServeProcess(*exchange, arguments.file, overrides);
    }
    const Experiment experiment = LoadExperiment(arguments.file, overrides);
    if (arguments.directory.empty())
    {
        arguments.directory = "results/" + experiment.name;
    }

    RefuseDirectoryOfSweep(arguments.directory);

    RunOptions options;
    options.interrupt = CatchInterrupts();
    options.exchange = exchange.get();
    auto bar = arguments.quiet ? nullptr : std::make_unique<ProgressBar>();
    if (bar)
    {
        options.progress = [&bar](const RunProgress& progress) { bar->Show(progress); };
    }
    options.directory = arguments.directory;
    if (!arguments.quiet)
    {
        options.chosen = [](const std::string& mode, const std::string& reason) {
            std::fprintf(stderr, "mtlink: mode %s: %s\n", mode.c_str(), reason.c_str());
        };
        options.warned = [](const std::string& estimate) {
            std::fprintf(stderr, "mtlink: %s\n", estimate.c_str());
        };
    }
    // Before the run, not after it: whether results can be written, and are nobody else's.
    const ResultDirectory directory(arguments.directory);
    directory.RemoveTemporaries(GetResultFiles());
    RunOutcome outcome = RunExperiment(experiment, options);
    bar.reset();

    const bool areResultsWritten = Write(outcome, arguments, experiment.rows);
    const bool isWritten = areResultsWritten &&
                           (arguments.noReport || WriteReportBeside(arguments.directory, language));
    if (arguments.isNcclTests)
    {
        std::fputs(FormatNcclTests(outcome.results, experiment).c_str(), stdout);
    }
    else if (!arguments.quiet)
    {
        std::fputs(FormatSummary(outcome.results, language).c_str(), stdout);
        std::printf("\nresults          %s\n", arguments.directory.c_str());
        if (isWritten && !arguments.noReport)
        {
            std::printf("report           %s/report.html\n", arguments.directory.c_str());
        }
    }
    if (outcome.end != RunEnd::COMPLETE)
    {
        std::fprintf(stderr, "mtlink: stopped early: %s\n", outcome.results.stopReason.c_str());
    }
    if (!isWritten)
    {
        return EXIT_STOPPED;
    }
    return GetStatus(outcome.end);
}

} // namespace

void
AddRunCommand(CLI::App& app, int& status)
{
    CLI::App* command = app.add_subcommand("run", "Run an experiment");
    const auto arguments = std::make_shared<RunArguments>();
    command->add_option("experiment", arguments->file, "The experiment, a YAML file")
        ->required()
        ->type_name("EXPERIMENT.yaml");
    command
        ->add_option("-o,--output", arguments->directory, "Where results go (default results/NAME)")
        ->type_name("DIR");
    AddOverrideOptions(*command, arguments->settings, arguments->mode);
    command->add_option("--seed", arguments->seed, "Seed of all random numbers")->type_name("N");
    AddLanguageOption(*command, arguments->language);
    command
        ->add_option("--processes",
                     arguments->processes,
                     "Spread the run over so many processes of this machine (mpirun -n N does it, "
                     "too)")
        ->type_name("N")
        ->check(CLI::Range(1, 256));
    command->add_flag("-q,--quiet", arguments->quiet, "No progress bar and no summary");
    command->add_flag("--no-report", arguments->noReport, "Write no report.html");
    command->add_flag("--nccl-tests",
                      arguments->isNcclTests,
                      "Print the table of nccl-tests in place of the summary");
    command->callback([arguments, &status] { status = Run(*arguments); });
}
