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
constexpr std::size_t MOST_TRIED = 12; //!< Layouts that are listed

/** @return a row for each stage, and there for each kind of card, where there are few. */
std::string
FormatMemory(const std::vector<TrainingMemory>& rows)
{
    TextTable table;
    std::vector<std::string>
        heading{"stage", "weights GB", "gradients", "optimizer", "activations", "total", "of"};
    const bool isMixed = !rows.empty() && !rows.front().device.empty();
    if (isMixed)
    {
        heading.insert(heading.begin() + 1, "device");
    }
    table.AddRow(heading);
    const auto gigabytes = [](double bytes) { return fmt::format("{:.2f}", bytes / GIGA); };
    for (std::size_t row = 0; row < std::min(rows.size(), MOST_STAGES); ++row)
    {
        const TrainingMemory& memory = rows[row];
        std::vector<std::string> cells{fmt::format("{}", memory.stage),
                                       gigabytes(memory.weights),
                                       gigabytes(memory.gradients),
                                       gigabytes(memory.optimizer),
                                       gigabytes(memory.activations),
                                       gigabytes(memory.GetTotal()),
                                       gigabytes(memory.limit)};
        if (isMixed)
        {
            cells.insert(cells.begin() + 1, memory.device);
        }
        table.AddRow(cells);
    }
    std::string text = table.Format();
    if (rows.size() > MOST_STAGES)
    {
        text += fmt::format("... and {} more: summary.json of a run has all\n",
                            rows.size() - MOST_STAGES);
    }
    return text;
}

/** @return what searches chose, a line each. */
std::string
FormatBalances(const TrainingResult& training)
{
    std::string text;
    for (const TrainingBalance& balance : training.balances)
    {
        text += fmt::format("{:<16} {}: [{}], the quickest of {} tried{}: {} without "
                            "communication, {} where they are even\n",
                            "balanced",
                            WordsText(balance.what),
                            fmt::join(balance.chosen, ", "),
                            CountText(balance.tried),
                            balance.refused > 0
                                ? fmt::format(" ({} beyond memory)", CountText(balance.refused))
                                : "",
                            TimeText(balance.timeNs * 1e3),
                            TimeText(balance.evenNs * 1e3));
    }
    return text;
}

/** @return a mixed cluster's kinds of cards, and what is lost to them. */
std::string
FormatMix(const TrainingMix& mix)
{
    constexpr double TERA = 1e12;
    const bool hasAlone = !mix.aloneMode.empty();
    TextTable table;
    std::vector<std::string> heading{"device", "cards", "peak TFLOP/s"};
    if (hasAlone)
    {
        heading.insert(heading.end(), {"alone tokens/s", "as"});
    }
    table.AddRow(heading);
    for (const TrainingKind& kind : mix.kinds)
    {
        std::vector<std::string> cells{kind.name,
                                       CountText(kind.cards),
                                       fmt::format("{:.4g}", kind.peak / TERA)};
        if (hasAlone)
        {
            cells.push_back(kind.aloneTokensPerSecond ? DecimalText(*kind.aloneTokensPerSecond, 0)
                                                      : "");
            cells.push_back(kind.aloneLayout +
                            (kind.aloneFits ? "" : " (its memory would not hold that)"));
        }
        table.AddRow(cells);
    }
    std::string text = "\n" + table.Format();
    if (mix.loss)
    {
        text += fmt::format("mixed            loses {} of the {} tokens/s that its kinds of cards "
                            "reach alone (mode {})\n",
                            PercentText(*mix.loss),
                            DecimalText(*mix.sumTokensPerSecond, 0),
                            mix.aloneMode);
    }
    text += fmt::format("mixed            kernels spread over all cards, and nothing else, take {}",
                        TimeText(mix.boundNs * 1e3));
    return text + (mix.lossToBound
                       ? fmt::format(": {} are lost to that\n", PercentText(*mix.lossToBound))
                       : "\n");
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
    return text + table.Format() + "\n" + FormatBalances(training) +
           (training.mix ? FormatMix(*training.mix) + "\n" : "");
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
    text += FormatBalances(training) + (training.mix ? FormatMix(*training.mix) : "");
    text += FormatWhatIf(training);
    return training.search ? text + "\n" + FormatSearch(*training.search) : text;
}

std::string
FormatSearch(const TrainingSearch& search)
{
    std::string text = fmt::format("{:<16} {} looked at: {} can't be divided so, {} do not fit, {} "
                                   "fit; by their least time\n",
                                   "layouts",
                                   CountText(search.looked),
                                   CountText(search.indivisible),
                                   CountText(search.tooLarge),
                                   CountText(search.fit));
    TextTable table;
    table.AddRow({"tensor",
                  "context",
                  "pipeline",
                  "data",
                  "expert",
                  "virtual",
                  "micro",
                  "zero",
                  "recompute",
                  "memory GB",
                  "least time",
                  "simulated",
                  "MFU",
                  ""});
    for (std::size_t i = 0; i < std::min(search.tried.size(), MOST_TRIED); ++i)
    {
        const TrainingTried& row = search.tried[i];
        std::vector<std::string> cells;
        const TrainingLayout& layout = row.layout;
        for (const uint32_t size : {layout.tensor,
                                    layout.context,
                                    layout.pipeline,
                                    layout.data,
                                    layout.expert,
                                    layout.virtualStages,
                                    layout.micro,
                                    layout.zero})
        {
            cells.push_back(CountText(size));
        }
        cells.insert(cells.end(),
                     {layout.recompute,
                      fmt::format("{:.1f}", row.memoryBytes / GIGA),
                      TimeText(row.leastTimeNs * 1e3),
                      row.iterationTimeNs ? TimeText(*row.iterationTimeNs * 1e3) : "",
                      row.mfu ? PercentText(*row.mfu) : "",
                      row.note});
        table.AddRow(cells);
    }
    text += table.Format();
    if (search.fit > MOST_TRIED)
    {
        text += fmt::format("... and {} more\n", CountText(search.fit - MOST_TRIED));
    }
    return text;
}
