/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_INPUT_QUEUED_CHIP_H
#define MTLINK_INPUT_QUEUED_CHIP_H

#include "switch/chip.h"
#include "switch/multicast.h"

#include <algorithm>
#include <cstdint>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A chip whose packets wait at their inputs and go through a crossbar: `queueing: voq` or `fifo`.
 * Who goes, and when, is decided by what derives from it.
 *
 * An output Grants the crossbar to a waiting packet when its wire (or its output queue) can take
 * it, a read lane of the packet's input is free, and the far end has credit for the whole packet;
 * then the packet is committed: all times of this hop are known, its buffer's credit is on the way
 * back, and the link carries it. So an uncontended hop costs one event, and a contended one one
 * more.
 */
class InputQueuedChip : public Chip
{
  public:
    /**
     * @param [in] ports As for Chip.
     * @param [in] multicast Hears of copies that leave; must outlive this.
     * @param [in] number As for Chip, as what follows.
     * @param [in] kind
     * @param [in] spec
     */
    InputQueuedChip(SwitchPorts& ports,
                    Multicast& multicast,
                    uint32_t number,
                    uint32_t kind,
                    const SwitchSpec& spec)
        : Chip(ports, number, kind, spec),
          m_multicast(multicast)
    {
    }

    const Packet& GetHead(const OutputPort& output, uint32_t request) const override
    {
        return m_pool[m_ports.GetRequestingQueue(output, request).head];
    }

  protected:
    /** What a packet that joined its queue changes. */
    enum class Joined : uint8_t
    {
        LEADS,          //!< It makes a request, which was raised
        HAS_TAKEN,      //!< It waits behind others, and has taken credit: that forgot who has asked
        BEHIND_ANOTHER, //!< It waits behind others
    };

    /**
     * Put a packet into its input queue.
     * @param [in] in The input.
     * @param [in] packet The packet.
     */
    Joined PutInQueue(uint32_t in, uint32_t packet);

    /**
     * @param [in] outLink An output.
     * @param [in] flits Length of a packet.
     * @return when the output can accept it; it can now if that is not later than now.
     */
    Tick GetAcceptTime(uint32_t outLink, uint32_t flits) const
    {
        const Tick wireFree = m_links.GetFreeAt(outLink);
        if (!m_ports.GetOutput(outLink).parts)
        {
            return wireFree;
        }
        return GetQueueAcceptTime(outLink, flits);
    }

    /**
     * Pass a packet through the crossbar to its link.
     * @param [in] outLink The output.
     * @param [in] in The input.
     * @param [in] request The packet's request at the output.
     * @return when its last bit is through the crossbar.
     */
    Tick Grant(uint32_t outLink, uint32_t in, uint32_t request);

    /**
     * A packet that stood behind one that was granted makes a request at another output.
     * @param [in] outLink That output.
     */
    virtual void RaisedBehind(uint32_t outLink) = 0;

    /**
     * @param [in] request A request.
     * @return the input that makes it.
     */
    uint32_t GetRequester(uint32_t request) const
    {
        return GetInputs()[request / GetKind().vcs];
    }

    /** @return how many requests there may be at an output. */
    uint32_t GetRequests() const
    {
        return static_cast<uint32_t>(GetInputs().size()) * GetKind().vcs;
    }

    /**
     * @return how often a request is passed over before it goes before all others: more often than
     *         a round of any arbiter takes.
     */
    uint32_t GetPatience() const
    {
        const auto ports = static_cast<uint32_t>(GetInputs().size());
        return std::clamp(std::max(16U, ports) * ports * GetKind().vcs, 256U, 60000U);
    }

  private:
    /** GetAcceptTime() of an output that may have a queue behind the crossbar. */
    Tick GetQueueAcceptTime(uint32_t outLink, uint32_t flits) const;

    Multicast& m_multicast; //!< Hears of copies
};

[[gnu::always_inline]] inline InputQueuedChip::Joined
InputQueuedChip::PutInQueue(uint32_t in, uint32_t index)
{
    Packet& packet = m_pool[index];
    const InputPort& input = m_ports.GetInput(in);
    packet.in = in;
    PacketQueue& queue = m_ports.GetQueueOf(input, packet);
    const bool leads = queue.IsEmpty();
    queue.Push(m_pool, index);
    m_ports.Join(index);
    if (leads)
    {
        m_ports.GetOutput(packet.out).requests.Raise(m_ports.GetRequest(input, packet));
        return Joined::LEADS;
    }
    return packet.hasOutCredit ? Joined::HAS_TAKEN : Joined::BEHIND_ANOTHER;
}

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_INPUT_QUEUED_CHIP_H
