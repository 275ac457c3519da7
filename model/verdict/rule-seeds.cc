/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/human-text.h"
#include "verdict/rules.h"

#include <algorithm>
#include <fmt/format.h>
#include <string>

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return the part of the fabric that has equal ways of which a hash chooses; empty: none. */
std::string
FindHashed(const Reading& reading)
{
    for (const SettingResult& setting : reading.results.settings)
    {
        const bool isTree = setting.value == "fat_tree" && setting.setting.ends_with(".kind");
        if (!isTree || !setting.setting.starts_with("fabric."))
        {
            continue;
        }
        const std::string part = setting.setting.substr(0, setting.setting.size() - 4);
        const std::string up = reading.FindSetting(part + "up").value_or("");
        const bool isSingle = !up.empty() && up.find_first_not_of("[]1, ") == std::string::npos &&
                              up.find("11") == std::string::npos;
        if (!isSingle &&
            reading.FindSetting(part + "routing.granularity").value_or("flow") == "flow")
        {
            return part;
        }
    }
    return "";
}

} // namespace

bool
AddSeeds(const Reading& reading, VerdictResult& verdict)
{
    // Where nothing goes beyond a leaf nothing is chosen.
    const bool isUsed = std::any_of(
        reading.GetLevels().begin(),
        reading.GetLevels().end(),
        [](const Reading::Level& level) { return !level.touchesEndpoints && level.used > 0; });
    // Nor does a hash matter where links are hardly used.
    const bool isIdle = verdict.boundBy == "latency" || verdict.boundBy == "software" ||
                        verdict.boundBy == "compute";
    if (!isUsed || isIdle || FindHashed(reading).empty())
    {
        return false;
    }
    double least = 0;
    double most = 0;
    std::size_t seeds = 0;
    std::string mode;
    for (const VerdictTrial& trial : reading.facts.trials)
    {
        if (trial.kind == VerdictTrial::SEED)
        {
            least = std::min(seeds == 0 ? trial.unchangedNs : least, trial.timeNs);
            most = std::max({most, trial.unchangedNs, trial.timeNs});
            seeds += seeds == 0 ? 2 : 1;
            mode = trial.mode;
        }
    }
    verdict.notes.push_back(fmt::format(
        "a hash chooses among equal links, and this is seed {} alone: {}",
        reading.results.seed,
        seeds > 1 ? fmt::format("in mode {}, approximate, {} seeds took {} to {}",
                                mode,
                                seeds,
                                TimeText(least * 1e3),
                                TimeText(most * 1e3))
                  : "other seeds may take longer or shorter, as a sweep with seeds tells"));
    return true;
}

} // namespace mtlink
} // namespace ns3
