/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "language-option.h"

#include <CLI/CLI.hpp>

using namespace ns3::mtlink;

void
AddLanguageOption(CLI::App& command, std::string& name)
{
    command
        .add_option("--lang",
                    name,
                    "Language of verdict and report: en or zh (default by LC_ALL, LC_MESSAGES or "
                    "LANG)")
        ->type_name("LANG");
}

Language
ChooseLanguage(const std::string& name)
{
    if (name.empty())
    {
        return GetEnvironmentLanguage();
    }
    const auto language = FindLanguage(name);
    if (!language)
    {
        throw CLI::ValidationError("--lang", "there is no language '" + name + "'; valid: en, zh");
    }
    return *language;
}
