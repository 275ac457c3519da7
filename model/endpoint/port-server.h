/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_PORT_SERVER_H
#define MTLINK_PORT_SERVER_H

#include "engine/event-clock.h"
#include "link/links.h"

#include <cstdint>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * One turn of a port: the protocol by which a packet gets onto its link. Is the wire free, has its
 * VC credit? If not, when is the port to be looked at again; and does the link stall? What the
 * packet is, the turn does not know.
 */
class PortServer
{
  public:
    /**
     * @param [in] clock The clock.
     * @param [in] links The links.
     * @param [in] handler Gets the port's looks: their word is the link.
     * @param [in] link The port's link.
     * @param [in,out] nextLook When the port's pending look is; NEVER: there is none.
     */
    PortServer(EventClock& clock,
               Links& links,
               EventHandler* handler,
               uint32_t link,
               Tick& nextLook)
        : m_clock(clock),
          m_links(links),
          m_handler(handler),
          m_nextLook(nextLook),
          m_link(link)
    {
    }

    /** @return the port's link. */
    uint32_t GetLink() const
    {
        return m_link;
    }

    /** Look at the port again; the earliest look counts. @param [in] at When. */
    void LookAt(Tick at)
    {
        if (at < m_nextLook)
        {
            m_nextLook = at;
            m_clock.Schedule(at, m_handler, m_link);
        }
    }

    /** Look at the port again when its wire is free. */
    void LookWhenFree()
    {
        LookAt(m_links.GetFreeAt(m_link));
    }

    /** @return whether the wire is free. */
    bool IsWireFree() const
    {
        return m_links.GetFreeAt(m_link) <= m_clock.Now();
    }

    /** @return whether the wire is free; if not, the port will be looked at when it is. */
    bool AwaitWire()
    {
        if (IsWireFree())
        {
            return true;
        }
        LookWhenFree();
        return false;
    }

    /**
     * @param [in] vc The VC of a packet that is to go.
     * @param [in] flits Its length.
     * @return whether there is credit for it; if not, it was asked for. Within a VC nobody passes
     *         one who waits for credit, however short his packet.
     */
    bool AwaitCredit(uint32_t vc, uint32_t flits)
    {
        if (Lacks(vc))
        {
            return false;
        }
        if (m_links.HasCredit(m_link, vc, flits))
        {
            return true;
        }
        m_lacking |= 1ULL << vc;
        const Tick at = m_links.AskCredit(m_link, vc, flits);
        if (at != NEVER)
        {
            LookAt(at);
        }
        return false;
    }

    /** @return whether a VC has no credit for the packet that is next on it. @param [in] vc It. */
    bool Lacks(uint32_t vc) const
    {
        return (m_lacking >> vc & 1) != 0;
    }

    /** @return whether all of these VCs have none. @param [in] vcs The VCs, as bits. */
    bool LacksAll(uint64_t vcs) const
    {
        return (m_lacking & vcs) == vcs;
    }

    /** @return whether any VC has none. */
    bool IsLacking() const
    {
        return m_lacking != 0;
    }

    /**
     * Put a packet on the wire, for which it is free and credit was there.
     * @param [in] index The packet.
     * @param [in] packet It.
     * @return when its last bit leaves.
     */
    Tick Transmit(uint32_t index, const Packet& packet)
    {
        m_links.TakeCredit(m_link, packet.vc, packet.flits);
        return m_links.Transmit(m_link, index, m_clock.Now());
    }

    /**
     * The wire is free, and nothing was sent: the link stalls if credit is lacking. If not, what
     * waited waits for its window, or has left by another port.
     */
    void BeginOrEndStall()
    {
        if (m_lacking != 0)
        {
            m_links.BeginStall(m_link, static_cast<uint32_t>(m_lacking));
        }
        else
        {
            m_links.EndStall(m_link, 0);
        }
    }

  private:
    EventClock& m_clock;     //!< The clock
    Links& m_links;          //!< The links
    EventHandler* m_handler; //!< Gets looks
    Tick& m_nextLook;        //!< Pending look
    uint64_t m_lacking{0};   //!< VCs that have no credit, as bits
    uint32_t m_link;         //!< The port's link
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_PORT_SERVER_H
