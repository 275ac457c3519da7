/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "stability/life-figures.h"

#include "measure/statistics.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Lives draw from streams of their own: links, placements and cards have others. */
constexpr uint64_t FIRST_STREAM = 7ULL << 60;

/**
 * @return a seed of the generator. Its state is that number six times over, so streams of seeds
 *         that are small multiples of one another are correlated: mixed ones are not.
 * @param [in] seed As asked for.
 */
uint32_t
MixSeed(uint32_t seed)
{
    constexpr uint64_t SEEDS = 4'294'944'442; // below the second modulus of MRG32k3a
    return static_cast<uint32_t>(Mix(seed) % SEEDS) + 1;
}

/** @return mean and interval, no end of which passes the bounds. */
IntervalFigure
MakeFigure(const std::vector<double>& values, double least, double most)
{
    const MeanInterval interval = GetMeanInterval(values);
    const double half = interval.halfWidth.value_or(0);
    return {interval.mean,
            std::max(least, interval.mean - half),
            std::min(most, interval.mean + half)};
}

} // namespace

LifeFigures
GetLifeFigures(const JobModel& model, uint32_t seed)
{
    double expected = 0; // failures of a life
    for (const FailureKind& kind : model.failures)
    {
        expected += kind.rate * model.run;
    }
    LifeFigures figures;
    const double affordable = MOST_FAILURES / std::max(expected, 1.0);
    figures.runs = affordable >= static_cast<double>(MOST_LIVES)
                       ? MOST_LIVES
                       : std::max(LEAST_LIVES, static_cast<uint64_t>(affordable));
    std::vector<double> availability;
    std::vector<double> ettr;
    std::vector<double> goodput;
    std::vector<double> stops;
    std::vector<std::vector<double>> failures(model.failures.size());
    const double unitTime = static_cast<double>(model.units) * model.run;
    for (uint64_t life = 0; life < figures.runs; ++life)
    {
        RandomStream random(MixSeed(seed), FIRST_STREAM + life);
        JobHistory history = LiveJob(model, random);
        availability.push_back(unitTime / (unitTime + history.inRepair));
        ettr.push_back(history.running / model.run);
        goodput.push_back(history.work / model.run);
        stops.push_back(static_cast<double>(history.stops));
        for (std::size_t kind = 0; kind < failures.size(); ++kind)
        {
            failures[kind].push_back(static_cast<double>(history.counts[kind]));
        }
        if (life == 0)
        {
            figures.first = std::move(history);
        }
    }
    constexpr double NO_BOUND = std::numeric_limits<double>::infinity();
    figures.availability = MakeFigure(availability, 0, 1);
    figures.ettr = MakeFigure(ettr, 0, 1);
    figures.goodput = MakeFigure(goodput, 0, 1);
    figures.stops = MakeFigure(stops, 0, NO_BOUND);
    figures.mttf = {model.run / figures.stops.value,
                    model.run / figures.stops.high,
                    model.run / figures.stops.low};
    for (const std::vector<double>& counts : failures)
    {
        figures.failures.push_back(MakeFigure(counts, 0, NO_BOUND));
    }
    return figures;
}

} // namespace mtlink
} // namespace ns3
