/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FLOW_FLOW_LOSSES_H
#define MTLINK_FLOW_FLOW_LOSSES_H

#include "ns3/mtlink-tick.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Which link held which flows below their own rate, and what that cost them: the congestion roots
 * of mode flow.
 */
class FlowLosses
{
  public:
    FlowLosses();

    /** Pairs of endpoints told apart; beyond, a link's losses count without them. */
    static constexpr std::size_t MOST = 1U << 20;

    /** What flows lost to a link. */
    struct Row
    {
        uint32_t root{0};  //!< The link
        uint32_t src{0};   //!< Source endpoint
        uint32_t dst{0};   //!< Destination endpoint
        uint32_t first{0}; //!< The source's link
        Tick lost{0};      //!< Time, ps
        uint64_t times{0}; //!< How often
    };

    /**
     * Time was lost.
     * @param [in] loss Who, to whom, how much and how often.
     */
    void Add(const Row& loss)
    {
        m_latest.push_back(loss);
        if (m_latest.size() == AT_ONCE)
        {
            Enter();
        }
    }

    /** @return what was lost, by root, source and destination. */
    std::vector<Row> GetRows() const;

    /** @return time lost to links whose flows were not told apart any more, ps. */
    Tick GetLeftOut() const
    {
        Enter();
        return m_leftOut;
    }

  private:
    static constexpr uint32_t NOBODY = std::numeric_limits<uint32_t>::max(); //!< No row

    static constexpr std::size_t AT_ONCE = 64; //!< Losses entered together

    /** @return where in m_places to look for a row first. */
    std::size_t GetHome(const Row& row) const;
    /** @return the place of a row, or the free one where it would be. */
    std::size_t FindPlace(const Row& row) const;
    /** Count the latest losses: many at once, as each is somewhere else in memory. */
    void Enter() const;
    /** Count a loss. */
    void Enter(const Row& loss) const;
    /** Twice as many places. */
    void Grow() const;

    // To enter what was added changes nothing that can be seen.
    mutable std::vector<Row> m_rows;        //!< All
    mutable std::vector<Row> m_latest;      //!< Not entered yet
    mutable std::vector<uint32_t> m_places; //!< Numbers of m_rows by hash: open addressing
    mutable Tick m_leftOut{0};              //!< See GetLeftOut()
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FLOW_FLOW_LOSSES_H
