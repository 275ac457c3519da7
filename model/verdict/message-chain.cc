/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "verdict/message-chain.h"

#include <algorithm>
#include <cstddef>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr uint32_t NONE{UINT32_MAX};

/** Messages by destination, in order of their ends. */
class Arrivals
{
  public:
    explicit Arrivals(const std::vector<MessageResult>& messages)
        : m_messages(messages)
    {
        uint32_t endpoints = 0;
        for (const MessageResult& message : messages)
        {
            endpoints = std::max({endpoints, message.src + 1, message.dst + 1});
        }
        m_first.assign(endpoints + 1, 0);
        for (const MessageResult& message : messages)
        {
            m_first[message.dst + 1] += message.end == NEVER ? 0 : 1;
        }
        for (uint32_t i = 0; i < endpoints; ++i)
        {
            m_first[i + 1] += m_first[i];
        }
        m_order.resize(m_first[endpoints]);
        std::vector<uint32_t> next(m_first.begin(), m_first.end());
        for (uint32_t i = 0; i < messages.size(); ++i)
        {
            if (messages[i].end != NEVER)
            {
                m_order[next[messages[i].dst]++] = i;
            }
        }
        m_isSorted.assign(endpoints, false);
    }

    /** @return the last message that an endpoint got by a time; NONE: it had got none. */
    uint32_t FindLast(uint32_t endpoint, Tick by)
    {
        const auto begin = m_order.begin() + m_first[endpoint];
        const auto end = m_order.begin() + m_first[endpoint + 1];
        if (!m_isSorted[endpoint])
        {
            std::stable_sort(begin, end, [this](uint32_t a, uint32_t b) {
                return m_messages[a].end < m_messages[b].end;
            });
            m_isSorted[endpoint] = true;
        }
        const auto after = std::upper_bound(begin, end, by, [this](Tick time, uint32_t message) {
            return time < m_messages[message].end;
        });
        return after == begin ? NONE : *(after - 1);
    }

  private:
    const std::vector<MessageResult>& m_messages; //!< All
    std::vector<uint32_t> m_first;                //!< By endpoint: its first in m_order
    std::vector<uint32_t> m_order;                //!< Indices of messages
    std::vector<bool> m_isSorted;                 //!< By endpoint, as it was asked for
};

/** Add what a message took. */
void
AddMessage(const MessageResult& message, const IdleCosts& costs, VerdictChain& chain)
{
    ++chain.messages;
    Tick left = message.end - message.start;
    const auto take = [&left](Tick most) {
        const Tick taken = std::min(left, std::max<Tick>(most, 0));
        left -= taken;
        return taken;
    };
    if (message.src != message.dst)
    {
        chain.software += take(costs.messageOverhead);
        const Tick latency = costs.latency(message.src, message.dst);
        const uint64_t bytes = std::max<uint64_t>(message.bytes, 1);
        chain.latency += take(latency);
        chain.wire += take(costs.time(message.src, message.dst, bytes) - latency);
    }
    chain.waiting += left;
}

/** Add the time between what an endpoint got and what it then sent. */
void
AddGap(Tick gap, const IdleCosts& costs, VerdictChain& chain)
{
    const Tick software = costs.isGapSoftware && costs.operationOverhead > 0
                              ? gap
                              : std::min(gap, costs.operationOverhead);
    chain.software += software;
    chain.compute += gap - software;
}

} // namespace

VerdictChain
FindChain(const std::vector<MessageResult>& messages, Tick start, Tick end, const IdleCosts& costs)
{
    VerdictChain chain;
    uint32_t at = NONE;
    for (uint32_t i = 0; i < messages.size(); ++i)
    {
        const bool isLater =
            messages[i].end != NEVER && (at == NONE || messages[i].end > messages[at].end);
        at = isLater ? i : at;
    }
    if (at == NONE)
    {
        return chain;
    }
    AddGap(std::max<Tick>(end - messages[at].end, 0), costs, chain);
    Arrivals arrivals(messages);
    while (true)
    {
        const MessageResult& message = messages[at];
        AddMessage(message, costs, chain);
        const uint32_t before = arrivals.FindLast(message.src, message.start);
        // A message of no time could be its own reason.
        const bool isFirst = before == NONE || messages[before].start >= message.start;
        AddGap(message.start - (isFirst ? start : messages[before].end), costs, chain);
        if (isFirst)
        {
            return chain;
        }
        at = before;
    }
}

} // namespace mtlink
} // namespace ns3
