/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "emulation/host-port.h"

#include "ns3/abort.h"
#include "ns3/mac48-address.h"

#include <unistd.h>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr uint32_t ETHERNET = 14;        //!< Bytes of an Ethernet header
constexpr uint32_t LONGEST = 65536 + 64; //!< Of all frames
constexpr uint32_t FRAMES_AT_ONCE = 64;  //!< Of one host, then the next has its turn

} // namespace

HostPort::HostPort(FrameDescriptor frames, Ptr<MtlinkNetDevice> device)
    : m_frames(std::move(frames)),
      m_device(device),
      m_buffer(LONGEST)
{
    const Ptr<NetDeviceQueueInterface> queues = device->GetObject<NetDeviceQueueInterface>();
    NS_ABORT_MSG_UNLESS(queues, "a host's device has flow control");
    m_queue = queues->GetTxQueue(0);
    device->TraceConnectWithoutContext("MacPromiscRx", MakeCallback(&HostPort::Give, this));
}

HostPort::~HostPort()
{
    m_device->TraceDisconnectWithoutContext("MacPromiscRx", MakeCallback(&HostPort::Give, this));
}

bool
HostPort::TakeFrames()
{
    for (uint32_t i = 0; i < FRAMES_AT_ONCE; ++i)
    {
        if (!TakesFrames())
        {
            return false;
        }
        const ssize_t size = read(m_frames.Get(), m_buffer.data(), m_buffer.size());
        if (size <= 0)
        {
            return false; // none now, or the interface is gone or down
        }
        if (size < static_cast<ssize_t>(ETHERNET))
        {
            ++m_counters.refused;
            continue;
        }
        Mac48Address destination;
        Mac48Address source;
        destination.CopyFrom(m_buffer.data());
        source.CopyFrom(m_buffer.data() + 6);
        const auto protocol = static_cast<uint16_t>(m_buffer[12] << 8 | m_buffer[13]);
        ++m_counters.framesFrom;
        m_counters.bytesFrom += static_cast<uint64_t>(size);
        const auto packet =
            Create<Packet>(m_buffer.data() + ETHERNET, static_cast<uint32_t>(size) - ETHERNET);
        if (!m_device->SendFrom(packet, source, destination, protocol))
        {
            ++m_counters.refused;
        }
    }
    return true;
}

void
HostPort::Give(Ptr<const Packet> frame)
{
    const uint32_t size = frame->GetSize();
    frame->CopyData(m_buffer.data(), size);
    if (write(m_frames.Get(), m_buffer.data(), size) != static_cast<ssize_t>(size))
    {
        ++m_counters.unwritten;
        return;
    }
    ++m_counters.framesTo;
    m_counters.bytesTo += size;
}

} // namespace mtlink
} // namespace ns3
