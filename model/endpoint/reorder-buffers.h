/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_REORDER_BUFFERS_H
#define MTLINK_REORDER_BUFFERS_H

#include "link/packet.h"
#include "measure/occupancy.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * The reorder buffers of all endpoints: packets of a message that have overtaken others wait here
 * until those have come, and are then handed on in the order of Packet::sequence. Who uses it
 * makes sure that a buffer can hold whatever may wait in it.
 */
class ReorderBuffers
{
  public:
    /** @param [in] pool The packets; must outlive this. */
    explicit ReorderBuffers(PacketPool& pool)
        : m_pool(pool)
    {
    }

    /**
     * A packet is in whole at its destination.
     * @param [in] endpoint The destination.
     * @param [in] packet The packet.
     * @param [in] now The current time.
     * @return the packets that go on now, in order: none, or this one and those that waited for it;
     *         valid until the next call.
     */
    const std::vector<uint32_t>& Accept(uint32_t endpoint, uint32_t packet, Tick now);

    /**
     * A message is over: all its packets have gone on, or will never come.
     * @param [in] message The message.
     * @param [in] now The current time.
     * @return the packets of it that still waited.
     */
    std::vector<uint32_t> Forget(uint32_t message, Tick now);

    /**
     * @param [in] endpoint An endpoint.
     * @param [in] now The current time.
     * @return the occupancy of its buffer until now, in flits.
     */
    OccupancyMeter GetOccupancy(uint32_t endpoint, Tick now) const;

  private:
    /** What has come of a message. */
    struct Progress
    {
        uint32_t next{0};                                //!< Number of the packet that goes on next
        uint32_t endpoint{0};                            //!< Destination
        std::vector<std::pair<uint32_t, uint32_t>> held; //!< (number, packet), a heap, least first
    };

    /** A packet of a message comes into, or leaves, the buffer. */
    void Change(uint32_t endpoint, Tick now, int32_t flits);

    PacketPool& m_pool;                   //!< The packets
    std::vector<Progress> m_messages;     //!< By message
    std::vector<OccupancyMeter> m_meters; //!< By endpoint
    std::vector<uint32_t> m_released;     //!< What Accept() hands out
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_REORDER_BUFFERS_H
