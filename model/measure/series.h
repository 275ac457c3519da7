/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SERIES_H
#define MTLINK_SERIES_H

#include "engine/batch.h"

#include "ns3/mtlink-results.h"
#include "ns3/mtlink-tick.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What every link did in every interval of a given length: time with bits on the wire, time in
 * credit stall, flits queued at its far end. Only intervals in which a link did something take
 * memory (32 bytes). A link's times may be told in any order, and ahead of other links' times;
 * in order is quickest.
 */
class LinkSeries
{
  public:
    /**
     * @param [in] interval Length of an interval, in picoseconds, at least 1.
     * @param [in] links Number of links.
     */
    LinkSeries(Tick interval, uint32_t links);

    /**
     * Bits were on the wire.
     * @param [in] link Link id.
     * @param [in] from Begin.
     * @param [in] to End, spread over the intervals that it crosses to the picosecond.
     */
    void AddBusy(uint32_t link, Tick from, Tick to)
    {
        Spread(link, from, to, &Cell::busy);
    }

    /**
     * Take back a part of what AddBusy() was told: the bits were not on the wire after all.
     * @param [in] link Link id.
     * @param [in] from Begin.
     * @param [in] to End.
     */
    void TakeBusy(uint32_t link, Tick from, Tick to)
    {
        Spread(link, from, to, &Cell::busy, -1);
    }

    /**
     * Data waited for credit.
     * @param [in] link Link id.
     * @param [in] from Begin.
     * @param [in] to End.
     */
    void AddStall(uint32_t link, Tick from, Tick to)
    {
        Spread(link, from, to, &Cell::stall);
    }

    /**
     * The buffers that a link fills hold another number of flits.
     * @param [in] link Link id.
     * @param [in] at When, for one link in order of time.
     * @param [in] flits Held from then on.
     */
    void SetQueue(uint32_t link, Tick at, uint32_t flits)
    {
        Cell* const latest = GetLatest(link, at, at + 1);
        (latest ? *latest : GetCell(link, at - at % m_interval)).flits = flits;
    }

    /** Hand over what was told here to another process. @param [in,out] batch Gets it. */
    void Pack(Batch& batch) const;

    /**
     * Add what was told in another process: of a link's queue it is told in one process alone.
     * @param [in,out] reader As Pack() has packed it, of as many links and the same interval.
     */
    void Merge(BatchReader& reader);

    /**
     * Hand out all there is.
     * @param [out] samples Gets one entry per link and interval with something in it, by
     * (start, link).
     */
    void Collect(std::vector<SampleResult>& samples) const;

  private:
    /** One link in one interval. */
    struct Cell
    {
        Tick start{0};     //!< The interval's
        Tick busy{0};      //!< Time with bits on the wire
        Tick stall{0};     //!< Time in credit stall
        int64_t flits{-1}; //!< Queued at the end; -1: as before
    };

    /**
     * @param [in] link Link id.
     * @param [in] from Begin of a time.
     * @param [in] to Its end.
     * @return the link's latest cell if the time lies in it, as nearly always; or nullptr.
     */
    Cell* GetLatest(uint32_t link, Tick from, Tick to)
    {
        std::vector<Cell>& cells = m_links[link];
        const bool isIn =
            !cells.empty() && cells.back().start <= from && to - cells.back().start <= m_interval;
        return isIn ? &cells.back() : nullptr;
    }

    /**
     * @param [in] link Link id.
     * @param [in] start Start of an interval.
     * @return their cell, made if need be.
     */
    Cell& GetCell(uint32_t link, Tick start);

    /** Add a time, or take it, to a member of the cells it crosses; else as in AddBusy(). */
    void Spread(uint32_t link, Tick from, Tick to, Tick Cell::*member, Tick sign = 1)
    {
        if (Cell* const latest = GetLatest(link, from, to); latest && from < to)
        {
            latest->*member += sign * (to - from);
            return;
        }
        SpreadFar(link, from, to, member, sign);
    }

    /** Spread() over any number of cells; parameters as there. */
    void SpreadFar(uint32_t link, Tick from, Tick to, Tick Cell::*member, Tick sign);

    Tick m_interval;                        //!< Length
    std::vector<std::vector<Cell>> m_links; //!< By link, cells by interval
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SERIES_H
