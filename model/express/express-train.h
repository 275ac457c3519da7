/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_EXPRESS_TRAIN_H
#define MTLINK_EXPRESS_TRAIN_H

#include "link/links.h"
#include "link/packet.h"

#include "ns3/mtlink-tick.h"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Messages of one queue that go one behind the other by the same way, which they have to
 * themselves; and the times of their packets. A packet starts over a link when its head is through
 * the switch before (with store and forward its tail) and the wire is free, and its tail leaves no
 * earlier than it has come: the same arithmetic as for packets that are looked at one by one
 * (Links::GetTrip()), to the picosecond and its fractions.
 */
struct ExpressTrain
{
    /** A link of the way. */
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

    /** A message. */
    struct Message
    {
        uint32_t index{0};    //!< Which
        uint32_t packets{0};  //!< Its packets
        uint32_t moved{0};    //!< So many of the first have left
        uint32_t lastSize{0}; //!< Payload of the last
        Tick from{0};         //!< It came to the port
        Tick lastLeaves{0};   //!< The last packet's first bit leaves
        Tick lastBit{0};      //!< Its last bit leaves
        Tick arrives{0};      //!< Its last bit is in
        uint32_t runFirst{0}; //!< From this packet on ...
        uint32_t runCount{0}; //!< ... so many are all alike, each ...
        Tick runLag{0};       //!< ... so much later than the one before
        bool isSent{false};   //!< Its last packet has left
    };

    static constexpr std::size_t MOST_HOPS = 32; //!< Of a way

    uint32_t queue{0};             //!< Whose messages
    uint32_t packetSize{0};        //!< Payload of a packet, but the last
    Packet packet{};               //!< What all have in common
    std::vector<Hop> hops;         //!< The way, from the endpoint
    std::vector<WireTime> free;    //!< By hop: its wire is free of all packets that are planned
    std::vector<Message> messages; //!< On their way, in order
    Tick served{-1};               //!< Its port was looked at last

    /** @return whether it has its links. */
    bool IsUnderWay() const
    {
        return !messages.empty();
    }

    /**
     * Plan the times of a message's packets, behind those that are planned already.
     * @param [in] links The links.
     * @param [in,out] message The message; `packets`, `lastSize` and `from` are set.
     */
    void Plan(const Links& links, Message& message);

    /**
     * Plan one packet.
     * @param [in] links The links.
     * @param [in] flits Its length.
     * @param [in] from It can go; 0: as soon as the wire is free.
     * @param [in,out] free By hop: its wire is free.
     * @param [out] passages By hop.
     */
    void PlanPacket(const Links& links,
                    uint32_t flits,
                    Tick from,
                    std::span<WireTime> free,
                    std::span<Passage> passages) const;

  private:
    /**
     * @return by how much the second of two packets is later than the first, everywhere, in whole
     *         ticks; 0: not everywhere by as much.
     */
    static Tick GetLag(std::span<const Passage> first, std::span<const Passage> second);
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_EXPRESS_TRAIN_H
