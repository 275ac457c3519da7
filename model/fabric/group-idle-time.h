/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_GROUP_IDLE_TIME_H
#define MTLINK_GROUP_IDLE_TIME_H

#include "fabric/group-contexts.h"
#include "link/links.h"
#include "routing/group-tree.h"

#include "ns3/mtlink-tick.h"
#include "ns3/mtlink-transport.h"

#include <cstdint>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * The closed form, see model.md, of what one tree of a group carries, alone on the fabric: from the
 * last member's first bit out to the last bit in, as far as neither contexts nor a window bound it.
 */
class GroupIdleTime
{
  public:
    /**
     * @param [in] links The links; must outlive this, as the others.
     * @param [in] chip Parameters of switches.
     * @param [in] tree The tree.
     * @param [in] packet Largest payload of a packet, bytes.
     * @param [in] bytes Payload that the tree carries, at least 1.
     */
    GroupIdleTime(const Links& links,
                  const ChipFunction& chip,
                  const GroupTree& tree,
                  uint32_t packet,
                  uint64_t bytes);

    /**
     * @param [in] action What the network does.
     * @param [in] root The root, as a member's index.
     * @return the time, to the picosecond where all links have one rate; NEVER: longer than
     *         simulated time can tell.
     */
    Tick GetTime(GroupAction action, uint32_t root);

  private:
    /** Way of a first bit; what is stored whole on the way is the same on all of equal length. */
    struct Way
    {
        Tick latency{0};       //!< Of links and chips
        long double stored{0}; //!< Of packets that are stored, ps
    };

    /** @return the longer one. */
    static Way GetLonger(const Way& a, const Way& b);

    /** @return flits of all packets on a link. */
    uint64_t GetFlits(const LinkProfile& wire) const
    {
        return (m_packets - 1) * wire.GetFlits(m_packet) + wire.GetFlits(m_last);
    }

    /** @return a way, and over a link. */
    Way Cross(Way way, uint32_t link);

    /** @return a way, and through a switch's unit, if it combines there. */
    Way Combine(Way way, const GroupTree::Node& node);

    /** @return the longest way of copies from a member to all others. */
    Way GoOut(uint32_t root);

    /** @return the longest way of operands up to the result. */
    Way GoUp();

    /** @return a way, and on to the member where the result is last, of all, or the root alone. */
    Way GoDown(const Way& way, GroupAction action, uint32_t root);

    const Links& m_links;       //!< The links
    const ChipFunction& m_chip; //!< Parameters of switches
    const GroupTree& m_tree;    //!< The tree
    uint32_t m_packet;          //!< Largest payload
    uint64_t m_packets;         //!< How many there are
    uint64_t m_last;            //!< Payload of the last
    long double m_slowest{0};   //!< Time of all on the slowest wire, or in the slowest unit, ps
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_GROUP_IDLE_TIME_H
