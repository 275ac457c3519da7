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
    out.Key("what_if");
    out.BeginArray();
    for (const TrainingWhatIf& row : training->whatIf)
    {
        out.BeginObject();
        out.Key("change");
        out.String(row.change);
        out.Key("iteration_time_ns");
        out.Number(row.iterationTimeNs);
        out.Key("mfu");
        out.Number(row.mfu);
        out.EndObject();
    }
    out.EndArray();
    out.EndObject();
}

} // namespace mtlink
} // namespace ns3
