/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_COMMAND_TREE_H
#define MTLINK_COMMAND_TREE_H

#include <string>
#include <vector>

namespace CLI
{
class App;
} // namespace CLI

/** What a subcommand takes: an option, or an argument without a name. */
struct CommandOption
{
    std::vector<std::string> names; //!< "-o", "--output"; empty: an argument
    std::string value;              //!< "DIR"; empty: a flag
    std::string help;               //!< What it does
    bool isRequired{false};         //!< Of an argument
    bool isRepeatable{false};       //!< It may be there several times
};

/** A subcommand, for the manual and for shells. */
struct CommandInfo
{
    std::string name;                   //!< "run"
    std::string help;                   //!< What it does
    std::vector<CommandOption> options; //!< In order, arguments among them
};

/**
 * @param [in] app The command.
 * @return its subcommands, in order.
 */
std::vector<CommandInfo> DescribeCommands(const CLI::App& app);

#endif // MTLINK_COMMAND_TREE_H
