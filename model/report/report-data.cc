/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/report-data.h"

#include "measure/json-writer.h"
#include "report/report-congestion-data.h"
#include "report/report-fabric-data.h"
#include "report/report-latency-data.h"
#include "report/report-link-data.h"
#include "report/report-root-data.h"
#include "report/report-selection.h"
#include "report/report-timeline-data.h"
#include "report/report-training-data.h"

namespace ns3
{
namespace mtlink
{

namespace
{

/**
 * Write of how many messages the page knows one; null: it knows all.
 * @param [in] results A run.
 * @param [in,out] json Gets an object of `all`, `one_in`, 0 where there is no table of them, and
 *                 `unlisted`, those that were carried as a whole: of rings, or of folded groups.
 */
void
WriteMessageRows(const RunResults& results, JsonWriter& json)
{
    const RowCount& rows = results.rows.messages;
    const bool isKnown = rows.oneIn > 0;
    if (rows.all == 0 || (isKnown && results.messagesOneIn == 1 && rows.unlisted == 0))
    {
        json.Null();
        return;
    }
    json.BeginObject();
    json.Key("all");
    json.Unsigned(rows.all);
    json.Key("one_in");
    json.Unsigned(isKnown ? results.messagesOneIn : 0);
    json.Key("unlisted");
    json.Unsigned(rows.unlisted);
    json.EndObject();
}

} // namespace

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
        json.Key("open_loop");
        json.Bool(results.offeredLoad.has_value());
        json.Key("delivered");
        json.Bool(results.payloadBytesDelivered > 0);
        json.Key("messages");
        WriteMessageRows(results, json);
        json.Key("training");
        WriteTrainingData(results, json);
        json.Key("timeline");
        WriteTimelineData(results, json);
        json.Key("fabric");
        const FabricLayout layout = LayOutFabric(results);
        const std::vector<uint32_t> nodes = ChooseNodes(results, layout);
        WriteFabricData(results, layout, nodes, json);
        json.Key("marks");
        WriteRootData(results, layout, nodes, json);
        json.Key("traffic");
        WriteLinkData(results, nodes, json);
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
