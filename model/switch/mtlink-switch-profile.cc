/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/mtlink-switch-profile.h"

#include "engine/choice-attribute.h"
#include "engine/enum-attribute.h"
#include "switch/arbiter-registry.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/mtlink-error.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <string>
#include <utility>

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
            .SetParent<ClassProfile>()
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
                "How packets wait: voq (at the input, a queue per output and VC), fifo (at the "
                "input, a queue per VC, its head blocks all behind it) or output (in a memory "
                "that the chip shares, a queue per output and VC). Assumed.",
                EnumValue(SwitchProfile::VOQ),
                EnumAccessor<SwitchProfile::Queueing>(&SwitchProfile::m_queueing),
                MakeEnumChecker(SwitchProfile::VOQ,
                                "voq",
                                SwitchProfile::FIFO,
                                "fifo",
                                SwitchProfile::OUTPUT,
                                "output"))
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
                          "Who goes first: round_robin (each output for itself, over inputs and "
                          "VCs), oldest_first (by time of injection), islip (McKeown 1999) or "
                          "wavefront (Tamir and Chi 1993); the latter three match the whole chip "
                          "at the end of each instant. Assumed.",
                          StringValue(ARBITER_ROUND_ROBIN),
                          MakeStringAccessor(&SwitchProfile::m_arbiter),
                          MakeChoiceChecker([] { return GetArbiters().GetNames(); }))
            .AddAttribute("Iterations",
                          "Rounds of request, grant and accept at one instant, with arbiter islip; "
                          "0: until one adds nothing. Assumed.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&SwitchProfile::m_iterations),
                          MakeUintegerChecker<uint32_t>(0, 65536))
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
            .AddAttribute(
                "SharedBuffer",
                "Bytes per chip that all its inputs and VCs may use beside their own; with "
                "queueing output, the memory. Assumed: none.",
                UintegerValue(0),
                MakeUintegerAccessor(&SwitchProfile::m_sharedBuffer),
                MakeUintegerChecker<uint64_t>(0, 1ULL << 40))
            .AddAttribute("Alpha",
                          "Dynamic threshold of the shared buffer (Choudhury and Hahne 1998): a "
                          "queue takes more while it holds less than alpha times what is free; 0: "
                          "not set, 1. Assumed.",
                          DoubleValue(0.0),
                          MakeDoubleAccessor(&SwitchProfile::m_alpha),
                          MakeDoubleChecker<double>(0.0, 1024.0))
            .AddAttribute("PacketRate",
                          "Packets per second that the pipeline of an input port deals with, at "
                          "most; 0: any number. Assumed.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&SwitchProfile::m_packetRate),
                          MakeUintegerChecker<uint64_t>(0, 1000000000000ULL))
            .AddAttribute("TileRows",
                          "Rows of tiles in which the ports lie, as in a hierarchical crossbar "
                          "(Kim et al. 2005, Cray YARC: Scott et al. 2006); 0: no tiles. Assumed.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&SwitchProfile::m_tileRows),
                          MakeUintegerChecker<uint32_t>(0, 1024))
            .AddAttribute("TileColumns",
                          "Columns of tiles, see tile_rows; 0: no tiles. Assumed.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&SwitchProfile::m_tileColumns),
                          MakeUintegerChecker<uint32_t>(0, 1024))
            .AddAttribute("RowLanes",
                          "Packets that the inputs of one row of tiles send at once, at most; 0: "
                          "any number. Assumed.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&SwitchProfile::m_rowLanes),
                          MakeUintegerChecker<uint32_t>(0, 65536))
            .AddAttribute("ColumnLanes",
                          "Packets that the outputs of one column of tiles accept at once, at "
                          "most; 0: any number. Assumed.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&SwitchProfile::m_columnLanes),
                          MakeUintegerChecker<uint32_t>(0, 65536))
            .AddAttribute("InputSpeedup",
                          "Packets that an input port reads at once, at most. Assumed.",
                          UintegerValue(DEFAULT_INPUT_SPEEDUP),
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
            .AddAttribute("Ecn",
                          "Outputs mark packets by the length of their queue, for "
                          "endpoint.congestion_control: dcqcn or host. Assumed: they do not.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&SwitchProfile::m_ecn),
                          MakeBooleanChecker())
            .AddAttribute("EcnMin",
                          "K_min: bytes of an output's queue up to which nothing is marked. "
                          "Assumed: 5 KB, as in Zhu et al. 2015 at 40 Gb/s.",
                          UintegerValue(5000),
                          MakeUintegerAccessor(&SwitchProfile::m_ecnMin),
                          MakeUintegerChecker<uint64_t>(0, 1ULL << 40))
            .AddAttribute("EcnMax",
                          "K_max: bytes of an output's queue beyond which all is marked. "
                          "Assumed: 200 KB, as in Zhu et al. 2015 at 40 Gb/s.",
                          UintegerValue(200000),
                          MakeUintegerAccessor(&SwitchProfile::m_ecnMax),
                          MakeUintegerChecker<uint64_t>(1, 1ULL << 40))
            .AddAttribute("EcnProbability",
                          "P_max: probability of a mark at a queue of ecn_max, falling evenly to "
                          "0 at ecn_min. Assumed: 0.01, as in Zhu et al. 2015.",
                          DoubleValue(0.01),
                          MakeDoubleAccessor(&SwitchProfile::m_ecnProbability),
                          MakeDoubleChecker<double>(0.0, 1.0))
            .AddAttribute("Radix",
                          "Ports that a chip has, a switch with more is refused; 0: any number.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&SwitchProfile::m_radix),
                          MakeUintegerChecker<uint32_t>(0, 65536))
            .AddAttribute("Reduction",
                          "Whether the chip combines packets of a group (in-network reduction). "
                          "Assumed: no. Vendor: NVSwitch3 and Tomahawk Ultra do.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&SwitchProfile::m_reduction),
                          MakeBooleanChecker())
            .AddAttribute("Multicast",
                          "Whether the chip copies a packet of a group to several outputs. "
                          "Assumed: no. Vendor: NVSwitch3 and Tomahawk Ultra do.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&SwitchProfile::m_multicast),
                          MakeBooleanChecker())
            .AddAttribute("ReductionRate",
                          "Bytes/s of whole flits at which the reduction unit takes in operands "
                          "from one port; 0: as fast as they come. Assumed: line rate.",
                          DoubleValue(0.0),
                          MakeDoubleAccessor(&SwitchProfile::m_reductionRate),
                          MakeDoubleChecker<double>(0.0))
            .AddAttribute("ReductionLatency",
                          "From the last operand's head at the reduction unit to the result's "
                          "head. Assumed: no vendor tells.",
                          TimeValue(NanoSeconds(50)),
                          MakeTimeAccessor(&SwitchProfile::m_reductionLatency),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("ReductionContexts",
                          "Packets that the chip can combine at once, over all groups. Assumed.",
                          UintegerValue(1024),
                          MakeUintegerAccessor(&SwitchProfile::m_reductionContexts),
                          MakeUintegerChecker<uint32_t>(1, 1U << 24))
            .AddAttribute("ReductionMemory",
                          "Bytes of memory of all contexts, two of the largest packets each; 0: "
                          "enough for all. Assumed.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&SwitchProfile::m_reductionMemory),
                          MakeUintegerChecker<uint64_t>(0, 1ULL << 40))
            .AddAttribute("ReductionGroupContexts",
                          "Contexts that a group takes in the chip for each of its trees, at most. "
                          "Assumed: 512 KiB of 4 KiB packets.",
                          UintegerValue(128),
                          MakeUintegerAccessor(&SwitchProfile::m_reductionGroupContexts),
                          MakeUintegerChecker<uint32_t>(1, 1U << 24))
            .AddAttribute(
                "ReductionOverflow",
                "Where a group finds too few contexts free: wait (its operations do, "
                "until others have given theirs back) or fall_back (contexts are kept "
                "for a whole run, and later groups' collectives are done by ring). "
                "Assumed.",
                EnumValue(SwitchProfile::WAIT),
                EnumAccessor<SwitchProfile::Overflow>(&SwitchProfile::m_reductionOverflow),
                MakeEnumChecker(SwitchProfile::WAIT,
                                "wait",
                                SwitchProfile::FALL_BACK,
                                "fall_back"));
    return tid;
}

void
SwitchProfile::CheckReduction() const
{
    if (!m_reduction)
    {
        TypeId tid = GetTypeId();
        for (const auto& [name, key] : {std::pair{"ReductionRate", "reduction_rate"},
                                        {"ReductionLatency", "reduction_latency"},
                                        {"ReductionContexts", "reduction_contexts"},
                                        {"ReductionMemory", "reduction_memory"},
                                        {"ReductionGroupContexts", "reduction_group_contexts"},
                                        {"ReductionOverflow", "reduction_overflow"}})
        {
            TypeId::AttributeInformation info;
            tid.LookupAttributeByName(name, &info);
            const Ptr<AttributeValue> value = info.checker->Create();
            info.accessor->Get(this, *value);
            if (value->SerializeToString(info.checker) !=
                info.initialValue->SerializeToString(info.checker))
            {
                throw ParameterError(key,
                                     "the switch has no reduction unit: leave " + std::string(key) +
                                         " out, or set reduction: true");
            }
        }
    }
    if ((m_reduction || m_multicast) &&
        (m_queueing != VOQ || m_arbiter != ARBITER_ROUND_ROBIN || m_tileRows > 0))
    {
        throw ParameterError(m_reduction ? "reduction" : "multicast",
                             "results and copies wait in queues per output that each output "
                             "arbitrates for itself: it needs queueing: voq, arbiter: "
                             "round_robin and no tiles");
    }
}

void
SwitchProfile::Check() const
{
    CheckClasses();
    if (m_iterations > 0 && !GetArbiters().Find(m_arbiter)->hasIterations)
    {
        throw ParameterError("iterations",
                             "only arbiter islip has rounds: leave iterations out, or set arbiter: "
                             "islip");
    }
    if (m_alpha > 0 && m_sharedBuffer == 0)
    {
        throw ParameterError("alpha",
                             "it is the threshold of a shared buffer, and there is none: leave "
                             "alpha out, or set shared_buffer");
    }
    if ((m_tileRows == 0) != (m_tileColumns == 0))
    {
        throw ParameterError(m_tileRows == 0 ? "tile_columns" : "tile_rows",
                             "tiles have rows and columns: set both tile_rows and tile_columns");
    }
    if (m_tileRows == 0 && (m_rowLanes > 0 || m_columnLanes > 0))
    {
        throw ParameterError(m_rowLanes > 0 ? "row_lanes" : "column_lanes",
                             "there are no tiles: leave it out, or set tile_rows and tile_columns");
    }
    if (m_tileRows > 0 && m_rowLanes == 0 && m_columnLanes == 0)
    {
        throw ParameterError("tile_rows",
                             "tiles without limits have no effect: set row_lanes or column_lanes");
    }
    if (m_queueing == OUTPUT)
    {
        CheckOutputQueued();
    }
}

void
SwitchProfile::CheckOutputQueued() const
{
    constexpr const char* NO_CROSSBAR =
        "queueing output has a shared memory and no crossbar: leave it out";
    if (m_sharedBuffer == 0)
    {
        throw ParameterError("queueing",
                             "output needs a memory: set shared_buffer, bytes per chip");
    }
    if (m_arbiter != ARBITER_ROUND_ROBIN && !GetArbiters().Find(m_arbiter)->isByAge)
    {
        throw ParameterError("arbiter",
                             "queueing output has no crossbar to match: take round_robin or "
                             "oldest_first");
    }
    if (m_tileRows > 0)
    {
        throw ParameterError("tile_rows", NO_CROSSBAR);
    }
    if (m_inputSpeedup != DEFAULT_INPUT_SPEEDUP)
    {
        throw ParameterError("input_speedup", NO_CROSSBAR);
    }
    if (m_outputSpeedup != 1)
    {
        throw ParameterError("output_speedup", NO_CROSSBAR);
    }
}

} // namespace mtlink
} // namespace ns3
