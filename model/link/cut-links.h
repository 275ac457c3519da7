/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CUT_LINKS_H
#define MTLINK_CUT_LINKS_H

#include "engine/exchange.h"
#include "link/credits.h"
#include "link/packet.h"
#include "link/waiting-chains.h"

#include "ns3/mtlink-tick.h"

#include <cstdint>
#include <limits>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Where both ends of a link are simulated.
 */
struct LinkPlace
{
    uint32_t sender{0};   //!< Process that has its near end: wire, credit, stalls
    uint32_t receiver{0}; //!< Process that has its far end: buffers
};

/**
 * @ingroup mtlink
 * A step of a wait for credit: WaitingChains follows those of all processes in process 0.
 */
struct WaitStep
{
    static constexpr uint32_t NO_MESSAGE = std::numeric_limits<uint32_t>::max(); //!< See message

    /** What has happened. */
    enum Kind : uint32_t
    {
        BEGIN, //!< Data begins to wait
        STALL, //!< A credit stall within the wait is over, that had begun at `begin`
        END    //!< Data that waited goes, as `end` has it
    };

    Tick at;                    //!< When
    Tick begin;                 //!< Of a stall
    WaitingChains::WaitEnd end; //!< Of a wait
    uint32_t link;              //!< The link that waits
    uint32_t ledger;            //!< Its VC
    uint32_t message; //!< What waited, while it is under way; NO_MESSAGE: its ends are in `end`
    Kind kind;        //!< What has happened
};

/**
 * @ingroup mtlink
 * Links of a fabric that is spread over processes: keeps what crosses a link whose other end is in
 * another process until it is handed over. Each process has all links, and of each the state of the
 * end, or ends, that it simulates.
 */
class CutLinks
{
  public:
    /** A packet that another process's end of a link is to receive. */
    struct PacketCrossing
    {
        Packet packet; //!< The packet, its times set
        uint32_t link; //!< By which it comes
    };

    /** Credit that another process's end of a link gets back. */
    struct CreditCrossing
    {
        Tick at;             //!< When it is usable
        Departure departure; //!< What freed it
        uint32_t link;       //!< Of which link
        uint32_t vc;         //!< ... and VC
        uint32_t flits;      //!< How much
    };

    /**
     * @param [in] process The number of this process.
     * @param [in] processes How many there are.
     * @param [in] places By link: where its ends are.
     */
    CutLinks(uint32_t process, uint32_t processes, std::vector<LinkPlace> places);

    /** @return whether this is the process that follows waiting chains. */
    bool IsLeader() const
    {
        return m_process == 0;
    }

    /** @return where a link's ends are. @param [in] link The link. */
    const LinkPlace& GetPlace(uint32_t link) const
    {
        return m_places[link];
    }

    /** @return whether this process has a link's near end. @param [in] link The link. */
    bool HasSender(uint32_t link) const
    {
        return m_places[link].sender == m_process;
    }

    /** @return whether this process has a link's far end. @param [in] link The link. */
    bool HasReceiver(uint32_t link) const
    {
        return m_places[link].receiver == m_process;
    }

    /**
     * A packet leaves by a link whose far end is elsewhere.
     * @param [in] link The link.
     * @param [in] packet The packet.
     * @param [in] at When it arrives.
     */
    void Send(uint32_t link, const Packet& packet, Tick at)
    {
        Put(m_out[m_places[link].receiver].packets, PacketCrossing{packet, link});
        m_earliest = at < m_earliest ? at : m_earliest;
    }

    /** Credit goes back to a near end that is elsewhere. @param [in] credit It. */
    void Return(const CreditCrossing& credit)
    {
        Put(m_out[m_places[credit.link].sender].credits, credit);
        m_earliest = credit.at < m_earliest ? credit.at : m_earliest;
    }

    /** Something happens to a wait. @param [in] step What. */
    void Note(const WaitStep& step)
    {
        m_steps.push_back(step);
    }

    /** @return whether nothing has come up for others since Pack(). */
    bool IsPacked() const
    {
        return m_earliest == NEVER;
    }

    /**
     * Hand over all that has come up.
     * @param [in,out] batches By process; appended to.
     * @return nothing of it happens there before.
     */
    Tick Pack(std::vector<Batch>& batches);

    /** Who gets what has come from another process. */
    class Taker
    {
      public:
        virtual ~Taker() = default;
        /** A packet is on the wire of a link. */
        virtual void TakePacket(const PacketCrossing& crossing) = 0;
        /** Credit is on its way back. */
        virtual void TakeCredit(const CreditCrossing& crossing) = 0;
    };

    /**
     * Take what another process has packed, in its order.
     * @param [in,out] reader Its batch.
     * @param [in] taker Gets packets and credit; steps of waits are kept.
     */
    void Unpack(BatchReader& reader, Taker& taker);

    /**
     * In process 0: the steps of waits in all processes that have not been taken before, in order
     * of time.
     */
    std::vector<WaitStep> TakeSteps();

  private:
    /** What waits for a process. */
    struct Out
    {
        Batch packets; //!< PacketCrossing
        Batch credits; //!< CreditCrossing
    };

    uint32_t m_process;              //!< This one
    std::vector<LinkPlace> m_places; //!< By link
    std::vector<Out> m_out;          //!< By process
    std::vector<WaitStep> m_steps;   //!< Of this process; in process 0: of all
    Tick m_earliest{NEVER};          //!< Nothing that waits happens before
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_CUT_LINKS_H
