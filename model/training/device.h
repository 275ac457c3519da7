/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_DEVICE_H
#define MTLINK_DEVICE_H

#include "ns3/mtlink-tick.h"

#include <cstdint>
#include <map>
#include <string>

namespace ns3
{
namespace mtlink
{

/** How cards of one kind differ: drawn once for each card. */
struct StragglerSpec
{
    double slow{0};  //!< Share of the cards that are slow, 0 to 1
    double by{1};    //!< Times that their kernels take longer, 1 or more
    double sigma{0}; //!< Else: deviation of a card's speed, relative; slower than nominal only
};

/**
 * @ingroup mtlink
 * A card, as far as the time of its kernels goes.
 */
struct Device
{
    std::map<std::string, double> peak; //!< FLOP/s of dense matrices, by precision ("bf16")
    double memorySize{0};               //!< Bytes
    double memoryRate{0};               //!< Bytes/s
    double memoryEfficiency{1};         //!< Of that rate, of kernels bound by it
    double matmulEfficiency{1};         //!< Of the peak, of a very large product
    double matmulFp8{1};                //!< Of that, of products in fp8: scaling, conversion
    double matmulGrouped{1};            //!< Of that, of products of several experts at once
    double halfGflop{0};                //!< GFLOP of the product that reaches half of that
    double attentionForward{1};         //!< Of the peak, of fused attention, no causal discount
    double attentionBackward{1};        //!< Likewise, backward
    double attentionUnfused{1};         //!< Of the peak, of its batched products where not fused
    Tick launch{0};                     //!< Before each kernel, ps
    Tick collectiveStep{0};             //!< Before a collective, for each further member, ps
    Tick collectiveFixed{0};            //!< Before a collective, ps
    StragglerSpec straggler;            //!< How cards differ
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_DEVICE_H
