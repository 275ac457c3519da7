/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/emulation-summary.h"

namespace ns3
{
namespace mtlink
{

namespace
{

/** A key and what it is of the result. */
template <typename Value>
struct Entry
{
    const char* key;               //!< The key
    Value EmulationResult::*value; //!< The member
};

constexpr Entry<uint64_t> COUNTS[] = {
    {"hosts", &EmulationResult::hosts},
    {"frames", &EmulationResult::frames},
    {"bytes", &EmulationResult::bytes},
    {"given", &EmulationResult::given},
    {"refused", &EmulationResult::refused},
    {"unwritten", &EmulationResult::unwritten},
    {"lost", &EmulationResult::lost},
};
constexpr Entry<double> NUMBERS[] = {
    {"scale", &EmulationResult::scale},
    {"wall_s", &EmulationResult::wallSeconds},
    {"limit_us", &EmulationResult::limitUs},
};
constexpr Entry<double> LAGS[] = {
    {"mean", &EmulationResult::lagMeanUs},
    {"p99", &EmulationResult::lagP99Us},
    {"p999", &EmulationResult::lagP999Us},
    {"max", &EmulationResult::lagMaxUs},
};

} // namespace

void
WriteEmulation(JsonWriter& out, const EmulationResult& emulation)
{
    out.BeginObject();
    for (const auto& [key, value] : COUNTS)
    {
        out.Key(key);
        out.Unsigned(emulation.*value);
    }
    for (const auto& [key, value] : NUMBERS)
    {
        out.Key(key);
        out.Number(emulation.*value);
    }
    out.Key("lag_us");
    out.BeginObject();
    for (const auto& [key, value] : LAGS)
    {
        out.Key(key);
        out.Number(emulation.*value);
    }
    out.EndObject();
    out.Key("held");
    out.Bool(emulation.held);
    out.EndObject();
}

std::optional<EmulationResult>
ReadEmulation(const SummaryReader& in)
{
    if (!in.Has("emulation"))
    {
        return std::nullopt;
    }
    const SummaryReader from = in.Object("emulation");
    EmulationResult emulation;
    for (const auto& [key, value] : COUNTS)
    {
        emulation.*value = from.Unsigned(key);
    }
    for (const auto& [key, value] : NUMBERS)
    {
        emulation.*value = from.Number(key);
    }
    const SummaryReader lags = from.Object("lag_us");
    for (const auto& [key, value] : LAGS)
    {
        emulation.*value = lags.Number(key);
    }
    emulation.held = from.Truth("held");
    return emulation;
}

} // namespace mtlink
} // namespace ns3
