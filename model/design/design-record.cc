/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "design/design-record.h"

#include "design/design-standing.h"
#include "measure/atomic-file.h"
#include "measure/json-writer.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return how a search ended. */
const char*
GetEndName(const SearchOutcome& outcome)
{
    return outcome.isInterrupted ? "interrupted" : outcome.isOverBudget ? "over budget" : "done";
}

/** Write which figure something is about, what is better of it, and whether runs tell it; else it
 * is counted of a design. */
void
WriteFigure(const std::string& name, const DesignScale& scale, JsonWriter& json)
{
    const auto& names = scale.GetNames();
    const auto k =
        static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
    json.Key("figure");
    json.String(name);
    json.Key("aim");
    json.String(scale.GetSign(k) > 0 ? "less" : "more");
    json.Key("simulated");
    json.Bool(scale.GetRunFigure(k).has_value());
}

void
WriteObjectives(const DesignRequest& request, const DesignScale& scale, JsonWriter& json)
{
    json.Key("objectives");
    json.BeginArray();
    for (const std::string& objective : request.objectives)
    {
        json.BeginObject();
        WriteFigure(objective, scale, json);
        json.EndObject();
    }
    json.EndArray();
}

void
WriteTargets(const DesignRequest& request, const DesignScale& scale, JsonWriter& json)
{
    json.Key("targets");
    json.BeginArray();
    for (const DesignLimit& limit : request.limits)
    {
        json.BeginObject();
        WriteFigure(limit.figure, scale, json);
        json.Key("at_most");
        json.Number(limit.atMost);
        json.Key("at_least");
        json.Number(limit.atLeast);
        json.Key("within");
        json.Number(limit.within);
        json.EndObject();
    }
    json.EndArray();
}

/** Write what figures are worth, and over what they are aggregated. */
void
WriteWorth(const DesignRequest& request, JsonWriter& json)
{
    json.Key("closest");
    json.String(GetLookName(request.isFlowClosest ? LookMode::FLOW : LookMode::PACKET));
    json.Key("errors");
    json.BeginObject();
    for (std::size_t i = 0; i < FIDELITIES; ++i)
    {
        json.Key(FIDELITY_NAMES[i]);
        json.Number(request.errors[i]);
    }
    json.EndObject();
    json.Key("seeds");
    json.BeginArray();
    for (const uint32_t seed : request.seeds)
    {
        json.Unsigned(seed);
    }
    json.EndArray();
    const bool isAggregated = request.workloads.size() > 1 || request.seeds.size() > 1 ||
                              request.scenarios.kind == YamlNode::MAPPING;
    json.Key("aggregate");
    isAggregated ? json.String(request.aggregate == Aggregate::WORST ? "worst" : "mean")
                 : json.Null();
}

} // namespace

void
WriteDesignRecord(const DesignRequest& request,
                  const DesignList& list,
                  const SearchOutcome& outcome,
                  const std::string& directory)
{
    std::string text;
    JsonWriter json(text, JsonWriter::Layout::INDENTED);
    json.BeginObject();
    json.Key("name");
    json.String(request.name);
    json.Key("endpoints");
    json.Unsigned(request.endpoints);
    json.Key("designs");
    json.Unsigned(list.designs.size());
    const DesignScale scale(request, list);
    WriteObjectives(request, scale, json);
    WriteTargets(request, scale, json);
    json.Key("reference");
    outcome.reference ? json.String(list.designs[*outcome.reference].name) : json.Null();
    WriteWorth(request, json);
    json.Key("sensitivity");
    json.Number(request.sensitivity);
    json.Key("end");
    json.String(GetEndName(outcome));
    json.Key("packet_hops");
    json.Number(outcome.packetHops);
    json.Key("request");
    json.String(WriteYaml(request.document));
    json.EndObject();
    text += '\n';
    AtomicFile file((std::filesystem::path(directory) / "design.json").string());
    file.Write(text);
    file.Commit();
}

} // namespace mtlink
} // namespace ns3
