/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FLOW_FLOW_LOSSES_H
#define MTLINK_FLOW_FLOW_LOSSES_H

#include "ns3/mtlink-tick.h"

#include <cstdint>
#include <unordered_map>
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
    void Add(const Row& loss);

    /** @return what was lost, by root, source and destination. */
    std::vector<Row> GetRows() const;

    /** @return time lost to links whose flows were not told apart any more, ps. */
    Tick GetLeftOut() const
    {
        return m_leftOut;
    }

  private:
    /** Whom a row is about. */
    struct Key
    {
        uint64_t ends; //!< Source and destination
        uint32_t root; //!< The link

        bool operator==(const Key&) const = default;
    };

    /** Spreads keys. */
    struct Hash
    {
        std::size_t operator()(const Key& key) const;
    };

    std::unordered_map<Key, Row, Hash> m_rows; //!< All
    Tick m_leftOut{0};                         //!< See GetLeftOut()
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FLOW_FLOW_LOSSES_H
