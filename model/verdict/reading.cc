/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "verdict/reading.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return an endpoint's share of the time at which its links were busy. */
double
GetShare(const Reading::Side& side, double time)
{
    return side.rate > 0 ? side.carried / side.rate / time : 0;
}

/** @return a class's part of the fabric as a path of settings: "fabric.network." */
std::string
GetPartPath(const std::string& part)
{
    std::string path = "fabric." + part;
    std::replace(path.begin(), path.end(), '/', '.');
    return path;
}

} // namespace

Reading::Reading(const RunResults& run, const VerdictFacts& known)
    : results(run),
      facts(known)
{
    FindTime();
    for (const SettingResult& setting : run.settings)
    {
        m_settings.emplace(setting.setting, &setting.value);
    }
    AddNodes();
    AddLinks();
    AddRoots();
    AddCollectives();
}

void
Reading::FindTime()
{
    const Tick whole = results.completionTime.value_or(results.simulatedTime);
    m_time = std::max(static_cast<double>(whole), 1.0);
    std::vector<std::pair<Tick, Tick>> spans;
    for (const CollectiveResult& collective : results.collectives)
    {
        if (collective.start == NEVER || collective.end == NEVER)
        {
            return;
        }
        spans.emplace_back(collective.start, collective.end);
    }
    const bool isAll =
        std::all_of(results.messages.begin(),
                    results.messages.end(),
                    [](const MessageResult& message) { return message.collective >= 0; });
    if (spans.empty() || !isAll || results.training || IsOpenLoop())
    {
        return;
    }
    std::sort(spans.begin(), spans.end());
    Tick covered = 0;
    Tick reached = 0;
    for (const auto& [start, end] : spans)
    {
        covered += std::max<Tick>(end - std::max(start, reached), 0);
        reached = std::max(reached, end);
    }
    m_time = covered > 0 ? static_cast<double>(covered) : m_time;
}

double
Reading::GetFilled(const LinkResult& link)
{
    constexpr double SECOND = 1e12; // in ps
    constexpr double CODED = 1.25;  // a line code adds no more than that
    const auto busy = static_cast<double>(link.busy);
    if (link.degraded > 0)
    {
        return busy; // at which rate is not known
    }
    const double bits = 8 * static_cast<double>(link.wireBytes);
    const double wire = link.bitsPerSecond > 0 ? bits / link.bitsPerSecond * SECOND : busy;
    return busy <= CODED * wire ? busy : wire;
}

void
Reading::AddNodes()
{
    for (uint32_t i = 0; i < results.nodes.size() && results.nodes[i].kind == "endpoint"; ++i)
    {
        m_endpoints.emplace(results.nodes[i].name, i);
    }
    m_out.resize(m_endpoints.size());
    m_in.resize(m_endpoints.size());
}

void
Reading::AddLinks()
{
    std::map<std::string_view, Level> levels;
    const auto isBusier = [](const LinkResult& link, const LinkResult* than) {
        return !than || GetFilled(link) > GetFilled(*than);
    };
    for (const LinkResult& link : results.links)
    {
        Level& level = levels[link.cls];
        ++level.links;
        level.used += link.payloadBytes > 0 ? 1 : 0;
        level.filled += GetFilled(link);
        level.payloadBytes += link.payloadBytes;
        level.busiest = isBusier(link, level.busiest) ? &link : level.busiest;
        const double carried = link.bitsPerSecond * GetFilled(link);
        if (const auto from = FindEndpoint(link.from))
        {
            level.touchesEndpoints = true;
            m_out[*from].carried += carried;
            m_out[*from].rate += link.bitsPerSecond;
            const bool isLonger = link.creditStall > 0 &&
                                  (!m_mostStalled || link.creditStall > m_mostStalled->creditStall);
            m_mostStalled = isLonger ? &link : m_mostStalled;
        }
        if (const auto to = FindEndpoint(link.to))
        {
            level.touchesEndpoints = true;
            m_in[*to].carried += carried;
            m_in[*to].rate += link.bitsPerSecond;
        }
        m_busiest = link.busy > 0 && isBusier(link, m_busiest) ? &link : m_busiest;
    }
    for (auto& [cls, level] : levels)
    {
        level.cls = cls;
        m_levels.push_back(std::move(level));
    }
}

