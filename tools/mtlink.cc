/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * The command mtlink: each subcommand is in a file of its own.
 */

#include "command.h"
#include "experiment/yaml-mapping.h"

#include "ns3/mtlink-error.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

namespace
{

/** @return whether all that was printed got out; says so if not. */
bool
IsOutputWritten()
{
    const bool isWritten = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
    if (!isWritten)
    {
        std::fprintf(stderr, "mtlink: error: can't write to the standard output\n");
    }
    return isWritten;
}

/** @return the long options of a command. */
std::vector<std::string>
ListOptions(const CLI::App& command)
{
    std::vector<std::string> names;
    for (const CLI::Option* const each : command.get_options())
    {
        for (const std::string& option : each->get_lnames())
        {
            names.push_back("--" + option);
        }
    }
    return names;
}

/** @return whether a command has an option, given as "--quiet", "--seed=3" or "-q". */
bool
HasOption(const CLI::App& command, const std::string& word)
{
    return command.get_option_no_throw(word.substr(0, word.find('='))) != nullptr;
}

/**
 * The parser takes a word of one dash apart, "-quiet" into "-q" and the rest.
 * @param [in] rest What it made nothing of, "-uiet".
 * @param [in] words All arguments as they were written.
 * @return that one.
 */
std::string
FindWritten(const std::string& rest, const std::vector<std::string>& words)
{
    const bool isPart = rest.size() > 1 && rest[0] == '-' && rest[1] != '-';
    const auto written = std::find_if(words.begin(), words.end(), [&](const std::string& word) {
        return word == rest || (isPart && word.starts_with("-") && word.ends_with(rest.substr(1)));
    });
    return written == words.end() ? rest : *written;
}

/**
 * @param [in] app The command mtlink.
 * @param [in] command Its subcommand that was given, or itself.
 * @param [in] option An option that is not known where it stands.
 * @return that in words, with what would be right.
 */
std::string
DescribeUnknownOption(const CLI::App& app, const CLI::App& command, const std::string& option)
{
    const CLI::App* of = &command != &app && HasOption(command, option) ? &command : nullptr;
    for (const CLI::App* const each : app.get_subcommands({}))
    {
        of = !of && &command == &app && HasOption(*each, option) ? each : of;
    }
    if (of)
    {
        return "options of a command come after its name: give '" + option + "' as in 'mtlink " +
               of->get_name() + " " + option + " ...'";
    }
    const std::string name = &command == &app ? "mtlink" : "mtlink " + command.get_name();
    const bool isSetting = command.get_option_no_throw("--set") != nullptr;
    return ns3::mtlink::DescribeUnknown("option '" + option + "' of " + name,
                                        option,
                                        ListOptions(command)) +
           (isSetting ? "\nKeys of an experiment are set as by --set workload.size=64MiB." : "");
}

/**
 * @param [in] app The command.
 * @param [in] error What is wrong with its arguments.
 * @param [in] words The arguments.
 * @return that in words, with what would be right.
 */
std::string
DescribeUsageError(const CLI::App& app,
                   const CLI::Error& error,
                   const std::vector<std::string>& words)
{
    const auto parsed = app.get_subcommands();
    const CLI::App& command = parsed.empty() ? app : *parsed.front();
    const std::string name = parsed.empty() ? "mtlink" : "mtlink " + command.get_name();
    const std::string hint = "\nSee '" + name + " --help'.\n";
    const std::vector<std::string> rest = app.remaining(true);
    const auto wrong = std::find_if(rest.begin(), rest.end(), [&](const std::string& word) {
        return parsed.empty() || (word.size() > 1 && word.starts_with("-"));
    });
    if (wrong == rest.end())
    {
        return "mtlink: " + std::string(error.what()) + hint;
    }
    if (wrong->starts_with("-"))
    {
        return "mtlink: " + DescribeUnknownOption(app, command, FindWritten(*wrong, words)) + hint;
    }
    std::vector<std::string> valid;
    for (const CLI::App* const each : app.get_subcommands({}))
    {
        valid.push_back(each->get_name());
    }
    return "mtlink: " + ns3::mtlink::DescribeUnknown("command '" + *wrong + "'", *wrong, valid) +
           hint;
}

/**
 * Many commands know "help" and "version" as words, and so people type them.
 * @param [in] words The arguments.
 * @return the same, such a word in front put as the option that it means.
 */
std::vector<std::string>
TakeWordsForOptions(std::vector<std::string> words)
{
    if (!words.empty() && words.front() == "help")
    {
        words.erase(words.begin());
        words.emplace_back("--help"); // of the command that is named, if one is
    }
    if (!words.empty() && words.front() == "version")
    {
        words.front() = "--version";
    }
    return words;
}

} // namespace

int
main(int argc, char** argv)
{
    std::signal(SIGXFSZ, SIG_IGN); // a file at its size limit is a disk that is full
    CLI::App app{
        "Simulate GPU fabrics packet by packet: replay collectives, traces and traffic over "
        "a fabric described in YAML."};
    app.name("mtlink");
    app.set_version_flag("--version",
                         "mtlink " MTLINK_VERSION " (ns-3 " MTLINK_NS3_VERSION ")",
                         "Print the version and exit");
    app.set_help_flag("-h,--help", "Print this help and exit");
    app.require_subcommand(1);
    const std::vector<std::string> words = TakeWordsForOptions({argv + 1, argv + argc});
    app.failure_message([&app, &words](const CLI::App*, const CLI::Error& error) {
        return DescribeUsageError(app, error, words);
    });
    std::string statuses;
    for (const auto& [meant, meaning] : EXIT_MEANINGS)
    {
        statuses += (statuses.empty() ? "" : ", ") + std::to_string(meant) + " " + meaning;
    }
    app.footer("Exit status: " + statuses +
               ".\n'mtlink COMMAND --help' tells more of each command, 'man mtlink' of all.");
    int status = EXIT_DONE;
    AddRunCommand(app, status);
    AddSweepCommand(app, status);
    AddDesignCommand(app, status);
    AddCompareCommand(app, status);
    AddCheckCommand(app, status);
    AddEmulateCommand(app, status);
    AddTopologyCommand(app, status);
    AddTraceCommand(app, status);
    AddReportCommand(app, status);
    AddAttributesCommand(app, status);
    AddCompletionCommand(app, status);
    AddManualCommand(app, status);
    try
    {
        app.parse(std::vector<std::string>(words.rbegin(), words.rend())); // from the last one
    }
    catch (const CLI::ParseError& error)
    {
        if (app.exit(error) != 0)
        {
            return EXIT_USAGE;
        }
        return IsOutputWritten() ? EXIT_DONE : EXIT_STOPPED; // help was asked for
    }
    catch (const std::bad_alloc&)
    {
        std::fprintf(stderr, "mtlink: error: out of memory; 'mtlink check' estimates the need\n");
        return EXIT_STOPPED;
    }
    catch (const std::logic_error& error)
    {
        std::fprintf(stderr, "mtlink: %s\n", error.what());
        return EXIT_STOPPED;
    }
    catch (const ns3::mtlink::InputError& error) // says its place itself
    {
        std::fprintf(stderr, "%s\n", error.what());
        return EXIT_REFUSED;
    }
    catch (const std::exception& error)
    {
        if (!IsOutputWritten()) // what prints may throw, too
        {
            return EXIT_STOPPED;
        }
        std::fprintf(stderr, "mtlink: error: %s\n", error.what());
        return EXIT_REFUSED;
    }
    return IsOutputWritten() ? status : EXIT_STOPPED;
}
