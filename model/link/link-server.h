/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_LINK_SERVER_H
#define MTLINK_LINK_SERVER_H

#include "link/links.h"

#include <algorithm>
#include <cstdint>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Why a packet that waits for a link does not go now.
 */
enum class WhyNot : uint8_t
{
    GO,     //!< It can go
    WINDOW, //!< Its sender holds it back: a window, or congestion control
    WIRE,   //!< The wire is busy, or the queue before it has no room
    CREDIT, //!< The far end has no room, or what it has is kept for another
    LANE,   //!< The way to the wire is taken, or kept for another: in a chip, a lane of its input
};

/**
 * @ingroup mtlink
 * One look at a link for which packets wait: what they wait for. Who decides without a LinkServer,
 * for several links at once, takes one for each and hands it to SettleLink().
 */
class LinkLook
{
  public:
    /**
     * @param [in] links The links; must outlive this.
     * @param [in] link Which.
     */
    LinkLook(Links& links, uint32_t link)
        : m_links(links),
          m_link(link)
    {
    }

    /** @return the link. */
    uint32_t GetLink() const
    {
        return m_link;
    }

    /**
     * @param [in] vc VC of a packet that waits.
     * @param [in] flits Its length.
     * @return whether the far end has room for it; if not, that is asked for, and noted.
     */
    [[gnu::always_inline]] bool HasCredit(uint32_t vc, uint32_t flits)
    {
        if (m_links.HasCredit(m_link, vc, flits))
        {
            return true;
        }
        LookAgain(AskCredit(vc, flits));
        return false;
    }

    /**
     * Credit is all that a packet lacks: ask for it.
     * @param [in] vc Its VC.
     * @param [in] flits Its length.
     * @return when it comes; NEVER: not known yet, the link will tell.
     */
    Tick AskCredit(uint32_t vc, uint32_t flits)
    {
        m_lacking |= 1U << vc;
        return m_links.AskCredit(m_link, vc, flits);
    }

    /**
     * @param [in] vc A VC.
     * @return whether a packet on it was seen to lack credit.
     */
    bool Lacks(uint32_t vc) const
    {
        return (m_lacking >> vc & 1) != 0;
    }

    /** @return the VCs of which a packet was seen to lack credit, as bits. */
    uint32_t GetLacking() const
    {
        return m_lacking;
    }

    /**
     * A packet waits for something else than credit: the link does not stall.
     * @param [in] vc Its VC, as which a stall counts that ends by this; without: of those that
     *                lacked credit.
     */
    void WaitsElsewhere(uint32_t vc)
    {
        m_vc = vc;
        m_onlyCredit = false;
    }

    /** @copydoc WaitsElsewhere() */
    void WaitsElsewhere()
    {
        m_onlyCredit = false;
    }

    /**
     * Something may go at a time.
     * @param [in] at When; NEVER: somebody will tell.
     */
    void LookAgain(Tick at)
    {
        m_again = std::min(m_again, at);
    }

    /** @return the first of these times; NEVER: none is known. */
    Tick GetAgain() const
    {
        return m_again;
    }

    /**
     * Nothing can go now: a stall begins, goes on or is over.
     * @param [in] now The current time.
     * @return when something may go, as far as is known; else NEVER.
     */
    Tick Settle(Tick now)
    {
        const Tick wireFree = m_links.GetFreeAt(m_link);
        if (!m_onlyCredit || m_lacking == 0)
        {
            m_links.EndStall(m_link, m_vc);
        }
        else if (wireFree <= now)
        {
            m_links.BeginStall(m_link, m_lacking);
        }
        else
        {
            LookAgain(wireFree); // a queue before the wire has still something to send
        }
        return m_again;
    }

  private:
    Links& m_links;          //!< The links
    uint32_t m_link;         //!< Which
    uint32_t m_vc{0};        //!< See WaitsElsewhere()
    uint32_t m_lacking{0};   //!< VCs of packets that lack credit, as bits
    bool m_onlyCredit{true}; //!< Nothing waits for anything else
    Tick m_again{NEVER};     //!< When something may go
};

/**
 * @ingroup mtlink
 * Serves a link: whether its sender may send, and why not, is asked here by all that send packets.
 *
 * While somebody waits: is the wire free? The source offers its packets in the order of their
 * turns; the first that has credit (LinkLook::HasCredit()), and whatever else the source asks of
 * it, goes by Links::Send(). If none can, a stall begins or ends, and the link is looked at again
 * when something may have changed.
 *
 * @tparam Source Has the packets, for one link:
 *   - `bool HasWaiting() const`: whether any wait;
 *   - `bool HasQueue() const`: whether packets can go while the wire is busy, into a queue before
 *     it: then the source itself says of each when that has room;
 *   - `bool SendNext(LinkLook& look)`: sends one packet, and returns true, or notes in the look
 *     what each waits for;
 *   - `void LookAt(Tick at)`: has the link served again then.
 */
template <typename Source>
class LinkServer
{
  public:
    /**
     * @param [in] links The links; must outlive this.
     * @param [in] source The source; likewise.
     */
    LinkServer(Links& links, Source& source)
        : m_links(links),
          m_source(source)
    {
    }

    /**
     * Send what can go now.
     * @param [in] link The link.
     * @param [in] now The current time.
     */
    void Serve(uint32_t link, Tick now)
    {
        if (!m_source.HasWaiting())
        {
            m_links.EndStall(link, 0); // what waited is held back, or has gone another way
            return;
        }
        do
        {
            const Tick wireFree = m_links.GetFreeAt(link);
            if (wireFree > now && !m_source.HasQueue())
            {
                m_links.EndStall(link, 0); // a link that retries may be busy again after a stall
                m_source.LookAt(wireFree);
                return;
            }
            LinkLook look(m_links, link);
            if (!m_source.SendNext(look))
            {
                const Tick again = look.Settle(now);
                if (again != NEVER)
                {
                    m_source.LookAt(again);
                }
                return;
            }
        } while (m_source.HasWaiting());
    }

  private:
    Links& m_links;   //!< The links
    Source& m_source; //!< Who sends
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_LINK_SERVER_H
