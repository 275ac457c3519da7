/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_HOST_PORT_H
#define MTLINK_HOST_PORT_H

#include "emulation/host-interface.h"

#include "ns3/mtlink-net-device.h"
#include "ns3/net-device-queue-interface.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What a host sent and got.
 */
struct HostCounters
{
    uint64_t framesFrom{0}; //!< Frames that it sent
    uint64_t bytesFrom{0};  //!< Their bytes, Ethernet headers included
    uint64_t framesTo{0};   //!< Frames that it was given
    uint64_t bytesTo{0};    //!< Their bytes
    uint64_t refused{0};    //!< Frames that the device did not take: its link was down, too long
    uint64_t unwritten{0};  //!< Frames that the host did not take: its interface was down, or full
};

/**
 * @ingroup mtlink
 * A real host at a device: frames that it sends go into the device, and what comes in there is
 * written to it, for whomever it is. The device's node has no stack of ns-3, which would answer
 * too.
 */
class HostPort
{
  public:
    /**
     * @param [in] frames The host's frames.
     * @param [in] device The device.
     */
    HostPort(FrameDescriptor frames, Ptr<MtlinkNetDevice> device);
    ~HostPort();
    HostPort(const HostPort&) = delete;
    HostPort& operator=(const HostPort&) = delete;

    /** @return the descriptor to wait for. */
    int GetDescriptor() const
    {
        return m_frames.Get();
    }

    /** @return whether the device takes frames now: else they are left with the host. */
    bool TakesFrames() const
    {
        return !m_queue->IsStopped();
    }

    /**
     * Hand frames that the host has sent to the device, now.
     * @return whether there may be more: it stops after a few, for the turn of others.
     */
    bool TakeFrames();

    /** @return what was carried. */
    const HostCounters& GetCounters() const
    {
        return m_counters;
    }

  private:
    /** A frame is in: write it to the host. */
    void Give(Ptr<const Packet> frame);

    FrameDescriptor m_frames;      //!< The host's
    Ptr<MtlinkNetDevice> m_device; //!< The device
    Ptr<NetDeviceQueue> m_queue;   //!< Says when the device is full
    std::vector<uint8_t> m_buffer; //!< For a frame
    HostCounters m_counters;       //!< Counters
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_HOST_PORT_H
