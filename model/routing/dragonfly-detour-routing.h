/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_DRAGONFLY_DETOUR_ROUTING_H
#define MTLINK_DRAGONFLY_DETOUR_ROUTING_H

#include "routing/dragonfly-routing.h"

#include "ns3/mtlink-routing-profile.h"

#include <cstdint>
#include <utility>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink Who goes by a detour on a dragonfly. */
enum class DragonflyDetour : uint8_t
{
    VALIANT, //!< All, by way of a random group or switch
    UGAL_L,  //!< Minimal or Valiant, by the load at the source's switch
    UGAL_G,  //!< Minimal or Valiant, by the queues along both ways
    PAR,     //!< As UGAL_L, decided on once more within the source's group
};

/**
 * @ingroup mtlink
 * Valiant's routing, UGAL-L, UGAL-G and PAR on a domain of DragonflyTopology. What exactly each
 * does, its VC classes and its source: GetDefinition().
 *
 * Packet::via is a group of the dragonfly, or one of its switches, counted from 0.
 */
class DragonflyDetourRouting : public DragonflyRouting
{
  public:
    /**
     * @param [in] topology The graph; must outlive this.
     * @param [in] domain A domain built by DragonflyTopology.
     * @param [in] kind Who goes by a detour.
     * @param [in] profile Intermediate and threshold.
     * @throws ParameterError if there is no third group, or switch, to lead a detour to.
     */
    DragonflyDetourRouting(const Topology& topology,
                           uint32_t domain,
                           DragonflyDetour kind,
                           const RoutingProfile& profile);

    std::string GetDefinition() const override;
    uint32_t GetVcClasses() const override;
    Hops NextHops(uint32_t node, uint32_t target, uint8_t vcClass) const override;
    bool IsAdaptive() const override;
    void GetAlternatives(const PathState& state,
                         std::vector<Alternative>& alternatives) const override;
    void GetDetours(uint32_t node,
                    uint8_t vcClass,
                    std::vector<Alternative>& detours) const override;
    bool IsReached(uint32_t node, uint32_t via) const override;
    PathChoice Choose(const PathRequest& request,
                      PathSelector& selector,
                      CongestionView& view) const override;

  private:
    /** A way from a switch to the target, as UGAL compares it. */
    struct Candidate
    {
        Hops hops;               //!< First links
        uint32_t link{0};        //!< The one of them that would be taken
        uint32_t via{NO_DETOUR}; //!< Where it leads before
        uint32_t hopCount{0};    //!< Links between switches, from here to the target's switch
        uint64_t queued{0};      //!< Flits that wait for its links, at all switches of it
    };

    /** @return the minimal hops to a target; `undecided`: PAR's first local link. */
    Hops GetMinimal(uint32_t node, uint32_t target, bool undecided) const;

    /** @return the hops of a detour to where it leads, which is not reached. */
    Hops GetHopsToVia(uint32_t node, uint32_t via) const;

    /** @return where a detour of a packet leads, by its hash, not to here nor to the target. With
     *  Valiant all places but this are as likely; NO_DETOUR: it is that of the target. */
    uint32_t GetVia(const PathRequest& request) const;

    /** Follow a candidate to the target, count its hops, and its queues if a view is given. */
    void Follow(Candidate& candidate, const PathRequest& request, CongestionView* view) const;

    /** @return whether the minimal way is better than the detour. */
    bool IsMinimalBetter(const Candidate& minimal,
                         const Candidate& detour,
                         CongestionView& view) const;

    DragonflyDetour m_kind; //!< Which
    bool m_toSwitch;        //!< Detours lead to a switch; else to a group
    uint64_t m_threshold;   //!< In favour of the minimal way
    uint8_t m_first;        //!< Class of a detour's first links
    uint8_t m_last;         //!< Class of the way to the target, up to its group
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_DRAGONFLY_DETOUR_ROUTING_H
