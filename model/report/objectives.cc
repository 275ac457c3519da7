/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/objectives.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <set>

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return the index of a figure; that of the end if there is none. */
size_t
FindFigure(const std::vector<std::string>& figures, const std::string& name)
{
    return static_cast<size_t>(std::find(figures.begin(), figures.end(), name) - figures.begin());
}

/** @return how many values a figure has among the rows. */
size_t
CountValues(const FigureRows& rows, size_t figure)
{
    std::set<double> values;
    for (const auto& row : rows)
    {
        if (row[figure])
        {
            values.insert(*row[figure]);
        }
    }
    return values.size();
}

/** @return whether one is as good as another in all, and better in one. */
bool
IsBetter(const std::vector<double>& one, const std::vector<double>& other)
{
    bool isBetter = false;
    for (size_t i = 0; i < one.size(); ++i)
    {
        if (one[i] > other[i])
        {
            return false;
        }
        isBetter = isBetter || one[i] < other[i];
    }
    return isBetter;
}

} // namespace

Objective
ParseObjective(const std::string& text)
{
    const size_t colon = text.find(':');
    const std::string aim = colon == std::string::npos ? "min" : text.substr(colon + 1);
    if (colon == 0 || (aim != "min" && aim != "max"))
    {
        throw InputError({"--objective"},
                         text + ": expected FIGURE, FIGURE:min or FIGURE:max, with a figure of "
                                "sweep.csv");
    }
    return {text.substr(0, colon), aim == "max"};
}

std::vector<Objective>
ChooseObjectives(const std::vector<std::string>& figures, const FigureRows& rows)
{
    const std::vector<Objective> wished{{"training.tokens_per_s", true},
                                        {"accepted_load", true},
                                        {"collective_busbw_GBps_mean", true},
                                        {"collective_duration_ns_mean", false},
                                        {"packet_latency_ns_p99", false},
                                        {"completion_time_ns", false},
                                        {"credit_stall_ns", false}};
    std::vector<Objective> chosen;
    for (const char* cost : {"cost_power_W", "cost_area_mm2"})
    {
        const size_t figure = FindFigure(figures, cost);
        if (chosen.empty() && figure < figures.size() && CountValues(rows, figure) > 1)
        {
            chosen.push_back({cost, false});
        }
    }
    for (const Objective& objective : wished)
    {
        const size_t figure = FindFigure(figures, objective.figure);
        if (chosen.size() < 2 && figure < figures.size() && CountValues(rows, figure) > 0)
        {
            chosen.push_back(objective);
        }
    }
    return chosen;
}

std::vector<bool>
FindFront(const std::vector<std::string>& figures,
          const FigureRows& rows,
          const std::vector<Objective>& objectives)
{
    // What is to be little of each row; empty: it lacks some.
    std::vector<std::vector<double>> costs(rows.size());
    for (size_t i = 0; i < rows.size(); ++i)
    {
        for (const Objective& objective : objectives)
        {
            const std::optional<double>& value = rows[i][FindFigure(figures, objective.figure)];
            if (!value)
            {
                costs[i].clear();
                break;
            }
            costs[i].push_back(objective.isMaximised ? -*value : *value);
        }
    }
    std::vector<bool> isOnFront(rows.size());
    for (size_t i = 0; i < rows.size(); ++i)
    {
        isOnFront[i] =
            !costs[i].empty() && std::none_of(costs.begin(), costs.end(), [&](const auto& other) {
                return !other.empty() && IsBetter(other, costs[i]);
            });
    }
    return isOnFront;
}

} // namespace mtlink
} // namespace ns3
