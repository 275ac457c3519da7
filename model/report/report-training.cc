/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/report-training.h"

#include "report/html.h"
#include "report/human-text.h"
#include "report/report-page.h"

#include <algorithm>
#include <fmt/format.h>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr double PICOSECONDS{1000}; //!< In a nanosecond
constexpr size_t MOST_STAGES{16};   //!< Rows of a table of memory
constexpr size_t MOST_TRIED{12};    //!< Rows of a table of layouts

/** A run that is a training. */
struct Trained
{
    const ReportRun* run;           //!< The run
    const TrainingResult* training; //!< Its training
};

/** @return a run's training, where it has one. */
std::vector<Trained>
FindTrainings(const ReportRuns& runs)
{
    std::vector<Trained> all;
    for (const auto& run : runs)
    {
        if (run.stored.results.training)
        {
            all.push_back({&run, &*run.stored.results.training});
        }
    }
    return all;
}

/** @return a time in nanoseconds, as text. */
std::string
NanosecondsText(double time)
{
    return TimeText(time * PICOSECONDS);
}

/** @return the figures of the only training that matter most, HTML. */
std::string
Tiles(const TrainingResult& training)
{
    const auto tile = [](const char* heading, const std::string& value, const std::string& remark) {
        return fmt::format("<div><dt>{}</dt><dd>{}<small>{}</small></dd></div>\n",
                           heading,
                           value,
                           remark);
    };
    std::string html = "<dl class=\"tiles\">\n";
    html += tile("Iteration",
                 NanosecondsText(training.iterationTimeNs),
                 fmt::format("{} tokens/s", DecimalText(training.tokensPerSecond)));
    html += tile("MFU", PercentText(training.mfu), "of the peak: what the model needs");
    html += tile("HFU", PercentText(training.hfu), "of the peak: with what is computed again");
    if (training.daysToTrain)
    {
        html += tile("Whole training",
                     DecimalText(*training.daysToTrain) + "\u00a0days",
                     "at this pace, without a failure");
    }
    const auto* const fullest =
        training.memory.empty()
            ? nullptr
            : &*std::max_element(training.memory.begin(),
                                 training.memory.end(),
                                 [](const auto& a, const auto& b) {
                                     return a.GetTotal() * b.limit < b.GetTotal() * a.limit;
                                 });
    if (fullest)
    {
        html += tile("Memory of the fullest card",
                     PercentText(fullest->GetTotal() / fullest->limit),
                     fmt::format("{} of {}",
                                 BytesText(static_cast<uint64_t>(fullest->GetTotal())),
                                 BytesText(static_cast<uint64_t>(fullest->limit))));
    }
    return html + "</dl>\n";
}

/**
 * Add columns to a table: one of names, then the same for each run.
 * @param [in,out] table The table.
 * @param [in] trainings The runs.
 * @param [in] name Heading of the names.
 * @param [in] figures Headings of each run's figures.
 */
void
AddColumns(HtmlTable& table,
           const std::vector<Trained>& trainings,
           const char* name,
           const std::vector<const char*>& figures)
{
    const bool isOne = trainings.size() == 1;
    if (!isOne)
    {
        table.AddGroup("", 1);
    }
    table.AddColumn(name, false);
    for (const auto& [run, training] : trainings)
    {
        if (!isOne)
        {
            table.AddGroup(run->label, figures.size());
        }
        for (const char* figure : figures)
        {
            table.AddColumn(figure);
        }
    }
}

/** @return a table of where the time goes, a column for each run, HTML. */
std::string
CauseTable(const std::vector<Trained>& trainings)
{
    HtmlTable table("Where the time of an iteration goes, on the slowest card");
    AddColumns(table, trainings, "Cause", {"time", "share", "hidden"});
    const auto isSeen = [&](size_t cause) {
        return std::any_of(trainings.begin(), trainings.end(), [cause](const Trained& one) {
            return one.training->timeNs[cause] > 0 ||
                   std::any_of(one.training->hidden.begin(),
                               one.training->hidden.end(),
                               [cause](const auto& entry) {
                                   return entry.first == TRAINING_CAUSE_NAMES[cause];
                               });
        });
    };
    for (size_t cause = 0; cause < TRAINING_CAUSES; ++cause)
    {
        if (!isSeen(cause))
        {
            continue;
        }
        std::vector<std::string> cells{TRAINING_CAUSE_NAMES[cause]};
        for (const auto& [run, training] : trainings)
        {
            const auto hidden = std::find_if(
                training->hidden.begin(),
                training->hidden.end(),
                [cause](const auto& entry) { return entry.first == TRAINING_CAUSE_NAMES[cause]; });
            cells.push_back(NanosecondsText(training->timeNs[cause]));
            cells.push_back(PercentText(training->timeNs[cause] / training->iterationTimeNs));
            cells.push_back(hidden == training->hidden.end() ? "" : PercentText(hidden->second));
        }
        table.AddRow(cells);
    }
    std::vector<std::string> sum{"iteration"};
    for (const auto& [run, training] : trainings)
    {
        sum.insert(sum.end(), {NanosecondsText(training->iterationTimeNs), PercentText(1), ""});
    }
    table.AddRow(sum);
    table.SetNote(
        "Of communication the exposed time; hidden: the share of it that was not exposed.");
    return table.Finish();
}

