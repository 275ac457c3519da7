/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SIMAI_PROGRAM_H
#define MTLINK_SIMAI_PROGRAM_H

#include "trace/simai-file.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** What a rank does next. */
struct SimaiStep
{
    /** What it is. */
    enum Type : uint8_t
    {
        COMPUTE,    //!< Kernels
        COLLECTIVE, //!< One that is waited for
        LAUNCH,     //!< One that runs beside what follows
        WAIT,       //!< Until the latest LAUNCH of a pass is over
        SEND,       //!< To the next stage (FORWARD) or the one before
        RECEIVE,    //!< From the stage before (FORWARD) or the next
    };

    Type type;                    //!< What it is
    Tick duration{0};             //!< COMPUTE; COLLECTIVE, LAUNCH: of the update that follows
    SimaiCollective collective{}; //!< COLLECTIVE, LAUNCH
    SimaiPassKind pass{FORWARD};  //!< Of which pass it is
    uint32_t microBatch{0};       //!< SEND, RECEIVE
};

/** How the rows are cut into micro-batches. */
struct SimaiCuts
{
    std::vector<uint32_t> begins; //!< First row of each micro-batch, then the end of the last
    bool isCut{false};            //!< There are as many as `ga` says; else all rows are one
};

/**
 * @ingroup mtlink
 * @param [in] file A workload.
 * @return its micro-batches: AICB writes the rows of each, which begin with "embedding_layer"; what
 *         stands before the first, and behind the last, is of the iteration as a whole.
 */
SimaiCuts CutMicroBatches(const SimaiFile& file);

/**
 * @ingroup mtlink
 * @param [in] file A workload.
 * @param [in] stage A stage of the pipeline.
 * @return what each of its ranks does in an iteration; kernels in a row are one.
 */
std::vector<SimaiStep> MakeSimaiProgram(const SimaiFile& file, uint32_t stage);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SIMAI_PROGRAM_H
