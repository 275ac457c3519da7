/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FLOW_FLOW_RINGS_H
#define MTLINK_FLOW_FLOW_RINGS_H

#include "engine/event-channel.h"
#include "flow/flow-load.h"
#include "flow/flow-path.h"
#include "flow/ring-course.h"

#include "ns3/mtlink-fidelity.h"
#include "ns3/mtlink-transport.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace ns3
{
namespace mtlink
{

class FlowTransport;

/**
 * @ingroup mtlink
 * Whose message it is: a ring's, or nobody's.
 */
struct RingPassage
{
    uint32_t ring{NO_RING}; //!< The ring; NO_RING: it is of none
    uint32_t place{0};      //!< Of its source
    bool isListed{true};    //!< The client has heard of its beginning
};

/**
 * @ingroup mtlink
 * The rings of a flow transport. As all members of one have joined, and no link of it carries
 * anything else, it is carried as a whole: its course is followed at once, in closed form, and its
 * members are told when they are through. If another message comes to one of its links meanwhile,
 * the ring is given up: what of it is under way then becomes messages, and the rest goes message by
 * message, as it does before all have joined, and where members share links.
 *
 * What comes out is the same, but for what two things in one picosecond do to one another.
 */
class FlowRings : public EventHandler
{
  public:
    /** @param [in] transport Who carries messages; must outlive this. */
    explicit FlowRings(FlowTransport& transport);

    /**
     * See Transport::OpenRing().
     * @param [in] ring The ring.
     * @param [in] client Who hears of it.
     * @param [in] cookie The client's word for it.
     * @return its number.
     */
    uint32_t Open(const Ring& ring, RingClient* client, uint64_t cookie);

    /**
     * See Transport::JoinRing().
     * @param [in] ring Its number.
     * @param [in] place The member's place.
     */
    void Join(uint32_t ring, uint32_t place);

    /**
     * A message of a ring is about to come in: ask for what that will touch, and the message that
     * its next place may then send.
     * @param [in] ring The ring.
     * @param [in] place Of its source.
     * @param [in] bytes Its payload.
     * @param [in] step From 0, in order.
     */
    void PrefetchNext(uint32_t ring, uint32_t place, uint64_t bytes, uint32_t step) const;

    /**
     * A message of a ring is about to leave: ask for what that will touch.
     * @param [in] ring The ring.
     * @param [in] place Of its source.
     */
    void PrefetchSent(uint32_t ring, uint32_t place) const
    {
        __builtin_prefetch(&m_rings[ring].places[place], 1);
    }

    /**
     * The last bit of a ring's message has left.
     * @param [in] ring The ring.
     * @param [in] place Of its source.
     */
    void Sent(uint32_t ring, uint32_t place);

    /**
     * The last bit of a ring's message is in.
     * @param [in] passage Whose it is.
     * @param [in] number The client's, if it is listed.
     * @param [in] bytes Its payload.
     */
    void Delivered(const RingPassage& passage, uint64_t number, uint64_t bytes);

    /** @return whether a ring is carried as a whole. */
    bool HasWholes() const
    {
        return m_wholes > 0;
    }

    /**
     * See Transport::SendInRing().
     * @param [in] ring Its number.
     * @param [in] place The member's place.
     */
    void Send(uint32_t ring, uint32_t place);

    /**
     * A message is about to take a way: give up rings that are carried over it as a whole.
     * @param [in] path The way.
     * @param [in] ring The ring of which the message is part, or NO_RING.
     * @return whether there was one, so that other ways were looked up.
     */
    bool MakeRoom(const FlowWay& path, uint32_t ring);

    /**
     * A message of a ring has waited for others, or shared links with them: what is to come does
     * not follow from when members joined.
     * @param [in] ring The ring.
     */
    void NoteDisturbed(uint32_t ring)
    {
        m_rings[ring].isDisturbed = true;
    }

    /** Give up all rings, so that all is counted that has happened so far. */
    void GiveUpAll();

    void OnEvent(uint64_t word) override;

  private:
    /** How a ring goes. */
    enum State : uint8_t
    {
        GATHERING,  //!< Who joins in this instant is waited for
        BY_MESSAGE, //!< Message by message
        WHOLE,      //!< As a whole
    };

    /** How far a place is. */
    struct Place
    {
        Tick joined{NEVER};       //!< When it did
        uint32_t ready{0};        //!< Messages that the client was told of
        uint32_t handed{0};       //!< Of them, those handed over
        uint32_t sent{0};         //!< Of those, those that have left
        uint32_t received{0};     //!< Messages that have come in
        bool isSentTold{false};   //!< The client knows that all have left
        bool isPassedTold{false}; //!< The client knows that all have come in
    };

    /** Whose a link is. */
    struct Owner
    {
        uint32_t ring{NO_RING}; //!< The ring
        uint32_t place{0};      //!< The source of the leg
    };

    /** A link of a leg. */
    struct LegLink
    {
        uint32_t link;   //!< The link
        uint32_t weight; //!< Of the leg's messages, see FlowStep
        uint16_t part;   //!< Which part of them
        uint16_t parts;  //!< Of how many
    };

    /** What is kept of a ring while it is carried as a whole. */
    struct Whole
    {
        RingCourse::Plan plan;                     //!< Its course
        std::vector<uint64_t> sizes;               //!< By length: bytes
        std::vector<std::vector<FlowLoad>> loads;  //!< By kind of leg, then length
        std::vector<std::vector<uint32_t>> counts; //!< By length: chunks that have it before each
        std::vector<LegLink> links;                //!< Of all legs
        std::vector<uint32_t> firstLink;           //!< By place; and the end
        std::vector<Tick> over;                    //!< By place: when its leg is free again, ps
        std::vector<uint32_t> before;              //!< By place: messages handed over before
    };

    /** A ring. */
    struct OpenRing
    {
        Ring ring;                      //!< What was asked for
        RingClient* client{nullptr};    //!< Who hears of it
        uint64_t cookie{0};             //!< The client's word
        std::vector<Place> places;      //!< By place
        std::unique_ptr<Whole> whole;   //!< If it is carried as a whole
        uint32_t joined{0};             //!< Places that have joined
        uint32_t left{0};               //!< Calls that the client has not had
        uint32_t pending{0};            //!< Events and messages under way
        State state{GATHERING};         //!< How it goes
        bool isDisturbed{false};        //!< See NoteDisturbed()
        bool isHindered{false};         //!< Another ring wanted a link that it has claimed
        Fidelity word{Fidelity::EXACT}; //!< The worst of its messages
        Tick early{0};                  //!< So much earlier it may be in packets, as a whole, ps
    };

    /** Tell the client of what a place may send. */
    void Pump(uint32_t ring, uint32_t place);

    /** All rings that were joined in this instant begin. */
    void BeginGathered();

    /** Carry rings as wholes from now on, those that can be. */
    void TryWholes(std::span<const uint32_t> rings);

    /** Follow a ring's course and have its members told. @return false: it can't be followed. */
    bool Follow(uint32_t ring, Whole& whole);

    /**
     * Find what carries a ring, and claim all links of that.
     * @param [in] ring The ring.
     * @param [out] whole Gets its legs.
     * @return whether nothing else is on them, and nothing but the wire binds.
     */
    bool FindLegs(uint32_t ring, Whole& whole);

    /** Claim a link for a leg. @return whether nothing but the ring's own messages is on it. */
    bool Claim(uint32_t link, uint32_t ring, uint32_t place);

    /** From now on it is carried message by message. */
    void GiveUp(uint32_t ring);

    /**
     * Count messages of a leg.
     * @param [in] open The ring.
     * @param [in] place Their source.
     * @param [in] from First step.
     * @param [in] sent After the last that has left.
     * @param [in] received After the last that has come in.
     */
    void Count(const OpenRing& open,
               uint32_t place,
               uint32_t from,
               uint32_t sent,
               uint32_t received);

    /** Note what a ring that is carried as a whole may change, and be changed by. */
    void NoteWhole(OpenRing& open);

    /** An endpoint has heard of a ring that was carried as a whole. */
    void NoteHeard(const OpenRing& open, uint32_t place);

    /** A leg's links are free for others. */
    void Leave(const OpenRing& open, uint32_t ring, uint32_t place);

    /** Have the client told something at a time. */
    void Schedule(uint32_t ring, uint32_t place, uint64_t kind, Tick at);

    /** Tell the client that all of a place has left, or has come in. */
    void Tell(uint32_t ring, uint32_t place, bool isPassed);

    /** A ring that is over may be forgotten. */
    void Close(uint32_t ring);

    FlowTransport& m_transport;                                //!< Carries messages
    EventClock m_clock;                                        //!< Time
    EventChannel m_events{m_clock, *this, EventPhase::ARRIVE}; //!< Members are through
    EventChannel m_begins{m_clock, *this, EventPhase::GATHER}; //!< BEGIN
    std::vector<OpenRing> m_rings;                             //!< By number
    std::vector<uint32_t> m_free;                              //!< Numbers to use again
    std::vector<Owner> m_owners;       //!< By link: who is carried over it as a whole
    std::vector<uint32_t> m_gathering; //!< Rings that begin at the end of this instant
    uint32_t m_wholes{0};              //!< Rings carried as a whole
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FLOW_FLOW_RINGS_H
