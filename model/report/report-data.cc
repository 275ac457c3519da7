/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/report-data.h"

#include "measure/json-writer.h"
#include "report/report-congestion-data.h"
#include "report/report-fabric-data.h"
#include "report/report-latency-data.h"
#include "report/report-link-data.h"
#include "report/report-timeline-data.h"

namespace ns3
{
namespace mtlink
{

std::string
WriteReportData(const ReportRuns& runs)
{
    std::string text;
    JsonWriter json(text, JsonWriter::Layout::COMPACT);
    json.BeginObject();
    json.Key("runs");
    json.BeginArray();
    for (const auto& run : runs)
    {
        const auto& results = run.stored.results;
        json.BeginObject();
        json.Key("label");
        json.String(run.name);
        json.Key("complete");
        json.Bool(results.complete);
        json.Key("timeline");
        WriteTimelineData(results, json);
        json.Key("fabric");
        WriteFabricData(results, json);
        json.Key("traffic");
        WriteLinkData(results, json);
        json.Key("congestion");
        WriteCongestionData(results, json);
        json.Key("latency");
        WriteLatencyData(results, json);
        json.EndObject();
    }
    json.EndArray();
    json.EndObject();
    return EscapeJsonForHtml(std::move(text));
}

std::string
EscapeJsonForHtml(std::string json)
{
    for (size_t at = json.find('<'); at != std::string::npos; at = json.find('<', at))
    {
        json.replace(at, 1, "\\u003c");
    }
    return json;
}

} // namespace mtlink
} // namespace ns3
