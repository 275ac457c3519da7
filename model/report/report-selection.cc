/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/report-selection.h"

#include <algorithm>
#include <numeric>

namespace ns3
{
namespace mtlink
{

std::vector<uint32_t>
FindMostActive(const RunResults& results, size_t most)
{
    const auto& links = results.links;
    std::vector<uint32_t> order(links.size());
    std::iota(order.begin(), order.end(), 0);
    if (order.size() > most)
    {
        std::stable_sort(order.begin(), order.end(), [&links](uint32_t a, uint32_t b) {
            return links[a].busy + links[a].creditStall > links[b].busy + links[b].creditStall;
        });
        order.resize(most);
        std::sort(order.begin(), order.end());
    }
    return order;
}

std::vector<uint32_t>
ChooseNodes(const RunResults& results, const FabricLayout& layout, size_t most)
{
    std::vector<uint32_t> chosen(results.nodes.size());
    std::iota(chosen.begin(), chosen.end(), 0);
    if (chosen.size() <= most)
    {
        return chosen;
    }
    constexpr uint32_t NONE = UINT32_MAX;
    std::vector<uint32_t> topmost(layout.groups.size(), NONE);
    for (const uint32_t node : chosen)
    {
        uint32_t& top = topmost[layout.groupOf[node]];
        if (top == NONE || layout.levels[node] > layout.levels[top])
        {
            top = node;
        }
    }
    std::vector<bool> isChosen(results.nodes.size());
    size_t count = 0;
    const auto choose = [&](uint32_t node) {
        if (node != NONE && !isChosen[node] && count < most)
        {
            isChosen[node] = true;
            ++count;
        }
    };
    std::for_each(topmost.begin(), topmost.end(), choose);
    for (const uint32_t link : FindMostActive(results, MOST_REPORT_LINKS))
    {
        choose(layout.endsOfLinks[link].first);
        choose(layout.endsOfLinks[link].second);
    }
    std::erase_if(chosen, [&isChosen](uint32_t node) { return !isChosen[node]; });
    return chosen;
}

} // namespace mtlink
} // namespace ns3
