/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/fabric-layout.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <set>
#include <unordered_map>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr size_t MOST_GROUPS{64}; //!< Of one kind, endpoints' or switches'
constexpr uint32_t NONE{UINT32_MAX};

/** The graph behind links.csv. */
struct Graph
{
    std::vector<std::vector<uint32_t>> neighbours;          //!< By node
    std::vector<std::pair<uint32_t, uint32_t>> endsOfLinks; //!< By link; NONE: not in nodes.csv
};

/** @param [in] results A run. @return its graph. */
Graph
MakeGraph(const RunResults& results)
{
    std::unordered_map<std::string, uint32_t> nodeOf;
    for (uint32_t i = 0; i < results.nodes.size(); ++i)
    {
        nodeOf.emplace(results.nodes[i].name, i);
    }
    const auto find = [&](const std::string& name) {
        const auto node = nodeOf.find(name);
        return node == nodeOf.end() ? NONE : node->second;
    };
    Graph graph;
    graph.neighbours.resize(results.nodes.size());
    for (const auto& link : results.links)
    {
        graph.endsOfLinks.emplace_back(find(link.from), find(link.to));
        const auto [from, to] = graph.endsOfLinks.back();
        if (from != NONE && to != NONE)
        {
            graph.neighbours[from].push_back(to);
            graph.neighbours[to].push_back(from);
        }
    }
    return graph;
}

/** @param [in] node A node. @return whether it is an endpoint. */
bool
IsEndpoint(const NodeResult& node)
{
    return node.kind == "endpoint";
}

/** Breadth first from all endpoints; @return levels by node. */
std::vector<uint32_t>
FindLevels(const RunResults& results, const Graph& graph)
{
    std::vector<uint32_t> levels(results.nodes.size(), NONE);
    std::vector<uint32_t> queue;
    for (uint32_t i = 0; i < results.nodes.size(); ++i)
    {
        if (IsEndpoint(results.nodes[i]))
        {
            levels[i] = 0;
            queue.push_back(i);
        }
    }
    for (size_t at = 0; at < queue.size(); ++at)
    {
        for (const uint32_t next : graph.neighbours[queue[at]])
        {
            if (levels[next] == NONE)
            {
                levels[next] = levels[queue[at]] + 1;
                queue.push_back(next);
            }
        }
    }
    std::replace(levels.begin(), levels.end(), NONE, 1U);
    return levels;
}

/** @param [in] name "group3/switch0". @return what stands before its last "/", or nothing. */
std::string
GetPrefix(const std::string& name)
{
    const size_t slash = name.rfind('/');
    return slash == std::string::npos ? "" : name.substr(0, slash);
}

/** @param [in] name "leaf12", "switch0-3". @return its letters, "leaf". */
std::string
GetStem(const std::string& name)
{
    return name.substr(0, name.find_first_of("0123456789"));
}

/** Gives switches without a path the names of their groups. */
class SwitchGroups
{
  public:
    /**
     * @param [in] results A run.
     * @param [in] graph Its graph.
     * @param [in] levels By node.
     */
    SwitchGroups(const RunResults& results, const Graph& graph, const std::vector<uint32_t>& levels)
        : m_results(results),
          m_levels(levels),
          m_top(levels.empty() ? 0 : *std::max_element(levels.begin(), levels.end())),
          m_pod(results.nodes.size(), NONE)
    {
        // What hangs together below the topmost level is a pod.
        uint32_t pods = 0;
        for (uint32_t first = 0; first < results.nodes.size(); ++first)
        {
            if (!IsInPod(first) || m_pod[first] != NONE)
            {
                continue;
            }
            std::vector<uint32_t> stack{first};
            m_pod[first] = pods;
            while (!stack.empty())
            {
                const uint32_t node = stack.back();
                stack.pop_back();
                for (const uint32_t next : graph.neighbours[node])
                {
                    if (IsInPod(next) && m_pod[next] == NONE)
                    {
                        m_pod[next] = pods;
                        stack.push_back(next);
                    }
                }
            }
            ++pods;
        }
    }

    /** @param [in] node A switch. @return the name of its group. */
    std::string GetName(uint32_t node) const
    {
        const std::string& name = m_results.nodes[node].name;
        if (const auto prefix = GetPrefix(name); !prefix.empty())
        {
            return prefix;
        }
        if (m_pod[node] != NONE)
        {
            return fmt::format("pod{}", m_pod[node]);
        }
        // A grid's switches are named by their coordinates: the last one makes the group.
        const size_t last = name.rfind('-');
        return last == std::string::npos
                   ? GetStem(name)
                   : fmt::format("{} *-{}", GetStem(name), name.substr(last + 1));
    }

