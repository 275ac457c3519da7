/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "command.h"
#include "language-option.h"
#include "measure/number-text.h"
#include "reference-text.h"
#include "report/human-text.h"
#include "sweep/compare-verdict.h"
#include "sweep/compare.h"
#include "text-table.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <fmt/format.h>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace ns3::mtlink;

namespace
{

constexpr std::size_t MOST_LINES = 100;  //!< Of the collectives
constexpr std::size_t MOST_LETTERS = 60; //!< Of a parameter's value

/** A figure that may not move far. */
struct Threshold
{
    std::string name; //!< Of GetComparedNames()
    double percent;   //!< Up or down
};

/** Arguments of `mtlink compare`. */
struct CompareArguments
{
    std::string a;                       //!< Results
    std::string b;                       //!< Results; may be empty beside what follows
    std::string ncclTests;               //!< Output of nccl-tests; or empty
    std::string measured;                //!< A trace with times; or empty
    std::vector<std::string> thresholds; //!< FIGURE=PERCENT
    std::string language;                //!< Empty: that of the environment
};

Threshold
ParseThreshold(const std::string& text)
{
    const std::size_t equals = std::min(text.find('='), text.size());
    Threshold threshold{text.substr(0, equals), -1};
    std::string number = text.substr(std::min(equals + 1, text.size()));
    if (!number.empty() && number.back() == '%')
    {
        number.pop_back();
    }
    const char* end = number.data() + number.size();
    const auto result = std::from_chars(number.data(), end, threshold.percent);
    if (result.ec != std::errc() || result.ptr != end || !(threshold.percent >= 0) ||
        !std::isfinite(threshold.percent))
    {
        throw CLI::ValidationError("--threshold",
                                   "'" + text + "' is no FIGURE=PERCENT, as completion_time_ns=2%");
    }
    const std::vector<std::string> names = GetComparedNames();
    if (std::find(names.begin(), names.end(), threshold.name) == names.end())
    {
        std::string list;
        for (const std::string& name : names)
        {
            list += (list.empty() ? "" : ", ") + name;
        }
        throw CLI::ValidationError("--threshold",
                                   "there is no figure '" + threshold.name + "'; valid: " + list);
    }
    return threshold;
}

void
PrintRun(const char* label, const StoredRun& run)
{
    const RunResults& results = run.results;
    fmt::print("{}  {}: {}, mode {}, seed {}{}\n",
               label,
               run.directory,
               results.name,
               results.mode,
               results.seed,
               results.complete
                   ? ""
                   : ", INCOMPLETE (" + results.stopReason.substr(0, results.stopReason.find(':')) +
                         "): its figures are of what there is");
}

std::string
FormatValue(const std::optional<double>& value)
{
    return value ? NumberText(*value) : UNKNOWN_TEXT;
}

std::vector<std::string>
FormatChange(const FigureChange& change)
{
    const std::optional<double> percent = change.GetPercent();
    return {change.name,
            FormatValue(change.a),
            FormatValue(change.b),
            change.a && change.b ? fmt::format("{:+.6g}", *change.b - *change.a) : UNKNOWN_TEXT,
            percent ? fmt::format("{:+.3g} %", *percent) : UNKNOWN_TEXT};
}

/** @return a parameter's value, cut where it is long: experiment.yaml has all of it. */
std::string
FormatParameter(const std::optional<std::string>& value)
{
    if (!value)
    {
        return UNKNOWN_TEXT;
    }
    return value->size() <= MOST_LETTERS ? *value
                                         : fmt::format("{}... ({} characters)",
                                                       value->substr(0, MOST_LETTERS),
                                                       value->size());
}

void
PrintParameters(const Comparison& comparison)
{
    if (comparison.parameters.empty())
    {
        fmt::print("\nno parameter differs\n");
        return;
    }
    TextTable table;
    table.AddRow({"parameter", "A", "B"});
    for (const ParameterChange& change : comparison.parameters)
    {
        table.AddRow({change.key, FormatParameter(change.a), FormatParameter(change.b)});
    }
    fmt::print("\n{}", table.Format());
}

void
PrintFigures(const std::vector<FigureChange>& figures, const std::string& what)
{
    TextTable table;
    table.AddRow({what, "A", "B", "change", ""});
    std::size_t moved = 0;
    for (const FigureChange& change : figures)
    {
        if (change.IsMoved())
        {
            table.AddRow(FormatChange(change));
            ++moved;
        }
    }
    if (moved == 0)
    {
        fmt::print("\nno {} moved\n", what);
        return;
    }
    fmt::print("\n{}{} of {} did not move\n",
               table.Format(),
               figures.size() - moved,
               figures.size());
}

void
PrintCollectives(const std::vector<FigureChange>& collectives)
{
    TextTable table;
    table.AddRow({"collective", "", "figure", "A", "B", "change", ""});
    std::size_t moved = 0;
    for (const FigureChange& change : collectives)
    {
        if (change.IsMoved() && ++moved <= MOST_LINES)
        {
            std::vector<std::string> row = FormatChange(change);
            row.insert(row.begin(), {CountText(*change.collective), change.what});
            table.AddRow(row);
        }
    }
    if (moved > 0)
    {
        fmt::print("\n{}", table.Format());
    }
    if (moved > MOST_LINES)
    {
        fmt::print("... and {} more\n", moved - MOST_LINES);
    }
}

/** Tell which is better, and why. */
void
PrintVerdicts(const VerdictComparison& comparison, Language language)
{
    fmt::print("\n{}\n", Say(language, comparison.text));
    if (!comparison.seeds.empty())
    {
        fmt::print("{}\n", Say(language, "seeds: " + comparison.seeds));
    }
    for (const auto& [name, why] :
         {std::pair('A', comparison.whyA), std::pair('B', comparison.whyB)})
    {
        fmt::print("{}: {}\n", name, Say(language, why));
    }
}

/** Tell which figures are past their threshold. @return whether any is. */
bool
Judge(const Comparison& comparison, const std::vector<Threshold>& thresholds)
{
    bool isAny = false;
    for (const Threshold& threshold : thresholds)
    {
        for (const auto* figures :
             {&comparison.figures, &comparison.costs, &comparison.collectives})
        {
            for (const FigureChange& change : *figures)
            {
                if (change.name != threshold.name || !change.IsPast(threshold.percent))
                {
                    continue;
                }
                const std::optional<double> percent = change.GetPercent();
                fmt::print("{}past threshold: {}{}: {} to {}, {}; allowed {:g} %\n",
                           isAny ? "" : "\n",
                           change.name,
                           change.collective ? fmt::format(" of collective {}", *change.collective)
                                             : "",
                           FormatValue(change.a),
                           FormatValue(change.b),
                           percent ? fmt::format("{:+.3g} %", *percent) : "not in percent",
                           threshold.percent);
                isAny = true;
            }
        }
    }
    return isAny;
}

/** Put what was measured beside runs. */
void
PrintReference(const CompareArguments& arguments)
{
    std::vector<RunResults> runs;
    for (const std::string& directory : {arguments.a, arguments.b})
    {
        if (!directory.empty())
        {
            runs.push_back(ReadRunsOfSeeds(directory).front().results);
        }
    }
    if (!arguments.ncclTests.empty())
    {
        fmt::print("{}", FormatNcclReference(arguments.ncclTests, runs));
    }
    if (!arguments.measured.empty())
    {
        fmt::print("{}", FormatMeasured(arguments.measured, runs.front()));
    }
}

int
Compare(const CompareArguments& arguments)
{
    if (!arguments.ncclTests.empty() || !arguments.measured.empty())
    {
        PrintReference(arguments);
        return EXIT_DONE;
    }
    if (arguments.b.empty())
    {
        throw CLI::RequiredError("DIR_B");
    }
    const Language language = ChooseLanguage(arguments.language);
    std::vector<Threshold> thresholds;
    for (const std::string& text : arguments.thresholds)
    {
        thresholds.push_back(ParseThreshold(text));
    }
    const RunsOfSeeds ofA = ReadRunsOfSeeds(arguments.a);
    const RunsOfSeeds ofB = ReadRunsOfSeeds(arguments.b);
    const StoredRun& a = ofA.front();
    const StoredRun& b = ofB.front();
    const Comparison comparison = CompareRuns(a, b);
    PrintRun("A", a);
    PrintRun("B", b);
    PrintVerdicts(CompareVerdicts(ofA, ofB), language);
    PrintParameters(comparison);
    PrintFigures(comparison.figures, "figure");
    PrintCollectives(comparison.collectives);
    PrintFigures(comparison.costs, "cost");
    return Judge(comparison, thresholds) ? EXIT_REFUSED : EXIT_DONE;
}

} // namespace

void
AddCompareCommand(CLI::App& app, int& status)
{
    CLI::App* command =
        app.add_subcommand("compare", "Tell what differs between two runs, and by how much");
    const auto arguments = std::make_shared<CompareArguments>();
    command->add_option("a", arguments->a, "Results of the first run")
        ->required()
        ->type_name("DIR_A");
    command
        ->add_option("b",
                     arguments->b,
                     "Results of the second run; not needed beside --nccl-tests and --measured")
        ->type_name("DIR_B");
    command
        ->add_option("--nccl-tests",
                     arguments->ncclTests,
                     "Put what nccl-tests printed into this file beside the runs, by size")
        ->type_name("FILE");
    command
        ->add_option("--measured",
                     arguments->measured,
                     "Put the times that this trace has of its collectives beside its replay's")
        ->type_name("TRACE");
    command
        ->add_option("--threshold",
                     arguments->thresholds,
                     "Exit with 1 if this figure moved by more percent, up or down, as "
                     "completion_time_ns=2%; repeatable")
        ->type_name("FIGURE=PERCENT")
        ->expected(1)
        ->take_all();
    AddLanguageOption(*command, arguments->language);
    command->callback([arguments, &status] { status = Compare(*arguments); });
}
