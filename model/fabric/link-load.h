/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_LINK_LOAD_H
#define MTLINK_LINK_LOAD_H

#include "link/links.h"

#include "ns3/mtlink-routing.h"

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What links have to carry, headers and flits included, and so when the last of it can be in at the
 * soonest. Wherever a message's packets may choose among links, one of these carries each: together
 * they take its bits at the rate of all. That is known of the source's ports, of all links into
 * the destination, and, where no way depends on the load or on chance, of each step of the equal
 * paths, in fabrics of up to MOST_STEPPED endpoints. The first bit leaves when its message may
 * begin, and is under way for the least latency to those links; the last one for the least from
 * there. Whatever else is on the fabric, no run is quicker.
 */
class LinkLoad
{
  public:
    /** Beyond so many endpoints, steps between switches are not looked at: it takes too long. */
    static constexpr uint32_t MOST_STEPPED = 512;

    /**
     * @param [in] topology The graph.
     * @param [in] routing The routes.
     * @param [in] getSpec What a link is made of.
     * @param [in] packet Largest payload of a packet, bytes.
     */
    LinkLoad(const Topology& topology,
             const Routing& routing,
             std::function<const LinkSpec&(uint32_t)> getSpec,
             uint32_t packet);

    /**
     * A message that is sent. Between ranks of one endpoint it loads nothing.
     * @param [in] src An endpoint.
     * @param [in] dst Another.
     * @param [in] bytes Payload.
     * @param [in] out When its first bit may leave, ps.
     * @param [in] alone What mode bound takes it to need from there, ps.
     */
    void Add(uint32_t src, uint32_t dst, uint64_t bytes, Tick out, Tick alone);

    /**
     * Mode bound knows who waits for whom, and one path of each message; packets that choose among
     * links, or are stored one after another, may need less than along that.
     * @param [in] end When all is in by mode bound, ps.
     * @return the soonest at which all that was added can be in, ps.
     */
    Tick GetLeastEnd(Tick end) const;

  private:
    /** Links one of which carries each packet of some messages. */
    struct Group
    {
        std::vector<Ptr<const LinkProfile>> kinds; //!< Of the links, each once
        long double rate{0};                       //!< Of all of them, bit/s
        long double bits{0};                       //!< Of those messages, on the wire
        Tick begin{NEVER}; //!< When the first of them can be there, at the soonest
        Tick after{NEVER}; //!< For what the last one is under way from there, at least
    };

    /** Where on the ways between two endpoints a group is. */
    struct Step
    {
        uint32_t group; //!< Its number
        Tick before;    //!< From the source to its links, at least
        Tick after;     //!< From there to the destination, at least
    };

    /** @return the groups that a message loads, each once. */
    const std::vector<Step>& GetSteps(uint32_t src, uint32_t dst);

    /** @return the same, found by going along the ways. */
    std::vector<Step> FindSteps(uint32_t src, uint32_t dst);

    /** @return from the first bit at a link's start to the first bit beyond it. */
    Tick GetLatency(uint32_t link) const;

    /** @return the number of the group of some links, ascending. */
    uint32_t OpenGroup(const std::vector<uint32_t>& links);

    /** @return for how long a group's links together are busy with so many bits, ps. */
    static Tick GetWireTime(const Group& group, long double bits);

    /** @return bits on the wire of a link. */
    long double CountBits(const LinkProfile& profile, uint64_t bytes) const;

    const Topology& m_topology;
    const Routing& m_routing;
    std::function<const LinkSpec&(uint32_t)> m_getSpec;
    uint32_t m_packet;
    std::vector<std::vector<uint32_t>> m_entries; //!< By endpoint
    double m_sure{1};            //!< Part of mode bound's time that every message surely needs
    std::vector<Group> m_groups; //!< By number
    std::map<std::vector<uint32_t>, uint32_t> m_numbers; //!< By links
    std::vector<std::vector<Step>> m_ofPairs; //!< By src and dst; as far as they are kept
    std::vector<Step> m_found;                //!< GetSteps() that are not kept
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_LINK_LOAD_H
