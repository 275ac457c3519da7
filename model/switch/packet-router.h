/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_PACKET_ROUTER_H
#define MTLINK_PACKET_ROUTER_H

#include "routing/path-selector.h"
#include "switch/chip.h"

#include "ns3/mtlink-congestion-view.h"
#include "ns3/mtlink-path-choice.h"
#include "ns3/mtlink-routing.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Chooses, for packets that have arrived at a switch, output link and VC: by the routing and the
 * flow's hash, or by load, chance or turn where a switch's routing says so. It shows the routing
 * what waits at a switch.
 */
class PacketRouter : public CongestionView
{
  public:
    /**
     * @param [in] ports The ports of all switches; must outlive this, as the other.
     * @param [in] routing The routes.
     */
    PacketRouter(SwitchPorts& ports, const Routing& routing);

    /**
     * @param [in] spec A switch.
     * @return whether its routing chooses paths by load, chance or turn.
     */
    bool NeedsSelector(const SwitchSpec& spec) const;

    /**
     * Route packets of one more chip.
     * @param [in] spec What it is made of.
     * @param [in] kind Index of its kind, which says whether it selects: NeedsSelector().
     */
    void Add(const SwitchSpec& spec, uint32_t kind);

    /** @return whether some chip chooses paths by load, chance or turn. */
    bool HasSelectors() const
    {
        return !m_selectors.empty();
    }

    /**
     * Choose output link and VC of a packet that has arrived.
     * @param [in] input At which input.
     * @param [in,out] packet The packet; a link that is chosen by its load has given it credit.
     */
    void Route(const InputPort& input, Packet& packet);

    /**
     * @param [in] node A switch.
     * @return whether a way once chosen there stands: a detour may be begun, credit taken.
     */
    bool IsAdaptive(uint32_t node) const
    {
        return m_routing.GetSwitchAlgorithm(node).IsAdaptive();
    }

    /**
     * Bring into the cache what Route() will read, for a packet that the routing alone sends.
     * @param [in] node The switch to which it flies.
     * @param [in] packet The packet.
     */
    void Prefetch(uint32_t node, const Packet& packet) const
    {
        __builtin_prefetch(m_routing.NextHops(node, packet.target, packet.vcClass).links.data());
    }

    uint32_t GetQueued(uint32_t link, uint8_t vcClass) const override;
    uint32_t GetInUse(uint32_t link, uint8_t vcClass) override;
    bool HasCredit(uint32_t link, uint8_t vcClass, uint32_t flits) override;
    bool IsAvoided(uint32_t link) const override;

  private:
    static constexpr uint32_t NO_SELECTOR = UINT32_MAX; //!< Paths by the flow's hash

    /** Route() where there is more to choose by than the flow's hash. */
    void ChoosePath(const InputPort& input, Packet& packet);

    /**
     * @param [in] choice A packet's way.
     * @param [in] packet The packet.
     * @return the least loaded VC of its class, ties by the packet's hash; for an adaptive choice
     *         of those with credit.
     */
    uint32_t ChooseVc(const PathChoice& choice, const Packet& packet);

    /** @return first VC of a class on a link out of a switch, and the one behind its last. */
    std::pair<uint32_t, uint32_t> GetVcs(uint32_t link, uint8_t vcClass) const;

    SwitchPorts& m_ports;                  //!< The ports of all switches
    EventClock& m_clock;                   //!< The clock
    Links& m_links;                        //!< The links
    const Routing& m_routing;              //!< The routes
    std::vector<uint32_t> m_kindOf;        //!< By chip: index of its kind
    std::vector<uint32_t> m_selectorOf;    //!< By chip: its first selector, or NO_SELECTOR
    std::vector<PathSelector> m_selectors; //!< Of each such chip: one for each traffic class
    uint32_t m_viewedClass{0};             //!< Traffic class for which loads are looked at
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_PACKET_ROUTER_H