/** @return a table of exposed time by level, a column for each run, HTML; empty: none is. */
std::string
LevelTable(const std::vector<Trained>& trainings)
{
    std::vector<std::string> levels;
    for (const auto& [run, training] : trainings)
    {
        for (const auto& [level, time] : training->exposedByLevelNs)
        {
            if (std::find(levels.begin(), levels.end(), level) == levels.end())
            {
                levels.push_back(level);
            }
        }
    }
    if (levels.empty())
    {
        return "";
    }
    HtmlTable table("Exposed communication by level of the fabric");
    AddColumns(table, trainings, "Link class", {"exposed", "of the iteration"});
    for (const std::string& level : levels)
    {
        std::vector<std::string> cells{EscapeHtml(level)};
        for (const auto& [run, training] : trainings)
        {
            const auto found =
                std::find_if(training->exposedByLevelNs.begin(),
                             training->exposedByLevelNs.end(),
                             [&level](const auto& entry) { return entry.first == level; });
            const double time = found == training->exposedByLevelNs.end() ? 0 : found->second;
            cells.push_back(NanosecondsText(time));
            cells.push_back(PercentText(time / training->iterationTimeNs));
        }
        table.AddRow(cells);
    }
    table.SetNote("A collective counts to the class of the uppermost links on its way.");
    return table.Finish();
}

/** @return a difference of percentages, with its sign. */
std::string
PointsText(double points)
{
    const std::string text = fmt::format("{:+.1f}", points);
    return text == "-0.0" ? "+0.0" : text;
}

/** @return a table of what would be otherwise, HTML; empty: nothing was asked. */
std::string
WhatIfTable(const Trained& one)
{
    const TrainingResult& training = *one.training;
    if (training.whatIf.empty() && training.whatIfNotes.empty())
    {
        return "";
    }
    HtmlTable table(one.run->prefix + "What if");
    table.AddColumn("Change", false);
    table.AddColumn("Iteration");
    table.AddColumn("MFU");
    table.AddColumn("MFU, points");
    table.AddColumn("Mode", false);
    table.AddRow({"as it ran",
                  NanosecondsText(training.iterationTimeNs),
                  PercentText(training.mfu),
                  "",
                  EscapeHtml(one.run->stored.results.mode)});
    // Rows of another mode are compared with what that mode says of the run itself.
    double base = training.mfu;
    for (const TrainingWhatIf& row : training.whatIf)
    {
        const bool isBase = row.change == "nothing";
        base = isBase ? row.mfu : base;
        constexpr double PERCENT{100};
        table.AddRow({EscapeHtml(WordsText(row.change)),
                      NanosecondsText(row.iterationTimeNs),
                      PercentText(row.mfu),
                      isBase ? "" : PointsText((row.mfu - base) * PERCENT),
                      EscapeHtml(row.mode)});
    }
    std::string notes;
    for (const std::string& note : training.whatIfNotes)
    {
        notes += fmt::format("{}Left out: {}.", notes.empty() ? "" : " ", WordsText(note));
    }
    table.SetNote(EscapeHtml(notes));
    return table.Finish();
}

/** @return a table of a mixed cluster's kinds of cards, HTML; empty: all cards are alike. */
std::string
MixTable(const Trained& one)
{
    if (!one.training->mix)
    {
        return "";
    }
    const TrainingMix& mix = *one.training->mix;
    HtmlTable table(one.run->prefix + "Kinds of cards");
    table.AddColumn("Device", false);
    table.AddColumn("Cards");
    table.AddColumn("Peak, TFLOP/s");
    table.AddColumn("Alone, tokens/s");
    table.AddColumn("Alone, as", false);
    constexpr double TERA{1e12};
    for (const TrainingKind& kind : mix.kinds)
    {
        table.AddRow({EscapeHtml(kind.name),
                      CountText(kind.cards),
                      DecimalText(kind.peak / TERA, 0),
                      kind.aloneTokensPerSecond ? DecimalText(*kind.aloneTokensPerSecond, 0) : "",
                      EscapeHtml(kind.aloneLayout +
                                 (kind.aloneFits ? "" : " (its memory would not hold that)"))});
    }
    std::string note;
    if (mix.loss)
    {
        note = fmt::format("Together they lose {} of the {} tokens/s that they reach alone (mode "
                           "{}). ",
                           PercentText(*mix.loss),
                           DecimalText(*mix.sumTokensPerSecond, 0),
                           mix.aloneMode);
    }
    if (mix.lossToBound)
    {
        note += fmt::format("Kernels spread over all cards, and nothing else, would take {}: {} "
                            "are lost to that.",
                            NanosecondsText(mix.boundNs),
                            PercentText(*mix.lossToBound));
    }
    table.SetNote(EscapeHtml(note));
    return table.Finish();
}

