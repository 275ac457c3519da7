/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_NETWORK_SIZE_H
#define MTLINK_NETWORK_SIZE_H

#include "design/network.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @file
 * @ingroup mtlink
 * Sizes in closed form of what the builders in model/topology build; nothing is built. Tests hold
 * each to the graph.
 */

/**
 * @param [in] endpoints Endpoints, each with one link to the chip.
 * @return a single switch.
 */
NetworkSize CountSingleSwitch(uint64_t endpoints);

/**
 * The numbers of FatTreeTopology, XGFT(h; m; w) with parallel links (Öhring et al. 1995, Zahavi
 * 2010). Level l has (m_{l+1} ... m_h) (w_1 ... w_l) switches, each with w_{l+1} k_{l+1} links up.
 * @param [in] endpoints Endpoints attached, at most m_1 ... m_h; all switches are built.
 * @param [in] down m, leaf upwards.
 * @param [in] up w, from endpoints upwards.
 * @param [in] parallel k, likewise.
 * @return the tree.
 */
NetworkSize CountFatTree(uint64_t endpoints,
                         const std::vector<uint32_t>& down,
                         const std::vector<uint32_t>& up,
                         const std::vector<uint32_t>& parallel);

/**
 * The numbers of DragonflyTopology (Kim et al. 2008), the same in every wiring: g a (a - 1) / 2
 * local links; global ones in whole rounds of g (g - 1) / 2, and of the R = a h mod (g - 1) ports
 * of a group that are left g R / 2, less half a link for each group where both g and R are odd.
 * @param [in] endpoints Endpoints attached, at most g a p.
 * @param [in] p Endpoints of a switch.
 * @param [in] a Switches of a group.
 * @param [in] h Global links of a switch.
 * @param [in] groups Groups g, at most a h + 1.
 * @return the dragonfly.
 */
NetworkSize CountDragonfly(uint64_t endpoints, uint32_t p, uint32_t a, uint32_t h, uint32_t groups);

/**
 * @param [in] endpoints Endpoints attached.
 * @param [in] dimensions Switches along each dimension, all of them rings.
 * @param [in] perSwitch Endpoints of a switch.
 * @param [in] width Parallel links between neighbours, the same in each dimension.
 * @return the torus; in a dimension of 2 the next up is the next down.
 */
NetworkSize CountTorus(uint64_t endpoints,
                       const std::vector<uint32_t>& dimensions,
                       uint32_t perSwitch,
                       uint32_t width);

/**
 * @param [in] endpoints Endpoints attached.
 * @param [in] dimensions S of Ahn et al. 2009.
 * @param [in] perSwitch T of it.
 * @param [in] widths K of it.
 * @return the HyperX.
 */
NetworkSize CountHyperx(uint64_t endpoints,
                        const std::vector<uint32_t>& dimensions,
                        uint32_t perSwitch,
                        const std::vector<uint32_t>& widths);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_NETWORK_SIZE_H
