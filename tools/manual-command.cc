/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "command-tree.h"
#include "command.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string>

namespace
{

/** @return a text that roff takes as it is. */
std::string
Escape(const std::string& text)
{
    std::string escaped;
    for (const char c : text)
    {
        const bool isFirst = escaped.empty() || escaped.back() == '\n';
        if (isFirst && (c == '.' || c == '\''))
        {
            escaped += "\\&";
        }
        escaped += c == '\\' ? "\\e" : c == '-' ? "\\-" : std::string(1, c);
    }
    return escaped;
}

/** @return what is typed to call a subcommand. */
std::string
WriteUsage(const CommandInfo& command)
{
    std::string usage = fmt::format(".B mtlink {}\n", Escape(command.name));
    for (const CommandOption& option : command.options)
    {
        if (option.names.empty())
        {
            const std::string dots = option.isRepeatable ? " ..." : "";
            usage += option.isRequired
                         ? fmt::format("\\fI{}\\fR{}\n", Escape(option.value), dots)
                         : fmt::format("[\\fI{}\\fR{}]\n", Escape(option.value), dots);
        }
    }
    return usage + "[\\fIoptions\\fR]\n";
}

/** @return the paragraph of an option or argument. */
std::string
WriteOption(const CommandOption& option)
{
    std::string head =
        fmt::format("\\fB{}\\fR", Escape(fmt::format("{}", fmt::join(option.names, ", "))));
    if (option.names.empty())
    {
        head = fmt::format("\\fI{}\\fR", Escape(option.value));
    }
    else if (!option.value.empty())
    {
        head += fmt::format(" \\fI{}\\fR", Escape(option.value));
    }
    return fmt::format(".TP\n{}\n{}\n", head, Escape(option.help));
}

std::string
WriteManual(const CLI::App& app)
{
    std::string text = fmt::format(".TH MTLINK 1 \"\" \"mtlink {}\" \"User Commands\"\n"
                                   ".SH NAME\n"
                                   "mtlink \\- packet\\-level simulator of GPU fabrics\n"
                                   ".SH SYNOPSIS\n",
                                   MTLINK_VERSION);
    const std::vector<CommandInfo> commands = DescribeCommands(app);
    for (const CommandInfo& command : commands)
    {
        text += WriteUsage(command) + ".br\n";
    }
    text += fmt::format(".SH DESCRIPTION\n{}\n", Escape(app.get_description()));
    text +=
        ".PP\nExperiments, fabrics and sweeps are YAML files; 'mtlink attributes' tells every key "
        "of them, and a JSON Schema lets editors complete and check them. A run says first what "
        "held it up and what to try, and leaves tables, a report for a browser and a timeline in "
        "its results directory.\n"
        ".SH COMMANDS\n";
    for (const CommandInfo& command : commands)
    {
        text += fmt::format(".SS mtlink {}\n{}.\n", Escape(command.name), Escape(command.help));
        for (const CommandOption& option : command.options)
        {
            text += WriteOption(option);
        }
    }
    text += ".SH EXIT STATUS\n";
    for (const auto& [status, meaning] : EXIT_MEANINGS)
    {
        text += fmt::format(".TP\n{}\n{}\n", static_cast<int>(status), Escape(meaning));
    }
    text += ".SH FILES\n"
            ".TP\n\\fIresults/NAME\\fR\nResults of a run or sweep, unless \\fB\\-o\\fR says "
            "otherwise.\n"
            ".TP\n\\fI/usr/share/mtlink/topologies\\fR, \\fI/usr/share/mtlink/examples\\fR\n"
            "Ready fabrics and experiments, where mtlink is installed as a package.\n"
            ".TP\n\\fI/usr/share/mtlink/mtlink.schema.json\\fR\nThe JSON Schema for editors.\n"
            ".SH EXAMPLES\n"
            ".nf\n"
            "mtlink run /usr/share/mtlink/examples/allreduce\\-s5000\\-mesh.yaml \\-o mesh\n"
            "mtlink check experiment.yaml \\-\\-set fabric.switch.buffer=64KiB\n"
            "mtlink sweep sweep.yaml \\-j 8 && mtlink report results/sweep\n"
            "mtlink compare results/a results/b\n"
            ".fi\n"
            ".SH SEE ALSO\n"
            "The documentation in \\fI/usr/share/doc/mtlink\\fR.\n";
    return text;
}

} // namespace

void
AddManualCommand(CLI::App& app, int& status)
{
    CLI::App* command = app.add_subcommand("manual", "Print the manual page, in roff");
    command->callback([&app, &status] {
        std::fputs(WriteManual(app).c_str(), stdout);
        status = EXIT_DONE;
    });
}
