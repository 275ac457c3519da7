/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "command.h"
#include "design/design-choices.h"
#include "design/design-list.h"
#include "design/design-record.h"
#include "design/design-request.h"
#include "design/design-search.h"
#include "design/design-tables.h"
#include "interrupt.h"
#include "language-option.h"
#include "measure/atomic-file.h"
#include "report/design-report.h"
#include "report/human-text.h"
#include "text-table.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace ns3::mtlink;

namespace
{

/** Arguments of `mtlink design`. */
struct DesignArguments
{
    std::string file;         //!< The request
    std::string directory;    //!< Of the results; empty: results/NAME
    std::size_t processes{0}; //!< 0: as many as there are cores
    bool resume{false};       //!< Go on
    bool list{false};         //!< Simulate nothing
    bool exhaustive{false};   //!< All in packets
    bool quiet{false};        //!< Neither progress nor tables
    bool noReport{false};     //!< No report.html
    std::string language;     //!< Of the report; empty: that of the environment
};

/** Print how many there are of each kind, and the one of least power. */
void
PrintKinds(const DesignRequest& request, const DesignList& list)
{
    std::map<std::pair<std::size_t, std::string>, std::vector<const Design*>> kinds;
    for (const Design& design : list.designs)
    {
        kinds[{design.chip, design.network.kind}].push_back(&design);
    }
    TextTable table;
    table.AddRow({"chip", "kind", "designs", "least power", "chips", "cables", "optical", "W"});
    for (const auto& [kind, designs] : kinds)
    {
        const Design& least =
            **std::min_element(designs.begin(), designs.end(), [](const auto* a, const auto* b) {
                return a->cost.GetPower() < b->cost.GetPower();
            });
        table.AddRow({request.chips[kind.first].name,
                      kind.second,
                      CountText(designs.size()),
                      least.name,
                      CountText(least.chips + least.nodeChips),
                      CountText(least.CountCables()),
                      CountText(least.cost.opticalCables),
                      DecimalText(least.cost.GetPower())});
    }
    fmt::print("{}: {} for {}\n\n{}",
               request.name,
               CountText(list.designs.size(), "fabric can be built", "fabrics can be built"),
               CountText(request.endpoints, "endpoint", "endpoints"),
               table.Format());
    for (const auto& [chip, refusal] : list.refusals)
    {
        fmt::print("none: {} of {}, {}: {}\n",
                   refusal.kind,
                   request.chips[chip].name,
                   refusal.what,
                   refusal.reason);
    }
}

/** Print the front, and how it was found. */
void
PrintFront(const DesignRequest& request, const DesignList& list, const SearchOutcome& outcome)
{
    TextTable table;
    std::vector<std::string> head{"front", "network", "planes", "chips", "cables"};
    if (!request.choices.empty())
    {
        head.insert(head.begin() + 2, "choices");
    }
    head.insert(head.end(), outcome.figures.begin(), outcome.figures.end());
    head.insert(head.end(), {"mode", "status"});
    table.AddRow(head);
    for (const std::size_t i : ListFront(outcome))
    {
        const Design& design = list.designs[i];
        const SearchedDesign& searched = outcome.designs[i];
        std::vector<std::string> row{design.name,
                                     DescribeNetwork(design),
                                     CountText(design.planes),
                                     CountText(design.chips + design.nodeChips),
                                     CountText(design.CountCables())};
        if (!request.choices.empty())
        {
            row.insert(row.begin() + 2, DescribeChoices(design.choices));
        }
        for (const std::optional<double>& figure : searched.figures)
        {
            row.push_back(figure ? DecimalText(*figure) : "");
        }
        row.emplace_back(GetLookName(searched.mode));
        row.push_back(DescribeStatus(searched));
        table.AddRow(row);
    }
    std::map<LookMode, std::size_t> counts;
    for (const SearchedDesign& design : outcome.designs)
    {
        ++counts[design.mode];
    }
    fmt::print("\n{}", table.Format());
    if (outcome.reference)
    {
        fmt::print("compared with    {}\n", list.designs[*outcome.reference].name);
    }
    if (request.isFlowClosest)
    {
        fmt::print("fidelity         not one packet was simulated: figures are mode flow's, see "
                   "docs/model.md, Mode flow\n");
    }
    fmt::print("looked at last   {} in bound, {} in flow, {} in packets; {} packet-hops\n",
               CountText(counts[LookMode::BOUND]),
               CountText(counts[LookMode::FLOW]),
               CountText(counts[LookMode::PACKET]),
               DecimalText(outcome.packetHops));
}

/** Say how far the search is. */
void
TellWave(const SearchWave& wave)
{
    std::fprintf(stderr,
                 "mtlink: %s in mode %s, of %s that may be on the front\n",
                 CountText(wave.designs, "design", "designs").c_str(),
                 GetLookName(wave.mode),
                 CountText(wave.open).c_str());
}

/** @return the exit status that says how the search ended. */
int
TellEnd(const SearchOutcome& outcome)
{
    if (outcome.isInterrupted)
    {
        std::fprintf(stderr, "mtlink: interrupted: go on with --resume\n");
        return EXIT_INTERRUPTED;
    }
    if (outcome.isOverBudget)
    {
        std::fprintf(stderr,
                     "mtlink: the budget is spent and not all is decided: go on with --resume\n");
        return EXIT_STOPPED;
    }
    if (ListFront(outcome).empty())
    {
        const auto tried =
            std::find_if(outcome.designs.begin(), outcome.designs.end(), [](const auto& design) {
                return design.status == FrontStatus::OUT;
            });
        std::fprintf(stderr,
                     "mtlink: no design holds the target%s%s\n",
                     tried == outcome.designs.end() ? "" : ", or none can be run: ",
                     tried == outcome.designs.end() ? "" : tried->message.c_str());
        return EXIT_STOPPED;
    }
    return EXIT_DONE;
}

/** Write the report beside the tables; @return its path. */
std::string
WriteReportOfDesigns(const std::string& directory, Language language)
{
    std::string path = directory + "/report.html";
    WriteDesignReport(directory, path, language);
    return path;
}

int
RunDesignCommand(DesignArguments arguments)
{
    const Language language = ChooseLanguage(arguments.language);
    const DesignRequest request = LoadDesignRequest(arguments.file);
    const DesignList list = ListDesigns(request);
    if (arguments.directory.empty())
    {
        arguments.directory = "results/" + request.name;
    }
    const std::string& directory = arguments.directory;
    try
    {
        WriteDesigns(request, list, directory);
        if (!arguments.quiet)
        {
            PrintKinds(request, list);
            std::fflush(stdout);
        }
        int status = EXIT_DONE;
        std::string table = "design.csv";
        std::string report; // where it was written
        if (!request.workloads.empty() && !arguments.list)
        {
            SearchOptions options;
            options.processes = arguments.processes > 0
                                    ? arguments.processes
                                    : std::max(1U, std::thread::hardware_concurrency());
            options.resume = arguments.resume;
            options.isExhaustive = arguments.exhaustive;
            options.interrupt = CatchInterrupts();
            if (!arguments.quiet)
            {
                options.onWave = TellWave;
            }
            const SearchOutcome outcome = SearchFront(request, list, directory, options);
            WriteFront(request, list, outcome, directory);
            WriteDesignRecord(request, list, outcome, directory);
            if (!arguments.quiet)
            {
                PrintFront(request, list, outcome);
            }
            if (!arguments.noReport)
            {
                report = WriteReportOfDesigns(directory, language);
            }
            status = TellEnd(outcome);
            table = "front.csv";
        }
        if (!arguments.quiet)
        {
            fmt::print("results          {}/{}, {}/designs\n{}",
                       directory,
                       table,
                       directory,
                       report.empty() ? "" : "report           " + report + "\n");
        }
        return status;
    }
    catch (const WriteError& error)
    {
        std::fprintf(stderr,
                     "mtlink: error: %s; what there is, is kept: go on with --resume\n",
                     error.what());
        return EXIT_STOPPED;
    }
}

} // namespace

void
AddDesignCommand(CLI::App& app, int& status)
{
    CLI::App* command =
        app.add_subcommand("design", "List the fabrics that chips can build, and find the best");
    const auto arguments = std::make_shared<DesignArguments>();
    command->add_option("request", arguments->file, "What is asked, a YAML file")
        ->required()
        ->type_name("REQUEST.yaml");
    command
        ->add_option("-o,--output", arguments->directory, "Where results go (default results/NAME)")
        ->type_name("DIR");
    command
        ->add_option("-j,--jobs", arguments->processes, "Processes at once (default: one per core)")
        ->type_name("N")
        ->check(CLI::Range(1, 4096));
    command->add_flag("--resume",
                      arguments->resume,
                      "Go on with a search that was interrupted, killed or out of time");
    command->add_flag("--list", arguments->list, "List what can be built, and simulate nothing");
    command->add_flag("--exhaustive",
                      arguments->exhaustive,
                      "Simulate every design in packets, to check what the search finds");
    command->add_flag("-q,--quiet", arguments->quiet, "No progress and no tables");
    command->add_flag("--no-report", arguments->noReport, "Write no report.html");
    AddLanguageOption(*command, arguments->language);
    command->callback([arguments, &status] { status = RunDesignCommand(*arguments); });
}
