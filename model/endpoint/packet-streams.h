/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_PACKET_STREAMS_H
#define MTLINK_PACKET_STREAMS_H

#include "endpoint/messages.h"
#include "endpoint/send-queues.h"
#include "endpoint/send-windows.h"
#include "link/links.h"
#include "link/vc-layout.h"

#include <cstdint>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Packets of one message that leave a port one directly behind the other.
 */
struct PacketStream
{
    uint32_t queue{NO_QUEUE}; //!< That sends them; NO_QUEUE: there is none
    uint32_t certain{0};      //!< So many more leave, whatever happens
    uint32_t flow{0};         //!< Hash of the next, unless each has its own
    uint32_t flits{0};        //!< Length of each
    uint8_t vc{0};            //!< Their VC
    bool sprayed{false};      //!< Each has its own hash
    uint8_t patience{0};      //!< So many packets of the port are not worth another stream
    Tick time{0};             //!< Of each on the wire, rounded down

    /** @return whether there is one. */
    bool IsOn() const
    {
        return queue != NO_QUEUE;
    }

    /** From now on there is none. */
    void Clear()
    {
        queue = NO_QUEUE;
        certain = 0;
    }
};

/**
 * @ingroup mtlink
 * Streams: where one message alone has a port, and credit and window are known to suffice, its
 * packets leave one directly behind the other, whatever else happens. Then no event is needed for
 * each: they are handed over to the link when one that left earlier arrives at the far end, or when
 * somebody wants to know or to have his turn. Each leaves at the time at which an event would have
 * sent it; before a message that comes at that very instant. The last packet of a message has an
 * event, as others may hear of it. Ports that take turns, share or may lose do without streams:
 * EndpointPorts::BeginStream() and Links::CanStream() say which.
 */
class PacketStreams
{
  public:
    /**
     * @param [in] clock The clock; must outlive this, as the others.
     * @param [in] pool The packets.
     * @param [in] links The links.
     * @param [in] messages The messages.
     * @param [in] queues The queues.
     * @param [in] windows Their windows.
     */
    PacketStreams(EventClock& clock,
                  PacketPool& pool,
                  Links& links,
                  Messages& messages,
                  SendQueues& queues,
                  SendWindows& windows)
        : m_clock(clock),
          m_pool(pool),
          m_links(links),
          m_messages(messages),
          m_queues(queues),
          m_windows(windows)
    {
    }

    /**
     * A queue that has a port to itself has more to send.
     * @param [in] link The port's link, whose wire is busy.
     * @param [in,out] stream The port's stream; it has none.
     * @param [in] index The queue.
     * @param [in] layout The port's VCs.
     * @param [in] sprayed Whether each packet chooses its path anew.
     * @return whether that leaves as a stream.
     */
    bool Begin(uint32_t link,
               PacketStream& stream,
               uint32_t index,
               const VcLayout& layout,
               bool sprayed);

    /**
     * What has left by now is handed over.
     * @param [in] link The port's link.
     * @param [in,out] stream Its stream.
     * @return whether there is none any more, or the next one leaves before the next call; if not
     *         it is to end.
     */
    bool CatchUp(uint32_t link, PacketStream& stream);

    /**
     * The same, and from now on each packet is sent by an event of its own.
     * @param [in] link The port's link.
     * @param [in,out] stream Its stream.
     */
    void End(uint32_t link, PacketStream& stream);

    /**
     * Hand over what of a stream has left until a time.
     * @param [in] link The port's link.
     * @param [in,out] stream Its stream.
     * @param [in] until The time.
     */
    void HandOver(uint32_t link, PacketStream& stream, Tick until);

  private:
    /** Packets that a port sends before it tries again to stream: credit or window was scarce. */
    static constexpr uint8_t PATIENCE = 8;

    /**
     * Count the packets of a stream that leave whatever happens.
     * @return whether they reach up to the next CatchUp().
     */
    bool Extend(uint32_t link, PacketStream& stream);

    /** @return whether no packet of a stream leaves before the next CatchUp() but certain ones. */
    bool IsCertain(uint32_t link, const PacketStream& stream) const
    {
        return m_links.GetFreeAt(link) + stream.certain * stream.time >= m_links.GetDue(link);
    }

    EventClock& m_clock;    //!< The clock
    PacketPool& m_pool;     //!< The packets
    Links& m_links;         //!< The links
    Messages& m_messages;   //!< The messages
    SendQueues& m_queues;   //!< The queues
    SendWindows& m_windows; //!< Their windows
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_PACKET_STREAMS_H
