/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CRITICAL_PATHS_H
#define MTLINK_CRITICAL_PATHS_H

#include "ns3/mtlink-tick.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink
 * A slice of the timeline: a part of what the end of a workload waited for. */
struct CriticalStepResult
{
    /** What it is. */
    enum Kind : uint8_t
    {
        COMPUTE,  //!< A computation
        REDUCE,   //!< A reduction by a rank
        DELAY,    //!< A pause that the workload asks for
        OVERHEAD, //!< Software's, before a message or a collective
        WAIT,     //!< A message behind others: for its turn, a link, or credit
        TRANSFER, //!< A message as on the idle fabric: links, switches and its bits
    };

    Kind kind{COMPUTE};     //!< What it is
    std::string name;       //!< "4 MiB from gpu0 to gpu1"
    std::string after;      //!< What let it start, likewise
    uint32_t rank{0};       //!< Endpoint
    int64_t collective{-1}; //!< Its id, or -1
    Tick start{0};          //!< Start
    Tick end{0};            //!< End
};

/** Names of the kinds in results, by CriticalStepResult::Kind. */
inline constexpr std::array<const char*, 6> CRITICAL_KIND_NAMES{"compute",
                                                                "reduce",
                                                                "delay",
                                                                "overhead",
                                                                "wait",
                                                                "transfer"};

/** @ingroup mtlink
 * What the end of a workload waited for, and that, and so on from its start; for the timeline. */
struct CriticalPathResult
{
    std::string workload;                                //!< Its name
    uint64_t steps{0};                                   //!< Computations, messages, ...
    uint64_t leftOut{0};                                 //!< Of them, the shortest, not in `list`
    std::array<Tick, CRITICAL_KIND_NAMES.size()> time{}; //!< By kind, of all steps
    std::vector<CriticalStepResult> list;                //!< One after another; a step may be three
};

/** @ingroup mtlink
 * The critical paths of a run. */
struct CriticalPaths
{
    std::vector<CriticalPathResult> paths; //!< By workload; empty: not asked for
    uint32_t lost{0};                      //!< Of so many workloads it took too much to know
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_CRITICAL_PATHS_H