void
Reading::AddRoots()
{
    if (results.congestion.empty())
    {
        return;
    }
    std::unordered_map<std::string_view, std::size_t> indexOf;
    for (const CongestionResult& row : results.congestion)
    {
        const auto [entry, isNew] = indexOf.emplace(row.root, m_roots.size());
        if (isNew)
        {
            m_roots.push_back({row.root});
        }
        m_roots[entry->second].lost += static_cast<double>(row.stall);
        m_lost += static_cast<double>(row.stall);
    }
    std::unordered_map<std::string_view, double> sources; // rate by link of an endpoint
    for (const LinkResult& link : results.links)
    {
        if (const auto found = indexOf.find(link.name); found != indexOf.end())
        {
            m_roots[found->second].link = &link;
        }
        if (link.creditStall > 0 && FindEndpoint(link.from))
        {
            sources.emplace(link.name, link.bitsPerSecond);
        }
    }
    for (const CongestionResult& row : results.congestion)
    {
        Root& root = m_roots[indexOf[row.root]];
        const auto stall = static_cast<double>(row.stall);
        const auto source = sources.find(row.victim);
        if (source != sources.end() && root.link && root.link->bitsPerSecond > 0)
        {
            root.lostAtSources += stall * source->second / root.link->bitsPerSecond;
        }
        root.lostToItself += row.victim == row.root ? stall : 0;
    }
    // What a link waited for by itself, as a buffer is shorter than its credit loop, held up
    // nobody.
    std::stable_sort(m_roots.begin(), m_roots.end(), [](const Root& a, const Root& b) {
        return a.lost - a.lostToItself > b.lost - b.lostToItself;
    });
}

void
Reading::AddCollectives()
{
    double bound = 0;
    bool isKnown = !results.collectives.empty() && results.complete && !results.training;
    for (const CollectiveResult& collective : results.collectives)
    {
        if (collective.end == NEVER || collective.start == NEVER)
        {
            return;
        }
        m_taken += static_cast<double>(collective.end - collective.start);
        bound += static_cast<double>(collective.bound);
        isKnown = isKnown && collective.bound > 0;
    }
    // What is sent besides has no bound.
    isKnown = isKnown && m_taken > 0 &&
              (results.messagesOneIn > 1 ||
               std::all_of(results.messages.begin(),
                           results.messages.end(),
                           [](const MessageResult& message) { return message.collective >= 0; }));
    if (isKnown)
    {
        m_loss = std::max(0.0, 1 - bound / m_taken);
    }
}

const Reading::Level&
Reading::GetLevel(const LinkResult& link) const
{
    return *std::lower_bound(
        m_levels.begin(),
        m_levels.end(),
        link.cls,
        [](const Level& level, const std::string& cls) { return level.cls < cls; });
}

double
Reading::GetUsedMean(const Level& level) const
{
    return level.used == 0 ? 0 : level.filled / static_cast<double>(level.used) / m_time;
}

std::optional<uint32_t>
Reading::FindEndpoint(const std::string& node) const
{
    const auto found = m_endpoints.find(node);
    return found == m_endpoints.end() ? std::nullopt : std::optional(found->second);
}

double
Reading::GetSent(const std::string& node) const
{
    return GetShare(m_out[*FindEndpoint(node)], m_time);
}

double
Reading::GetReceived(const std::string& node) const
{
    return GetShare(m_in[*FindEndpoint(node)], m_time);
}

std::string
Reading::DescribeFlow(uint32_t src, uint32_t dst) const
{
    const auto name = [this](uint32_t endpoint) {
        return endpoint < results.nodes.size() ? results.nodes[endpoint].name
                                               : std::to_string(endpoint);
    };
    return name(src) + " to " + name(dst);
}

std::optional<std::string>
Reading::FindSetting(const std::string& name) const
{
    const auto found = m_settings.find(name);
    return found == m_settings.end() ? std::nullopt : std::optional(*found->second);
}

std::string
Reading::FindPartSetting(const std::string& cls, const std::string& key) const
{
    for (std::string part = cls; !part.empty();)
    {
        const std::size_t slash = part.rfind('/', part.size() - 2);
        part = slash == std::string::npos ? "" : part.substr(0, slash + 1);
        std::string path = GetPartPath(part) + key;
        if (m_settings.contains(path))
        {
            return path;
        }
    }
    return "";
}

std::string
Reading::FindRate(const std::string& cls) const
{
    const std::string own = cls.substr(cls.rfind('/') + 1);
    const std::string rate = FindPartSetting(cls, "links." + own + ".rate");
    return rate.empty() ? FindPartSetting(cls, "link.rate") : rate;
}

std::string
Reading::GetCaution() const
{
    if (results.mode == "packet")
    {
        return "";
    }
    return results.mode == "bound" ? " (mode bound: as if every message were alone)"
           : results.fidelity[static_cast<std::size_t>(Fidelity::APPROXIMATE)] > 0
               ? " (mode flow, approximate)"
               : " (mode flow)";
}

} // namespace mtlink
} // namespace ns3
