/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/human-text.h"
#include "verdict/rules.h"

#include <algorithm>
#include <array>
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

/** Kernels bound an iteration that spends no more than this on anything else. */
constexpr double LEAST_LOST = 0.2;

/** A class of links is the reason where it was busy for so much of the exposed time. */
constexpr double BUSY = 0.5;

/** A change is worth proposing that saves so much of the iteration. */
constexpr double WORTH = 0.01;

double
GetTime(const TrainingResult& training, TrainingCause cause)
{
    return training.timeNs[static_cast<std::size_t>(cause)];
}

/** @return what of an iteration is communication that nothing hides, ns. */
double
GetExposed(const TrainingResult& training)
{
    double exposed = 0;
    for (const TrainingCause cause : {TrainingCause::TENSOR,
                                      TrainingCause::PIPELINE,
                                      TrainingCause::DATA,
                                      TrainingCause::EXPERT,
                                      TrainingCause::CONTEXT})
    {
        exposed += GetTime(training, cause);
    }
    return exposed;
}

/** @return the class of links at which most communication was exposed; empty: none was. */
std::string
FindLevel(const TrainingResult& training)
{
    const auto& levels = training.exposedByLevelNs;
    const auto most =
        std::max_element(levels.begin(), levels.end(), [](const auto& a, const auto& b) {
            return a.second < b.second;
        });
    return most == levels.end() ? "" : most->first;
}

/** @return what bounds communication at a class of links. */
std::string
JudgeLevel(const Reading& reading, const std::string& cls, double exposedNs)
{
    for (const Reading::Level& level : reading.GetLevels())
    {
        if (level.cls == cls)
        {
            const double busyNs = reading.GetUtilisation(*level.busiest) * reading.GetTime() / 1e3;
            return busyNs < BUSY * exposedNs ? "latency"
                   : level.touchesEndpoints  ? "endpoint_rate"
                                             : "link_rate";
        }
    }
    return "";
}

/** A thing that an iteration loses time to. */
struct Loss
{
    double timeNs;       //!< Time
    std::string boundBy; //!< Its word
    std::string what;    //!< For people
};

std::vector<Loss>
ListLosses(const Reading& reading)
{
    const TrainingResult& training = *reading.results.training;
    const std::string level = FindLevel(training);
    const double exposed = GetExposed(training);
    std::vector<Loss> losses{
        {GetTime(training, TrainingCause::HOST),
         "software",
         "the host, which launches kernels and collectives"},
        {exposed,
         JudgeLevel(reading, level, exposed),
         "communication that nothing hides" + (level.empty() ? "" : ", most of it on " + level)},
        {GetTime(training, TrainingCause::INPUT),
         "endpoint_rate",
         "waiting for training data, which its store reads and sends too slowly or is asked for "
         "too "
         "late"},
        {GetTime(training, TrainingCause::BUBBLE),
         "compute",
         "the bubble: waiting for stages of the pipeline that have not sent"},
        {GetTime(training, TrainingCause::STRAGGLER),
         "compute",
         "stragglers: slower cards, and waiting for them"},
        {GetTime(training, TrainingCause::RECOMPUTE),
         "compute",
         "kernels that are run a second time"},
    };
    std::stable_sort(losses.begin(), losses.end(), [](const Loss& a, const Loss& b) {
        return a.timeNs > b.timeNs;
    });
    return losses;
}

/** @return an iteration in the rows' mode, unchanged, ns. */
double
GetUnchanged(const TrainingResult& training)
{
    for (const TrainingWhatIf& row : training.whatIf)
    {
        if (row.change == "nothing")
        {
            return row.iterationTimeNs;
        }
    }
    return training.iterationTimeNs;
}

/** @return how --set makes a row's change; empty: it is not one setting. */
std::string
FindChange(const Reading& reading, const std::string& row)
{
    const std::string& key = reading.facts.workloadKey;
    if (row == "no_stragglers" && reading.FindSetting("workloads[0].training.device.launch"))
    {
        return key + ".device.straggler=none";
    }
    if (row == "network_twice_as_fast")
    {
        for (const Reading::Level& level : reading.GetLevels())
        {
            const bool isNetwork = level.cls.find("network/") != std::string::npos;
            const std::string rate = reading.FindRate(level.cls);
            if (isNetwork && level.touchesEndpoints && !rate.empty())
            {
                return fmt::format("{}={:g}Gbps", rate, 2 * level.busiest->bitsPerSecond / 1e9);
            }
        }
    }
    return "";
}

/** Propose less software: its parts are several settings. */
void
ProposeOverheads(const Reading& reading, const TrainingWhatIf& row, VerdictResult& verdict)
{
    const std::string device = "workloads[0].training.device.";
    const std::string expected = fmt::format(
        "a shorter iteration; without launches and overheads of collectives it takes {}",
        TimeText(row.iterationTimeNs * 1e3));
    const auto isSet = [&](const std::string& key) {
        const auto value = reading.FindSetting(device + key);
        return value && *value != "0ps";
    };
    if (isSet("launch"))
    {
        verdict.tries.push_back({reading.facts.workloadKey + ".device.launch=0s",
                                 "the host launches each kernel",
                                 expected});
    }
    if (isSet("collective_overhead.step") || isSet("collective_overhead.fixed"))
    {
        verdict.tries.push_back(
            {reading.facts.workloadKey + ".device.collective_overhead={fixed: 0s, step: 0s}",
             "the host takes part in each collective",
             expected});
    }
}

