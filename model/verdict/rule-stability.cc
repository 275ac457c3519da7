/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/human-text.h"
#include "verdict/rules.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <string>

namespace ns3
{
namespace mtlink
{

namespace
{

/** What is lost below this is not worth a proposal. */
constexpr double WORTH = 1e-3;

constexpr double SECOND = 1e9; //!< In ns

/** Where the work goes that a job over days loses. */
enum class Loss
{
    CHECKPOINTS,
    GOING_BACK,
    COMING_BACK,
    WAITING,
    SLOWED
};

constexpr std::array<const char*, 5> NAMES{
    "checkpoints, for which training stands still",
    "going back to the last checkpoint",
    "coming back after a failure: it is detected, all restart and read back",
    "waiting for nodes to run on",
    "links that slow iterations",
};

/**
 * @return shares of an undisturbed job's work by Loss: of checkpoints and stops to first order, as
 *         one is lost each interval and the others each time between failures; the rest is waiting.
 */
std::array<double, NAMES.size()>
SplitLoss(const StabilityResult& job)
{
    const double interval = job.checkpointIntervalNs.value;
    const double between = job.mttfNs.value;
    std::array<double, NAMES.size()> lost{};
    const auto of = [&lost](Loss loss) -> double& { return lost[static_cast<std::size_t>(loss)]; };
    of(Loss::SLOWED) = std::max(0.0, job.ettr.value - job.goodput.value);
    if (std::isfinite(interval) && interval > 0)
    {
        of(Loss::CHECKPOINTS) = job.blockingNs / (interval + job.blockingNs);
    }
    if (std::isfinite(between) && between > 0)
    {
        of(Loss::GOING_BACK) =
            std::isfinite(interval) ? (interval / 2 + job.besideNs) / between : 0;
        of(Loss::COMING_BACK) = (job.detectNs + job.restartNs + job.restoreNs) / between;
    }
    const double known =
        of(Loss::SLOWED) + of(Loss::CHECKPOINTS) + of(Loss::GOING_BACK) + of(Loss::COMING_BACK);
    of(Loss::WAITING) = std::max(0.0, 1 - job.goodput.value - known);
    return lost;
}

/** @return a setting of half a time. */
std::string
Halve(const char* key, double nanoseconds)
{
    return fmt::format("stability.{}={:.6g}s", key, nanoseconds / 2 / SECOND);
}

/** @return what would lose less; an empty change: nothing that is known to. */
VerdictTry
Propose(const Reading& reading, const StabilityResult& job, Loss loss)
{
    const std::string expected = "a higher stability.goodput";
    switch (loss)
    {
    case Loss::CHECKPOINTS:
    case Loss::GOING_BACK: {
        const auto every = reading.FindSetting("stability.checkpoint.every");
        if (every && *every != "auto")
        {
            return {"stability.checkpoint.every=auto",
                    "another interval loses less to checkpoints and going back together",
                    expected};
        }
        if (job.blockingNs > 0)
        {
            return {Halve("checkpoint.blocking", job.blockingNs),
                    "training stands still for half as long, so checkpoints may come more often",
                    expected};
        }
        return {};
    }
    case Loss::COMING_BACK: {
        const bool isRestart = job.restartNs >= job.detectNs;
        return {isRestart ? Halve("restart", job.restartNs) : Halve("detect", job.detectNs),
                isRestart ? "restarting takes most of it" : "detecting takes most of it",
                expected};
    }
    case Loss::WAITING:
        return {"stability.spare=unlimited", "nodes that wait are used at once", expected};
    case Loss::SLOWED:
        return {};
    }
    return {};
}

} // namespace

bool
AddStability(const Reading& reading, VerdictResult& verdict)
{
    if (!reading.results.stability || reading.results.stability->runs == 0)
    {
        return false;
    }
    const StabilityResult& job = *reading.results.stability;
    const double lost = 1 - job.goodput.value;
    if (lost <= 0)
    {
        verdict.notes.push_back(
            fmt::format("over {} a job loses nothing to failures and checkpoints",
                        DurationText(job.runNs)));
        return true;
    }
    const auto parts = SplitLoss(job);
    const auto most = std::max_element(parts.begin(), parts.end()) - parts.begin();
    verdict.notes.push_back(
        fmt::format("over {} a job loses {} of an undisturbed one's work to "
                    "failures and checkpoints, the largest part, about {}, to {}",
                    DurationText(job.runNs),
                    PercentText(lost),
                    PercentText(std::min(parts[most], lost)),
                    NAMES[most]));
    if (lost >= WORTH)
    {
        VerdictTry one = Propose(reading, job, static_cast<Loss>(most));
        if (!one.change.empty())
        {
            verdict.tries.push_back(std::move(one));
        }
    }
    return true;
}

} // namespace mtlink
} // namespace ns3
