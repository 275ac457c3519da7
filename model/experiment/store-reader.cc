/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/store-reader.h"

#include "experiment/units.h"
#include "experiment/yaml-mapping.h"

#include "ns3/mtlink-error.h"

#include <fmt/format.h>
#include <set>

namespace ns3
{
namespace mtlink
{

double
ReadByteRate(const YamlNode& node)
{
    const std::string& text = ReadText(node, "a rate, as 25GBps");
    uint64_t rate = 0;
    try
    {
        rate = ParseRate(text);
    }
    catch (const ParameterError& error)
    {
        node.Refuse(error.what());
    }
    if (rate == 0)
    {
        node.Refuse("a rate should be above 0, as 25GBps");
    }
    return static_cast<double>(rate) / 8;
}

StoreDescription
ReadStore(const YamlNode& node, const std::string& section, uint32_t endpoints)
{
    YamlMapping mapping(node, section);
    const YamlNode* list = mapping.Take("endpoints");
    const YamlNode* rate = mapping.Take("rate");
    mapping.Finish();
    list = list ? list : &mapping.Need("endpoints", "endpoints: [8, 9]");
    if (list->kind != YamlNode::LIST || list->items.empty())
    {
        list->Refuse("endpoints should be a list of endpoints, as [8, 9]");
    }
    StoreDescription store;
    std::set<uint32_t> known;
    for (const YamlNode& item : list->items)
    {
        const auto endpoint = static_cast<uint32_t>(ReadInteger(item, 0, endpoints - 1));
        if (!known.insert(endpoint).second)
        {
            item.Refuse(fmt::format("endpoint {} is in the store twice", endpoint));
        }
        store.endpoints.push_back(endpoint);
    }
    store.rate = ReadByteRate(rate ? *rate : mapping.Need("rate", "rate: 2GBps"));
    return store;
}

void
CheckStoreEndpoints(const YamlNode& node, uint32_t endpoints, const std::vector<uint32_t>& cards)
{
    const std::set<uint32_t> known(cards.begin(), cards.end());
    for (const YamlNode& item : node.Find("endpoints")->items)
    {
        const auto endpoint = static_cast<uint32_t>(ReadInteger(item, 0, endpoints - 1));
        if (known.count(endpoint) > 0)
        {
            item.Refuse(fmt::format("endpoint {} is a card of the job, and no store: leave it out "
                                    "of the workload's 'ranks', or name another",
                                    endpoint));
        }
    }
}

} // namespace mtlink
} // namespace ns3
