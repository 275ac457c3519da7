/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "link-text.h"

#include "report/human-text.h"
#include "text-table.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <numeric>
#include <vector>

using namespace ns3::mtlink;

namespace
{

constexpr std::size_t MOST_LINKS = 5;

/** The links of a class. */
struct ClassOfLinks
{
    uint64_t links{0};                  //!< How many
    Tick busy{0};                       //!< Sum
    Tick leastBusy{NEVER};              //!< Of a link
    Tick mostBusy{0};                   //!< Of a link
    const LinkResult* busiest{nullptr}; //!< Of those that have a row
};

/** @return part of a run that was so long. */
std::string
FormatShare(const RunResults& results, double time)
{
    return PercentText(time / static_cast<double>(results.simulatedTime));
}

/** @return the classes of links by name. */
std::map<std::string, ClassOfLinks>
ListClasses(const RunResults& results)
{
    std::map<std::string, ClassOfLinks> classes;
    const auto add =
        [&](const std::string& name, uint64_t links, Tick busy, Tick least, Tick most) {
            ClassOfLinks& all = classes[name];
            all.links += links;
            all.busy += busy;
            all.leastBusy = std::min(all.leastBusy, least);
            all.mostBusy = std::max(all.mostBusy, most);
        };
    for (const LinkLevelResult& level : results.linkLevels)
    {
        add(level.cls, level.links, level.busy, level.leastBusy, level.mostBusy);
    }
    for (const LinkResult& link : results.links)
    {
        if (results.linkLevels.empty())
        {
            add(link.cls, 1, link.busy, link.busy, link.busy);
        }
        const LinkResult*& busiest = classes[link.cls].busiest;
        busiest = !busiest || link.busy > busiest->busy ? &link : busiest;
    }
    return classes;
}

} // namespace

std::string
FormatCongestedLinks(const RunResults& results)
{
    std::vector<std::size_t> order(results.links.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const std::size_t shown = std::min(order.size(), MOST_LINKS);
    std::partial_sort(order.begin(),
                      order.begin() + static_cast<std::ptrdiff_t>(shown),
                      order.end(),
                      [&](std::size_t a, std::size_t b) {
                          const LinkResult& left = results.links[a];
                          const LinkResult& right = results.links[b];
                          if (left.creditStall != right.creditStall)
                          {
                              return left.creditStall > right.creditStall;
                          }
                          return left.busy != right.busy ? left.busy > right.busy : a < b;
                      });
    TextTable table;
    table.AddRow({"most congested", "to", "utilisation", "credit stall", "payload"});
    for (std::size_t i = 0; i < shown; ++i)
    {
        const LinkResult& link = results.links[order[i]];
        table.AddRow({link.name,
                      link.to,
                      PercentText(static_cast<double>(link.busy) /
                                  static_cast<double>(results.simulatedTime)),
                      TimeText(link.creditStall),
                      BytesText(link.payloadBytes)});
    }
    return table.Format();
}

std::string
FormatLinkClasses(const RunResults& results)
{
    const std::map<std::string, ClassOfLinks> classes = ListClasses(results);
    std::vector<const std::pair<const std::string, ClassOfLinks>*> order;
    for (const auto& each : classes)
    {
        order.push_back(&each);
    }
    std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
        return a->second.mostBusy > b->second.mostBusy;
    });
    TextTable table;
    table.AddRow({"links", "how many", "busy, mean", "busy, most", "the busiest"});
    for (const auto* each : order)
    {
        const ClassOfLinks& all = each->second;
        const bool isAlike = all.links > 1 && all.leastBusy == all.mostBusy;
        const bool isKnown = all.busiest && all.busiest->busy == all.mostBusy;
        table.AddRow(
            {each->first,
             CountText(all.links),
             FormatShare(results, static_cast<double>(all.busy) / static_cast<double>(all.links)),
             FormatShare(results, static_cast<double>(all.mostBusy)),
             isAlike   ? "all alike"
             : isKnown ? fmt::format("{} to {}", all.busiest->name, all.busiest->to)
                       : UNKNOWN_TEXT});
    }
    return table.Format();
}

std::string
FormatRoots(const RunResults& results)
{
    /** A link that others waited for. */
    struct Root
    {
        Tick lost{0};        //!< Time, summed
        uint64_t victims{0}; //!< Links of sources whose messages lost it
    };

    std::map<std::string, Root> roots;
    for (const CongestionResult& row : results.congestion)
    {
        Root& root = roots[row.root];
        root.lost += row.stall;
        ++root.victims;
    }
    if (roots.empty())
    {
        return fmt::format("{:<16} nobody: all that shared a link did so at its source\n",
                           "held up");
    }
    std::vector<std::pair<std::string, Root>> order(roots.begin(), roots.end());
    std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
        return a.second.lost > b.second.lost;
    });
    std::map<std::string, const LinkResult*> links;
    for (const LinkResult& link : results.links)
    {
        links[link.name] = &link;
    }
    TextTable table;
    table.AddRow(
        {"held others up", "to", "utilisation", "time lost to it, summed", "sources' links"});
    for (std::size_t i = 0; i < std::min(order.size(), MOST_LINKS); ++i)
    {
        const auto& [name, root] = order[i];
        const auto link = links.find(name);
        const bool isKnown = link != links.end();
        table.AddRow(
            {name,
             isKnown ? link->second->to : UNKNOWN_TEXT,
             isKnown ? FormatShare(results, static_cast<double>(link->second->busy)) : UNKNOWN_TEXT,
             TimeText(root.lost),
             CountText(root.victims)});
    }
    const std::string more = order.size() > MOST_LINKS
                                 ? fmt::format("... and {} more in congestion.csv\n",
                                               CountText(order.size() - MOST_LINKS))
                                 : "";
    return table.Format() + more;
}
