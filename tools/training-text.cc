/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training-text.h"

#include "report/human-text.h"
#include "text-table.h"

#include <algorithm>
#include <fmt/format.h>
#include <vector>

using namespace ns3::mtlink;

namespace
{

constexpr double GIGA = 1e9;           //!< Bytes in a GB
constexpr std::size_t MOST_STAGES = 8; //!< Stages that are listed

/** @return the fullest stage, and a row for each where there are few. */
std::string
FormatMemory(const std::vector<TrainingMemory>& stages)
{
    TextTable table;
    table.AddRow({"stage", "weights GB", "gradients", "optimizer", "activations", "total", "of"});
    const auto gigabytes = [](double bytes) { return fmt::format("{:.2f}", bytes / GIGA); };
    for (std::size_t stage = 0; stage < std::min(stages.size(), MOST_STAGES); ++stage)
    {
        const TrainingMemory& memory = stages[stage];
        table.AddRow({fmt::format("{}", stage),
                      gigabytes(memory.weights),
                      gigabytes(memory.gradients),
                      gigabytes(memory.optimizer),
                      gigabytes(memory.activations),
                      gigabytes(memory.GetTotal()),
                      gigabytes(memory.limit)});
    }
    std::string text = table.Format();
    if (stages.size() > MOST_STAGES)
    {
        text += fmt::format("... and {} more: summary.json of a run has all\n",
                            stages.size() - MOST_STAGES);
    }
    return text;
}

/** @return what would be if something were otherwise; a line for each thing, and for none. */
std::string
FormatWhatIf(const TrainingResult& training)
{
    std::string text;
    if (!training.whatIf.empty())
    {
        TextTable table;
        table.AddRow({"what if", "iteration", "MFU", "mode"});
        for (const TrainingWhatIf& row : training.whatIf)
        {
            table.AddRow({WordsText(row.change),
                          TimeText(row.iterationTimeNs * 1e3),
                          PercentText(row.mfu),
                          row.mode});
        }
        text += "\n" + table.Format();
    }
    for (const std::string& note : training.whatIfNotes)
    {
        text += fmt::format("what if: {}\n", note);
    }
    return text;
}

} // namespace

std::string
FormatTrainingPlan(const TrainingResult& training)
{
    std::string text = fmt::format("{:<16} {:.4g} parameters; an iteration is {:.4g} FLOP of the "
                                   "model (MFU), {:.4g} with what is computed again (HFU)\n\n",
                                   "training",
                                   static_cast<double>(training.parameters),
                                   training.modelFlops,
                                   training.hardwareFlops);
    text += FormatMemory(training.memory) + "\n";
    TextTable table;
    table.AddRow({"group", "collective", "members", "size", "in an iteration"});
    for (const TrainingTraffic& row : training.traffic)
    {
        table.AddRow({row.group,
                      row.collective,
                      CountText(row.members),
                      BytesText(row.bytes),
                      CountText(row.count)});
    }
    return text + table.Format() + "\n";
}

std::string
FormatTraining(const TrainingResult& training)
{
    std::string text = fmt::format("{:<16} iteration {}, MFU {}, HFU {} of the peak; {} tokens/s",
                                   "training",
                                   TimeText(training.iterationTimeNs * 1e3),
                                   PercentText(training.mfu),
                                   PercentText(training.hfu),
                                   DecimalText(training.tokensPerSecond, 0));
    text += training.daysToTrain ? fmt::format("; {:.1f} days\n", *training.daysToTrain) : "\n";
    TextTable table;
    table.AddRow(
        {fmt::format("gpu{}, stage {}", training.card, training.stage), "time", "share", "hidden"});
    for (std::size_t cause = 0; cause < TRAINING_CAUSES; ++cause)
    {
        const std::string name = TRAINING_CAUSE_NAMES[cause];
        const auto hidden = std::find_if(training.hidden.begin(),
                                         training.hidden.end(),
                                         [&](const auto& entry) { return entry.first == name; });
        const bool isHidden = hidden != training.hidden.end();
        if (training.timeNs[cause] > 0 || isHidden)
        {
            table.AddRow({name,
                          TimeText(training.timeNs[cause] * 1e3),
                          PercentText(training.timeNs[cause] / training.iterationTimeNs),
                          isHidden ? PercentText(hidden->second) : ""});
        }
    }
    text += table.Format();
    if (training.foldSkewNs)
    {
        text += fmt::format("tensor groups folded, their members ready within {} of one another; "
                            "what they did is not in {}\n",
                            TimeText(*training.foldSkewNs * 1e3),
                            fmt::join(training.foldLeftOut, ", "));
    }
    for (const auto& [level, time] : training.exposedByLevelNs)
    {
        text += fmt::format("exposed on {}: {}\n", level, TimeText(time * 1e3));
    }
    return text + FormatWhatIf(training);
}
