/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep/sweep-values.h"

#include <fmt/format.h>

namespace ns3
{
namespace mtlink
{

SweepValues::SweepValues(const Sweep& sweep)
    : m_sweep(sweep),
      m_values(sweep.keys.size())
{
    for (const SweepPoint& point : sweep.points)
    {
        for (std::size_t i = 0; i < m_values.size(); ++i)
        {
            ++m_values[i][point.cells[i]].points;
        }
    }
}

void
SweepValues::Accept(const SweepPoint& point)
{
    for (std::size_t i = 0; i < m_values.size(); ++i)
    {
        m_values[i][point.cells[i]].isAccepted = true;
    }
}

void
SweepValues::Refuse(const SweepPoint& point, const InputError& error)
{
    for (std::size_t i = 0; i < m_values.size(); ++i)
    {
        ++m_values[i][point.cells[i]].refused;
    }
    m_refusals.emplace_back(&point, error);
}

bool
SweepValues::IsWanted(const SweepPoint& point) const
{
    for (std::size_t i = 0; i < m_values.size(); ++i)
    {
        if (!m_values[i].at(point.cells[i]).isAccepted)
        {
            return true;
        }
    }
    return m_values.empty();
}

void
SweepValues::Finish(SweepStrictness strictness) const
{
    if (strictness == SweepStrictness::NONE)
    {
        return;
    }
    for (const auto& [point, error] : m_refusals)
    {
        if (m_refusals.size() == m_sweep.points.size())
        {
            throw InputError(error.GetWhere(), error.GetMessage() + " (so in every point)");
        }
        for (std::size_t i = 0; i < m_values.size(); ++i)
        {
            const std::string& cell = point->cells[i];
            const Value& value = m_values[i].at(cell);
            const bool isAsked = strictness == SweepStrictness::ALL || m_sweep.isScenario[i];
            if (isAsked && !cell.empty() && value.refused == value.points)
            {
                throw InputError(error.GetWhere(),
                                 fmt::format("{} (so in every point with {}={})",
                                             error.GetMessage(),
                                             m_sweep.keys[i],
                                             cell));
            }
        }
    }
}

} // namespace mtlink
} // namespace ns3
