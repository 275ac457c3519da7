/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_LINK_RETRY_H
#define MTLINK_LINK_RETRY_H

#include "engine/random.h"
#include "link/wire.h"

#include "ns3/mtlink-link-profile.h"

#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Counters of a link that retries.
 */
struct RetryCounters
{
    uint64_t errors{0};  //!< Packets that came in corrupted, each time
    uint64_t retries{0}; //!< Packets sent again: corrupted ones each time, those behind them once
    Tick bufferFull{0};  //!< Time that the wire was idle since the replay buffer was full
};

/**
 * @ingroup mtlink
 * Link-level retry, go-back-N by packets.
 *
 * Definition. Each flit is corrupted with probability e, so a packet of F flits with p = 1 -
 * (1-e)^F. The receiver checks a packet when its last bit is in, discards a corrupted one, and all
 * that comes behind it until that one comes again. A round trip R = 2 latency + ack_overhead after
 * the last bit of the corrupted copy was sent, the sender hears of it, breaks off what it is
 * sending, and sends again from the corrupted packet on: one copy behind the other, nothing new
 * before all are through. In the meantime it has gone on sending new packets, in vain. So packets
 * come in once and in order, and a wire that always has data carries (1-p) / (1 + p R/w) of its
 * rate, w being a packet's time on it.
 *
 * A packet stays in the sender's replay buffer from its first bit until R after the last bit of
 * the copy that got through. A sender starts a packet when the buffer has room for the longest
 * one; so a buffer of N such packets carries at most N / (w + R) of them in a time.
 *
 * A sender that hears of another error while it sends again does the same once more, from there.
 * Acknowledgements take no bandwidth and are never lost. Corruption of a copy that is discarded
 * anyway goes unseen. When a packet is handed over all this is known up to what later packets add:
 * it costs no event, and an error one.
 */
class LinkRetry
{
  public:
    /** What comes of a packet. */
    struct Trip
    {
        WireTime start; //!< First bit of the copy that gets through
        WireTime end;   //!< Its last bit
        WireTime free;  //!< The link takes the next packet
        Tick left;      //!< The last bit of the first copy has left: the sender's memory is free
    };

    /**
     * @param [in] seed The run's; each link draws from a stream of its own.
     */
    explicit LinkRetry(uint32_t seed)
        : m_seed(seed)
    {
    }

    /**
     * Add a link.
     * @param [in] link Its id.
     * @param [in] profile Its parameters, with retry.
     * @param [in] longest Flits of the longest packet; the replay buffer has room for one.
     */
    void Add(uint32_t link, const LinkProfile& profile, uint32_t longest);

    /**
     * Send a packet.
     * @param [in] link The link.
     * @param [in] flits The packet's length.
     * @param [in] speed The wire's.
     * @param [in] start First bit, as far as the wire knows.
     * @param [in] tailReady The last bit can't leave before.
     * @return what comes of it; GetCopies() has the times on the wire.
     */
    Trip Send(uint32_t link,
              uint32_t flits,
              const WireSpeed& speed,
              WireTime start,
              Tick tailReady);

    /**
     * The link has gone down: its latest packets will be sent anew, with Send(), and no word of
     * corrupted ones is on its way any more.
     * @param [in] link The link.
     * @param [in] packets How many.
     */
    void Forget(uint32_t link, uint32_t packets);

    /**
     * @return from when until when the wire carried copies of the packet sent last.
     */
    const std::vector<std::pair<Tick, Tick>>& GetCopies() const
    {
        return m_copies;
    }

    /**
     * @param [in] link A link.
     * @return when its sender hears of the latest corrupted packet: from then until GetResume() it
     *         takes nothing new.
     */
    Tick GetTurn(uint32_t link) const
    {
        return m_states[m_index[link]].turn;
    }

    /**
     * @param [in] link A link.
     * @return when all that was sent in vain is through.
     */
    WireTime GetResume(uint32_t link) const
    {
        return m_states[m_index[link]].resume;
    }

    /**
     * @param [in] link A link, with retry or without.
     * @return its counters.
     */
    RetryCounters GetCounters(uint32_t link) const;

    /** Those of a link that retries, from elsewhere. @param [in] link It. @param [in] counters
     * They. */
    void SetCounters(uint32_t link, const RetryCounters& counters)
    {
        m_states[m_index[link]].counters = counters;
    }

  private:
    /** A link. */
    struct State
    {
        RandomStream random;      //!< When flits are corrupted
        double logSound;          //!< Logarithm of the probability that a flit is not; 0: all are
        uint64_t sound{0};        //!< Flits that get through before one that does not
        Tick roundTrip;           //!< Last bit sent to acknowledgement
        uint64_t room;            //!< Flits that the replay buffer holds; 0: any number
        uint64_t longest;         //!< Flits of the longest packet
        uint64_t held{0};         //!< Flits in the replay buffer
        Tick turn{0};             //!< What starts before is in vain
        WireTime resume{};        //!< All that was in vain is through
        RetryCounters counters{}; //!< Counters
        /** What the replay buffer holds: when it is acknowledged, its flits. */
        std::deque<std::pair<Tick, uint32_t>> unacknowledged{};
    };

    /** @return whether a packet of so many flits comes in corrupted. */
    static bool Corrupts(State& state, uint32_t flits);

    /** Draw how many flits get through before the next that does not. */
    static void Draw(State& state);

    /**
     * Keep a packet in the replay buffer.
     * @param [in,out] state The link.
     * @param [in] flits The packet's length.
     * @param [in] now First bit of its first copy.
     * @param [in] acknowledged Until when.
     * @return when there is room for the next.
     */
    static Tick Keep(State& state, uint32_t flits, Tick now, Tick acknowledged);

    uint32_t m_seed;                             //!< The run's
    std::vector<uint32_t> m_index;               //!< Link -> state, or NO_STATE
    std::vector<State> m_states;                 //!< Links with retry
    std::vector<std::pair<Tick, Tick>> m_copies; //!< Of the packet sent last
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_LINK_RETRY_H
