/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "switch/switch-ports.h"

#include "ns3/abort.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

void
SwitchPorts::Resize()
{
    m_inputs.resize(std::max<std::size_t>(m_inputs.size(), m_links.GetSize()));
    m_outputs.resize(m_links.GetSize());
}

uint32_t
SwitchPorts::FindKind(const ChipKind& kind)
{
    const auto same = std::find(m_kinds.begin(), m_kinds.end(), kind);
    if (same != m_kinds.end())
    {
        return static_cast<uint32_t>(same - m_kinds.begin());
    }
    NS_ABORT_MSG_IF(m_kinds.size() >> InputPort::KIND_BITS != 0, "too many kinds of switches");
    m_kinds.push_back(kind);
    return static_cast<uint32_t>(m_kinds.size() - 1);
}

uint32_t
SwitchPorts::AddInput()
{
    m_inputs.emplace_back();
    return static_cast<uint32_t>(m_inputs.size() - 1);
}

uint32_t
SwitchPorts::AddQueues(std::size_t queues)
{
    const auto first = static_cast<uint32_t>(m_queues.size());
    m_queues.resize(first + queues);
    return first;
}

void
SwitchPorts::CountAll()
{
    m_counts = true;
    m_queued.resize(m_links.GetLedgers());
}

} // namespace mtlink
} // namespace ns3
