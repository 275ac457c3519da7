/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep/compare-verdict.h"

#include "measure/figures.h"
#include "measure/statistics.h"
#include "report/human-text.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <optional>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

namespace fs = std::filesystem;

constexpr const char* SEED = "seed-"; //!< Begins the names of a point's runs

/** Loads are the same that differ by no more. */
constexpr double SAME_LOAD = 0.01;

/** A figure by which runs are judged. */
struct Judge
{
    std::string name;         //!< Of GetFigures()
    bool isMoreBetter{false}; //!< Else less is
};

/** @return a run's figure. */
std::optional<double>
FindFigure(const RunResults& run, const std::string& name)
{
    const auto& figures = GetFigures();
    const auto figure = std::find_if(figures.begin(), figures.end(), [&name](const Figure& f) {
        return f.name == name;
    });
    return figure == figures.end() ? std::nullopt : figure->get(run);
}

/** @return whether two runs did the same collectives. */
bool
AreAlike(const RunResults& a, const RunResults& b)
{
    return std::equal(a.collectives.begin(),
                      a.collectives.end(),
                      b.collectives.begin(),
                      b.collectives.end(),
                      [](const CollectiveResult& x, const CollectiveResult& y) {
                          return x.name == y.name && x.bytes == y.bytes && x.ranks == y.ranks;
                      });
}

/** @return by what two runs can be judged; nothing: they can't. */
std::optional<Judge>
FindJudge(const RunResults& a, const RunResults& b)
{
    if (a.training && b.training)
    {
        return Judge{"training.tokens_per_s", true};
    }
    if (a.training || b.training || a.offeredLoad.has_value() != b.offeredLoad.has_value())
    {
        return std::nullopt;
    }
    if (a.offeredLoad)
    {
        const bool isSame = std::abs(*a.offeredLoad - *b.offeredLoad) <= SAME_LOAD * *a.offeredLoad;
        const bool isAny = (a.verdict && a.verdict->saturated.value_or(false)) ||
                           (b.verdict && b.verdict->saturated.value_or(false));
        return !isSame && !isAny ? std::nullopt
                                 : std::optional(isAny ? Judge{"accepted_load", true}
                                                       : Judge{"packet_latency_ns_mean", false});
    }
    if (AreAlike(a, b) && a.payloadBytesDelivered > 0)
    {
        return Judge{"completion_time_ns", false};
    }
    return a.collectives.empty() || b.collectives.empty()
               ? std::nullopt
               : std::optional(Judge{"collective_busbw_GBps_mean", true});
}

/** @return the figure of all runs that have it. */
std::vector<double>
Gather(const RunsOfSeeds& runs, const std::string& name)
{
    std::vector<double> values;
    for (const StoredRun& run : runs)
    {
        const std::optional<double> value = FindFigure(run.results, name);
        if (value && run.results.complete)
        {
            values.push_back(*value);
        }
    }
    return values;
}

/** @return whether chance has a part in a run, as its verdict or its kind tells. */
bool
IsDrawn(const RunResults& run)
{
    const bool isHashed =
        run.verdict && std::any_of(run.verdict->notes.begin(),
                                   run.verdict->notes.end(),
                                   [](const std::string& note) {
                                       return note.find("a hash chooses") != std::string::npos;
                                   });
    return isHashed || run.offeredLoad ||
           (run.training &&
            run.training->timeNs[static_cast<std::size_t>(TrainingCause::STRAGGLER)] > 0);
}

/** @return what the seeds of both allow to say. */
std::string
DescribeSeeds(const RunsOfSeeds& a,
              const RunsOfSeeds& b,
              const std::vector<double>& inA,
              const std::vector<double>& inB)
{
    if (inA.size() > 1 && inB.size() > 1)
    {
        const MeanInterval x = GetMeanInterval(inA);
        const MeanInterval y = GetMeanInterval(inB);
        const bool isApart = std::abs(x.mean - y.mean) > *x.halfWidth + *y.halfWidth;
        return fmt::format("{} and {} seeds: their 95 % intervals {}",
                           inA.size(),
                           inB.size(),
                           isApart ? "lie apart, so it is no luck"
                                   : "overlap, so it may be luck: run more seeds");
    }
    if (IsDrawn(a.front().results) || IsDrawn(b.front().results))
    {
        return "one seed of each, and chance has a part in it (routes by hash, arrivals or slow "
               "cards): a sweep with seeds tells how much is luck";
    }
    return "one seed of each, and nothing seen that chance would have a part in";
}

/** @return what a run's verdict says. */
std::string
GetText(const StoredRun& run)
{
    return run.results.verdict ? run.results.verdict->text : "no verdict, as by an earlier version";
}

} // namespace

RunsOfSeeds
ReadRunsOfSeeds(const std::string& directory)
{
    RunsOfSeeds runs{ReadFigures(directory)};
    std::error_code error;
    fs::path own = fs::weakly_canonical(directory, error);
    if (error || !own.filename().string().starts_with(SEED))
    {
        return runs;
    }
    std::vector<fs::path> others;
    for (const auto& entry : fs::directory_iterator(own.parent_path(), error))
    {
        const bool isSeed = entry.path().filename().string().starts_with(SEED);
        if (isSeed && entry.path() != own)
        {
            others.push_back(entry.path());
        }
    }
    std::sort(others.begin(), others.end());
    for (const fs::path& other : others)
    {
        try
        {
            runs.push_back(ReadFigures(other.string()));
        }
        catch (const InputError&)
        {
            continue; // not run yet
        }
    }
    return runs;
}

VerdictComparison
CompareVerdicts(const RunsOfSeeds& a, const RunsOfSeeds& b)
{
    const RunResults& first = a.front().results;
    const RunResults& second = b.front().results;
    VerdictComparison comparison;
    comparison.whyA = GetText(a.front());
    comparison.whyB = GetText(b.front());
    if (!first.complete || !second.complete)
    {
        comparison.text = "which is better can't be said: a run did not come to its end";
        return comparison;
    }
    const std::optional<Judge> judge = FindJudge(first, second);
    const std::vector<double> inA = judge ? Gather(a, judge->name) : std::vector<double>{};
    const std::vector<double> inB = judge ? Gather(b, judge->name) : std::vector<double>{};
    if (inA.empty() || inB.empty())
    {
        comparison.text = "which is better can't be said: they did different things";
        return comparison;
    }
    const bool isMany = inA.size() > 1 && inB.size() > 1;
    const double x = isMany ? GetMeanInterval(inA).mean : inA.front();
    const double y = isMany ? GetMeanInterval(inB).mean : inB.front();
    if (x == y)
    {
        comparison.text = fmt::format("neither is better: {} is the same", judge->name);
        return comparison;
    }
    const bool isFirst = judge->isMoreBetter ? x > y : x < y;
    comparison.better = isFirst ? 'A' : 'B';
    const auto [better, worse] = isFirst ? std::pair(x, y) : std::pair(y, x);
    comparison.text = fmt::format("{} is better: {} {}{} instead of {}, {:+.3g} %",
                                  comparison.better,
                                  judge->name,
                                  isMany ? "is in the mean " : "",
                                  DecimalText(better, 6),
                                  DecimalText(worse, 6),
                                  (better - worse) / std::abs(worse) * 100);
    if (first.mode != second.mode)
    {
        comparison.text +=
            fmt::format("; but their modes differ, {} and {}: part of it may be that",
                        first.mode,
                        second.mode);
    }
    comparison.seeds = DescribeSeeds(a, b, inA, inB);
    return comparison;
}

} // namespace mtlink
} // namespace ns3
