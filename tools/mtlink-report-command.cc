/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "mtlink-command.h"

#include "ns3/mtlink-report.h"

#include <CLI/CLI.hpp>
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
    std::string file;                     //!< The report; empty: report.html in the first one
};

} // namespace

void
AddReportCommand(CLI::App& app, int& status)
{
    CLI::App* command =
        app.add_subcommand("report",
                           "Write the HTML report of one run, or of several side by side");
    const auto arguments = std::make_shared<ReportArguments>();
    command->add_option("results", arguments->directories, "Results directories")
        ->required()
        ->type_name("DIR");
    command
        ->add_option("-o,--output",
                     arguments->file,
                     "The report (default report.html in the first directory)")
        ->type_name("FILE.html");
    command->callback([arguments, &status] {
        const std::string file = arguments->file.empty()
                                     ? arguments->directories.front() + "/report.html"
                                     : arguments->file;
        ns3::mtlink::WriteReport(arguments->directories, file);
        std::printf("%s\n", file.c_str());
        status = EXIT_DONE;
    });
}
