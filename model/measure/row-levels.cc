/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/row-levels.h"

#include "measure/fabric-layout.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr uint32_t NONE{UINT32_MAX};

/**
 * Choose the first of an order.
 * @tparam Key Callable.
 * @param [in] count Number of things.
 * @param [in] key What to order by, greatest first; equal ones in order.
 * @param [in,out] isChosen By thing: gets true for WORST_ROWS of those that are not yet.
 */
template <typename Key>
void
ChooseWorst(size_t count, Key key, std::vector<bool>& isChosen)
{
    std::vector<uint32_t> order(count);
    std::iota(order.begin(), order.end(), 0);
    std::erase_if(order, [&isChosen](uint32_t i) { return isChosen[i]; });
    const size_t most = std::min(order.size(), WORST_ROWS);
    std::partial_sort(order.begin(),
                      order.begin() + static_cast<std::ptrdiff_t>(most),
                      order.end(),
                      [&key](uint32_t a, uint32_t b) {
                          const auto left = key(a);
                          const auto right = key(b);
                          return left != right ? left > right : a < b;
                      });
    for (size_t i = 0; i < most; ++i)
    {
        isChosen[order[i]] = true;
    }
}

/** Adds links up. */
void
AddLink(const LinkResult& link, LinkLevelResult& level)
{
    const auto least = [&level](auto& value, auto other) {
        value = level.links == 0 ? other : std::min(value, other);
    };
    least(level.leastPayloadBytes, link.payloadBytes);
    least(level.leastBusy, link.busy);
    least(level.leastCreditStall, link.creditStall);
    ++level.links;
    level.bitsPerSecond += link.bitsPerSecond;
    level.packets += link.packets;
    level.payloadBytes += link.payloadBytes;
    level.mostPayloadBytes = std::max(level.mostPayloadBytes, link.payloadBytes);
    level.wireBytes += link.wireBytes;
    level.busy += link.busy;
    level.mostBusy = std::max(level.mostBusy, link.busy);
    level.creditStall += link.creditStall;
    level.mostCreditStall = std::max(level.mostCreditStall, link.creditStall);
    level.retries += link.retries;
    level.errors += link.errors;
    level.replayFull += link.replayFull;
    level.down += link.down;
    level.degraded += link.degraded;
    level.packetsLost += link.packetsLost;
}

/** Adds queues up; the mean is a sum until all are there. */
void
AddQueue(const QueueResult& queue, QueueLevelResult& level)
{
    level.leastMeanFlits =
        level.queues == 0 ? queue.meanFlits : std::min(level.leastMeanFlits, queue.meanFlits);
    ++level.queues;
    level.depthFlits = std::max(level.depthFlits, queue.depthFlits);
    level.meanFlits += queue.meanFlits;
    level.mostMeanFlits = std::max(level.mostMeanFlits, queue.meanFlits);
    level.mostP99Flits = std::max(level.mostP99Flits, queue.p99Flits);
    level.maxFlits = std::max(level.maxFlits, queue.maxFlits);
}

/** Folds one run. */
class Folder
{
  public:
    /** @param [in] results The run. */
    explicit Folder(const RunResults& results)
        : m_results(results),
          m_layout(LayOutFabric(results))
    {
        m_folded.simulatedTime = results.simulatedTime;
        m_folded.completionTime = results.completionTime;
        m_folded.sampleInterval = results.sampleInterval;
        m_folded.nodes = results.nodes;
        m_folded.links = results.links;
        m_folded.queues = results.queues;
        m_folded.samples = results.samples;
    }

    /** Sum links up by level, and keep the worst. */
    void FoldLinks()
    {
        const auto& links = m_results.links;
        std::map<std::tuple<uint32_t, uint32_t, std::string>, LinkLevelResult> levels;
        for (size_t i = 0; i < links.size(); ++i)
        {
            const auto [from, to] = m_layout.endsOfLinks[i];
            auto& level = levels[{GetGroup(from), GetGroup(to), links[i].cls}];
            level.from = GetGroupName(from);
            level.to = GetGroupName(to);
            level.cls = links[i].cls;
            AddLink(links[i], level);
        }
        for (auto& [key, level] : levels)
        {
            m_folded.linkLevels.push_back(std::move(level));
        }
        for (size_t i = 0; i < m_folded.nodes.size(); ++i)
        {
            m_folded.nodes[i].level = m_layout.levels[i];
            m_folded.nodes[i].group = m_layout.groups[m_layout.groupOf[i]];
        }
        KeepLinks(ChooseLinks());
    }

