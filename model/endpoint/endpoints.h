/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_ENDPOINTS_H
#define MTLINK_ENDPOINTS_H

#include "endpoint/congestion-feedback.h"
#include "endpoint/deliveries.h"
#include "endpoint/detours.h"
#include "endpoint/endpoint-event.h"
#include "endpoint/endpoint-ports.h"
#include "endpoint/messages.h"
#include "endpoint/pair-state.h"
#include "endpoint/queue-directory.h"
#include "endpoint/send-queues.h"
#include "endpoint/send-windows.h"
#include "engine/due-list.h"
#include "link/links.h"

#include "ns3/mtlink-endpoint-profile.h"
#include "ns3/mtlink-routing.h"
#include "ns3/mtlink-transport.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * All endpoints, assembled from their parts: a message waits in the queue of its destination
 * (QueueDirectory, SendQueues); each free port pulls a packet from the queues that may use it
 * (EndpointPorts), as windows and congestion control allow (SendWindows, CongestionFeedback);
 * arrived packets complete messages (Deliveries), or are relayed or forwarded from here.
 */
class Endpoints : public EventHandler, public PacketReceiver, public LossListener
{
  public:
    /**
     * @param [in] clock The clock; must outlive this, as the others.
     * @param [in] pool The packets.
     * @param [in] links The links.
     * @param [in] routing The routes.
     * @param [in] profile Parameters.
     * @param [in] latency An acknowledgement takes this long to open the window.
     * @param [in] seed Of flow hashes.
     */
    Endpoints(EventClock& clock,
              PacketPool& pool,
              Links& links,
              const Routing& routing,
              Ptr<const EndpointProfile> profile,
              LatencyFunction latency,
              uint32_t seed);

    /**
     * Add a port.
     * @param [in] spec Its link, which must have been added to Links, and how to use it.
     */
    void AddPort(const PortSpec& spec);

    /**
     * Let packets make a detour by a port's peer, which forwards them.
     * @param [in] spec The port, which must have been added.
     */
    void AllowDetours(const DetourSpec& spec);

    /**
     * Take a message; see Transport::Send().
     * @param [in] message What to send.
     * @param [in] client Who hears of it.
     * @param [in] cookie The client's word for it.
     */
    void Send(const Message& message, MessageClient* client, uint64_t cookie);

    // Into the trees of groups.

    /** @return the number of a new queue into a group's tree. @param [in] spec What it is. */
    uint32_t OpenTreeQueue(const TreeQueueSpec& spec)
    {
        return m_directory.OpenTreeQueue(spec);
    }

    /**
     * Send a message into a group's tree, after those sent there before.
     * @param [in] queue The queue into the tree.
     * @param [in] bytes Payload, at least 1.
     * @param [in] distributor Packet::target of its packets.
     * @param [in] client Who hears that it has left.
     * @param [in] cookie The client's word for it.
     * @return the message, to be closed by CloseTreeMessage().
     */
    uint32_t SendIntoTree(uint32_t queue,
                          uint64_t bytes,
                          uint32_t distributor,
                          MessageClient* client,
                          uint64_t cookie);

    /**
     * A packet that went into a tree has been answered for: the queue's window opens.
     * @param [in] queue The queue into the tree.
     * @param [in] at When, not before now.
     */
    void AcknowledgeFromTree(uint32_t queue, Tick at)
    {
        m_windows.AcknowledgeFromTree(queue, at);
    }

    /**
     * No packet of a message, and none that was made of one, is under way any more.
     * @param [in] message The message, which has left.
     */
    void CloseTreeMessage(uint32_t message);

    /** @return the host's time before a message's first bit. */
    Tick GetMessageOverhead() const
    {
        return ToTicks(m_profile->GetMessageOverhead());
    }

    /** The parts that express messages deal with. */
    struct Parts
    {
        Messages& messages;           //!< The messages
        SendQueues& queues;           //!< What waits
        SendWindows& windows;         //!< How much may be in flight
        CongestionFeedback& feedback; //!< Of the congestion control
        EndpointPorts& ports;         //!< What goes
        Deliveries& deliveries;       //!< What comes
    };

    /** @return these. */
    Parts GetParts()
    {
        return {m_messages, m_queues, m_windows, m_feedback, m_ports, m_deliveries};
    }

    // The parts that others deal with.

    /** @return who sends on the links out of endpoints. */
    EndpointPorts& GetPorts()
    {
        return m_ports;
    }

    /** @return what comes in. */
    Deliveries& GetDeliveries()
    {
        return m_deliveries;
    }

    /** @return what the congestion control hears. */
    CongestionFeedback& GetCongestionFeedback()
    {
        return m_feedback;
    }

    /** @return what a memo asks. */
    PairState& GetPairState()
    {
        return m_pairState;
    }

    /**
     * @param [in] message A message under way.
     * @return its source and destination endpoint.
     */
    std::pair<uint32_t, uint32_t> GetEnds(uint32_t message) const
    {
        return {m_messages[message].src, m_messages[message].dst};
    }

    /**
     * @param [in] most How many at most.
     * @return queues with data that can't move: (endpoint, target), for a stalled run.
     */
    std::vector<std::pair<uint32_t, uint32_t>> GetWaiting(std::size_t most) const
    {
        return m_queues.GetWaiting(most);
    }

    void Arrive(uint32_t link, uint32_t packet) override;
    void PrefetchArrival(uint32_t link, uint32_t packet, uint32_t step) override;
    PacketExit FindExit(uint32_t link, uint32_t vc) const override;
    void PacketLost(uint32_t packet) override;

    /** @copydoc EventHandler::OnEvent(). See EndpointEvents. */
    void OnEvent(uint64_t word) override;

  private:
    /** A message joins its queue. */
    void Enqueue(uint32_t message);

    /** A packet has come to the end of a leg, not to its destination. */
    void TakeRelay(uint32_t packet);

    /** A packet of another endpoint is to go on. */
    void Relay(uint32_t packet);

    /** A packet on a detour has come by a link to the endpoint that forwards it. */
    void TakeDetour(uint32_t link, uint32_t packet);

    /** A packet on a detour may go on. */
    void Forward(uint32_t packet);

    /** Something is to be dealt with after a delay. */
    void Defer(DueList& list, EndpointEvent kind, Tick delay, uint32_t index);

    /** Deal with what is due. */
    void TakeDue(DueList& list, EndpointEvent kind, void (Endpoints::*deal)(uint32_t));

    EventClock& m_clock;                  //!< The clock
    PacketPool& m_pool;                   //!< The packets
    Links& m_links;                       //!< The links
    const Routing& m_routing;             //!< The routes
    Ptr<const EndpointProfile> m_profile; //!< Parameters
    EndpointEvents m_events;              //!< What parts are to do later
    DueList m_starting;                   //!< Messages whose overhead is not over
    DueList m_relaying;                   //!< Packets at relays
    DueList m_forwarding;                 //!< Packets on detours
    Messages m_messages;                  //!< Messages under way
    SendQueues m_queues;                  //!< What waits
    SendWindows m_windows;                //!< How much may be in flight
    CongestionFeedback m_feedback;        //!< What the congestion control hears
    EndpointPorts m_ports;                //!< What goes
    QueueDirectory m_directory;           //!< Where what is to go waits
    Deliveries m_deliveries;              //!< What comes
    PairState m_pairState;                //!< For a memo
    std::unique_ptr<Detours> m_detours;   //!< By ports' peers, or none
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_ENDPOINTS_H
