/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "design/cost-variants.h"

#include "experiment/attributes.h"

#include "ns3/data-rate.h"
#include "ns3/double.h"

#include <cmath>
#include <fmt/format.h>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return the technology with one figure times a factor; nullptr: that is out of its range. */
Ptr<CostProfile>
Vary(const CostProfile& cost, const AttributeInfo& info, double factor)
{
    Ptr<CostProfile> varied = CopyObject(Ptr<const CostProfile>(&cost));
    if (info.form == AttributeForm::RATE)
    {
        DataRateValue rate;
        cost.GetAttribute(info.name, rate);
        const auto bits = static_cast<double>(rate.Get().GetBitRate()) * factor;
        const DataRateValue value(DataRate(static_cast<uint64_t>(std::llround(bits))));
        return varied->SetAttributeFailSafe(info.name, value) ? varied : nullptr;
    }
    DoubleValue number;
    cost.GetAttribute(info.name, number);
    return varied->SetAttributeFailSafe(info.name, DoubleValue(number.Get() * factor)) ? varied
                                                                                       : nullptr;
}

/** Add the variants of a price, a member of what is copied with the request. */
template <typename Find>
void
AddPrice(const DesignRequest& request,
         const std::string& key,
         double factor,
         const Find& find,
         std::vector<CostVariant>& variants)
{
    CostVariant variant{key, "given", "", factor, request};
    std::optional<double>& price = find(variant.request);
    if (!price)
    {
        return;
    }
    variant.value = fmt::format("{}", *price);
    *price *= factor;
    variants.push_back(std::move(variant));
}

} // namespace

std::vector<CostVariant>
ListCostVariants(const DesignRequest& request, double factor)
{
    std::vector<CostVariant> variants;
    const YamlNode* given = request.document.Find("cost");
    for (const AttributeInfo& info : DescribeAttributes(CostProfile::GetTypeId()))
    {
        for (const double own : {1 / factor, factor})
        {
            const Ptr<CostProfile> varied = Vary(*request.cost, info, own);
            if (!varied)
            {
                continue;
            }
            variants.push_back({"cost." + info.key,
                                given && given->Find(info.key) ? "given" : info.provenance,
                                GetAttribute(*request.cost, info).text,
                                own,
                                request});
            variants.back().request.cost = varied;
        }
    }
    for (const double own : {1 / factor, factor})
    {
        for (std::size_t chip = 0; chip < request.chips.size(); ++chip)
        {
            const auto find = [chip](DesignRequest& varied) -> std::optional<double>& {
                return varied.chips[chip].price;
            };
            AddPrice(request, "price of " + request.chips[chip].name, own, find, variants);
        }
        for (const auto& [key, member] : MONEY_KEYS)
        {
            const auto find = [m = member](DesignRequest& varied) -> std::optional<double>& {
                return varied.money.*m;
            };
            AddPrice(request, std::string("money.") + key, own, find, variants);
        }
    }
    return variants;
}

} // namespace mtlink
} // namespace ns3