/** @return a table of the layouts that were tried, HTML; empty: none was searched for. */
std::string
SearchTable(const Trained& one)
{
    if (!one.training->search)
    {
        return "";
    }
    const TrainingSearch& search = *one.training->search;
    HtmlTable table(one.run->prefix + "Layouts that were tried");
    for (const char* size :
         {"Tensor", "Context", "Pipeline", "Data", "Expert", "Virtual", "Micro", "ZeRO"})
    {
        table.AddColumn(size);
    }
    table.AddColumn("Recompute", false);
    for (const char* figure : {"Memory", "Least time", "Simulated", "MFU"})
    {
        table.AddColumn(figure);
    }
    table.AddColumn("", false);
    const size_t shown = std::min(search.tried.size(), MOST_TRIED);
    for (size_t i = 0; i < shown; ++i)
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
                      BytesText(static_cast<uint64_t>(row.memoryBytes)),
                      NanosecondsText(row.leastTimeNs),
                      row.iterationTimeNs ? NanosecondsText(*row.iterationTimeNs) : "",
                      row.mfu ? PercentText(*row.mfu) : "",
                      EscapeHtml(row.note)});
        table.AddRow(cells);
    }
    table.SetNote(
        fmt::format("{} layouts were looked at: heads, layers, batch or sequence can't be "
                    "divided by {}, {} do not fit the memory, {} do, of which {} are "
                    "shown. Least time: the schedule with what communication takes alone.",
                    CountText(search.looked),
                    CountText(search.indivisible),
                    CountText(search.tooLarge),
                    CountText(search.fit),
                    CountText(shown)));
    return table.Finish();
}

/** @return a table of the memory of each stage, HTML. */
std::string
MemoryTable(const Trained& one)
{
    const std::vector<TrainingMemory>& rows = one.training->memory;
    const bool isMixed = !rows.empty() && !rows.front().device.empty();
    HtmlTable table(one.run->prefix + "Memory of a card of each stage");
    table.AddColumn("Stage", false);
    if (isMixed)
    {
        table.AddColumn("Device", false);
    }
    for (const char* part : {"Weights", "Gradients", "Optimizer", "Activations", "All", "Of"})
    {
        table.AddColumn(part);
    }
    for (size_t row = 0; row < std::min(rows.size(), MOST_STAGES); ++row)
    {
        const TrainingMemory& memory = rows[row];
        std::vector<std::string> cells{std::to_string(memory.stage)};
        if (isMixed)
        {
            cells.push_back(EscapeHtml(memory.device));
        }
        for (const double bytes : {memory.weights,
                                   memory.gradients,
                                   memory.optimizer,
                                   memory.activations,
                                   memory.GetTotal(),
                                   memory.limit})
        {
            cells.push_back(BytesText(static_cast<uint64_t>(bytes)));
        }
        table.AddRow(cells);
    }
    table.SetNote(rows.size() <= MOST_STAGES
                      ? ""
                      : fmt::format("{} of {} rows shown; all are in summary.json.",
                                    MOST_STAGES,
                                    CountText(rows.size())));
    return table.Finish();
}

} // namespace

std::string
TrainingContent(const ReportRuns& runs)
{
    const std::vector<Trained> trainings = FindTrainings(runs);
    if (trainings.empty())
    {
        return "";
    }
    std::string html = trainings.size() == 1 ? Tiles(*trainings.front().training) : "";
    html += PageChart("causes");
    std::string charts;
    std::string lanes;
    std::string searches;
    std::string tables = CauseTable(trainings) + LevelTable(trainings);
    for (const Trained& one : trainings)
    {
        charts += PageChart("levels", one.run->number) + PageChart("whatif", one.run->number) +
                  PageChart("memory", one.run->number);
        lanes += PageChart("lanes", one.run->number);
        searches += SearchTable(one);
        tables += MixTable(one) + WhatIfTable(one) + MemoryTable(one);
    }
    return html + "<div class=\"grid\">\n" + charts + "</div>\n" + lanes +
           "<div class=\"cards\">\n" + tables + "</div>\n" + searches;
}

std::string
FoldedNote(const ReportRuns& runs, const std::string& file)
{
    std::string names;
    for (const auto& [run, training] : FindTrainings(runs))
    {
        if (std::find(training->foldLeftOut.begin(), training->foldLeftOut.end(), file) !=
            training->foldLeftOut.end())
        {
            names += (names.empty() ? "" : ", ") + run->label;
        }
    }
    return names.empty()
               ? ""
               : fmt::format(
                     "<p class=\"note\">{}What collectives of tensor groups did, which were "
                     "folded, is not in this part.</p>\n",
                     runs.size() == 1 ? "" : names + ":\u00a0");
}

} // namespace mtlink
} // namespace ns3
