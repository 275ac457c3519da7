/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_EXPRESS_MESSAGES_H
#define MTLINK_EXPRESS_MESSAGES_H

#include "endpoint/endpoints.h"
#include "endpoint/message-express.h"
#include "engine/event-clock.h"
#include "express/express-train.h"
#include "link/links.h"
#include "switch/switches.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Express messages: where a message has all links of its way to itself, nothing can hold its
 * packets up, and when each is where is known when it begins. Then it takes three events, whatever
 * its length and its way: its last packet leaves, its last bit has left, its last bit is in. What
 * its packets do to links, buffers, credits, windows and counters is told to them with the last
 * event, packet by packet, each at its own time: results are the same to the byte.
 *
 * As soon as another packet comes for one of its links, or somebody looks, what is under way is put
 * into being: what has left is on the wires and in the buffers where it would be by now, and the
 * rest goes as packets. Messages that follow in the same queue by the same way join.
 *
 * A message of no more than ExpressTrain::MOST_PACKETS goes by express if its way is open and idle
 * (Chip::IsOpen(), Links::IsQuiet()), no link of it is slower than the first, and buffers and
 * window hold more than can be under way. Not where
 * ways are chosen by load, chance or turn, where queues are shown (ECN, telemetry), under a
 * congestion control, with detours, traffic classes, reorder buffers, retries or shared buffers;
 * nor while a trace of packets is connected: one that is connected while a message is on its way by
 * express sees the packets of the next.
 */
class ExpressMessages : public MessageExpress, public ExpressOwner
{
  public:
    /** What packets meet; all must outlive this. */
    struct Parts
    {
        EventClock& clock;         //!< The clock
        PacketPool& pool;          //!< The packets
        Links& links;              //!< The links
        Switches& switches;        //!< The chips
        Endpoints::Parts endpoint; //!< What endpoints are made of
    };

    /** @param [in] parts The fabric. */
    explicit ExpressMessages(const Parts& parts);

    bool Begin(uint32_t link, uint32_t queue) override;
    bool GoOn(uint32_t link) override;
    void TakeBackAll() override;
    void TakeBack(uint32_t link) override;
    void ArriveByExpress(uint32_t link) override;

  private:
    /** Where a packet has got to. */
    enum class Stage : uint8_t
    {
        UNSENT,    //!< It is still to be sent
        UNDER_WAY, //!< It is on a wire or in a switch
        DELIVERED, //!< It is at its destination
    };

    /** @return whether the fabric, and who looks at it, allows for express messages. */
    bool IsPossible() const;

    /** @return a train that is not in use; Release() gives it back. */
    ExpressTrain& TakeTrain();

    /** @return the index of a train. */
    uint32_t GetIndex(const ExpressTrain& train) const
    {
        return static_cast<uint32_t>(&train - m_trains.data());
    }

    /** @return whether the ways of a queue's next message are open, and have room. */
    bool FindWays(ExpressTrain& train);

    /** @return whether the way from a port is open; its links are the train's from now on. */
    bool FindWay(const ExpressTrain& train, ExpressWay& way, uint32_t link);

    /** @return whether buffers on a way, and the window, hold all that can be under way. */
    bool HasRoom(const ExpressTrain& train, const ExpressWay& way) const;

    /**
     * The message that leads a train's queue joins the train.
     * @param [in,out] train The train.
     * @param [in] isBehind Whether the one before it has just been sent.
     * @return whether it can: if not, the train is to end.
     */
    bool Join(ExpressTrain& train, bool isBehind);

    /** So many packets of a message have left: as its queue and port group have it. */
    void NoteSent(const ExpressTrain& train,
                  const ExpressTrain::Message& message,
                  uint32_t packets);

    /** What has left of a train has; the rest is to be sent by its port. */
    void End(ExpressTrain& train);

    /** A train has no links any more, and is free for others. */
    void Release(ExpressTrain& train);

    /**
     * The next packet of a message goes as far as it gets before a time.
     * @param [in,out] train The train.
     * @param [in,out] message The message.
     * @param [in] now The time; what happens then has not happened. NEVER: all of it.
     * @return where it is.
     */
    Stage Move(ExpressTrain& train, ExpressTrain::Message& message, Tick now);

    /** @return whether the next packet of a message begins a run that can move as one. */
    bool IsRun(const ExpressTrain::Message& message) const;

    /**
     * Packets that are all alike go all the way.
     * @param [in,out] train The train.
     * @param [in,out] message The message; the first of them is to move now.
     * @param [in] now The time; those go that are in before. NEVER: all of them.
     */
    void MoveRun(ExpressTrain& train, ExpressTrain::Message& message, Tick now);

    /** @return the next packet of a message, with what is known of it before it goes. */
    Packet MakePacket(const ExpressTrain& train, const ExpressTrain::Message& message) const;

    /**
     * A packet goes over a hop, and leaves the switch before it, if there is one.
     * @param [in] way Its way.
     * @param [in] hop The hop, index into the way's.
     * @param [in,out] packet The packet; gets its times at the far end.
     * @param [in] at It was there, and could go.
     * @param [in] tailReady Its last bit could not leave before.
     * @return when its last bit left.
     */
    Tick Carry(const ExpressWay& way, uint32_t hop, Packet& packet, Tick at, Tick tailReady);

    /** A packet is on the wire of a hop, and will arrive by itself. */
    void PutOnWire(const ExpressWay& way, uint32_t hop, const Packet& packet);

    /** A packet waits at a switch until the wire of a hop is free. */
    void PutInSwitch(const ExpressWay& way, uint32_t hop, const Packet& packet, Tick at);

    Parts m_parts;                       //!< The fabric
    std::vector<ExpressTrain> m_trains;  //!< As many as were ever in use at once
    std::vector<uint32_t> m_free;        //!< Of them those that are not in use
    std::vector<uint32_t> m_trainOfLink; //!< By link: whose it is, or was last
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_EXPRESS_MESSAGES_H
