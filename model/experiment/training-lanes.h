/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TRAINING_LANES_H
#define MTLINK_TRAINING_LANES_H

#include "training/iteration-graph.h"
#include "workload/replayer.h"

#include "ns3/mtlink-results.h"

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
 * What a card of a training did for a while.
 */
struct TrainingSpan
{
    uint32_t rank;    //!< The card
    const char* lane; //!< "compute", "tensor", "pipeline", ...
    std::string name; //!< What exactly, for people
    Tick start;       //!< From
    Tick end;         //!< To
};

/**
 * @ingroup mtlink
 * Visit what cards did, in order of the graph: kernels, collectives from launch to end, messages
 * from other stages from when they were sent and asked for. What took no time, or has not ended, is
 * left out.
 * @param [in] iteration The training.
 * @param [in] graph Its graph.
 * @param [in] replayer Who replays it.
 * @param [in] ranks By rank: whether it is asked for; empty: all are.
 * @param [in] visit Called with each.
 */
void ForEachSpan(const IterationGraph& iteration,
                 const OperationGraph& graph,
                 const Replayer& replayer,
                 const std::vector<bool>& ranks,
                 const std::function<void(const TrainingSpan&)>& visit);

/**
 * @ingroup mtlink
 * Lanes of one card of each stage. Spans of one name, in other lanes than that of kernels of any
 * name, that are less than 1/2000 of the whole time apart are one row.
 * @param [in] spans Of those cards.
 * @param [in] stageOf Tells the stage of a rank.
 * @param [in] endpoints By rank: its endpoint.
 * @return rows by stage, lane and start.
 */
std::vector<LaneResult> MakeLanes(std::vector<TrainingSpan> spans,
                                  const std::function<uint32_t(uint32_t)>& stageOf,
                                  const std::vector<uint32_t>& endpoints);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TRAINING_LANES_H
