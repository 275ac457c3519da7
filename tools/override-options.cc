/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "override-options.h"

#include <CLI/CLI.hpp>

using namespace ns3::mtlink;

void
AddOverrideOptions(CLI::App& command, std::vector<std::string>& settings, std::string& mode)
{
    command
        .add_option("--mode",
                    mode,
                    "packet, flow: links shared max-min fairly, bound: every message as on an idle "
                    "fabric, or auto: packet or flow, by simulation.budget")
        ->type_name("MODE");
    command
        .add_option("--set",
                    settings,
                    "Set a value of the experiment, as fabric.switch.buffer=64KiB; repeatable")
        ->type_name("KEY=VALUE")
        ->expected(1)
        ->take_all();
}

std::vector<Override>
ListOverrides(const std::vector<std::string>& settings, const std::string& mode)
{
    std::vector<Override> overrides;
    for (const std::string& setting : settings)
    {
        overrides.push_back({"--set", setting});
    }
    if (!mode.empty())
    {
        overrides.push_back({"--mode", "simulation.mode=" + mode});
    }
    return overrides;
}
