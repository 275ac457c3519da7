/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FLOW_DOUBTS_H
#define MTLINK_FLOW_DOUBTS_H

#include "ns3/mtlink-fidelity.h"
#include "ns3/mtlink-tick.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What turned out, later, to be worth less than was said of it. Endpoints whose messages had a
 * link or an end in common are joined: what happens to one of them may in time change what happens
 * to each. A doubt is about all that is joined, from a time on.
 */
class Doubts
{
  public:
    /** @param [in] endpoints Their number; none is joined with another. */
    explicit Doubts(uint32_t endpoints);

    /**
     * What is true of one of two endpoints may change with the other from now on.
     * @param [in] a One.
     * @param [in] b The other.
     * @return who stands for both, to be named instead of either.
     */
    uint32_t Join(uint32_t a, uint32_t b);

    /** @return whether all endpoints that were ever joined with others are joined with one another.
     */
    bool AreOne() const
    {
        return m_joined == 1;
    }

    /**
     * @param [in] endpoint An endpoint.
     * @param [in] from A time.
     * @return whether a doubt about it from then on is nothing new, whatever its word.
     */
    bool IsInDoubt(uint32_t endpoint, Tick from) const
    {
        return m_groups[Find(endpoint)].approximate <= from;
    }

    /**
     * What ends later than this is worth no more than a word.
     * @param [in] endpoint The endpoint, and all that is or will be joined with it.
     * @param [in] from The time.
     * @param [in] word FAIR or APPROXIMATE.
     */
    void Doubt(uint32_t endpoint, Tick from, Fidelity word);

    /**
     * Something was said of a message.
     * @param [in] said What.
     * @param [in] endpoint One of its ends.
     * @param [in] end When it was in, not before others of that endpoint.
     * @param [in] bytes Its payload.
     */
    void Note(Fidelity said, uint32_t endpoint, Tick end, uint64_t bytes);

    /**
     * @return payload bytes of all messages by what they are worth as far as is known now. What
     *         ended long before a doubt may count with what ended after it.
     */
    std::array<uint64_t, FIDELITIES> GetBytes() const;

    /**
     * @param [in] said What was said of a message.
     * @param [in] endpoint One of its ends.
     * @param [in] end When it was in.
     * @return what it is worth as far as is known now.
     */
    Fidelity Confirm(Fidelity said, uint32_t endpoint, Tick end) const;

  private:
    /** Endpoints that are joined; that of the one that stands for them counts. */
    struct Group
    {
        uint32_t parent;         //!< Nearer to who stands for them, or itself
        uint32_t size{1};        //!< Endpoints
        Tick fair{NEVER};        //!< FAIR, what ends later
        Tick approximate{NEVER}; //!< APPROXIMATE, what ends later
    };

    /** What was said of messages of one endpoint that ended one after the other. */
    struct Lot
    {
        Tick end;       //!< Of the last of them
        uint64_t exact; //!< Bytes called so
        uint64_t fair;  //!< Bytes called so
    };

    static constexpr std::size_t MOST_LOTS = 8; //!< Of an endpoint: then two are made one

    /** @return who stands for those with whom it is joined. */
    uint32_t Find(uint32_t endpoint) const;

    mutable std::vector<Group> m_groups;  //!< By endpoint; to look one up shortens the way to it
    std::vector<bool> m_isJoined;         //!< By endpoint: it is with others
    uint32_t m_joined{0};                 //!< Groups of more than one endpoint
    uint32_t m_latest{0};                 //!< Who stands for the latest that were joined
    std::vector<std::vector<Lot>> m_lots; //!< By endpoint, in order of time
    uint64_t m_approximate{0};            //!< Bytes called so at once
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FLOW_DOUBTS_H
