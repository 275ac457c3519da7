/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace/kernel-timeline.h"

#include <algorithm>
#include <tuple>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr std::ptrdiff_t MOST_BESIDE = 1024; //!< Kernels of a card looked at that run at once

/** Where the chain is cut. */
struct Cut
{
    Tick time;     //!< When
    bool isStart;  //!< Of a call; else one has ended
    uint32_t call; //!< Which
    bool isIdle;   //!< Ended: no kernel ran
};

/** Cuts a card's computations at calls. */
class Chain
{
  public:
    Chain(CallRank& rank, std::vector<KernelSpan> kernels)
        : m_rank(rank),
          m_kernels(std::move(kernels)),
          m_placeOf(rank.calls.size(), NONE)
    {
        std::sort(m_kernels.begin(), m_kernels.end(), [](const auto& a, const auto& b) {
            return std::tie(a.start, a.end) < std::tie(b.start, b.end);
        });
        Tick latest = 0;
        for (const KernelSpan& kernel : m_kernels)
        {
            latest = m_latest.empty() ? kernel.end : std::max(latest, kernel.end);
            m_latest.push_back(latest);
        }
        std::stable_sort(rank.calls.begin(), rank.calls.end(), [](const auto& a, const auto& b) {
            return a.start < b.start;
        });
    }

    void Run()
    {
        const std::vector<Cut> cuts = MakeCuts();
        if (cuts.empty() && m_kernels.empty())
        {
            return;
        }
        m_at = cuts.empty()        ? m_kernels.front().start
               : m_kernels.empty() ? cuts.front().time
                                   : std::min(cuts.front().time, m_kernels.front().start);
        for (const Cut& cut : cuts)
        {
            const Tick busy = cut.isStart || !cut.isIdle ? cut.time : GetLastBusy(cut.time);
            Advance(cut.time, std::max(busy - m_at, Tick{0}));
            if (!cut.isStart)
            {
                m_ended.push_back(m_placeOf[cut.call]);
                continue;
            }
            RecordedCall call = std::move(m_rank.calls[cut.call]);
            call.after = m_ended;
            if (m_segment != NONE)
            {
                call.after.push_back(m_segment);
            }
            ++call.stream;
            m_placeOf[cut.call] = static_cast<uint32_t>(m_calls.size());
            m_calls.push_back(std::move(call));
        }
        if (!m_latest.empty())
        {
            Advance(m_latest.back(), std::max(m_latest.back() - m_at, Tick{0}));
        }
        m_rank.calls = std::move(m_calls);
    }

  private:
    std::vector<Cut> MakeCuts() const
    {
        std::vector<Cut> cuts;
        for (uint32_t i = 0; i < m_rank.calls.size(); ++i)
        {
            const RecordedCall& call = m_rank.calls[i];
            cuts.push_back({call.start, true, i, false});
            const Tick end = call.start + call.duration;
            const Tick next = GetEndOfCovering(end);
            cuts.push_back({next, false, i, next == end});
        }
        std::sort(cuts.begin(), cuts.end(), [](const Cut& a, const Cut& b) {
            return std::tie(a.time, a.call, b.isStart) < std::tie(b.time, b.call, a.isStart);
        });
        return cuts;
    }

    /** @return kernels that began before a time. */
    std::ptrdiff_t CountBegun(Tick time) const
    {
        return std::lower_bound(m_kernels.begin(),
                                m_kernels.end(),
                                time,
                                [](const KernelSpan& one, Tick at) { return one.start < at; }) -
               m_kernels.begin();
    }

    /** @return when the first of the kernels ends that run at a time; the time: none does. */
    Tick GetEndOfCovering(Tick time) const
    {
        const std::ptrdiff_t begun = CountBegun(time);
        Tick first = NEVER;
        for (std::ptrdiff_t i = begun; i-- > std::max<std::ptrdiff_t>(0, begun - MOST_BESIDE);)
        {
            const Tick end = m_kernels[static_cast<std::size_t>(i)].end;
            first = end > time && (first == NEVER || end < first) ? end : first;
        }
        return first == NEVER ? time : first;
    }

    /** @return the end of the last kernel before a time at which none runs. */
    Tick GetLastBusy(Tick time) const
    {
        const std::ptrdiff_t begun = CountBegun(time);
        return begun == 0 ? m_at : std::min(time, m_latest[static_cast<std::size_t>(begun - 1)]);
    }

    /** Go on to a time, having computed so long. */
    void Advance(Tick time, Tick computed)
    {
        if (computed > 0)
        {
            RecordedCall segment;
            segment.type = RecordedCall::COMPUTE;
            segment.start = m_at;
            segment.duration = computed;
            segment.after = std::move(m_ended);
            m_ended.clear();
            m_segment = static_cast<uint32_t>(m_calls.size());
            m_calls.push_back(std::move(segment));
        }
        m_at = std::max(m_at, time);
    }

    CallRank& m_rank;
    std::vector<KernelSpan> m_kernels;
    std::vector<Tick> m_latest;        // end of the kernels up to each
    std::vector<uint32_t> m_placeOf;   // in m_calls, by call
    std::vector<RecordedCall> m_calls; // result
    std::vector<uint32_t> m_ended;     // calls that the chain does not wait for yet
    uint32_t m_segment{NONE};          // the chain's last
    Tick m_at{0};                      // the chain has come so far
};

} // namespace

void
ChainByTime(CallRank& rank, std::vector<KernelSpan> kernels)
{
    Chain(rank, std::move(kernels)).Run();
}

} // namespace mtlink
} // namespace ns3
