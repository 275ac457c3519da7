/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TOOLS_LANGUAGE_OPTION_H
#define MTLINK_TOOLS_LANGUAGE_OPTION_H

#include "report/phrase-book.h"

#include <string>

namespace CLI
{
class App;
} // namespace CLI

/**
 * Have a subcommand take the language of what it tells people.
 * @param [in,out] command The subcommand.
 * @param [out] name Gets what is given with --lang.
 */
void AddLanguageOption(CLI::App& command, std::string& name);

/**
 * @param [in] name What was given with --lang; empty: nothing.
 * @return the language, that of the environment where nothing was given; CLI::ValidationError for a
 *         name that none has.
 */
ns3::mtlink::Language ChooseLanguage(const std::string& name);

#endif // MTLINK_TOOLS_LANGUAGE_OPTION_H
