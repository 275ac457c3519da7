/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "design/design-standing.h"

#include "measure/figures.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return whether a figure is known of a design before anything is run. */
bool
IsDesignCost(const std::string& name)
{
    const auto& known = GetDesignCostNames();
    return std::find(known.begin(), known.end(), name) != known.end();
}

/** @return index of the cheapest fat tree in levels without taper, of the first chip; or nothing.
 */
std::optional<std::size_t>
FindFullTree(const DesignList& list)
{
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < list.designs.size(); ++i)
    {
        const Design& design = list.designs[i];
        const bool isOne = design.chip == 0 && design.network.kind == "fat_tree" &&
                           design.network.taper == 1 && design.planes == 1;
        if (isOne && (!found || design.network.size.cables.size() <
                                    list.designs[*found].network.size.cables.size()))
        {
            found = i;
        }
    }
    return found;
}

} // namespace

std::optional<std::size_t>
FindRunFigure(const std::string& name)
{
    const auto& figures = GetFigures();
    const auto at = std::find_if(figures.begin(), figures.end(), [&name](const Figure& figure) {
        return figure.name == name;
    });
    return at == figures.end() ? std::nullopt
                               : std::optional(static_cast<std::size_t>(at - figures.begin()));
}

DesignScale::DesignScale(const DesignRequest& request, const DesignList& list)
    : m_request(request),
      m_names(request.objectives)
{
    for (const DesignLimit& limit : request.limits)
    {
        if (std::find(m_names.begin(), m_names.end(), limit.figure) == m_names.end())
        {
            m_names.push_back(limit.figure);
        }
        if (limit.within && !m_reference)
        {
            m_reference = FindFullTree(list);
            if (!m_reference)
            {
                request.document.Find("target")->Refuse(
                    "'within' compares with a full fat tree of the first chip, and none can be "
                    "built: add fat_tree to 'kinds', 1 to 'taper', or more 'levels'");
            }
        }
    }
    for (const std::string& name : m_names)
    {
        // A run's cost is that of ports with a cable; a design's is that of whole chips.
        m_runFigures.push_back(IsDesignCost(name) ? std::nullopt : FindRunFigure(name));
        const auto& own = m_runFigures.back();
        m_signs.push_back(own && GetFigures()[*own].aim == FigureAim::MORE ? -1 : 1);
    }
}

bool
DesignScale::IsOfRuns() const
{
    return std::any_of(m_runFigures.begin(),
                       m_runFigures.begin() +
                           static_cast<std::ptrdiff_t>(m_request.objectives.size()),
                       [](const auto& figure) { return figure.has_value(); });
}

void
DesignScale::SetCosts(const DesignList& list, Ranges& ranges) const
{
    for (std::size_t i = 0; i < list.designs.size(); ++i)
    {
        for (std::size_t k = 0; k < m_names.size(); ++k)
        {
            if (const auto cost = GetDesignCost(list.designs[i], m_names[k]))
            {
                ranges[i][k] = {*cost, *cost};
            }
        }
    }
}

DesignScale::Ranges
DesignScale::Begin(const DesignList& list) const
{
    Ranges ranges(list.designs.size(),
                  {m_names.size(), FigureRange{-FigureRange::INFINITE, FigureRange::INFINITE}});
    SetCosts(list, ranges);
    return ranges;
}

DesignStanding
DesignScale::See(const Ranges& ranges, const std::vector<bool>& isOut) const
{
    DesignStanding standing;
    for (std::size_t i = 0; i < ranges.size(); ++i)
    {
        FrontCandidate one;
        one.isOut = isOut[i];
        one.objectives.assign(ranges[i].begin(),
                              ranges[i].begin() +
                                  static_cast<std::ptrdiff_t>(m_request.objectives.size()));
        for (const DesignLimit& limit : m_request.limits)
        {
            const std::size_t k = FindIndex(limit.figure);
            FigureRange range = ranges[i][k];
            const double wanted = limit.atMost ? 1 : limit.atLeast ? -1 : m_signs[k];
            if (wanted != m_signs[k])
            {
                range = {-range.most, -range.least};
            }
            one.limited.push_back(range);
        }
        standing.candidates.push_back(std::move(one));
    }
    standing.limits = GetLimits(ranges);
    standing.status = SeeFront(standing.candidates, standing.limits);
    return standing;
}

std::size_t
DesignScale::FindIndex(const std::string& name) const
{
    return static_cast<std::size_t>(std::find(m_names.begin(), m_names.end(), name) -
                                    m_names.begin());
}

/** @return the limits as SeeFront() wants them; of a full fat tree, as far as it is known. */
std::vector<FigureRange>
DesignScale::GetLimits(const Ranges& ranges) const
{
    std::vector<FigureRange> limits;
    for (const DesignLimit& limit : m_request.limits)
    {
        const std::size_t k = FindIndex(limit.figure);
        if (limit.atMost)
        {
            limits.push_back({*limit.atMost, *limit.atMost});
        }
        else if (limit.atLeast)
        {
            limits.push_back({-*limit.atLeast, -*limit.atLeast});
        }
        else
        {
            const FigureRange& full = ranges[*m_reference][k];
            const double more = m_signs[k] > 0 ? 1 + *limit.within : 1 - *limit.within;
            limits.push_back({full.least * more, full.most * more});
        }
    }
    return limits;
}

} // namespace mtlink
} // namespace ns3
