/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FOLDED_TRAFFIC_H
#define MTLINK_FOLDED_TRAFFIC_H

#include "flow/flow-routes.h"
#include "flow/flow-transport.h"

#include "ns3/mtlink-fabric.h"
#include "ns3/mtlink-results.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A tensor group that was replayed as one card.
 */
struct FoldedGroup
{
    uint32_t cls{0};                 //!< Its class, as TensorFold has it
    std::vector<uint32_t> endpoints; //!< Of its members, in their order
    std::vector<uint64_t> counts;    //!< By place in TensorTimes: how often that collective ended
};

/**
 * @ingroup mtlink
 * What collectives of one tensor group put on its links, recorded one by one; and the same counted
 * for all groups that were folded. Their links are alike, in the same order (CheckFold()).
 */
class FoldedTraffic
{
  public:
    /**
     * Begin to record.
     * @param [in] fabric On which the collectives of a group run, one after another.
     * @param [in] endpoints Of the group's members.
     * @param [in] results Of all that has run so far, on other links.
     * @param [in] flow The transport of mode flow; nullptr: another mode.
     * @param [in] routes Its ways.
     */
    void Begin(const MtlinkFabric& fabric,
               const std::vector<uint32_t>& endpoints,
               const RunResults& results,
               const FlowTransport* flow,
               FlowRoutes* routes);

    /**
     * The next collective is over; nothing is under way.
     * @param [in] results Of all that has run so far.
     * @param [in] messages Of this one.
     * @param [in] flow The transport of mode flow; nullptr: another mode.
     */
    void Record(const RunResults& results, uint64_t messages, const FlowTransport* flow);

    /** @return payload of the collective that was recorded last, bytes. */
    uint64_t GetLastBytes() const
    {
        return m_collectives.back().bytes;
    }

    /**
     * Count what folded groups did on their links.
     * @param [in] groups The groups.
     * @param [in] fabric The fabric.
     * @param [in,out] flow Gets it in mode flow; nullptr: another mode.
     * @param [in] routes Its ways.
     * @param [in,out] results Gets it in mode packet; rows of links are in.
     */
    void AddLinks(const std::vector<FoldedGroup>& groups,
                  const MtlinkFabric& fabric,
                  FlowTransport* flow,
                  FlowRoutes* routes,
                  RunResults& results) const;

    /**
     * Count what folded groups did, but for links.
     * @param [in] groups The groups.
     * @param [in,out] results Gets packets and payload.
     * @return their messages.
     */
    uint64_t AddTotals(const std::vector<FoldedGroup>& groups, RunResults& results) const;

  private:
    /** What a link carried. */
    struct LinkTraffic
    {
        uint64_t packets{0};      //!< Packets
        uint64_t payloadBytes{0}; //!< Payload
        uint64_t wireBytes{0};    //!< With headers, in whole flits
        Tick busy{0};             //!< Bits were on the wire
        Tick creditStall{0};      //!< Waited for credit
    };

    /** What a collective did. */
    struct Collective
    {
        uint64_t messages{0};           //!< Messages
        uint64_t packets{0};            //!< Delivered
        uint64_t bytes{0};              //!< Payload delivered
        std::vector<LinkTraffic> links; //!< Mode packet: by place of the link
        std::vector<FlowTraffic> flows; //!< Mode flow: by place of the step's link
    };

    std::vector<uint32_t> m_links;         //!< Of the group that is recorded
    std::vector<uint32_t> m_steps;         //!< Its links in mode flow
    RunResults m_before;                   //!< Before the next collective; not all of it
    std::vector<FlowTraffic> m_flowBefore; //!< Likewise, by place
    std::vector<Collective> m_collectives; //!< By place in TensorTimes
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FOLDED_TRAFFIC_H
