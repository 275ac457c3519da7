/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CHIP_H
#define MTLINK_CHIP_H

#include "switch/switch-ports.h"

#include "ns3/mtlink-routing-profile.h"
#include "ns3/mtlink-switch-profile.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What one switch chip is made of.
 */
struct SwitchSpec
{
    uint32_t node{0};                  //!< Its node in the topology
    Ptr<const SwitchProfile> profile;  //!< Parameters
    std::vector<uint32_t> inLinks;     //!< Links into it, by port
    std::vector<uint32_t> outLinks;    //!< Links out of it, by port
    VcLayout layout;                   //!< VCs of traffic classes and of its routing's classes
    Ptr<const RoutingProfile> routing; //!< How it chooses among equal links; none: by hash
    uint32_t seed{1};                  //!< Of its random numbers
};

/**
 * @ingroup mtlink
 * A switch chip of some design: where packets wait in it, and which of them goes next. Designs are
 * known in chip-designs.cc alone; which way a packet goes is not theirs to say.
 *
 * Its ports are in SwitchPorts. What a hop touches of a chip is its first cache line. To all it
 * holds that a packet leaves by Links::Send(), and that its input's credit is given back when its
 * room is free.
 */
class alignas(64) Chip
{
  public:
    /**
     * @param [in] ports The ports of all switches, with room for this one's; must outlive this.
     * @param [in] number Its number among the chips.
     * @param [in] kind Index of what it has in common with others.
     * @param [in] spec What it is made of.
     */
    Chip(SwitchPorts& ports, uint32_t number, uint32_t kind, const SwitchSpec& spec);
    virtual ~Chip() = default;
    Chip(const Chip&) = delete;
    Chip& operator=(const Chip&) = delete;

    /** @return its node in the topology. */
    uint32_t GetNode() const
    {
        return m_node;
    }

    /** @return its inputs by port: their links; and one more where it makes packets of its own. */
    const std::vector<uint32_t>& GetInputs() const
    {
        return m_in;
    }

    /**
     * A packet is through an input's pipeline, its output and VC are known: it waits from now on.
     * @param [in] in The input.
     * @param [in] packet The packet.
     */
    virtual void Enqueue(uint32_t in, uint32_t packet) = 0;

    /**
     * @param [in] in An input.
     * @param [in] out An output.
     * @return whether what comes by the one for the other goes at once, as nobody else asks for
     *         either, and whoever does will Enqueue() a packet first.
     */
    virtual bool IsOpen([[maybe_unused]] uint32_t in, [[maybe_unused]] uint32_t out) const
    {
        return false;
    }

    /**
     * A packet has gone by an open way.
     * @param [in] in The input.
     * @param [in] packet The packet, not in the pool, routed; in, vc and vcClass as it came.
     * @param [in] through When its last bit was through the crossbar.
     */
    virtual void Pass([[maybe_unused]] uint32_t in,
                      [[maybe_unused]] const Packet& packet,
                      [[maybe_unused]] Tick through)
    {
    }

    /**
     * A packet has come by a way that is not open any more: it waits for its wire.
     * @param [in] in The input.
     * @param [in] packet The packet, routed.
     * @param [in] at When it can go.
     */
    virtual void Hold([[maybe_unused]] uint32_t in,
                      [[maybe_unused]] uint32_t packet,
                      [[maybe_unused]] Tick at)
    {
    }

    /**
     * It was asked that an output be looked at now: let it send what it can.
     * @param [in] outLink The output.
     */
    virtual void ServeOutput(uint32_t outLink) = 0;

    /**
     * It was asked that an input be looked at now.
     * @param [in] in The input.
     */
    virtual void ServeInput([[maybe_unused]] uint32_t in)
    {
    }

    /**
     * An event that this asked for by SwitchPorts::ScheduleChip() is there.
     * @param [in] event Which.
     */
    virtual void OnEvent([[maybe_unused]] uint32_t event)
    {
    }

    /**
     * An output will have credit that was asked for.
     * @param [in] outLink The output.
     * @param [in] at When.
     */
    virtual void CreditComes(uint32_t outLink, Tick at)
    {
        m_ports.LookAtOutput(outLink, at);
    }

    /**
     * Let what waits for an output that failed choose again.
     * @param [in] outLink The output.
     * @return whether it may; else it has to wait until the output is back.
     */
    virtual bool Release(uint32_t outLink) = 0;

    /**
     * @param [in] output An output.
     * @param [in] request A request that was raised there.
     * @return the packet that makes it.
     */
    virtual const Packet& GetHead(const OutputPort& output, uint32_t request) const = 0;

    /** @return whether what it counts of its own memory adds up. */
    virtual bool IsConserved() const
    {
        return true;
    }

    /** @copydoc PacketReceiver::FindExit() */
    PacketExit FindExit(uint32_t link, uint32_t vc) const;

  protected:
    /** @return what this has in common with others. */
    const ChipKind& GetKind() const
    {
        return m_ports.GetKind(m_kind);
    }

    /** @return its outputs by port: their links. */
    const std::vector<uint32_t>& GetOutputs() const
    {
        return m_out;
    }

    /** @return its traffic classes, if there are several; or nullptr. */
    const ChipClasses* GetClasses() const
    {
        return m_classes.get();
    }

    /** @return its number among the chips. */
    uint32_t GetNumber() const
    {
        return m_number;
    }

    /** @return the queue at an input for packets on a VC; of chips with one queue for each VC. */
    PacketQueue& GetFifo(const InputPort& input, uint32_t vc)
    {
        return m_ports.GetQueue(m_firstQueue + input.port * GetKind().vcs + vc);
    }

    SwitchPorts& m_ports; //!< The ports of all switches
    EventClock& m_clock;  //!< The clock
    PacketPool& m_pool;   //!< The packets
    Links& m_links;       //!< The links

  private:
    /** Set up its inputs. */
    void AddInputs(const SwitchSpec& spec);

    /** Set up its outputs. */
    void AddOutputs(const SwitchSpec& spec);

    std::unique_ptr<ChipClasses> m_classes; //!< Its traffic classes, if there are several
    uint32_t m_kind;                        //!< Index of its kind
    uint32_t m_number;                      //!< Its number
    uint32_t m_node;                        //!< Its node in the topology
    uint32_t m_firstQueue{0};               //!< Its input queues
    std::vector<uint32_t> m_in;             //!< Inputs by port
    std::vector<uint32_t> m_out;            //!< Outputs by port
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_CHIP_H
