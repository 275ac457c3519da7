/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/training-summary.h"

namespace ns3
{
namespace mtlink
{

namespace
{

void
WriteMemory(JsonWriter& out, const std::vector<TrainingMemory>& stages)
{
    out.BeginArray();
    for (const TrainingMemory& memory : stages)
    {
        out.BeginObject();
        out.Key("stage");
        out.Unsigned(memory.stage);
        out.Key("device");
        memory.device.empty() ? out.Null() : out.String(memory.device);
        for (const auto& [key, bytes] : {std::pair("weights", memory.weights),
                                         std::pair("gradients", memory.gradients),
                                         std::pair("optimizer", memory.optimizer),
                                         std::pair("activations", memory.activations),
                                         std::pair("total", memory.GetTotal()),
                                         std::pair("limit", memory.limit)})
        {
            out.Key(key);
            out.Number(bytes);
        }
        out.EndObject();
    }
    out.EndArray();
}

void
WriteBalances(JsonWriter& out, const std::vector<TrainingBalance>& balances)
{
    out.BeginArray();
    for (const TrainingBalance& balance : balances)
    {
        out.BeginObject();
        out.Key("of");
        out.String(balance.what);
        out.Key("chosen");
        out.BeginArray();
        for (const uint32_t part : balance.chosen)
        {
            out.Unsigned(part);
        }
        out.EndArray();
        out.Key("tried");
        out.Unsigned(balance.tried);
        out.Key("beyond_memory");
        out.Unsigned(balance.refused);
        out.Key("time_ns");
        out.Number(balance.timeNs);
        out.Key("even_time_ns");
        out.Number(balance.evenNs);
        out.EndObject();
    }
    out.EndArray();
}

/** @return what WriteBalances() wrote; nothing in what a version without it wrote. */
std::vector<TrainingBalance>
ReadBalances(const SummaryReader& in)
{
    std::vector<TrainingBalance> balances;
    if (!in.Has("balance"))
    {
        return balances;
    }
    for (const SummaryReader& row : in.Objects("balance"))
    {
        TrainingBalance balance;
        balance.what = row.Text("of");
        balance.chosen = row.Unsigneds32("chosen");
        balance.tried = row.Unsigned("tried");
        balance.refused = row.Unsigned("beyond_memory");
        balance.timeNs = row.Number("time_ns");
        balance.evenNs = row.Number("even_time_ns");
        balances.push_back(balance);
    }
    return balances;
}

/** Write a mixed cluster's kinds of cards; null where all are alike. */
void
WriteMix(JsonWriter& out, const std::optional<TrainingMix>& mix)
{
    if (!mix)
    {
        out.Null();
        return;
    }
    out.BeginObject();
    out.Key("kinds");
    out.BeginArray();
    for (const TrainingKind& kind : mix->kinds)
    {
        out.BeginObject();
        out.Key("device");
        out.String(kind.name);
        out.Key("cards");
        out.Unsigned(kind.cards);
        out.Key("peak_flops");
        out.Number(kind.peak);
        out.Key("alone_tokens_per_s");
        out.Number(kind.aloneTokensPerSecond);
        out.Key("alone_layout");
        out.String(kind.aloneLayout);
        out.Key("alone_fits");
        out.Bool(kind.aloneFits);
        out.EndObject();
    }
    out.EndArray();
    out.Key("alone_mode");
    out.String(mix->aloneMode);
    out.Key("sum_tokens_per_s");
    out.Number(mix->sumTokensPerSecond);
    out.Key("loss");
    out.Number(mix->loss);
    out.Key("bound_ns");
    out.Number(mix->boundNs);
    out.Key("loss_to_bound");
    out.Number(mix->lossToBound);
    out.EndObject();
}

/** @return what WriteMix() wrote; nothing in what a version without it wrote. */
std::optional<TrainingMix>
ReadMix(const SummaryReader& in)
{
    if (!in.Has("mixed") || in.Find("mixed").is_null())
    {
        return std::nullopt;
    }
    const SummaryReader from = in.Object("mixed");
    TrainingMix mix;
    for (const SummaryReader& row : from.Objects("kinds"))
    {
        TrainingKind kind;
        kind.name = row.Text("device");
        kind.cards = row.Unsigned32("cards");
        kind.peak = row.Number("peak_flops");
        kind.aloneTokensPerSecond = row.NumberIfAny("alone_tokens_per_s");
        kind.aloneLayout = row.Text("alone_layout");
        kind.aloneFits = row.Truth("alone_fits");
        mix.kinds.push_back(kind);
    }
    mix.aloneMode = from.Text("alone_mode");
    mix.sumTokensPerSecond = from.NumberIfAny("sum_tokens_per_s");
    mix.loss = from.NumberIfAny("loss");
    mix.boundNs = from.Number("bound_ns");
    mix.lossToBound = from.NumberIfAny("loss_to_bound");
    return mix;
}

void
WriteTraffic(JsonWriter& out, const std::vector<TrainingTraffic>& traffic)
{
    out.BeginArray();
    for (const TrainingTraffic& row : traffic)
    {
        out.BeginObject();
        out.Key("group");
        out.String(row.group);
        out.Key("collective");
        out.String(row.collective);
        out.Key("members");
        out.Unsigned(row.members);
        out.Key("bytes");
        out.Unsigned(row.bytes);
        out.Key("count");
        out.Unsigned(row.count);
        out.EndObject();
    }
    out.EndArray();
}

void
WriteNumbers(JsonWriter& out, const std::vector<std::pair<std::string, double>>& numbers)
{
    out.BeginObject();
    for (const auto& [key, number] : numbers)
    {
        out.Key(key);
        out.Number(number);
    }
    out.EndObject();
}

void
WriteTexts(JsonWriter& out, const std::vector<std::string>& texts)
{
    out.BeginArray();
    for (const std::string& text : texts)
    {
        out.String(text);
    }
    out.EndArray();
}

void
WriteLayout(JsonWriter& out, const TrainingLayout& layout)
{
    out.BeginObject();
    for (const auto& [key, number] : {std::pair("tensor", layout.tensor),
                                      std::pair("context", layout.context),
                                      std::pair("pipeline", layout.pipeline),
                                      std::pair("data", layout.data),
                                      std::pair("expert", layout.expert),
                                      std::pair("virtual", layout.virtualStages),
                                      std::pair("micro", layout.micro),
                                      std::pair("zero", layout.zero)})
    {
        out.Key(key);
        out.Unsigned(number);
    }
    out.Key("recompute");
    out.String(layout.recompute);
    out.EndObject();
}

/** Write `search` and `tried`. */
void
WriteSearch(JsonWriter& out, const std::optional<TrainingSearch>& search)
{
    out.Key("search");
    if (!search)
    {
        out.Null();
    }
    else
    {
        out.BeginObject();
        for (const auto& [key, number] : {std::pair("looked_at", search->looked),
                                          std::pair("indivisible", search->indivisible),
                                          std::pair("too_large", search->tooLarge),
                                          std::pair("fit", search->fit)})
        {
            out.Key(key);
            out.Unsigned(number);
        }
        out.EndObject();
    }
    out.Key("tried");
    out.BeginArray();
    for (const TrainingTried& row : search ? search->tried : std::vector<TrainingTried>{})
    {
        out.BeginObject();
        out.Key("layout");
        WriteLayout(out, row.layout);
        out.Key("memory_bytes");
        out.Number(row.memoryBytes);
        out.Key("least_time_ns");
        out.Number(row.leastTimeNs);
        out.Key("iteration_time_ns");
        out.Number(row.iterationTimeNs);
        out.Key("mfu");
        out.Number(row.mfu);
        out.Key("note");
        out.String(row.note);
        out.EndObject();
    }
    out.EndArray();
}

/** @return what WriteSearch() wrote; nothing where a version without it wrote. */
std::optional<TrainingSearch>
ReadSearch(const SummaryReader& in)
{
    if (!in.Has("search") || in.Find("search").is_null())
    {
        return std::nullopt;
    }
    const SummaryReader counts = in.Object("search");
    TrainingSearch search{counts.Unsigned("looked_at"),
                          counts.Unsigned("indivisible"),
                          counts.Unsigned("too_large"),
                          counts.Unsigned("fit"),
                          {}};
    for (const SummaryReader& row : in.Objects("tried"))
    {
        const SummaryReader layout = row.Object("layout");
        search.tried.push_back({{layout.Unsigned32("tensor"),
                                 layout.Unsigned32("context"),
                                 layout.Unsigned32("pipeline"),
                                 layout.Unsigned32("data"),
                                 layout.Unsigned32("expert"),
                                 layout.Unsigned32("virtual"),
                                 layout.Unsigned32("micro"),
                                 layout.Unsigned32("zero"),
                                 layout.Text("recompute")},
                                row.Number("memory_bytes"),
                                row.Number("least_time_ns"),
                                row.NumberIfAny("iteration_time_ns"),
                                row.NumberIfAny("mfu"),
                                row.Text("note")});
    }
    return search;
}

/** @return an object's numbers, in the order of their keys. */
std::vector<std::pair<std::string, double>>
ReadNumbers(const SummaryReader& in, const std::string& key)
{
    const SummaryReader object = in.Object(key);
    std::vector<std::pair<std::string, double>> numbers;
    for (const std::string& name : object.GetKeys())
    {
        numbers.emplace_back(name, object.Number(name));
    }
    return numbers;
}

/** @return a list of texts; empty in what a version without it wrote. */
std::vector<std::string>
ReadTexts(const SummaryReader& in, const std::string& key)
{
    return in.Has(key) ? in.Texts(key) : std::vector<std::string>{};
}

} // namespace

void
WriteTraining(JsonWriter& out, const std::optional<TrainingResult>& training)
{
    if (!training)
    {
        out.Null();
        return;
    }
    out.BeginObject();
    out.Key("iteration_time_ns");
    out.Number(training->iterationTimeNs);
    out.Key("mfu");
    out.Number(training->mfu);
    out.Key("hfu");
    out.Number(training->hfu);
    out.Key("tokens_per_s");
    out.Number(training->tokensPerSecond);
    out.Key("days_to_train");
    out.Number(training->daysToTrain);
    out.Key("parameters");
    out.Unsigned(training->parameters);
    out.Key("model_flops");
    out.Number(training->modelFlops);
    out.Key("hardware_flops");
    out.Number(training->hardwareFlops);
    out.Key("card");
    out.Unsigned(training->card);
    out.Key("stage");
    out.Unsigned(training->stage);
    out.Key("time_ns");
    out.BeginObject();
    for (std::size_t cause = 0; cause < TRAINING_CAUSES; ++cause)
    {
        out.Key(TRAINING_CAUSE_NAMES[cause]);
        out.Number(training->timeNs[cause]);
    }
    out.EndObject();
    out.Key("exposed_by_level");
    WriteNumbers(out, training->exposedByLevelNs);
    out.Key("hidden");
    WriteNumbers(out, training->hidden);
    out.Key("memory_bytes");
    WriteMemory(out, training->memory);
    out.Key("traffic");
    WriteTraffic(out, training->traffic);
    out.Key("balance");
    WriteBalances(out, training->balances);
    out.Key("mixed");
    WriteMix(out, training->mix);
    out.Key("fold_skew_ns");
    out.Number(training->foldSkewNs);
    out.Key("fold_apart");
    out.Number(std::optional<double>(training->foldApart));
    out.Key("fold_left_out");
    WriteTexts(out, training->foldLeftOut);
    out.Key("what_if");
    out.BeginArray();
    for (const TrainingWhatIf& row : training->whatIf)
    {
        out.BeginObject();
        out.Key("change");
        out.String(row.change);
        out.Key("mode");
        out.String(row.mode);
        out.Key("iteration_time_ns");
        out.Number(row.iterationTimeNs);
        out.Key("mfu");
        out.Number(row.mfu);
        out.EndObject();
    }
    out.EndArray();
    out.Key("what_if_notes");
    WriteTexts(out, training->whatIfNotes);
    WriteSearch(out, training->search);
    out.EndObject();
}

std::optional<TrainingResult>
ReadTraining(const SummaryReader& in)
{
    if (!in.Has("training") || in.Find("training").is_null())
    {
        return std::nullopt;
    }
    const SummaryReader from = in.Object("training");
    TrainingResult training;
    training.iterationTimeNs = from.Number("iteration_time_ns");
    training.mfu = from.Number("mfu");
    training.hfu = from.Number("hfu");
    training.tokensPerSecond = from.Number("tokens_per_s");
    training.daysToTrain = from.NumberIfAny("days_to_train");
    training.parameters = from.Unsigned("parameters");
    training.modelFlops = from.Number("model_flops");
    training.hardwareFlops = from.Number("hardware_flops");
    training.card = from.Unsigned32("card");
    training.stage = from.Unsigned32("stage");
    const SummaryReader time = from.Object("time_ns");
    for (std::size_t cause = 0; cause < TRAINING_CAUSES; ++cause)
    {
        // An earlier version read no training data.
        training.timeNs[cause] =
            time.Has(TRAINING_CAUSE_NAMES[cause]) ? time.Number(TRAINING_CAUSE_NAMES[cause]) : 0;
    }
    training.exposedByLevelNs = ReadNumbers(from, "exposed_by_level");
    training.hidden = ReadNumbers(from, "hidden");
    for (const SummaryReader& stage : from.Objects("memory_bytes"))
    {
        // An earlier version had a row for each stage, and no device.
        const bool isNamed = stage.Has("stage");
        training.memory.push_back(
            {isNamed ? stage.Unsigned32("stage") : static_cast<uint32_t>(training.memory.size()),
             isNamed && !stage.Find("device").is_null() ? stage.Text("device") : "",
             stage.Number("weights"),
             stage.Number("gradients"),
             stage.Number("optimizer"),
             stage.Number("activations"),
             stage.Number("limit")});
    }
    for (const SummaryReader& row : from.Objects("traffic"))
    {
        training.traffic.push_back({row.Text("group"),
                                    row.Text("collective"),
                                    row.Unsigned32("members"),
                                    row.Unsigned("bytes"),
                                    row.Unsigned("count")});
    }
    training.balances = ReadBalances(from);
    training.mix = ReadMix(from);
    training.foldSkewNs = from.NumberIfAny("fold_skew_ns");
    if (from.Has("fold_apart") && !from.Find("fold_apart").is_null()) // an earlier version had none
    {
        training.foldApart = from.Unsigned32("fold_apart");
    }
    training.foldLeftOut = ReadTexts(from, "fold_left_out");
    for (const SummaryReader& row : from.Objects("what_if"))
    {
        training.whatIf.push_back({row.Text("change"),
                                   row.Text("mode"),
                                   row.Number("iteration_time_ns"),
                                   row.Number("mfu")});
    }
    training.whatIfNotes = ReadTexts(from, "what_if_notes");
    training.search = ReadSearch(from);
    return training;
}

} // namespace mtlink
} // namespace ns3
