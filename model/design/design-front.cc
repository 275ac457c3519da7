/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "design/design-front.h"

#include <algorithm>
#include <cmath>

namespace ns3
{
namespace mtlink
{

namespace
{

/** One end of a range. */
using RangeEnd = double FigureRange::*;

/** @return whether `a`, by one end of its ranges, is at least as good as `b`, and better once. */
bool
IsBetter(const FrontCandidate& a, RangeEnd endOfA, const FrontCandidate& b, RangeEnd endOfB)
{
    bool isBetter = false;
    for (std::size_t k = 0; k < a.objectives.size(); ++k)
    {
        const double ownOfA = a.objectives[k].*endOfA;
        const double ownOfB = b.objectives[k].*endOfB;
        if (ownOfA > ownOfB)
        {
            return false;
        }
        isBetter = isBetter || ownOfA < ownOfB;
    }
    return isBetter;
}

/** @return whether a design holds all limits, by one end of its ranges. */
bool
Holds(const FrontCandidate& candidate,
      RangeEnd end,
      const std::vector<FigureRange>& limits,
      RangeEnd endOfLimits)
{
    for (std::size_t k = 0; k < limits.size(); ++k)
    {
        if (candidate.limited[k].*end > limits[k].*endOfLimits)
        {
            return false;
        }
    }
    return true;
}

} // namespace

FigureRange
FigureRange::Around(double value, double error)
{
    // Simulated is quick; packets are (1 - error) to 1 / (1 - error) of it.
    const double some = std::abs(value) * error;
    const double more = std::abs(value) * error / (1 - error);
    return {value - (value < 0 ? more : some), value + (value < 0 ? some : more)};
}

FigureRange
FigureRange::Meet(const FigureRange& other) const
{
    const FigureRange both{std::max(least, other.least), std::min(most, other.most)};
    return both.least <= both.most ? both : *this;
}

bool
HoldsSurely(const FrontCandidate& candidate, const std::vector<FigureRange>& limits)
{
    return Holds(candidate, &FigureRange::most, limits, &FigureRange::least);
}

std::vector<FrontStatus>
SeeFront(const std::vector<FrontCandidate>& candidates, const std::vector<FigureRange>& limits)
{
    std::vector<FrontStatus> status;
    std::vector<std::size_t> sure; // to hold all limits
    for (std::size_t i = 0; i < candidates.size(); ++i)
    {
        const FrontCandidate& one = candidates[i];
        const bool mayHold = Holds(one, &FigureRange::least, limits, &FigureRange::most);
        status.push_back(one.isOut  ? FrontStatus::OUT
                         : !mayHold ? FrontStatus::BEYOND
                                    : FrontStatus::OPEN);
        if (status.back() == FrontStatus::OPEN && HoldsSurely(one, limits))
        {
            sure.push_back(i);
        }
    }
    for (std::size_t i = 0; i < candidates.size(); ++i)
    {
        if (status[i] == FrontStatus::OPEN &&
            std::any_of(sure.begin(), sure.end(), [&](std::size_t other) {
                return IsBetter(candidates[other],
                                &FigureRange::most,
                                candidates[i],
                                &FigureRange::least);
            }))
        {
            status[i] = FrontStatus::DOMINATED;
        }
    }
    return status;
}

std::vector<std::size_t>
FindHopeful(const std::vector<FrontCandidate>& candidates, const std::vector<FrontStatus>& status)
{
    std::vector<std::size_t> hopeful;
    for (std::size_t i = 0; i < candidates.size(); ++i)
    {
        bool isFirst = status[i] == FrontStatus::OPEN;
        for (std::size_t other = 0; isFirst && other < candidates.size(); ++other)
        {
            isFirst = status[other] != FrontStatus::OPEN || !IsBetter(candidates[other],
                                                                      &FigureRange::least,
                                                                      candidates[i],
                                                                      &FigureRange::least);
        }
        if (isFirst)
        {
            hopeful.push_back(i);
        }
    }
    return hopeful;
}

} // namespace mtlink
} // namespace ns3
