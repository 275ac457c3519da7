/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "mtlink-switch-profile.h"

#include "ns3/mtlink-enum-attribute.h"
#include "ns3/uinteger.h"

namespace ns3
{
namespace mtlink
{

NS_OBJECT_ENSURE_REGISTERED(SwitchProfile);

TypeId
SwitchProfile::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mtlink::SwitchProfile")
            .SetParent<Object>()
            .SetGroupName("Mtlink")
            .AddConstructor<SwitchProfile>()
            .AddAttribute("Latency",
                          "Head in to head out of an idle switch, beyond serialisation. Assumed: "
                          "UALink's target for 50T chips.",
                          TimeValue(NanoSeconds(200)),
                          MakeTimeAccessor(&SwitchProfile::m_latency),
                          MakeTimeChecker(Time(0)))
            .AddAttribute(
                "Queueing",
                "How packets wait at an input: voq (a queue per output and VC) or fifo (a "
                "queue per VC, its head blocks all behind it). Assumed.",
                EnumValue(SwitchProfile::VOQ),
                EnumAccessor<SwitchProfile::Queueing>(&SwitchProfile::m_queueing),
                MakeEnumChecker(SwitchProfile::VOQ, "voq", SwitchProfile::FIFO, "fifo"))
            .AddAttribute("Switching",
                          "When a packet may leave: cut_through (its head is through the pipeline) "
                          "or store_and_forward (it is in whole). Assumed.",
                          EnumValue(SwitchProfile::CUT_THROUGH),
                          EnumAccessor<SwitchProfile::Switching>(&SwitchProfile::m_switching),
                          MakeEnumChecker(SwitchProfile::CUT_THROUGH,
                                          "cut_through",
                                          SwitchProfile::STORE_AND_FORWARD,
                                          "store_and_forward"))
            .AddAttribute("Arbiter",
                          "Who goes first at an output: round_robin over inputs and VCs. Assumed.",
                          EnumValue(SwitchProfile::ROUND_ROBIN),
                          EnumAccessor<SwitchProfile::Arbiter>(&SwitchProfile::m_arbiter),
                          MakeEnumChecker(SwitchProfile::ROUND_ROBIN, "round_robin"))
            .AddAttribute("Vcs",
                          "Virtual channels per port. Assumed: UALink has 4.",
                          UintegerValue(4),
                          MakeUintegerAccessor(&SwitchProfile::m_vcs),
                          MakeUintegerChecker<uint32_t>(1, 32))
            .AddAttribute(
                "Buffer",
                "Bytes of input buffer per port and VC. Assumed: one credit round trip at "
                "224 Gb/s, twice.",
                UintegerValue(32768),
                MakeUintegerAccessor(&SwitchProfile::m_buffer),
                MakeUintegerChecker<uint64_t>(1, 1ULL << 40))
            .AddAttribute("InputSpeedup",
                          "Packets that an input port reads at once, at most. Assumed.",
                          UintegerValue(2),
                          MakeUintegerAccessor(&SwitchProfile::m_inputSpeedup),
                          MakeUintegerChecker<uint32_t>(1, 64))
            .AddAttribute("OutputSpeedup",
                          "Packets that an output port accepts at once, at most; above 1 it has an "
                          "output queue. Assumed.",
                          UintegerValue(1),
                          MakeUintegerAccessor(&SwitchProfile::m_outputSpeedup),
                          MakeUintegerChecker<uint32_t>(1, 64))
            .AddAttribute("OutputBuffer",
                          "Bytes of the queue behind each output, where output_speedup is above 1. "
                          "Assumed.",
                          UintegerValue(32768),
                          MakeUintegerAccessor(&SwitchProfile::m_outputBuffer),
                          MakeUintegerChecker<uint64_t>(1, 1ULL << 40))
            .AddAttribute("Radix",
                          "Ports that a chip has, a switch with more is refused; 0: any number.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&SwitchProfile::m_radix),
                          MakeUintegerChecker<uint32_t>(0, 65536));
    return tid;
}

} // namespace mtlink
} // namespace ns3
