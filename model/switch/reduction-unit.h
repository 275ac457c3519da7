/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_REDUCTION_UNIT_H
#define MTLINK_REDUCTION_UNIT_H

#include "engine/due-list.h"
#include "link/links.h"
#include "switch/multicast.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What the reduction unit of one chip is made of.
 */
struct ReductionUnitSpec
{
    uint64_t bitRate{0}; //!< Operands from one port, bit/s of whole flits; 0: as they come
    Tick latency{0};     //!< Last operand's head to the result's
    Tick pipeline{0};    //!< The chip's latency
    uint32_t flit{0};    //!< Bytes of a flit
};

/**
 * @ingroup mtlink
 * The reduction units of all chips that have one.
 *
 * An operand is taken in from its input buffer as it comes, or, where `reduction_rate` is set, one
 * after another of its port at that rate; its buffer is free when its last bit is in the unit. The
 * first operand of a packet number opens a context, the last one closes it: `latency` after the
 * heads of all operands are in, the result's head goes out, and its tail not before `latency`
 * after all their tails. It waits for its output as other packets do, beside them.
 *
 * Nobody waits for a context: who sends operands must not send more than the tree has contexts
 * for. So a unit always takes in what comes, and no packet behind an operand waits for it. Twice
 * the contexts' packets is the memory that a unit needs: a context may be open while the result
 * before it waits for its outputs, and not yet a third, since the members answer for the second
 * only when they have the first.
 */
class ReductionUnits : public EventHandler
{
  public:
    /**
     * @param [in] clock The clock; must outlive this, as the others.
     * @param [in] pool The packets.
     * @param [in] links The links.
     * @param [in] multicast Sends the results.
     */
    ReductionUnits(EventClock& clock, PacketPool& pool, Links& links, Multicast& multicast);

    /**
     * Add a chip's unit.
     * @param [in] spec What it is made of.
     * @return its number.
     */
    uint32_t Add(const ReductionUnitSpec& spec);

    /**
     * Set up a group's contexts in a chip.
     * @param [in] unit The chip's unit.
     * @param [in] operands How many make a result, at least 2.
     * @param [in] contexts How many packets may be open at once.
     * @param [in] chip Its chip, as Multicast numbers them.
     * @param [in] up The way to the tree's next chip; without a link: this is the tree's root, and
     *             results go to the distributor that their operands name.
     * @return the collector's number, to which operands are sent by Packet::via.
     */
    uint32_t OpenCollector(uint32_t unit,
                           uint32_t operands,
                           uint32_t contexts,
                           uint32_t chip,
                           const MulticastOutput& up);

    /**
     * An operand has come in; its `via` is a collector, its `target` the distributor of the result
     * at the tree's root.
     * @param [in] link By which.
     * @param [in] packet The packet.
     */
    void Arrive(uint32_t link, uint32_t packet);

    /** @copydoc EventHandler::OnEvent(). Results leave unit `word`. */
    void OnEvent(uint64_t word) override;

    /** @return contexts open now, of all units. */
    uint64_t GetOpen() const
    {
        return m_open;
    }

    /** @return results made so far. */
    uint64_t GetResults() const
    {
        return m_results;
    }

  private:
    /** A chip's unit. */
    struct Unit
    {
        Tick latency;   //!< Last operand's head to the result's
        Tick pipeline;  //!< The chip's
        uint16_t speed; //!< Index into m_speeds
        bool hasRate;   //!< Operands of a port are taken in at m_speeds[speed]
    };

    /** A packet number that is being combined. */
    struct Context
    {
        uint32_t arrived{0};        //!< Operands in
        uint32_t packet{NO_PACKET}; //!< The first of them: becomes the result
        Tick head{0};               //!< The latest head in the unit
        Tick tail{0};               //!< The latest tail
    };

    /** A group's part in a chip. */
    struct Collector
    {
        uint32_t unit;         //!< Its unit
        uint32_t chip;         //!< Its chip in Multicast
        uint32_t operands;     //!< How many make a result
        uint32_t firstContext; //!< Its contexts, by packet number modulo their number
        uint32_t contexts;     //!< Their number
        MulticastOutput up;    //!< Where results go; none: to the distributor
    };

    /** A result leaves its unit. @param [in] index It, a packet. */
    void Leave(uint32_t index);

    EventClock& m_clock;                 //!< The clock
    EventChannel m_ready;                //!< Results leave their units
    std::vector<DueList> m_leaving;      //!< By unit: results that will
    PacketPool& m_pool;                  //!< The packets
    Links& m_links;                      //!< The links
    Multicast& m_multicast;              //!< Sends the results
    std::vector<Unit> m_units;           //!< Units
    std::vector<WireSpeed> m_speeds;     //!< Of units with a rate
    std::vector<WireTime> m_portFree;    //!< By link: its port's lane into the unit is free
    std::vector<Collector> m_collectors; //!< Groups' parts
    std::vector<Context> m_contexts;     //!< Contexts
    uint64_t m_open{0};                  //!< Contexts open
    uint64_t m_results{0};               //!< Results made
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_REDUCTION_UNIT_H
