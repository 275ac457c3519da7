/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_MEMORY_CHIP_H
#define MTLINK_MEMORY_CHIP_H

#include "link/link-server.h"
#include "switch/chip.h"
#include "switch/shared-memory.h"

#include <cstdint>
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
class MemoryChip : public Chip
{
  public:
    /**
     * @param [in] ports As for Chip, as what follows.
     * @param [in] number
     * @param [in] kind
     * @param [in] spec
     */
    MemoryChip(SwitchPorts& ports, uint32_t number, uint32_t kind, const SwitchSpec& spec);

    void Enqueue(uint32_t in, uint32_t packet) override;
    void ServeOutput(uint32_t outLink) override;
    void OnEvent(uint32_t event) override;

    bool Release(uint32_t) override
    {
        return false; // what lies in an output's queue stays
    }

    const Packet& GetHead(const OutputPort& output, uint32_t request) const override
    {
        return m_pool[m_queues[output.port * GetKind().vcs + request].head];
    }

    bool IsConserved() const override
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

    class Turn; //!< What a LinkServer sees of an output

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

    /**
     * @param [in] output An output.
     * @param [in,out] look Gets what its queues wait for.
     * @return the VC that it sends from next, or RoundRobinArbiter::NONE_WAITING.
     */
    uint32_t Choose(const OutputPort& output, LinkLook& look) const;

    /** Choose() among some VCs. */
    uint32_t ChooseAmong(const VcRange& vcs, const OutputPort& output, LinkLook& look) const;

    /** Send the packet that leads a queue of an output, given by its VC. */
    void Send(OutputPort& output, uint32_t outLink, uint32_t vc);

    /** Room in the memory will be free at a time, and somebody waits for it: try again then. */
    void LookAt(Tick at);

    bool m_oldestFirst;                //!< Instead of in turn
    SharedMemory m_memory;             //!< Who may put how much in
    std::vector<PacketQueue> m_queues; //!< By output and VC
    std::vector<Waiter> m_waiters;     //!< First come first
    PendingLook m_look;                //!< The pending event
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_MEMORY_CHIP_H
