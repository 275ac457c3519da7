/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_BUFFER_METER_H
#define MTLINK_BUFFER_METER_H

#include "mtlink-time-ring.h"

#include "ns3/mtlink-occupancy.h"
#include "ns3/mtlink-series.h"

#include <cstdint>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Watches the occupancy of input buffers for which no one ledger tells what leaves: all of a link
 * together, or one that has part of its room from a shared buffer. A packet's leaving is known
 * before it happens (when its next hop is committed): it is kept until a later arrival makes it
 * past.
 */
class BufferMeter
{
  public:
    /**
     * A packet begins to come in.
     * @param [in] at When; in order of time.
     * @param [in] flits Its length.
     */
    void Fill(Tick at, uint32_t flits)
    {
        Settle(at);
        m_occupancy.Change(at, static_cast<int32_t>(flits));
        if (m_series)
        {
            m_series->SetQueue(m_link, at, m_occupancy.GetCurrent());
        }
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
            m_occupancy.Change(when, -static_cast<int32_t>(flits));
            if (m_series)
            {
                m_series->SetQueue(m_link, when, m_occupancy.GetCurrent());
            }
        }
    }

    /**
     * Show the occupancy in a series too.
     * @param [in] series The series.
     * @param [in] link The link that fills the buffer.
     */
    void Show(LinkSeries* series, uint32_t link)
    {
        m_series = series;
        m_link = link;
    }

    /** @return the occupancy, as settled. */
    OccupancyMeter GetOccupancy() const
    {
        return m_occupancy;
    }

  private:
    /** A packet that will have left. */
    struct Leaving
    {
        Tick at;        //!< When
        uint32_t flits; //!< Its length
    };

    OccupancyMeter m_occupancy;    //!< Past changes
    TimeRing<Leaving> m_leaving;   //!< Future ones
    LinkSeries* m_series{nullptr}; //!< Where to show it, or nullptr
    uint32_t m_link{0};            //!< The link that fills it
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_BUFFER_METER_H
