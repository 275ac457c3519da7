/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/stability-summary.h"

#include "ns3/mtlink-error.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace ns3
{
namespace mtlink
{

namespace
{

using nlohmann::json;

/** A key of the object, and the member that it tells. */
template <typename Value>
struct Entry
{
    const char* key;               //!< The key
    Value StabilityResult::*value; //!< The member
};

// The one list of what is told, for writer and reader; in order of the file.
constexpr Entry<IntervalFigure> FIGURES[] = {
    {"mttf_ns", &StabilityResult::mttfNs},
    {"availability", &StabilityResult::availability},
    {"ettr", &StabilityResult::ettr},
    {"goodput", &StabilityResult::goodput},
    {"checkpoint_interval_ns", &StabilityResult::checkpointIntervalNs},
};
constexpr Entry<uint64_t> COUNTS[] = {
    {"runs", &StabilityResult::runs},
    {"seed", &StabilityResult::seed},
    {"cards", &StabilityResult::cards},
    {"nodes", &StabilityResult::nodes},
    {"links", &StabilityResult::cables},
};
constexpr Entry<double> NUMBERS[] = {
    {"run_ns", &StabilityResult::runNs},
    {"iteration_time_ns", &StabilityResult::iterationTimeNs},
    {"checkpoint_card_bytes", &StabilityResult::cardBytes},
    {"checkpoint_bytes", &StabilityResult::bytes},
    {"copy_time_ns", &StabilityResult::copyTimeNs},
    {"blocking_ns", &StabilityResult::blockingNs},
    {"copy_beside_ns", &StabilityResult::besideNs},
    {"copy_slows_ns", &StabilityResult::slowsNs},
    {"detect_ns", &StabilityResult::detectNs},
    {"restart_ns", &StabilityResult::restartNs},
    {"restore_ns", &StabilityResult::restoreNs},
    {"renewal_ettr", &StabilityResult::renewalEttr},
    {"first_order_ettr", &StabilityResult::firstOrderEttr},
    {"meta_ettr", &StabilityResult::metaEttr},
    {"young_interval_ns", &StabilityResult::youngNs},
    {"daly_interval_ns", &StabilityResult::dalyNs},
};
constexpr Entry<bool> TRUTHS[] = {
    {"renewal_holds", &StabilityResult::renewalHolds},
    {"first_order_holds", &StabilityResult::firstOrderHolds},
};
constexpr Entry<std::string> TEXTS[] = {
    {"spares", &StabilityResult::spares},
    {"checkpoint_to", &StabilityResult::to},
    {"renewal_note", &StabilityResult::renewalNote},
    {"first_order_note", &StabilityResult::firstOrderNote},
};

void
WriteFigure(JsonWriter& out, const IntervalFigure& figure)
{
    out.BeginObject();
    out.Key("value");
    out.Number(figure.value);
    out.Key("low");
    out.Number(figure.low);
    out.Key("high");
    out.Number(figure.high);
    out.EndObject();
}

[[noreturn]] void
Refuse(const std::string& path, const std::string& key, const std::string& wanted)
{
    throw InputError({path}, "key stability." + key + " should be " + wanted);
}

/** @return a value of an object. */
const json&
Get(const json& object, const std::string& path, const std::string& key)
{
    const auto found = object.find(key);
    if (found == object.end())
    {
        throw InputError({path}, "key stability." + key + " is missing");
    }
    return *found;
}

/** @return a number; infinite where there is none. */
double
ReadNumber(const json& object, const std::string& path, const std::string& key)
{
    const json& value = Get(object, path, key);
    if (value.is_null())
    {
        return std::numeric_limits<double>::infinity();
    }
    if (!value.is_number())
    {
        Refuse(path, key, "a number, or null");
    }
    return value.get<double>();
}

IntervalFigure
ReadFigure(const json& value, const std::string& path, const std::string& key)
{
    if (!value.is_object())
    {
        Refuse(path, key, "an object");
    }
    return {ReadNumber(value, path, "value"),
            ReadNumber(value, path, "low"),
            ReadNumber(value, path, "high")};
}

std::string
ReadText(const json& object, const std::string& path, const std::string& key)
{
    const json& value = Get(object, path, key);
    if (!value.is_string())
    {
        Refuse(path, key, "a text");
    }
    return value.get<std::string>();
}

uint64_t
ReadCount(const json& object, const std::string& path, const std::string& key)
{
    const json& value = Get(object, path, key);
    if (!value.is_number_unsigned())
    {
        Refuse(path, key, "a whole number");
    }
    return value.get<uint64_t>();
}

} // namespace

void
WriteStability(JsonWriter& out, const std::optional<StabilityResult>& stability)
{
    if (!stability)
    {
        out.Null();
        return;
    }
    out.BeginObject();
    for (const auto& [key, value] : FIGURES)
    {
        out.Key(key);
        WriteFigure(out, (*stability).*value);
    }
    out.Key("failures");
    out.BeginObject();
    for (const auto& [kind, figure] : stability->failures)
    {
        out.Key(kind);
        WriteFigure(out, figure);
    }
    out.EndObject();
    for (const auto& [key, value] : COUNTS)
    {
        out.Key(key);
        out.Unsigned((*stability).*value);
    }
    for (const auto& [key, value] : NUMBERS)
    {
        out.Key(key);
        out.Number((*stability).*value);
    }
    for (const auto& [key, value] : TRUTHS)
    {
        out.Key(key);
        out.Bool((*stability).*value);
    }
    for (const auto& [key, value] : TEXTS)
    {
        out.Key(key);
        out.String((*stability).*value);
    }
    out.Key("faults");
    out.BeginArray();
    for (const StabilityFaultResult& fault : stability->faults)
    {
        out.BeginObject();
        out.Key("class");
        out.String(fault.cls);
        out.Key("links");
        out.Unsigned(fault.cables);
        out.Key("used");
        out.Unsigned(fault.used);
        out.Key("link");
        out.String(fault.link);
        out.Key("iteration_time_ns");
        out.Number(fault.iterationTimeNs);
        out.EndObject();
    }
    out.EndArray();
    out.EndObject();
}

std::optional<StabilityResult>
ReadStability(const json& value, const std::string& path)
{
    if (value.is_null())
    {
        return std::nullopt;
    }
    if (!value.is_object())
    {
        throw InputError({path}, "key stability should be an object, or null");
    }
    StabilityResult result;
    for (const auto& [key, member] : FIGURES)
    {
        result.*member = ReadFigure(Get(value, path, key), path, key);
    }
    const json& failures = Get(value, path, "failures");
    if (!failures.is_object())
    {
        Refuse(path, "failures", "an object");
    }
    for (const char* kind : {"card", "node", "link", "group", "stops"})
    {
        result.failures.emplace_back(kind, ReadFigure(Get(failures, path, kind), path, kind));
    }
    for (const auto& [key, member] : COUNTS)
    {
        result.*member = ReadCount(value, path, key);
    }
    for (const auto& [key, member] : NUMBERS)
    {
        result.*member = ReadNumber(value, path, key);
    }
    for (const auto& [key, member] : TRUTHS)
    {
        const json& truth = Get(value, path, key);
        if (!truth.is_boolean())
        {
            Refuse(path, key, "true or false");
        }
        result.*member = truth.get<bool>();
    }
    for (const auto& [key, member] : TEXTS)
    {
        result.*member = ReadText(value, path, key);
    }
    const json& faults = Get(value, path, "faults");
    if (!faults.is_array())
    {
        Refuse(path, "faults", "an array");
    }
    for (const json& row : faults)
    {
        if (!row.is_object())
        {
            Refuse(path, "faults", "an array of objects");
        }
        StabilityFaultResult fault;
        fault.cls = ReadText(row, path, "class");
        fault.cables = ReadCount(row, path, "links");
        fault.used = ReadCount(row, path, "used");
        fault.link = ReadText(row, path, "link");
        const double time = ReadNumber(row, path, "iteration_time_ns");
        fault.iterationTimeNs = std::isfinite(time) ? std::optional(time) : std::nullopt;
        result.faults.push_back(std::move(fault));
    }
    return result;
}

} // namespace mtlink
} // namespace ns3
