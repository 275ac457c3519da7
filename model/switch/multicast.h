/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_MULTICAST_H
#define MTLINK_MULTICAST_H

#include "link/links.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A link by which packets of a group go on.
 */
struct MulticastOutput
{
    /** No link. */
    static constexpr uint32_t NO_OUTPUT = UINT32_MAX;

    uint32_t link{NO_OUTPUT}; //!< The link
    uint32_t via{0};          //!< What the packet's `via` is there: the far end's word for it
    uint8_t vc{0};            //!< VC there
    PacketKind kind{UNICAST}; //!< What the packet is there
};

/**
 * @ingroup mtlink
 * Who puts packets of the network's own into the queues of a chip.
 */
class MulticastQueues
{
  public:
    virtual ~MulticastQueues() = default;

    /**
     * A packet, whose `out` and `outVc` are set, is to wait for its output.
     * @param [in] chip The chip.
     * @param [in] packet The packet.
     */
    virtual void EnqueueCopy(uint32_t chip, uint32_t packet) = 0;
};

/**
 * @ingroup mtlink
 * Copying of packets in switches: a packet of a group leaves by several outputs.
 *
 * The copies wait in queues of their own, one per output and VC, which take part in arbitration
 * as those of one more input port. It may be read for all outputs at once: a copy waits for its
 * output's wire and credit, never for another copy. The room of the packet in its input buffer is
 * free when the last copy has gone through the crossbar.
 */
class Multicast
{
  public:
    /**
     * @param [in] pool The packets; must outlive this, as the others.
     * @param [in] links The links.
     * @param [in] queues Where copies wait.
     */
    Multicast(PacketPool& pool, Links& links, MulticastQueues& queues);

    /**
     * Set up where a group's packets go on from a chip.
     * @param [in] chip The chip.
     * @param [in] outputs By which links; never back by the one by which they came.
     * @return the distributor's number, to which copies are sent by Packet::via.
     */
    uint32_t OpenDistributor(uint32_t chip, std::vector<MulticastOutput> outputs);

    /** @return the number of distributors: the next one's. */
    uint32_t GetSize() const
    {
        return static_cast<uint32_t>(m_distributors.size());
    }

    /**
     * A packet has come in: send it on by the outputs of its distributor.
     * @param [in] link By which it came.
     * @param [in] packet The packet, whose `via` is the distributor.
     */
    void Arrive(uint32_t link, uint32_t packet);

    /**
     * Send a packet that the chip has made by the outputs of a distributor.
     * @param [in] distributor Which.
     * @param [in] packet The packet.
     */
    void Distribute(uint32_t distributor, uint32_t packet);

    /**
     * Send a packet that the chip has made by one output.
     * @param [in] chip The chip.
     * @param [in] output Where to.
     * @param [in] packet The packet.
     */
    void Send(uint32_t chip, const MulticastOutput& output, uint32_t packet);

    /**
     * A copy is going through the crossbar.
     * @param [in] record Packet::flow of the copy.
     * @param [in] through When its last bit is through.
     * @param [in] out By which link.
     * @param [in] outVc VC there.
     */
    void Leave(uint32_t record, Tick through, uint32_t out, uint32_t outVc);

    /** No record: the packet holds no room of an input buffer. */
    static constexpr uint32_t NO_RECORD = UINT32_MAX;

  private:
    /** Where a group's packets go on from a chip. */
    struct Distributor
    {
        uint32_t chip;                        //!< The chip
        std::vector<MulticastOutput> outputs; //!< Where to
    };

    /** Room in an input buffer that copies share. */
    struct Record
    {
        uint32_t link;   //!< By which it came; or next free record
        uint32_t flits;  //!< Its length
        uint32_t copies; //!< Copies that have not left
        uint8_t vc;      //!< On which it came
        Tick through;    //!< When the last bit of those that left is through
        PacketExit exit; //!< How that one left
    };

    /**
     * Send a packet and copies of it by all outputs but one.
     * @param [in] distributor The outputs.
     * @param [in] packet The packet.
     * @param [in] back The output that it does not take; or NO_OUTPUT.
     * @param [in] record The room that they share; or NO_RECORD.
     */
    void Spread(const Distributor& distributor, uint32_t packet, uint32_t back, uint32_t record);

    PacketPool& m_pool;                      //!< The packets
    Links& m_links;                          //!< The links
    MulticastQueues& m_queues;               //!< Where copies wait
    std::vector<Distributor> m_distributors; //!< Distributors
    std::vector<Record> m_records;           //!< Records, and free ones
    uint32_t m_freeRecord{NO_RECORD};        //!< First free one
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_MULTICAST_H
