/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/design-doubt.h"

#include <algorithm>
#include <limits>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr double NO_END = std::numeric_limits<double>::infinity();

/** @return a span of which less is better. */
FigureSpan
Oriented(const FigureSpan& span, bool isMaximised)
{
    return isMaximised ? FigureSpan{-span.most, -span.least} : span;
}

/** @return whether one is as good as another in all objectives, and better in one, whatever their
 * true figures are. */
bool
IsSurelyBetter(const DesignResults& results, const ReportedDesign& one, const ReportedDesign& other)
{
    bool isBetter = false;
    for (std::size_t k = 0; k < results.figures.size() && results.figures[k].isObjective; ++k)
    {
        const bool isMaximised = results.figures[k].isMaximised;
        const FigureSpan own = Oriented(FindSpan(results, one, k), isMaximised);
        const FigureSpan its = Oriented(FindSpan(results, other, k), isMaximised);
        if (own.most > its.least)
        {
            return false;
        }
        isBetter = isBetter || own.most < its.least;
    }
    return isBetter;
}

/** @return between what a target is: a full fat tree's own figure may be in error. */
FigureSpan
FindTargetSpan(const DesignResults& results, const ReportedTarget& target)
{
    if (!target.within || !results.reference)
    {
        return {target.limit.value_or(0), target.limit.value_or(0)};
    }
    const FigureSpan full = FindSpan(results, results.designs[*results.reference], target.figure);
    const double more = target.isMost ? 1 + *target.within : 1 - *target.within;
    return {full.least * more, full.most * more};
}

} // namespace

FigureSpan
FindSpan(const DesignResults& results, const ReportedDesign& design, std::size_t figure)
{
    const std::optional<double>& value = design.figures[figure];
    if (!value ||
        (results.figures[figure].isSimulated && design.mode != "flow" && design.mode != "packet"))
    {
        return {-NO_END, NO_END};
    }
    const auto error = results.errors.find(design.fidelity);
    if (!results.figures[figure].isSimulated || design.mode == "packet" ||
        error == results.errors.end())
    {
        return {*value, *value};
    }
    return {*value * (1 - error->second), *value / (1 - error->second)};
}

bool
HoldsTargets(const DesignResults& results, const ReportedDesign& design, bool isSure)
{
    return std::all_of(results.targets.begin(),
                       results.targets.end(),
                       [&](const ReportedTarget& target) {
                           const FigureSpan own =
                               Oriented(FindSpan(results, design, target.figure), !target.isMost);
                           const FigureSpan limit =
                               Oriented(FindTargetSpan(results, target), !target.isMost);
                           return isSure ? own.most <= limit.least : own.least <= limit.most;
                       });
}

std::vector<std::size_t>
FindDoubtful(const DesignResults& results)
{
    std::vector<std::size_t> found;
    if (results.closest != "flow")
    {
        return found;
    }
    std::vector<const ReportedDesign*> sure;
    for (const ReportedFrontDesign& one : results.front)
    {
        const ReportedDesign& design = results.designs[one.design];
        if (HoldsTargets(results, design, true))
        {
            sure.push_back(&design);
        }
    }
    for (std::size_t i = 0; i < results.designs.size(); ++i)
    {
        const ReportedDesign& design = results.designs[i];
        const bool isOff = design.status == "dominated" || design.status == "beyond the target";
        if (isOff && design.mode == "flow" && HoldsTargets(results, design, false) &&
            std::none_of(sure.begin(), sure.end(), [&](const ReportedDesign* one) {
                return IsSurelyBetter(results, *one, design);
            }))
        {
            found.push_back(i);
        }
    }
    return found;
}

std::size_t
CountIndistinct(const DesignResults& results, std::size_t figure)
{
    std::vector<FigureSpan> spans;
    for (const ReportedFrontDesign& one : results.front)
    {
        const ReportedDesign& design = results.designs[one.design];
        if (design.status == "front")
        {
            spans.push_back(FindSpan(results, design, figure));
        }
    }
    std::sort(spans.begin(), spans.end(), [](const FigureSpan& a, const FigureSpan& b) {
        return a.least < b.least;
    });
    std::size_t count = 0;
    double reach = -NO_END; // of those before
    for (std::size_t i = 0; i < spans.size(); ++i)
    {
        const bool meetsNext = i + 1 < spans.size() && spans[i + 1].least < spans[i].most;
        count += meetsNext || reach > spans[i].least ? 1 : 0;
        reach = std::max(reach, spans[i].most);
    }
    return count;
}

} // namespace mtlink
} // namespace ns3
