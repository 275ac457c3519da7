/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FLOW_LIMITS_H
#define MTLINK_FLOW_LIMITS_H

#include "experiment/experiment.h"
#include "workload/collective/collective.h"

#include <optional>
#include <string>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Which collectives flows are known to get wrong by far on a fabric: by a tenth or more, as
 * measured against packets (docs/model.md, Mode flow). One place for those that are named, those
 * that `auto` chose, those of traces and of trainings.
 */
class FlowLimits
{
  public:
    /** @param [in] fabric The fabric; not kept. */
    explicit FlowLimits(const FabricDescription& fabric);

    /**
     * @param [in] spec A collective, its algorithm chosen, with its members' endpoints.
     * @param [in] hints The fabric.
     * @return why flows should not stand for it; empty: they may.
     */
    std::string WhyNot(const CollectiveSpec& spec, const FabricHints& hints) const;

  private:
    /** What of a dragonfly counts. */
    struct Dragonfly
    {
        uint32_t groupSize{0};  //!< Endpoints of a group
        double linksPerPair{0}; //!< Global links of two groups, one direction
        bool isWhole{false};    //!< The dragonfly is all of the fabric: its endpoints are ours
    };

    std::string RefuseExchange(const CollectiveSpec& spec, const FabricHints& hints) const;

    bool m_isRelayed{false};              //!< Rails or joined: cards relay
    bool m_isJoined{false};               //!< Joined
    bool m_isDrawn{false};                //!< Each packet of a tree draws its link
    std::optional<Dragonfly> m_dragonfly; //!< There is one
    uint64_t m_packet{0};                 //!< Payload of a full packet, bytes
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FLOW_LIMITS_H