  private:
    /** @param [in] node A node. @return whether it belongs to a pod. */
    bool IsInPod(uint32_t node) const
    {
        return !IsEndpoint(m_results.nodes[node]) && m_top > 1 && m_levels[node] < m_top &&
               GetPrefix(m_results.nodes[node].name).empty();
    }

    const RunResults& m_results;           //!< The run
    const std::vector<uint32_t>& m_levels; //!< By node
    uint32_t m_top;                        //!< Topmost level
    std::vector<uint32_t> m_pod;           //!< By node
};

/** Make neighbours share a group where there are too many of a kind; @param [in,out] layout Which.
 */
void
MergeGroups(const RunResults& results, FabricLayout& layout)
{
    std::vector<bool> hasSwitch(layout.groups.size());
    for (size_t node = 0; node < results.nodes.size(); ++node)
    {
        if (!IsEndpoint(results.nodes[node]))
        {
            hasSwitch[layout.groupOf[node]] = true;
        }
    }
    std::vector<uint32_t> mergedInto(layout.groups.size());
    std::vector<std::string> names;
    std::array<std::vector<uint32_t>, 2> kinds;
    for (uint32_t group = 0; group < layout.groups.size(); ++group)
    {
        kinds.at(hasSwitch[group]).push_back(group);
    }
    for (const auto& members : kinds)
    {
        const size_t perGroup = (members.size() + MOST_GROUPS - 1) / MOST_GROUPS;
        for (size_t i = 0; i < members.size(); ++i)
        {
            if (i % perGroup == 0)
            {
                const auto& first = layout.groups[members[i]];
                const size_t last = std::min(i + perGroup, members.size()) - 1;
                names.push_back(last == i ? first
                                          : first + "\u2013" + layout.groups[members[last]]);
            }
            mergedInto[members[i]] = static_cast<uint32_t>(names.size()) - 1;
        }
    }
    layout.groups = std::move(names);
    for (auto& group : layout.groupOf)
    {
        group = mergedInto[group];
    }
}

/**
 * Take the layout from the nodes: few of the links are there.
 * @param [in] results A run whose links are by level.
 * @param [in,out] layout Gets it.
 */
void
ReadLayout(const RunResults& results, FabricLayout& layout)
{
    std::unordered_map<std::string, uint32_t> numbers;
    for (const auto& node : results.nodes)
    {
        const auto [number, isNew] =
            numbers.try_emplace(node.group, static_cast<uint32_t>(layout.groups.size()));
        if (isNew)
        {
            layout.groups.push_back(node.group);
        }
        layout.groupOf.push_back(number->second);
        layout.levels.push_back(node.level);
    }
}

} // namespace

FabricLayout
LayOutFabric(const RunResults& results)
{
    const Graph graph = MakeGraph(results);
    FabricLayout layout;
    layout.endsOfLinks = graph.endsOfLinks;
    if (!results.linkLevels.empty())
    {
        ReadLayout(results, layout);
        return layout;
    }
    layout.levels = FindLevels(results, graph);
    const SwitchGroups switches(results, graph, layout.levels);
    const auto endpoints = std::count_if(results.nodes.begin(), results.nodes.end(), IsEndpoint);
    std::map<std::string, std::ptrdiff_t> partSizes;
    for (const auto& node : results.nodes)
    {
        partSizes[node.part] += IsEndpoint(node);
    }

    std::unordered_map<std::string, uint32_t> numbers;
    for (uint32_t i = 0; i < results.nodes.size(); ++i)
    {
        const auto& node = results.nodes[i];
        std::string name = "endpoints";
        if (!IsEndpoint(node))
        {
            name = switches.GetName(i);
        }
        else if (!node.part.empty() && partSizes[node.part] < endpoints)
        {
            name = GetPrefix(node.part);
        }
        else
        {
            std::set<std::string> around;
            for (const uint32_t next : graph.neighbours[i])
            {
                if (!IsEndpoint(results.nodes[next]))
                {
                    around.insert(switches.GetName(next));
                }
            }
            name = around.size() == 1 ? *around.begin() : name;
        }
        const auto [number, isNew] =
            numbers.try_emplace(name, static_cast<uint32_t>(layout.groups.size()));
        if (isNew)
        {
            layout.groups.push_back(name);
        }
        layout.groupOf.push_back(number->second);
    }
    MergeGroups(results, layout);
    return layout;
}

} // namespace mtlink
} // namespace ns3
