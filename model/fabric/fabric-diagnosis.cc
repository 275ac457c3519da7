/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "fabric/fabric-diagnosis.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace ns3
{
namespace mtlink
{

std::vector<std::string>
FabricDiagnosis::GetDownLinks(std::size_t most) const
{
    std::vector<std::string> names;
    for (uint32_t link = 0; link < m_parts.links.GetSize() && names.size() < most; ++link)
    {
        // A cable that is down both ways is named once.
        const uint32_t reverse = Topology::Reverse(link);
        const bool isNamed = reverse < link && m_parts.links.IsDown(reverse);
        if (m_parts.links.IsDown(link) && !isNamed)
        {
            names.push_back(m_parts.topology.GetLinkName(link));
        }
    }
    return names;
}

std::vector<std::string>
FabricDiagnosis::GetLossyLinks(std::size_t most) const
{
    std::vector<std::pair<uint64_t, uint32_t>> lossy;
    for (uint32_t link = 0; link < m_parts.links.GetSize(); ++link)
    {
        lossy.emplace_back(m_parts.links.GetOutageCounters(link).lost, link);
    }
    std::stable_sort(lossy.begin(), lossy.end(), [](const auto& a, const auto& b) {
        return a.first > b.first;
    });
    std::vector<std::string> names;
    for (const auto& [lost, link] : lossy)
    {
        if (lost > 0 && names.size() < most)
        {
            names.push_back(m_parts.topology.GetLinkName(link) + " (" + std::to_string(lost) +
                            " packets)");
        }
    }
    return names;
}

std::string
FabricDiagnosis::CheckConservation() const
{
    const Links& links = m_parts.links;
    for (uint32_t link = 0; link < links.GetSize(); ++link)
    {
        for (uint32_t vc = 0; vc < links.GetSpec(link).vcs; ++vc)
        {
            if (!links.IsConserved(link, vc))
            {
                return "link " + m_parts.topology.GetLinkName(link) + ", VC " + std::to_string(vc) +
                       ": credits in use, returning and available do not add up to the buffer";
            }
        }
    }
    if (!links.ArePoolsConserved())
    {
        return "a switch's shared buffer: free, in use and returning do not add up";
    }
    if (!m_parts.switches.AreMemoriesConserved())
    {
        return "a switch's shared memory: free and in use do not add up";
    }
    return {};
}

std::vector<std::string>
FabricDiagnosis::GetWaiting(std::size_t most) const
{
    const Topology& topology = m_parts.topology;
    std::vector<std::string> waiting;
    for (const Switches::Waiting& row : m_parts.switches.GetWaiting(most))
    {
        waiting.push_back("port " + topology.GetLinkName(row.link) + ": " +
                          std::to_string(row.queues) + " input queue(s) wait for VC " +
                          std::to_string(row.vc) +
                          (row.noCredit ? ", which has no credit" : ", which has credit"));
    }
    for (const auto& [from, to] : m_parts.endpoints.GetWaiting(most - waiting.size()))
    {
        waiting.push_back("endpoint " + topology.GetName(from) + ": data for " +
                          topology.GetName(to) + " can't leave");
    }
    return waiting;
}

} // namespace mtlink
} // namespace ns3
