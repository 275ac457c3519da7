/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_BUFFER_METER_H
#define MTLINK_BUFFER_METER_H

#include "engine/time-ring.h"
#include "measure/occupancy.h"
#include "measure/series.h"

#include <cstdint>
#include <utility>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Shows in a series how much is in the buffers that a link fills.
 */
class QueueSeries
{
  public:
    /**
     * @param [in] series The series.
     * @param [in] link The link.
     */
    QueueSeries(LinkSeries& series, uint32_t link)
        : m_series(&series),
          m_link(link)
    {
    }

    /**
     * Flits came or went.
     * @param [in] at When, not before the last change.
     * @param [in] delta Flits that came; negative: that went.
     */
    void Change(Tick at, int32_t delta)
    {
        m_flits = static_cast<uint32_t>(static_cast<int64_t>(m_flits) + delta);
        m_series->SetQueue(m_link, at, m_flits);
    }

  private:
    LinkSeries* m_series{nullptr}; //!< Where to show it
    uint32_t m_link{0};            //!< The link
    uint32_t m_flits{0};           //!< Held now
};

/**
 * @ingroup mtlink
 * Watches input buffers for which no one ledger tells what leaves: all of a link together, or one
 * that has part of its room from a shared buffer. A packet's leaving is known before it happens
 * (when its next hop is committed): it is kept until a later arrival makes it past.
 * @tparam Watcher Hears of each change in order of time: OccupancyMeter, QueueSeries.
 */
template <typename Watcher>
class BufferMeter
{
  public:
    /** @param [in] watcher Hears of each change. */
    explicit BufferMeter(Watcher watcher = Watcher())
        : m_watcher(std::move(watcher))
    {
    }

    /**
     * A packet begins to come in.
     * @param [in] at When; in order of time.
     * @param [in] flits Its length.
     */
    void Fill(Tick at, uint32_t flits)
    {
        Settle(at);
        m_watcher.Change(at, static_cast<int32_t>(flits));
    }

    /**
     * A packet will have left.
     * @param [in] at When, after the latest Fill().
     * @param [in] flits Its length.
     */
    void Drain(Tick at, uint32_t flits)
    {
        m_leaving.Insert({at, flits});
    }

    /**
     * Make all past that has happened.
     * @param [in] at The current time.
     */
    void Settle(Tick at)
    {
        while (!m_leaving.IsEmpty() && m_leaving[0].at <= at)
        {
            const auto [when, flits] = m_leaving[0];
            m_leaving.Pop();
            m_watcher.Change(when, -static_cast<int32_t>(flits));
        }
    }

    /** @return who hears of changes: of those that Settle() has made past. */
    const Watcher& GetWatcher() const
    {
        return m_watcher;
    }

  private:
    /** A packet that will have left. */
    struct Leaving
    {
        Tick at;        //!< When
        uint32_t flits; //!< Its length
    };

    Watcher m_watcher;           //!< Hears of past changes
    TimeRing<Leaving> m_leaving; //!< Future ones
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_BUFFER_METER_H
