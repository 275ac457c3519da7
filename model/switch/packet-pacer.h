/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_PACKET_PACER_H
#define MTLINK_PACKET_PACER_H

#include "link/packet.h"

#include <cstdint>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * The packet rate of one input port's pipeline: consecutive packets are dealt with at least 1 /
 * rate apart, in the order in which they came. The fraction of a picosecond is kept, so that it
 * never accumulates.
 */
class PacketPacer
{
  public:
    /**
     * A packet can be dealt with now, as far as all else goes.
     * @param [in] now The current time.
     * @param [in] rate Packets per second, at least 1.
     * @return when it is.
     */
    Tick Take(Tick now, uint64_t rate)
    {
        constexpr uint64_t SECOND = 1000000000000ULL;
        if (m_next < now)
        {
            m_next = now;
            m_part = 0;
        }
        const Tick at = m_next + (m_part > 0 ? 1 : 0);
        m_part += SECOND % rate;
        m_next += static_cast<Tick>(SECOND / rate + m_part / rate);
        m_part %= rate;
        return at;
    }

    PacketQueue held; //!< Packets that wait for their time, in order

  private:
    Tick m_next{0};     //!< The pipeline takes the next packet, whole picoseconds
    uint64_t m_part{0}; //!< ... and its fraction, in parts of the rate
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_PACKET_PACER_H
