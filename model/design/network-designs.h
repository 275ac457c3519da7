/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_NETWORK_DESIGNS_H
#define MTLINK_NETWORK_DESIGNS_H

#include "design/network.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What networks are looked for.
 */
struct NetworkWish
{
    uint64_t endpoints{0};                   //!< To attach, at least 2
    uint32_t ports{0};                       //!< Of a chip, at least 2
    std::vector<std::vector<double>> tapers; //!< Each by level, leaf upwards; 1 beyond its end
    std::vector<uint32_t> levels;            //!< Of fat trees, 2 or more each
    std::vector<uint32_t> dimensions;        //!< Of tori and HyperX, 1 or more each
    std::vector<std::string> wirings;        //!< Of dragonflies
};

/**
 * @ingroup mtlink
 * List one chip with all endpoints on it.
 * @param [in] wish What is looked for.
 * @param [in,out] list Gets it, or why there is none.
 */
void ListSingleSwitches(const NetworkWish& wish, NetworkList& list);

/**
 * @ingroup mtlink
 * List fat trees. A leaf gives the endpoints a share of its ports that the taper says, a switch of
 * a middle level likewise; top switches have links down only. No more leaves, pods and parents are
 * built than it takes: endpoints are spread evenly over leaves, leaves over pods; where pods are
 * few, links to one parent are parallel, at the top as many as its ports allow, in the middle every
 * number that divides the links up, which makes pods smaller and more.
 * @param [in] wish What is looked for.
 * @param [in,out] list Gets them.
 */
void ListFatTrees(const NetworkWish& wish, NetworkList& list);

/**
 * @ingroup mtlink
 * List dragonflies, one for each number a of switches in a group: as many endpoints p on a switch
 * as p <= taper h allows, as few groups as that takes, endpoints spread evenly, and no more global
 * links than p / taper and one between any two groups.
 * @param [in] wish What is looked for.
 * @param [in,out] list Gets them.
 */
void ListDragonflies(const NetworkWish& wish, NetworkList& list);

/**
 * @ingroup mtlink
 * List HyperX, one for each number T of endpoints on a switch and number of dimensions: that of
 * fewest switches, then ports, whose bisection along each dimension, K S / 2 for T endpoints of
 * each switch (Ahn et al. 2009, relative bisection), is 1 / taper or more.
 * @param [in] wish What is looked for.
 * @param [in,out] list Gets them.
 */
void ListHyperx(const NetworkWish& wish, NetworkList& list);

/**
 * @ingroup mtlink
 * List tori: for each number of endpoints on a switch that is a power of two and each number of
 * dimensions the one of fewest switches, then the shortest ways; with 1, 2, 4, ... parallel links,
 * and as many as a chip has ports for.
 * @param [in] wish What is looked for; tapers have no part in it.
 * @param [in,out] list Gets them.
 */
void ListTori(const NetworkWish& wish, NetworkList& list);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_NETWORK_DESIGNS_H
