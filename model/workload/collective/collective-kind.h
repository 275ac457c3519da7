/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_COLLECTIVE_KIND_H
#define MTLINK_COLLECTIVE_KIND_H

#include <cstdint>
#include <span>
#include <string_view>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink Which of its members a collective speaks of. */
enum class Members : uint8_t
{
    ALL,  //!< Each of them
    ROOT, //!< One that is chosen
    NEXT, //!< For each the one behind it, round
};

/** @ingroup mtlink What who hears of a sender gets of it, in terms of the collective's buffer. */
enum class Payload : uint8_t
{
    NOTHING,         //!< Word that it is there
    WHOLE,           //!< The buffer
    SENDERS_SHARE,   //!< The sender's share of the buffer
    RECEIVERS_SHARE, //!< The receiver's share, into which those of all senders are combined
    SHARE_OF_EACH,   //!< The receiver's share, from each sender another
    COUNTS,          //!< What is counted for the two
};

/**
 * @ingroup mtlink
 * What a collective is, whatever the algorithm: who must hear of whom, and how much. All that is
 * said of collectives by name follows from this: bounds, bus factors, what must be heard before an
 * end, which parameters there are.
 */
struct CollectiveKind
{
    std::string_view name; //!< As in experiments
    Members senders;       //!< Who has something
    Members receivers;     //!< Who needs it
    Payload payload;       //!< How much
    bool reduces;          //!< What several send is combined, and no longer than what one sends

    /** @return whether one of its members is its root. */
    bool HasRoot() const
    {
        return senders == Members::ROOT || receivers == Members::ROOT;
    }

    /** @return whether a size says how much there is to do. */
    bool HasSize() const
    {
        return payload != Payload::NOTHING && payload != Payload::COUNTS;
    }

    /** @return whether each member hears of all others. */
    bool IsAllToAll() const
    {
        return senders == Members::ALL && receivers == Members::ALL;
    }

    /** @return whether each sends the same to all who hear of it: a network could copy it. */
    bool Copies() const
    {
        return receivers == Members::ALL &&
               (payload == Payload::WHOLE || payload == Payload::SENDERS_SHARE);
    }
};

/** @return all collectives. */
std::span<const CollectiveKind> GetCollectiveKinds();

/** @return a collective, or nullptr: there is none of that name. @param [in] name Its name. */
const CollectiveKind* FindCollectiveKind(std::string_view name);

/** @return a collective that there is. @param [in] name Its name. */
const CollectiveKind& GetCollectiveKind(std::string_view name);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_COLLECTIVE_KIND_H
