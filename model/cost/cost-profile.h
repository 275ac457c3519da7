/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_COST_PROFILE_H
#define MTLINK_COST_PROFILE_H

#include "ns3/data-rate.h"
#include "ns3/object.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What a technology asks for the parts of a switch chip; the YAML mapping `cost:`. Members are
 * public: a table of numbers that EstimateCost() reads, each checked by its attribute.
 */
class CostProfile : public Object
{
  public:
    /**
     * Register this type.
     * @return The object TypeId.
     */
    static TypeId GetTypeId();

    DataRate laneRate;      //!< What one SerDes carries, one direction
    double serdesArea;      //!< mm2 per SerDes, both directions
    double serdesEnergy;    //!< pJ per bit, sent at one end and received at the other
    double logicArea;       //!< mm2 per Tb/s of port rate
    double logicEnergy;     //!< pJ per bit through the chip
    double sramArea;        //!< mm2 per Mbit (10^6 bits)
    double sramEnergy;      //!< pJ per bit written and read once
    double queueArea;       //!< um2 per queue
    double clock;           //!< GHz, of the crossbar
    double crosspointArea;  //!< um2 per wire of an input and output that cross
    double wireEnergy;      //!< pJ per bit and mm
    double reductionArea;   //!< mm2 per Tb/s of operands
    double reductionEnergy; //!< pJ per bit of operands
    double chipArea;        //!< mm2 that every chip has
    double chipPower;       //!< W that every chip takes
    double staticPower;     //!< W per mm2
    double reticle;         //!< mm2, the largest chip that can be made
    double copperReach;     //!< m, longest cable without optics
    double opticalEnergy;   //!< pJ per bit in each of a cable's two optical modules
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_COST_PROFILE_H
