/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/human-text.h"
#include "verdict/rules.h"

#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Links of classes take turns where their times add up to so much of the run. */
constexpr double WHOLE = 0.75;

} // namespace

bool
SayUnshared(const Reading& reading, VerdictResult& verdict)
{
    if (reading.results.mode != "bound")
    {
        return false;
    }
    verdict.text = "In mode bound no link is shared, so what holds it up can't be said: run it in "
                   "mode flow or packet.";
    return true;
}

bool
SayPhases(const Reading& reading, VerdictResult& verdict)
{
    double sum = 0;
    std::vector<std::pair<double, std::string>> classes;
    for (const Reading::Level& level : reading.GetLevels())
    {
        // Links further in carry what endpoints' links do, at the same time.
        if (level.touchesEndpoints && level.used > 0)
        {
            classes.emplace_back(reading.GetUtilisation(*level.busiest), level.cls);
            sum += classes.back().first;
        }
    }
    if (classes.size() < 2 || sum < WHOLE || sum > 1)
    {
        return false;
    }
    std::stable_sort(classes.begin(), classes.end(), [](const auto& a, const auto& b) {
        return a.first > b.first;
    });
    std::string list;
    for (const auto& [busy, cls] : classes)
    {
        list += fmt::format("{}{} {}", list.empty() ? "" : ", ", cls, PercentText(busy));
    }
    verdict.boundBy = "link_rate";
    verdict.text = fmt::format("No links were full, yet their times add up to {} of the run{}: {}, "
                               "as if they took turns.",
                               PercentText(sum),
                               reading.GetCaution(),
                               list);
    return true;
}

bool
SayUnsure(const Reading& reading, VerdictResult& verdict)
{
    const LinkResult* busiest = reading.GetBusiest();
    const std::optional<double> loss = reading.GetLoss();
    verdict.text =
        fmt::format("What held it up can't be said for sure{}{}{}.",
                    reading.GetCaution(),
                    loss ? fmt::format("; {} of the bound", PercentText(1 - *loss)) : "",
                    busiest ? fmt::format("; the busiest link, {} to {}, was busy {} of the time",
                                          busiest->name,
                                          busiest->to,
                                          PercentText(reading.GetUtilisation(*busiest)))
                            : "");
    return true;
}

} // namespace mtlink
} // namespace ns3
