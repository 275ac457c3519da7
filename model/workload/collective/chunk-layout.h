/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CHUNK_LAYOUT_H
#define MTLINK_CHUNK_LAYOUT_H

#include "workload/collective/transfer.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Cut bytes into parts whose sizes differ by at most one byte, the larger ones first.
 * @param [in] whole What to cut.
 * @param [in] parts How many, at least 1.
 * @param [in] index Which part.
 * @return the part.
 */
Segment PartOf(const Segment& whole, uint64_t parts, uint64_t index);

/**
 * @ingroup mtlink
 * @param [in] whole What to cut.
 * @param [in] parts How many, at least 1.
 * @return the parts, see PartOf().
 */
std::vector<Segment> PartsOf(const Segment& whole, uint32_t parts);

/**
 * @ingroup mtlink
 * How a collective's data is cut: each of n chunks into equal lots, one for each channel, and the
 * blocks of a channel one after another, so that a run of chunks is a run of blocks.
 */
class ChunkLayout
{
  public:
    ChunkLayout() = default;

    /**
     * @param [in] chunks The chunks.
     * @param [in] channels How many lots, at least 1.
     */
    ChunkLayout(const std::vector<Segment>& chunks, uint32_t channels);

    /**
     * @param [in] channel A channel.
     * @param [in] first First chunk.
     * @param [in] last After the last.
     * @return their blocks.
     */
    BlockRange Of(uint32_t channel, uint32_t first, uint32_t last) const
    {
        const uint32_t base = channel * m_chunks;
        return {base + first, base + last};
    }

    /** @return all blocks. */
    const std::vector<Segment>& GetBlocks() const
    {
        return m_blocks;
    }

    /**
     * @param [in] range Blocks.
     * @return their length, bytes.
     */
    uint64_t LengthOf(const BlockRange& range) const
    {
        return range.first < range.last ? m_before[range.last] - m_before[range.first] : 0;
    }

  private:
    std::vector<Segment> m_blocks;  //!< All
    std::vector<uint64_t> m_before; //!< Bytes of all blocks before each, and of all
    uint32_t m_chunks{0};           //!< Chunks
};

/**
 * @ingroup mtlink
 * The blocks that belong to each member of a team: one range begins where the one before ends.
 */
struct TeamBlocks
{
    uint32_t base{0};               //!< First block of all
    uint32_t stride{1};             //!< Blocks of a member
    const uint32_t* order{nullptr}; //!< Whose turn each place is; nullptr: in order
    uint32_t pairs{0};              //!< In order: the first so many have two strides each

    /**
     * @param [in] place A place in the team.
     * @return its blocks.
     */
    BlockRange operator[](uint32_t place) const
    {
        return Join(place, 1);
    }

    /**
     * @param [in] place A place in the team.
     * @param [in] count How many from there on.
     * @return the blocks of all of them; with an order, of one.
     */
    BlockRange Join(uint32_t place, uint32_t count) const
    {
        const uint32_t from = order ? order[place] : Before(place);
        const uint32_t to = order ? from + count : Before(place + count);
        return {base + from * stride, base + to * stride};
    }

  private:
    /** @return strides before a place. */
    uint32_t Before(uint32_t place) const
    {
        return place < pairs ? 2 * place : place + pairs;
    }
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_CHUNK_LAYOUT_H
