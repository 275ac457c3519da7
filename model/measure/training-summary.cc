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
    out.Key("fold_skew_ns");
    out.Number(training->foldSkewNs);
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
        training.timeNs[cause] = time.Number(TRAINING_CAUSE_NAMES[cause]);
    }
    training.exposedByLevelNs = ReadNumbers(from, "exposed_by_level");
    training.hidden = ReadNumbers(from, "hidden");
    for (const SummaryReader& stage : from.Objects("memory_bytes"))
    {
        training.memory.push_back({stage.Number("weights"),
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
    training.foldSkewNs = from.NumberIfAny("fold_skew_ns");
    training.foldLeftOut = ReadTexts(from, "fold_left_out");
    for (const SummaryReader& row : from.Objects("what_if"))
    {
        training.whatIf.push_back({row.Text("change"),
                                   row.Text("mode"),
                                   row.Number("iteration_time_ns"),
                                   row.Number("mfu")});
    }
    training.whatIfNotes = ReadTexts(from, "what_if_notes");
    return training;
}

} // namespace mtlink
} // namespace ns3
