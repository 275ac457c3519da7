/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "design/design-numbers.h"
#include "design/network-designs.h"
#include "design/network-size.h"
#include "report/human-text.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <functional>
#include <numeric>

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return most ports down of a switch that is not at the top. */
uint32_t
GetMostDown(uint32_t ports, double taper)
{
    const auto up = static_cast<uint32_t>(std::floor(ports / (1 + taper)));
    return up == 0 ? 0 : std::min(static_cast<uint32_t>(std::floor(taper * up + 1e-9)), ports - up);
}

/** @return what goes up of so many ports down. */
uint32_t
GetUp(uint32_t down, double taper)
{
    return static_cast<uint32_t>(std::ceil(down / taper - 1e-9));
}

/** Builds trees of one number of levels and one taper, level by level. */
class TreeLister
{
  public:
    TreeLister(const NetworkWish& wish,
               uint32_t levels,
               const std::vector<double>& taper,
               NetworkList& list)
        : m_wish(wish),
          m_levels(levels),
          m_taper(taper),
          m_list(list)
    {
    }

    void List()
    {
        const uint32_t most = GetMostDown(m_wish.ports, GetTaper(0));
        if (most == 0)
        {
            Refuse("a leaf has no port up: a smaller taper would do");
            return;
        }
        const uint64_t leaves = DivideUp(m_wish.endpoints, most);
        const auto down = static_cast<uint32_t>(DivideUp(m_wish.endpoints, leaves));
        m_down = {down};
        m_up = {1};
        m_parallel = {1};
        const std::size_t before = m_list.networks.size();
        Continue(leaves, GetUp(down, GetTaper(0)));
        if (m_list.networks.size() == before)
        {
            Refuse(fmt::format("{} endpoints fit fewer levels, or more than the {} that so many "
                               "levels attach at most",
                               CountText(m_wish.endpoints),
                               CountText(GetMost())));
        }
    }

  private:
    double GetTaper(std::size_t level) const
    {
        return level < m_taper.size() ? m_taper[level] : 1;
    }

    /** @return the most endpoints of a tree of so many levels. */
    uint64_t GetMost() const
    {
        uint64_t most = m_wish.ports;
        for (uint32_t l = 0; l + 1 < m_levels; ++l)
        {
            most *= GetMostDown(m_wish.ports, GetTaper(l));
        }
        return most;
    }

    void Refuse(const std::string& reason)
    {
        m_list.refusals.push_back(
            {"fat_tree",
             fmt::format("{} levels, taper {}", m_levels, WriteTaper(m_taper)),
             reason});
    }

    /** Put the next level over `children` subtrees, from whose switches `up` links come each. */
    void Continue(uint64_t children, uint32_t up)
    {
        if (children < 2)
        {
            return; // fewer levels would do
        }
        if (m_down.size() + 1 == m_levels)
        {
            Finish(children, up);
            return;
        }
        const double taper = GetTaper(m_down.size());
        const uint32_t most = GetMostDown(m_wish.ports, taper);
        for (uint32_t parallel = 1; parallel <= up; ++parallel)
        {
            if (up % parallel != 0 || most / parallel < 2)
            {
                continue;
            }
            const uint64_t pods = DivideUp(children, most / parallel);
            const auto down = static_cast<uint32_t>(DivideUp(children, pods));
            Push(down, up / parallel, parallel);
            Continue(pods, GetUp(down * parallel, taper));
            Pop();
        }
    }

    /** Put the top over `children` subtrees; what goes up of each is as parallel as can be. */
    void Finish(uint64_t children, uint32_t up)
    {
        uint32_t parallel = up;
        while (parallel > 0 && (up % parallel != 0 || children * parallel > m_wish.ports))
        {
            --parallel;
        }
        if (parallel == 0)
        {
            return;
        }
        Push(static_cast<uint32_t>(children), up / parallel, parallel);
        Network network;
        network.kind = "fat_tree";
        network.endpoints = m_wish.endpoints;
        network.taper = std::accumulate(m_taper.begin(), m_taper.end(), 1.0, std::multiplies<>());
        network.keys = {{"down", WriteCountList(m_down)},
                        {"up", WriteCountList(m_up)},
                        {"parallel", WriteCountList(m_parallel)}};
        network.size = CountFatTree(m_wish.endpoints, m_down, m_up, m_parallel);
        m_list.Add(std::move(network));
        Pop();
    }

    void Push(uint32_t down, uint32_t up, uint32_t parallel)
    {
        m_down.push_back(down);
        m_up.push_back(up);
        m_parallel.push_back(parallel);
    }

    void Pop()
    {
        m_down.pop_back();
        m_up.pop_back();
        m_parallel.pop_back();
    }

    const NetworkWish& m_wish;
    uint32_t m_levels;                  //!< Of switches
    const std::vector<double>& m_taper; //!< By level
    NetworkList& m_list;
    std::vector<uint32_t> m_down;     //!< As far as the tree is by now
    std::vector<uint32_t> m_up;       //!< Likewise
    std::vector<uint32_t> m_parallel; //!< Likewise
};

} // namespace

void
ListSingleSwitches(const NetworkWish& wish, NetworkList& list)
{
    if (wish.endpoints > wish.ports)
    {
        list.refusals.push_back({"single_switch",
                                 "one chip",
                                 fmt::format("{} endpoints, but a chip has {} ports",
                                             CountText(wish.endpoints),
                                             wish.ports)});
        return;
    }
    Network network;
    network.kind = "single_switch";
    network.endpoints = wish.endpoints;
    network.keys = {{"endpoints", std::to_string(wish.endpoints)}};
    network.size = CountSingleSwitch(wish.endpoints);
    list.Add(std::move(network));
}

void
ListFatTrees(const NetworkWish& wish, NetworkList& list)
{
    for (const uint32_t levels : wish.levels)
    {
        for (const std::vector<double>& taper : wish.tapers)
        {
            if (taper.size() >= levels)
            {
                list.refusals.push_back(
                    {"fat_tree",
                     fmt::format("{} levels, taper {}", levels, WriteTaper(taper)),
                     "the top level has no links up to taper"});
                continue;
            }
            TreeLister(wish, levels, taper, list).List();
        }
    }
}

} // namespace mtlink
} // namespace ns3
