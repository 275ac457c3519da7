/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_LINK_LOG_H
#define MTLINK_LINK_LOG_H

#include "link/link-state.h"

#include "ns3/mtlink-results.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Times at which links waited for credit or were not up, one by one, for a timeline. Kept only
 * where somebody asks for it; beyond MOST they are counted, not kept.
 */
class LinkLog
{
  public:
    static constexpr std::size_t MOST = 1'000'000; //!< Spans that are kept

    /**
     * A link waited for credit.
     * @param [in] link The link.
     * @param [in] begin From, ps.
     * @param [in] end To, ps.
     */
    void AddStall(uint32_t link, Tick begin, Tick end)
    {
        Add({link, LinkSpanResult::STALL, 0, begin, end});
    }

    /**
     * A link was in a state; nothing is kept of one that is up with all lanes.
     * @param [in] link The link.
     * @param [in] state The state.
     * @param [in] begin From, ps.
     * @param [in] end To, ps.
     */
    void AddState(uint32_t link, const LinkState& state, Tick begin, Tick end)
    {
        if (state.isDown)
        {
            Add({link, LinkSpanResult::DOWN, 0, begin, end});
        }
        else if (state.lanes != 0)
        {
            Add({link, LinkSpanResult::DEGRADED, state.lanes, begin, end});
        }
    }

    /** @return what was kept, in order of their ends. */
    const std::vector<LinkSpanResult>& GetSpans() const
    {
        return m_spans;
    }

    /** @return the number that was not kept. */
    uint64_t GetLeftOut() const
    {
        return m_leftOut;
    }

  private:
    /** Keep a span that is none of no time. */
    void Add(const LinkSpanResult& span)
    {
        if (span.start == span.end)
        {
            return;
        }
        if (m_spans.size() == MOST)
        {
            ++m_leftOut;
            return;
        }
        m_spans.push_back(span);
    }

    std::vector<LinkSpanResult> m_spans; //!< In order of their ends
    uint64_t m_leftOut{0};               //!< Beyond MOST
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_LINK_LOG_H
