/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_COLLECTIVE_PROGRAM_H
#define MTLINK_COLLECTIVE_PROGRAM_H

#include "workload/collective/chunk-layout.h"
#include "workload/collective/transfer.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink Whose part of a collective a member must hear of before its own can end. */
enum class Hearing : uint8_t
{
    NOBODY,   //!< Its own only
    EVERYONE, //!< All members'
    ROOT,     //!< The root's
    AT_ROOT,  //!< The root: all members'; others: their own only
    PREVIOUS, //!< Of the member before, round the end
};

/**
 * @ingroup mtlink
 * What an algorithm is: for every member, strands of transfers. Strands run beside one another,
 * and no strand of a member waits for another one of it.
 *
 * A program is computed as it is asked for, by replay, estimates and tests alike. It is lazy about
 * what is far ahead: see IsLazy().
 */
class CollectiveProgram
{
  public:
    virtual ~CollectiveProgram() = default;

    /** @return the number of strands, the same for all members. */
    uint32_t GetStrands() const
    {
        return m_strands;
    }

    /** @return how the data is cut; empty where no transfer carries blocks. */
    const ChunkLayout& GetLayout() const
    {
        return m_layout;
    }

    /**
     * @return whether a strand can be asked for step by step: of each send that has to wait, the
     *         receive or reduction latest in its strand is followed by no send but those that wait
     *         for it too. Then what is to start now is never behind a send that has to wait. Else
     *         all of the strand is asked for at once.
     */
    bool IsLazy() const
    {
        return m_isLazy;
    }

    /**
     * @return most messages that a member has asked for and not yet sent, of a lazy program: for
     *         estimates of memory.
     */
    uint64_t GetMostAtOnce() const
    {
        return std::max<uint64_t>(m_mostAtOnce, 2 * uint64_t{m_strands});
    }

    /**
     * @param [in] transfer A transfer.
     * @return its length, bytes; 0: it is not done at all.
     */
    uint64_t LengthOf(const Transfer& transfer) const
    {
        return m_layout.LengthOf(transfer.blocks[0]) + m_layout.LengthOf(transfer.blocks[1]) +
               transfer.bytes;
    }

    /**
     * Receives within a strand come in the order of their places.
     * @param [in] member A member.
     * @param [in] strand One of its strands.
     * @param [in] wantsData Whether Transfer::data is to be filled in, which takes time.
     * @return its transfers; the program must outlive them.
     */
    virtual Transfers Open(uint32_t member, uint32_t strand, bool wantsData) const = 0;

  protected:
    uint32_t m_strands{1};    //!< Strands of a member
    ChunkLayout m_layout;     //!< How the data is cut
    bool m_isLazy{false};     //!< See IsLazy()
    uint64_t m_mostAtOnce{0}; //!< See GetMostAtOnce(); two a strand are always counted
};

/** @ingroup mtlink Programs are shared by all who look at them. */
using ProgramPointer = std::shared_ptr<const CollectiveProgram>;

/**
 * @ingroup mtlink
 * Places of the messages of one round after another: see Transfer::place.
 */
class Rounds
{
  public:
    /**
     * @param [in] width Most messages of a round.
     * @param [in] first Number of the first round.
     */
    explicit Rounds(uint64_t width, uint64_t first = 0)
        : m_width(width),
          m_first(first)
    {
    }

    /**
     * @param [in] rounds How many to leave out.
     * @return the rounds after those.
     */
    Rounds From(uint64_t rounds) const
    {
        return Rounds(m_width, m_first + rounds);
    }

    /**
     * @param [in] round A round, from 0.
     * @param [in] index A message in it, below the width.
     * @return its place, at least PLACES.
     */
    uint64_t Place(uint64_t round, uint64_t index) const
    {
        return ((m_first + round) * m_width + index + 1) * PLACES;
    }

  private:
    uint64_t m_width; //!< Of a round
    uint64_t m_first; //!< Round
};

/**
 * @ingroup mtlink
 * One message of a round, as its sender and its receiver see it.
 */
struct Leg
{
    uint64_t place;      //!< Its place
    uint32_t peer;       //!< The member at the other end
    BlockRange blocks;   //!< What it carries
    uint32_t flow;       //!< Flow label
    BlockRange others{}; //!< More of what it carries
};

/** @return the sending of a message. @param [in] leg The message. */
Transfer SendOf(const Leg& leg);
/** @return the taking in of a message that is stored. @param [in] leg The message. */
Transfer ReceiveOf(const Leg& leg);
/** @return the taking in of a message that is reduced. @param [in] leg The message. */
Transfer ReduceOf(const Leg& leg);

/** @ingroup mtlink What a collective moves. */
struct CollectiveTraffic
{
    double messages{0}; //!< Messages between members
    double bytes{0};    //!< Their payload
};

/**
 * @ingroup mtlink
 * Visit the messages that a member sends, empty ones left out.
 * @param [in] program A program.
 * @param [in] member One of its members.
 * @param [in] visit Called with (receiver, bytes).
 * @return the number of its transfers, sent and received.
 */
uint64_t ForEachMessageOf(const CollectiveProgram& program,
                          uint32_t member,
                          const std::function<void(uint32_t, uint64_t)>& visit);

/**
 * @ingroup mtlink
 * Visit the messages of some members, evenly chosen: all where there are few.
 * @param [in] program A program.
 * @param [in] members Its members.
 * @param [in] most About how many messages to look at.
 * @param [in] visit Called with (sender, receiver, bytes, flow label, how many messages this one
 *             stands for).
 */
void ForSomeMessages(const CollectiveProgram& program,
                     uint32_t members,
                     uint64_t most,
                     const std::function<void(uint32_t, uint32_t, uint64_t, double)>& visit);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_COLLECTIVE_PROGRAM_H