/** Propose what was run: the rows of what_if that are worth most. */
void
ProposeRows(const Reading& reading, VerdictResult& verdict)
{
    const TrainingResult& training = *reading.results.training;
    const double unchanged = GetUnchanged(training);
    std::vector<TrainingWhatIf> rows = training.whatIf;
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
        return a.iterationTimeNs < b.iterationTimeNs;
    });
    for (const TrainingWhatIf& row : rows)
    {
        if (row.iterationTimeNs > (1 - WORTH) * unchanged)
        {
            continue;
        }
        if (row.change == "no_software_overhead")
        {
            ProposeOverheads(reading, row, verdict);
            continue;
        }
        const std::string change = FindChange(reading, row.change);
        const std::string worth = fmt::format("an iteration of {} instead of {} (mode {})",
                                              TimeText(row.iterationTimeNs * 1e3),
                                              TimeText(unchanged * 1e3),
                                              row.mode);
        if (change.empty())
        {
            verdict.notes.push_back(WordsText(row.change) + " would be worth " + worth);
        }
        else
        {
            verdict.tries.push_back({change, WordsText(row.change), worth});
        }
    }
}

/** Propose more micro-batches. */
void
ProposeBatch(const Reading& reading, VerdictResult& verdict)
{
    const auto global = reading.FindSetting("workloads[0].training.batch.global");
    if (global && global->find_first_not_of("0123456789") == std::string::npos)
    {
        verdict.tries.push_back(
            {fmt::format("{}.batch.global={}", reading.facts.workloadKey, 2 * std::stoull(*global)),
             "the bubble is the same for more micro-batches",
             "a higher mfu and tokens_per_s: the iteration takes less than twice as long"});
    }
}

/** Say so where one card's host takes long, and an iteration without it hardly less. */
void
QualifyHost(const Reading& reading, double hostShare, VerdictResult& verdict)
{
    constexpr double HALF = 0.5;
    const TrainingResult& training = *reading.results.training;
    const double unchanged = GetUnchanged(training);
    for (const TrainingWhatIf& row : training.whatIf)
    {
        if (row.change == "no_software_overhead" &&
            1 - row.iterationTimeNs / unchanged < HALF * hostShare)
        {
            verdict.notes.push_back(fmt::format(
                "without launches and overheads of collectives the iteration would still "
                "take {}: other cards set its pace then",
                TimeText(row.iterationTimeNs * 1e3)));
        }
    }
}

} // namespace

bool
SayTraining(const Reading& reading, VerdictResult& verdict)
{
    if (!reading.results.training)
    {
        return false;
    }
    const TrainingResult& training = *reading.results.training;
    const double whole = training.iterationTimeNs;
    const double kernels =
        GetTime(training, TrainingCause::COMPUTE) + GetTime(training, TrainingCause::OPTIMIZER);
    const double lost = whole - kernels;
    const std::vector<Loss> losses = ListLosses(reading);
    const Loss& worst = losses.front();
    const std::string head = fmt::format(
        "Of an iteration of {} the slowest card, {}, computes for {}{}",
        TimeText(whole * 1e3),
        training.card < reading.results.nodes.size() ? reading.results.nodes[training.card].name
                                                     : std::to_string(training.card),
        PercentText(kernels / whole),
        reading.GetCaution());
    if (lost < LEAST_LOST * whole)
    {
        verdict.boundBy = "compute";
        verdict.text = head + ": kernels bound it.";
    }
    else
    {
        verdict.boundBy = worst.boundBy;
        verdict.share = worst.timeNs / lost;
        verdict.text = fmt::format("{}; what takes most of the rest, {}, is {}.",
                                   head,
                                   PercentText(worst.timeNs / whole),
                                   worst.what);
        if (worst.boundBy == "software")
        {
            QualifyHost(reading, worst.timeNs / whole, verdict);
        }
    }
    ProposeRows(reading, verdict);
    if (GetTime(training, TrainingCause::BUBBLE) > LEAST_LOST / 2 * whole)
    {
        ProposeBatch(reading, verdict);
    }
    return true;
}

bool
AddStragglers(const Reading& reading, VerdictResult& verdict)
{
    if (!reading.facts.stragglers)
    {
        return false;
    }
    const VerdictStragglers& cards = *reading.facts.stragglers;
    verdict.notes.push_back(
        cards.slow == 0
            ? fmt::format(
                  "stragglers are asked for, but seed {} draws none of {} cards slow: other "
                  "seeds may",
                  reading.results.seed,
                  CountText(cards.cards))
            : fmt::format("seed {} draws {} of {} cards slow, the slowest takes {} times as long: "
                          "other seeds draw others",
                          reading.results.seed,
                          CountText(cards.slow),
                          CountText(cards.cards),
                          DecimalText(cards.most, 4)));
    return true;
}

} // namespace mtlink
} // namespace ns3
