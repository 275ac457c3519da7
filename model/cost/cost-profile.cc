/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "cost/cost-profile.h"

#include "ns3/double.h"

namespace ns3
{
namespace mtlink
{

NS_OBJECT_ENSURE_REGISTERED(CostProfile);

TypeId
CostProfile::GetTypeId()
{
    // What a chip of this year can't be, in any unit here.
    constexpr double MOST = 1e6;
    static TypeId tid =
        TypeId("ns3::mtlink::CostProfile")
            .SetParent<Object>()
            .SetGroupName("Mtlink")
            .AddConstructor<CostProfile>()
            .AddAttribute("LaneRate",
                          "Rate that one SerDes carries, one direction; a port has as many as its "
                          "rate needs. Inferred: 112G PAM4, as in S5000 and Tomahawk 5.",
                          DataRateValue(DataRate("112Gbps")),
                          MakeDataRateAccessor(&CostProfile::laneRate),
                          MakeDataRateChecker())
            .AddAttribute("SerdesArea",
                          "Area of one SerDes, both directions, in mm2. Assumed, of 112G PAM4 at "
                          "long reach in 5 nm.",
                          DoubleValue(0.5),
                          MakeDoubleAccessor(&CostProfile::serdesArea),
                          MakeDoubleChecker<double>(0.0, MOST))
            .AddAttribute("SerdesEnergy",
                          "Energy of a SerDes per bit of its rate, sending and receiving, in "
                          "pJ/bit. Assumed, of 112G PAM4 at long reach in 5 nm; a transmitter "
                          "alone takes 1.0 to 1.3 (Toprak-Deniz et al. 2020, 14 nm).",
                          DoubleValue(5.0),
                          MakeDoubleAccessor(&CostProfile::serdesEnergy),
                          MakeDoubleChecker<double>(0.0, MOST))
            .AddAttribute("LogicArea",
                          "Area of what every port has beside SerDes and buffers (PCS, FEC, MAC, "
                          "link layer, lookup), in mm2 per Tb/s of port rate. Assumed.",
                          DoubleValue(5.0),
                          MakeDoubleAccessor(&CostProfile::logicArea),
                          MakeDoubleChecker<double>(0.0, MOST))
            .AddAttribute("LogicEnergy",
                          "Energy of the same, in pJ per bit through the chip. Assumed: about "
                          "what SerDes, memories and wires leave of the power of Tomahawk 5.",
                          DoubleValue(2.0),
                          MakeDoubleAccessor(&CostProfile::logicEnergy),
                          MakeDoubleChecker<double>(0.0, MOST))
            .AddAttribute("SramArea",
                          "Area of buffers, in mm2 per Mbit. Inferred: twice that of dense macros "
                          "in 5 nm, 31.8 Mibit per mm2 (WikiChip on IEDM 2022), for banks, ports "
                          "and ECC.",
                          DoubleValue(0.06),
                          MakeDoubleAccessor(&CostProfile::sramArea),
                          MakeDoubleChecker<double>(0.0, MOST))
            .AddAttribute("SramEnergy",
                          "Energy to write a bit to a buffer and read it, in pJ/bit. Assumed.",
                          DoubleValue(0.5),
                          MakeDoubleAccessor(&CostProfile::sramEnergy),
                          MakeDoubleChecker<double>(0.0, MOST))
            .AddAttribute("QueueArea",
                          "Area of the state of one queue (pointers, credits, its cell of the "
                          "arbiter), in um2. Assumed.",
                          DoubleValue(50.0),
                          MakeDoubleAccessor(&CostProfile::queueArea),
                          MakeDoubleChecker<double>(0.0, MOST))
            .AddAttribute("Clock",
                          "Clock of the crossbar, in GHz: a port has as many wires as it moves "
                          "bits in a period. Assumed.",
                          DoubleValue(1.25),
                          MakeDoubleAccessor(&CostProfile::clock),
                          MakeDoubleChecker<double>(0.01, 100.0))
            .AddAttribute("CrosspointArea",
                          "Area where a wire of an input meets an output of the crossbar, in um2. "
                          "Inferred: 5.3 in 65 nm (SWIFT, Satpathy et al. 2011: 32 x 32 ports of "
                          "64 bits on 0.35 mm2), with wires less than half as wide.",
                          DoubleValue(1.0),
                          MakeDoubleAccessor(&CostProfile::crosspointArea),
                          MakeDoubleChecker<double>(0.0, MOST))
            .AddAttribute("WireEnergy",
                          "Energy of wires in the crossbar, in pJ per bit and mm. Inferred: SWIFT "
                          "takes 0.135 pJ/bit for 1.2 mm; a swing of part of the supply takes "
                          "half (Cakir et al. 2015).",
                          DoubleValue(0.1),
                          MakeDoubleAccessor(&CostProfile::wireEnergy),
                          MakeDoubleChecker<double>(0.0, MOST))
            .AddAttribute("ReductionArea",
                          "Area of the reduction unit without its memory, in mm2 per Tb/s of "
                          "operands. Assumed.",
                          DoubleValue(0.5),
                          MakeDoubleAccessor(&CostProfile::reductionArea),
                          MakeDoubleChecker<double>(0.0, MOST))
            .AddAttribute("ReductionEnergy",
                          "Energy of the reduction unit, in pJ per bit of operands. Assumed.",
                          DoubleValue(0.2),
                          MakeDoubleAccessor(&CostProfile::reductionEnergy),
                          MakeDoubleChecker<double>(0.0, MOST))
            .AddAttribute("ChipArea",
                          "Area that every chip has, whatever its ports (management, clocks, "
                          "test), in mm2. Assumed.",
                          DoubleValue(20.0),
                          MakeDoubleAccessor(&CostProfile::chipArea),
                          MakeDoubleChecker<double>(0.0, MOST))
            .AddAttribute("ChipPower",
                          "Power that every chip takes, whatever its ports, in W. Assumed.",
                          DoubleValue(10.0),
                          MakeDoubleAccessor(&CostProfile::chipPower),
                          MakeDoubleChecker<double>(0.0, MOST))
            .AddAttribute("StaticPower",
                          "Leakage and clock tree, in W per mm2. Assumed.",
                          DoubleValue(0.05),
                          MakeDoubleAccessor(&CostProfile::staticPower),
                          MakeDoubleChecker<double>(0.0, MOST))
            .AddAttribute("Reticle",
                          "Largest area of one chip, in mm2: beyond it, a chip is told to be too "
                          "large, no more. Press: 26 mm by 33 mm.",
                          DoubleValue(858.0),
                          MakeDoubleAccessor(&CostProfile::reticle),
                          MakeDoubleChecker<double>(0.0, MOST))
            .AddAttribute("CopperReach",
                          "Longest cable without optics, in metres. Assumed: passive copper at "
                          "112G.",
                          DoubleValue(3.0),
                          MakeDoubleAccessor(&CostProfile::copperReach),
                          MakeDoubleChecker<double>(0.0, 1e6))
            .AddAttribute("OpticalEnergy",
                          "Energy of the optical module at each end of a longer cable, in pJ/bit. "
                          "Press: 7 to 12 W at 400G, 16 to 18 W at 800G.",
                          DoubleValue(20.0),
                          MakeDoubleAccessor(&CostProfile::opticalEnergy),
                          MakeDoubleChecker<double>(0.0, MOST));
    return tid;
}

} // namespace mtlink
} // namespace ns3
