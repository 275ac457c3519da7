/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "command.h"
#include "language-option.h"
#include "report/design-report.h"
#include "report/design-results.h"
#include "report/report.h"
#include "report/sweep-report.h"
#include "sweep/sweep-record.h"

#include "ns3/mtlink-error.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace
{

/** Arguments of `mtlink report`. */
struct ReportArguments
{
    std::vector<std::string> directories; //!< Of results
    std::vector<std::string> objectives;  //!< Of a sweep's Pareto front
    std::string file;                     //!< The report; empty: report.html in the first one
    std::string language;                 //!< Empty: that of the environment
};

/**
 * Write the report of a search for the best fabric.
 * @param [in] arguments What the user asked for.
 * @param [in] file The report.
 * @param [in] language In which it opens.
 * @return whether it is one.
 */
bool
WriteReportIfDesigns(const ReportArguments& arguments,
                     const std::string& file,
                     ns3::mtlink::Language language)
{
    using namespace ns3::mtlink;
    const auto designs =
        std::find_if(arguments.directories.begin(), arguments.directories.end(), IsDesignDirectory);
    if (designs == arguments.directories.end())
    {
        return false;
    }
    if (arguments.directories.size() > 1)
    {
        throw InputError(
            {*designs},
            "mtlink design searched in it, and a report shows one search at a time; "
            "for runs of its designs side by side, name directories below runs/points/ "
            "in it");
    }
    if (!arguments.objectives.empty())
    {
        throw InputError({*designs},
                         "--objective is for the directory of a sweep; a search's are in its "
                         "request, and its runs are a sweep, runs/ in it");
    }
    WriteDesignReport(*designs, file, language);
    return true;
}

/**
 * @param [in] arguments What the user asked for.
 * @param [in] file The report.
 */
void
WriteWantedReport(const ReportArguments& arguments, const std::string& file)
{
    using namespace ns3::mtlink;
    const Language language = ChooseLanguage(arguments.language);
    if (WriteReportIfDesigns(arguments, file, language))
    {
        return;
    }
    for (const std::string& directory : arguments.directories)
    {
        if (HoldsSweep(directory) && !IsSweepDirectory(directory))
        {
            throw InputError({directory},
                             "this is a sweep that has not come to its end: let mtlink sweep go on "
                             "with --resume; its runs that are over are below points/ in it");
        }
    }
    const auto sweep =
        std::find_if(arguments.directories.begin(), arguments.directories.end(), IsSweepDirectory);
    if (sweep == arguments.directories.end())
    {
        if (!arguments.objectives.empty())
        {
            throw InputError({arguments.directories.front()},
                             "--objective is for the directory of a sweep, this is a run");
        }
        WriteReport(arguments.directories, file, language);
        return;
    }
    if (arguments.directories.size() > 1)
    {
        throw InputError({*sweep},
                         "this is a sweep, of which a report shows one at a time; for its runs "
                         "side by side, name directories below points/ in it");
    }
    std::vector<Objective> objectives;
    for (const auto& text : arguments.objectives)
    {
        objectives.push_back(ParseObjective(text));
    }
    WriteSweepReport(*sweep, objectives, file, language);
}

} // namespace

void
AddReportCommand(CLI::App& app, int& status)
{
    CLI::App* command = app.add_subcommand("report",
                                           "Write the HTML report of one run, of several side by "
                                           "side, of a sweep, or of a search for the "
                                           "best fabric");
    const auto arguments = std::make_shared<ReportArguments>();
    command->add_option("results", arguments->directories, "Results directories")
        ->required()
        ->type_name("DIR");
    command
        ->add_option("--objective",
                     arguments->objectives,
                     "A figure of sweep.csv that the Pareto front of a sweep is about, and whether "
                     "less or more of it is better; give two or three")
        ->type_name("FIGURE[:min|:max]")
        ->allow_extra_args(false);
    command
        ->add_option("-o,--output",
                     arguments->file,
                     "The report (default report.html in the first directory)")
        ->type_name("FILE.html");
    AddLanguageOption(*command, arguments->language);
    command->callback([arguments, &status] {
        const std::string file = arguments->file.empty()
                                     ? arguments->directories.front() + "/report.html"
                                     : arguments->file;
        WriteWantedReport(*arguments, file);
        std::printf("%s\n", file.c_str());
        status = EXIT_DONE;
    });
}
