/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_COMMAND_H
#define MTLINK_COMMAND_H

#include <utility>

namespace CLI
{
class App;
} // namespace CLI

/** What the command's exit status says. */
enum ExitStatus
{
    EXIT_DONE = 0,         //!< Done
    EXIT_REFUSED = 1,      //!< Refused input
    EXIT_USAGE = 2,        //!< Wrong arguments
    EXIT_STOPPED = 3,      //!< The simulation stopped early; what there is, is kept
    EXIT_NO_RIGHTS = 77,   //!< What was asked for wants rights that the user lacks
    EXIT_INTERRUPTED = 130 //!< Ctrl-C
};

/** That, for users. */
inline constexpr std::pair<ExitStatus, const char*> EXIT_MEANINGS[] = {
    {EXIT_DONE, "done"},
    {EXIT_REFUSED, "refused input"},
    {EXIT_USAGE, "wrong usage"},
    {EXIT_STOPPED, "simulation stopped early"},
    {EXIT_NO_RIGHTS, "no rights to do it"},
    {EXIT_INTERRUPTED, "interrupted"},
};

/**
 * @{
 * Add a subcommand.
 * @param [in,out] app The command.
 * @param [out] status Gets its exit status as it is run.
 */
void AddRunCommand(CLI::App& app, int& status);
void AddSweepCommand(CLI::App& app, int& status);
void AddDesignCommand(CLI::App& app, int& status);
void AddCompareCommand(CLI::App& app, int& status);
void AddCheckCommand(CLI::App& app, int& status);
void AddEmulateCommand(CLI::App& app, int& status);
void AddTopologyCommand(CLI::App& app, int& status);
void AddTraceCommand(CLI::App& app, int& status);
void AddReportCommand(CLI::App& app, int& status);
void AddAttributesCommand(CLI::App& app, int& status);
void AddCompletionCommand(CLI::App& app, int& status);
void AddManualCommand(CLI::App& app, int& status);
/** @} */

#endif // MTLINK_COMMAND_H
