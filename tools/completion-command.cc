/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "command-tree.h"
#include "command.h"
#include "experiment/experiment-keys.h"
#include "experiment/key-type.h"
#include "experiment/yaml-mapping.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

using namespace ns3::mtlink;

namespace
{

/** What a shell offers for a value. */
enum class Offer
{
    NOTHING, //!< A number, a text
    YAML,    //!< Files that end in .yaml
    FILES,   //!< Any file
    FOLDERS, //!< Directories
    MODES,   //!< Of simulation
    KEYS,    //!< Keys of an experiment, each with =
    ROWS,    //!< Sections and keys of `mtlink attributes`
    SHELLS,  //!< That have a completion
};

const std::vector<std::string> SHELL_NAMES{"bash", "zsh", "fish"};

/** @return what is offered for a value of that name. */
Offer
FindOffer(const std::string& value)
{
    static const std::map<std::string, Offer> offers{{"MODE", Offer::MODES},
                                                     {"KEY=VALUE", Offer::KEYS},
                                                     {"NAME", Offer::ROWS},
                                                     {"SHELL", Offer::SHELLS}};
    const auto known = offers.find(value);
    return known != offers.end()       ? known->second
           : value.ends_with(".yaml")  ? Offer::YAML
           : value.starts_with("FILE") ? Offer::FILES
           : value.starts_with("DIR")  ? Offer::FOLDERS
                                       : Offer::NOTHING;
}

/** @return the words of simulation.mode. */
std::vector<std::string>
ListModes()
{
    std::vector<std::string> words;
    for (const ExperimentKey& key : GetExperimentKeys())
    {
        if (key.section == "simulation" && key.key == "mode")
        {
            for (const KeyForm& form : ParseKeyType(key.type))
            {
                words.push_back(form.word);
            }
        }
    }
    return words;
}

/** Calls by which shells ask the command itself, as it is now, what may be typed. */
constexpr const char* KEYS_CALL = "mtlink attributes --keys 2>/dev/null";
constexpr const char* ROWS_CALL =
    "mtlink attributes 2>/dev/null | sed -n 's/^\\([a-z][^ :]*\\):.*/\\1/p'";

std::string
Quote(const std::string& text)
{
    std::string quoted = "'";
    for (const char c : text)
    {
        quoted += c == '\'' ? "'\\''" : std::string(1, c);
    }
    return quoted + "'";
}

/** @return the lines of Bash that offer something for $word. */
std::string
WriteBashOffer(Offer offer)
{
    switch (offer)
    {
    case Offer::YAML:
        return "compopt -o filenames; COMPREPLY=($(compgen -f -X '!*.@(yaml|yml)' -- \"$word\") "
               "$(compgen -d -- \"$word\"))";
    case Offer::FILES:
        return "compopt -o filenames; COMPREPLY=($(compgen -f -- \"$word\"))";
    case Offer::FOLDERS:
        return "compopt -o filenames; COMPREPLY=($(compgen -d -- \"$word\"))";
    case Offer::MODES:
        return fmt::format("COMPREPLY=($(compgen -W '{}' -- \"$word\"))",
                           fmt::join(ListModes(), " "));
    case Offer::KEYS:
        return fmt::format("compopt -o nospace; COMPREPLY=($(compgen -S = -W \"$({})\" -- "
                           "\"$word\"))",
                           KEYS_CALL);
    case Offer::ROWS:
        return fmt::format("COMPREPLY=($(compgen -W \"$({})\" -- \"$word\"))", ROWS_CALL);
    case Offer::SHELLS:
        return fmt::format("COMPREPLY=($(compgen -W '{}' -- \"$word\"))",
                           fmt::join(SHELL_NAMES, " "));
    case Offer::NOTHING:
        break;
    }
    return ":";
}

std::string
WriteBash(const std::vector<CommandInfo>& commands)
{
    std::string names;
    std::string cases;
    for (const CommandInfo& command : commands)
    {
        names += (names.empty() ? "" : " ") + command.name;
        std::string options;
        std::string values;
        std::string positional = ":";
        for (const CommandOption& option : command.options)
        {
            if (option.names.empty())
            {
                positional = WriteBashOffer(FindOffer(option.value));
                continue;
            }
            options +=
                fmt::format("{}{}", options.empty() ? "" : " ", fmt::join(option.names, " "));
            if (!option.value.empty())
            {
                values += fmt::format("                {}) {}; return ;;\n",
                                      fmt::join(option.names, "|"),
                                      WriteBashOffer(FindOffer(option.value)));
            }
        }
        cases += fmt::format("        {})\n"
                             "            case $before in\n{}"
                             "            esac\n"
                             "            if [[ $word == -* ]]; then\n"
                             "                COMPREPLY=($(compgen -W '{}' -- \"$word\"))\n"
                             "            else\n"
                             "                {}\n"
                             "            fi ;;\n",
                             command.name,
                             values,
                             options,
                             positional);
    }
    return fmt::format(
        "# bash completion for mtlink, as 'mtlink completion bash' prints it\n"
        "# shellcheck disable=SC2207 # words of compgen\n"
        "_mtlink()\n"
        "{{\n"
        "    shopt -q extglob || {{ shopt -s extglob; trap 'shopt -u extglob; trap - RETURN' "
        "RETURN; "
        "}}\n"
        "    local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}}\n"
        "    COMPREPLY=()\n"
        "    if [[ $COMP_CWORD -eq 1 ]]; then\n"
        "        COMPREPLY=($(compgen -W '{} --help --version' -- \"$word\"))\n"
        "        return\n"
        "    fi\n"
        "    case ${{COMP_WORDS[1]}} in\n{}"
        "    esac\n"
        "}}\n"
        "complete -F _mtlink mtlink\n",
        names,
        cases);
}

/** @return a text in a description of _arguments, where : and [] mean something. */
std::string
EscapeZsh(const std::string& text)
{
    std::string escaped;
    for (const char c : text)
    {
        escaped +=
            (c == ':' || c == '[' || c == ']') ? "\\" + std::string(1, c) : std::string(1, c);
    }
    return escaped;
}

std::string
WriteZshOffer(Offer offer)
{
    switch (offer)
    {
    case Offer::YAML:
        return "_files -g \"*.(yaml|yml)(-.)\"";
    case Offer::FILES:
        return "_files";
    case Offer::FOLDERS:
        return "_files -/";
    case Offer::MODES:
        return fmt::format("({})", fmt::join(ListModes(), " "));
    case Offer::KEYS:
        return "_mtlink_keys";
    case Offer::ROWS:
        return "_mtlink_rows";
    case Offer::SHELLS:
        return fmt::format("({})", fmt::join(SHELL_NAMES, " "));
    case Offer::NOTHING:
        break;
    }
    return " ";
}

std::string
WriteZsh(const std::vector<CommandInfo>& commands)
{
    std::string names;
    std::string cases;
    for (const CommandInfo& command : commands)
    {
        names += "        " + Quote(EscapeZsh(command.name) + ":" + command.help) + "\n";
        std::string lines;
        for (const CommandOption& option : command.options)
        {
            const std::string value = fmt::format("{}:{}",
                                                  EscapeZsh(option.value),
                                                  WriteZshOffer(FindOffer(option.value)));
            if (option.names.empty())
            {
                lines +=
                    " \\\n                " + Quote((option.isRepeatable ? "*:" : ":") + value);
                continue;
            }
            for (const std::string& name : option.names)
            {
                const std::string others =
                    option.isRepeatable ? "*" : fmt::format("({})", fmt::join(option.names, " "));
                lines += " \\\n                " +
                         Quote(fmt::format("{}{}[{}]{}",
                                           others,
                                           name,
                                           EscapeZsh(option.help),
                                           option.value.empty() ? "" : ":" + value));
            }
        }
        cases += fmt::format("        {})\n            _arguments{} ;;\n", command.name, lines);
    }
    return fmt::format("#compdef mtlink\n"
                       "# zsh completion for mtlink, as 'mtlink completion zsh' prints it\n"
                       "_mtlink_keys()\n"
                       "{{\n"
                       "    local -a keys=(${{(f)\"$({})\"}})\n"
                       "    compadd -S = -- $keys\n"
                       "}}\n"
                       "_mtlink_rows()\n"
                       "{{\n"
                       "    local -a rows=(${{(f)\"$({})\"}})\n"
                       "    compadd -- $rows\n"
                       "}}\n"
                       "_mtlink()\n"
                       "{{\n"
                       "    local -a commands=(\n{}    )\n"
                       "    if (( CURRENT == 2 )); then\n"
                       "        _describe command commands\n"
                       "        return\n"
                       "    fi\n"
                       "    local name=$words[2]\n"
                       "    shift words\n"
                       "    (( CURRENT-- ))\n"
                       "    case $name in\n{}"
                       "    esac\n"
                       "}}\n"
                       "if [[ $funcstack[1] == _mtlink ]]; then\n"
                       "    _mtlink \"$@\"\n"
                       "else\n"
                       "    compdef _mtlink mtlink\n"
                       "fi\n",
                       KEYS_CALL,
                       ROWS_CALL,
                       names,
                       cases);
}

std::string
WriteFishOffer(Offer offer)
{
    switch (offer)
    {
    case Offer::YAML:
        return "-k -a '(__fish_complete_suffix .yaml)'";
    case Offer::FILES:
        return "-a '(__fish_complete_path)'";
    case Offer::FOLDERS:
        return "-a '(__fish_complete_directories)'";
    case Offer::MODES:
        return fmt::format("-a '{}'", fmt::join(ListModes(), " "));
    case Offer::KEYS:
        return fmt::format("-a '({} | string replace -r \"\\$\" =)'", KEYS_CALL);
    case Offer::ROWS:
        return "-a " + Quote(fmt::format("({})", ROWS_CALL));
    case Offer::SHELLS:
        return fmt::format("-a '{}'", fmt::join(SHELL_NAMES, " "));
    case Offer::NOTHING:
        break;
    }
    return "";
}

std::string
WriteFish(const std::vector<CommandInfo>& commands)
{
    std::string text =
        "# fish completion for mtlink, as 'mtlink completion fish' prints it\n"
        "complete -c mtlink -f\n"
        "complete -c mtlink -n __fish_use_subcommand -l help -d 'Print this help and exit'\n"
        "complete -c mtlink -n __fish_use_subcommand -l version -d 'Print the version and exit'\n";
    for (const CommandInfo& command : commands)
    {
        text += fmt::format("complete -c mtlink -n __fish_use_subcommand -a {} -d {}\n",
                            command.name,
                            Quote(command.help));
    }
    for (const CommandInfo& command : commands)
    {
        const std::string head =
            fmt::format("complete -c mtlink -n '__fish_seen_subcommand_from {}'", command.name);
        for (const CommandOption& option : command.options)
        {
            std::string line = head;
            for (const std::string& name : option.names)
            {
                line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
            }
            const std::string offer =
                option.value.empty() ? "" : WriteFishOffer(FindOffer(option.value));
            if (!option.names.empty() && !option.value.empty())
            {
                line += " -x"; // it has a value, and files only where they are offered
            }
            line += offer.empty() ? "" : " " + offer;
            if (option.names.empty() && offer.empty())
            {
                continue;
            }
            text += line + (option.names.empty() ? "" : " -d " + Quote(option.help)) + "\n";
        }
    }
    return text;
}

} // namespace

void
AddCompletionCommand(CLI::App& app, int& status)
{
    CLI::App* command =
        app.add_subcommand("completion", "Print what lets a shell complete this command");
    const auto shell = std::make_shared<std::string>();
    command->add_option("shell", *shell, "bash, zsh or fish")->required()->type_name("SHELL");
    command->callback([&app, shell, &status] {
        const std::vector<CommandInfo> commands = DescribeCommands(app);
        const std::map<std::string, std::function<std::string()>> writers{
            {"bash", [&] { return WriteBash(commands); }},
            {"zsh", [&] { return WriteZsh(commands); }},
            {"fish", [&] { return WriteFish(commands); }}};
        const auto writer = writers.find(*shell);
        if (writer == writers.end())
        {
            RefuseUnknown({"completion", 1, 1}, "shell '" + *shell + "'", *shell, SHELL_NAMES);
        }
        std::fputs(writer->second().c_str(), stdout);
        status = EXIT_DONE;
    });
}
