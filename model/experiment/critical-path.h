/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CRITICAL_PATH_H
#define MTLINK_CRITICAL_PATH_H

#include "measure/critical-paths.h"
#include "workload/cause-log.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What a critical path needs to know of a replay.
 */
struct PathNames
{
    const OperationGraph& graph;                              //!< What was replayed
    std::function<uint32_t(uint32_t)> endpoint;               //!< Of a rank
    std::function<std::string(uint32_t)> rank;                //!< A rank's name
    std::function<std::string(const Operation&)> computation; //!< A COMPUTE's name
    /** Time of a message between two ranks on the idle fabric, ps; by its bytes. */
    std::function<Tick(uint32_t, uint32_t, uint64_t)> idleTime;
    /** Likewise of a step of a group in the network. */
    std::function<Tick(const GroupMessage&)> groupIdleTime;
    Tick messageOverhead{0};      //!< Before each message, ps
    uint32_t firstCollective{0};  //!< Id of the graph's first in the results
    bool namesCollectives{false}; //!< Its collectives have rows there
};

/**
 * @ingroup mtlink
 * Put the chain of what was waited for into words. A message is cut in three: its overhead, what
 * it waited behind others, and what it takes on the idle fabric.
 * @param [in] chain From Replayer::GetCriticalPath().
 * @param [in] end When the last one was over, ps.
 * @param [in] names Names and idle times.
 * @param [in] most Steps to describe; the longest stay, of all are the sums.
 * @return the path, without the workload's name.
 */
CriticalPathResult DescribeCriticalPath(const std::vector<Cause>& chain,
                                        Tick end,
                                        const PathNames& names,
                                        std::size_t most);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_CRITICAL_PATH_H
