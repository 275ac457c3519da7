/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/report-root-data.h"

#include "measure/result-tables.h"
#include "measure/root-flows.h"
#include "report/report-numbers.h"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr size_t MOST_FLOWS{200}; //!< And victims, and faults
constexpr double STEPS{10000};    //!< Of a share

/** Where nodes are in the picture. */
class Places
{
  public:
    Places(const RunResults& results,
           const FabricLayout& layout,
           const std::vector<uint32_t>& nodes)
        : m_layout(layout),
          m_place(results.nodes.size(), NOWHERE)
    {
        for (size_t i = 0; i < nodes.size(); ++i)
        {
            m_place[nodes[i]] = static_cast<int64_t>(i);
        }
        for (uint32_t i = 0; i < results.nodes.size(); ++i)
        {
            m_indexOf.emplace(results.nodes[i].name, i);
        }
    }

    /** @return index of a node; nothing: it is not described. */
    std::optional<uint32_t> Find(const std::string& node) const
    {
        const auto found = m_indexOf.find(node);
        return found == m_indexOf.end() ? std::nullopt : std::optional(found->second);
    }

    /** Write a place; null: no such node. */
    void Write(std::optional<uint32_t> node, JsonWriter& json) const
    {
        if (!node || *node >= m_place.size())
        {
            json.Null();
            return;
        }
        const int64_t place = m_place[*node];
        json.Integer(place == NOWHERE ? -1 - static_cast<int64_t>(m_layout.groupOf[*node]) : place);
    }

  private:
    static constexpr int64_t NOWHERE{-1};

    const FabricLayout& m_layout;                        //!< The layout
    std::vector<int64_t> m_place;                        //!< By node
    std::unordered_map<std::string, uint32_t> m_indexOf; //!< By name
};

/** Write flows; @tparam Flows Of pairs. */
template <typename Flows, typename Ends>
void
WriteFlows(const Flows& flows, Ends ends, const Places& places, JsonWriter& json)
{
    json.BeginArray();
    size_t count = 0;
    for (const auto& flow : flows)
    {
        if (++count > MOST_FLOWS)
        {
            break;
        }
        const auto [src, dst] = ends(flow);
        json.BeginArray();
        places.Write(src, json);
        places.Write(dst, json);
        json.EndArray();
    }
    json.EndArray();
}

/** Write the root; null: there is none. */
void
WriteRoot(const RunResults& results, const Places& places, JsonWriter& json)
{
    const auto& links = results.links;
    const auto link = !results.verdict || !results.verdict->root
                          ? links.end()
                          : std::find_if(links.begin(), links.end(), [&](const LinkResult& one) {
                                return one.name == results.verdict->root->port;
                            });
    if (link == links.end())
    {
        json.Null();
        return;
    }
    const auto to = places.Find(link->to);
    const bool isEnd = to && results.nodes[*to].kind == "endpoint";
    const auto flows = FindRootFlows(results, *link, isEnd ? to : std::nullopt);
    const auto victims = FindVictimFlows(results, link->name);
    json.BeginObject();
    json.Key("name");
    json.String(link->name);
    json.Key("to");
    json.String(link->to);
    json.Key("from_place");
    places.Write(places.Find(link->from), json);
    json.Key("to_place");
    places.Write(to, json);
    json.Key("flows_all");
    json.Unsigned(flows.size());
    json.Key("flows");
    WriteFlows(
        flows,
        [](const auto& flow) { return flow; },
        places,
        json);
    json.Key("victims_all");
    json.Unsigned(victims.size());
    json.Key("victims");
    WriteFlows(
        victims,
        [](const VictimFlow& victim) { return std::pair(victim.src, victim.dst); },
        places,
        json);
    json.EndObject();
}

} // namespace

void
WriteRootData(const RunResults& results,
              const FabricLayout& layout,
              const std::vector<uint32_t>& nodes,
              JsonWriter& json)
{
    const Places places(results, layout, nodes);
    json.BeginObject();
    json.Key("root");
    WriteRoot(results, places, json);
    json.Key("faults");
    json.BeginArray();
    const auto time = static_cast<double>(GetObservedTime(results));
    size_t faults = 0;
    for (const LinkResult& link : results.links)
    {
        const bool isFaulty = link.down > 0 || link.degraded > 0;
        if (!isFaulty || ++faults > MOST_FLOWS)
        {
            continue;
        }
        json.BeginArray();
        json.String(link.name);
        places.Write(places.Find(link.from), json);
        places.Write(places.Find(link.to), json);
        json.Integer(InSteps(std::min(static_cast<double>(link.down) / time, 1.0), STEPS));
        json.Integer(InSteps(std::min(static_cast<double>(link.degraded) / time, 1.0), STEPS));
        json.EndArray();
    }
    json.EndArray();
    json.Key("faults_all");
    json.Unsigned(faults);
    json.EndObject();
}

} // namespace mtlink
} // namespace ns3
