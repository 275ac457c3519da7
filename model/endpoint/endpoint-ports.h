/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_ENDPOINT_PORTS_H
#define MTLINK_ENDPOINT_PORTS_H

#include "endpoint/congestion-feedback.h"
#include "endpoint/detours.h"
#include "endpoint/endpoint-event.h"
#include "endpoint/message-express.h"
#include "endpoint/messages.h"
#include "endpoint/send-queues.h"
#include "endpoint/send-windows.h"
#include "engine/pending-look.h"
#include "link/class-scheduler.h"
#include "link/link-server.h"
#include "link/links.h"
#include "link/vc-layout.h"

#include "ns3/mtlink-endpoint-profile.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What the endpoints need to know of one of their links.
 */
struct PortSpec
{
    uint32_t link{0};                 //!< Link out of an endpoint
    VcLayout layout;                  //!< VCs of its traffic classes and of the routing's classes
    const ClassRules* rules{nullptr}; //!< How several traffic classes take turns; must outlive all
    bool sprayed{false};              //!< Each packet chooses its path anew
    bool controlled{false};           //!< Under the congestion control, if there is one
};

/**
 * @ingroup mtlink
 * The ports of all endpoints. Each free port pulls a packet from the queues that may use it:
 * traffic classes take turns as their ClassScheduler says, then the port groups that the port is in
 * go round, then the queues in the ring of the group, as window, congestion control and credit
 * allow. Equivalent ports (parallel links to a peer, planes) are one group: a message is striped
 * over them packet by packet.
 *
 * Here is what a port sends next, and why not; how it gets onto the wire is LinkServer's.
 */
class EndpointPorts : public EventHandler, public PacketSender
{
  public:
    /** What ports must know of the fabric; all must outlive them. */
    struct Parts
    {
        EventClock& clock;              //!< The clock
        EndpointEvents& events;         //!< END_SENDING
        PacketPool& pool;               //!< The packets
        Links& links;                   //!< The links
        Messages& messages;             //!< The messages
        SendQueues& queues;             //!< The queues
        SendWindows& windows;           //!< Their windows
        CongestionFeedback& feedback;   //!< Of the congestion control
        const EndpointProfile& profile; //!< Parameters
    };

    /** @param [in] parts The fabric. */
    explicit EndpointPorts(const Parts& parts);

    /** Add a port. @param [in] spec Its link, which is in Links, and how to use it. */
    void Add(const PortSpec& spec);

    /**
     * Let packets make a detour by a port's peer, which forwards them.
     * @param [in] detours All detours; must outlive this.
     * @param [in] spec The port, which was added.
     */
    void AllowDetours(Detours& detours, const DetourSpec& spec);

    /** @return whether packets may make detours. */
    bool HasDetours() const
    {
        return m_detours != nullptr;
    }

    /** A port group uses a port. @param [in] link The port's. @param [in] group The group. */
    void Join(uint32_t link, uint32_t group);

    /** @return whether a port is under the congestion control. @param [in] link The port's link. */
    bool IsControlled(uint32_t link) const
    {
        return m_ports[link].controlled;
    }

    /** @param [in] express Sends whole messages where it can; must outlive this. */
    void SetExpress(MessageExpress* express)
    {
        m_express = express;
    }

    // For express messages.

    /**
     * @param [in] link A port's link.
     * @param [in] queue A queue, or NO_QUEUE.
     * @return whether none but that has something for the port.
     */
    bool IsAlone(uint32_t link, uint32_t queue) const;

    /** @return whether each packet chooses its path anew. @param [in] link A port's link. */
    bool IsSprayed(uint32_t link) const
    {
        return m_ports[link].sprayed;
    }

    /** @return the VCs of a port. @param [in] link Its link. */
    const VcLayout& GetLayout(uint32_t link) const
    {
        return m_ports[link].layout;
    }

    /**
     * A queue's packets have the turns of a port.
     * @param [in] link The port's link.
     * @param [in] queue The queue.
     */
    void TakeTurn(uint32_t link, uint32_t queue);

    /**
     * The message that leads a queue, and has a port to itself, has been sent.
     * @param [in] queue The queue.
     * @param [in] lastBit When its last bit has left.
     */
    void EndMessage(uint32_t queue, Tick lastBit);

    /** Look at a port again; the earliest look counts. @param [in] link Its. @param [in] at When.
     */
    void LookAt(uint32_t link, Tick at)
    {
        if (m_ports[link].look.Ask(at))
        {
            m_looks.Schedule(at, link);
        }
    }

    /** More waits in a queue: if it was empty, its ports pull. @param [in] queue The queue. */
    void Wake(uint32_t queue);

    /** Wake() a queue; and more may make detours. @param [in] queue The queue. */
    void WakeAndOffer(uint32_t queue);

    /** A queue's window may be open, or its pace allow the next packet. @param [in] queue It. */
    void Reopen(uint32_t queue);

    /** Other ports of an endpoint may take detours. @param [in] endpoint The endpoint. */
    void TakeOffers(uint32_t endpoint);

    // For a memo: PairState.

    /**
     * @param [in] link A port's link.
     * @return whether it serves one port group, in one traffic class, on one VC.
     */
    bool IsPlain(uint32_t link) const
    {
        const Port& port = m_ports[link];
        return port.turns.groups.size() == 1 && !port.classes &&
               (!port.sprayed || port.layout.vcsPerClass == 1);
    }

    /** @return whether it is to be looked at. @param [in] link A port's link. */
    bool IsLookPending(uint32_t link) const
    {
        return m_ports[link].look.IsPending();
    }

