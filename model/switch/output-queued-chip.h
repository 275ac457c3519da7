/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_OUTPUT_QUEUED_CHIP_H
#define MTLINK_OUTPUT_QUEUED_CHIP_H

#include "switch/shared-memory.h"
#include "switch/switches.h"

#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A chip whose packets wait in a shared memory, in a queue per output and VC (`queueing: output`).
 *
 * A packet moves into the memory as soon as it may, see SharedMemory, however many others do: there
 * is no crossbar. Its input's credit goes back when its last bit is in. Who may not yet waits at
 * the head of its input and VC, first come first served, and nobody for the same queue passes it.
 * An output whose wire is free sends from its queues that have credit, in turn or the oldest first;
 * a packet may leave while it comes in (cut-through), its last bit not before it has come.
 */
class Switches::OutputQueuedChip
{
  public:
    /**
     * @param [in] switches All switches; must outlive this.
     * @param [in] chip Which.
     * @param [in] spec What it is made of.
     */
    OutputQueuedChip(Switches& switches, uint32_t chip, const SwitchSpec& spec);

    /**
     * A packet has arrived, and its output and VC are known.
     * @param [in] inLink By which it came.
     * @param [in] packet The packet.
     */
    void Arrive(uint32_t inLink, uint32_t packet);

    /**
     * Let an output send what it can.
     * @param [in] outLink The output.
     */
    void Serve(uint32_t outLink);

    /** Memory may have become free. */
    void OnEvent();

    /** @return the packet that leads a queue of an output, given by its VC. */
    const Packet& GetHead(const Output& output, uint32_t vc) const;

    /** @return whether the memory adds up. */
    bool IsConserved() const
    {
        return m_memory.IsConserved();
    }

  private:
    /** An input and VC whose first packet waits for the memory. */
    struct Waiter
    {
        uint32_t inLink; //!< The input
        uint32_t vc;     //!< The VC
    };

    /** @return what the chip has in common with others. */
    const Kind& GetKind() const
    {
        return m_switches.GetKind(m_switches.m_chips[m_chip]);
    }

    /** @return the number of the queue that a routed packet is for. */
    uint32_t GetQueueOf(const Packet& packet) const;

    /** Move into the memory who may, and let their outputs send. */
    void Admit();

    /** VCs of an output that are alike: those of a traffic class. */
    struct VcRange
    {
        uint32_t first;   //!< The first
        uint32_t count;   //!< How many
        uint32_t pointer; //!< Which is asked first; one of them, or that behind the last
    };

    /** @return the VC that an output sends from next, or RoundRobinArbiter::NONE_WAITING. */
    uint32_t Choose(uint32_t outLink, uint32_t& lacking, Tick& look);

    /** Choose() among some VCs. */
    uint32_t ChooseAmong(const VcRange& vcs, uint32_t outLink, uint32_t& lacking, Tick& look);

    Switches& m_switches;              //!< All switches
    uint32_t m_chip;                   //!< Which of them
    bool m_oldestFirst;                //!< Instead of in turn
    SharedMemory m_memory;             //!< Who may put how much in
    std::vector<PacketQueue> m_queues; //!< By output and VC
    std::vector<Waiter> m_waiters;     //!< First come first
    Tick m_nextLook{NEVER};            //!< The pending event
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_OUTPUT_QUEUED_CHIP_H
