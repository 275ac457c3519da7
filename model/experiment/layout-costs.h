/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_LAYOUT_COSTS_H
#define MTLINK_LAYOUT_COSTS_H

#include "training/quick-iteration.h"
#include "training/training-spec.h"
#include "workload/collective/collective.h"

#include "ns3/mtlink-fabric.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What the communication of layouts takes on a fabric at least: a collective what the busiest link
 * out of a card that sends for it, or that relays it, needs for the payload, by the algorithm that
 * would run; a message what it takes on an idle fabric. Groups of the first stage stand for those
 * of others. Collectives that layouts have in common are looked at once.
 */
class LayoutCosts
{
  public:
    /**
     * @param [in] fabric The fabric, built; must outlive this.
     * @param [in] hints What collectives may know of it; must outlive this.
     * @param [in] endpoints The endpoint of each rank; must outlive this.
     */
    LayoutCosts(const MtlinkFabric& fabric,
                const FabricHints& hints,
                const std::vector<uint32_t>& endpoints);

    /** @return least time of an iteration, ps. @param [in] spec A layout, checked. */
    Tick GetIteration(const TrainingSpec& spec);

  private:
    /** @return the least time of a collective among some ranks. */
    Tick GetCollective(const TrainingSpec& spec,
                       const Step& step,
                       const std::vector<uint32_t>& ranks);

    /** @return the least time of a planned collective. */
    Tick GetBusiest(const PlannedCollective& plan) const;

    const MtlinkFabric& m_fabric;             //!< The fabric
    const FabricHints& m_hints;               //!< For collectives
    const std::vector<uint32_t>& m_endpoints; //!< By rank

    /** By collective, algorithm, size or sizes, and ranks. */
    using Key = std::pair<std::pair<std::string, std::string>,
                          std::pair<std::vector<uint64_t>, std::vector<uint32_t>>>;
    std::map<Key, Tick> m_known; //!< What was looked at
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_LAYOUT_COSTS_H
