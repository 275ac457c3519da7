/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/cause-log.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

CauseLog::CauseLog(std::size_t most)
    : m_most(most)
{
}

uint32_t
CauseLog::Add(const Cause& cause)
{
    if (m_isGivenUp || GetKept() == m_most)
    {
        m_isGivenUp = true;
        m_causes = {};
        m_holds = {};
        m_free = {};
        return NONE;
    }
    if (m_free.empty())
    {
        m_free.push_back(static_cast<uint32_t>(m_causes.size()));
        m_causes.emplace_back();
        m_holds.push_back(0);
    }
    const uint32_t number = m_free.back();
    m_free.pop_back();
    Hold(cause.before);
    m_causes[number] = cause;
    m_holds[number] = 1;
    return number;
}

void
CauseLog::Drop(uint32_t number)
{
    // In a loop: a chain that nobody holds any more may be long.
    while (number < m_holds.size() && --m_holds[number] == 0)
    {
        m_free.push_back(number);
        number = m_causes[number].before;
    }
}

std::vector<Cause>
CauseLog::Trace(uint32_t number) const
{
    std::vector<Cause> chain;
    for (; number < m_causes.size(); number = m_causes[number].before)
    {
        chain.push_back(m_causes[number]);
    }
    std::reverse(chain.begin(), chain.end());
    return chain;
}

} // namespace mtlink
} // namespace ns3
