/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "command-tree.h"

#include <CLI/CLI.hpp>
#include <utility>

std::vector<CommandInfo>
DescribeCommands(const CLI::App& app)
{
    std::vector<CommandInfo> commands;
    for (const CLI::App* const command : app.get_subcommands({}))
    {
        CommandInfo info{command->get_name(), command->get_description(), {}};
        for (const CLI::Option* const option : command->get_options())
        {
            CommandOption made;
            for (const std::string& name : option->get_snames())
            {
                made.names.push_back("-" + name);
            }
            for (const std::string& name : option->get_lnames())
            {
                made.names.push_back("--" + name);
            }
            const bool isFlag = option->get_items_expected_max() == 0;
            made.value = isFlag ? "" : option->get_type_name();
            made.help = option->get_description();
            made.isRequired = option->get_required();
            made.isRepeatable =
                option->get_items_expected_max() > 1 ||
                option->get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
            info.options.push_back(std::move(made));
        }
        commands.push_back(std::move(info));
    }
    return commands;
}
