/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_EXPRESS_TRAIN_H
#define MTLINK_EXPRESS_TRAIN_H

#include "link/links.h"
#include "link/packet.h"

#include "ns3/mtlink-tick.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * The links by which packets go from one port of an endpoint to another endpoint. A packet starts
 * over a link when its head is through the switch before (with store and forward its tail) and the
 * wire is free, and its tail leaves no earlier than it has come: the same arithmetic as for packets
 * that are looked at one by one (Links::GetTrip()), to the picosecond and its fractions.
 */
struct ExpressWay
{
    static constexpr std::size_t MOST_HOPS = 32; //!< Of a way

    /** A link. */
    struct Hop
    {
        uint32_t link;   //!< The link
        uint8_t vc;      //!< VC on it
        uint8_t vcClass; //!< VC class on it
    };

    /** When a packet is where at a hop. */
    struct Passage
    {
        WireTime start; //!< First bit out
        WireTrip trip;  //!< What follows
        Tick arrives;   //!< It may go on, or is delivered
    };

    std::vector<Hop> hops;      //!< The links, from the endpoint
    std::vector<WireTime> free; //!< By hop: its wire is free of all packets that are planned

    /** @return the port's link. */
    uint32_t GetPort() const
    {
        return hops.front().link;
    }

    /**
     * Plan one packet.
     * @param [in] links The links.
     * @param [in] flits Its length.
     * @param [in] from It can go.
     * @param [in,out] wires By hop: its wire is free.
     * @param [out] passages By hop.
     */
    void PlanPacket(const Links& links,
                    uint32_t flits,
                    Tick from,
                    std::span<WireTime> wires,
                    std::span<Passage> passages) const;
};

/**
 * @ingroup mtlink
 * Messages of one queue that go one behind the other by ways which they have to themselves: one, or
 * several from equal ports, each of which takes the next packet as soon as its wire is free.
 */
struct ExpressTrain
{
    static constexpr std::size_t MOST_WAYS = 8; //!< Equal ports
    /** Packets of a message: what all of them do is found in one event, in seconds at most. */
    static constexpr uint64_t MOST_PACKETS = uint64_t{1} << 24;

    /** A message. */
    struct Message
    {
        uint32_t index{0};     //!< Which
        uint32_t packets{0};   //!< Its packets
        uint32_t moved{0};     //!< So many of the first have left
        uint32_t lastSize{0};  //!< Payload of the last
        uint32_t firstWay{0};  //!< Is asked first as it comes
        Tick from{0};          //!< It came to the ports
        Tick lastLeaves{0};    //!< The last packet's first bit leaves
        uint32_t lastWay{0};   //!< ... by this way
        Tick lastBit{0};       //!< The last bit of all leaves
        Tick arrives{0};       //!< It is in whole
        uint32_t arrivesBy{0}; //!< ... by this way
        uint32_t runFirst{0};  //!< From this packet on ...
        uint32_t runCount{0};  //!< ... so many are all alike, each ...
        Tick runLag{0};        //!< ... so much later than the one before
        Tick lastLeft{0};      //!< The last bit of those that have left by themselves
        bool isSent{false};    //!< Its last packet has left
    };

    uint32_t queue{0};             //!< Whose messages
    uint32_t packetSize{0};        //!< Payload of a packet, but the last
    Packet packet{};               //!< What all have in common
    std::vector<ExpressWay> ways;  //!< By port, in order of their links
    std::vector<Message> messages; //!< On their way, in order
    Tick served{-1};               //!< Its ports were looked at last

    /** @return whether it has its links. */
    bool IsUnderWay() const
    {
        return !messages.empty();
    }

    /**
     * Plan the times of a message's packets, behind those that are planned already.
     * @param [in] links The links.
     * @param [in,out] message The message; what stands before `lastLeaves` is set.
     */
    void Plan(const Links& links, Message& message);

    /**
     * @param [in] message A message.
     * @param [in] getFree Gives when the wire of a way's port is free.
     * @return the way of its next packet: that which is free first. Of several that are free as the
     *         message comes the one whose turn it is, else the first of them.
     */
    template <typename GetFree>
    uint32_t ChooseWay(const Message& message, GetFree getFree) const
    {
        const auto count = static_cast<uint32_t>(ways.size());
        uint32_t best = 0;
        Tick bestAt = NEVER;
        for (uint32_t i = 0; i < count; ++i)
        {
            const uint32_t way =
                message.firstWay + i < count ? message.firstWay + i : message.firstWay + i - count;
            const Tick at = std::max(getFree(way).whole, message.from);
            if (at < bestAt || (at == bestAt && at > message.from && way < best))
            {
                best = way;
                bestAt = at;
            }
        }
        return best;
    }

  private:
    /** Plan a message's packets that all go by one way. */
    void PlanAlone(const Links& links, Message& message);
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_EXPRESS_TRAIN_H
