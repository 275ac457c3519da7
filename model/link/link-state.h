/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_LINK_STATE_H
#define MTLINK_LINK_STATE_H

#include "engine/event-channel.h"
#include "link/packet.h"

#include "ns3/mtlink-link-fault.h"

#include <cstdint>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * State of a link, one direction.
 */
struct LinkState
{
    bool isDown{false};                    //!< Carries nothing
    uint32_t lanes{0};                     //!< Lanes that are up; 0: all
    DownPolicy policy{DownPolicy::REPLAY}; //!< While it is down

    bool operator==(const LinkState&) const = default;
};

/**
 * @ingroup mtlink
 * What faults did to a link.
 */
struct OutageCounters
{
    Tick down{0};            //!< Time DOWN
    Tick degraded{0};        //!< Time up with fewer lanes
    uint64_t resent{0};      //!< Packets sent again as it came back
    uint64_t lost{0};        //!< Packets
    uint64_t lostPayload{0}; //!< Their payload, bytes
};

/**
 * @ingroup mtlink
 * Who accounts for lost packets.
 */
class LossListener
{
  public:
    virtual ~LossListener() = default;

    /**
     * A fault took a packet; its credits are given back.
     * @param [in] packet The packet; the listener's from now on.
     */
    virtual void PacketLost(uint32_t packet) = 0;
};

/**
 * @ingroup mtlink
 * Tells of lost packets from an event of its own: who loses one is in the middle of something.
 */
class LostPackets : public EventHandler
{
  public:
    /**
     * @param [in] clock The clock; must outlive this.
     * @param [in] pool The packets; must outlive this.
     */
    LostPackets(EventClock& clock, PacketPool& pool)
        : m_clock(clock),
          m_losses(clock, *this, EventPhase::ARRIVE),
          m_pool(pool)
    {
    }

    /** @param [in] listener Whom to tell; must outlive this. */
    void SetListener(LossListener* listener)
    {
        m_listener = listener;
    }

    /** @param [in] packet A packet, lost now. */
    void Add(uint32_t packet)
    {
        if (m_queue.IsEmpty())
        {
            m_losses.Schedule(m_clock.Now(), 0);
        }
        m_queue.Push(m_pool, packet);
    }

    void OnEvent(uint64_t) override
    {
        while (!m_queue.IsEmpty())
        {
            m_listener->PacketLost(m_queue.Pop(m_pool));
        }
    }

  private:
    EventClock& m_clock;               //!< The clock
    EventChannel m_losses;             //!< When it tells
    PacketPool& m_pool;                //!< The packets
    PacketQueue m_queue;               //!< Not yet told of
    LossListener* m_listener{nullptr}; //!< Whom to tell
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_LINK_STATE_H
