/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep/sweep-designs.h"

#include "measure/figures.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

/** What a design must stand in a run: the scenario, and the seed where the sweep gives some. */
using Trial = std::pair<std::size_t, uint32_t>;

/** The values of a figure that a design has, by what it stood. */
using Values = std::map<Trial, double>;

/** @return the mean over scenarios of the means over seeds. */
double
GetMeanOfScenarios(const Values& values)
{
    double sum = 0;
    std::size_t scenarios = 0;
    for (auto at = values.begin(); at != values.end();)
    {
        const std::size_t scenario = at->first.first;
        double ofScenario = 0;
        std::size_t seeds = 0;
        for (; at != values.end() && at->first.first == scenario; ++at)
        {
            ofScenario += at->second;
            ++seeds;
        }
        sum += ofScenario / static_cast<double>(seeds);
        ++scenarios;
    }
    return sum / static_cast<double>(scenarios);
}

/** @return the one figure that a design has of all its runs. */
double
AggregateValues(const Values& values, Aggregate aggregate, FigureAim aim)
{
    if (aggregate == Aggregate::MEAN || aim == FigureAim::NONE)
    {
        return GetMeanOfScenarios(values);
    }
    const auto [least, most] =
        std::minmax_element(values.begin(), values.end(), [](const auto& a, const auto& b) {
            return a.second < b.second;
        });
    return aim == FigureAim::MORE ? least->second : most->second;
}

} // namespace

std::vector<DesignFigures>
GetDesignFigures(const Sweep& sweep, const std::vector<std::optional<JobOutcome>>& outcomes)
{
    std::vector<DesignFigures> designs(sweep.designs.size());
    for (std::size_t i = 0; i < sweep.jobs.size(); ++i)
    {
        DesignFigures& design = designs[sweep.points[sweep.jobs[i].point].design];
        ++design.runs;
        if (outcomes[i] && outcomes[i]->status == JobStatus::DONE)
        {
            ++design.done;
            design.openLoop += outcomes[i]->saturated.has_value() ? 1 : 0;
            design.saturated += outcomes[i]->saturated.value_or(false) ? 1 : 0;
        }
    }
    for (std::size_t k = 0; k < GetFigures().size(); ++k)
    {
        std::vector<Values> values(designs.size());
        std::set<Trial> all;
        for (std::size_t i = 0; i < sweep.jobs.size(); ++i)
        {
            if (!outcomes[i] || outcomes[i]->status != JobStatus::DONE || !outcomes[i]->figures[k])
            {
                continue;
            }
            const SweepPoint& point = sweep.points[sweep.jobs[i].point];
            const Trial trial{point.scenario, sweep.seeds.empty() ? 0 : sweep.jobs[i].seed};
            values[point.design].emplace(trial, *outcomes[i]->figures[k]);
            all.insert(trial);
        }
        for (std::size_t design = 0; design < designs.size(); ++design)
        {
            // A design's runs are of different trials: as many are the same.
            const bool isComparable = !all.empty() && values[design].size() == all.size();
            designs[design].figures.push_back(
                isComparable
                    ? std::optional(
                          AggregateValues(values[design], sweep.aggregate, GetFigures()[k].aim))
                    : std::nullopt);
        }
    }
    return designs;
}

} // namespace mtlink
} // namespace ns3
