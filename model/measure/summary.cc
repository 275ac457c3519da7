/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/summary.h"

#include "measure/emulation-summary.h"
#include "measure/json-file.h"
#include "measure/json-writer.h"
#include "measure/result-tables.h"
#include "measure/stability-summary.h"
#include "measure/summary-reader.h"
#include "measure/training-summary.h"
#include "measure/verdict-summary.h"

#include "ns3/mtlink-error.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace ns3
{
namespace mtlink
{

namespace
{

using nlohmann::json;

/**
 * @param [in,out] out Gets an object of a latency's figures, or null.
 * @param [in] latency The latency.
 */
void
WriteLatency(JsonWriter& out, const std::optional<LatencyResult>& latency)
{
    if (!latency)
    {
        out.Null();
        return;
    }
    out.BeginObject();
    out.Key("mean");
    out.Number(latency->mean);
    out.Key("p50");
    out.Number(latency->p50);
    out.Key("p99");
    out.Number(latency->p99);
    out.Key("p999");
    out.Number(latency->p999);
    out.Key("max");
    out.Number(latency->max);
    out.EndObject();
}

/**
 * @param [in,out] out Gets an object.
 * @param [in] collective Of this.
 */
void
WriteCollective(JsonWriter& out, const CollectiveResult& collective)
{
    out.BeginObject();
    out.Key("id");
    out.Unsigned(collective.id);
    out.Key("name");
    out.String(collective.name);
    out.Key("algorithm");
    out.String(collective.algorithm);
    out.Key("workload");
    out.String(collective.workload);
    out.Key("ranks");
    out.Unsigned(collective.ranks);
    out.Key("bytes");
    out.Unsigned(collective.bytes);
    out.Key("start_ns");
    out.Nanoseconds(collective.start);
    out.Key("end_ns");
    out.Nanoseconds(collective.end);
    out.Key("duration_ns");
    out.Nanoseconds(GetDuration(collective));
    out.Key("algbw_GBps");
    out.Number(GetAlgorithmBandwidth(collective));
    out.Key("busbw_GBps");
    out.Number(GetBusBandwidth(collective));
    out.Key("bound_ns");
    out.Nanoseconds(collective.bound > 0 ? collective.bound : NEVER);
    out.Key("bound_ratio");
    out.Number(GetBoundRatio(collective));
    out.Key("fidelity");
    out.String(GetFidelityName(collective.fidelity));
    out.EndObject();
}

/**
 * @param [in,out] out Gets an object of the cost model's figures, or null.
 * @param [in] cost The figures.
 */
void
WriteCost(JsonWriter& out, const std::optional<CostResult>& cost)
{
    if (!cost)
    {
        out.Null();
        return;
    }
    out.BeginObject();
    out.Key("area_mm2");
    out.Number(cost->area);
    out.Key("chip_area_mm2");
    out.Number(cost->chipArea);
    out.Key("power_W");
    out.Number(cost->power);
    out.Key("chip_power_W");
    out.Number(cost->chipPower);
    out.Key("serdes");
    out.Unsigned(cost->serdes);
    out.Key("buffer_bytes");
    out.Unsigned(cost->bufferBytes);
    out.EndObject();
}

/**
 * @param [in,out] out Gets an object of what the large tables have.
 * @param [in] rows What they have.
 */
void
WriteRows(JsonWriter& out, const TableRows& rows)
{
    const auto write = [&out](const char* name, const RowCount& count) {
        out.Key(name);
        out.BeginObject();
        out.Key("all");
        out.Unsigned(count.all);
        out.Key("written");
        out.Unsigned(count.written);
    };
    out.BeginObject();
    write("messages", rows.messages);
    out.Key("one_in");
    rows.messages.oneIn == 0 ? out.Null() : out.Unsigned(rows.messages.oneIn);
    out.Key("unlisted");
    out.Unsigned(rows.messages.unlisted);
    out.EndObject();
    write("links", rows.links);
    out.EndObject();
    write("queues", rows.queues);
    out.EndObject();
    out.EndObject();
}

/** @param [in,out] out Gets how many processes there were, and who has simulated what. */
void
WriteSpread(JsonWriter& out, const SpreadResult& spread)
{
    const auto write = [&out](const char* name, const std::vector<uint32_t>& counts) {
        out.Key(name);
        out.BeginArray();
        for (const uint32_t count : counts)
        {
            out.Unsigned(count);
        }
        out.EndArray();
    };
    out.Key("processes");
    out.Unsigned(spread.endpoints.size());
    out.Key("partition");
    out.BeginObject();
    write("endpoints", spread.endpoints);
    write("switches", spread.switches);
    out.Key("cut_links");
    out.Unsigned(spread.cutLinks);
    out.Key("lookahead_ns");
    out.Nanoseconds(spread.lookahead);
    out.EndObject();
}

/** @return a latency, or nothing. */
std::optional<LatencyResult>
ReadLatency(const SummaryReader& from, const std::string& key)
{
    if (from.Find(key).is_null())
    {
        return std::nullopt;
    }
    const SummaryReader in = from.Object(key);
    return LatencyResult{in.Number("mean"),
                         in.Number("p50"),
                         in.Number("p99"),
                         in.Number("p999"),
                         in.Number("max")};
}

/** @return who has simulated what; nothing of a run in one process. */
std::optional<SpreadResult>
ReadSpread(const SummaryReader& from)
{
    if (!from.Has("partition"))
    {
        return std::nullopt;
    }
    const SummaryReader in = from.Object("partition");
    return SpreadResult{in.Unsigneds32("endpoints"),
                        in.Unsigneds32("switches"),
                        in.Unsigned32("cut_links"),
                        in.Nanoseconds("lookahead_ns")};
}

/** @return the cost model's figures; nothing in what a version without them wrote. */
std::optional<CostResult>
ReadCost(const SummaryReader& from)
{
    if (!from.Has("cost") || from.Find("cost").is_null())
    {
        return std::nullopt;
    }
    const SummaryReader in = from.Object("cost");
    return CostResult{in.Number("area_mm2"),
                      in.Number("chip_area_mm2"),
                      in.Number("power_W"),
                      in.Number("chip_power_W"),
                      in.Unsigned("serdes"),
                      in.Unsigned("buffer_bytes")};
}

/** @return what the large tables have; nothing in what a version without samples wrote. */
std::optional<TableRows>
ReadRows(const SummaryReader& from)
{
    if (!from.Has("rows"))
    {
        return std::nullopt;
    }
    const SummaryReader in = from.Object("rows");
    const auto read = [&in](const std::string& table) {
        const SummaryReader count = in.Object(table);
        return RowCount{count.Unsigned("all"), count.Unsigned("written")};
    };
    TableRows rows{read("messages"), read("links"), read("queues")};
    const SummaryReader messages = in.Object("messages");
    rows.messages.oneIn = messages.Find("one_in").is_null() ? 0 : messages.Unsigned("one_in");
    rows.messages.unlisted = messages.Unsigned("unlisted");
    return rows;
}

} // namespace

std::string
WriteSummary(const RunResults& results)
{
    return WriteSummary(results, results.rows);
}

std::string
WriteSummary(const RunResults& results, const TableRows& rows)
{
    std::string text;
    JsonWriter out(text, JsonWriter::Layout::INDENTED);
    out.BeginObject();
    out.Key("schema");
    out.Unsigned(SUMMARY_SCHEMA);
    out.Key("name");
    out.String(results.name);
    out.Key("complete");
    out.Bool(results.complete);
    out.Key("stop_reason");
    results.stopReason.empty() ? out.Null() : out.String(results.stopReason);
    out.Key("mode");
    out.String(results.mode);
    out.Key("mode_asked");
    out.String(results.modeAsked);
    out.Key("mode_reason");
    results.modeReason.empty() ? out.Null() : out.String(results.modeReason);
    out.Key("seed");
    out.Unsigned(results.seed);
    out.Key("mtlink_version");
    out.String(MTLINK_VERSION);
    out.Key("ns3_version");
    out.String(results.ns3Version);
    out.Key("fabric");
    out.BeginObject();
    out.Key("kind");
    out.String(results.fabricKind);
    out.Key("endpoints");
    out.Unsigned(results.endpoints);
    out.Key("switches");
    out.Unsigned(results.switches);
    out.Key("links");
    out.Unsigned(results.cables);
    out.EndObject();
    out.Key("simulated_time_ns");
    out.Nanoseconds(results.simulatedTime);
    out.Key("wall_time_s");
    out.Number(results.wallTimeSeconds);
    out.Key("cpu_time_s");
    out.Number(results.cpuTimeSeconds);
    out.Key("setup_time_s");
    out.Number(results.setupTimeSeconds);
    out.Key("peak_rss_bytes");
    out.Unsigned(results.peakRssBytes);
    out.Key("events");
    out.Unsigned(results.events);
    if (results.spread)
    {
        WriteSpread(out, *results.spread);
    }
    out.Key("packet_hops");
    out.Unsigned(results.packetHops);
    out.Key("packets_delivered");
    out.Unsigned(results.packetsDelivered);
    out.Key("payload_bytes_delivered");
    out.Unsigned(results.payloadBytesDelivered);
    out.Key("packets_lost");
    out.Unsigned(results.packetsLost);
    out.Key("messages_lost");
    out.Unsigned(results.messagesLost);
    out.Key("completion_time_ns");
    out.Nanoseconds(results.completionTime.value_or(NEVER));
    if (results.leastTime)
    {
        out.Key("least_time_ns");
        out.Nanoseconds(*results.leastTime);
    }
    out.Key("packet_latency_ns");
    WriteLatency(out, results.packetLatency);
    out.Key("network_latency_ns");
    WriteLatency(out, results.networkLatency);
    out.Key("offered_load");
    out.Number(results.offeredLoad);
    out.Key("accepted_load");
    out.Number(results.acceptedLoad);
    out.Key("credit_stall_ns");
    out.Nanoseconds(results.creditStall);
    out.Key("deadlock_free");
    results.deadlockFree == "unproved" ? out.String("unproved")
                                       : out.Bool(results.deadlockFree == "true");
    out.Key("fidelity");
    out.BeginObject();
    for (std::size_t i = 0; i < FIDELITIES; ++i)
    {
        out.Key(FIDELITY_NAMES[i]);
        out.Number(results.fidelity[i]);
    }
    out.Key("beyond_buffers");
    out.Number(results.beyondBuffers);
    out.Key("skipped_time_fraction");
    out.Number(results.skippedTimeFraction);
    out.Key("fallbacks");
    out.Unsigned(results.fallbacks);
    out.EndObject();
    out.Key("verdict");
    WriteVerdict(out, results.verdict);
    out.Key("cost");
    WriteCost(out, results.cost);
    out.Key("training");
    WriteTraining(out, results.training);
    out.Key("stability");
    WriteStability(out, results.stability);
    if (results.emulation)
    {
        out.Key("emulation");
        WriteEmulation(out, *results.emulation);
    }
    out.Key("sample_interval_ns");
    out.Nanoseconds(results.sampleInterval > 0 ? results.sampleInterval : NEVER);
    out.Key("rows");
    WriteRows(out, rows);
    out.Key("collectives");
    out.BeginArray();
    for (const auto& collective : results.collectives)
    {
        WriteCollective(out, collective);
    }
    out.EndArray();
    out.EndObject();
    text += '\n';
    return text;
}

std::string
ReadSummary(const std::string& path, RunResults& results)
{
    const json object = ReadJsonObject(path);
    const SummaryReader in(object, path);
    if (in.Unsigned("schema") != SUMMARY_SCHEMA)
    {
        in.Refuse("schema", std::to_string(SUMMARY_SCHEMA) + ": another version wrote this");
    }
    results.name = in.Text("name");
    results.complete = in.Truth("complete");
    results.stopReason = in.Find("stop_reason").is_null() ? "" : in.Text("stop_reason");
    results.mode = in.Text("mode");
    results.modeAsked = results.mode;
    if (object.contains("mode_asked")) // a version without mode flow has no such keys
    {
        results.modeAsked = in.Text("mode_asked");
        results.modeReason = in.Find("mode_reason").is_null() ? "" : in.Text("mode_reason");
        const SummaryReader fidelity = in.Object("fidelity");
        for (std::size_t i = 0; i < FIDELITIES; ++i)
        {
            results.fidelity[i] = fidelity.Number(FIDELITY_NAMES[i]);
        }
        results.beyondBuffers =
            object["fidelity"].contains("beyond_buffers") ? fidelity.Number("beyond_buffers") : 0;
        results.skippedTimeFraction = fidelity.Number("skipped_time_fraction");
    }
    results.seed = in.Unsigned("seed");
    results.ns3Version = in.Text("ns3_version");
    const SummaryReader fabric = in.Object("fabric");
    results.fabricKind = fabric.Text("kind");
    results.endpoints = fabric.Unsigned32("endpoints");
    results.switches = fabric.Unsigned32("switches");
    results.cables = fabric.Unsigned32("links");
    results.simulatedTime = in.Nanoseconds("simulated_time_ns");
    results.wallTimeSeconds = in.Number("wall_time_s");
    results.cpuTimeSeconds = in.Number("cpu_time_s");
    results.setupTimeSeconds = in.Number("setup_time_s");
    results.peakRssBytes = in.Unsigned("peak_rss_bytes");
    results.events = in.Unsigned("events");
    results.spread = ReadSpread(in);
    results.packetHops = in.Unsigned("packet_hops");
    results.packetsDelivered = in.Unsigned("packets_delivered");
    results.payloadBytesDelivered = in.Unsigned("payload_bytes_delivered");
    results.packetsLost = in.Unsigned("packets_lost");
    results.messagesLost = in.Unsigned("messages_lost");
    results.completionTime = in.NanosecondsIfAny("completion_time_ns");
    if (object.contains("least_time_ns")) // mode bound alone has it
    {
        results.leastTime = in.NanosecondsIfAny("least_time_ns");
    }
    results.packetLatency = ReadLatency(in, "packet_latency_ns");
    results.networkLatency = ReadLatency(in, "network_latency_ns");
    results.offeredLoad = in.NumberIfAny("offered_load");
    results.acceptedLoad = in.NumberIfAny("accepted_load");
    results.creditStall = in.Nanoseconds("credit_stall_ns");
    results.sampleInterval = in.NanosecondsIfAny("sample_interval_ns").value_or(0);
    results.verdict = ReadVerdict(in);
    results.cost = ReadCost(in);
    results.training = ReadTraining(in);
    results.emulation = ReadEmulation(in);
    results.rows = ReadRows(in).value_or(TableRows{});
    if (object.contains("stability")) // an earlier version has no such key
    {
        results.stability = ReadStability(object["stability"], path);
    }
    const json& free = in.Find("deadlock_free");
    if (!free.is_boolean() && free != "unproved")
    {
        in.Refuse("deadlock_free", "true, false or \"unproved\"");
    }
    results.deadlockFree = free.is_boolean() ? (free.get<bool>() ? "true" : "false") : "unproved";
    return in.Text("mtlink_version");
}

} // namespace mtlink
} // namespace ns3
