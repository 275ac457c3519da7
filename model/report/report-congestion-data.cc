/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/report-congestion-data.h"

#include <algorithm>
#include <unordered_map>

namespace ns3
{
namespace mtlink
{

void
WriteCongestionData(const RunResults& results, JsonWriter& json)
{
    constexpr size_t MOST_ROWS = 2000;
    std::unordered_map<std::string, uint64_t> linkOf;
    for (uint64_t i = 0; i < results.links.size(); ++i)
    {
        linkOf.emplace(results.links[i].name, i);
    }
    const auto writeLink = [&](const std::string& name) {
        const auto link = linkOf.find(name);
        link == linkOf.end() ? json.Null() : json.Unsigned(link->second);
    };
    json.BeginObject();
    json.Key("all");
    json.Unsigned(results.congestion.size());
    json.Key("rows");
    json.BeginArray();
    // Longest first, as the table is.
    for (size_t i = 0; i < std::min(results.congestion.size(), MOST_ROWS); ++i)
    {
        const auto& row = results.congestion[i];
        json.BeginArray();
        writeLink(row.root);
        writeLink(row.victim);
        json.Nanoseconds(row.stall);
        json.Unsigned(row.times);
        json.EndArray();
    }
    json.EndArray();
    json.EndObject();
}

} // namespace mtlink
} // namespace ns3