    void CreditComes(uint32_t link, Tick at) override;
    uint32_t FindWaiting(uint32_t link, uint32_t vc) const override;
    void LinkFails(uint32_t link) override;

    /** @copydoc EventHandler::OnEvent(). Port `word` is to be looked at. */
    void OnEvent(uint64_t word) override;
    void Prefetch(uint64_t word, uint32_t step) override;

  private:
    /** The turns of the port groups that a port is in. */
    struct PortTurns
    {
        std::vector<uint32_t> groups; //!< Port groups
        uint32_t nextGroup{0};        //!< Whose turn it is, index into groups
    };

    /** A port's traffic classes, where there are several. */
    struct PortClasses
    {
        ClassScheduler scheduler;     //!< Whose turn it is
        std::vector<PortTurns> turns; //!< By class
    };

    /** A port: the near end of a link. */
    struct Port
    {
        PortTurns turns;                      //!< Its port groups, if it has one traffic class
        PendingLook look;                     //!< Its pending event
        VcLayout layout;                      //!< Its VCs
        bool sprayed{false};                  //!< Each packet chooses its path anew
        bool controlled{false};               //!< Under the congestion control
        bool detours{false};                  //!< Packets may make a detour by it
        std::unique_ptr<PortClasses> classes; //!< Its traffic classes, or nothing
    };

    class Turn; //!< What a LinkServer sees of a port

    /** The next packet of a queue, on a port. */
    struct NextPacket
    {
        uint32_t payload{0};  //!< Bytes
        uint32_t flits{0};    //!< Length there
        uint32_t flow{0};     //!< Its hash
        uint32_t vc{0};       //!< Its VC there
        uint32_t via{NO_VIA}; //!< The port's peer, if it makes a detour
    };

    /** Look at a port now if its wire is free: else somebody will, when it is. */
    void LookIfFree(uint32_t link);

    /** A queue with something that may be sent joins its ring, and its ports pull. */
    void Activate(uint32_t queue);

    /** More waits in a queue, or can be sent: other ports may take it for detours. */
    void Offer(uint32_t queue);

    /** Let the ports of a group that are free pull packets. */
    void ServeGroup(uint32_t group);

    /** Let a port pull packets as long as its wire is free. */
    void Serve(uint32_t link);

    /** @return whether what a port is to send goes by express. */
    bool SendByExpress(uint32_t link);

    /** Let a port pull a packet of its own endpoint's. @return whether it did. */
    [[gnu::always_inline]] bool SendOwn(LinkLook& look);

    /**
     * Let a port pull a packet of one traffic class.
     * @param [in,out] turns The port groups of that class.
     * @param [in,out] look At the port.
     * @return the packet's length in flits; 0: none was sent.
     */
    [[gnu::always_inline]] uint32_t SendByTurns(PortTurns& turns, LinkLook& look);

    /** @return whether any of a port's groups has something to send. */
    bool HasMore(const PortTurns& turns) const
    {
        for (const uint32_t group : turns.groups)
        {
            if (!m_parts.queues.GetGroup(group).IsEmpty())
            {
                return true;
            }
        }
        return false;
    }

    /** @return whether any group that a port is in has, of any traffic class. */
    bool HasMore(const Port& port) const
    {
        if (!port.classes) [[likely]]
        {
            return HasMore(port.turns);
        }
        return std::any_of(port.classes->turns.begin(),
                           port.classes->turns.end(),
                           [this](const PortTurns& turns) { return HasMore(turns); });
    }

    /** Let a port pull a packet that its endpoint forwards. @return whether it did. */
    bool SendForward(LinkLook& look);

    /** Let a port with nothing else to send take a detour. @return whether it did. */
    bool SendDetour(LinkLook& look);

    /**
     * @param [in] group A group that a port is in, or, for a detour, any.
     * @param [in,out] look At the port, whose wire is free.
     * @param [in] via The port's peer, for a detour.
     * @return the length, in flits, of the packet of the group that was sent; 0: none was.
     */
    uint32_t SendFrom(uint32_t group, LinkLook& look, uint32_t via = NO_VIA);

    /**
     * @param [in] index A queue in a ring.
     * @param [in,out] look At a port.
     * @param [in] firstVc First of the VCs that its packets may use there.
     * @param [in,out] next Its next packet; `via` is given.
     * @return whether that may go; if not for credit, that was asked for.
     */
    WhyNot Ask(uint32_t index, LinkLook& look, uint32_t firstVc, NextPacket& next);

    /** @return whether window and control allow a queue's next packet; else an event will tell. */
    bool MaySend(uint32_t queue, uint32_t payload);

    /** Send a queue's next packet, which may go. */
    void Send(uint32_t queue, uint32_t link, const NextPacket& next);

    /** A packet of a group was sent: other ports may send what leads it now. */
    void PassTurn(uint32_t group);

    /** Nothing waits in a group any more: ports that waited for credit have nothing to send. */
    void EndStalls(PortGroup& group, uint32_t vc);

    /** Prefetch() of what leads a port's only group, from step 3 on. */
    void PrefetchNext(uint32_t link, const PortGroup& group, uint32_t step) const;

    Parts m_parts;                      //!< The fabric
    EventChannel m_looks;               //!< At ports
    MessageExpress* m_express{nullptr}; //!< Sends whole messages, or nobody does
    Detours* m_detours{nullptr};        //!< Detours, or none
    std::vector<Port> m_ports;          //!< By link
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_ENDPOINT_PORTS_H
