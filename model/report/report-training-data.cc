/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/report-training-data.h"

#include "report/human-text.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return indices of the longest rows, in order. */
std::vector<size_t>
GetLongest(const std::vector<LaneResult>& lanes)
{
    std::vector<size_t> order(lanes.size());
    std::iota(order.begin(), order.end(), 0);
    if (order.size() > MOST_LANE_ROWS)
    {
        std::stable_sort(order.begin(), order.end(), [&lanes](size_t a, size_t b) {
            return lanes[a].end - lanes[a].start > lanes[b].end - lanes[b].start;
        });
        order.resize(MOST_LANE_ROWS);
        std::sort(order.begin(), order.end());
    }
    return order;
}

/** Write lanes; @param [in] lanes Rows of lanes.csv. @param [in,out] json Gets an object. */
void
WriteLanes(const std::vector<LaneResult>& lanes, JsonWriter& json)
{
    std::vector<std::string> names;
    std::map<std::string, uint64_t> numbers;
    std::map<uint32_t, uint32_t> cards; // by stage
    const auto numberOf = [&](const std::string& name) {
        const auto [entry, isNew] = numbers.try_emplace(name, names.size());
        if (isNew)
        {
            names.push_back(name);
        }
        return entry->second;
    };
    json.BeginObject();
    json.Key("all");
    json.Unsigned(lanes.size());
    json.Key("rows");
    json.BeginArray();
    for (const size_t index : GetLongest(lanes))
    {
        const LaneResult& row = lanes[index];
        cards.try_emplace(row.stage, row.endpoint);
        json.BeginArray();
        json.Unsigned(row.stage);
        json.Unsigned(numberOf(row.lane));
        json.Unsigned(numberOf(row.name));
        json.Nanoseconds(row.start);
        json.Nanoseconds(row.end);
        json.Nanoseconds(row.busy);
        json.Unsigned(row.count);
        json.EndArray();
    }
    json.EndArray();
    json.Key("names");
    json.BeginArray();
    for (const std::string& name : names)
    {
        json.String(name);
    }
    json.EndArray();
    json.Key("cards");
    json.BeginArray();
    for (const auto& [stage, card] : cards)
    {
        json.BeginArray();
        json.Unsigned(stage);
        json.Unsigned(card);
        json.EndArray();
    }
    json.EndArray();
    json.EndObject();
}

/** Write pairs of a name and nanoseconds. */
void
WriteTimes(const std::vector<std::pair<std::string, double>>& times, JsonWriter& json)
{
    json.BeginArray();
    for (const auto& [name, time] : times)
    {
        json.BeginArray();
        json.String(name);
        json.Number(time);
        json.EndArray();
    }
    json.EndArray();
}

} // namespace

void
WriteTrainingData(const RunResults& results, JsonWriter& json)
{
    if (!results.training)
    {
        json.Null();
        return;
    }
    const TrainingResult& training = *results.training;
    json.BeginObject();
    json.Key("card");
    json.Unsigned(training.card);
    json.Key("stage");
    json.Unsigned(training.stage);
    json.Key("iteration_ns");
    json.Number(training.iterationTimeNs);
    json.Key("mfu");
    json.Number(training.mfu);
    json.Key("mode");
    json.String(results.mode);
    json.Key("causes");
    std::vector<std::pair<std::string, double>> causes;
    for (size_t cause = 0; cause < TRAINING_CAUSES; ++cause)
    {
        if (training.timeNs[cause] > 0)
        {
            causes.emplace_back(TRAINING_CAUSE_NAMES[cause], training.timeNs[cause]);
        }
    }
    WriteTimes(causes, json);
    json.Key("levels");
    WriteTimes(training.exposedByLevelNs, json);
    json.Key("memory");
    json.BeginArray();
    for (const TrainingMemory& memory : training.memory)
    {
        json.BeginArray();
        for (const double bytes :
             {memory.weights, memory.gradients, memory.optimizer, memory.activations, memory.limit})
        {
            json.Number(bytes);
        }
        json.Unsigned(memory.stage);
        json.String(memory.device);
        json.EndArray();
    }
    json.EndArray();
    json.Key("what_if");
    json.BeginArray();
    for (const TrainingWhatIf& row : training.whatIf)
    {
        json.BeginArray();
        json.String(WordsText(row.change));
        json.String(row.mode);
        json.Number(row.iterationTimeNs);
        json.Number(row.mfu);
        json.EndArray();
    }
    json.EndArray();
    json.Key("folded");
    json.Bool(training.foldSkewNs.has_value());
    json.Key("lanes");
    WriteLanes(results.lanes, json);
    json.EndObject();
}

} // namespace mtlink
} // namespace ns3
