/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TOOLS_OVERRIDE_OPTIONS_H
#define MTLINK_TOOLS_OVERRIDE_OPTIONS_H

#include "experiment/override.h"

#include <string>
#include <vector>

namespace CLI
{
class App;
} // namespace CLI

/**
 * Have a subcommand take options that change an experiment.
 * @param [in,out] command The subcommand.
 * @param [out] settings Gets what is given with --set, KEY=VALUE each.
 * @param [out] mode Gets what is given with --mode.
 */
void AddOverrideOptions(CLI::App& command, std::vector<std::string>& settings, std::string& mode);

/** @return what such options change. @param [in] settings As above. @param [in] mode As above. */
std::vector<ns3::mtlink::Override> ListOverrides(const std::vector<std::string>& settings,
                                                 const std::string& mode);

#endif // MTLINK_TOOLS_OVERRIDE_OPTIONS_H