    /** Sum queues up by level, and keep the fullest. */
    void FoldQueues()
    {
        std::unordered_map<std::string, uint32_t> nodeOf;
        for (uint32_t i = 0; i < m_results.nodes.size(); ++i)
        {
            nodeOf.emplace(m_results.nodes[i].name, i);
        }
        std::unordered_map<std::string, const std::string*> classOf;
        for (const auto& link : m_results.links)
        {
            classOf.emplace(link.name, &link.cls);
        }
        const auto& queues = m_results.queues;
        std::map<std::tuple<uint32_t, std::string, uint32_t>, QueueLevelResult> levels;
        for (const auto& queue : queues)
        {
            const auto node = nodeOf.find(queue.node);
            const uint32_t at = node == nodeOf.end() ? NONE : node->second;
            const auto found = classOf.find(queue.link);
            const std::string& cls = found == classOf.end() ? queue.link : *found->second;
            auto& level = levels[{GetGroup(at), cls, queue.vc}];
            level.node = GetGroupName(at);
            level.cls = cls;
            level.vc = queue.vc;
            AddQueue(queue, level);
        }
        for (auto& [key, level] : levels)
        {
            level.meanFlits /= static_cast<double>(level.queues);
            m_folded.queueLevels.push_back(std::move(level));
        }
        std::vector<bool> isChosen(queues.size());
        ChooseWorst(
            queues.size(),
            [&queues](uint32_t i) { return std::pair(queues[i].meanFlits, queues[i].maxFlits); },
            isChosen);
        ChooseWorst(
            queues.size(),
            [&queues](uint32_t i) { return std::pair(queues[i].maxFlits, queues[i].meanFlits); },
            isChosen);
        m_folded.queues.clear();
        for (size_t i = 0; i < queues.size(); ++i)
        {
            if (isChosen[i])
            {
                m_folded.queues.push_back(queues[i]);
            }
        }
    }

    /** @return what is left. */
    RunResults Take()
    {
        return std::move(m_folded);
    }

  private:
    /** @param [in] node A node, or NONE. @return its group. */
    uint32_t GetGroup(uint32_t node) const
    {
        return node == NONE ? NONE : m_layout.groupOf[node];
    }

    /** @param [in] node A node, or NONE. @return the name of its group. */
    std::string GetGroupName(uint32_t node) const
    {
        return node == NONE ? "" : m_layout.groups[m_layout.groupOf[node]];
    }

    /** @return by link: whether it is among the worst. */
    std::vector<bool> ChooseLinks() const
    {
        const auto& links = m_results.links;
        std::vector<bool> isChosen(links.size());
        ChooseWorst(
            links.size(),
            [&links](uint32_t i) { return std::pair(links[i].creditStall, links[i].busy); },
            isChosen);
        ChooseWorst(
            links.size(),
            [&links](uint32_t i) { return std::pair(links[i].busy, links[i].creditStall); },
            isChosen);
        std::unordered_map<std::string, uint32_t> linkOf;
        for (uint32_t i = 0; i < links.size(); ++i)
        {
            linkOf.emplace(links[i].name, i);
        }
        for (size_t i = 0; i < std::min(m_results.congestion.size(), WORST_ROWS); ++i)
        {
            if (const auto root = linkOf.find(m_results.congestion[i].root); root != linkOf.end())
            {
                isChosen[root->second] = true;
            }
        }
        return isChosen;
    }

    /** Leave out links and their samples; @param [in] isChosen By link: whether it stays. */
    void KeepLinks(const std::vector<bool>& isChosen)
    {
        std::vector<uint32_t> indexOf(isChosen.size(), NONE);
        m_folded.links.clear();
        for (size_t i = 0; i < isChosen.size(); ++i)
        {
            if (isChosen[i])
            {
                indexOf[i] = static_cast<uint32_t>(m_folded.links.size());
                m_folded.links.push_back(m_results.links[i]);
            }
        }
        std::erase_if(m_folded.samples, [&indexOf](const SampleResult& sample) {
            return indexOf[sample.link] == NONE;
        });
        for (auto& sample : m_folded.samples)
        {
            sample.link = indexOf[sample.link];
        }
    }

    const RunResults& m_results; //!< The run
    FabricLayout m_layout;       //!< Groups of its nodes
    RunResults m_folded;         //!< What is left
};

} // namespace

std::optional<RunResults>
FoldRows(const RunResults& results, const RowLimits& limits)
{
    const bool areLinksFolded = results.links.size() > limits.links;
    const bool areQueuesFolded = results.queues.size() > limits.queues;
    if (!areLinksFolded && !areQueuesFolded)
    {
        return std::nullopt;
    }
    Folder folder(results);
    if (areLinksFolded)
    {
        folder.FoldLinks();
    }
    if (areQueuesFolded)
    {
        folder.FoldQueues();
    }
    return folder.Take();
}

} // namespace mtlink
} // namespace ns3
