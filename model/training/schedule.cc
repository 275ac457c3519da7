/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training/schedule.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

namespace
{

std::vector<Visit>
MakeGpipe(uint32_t micros)
{
    std::vector<Visit> visits;
    for (uint32_t micro = 0; micro < micros; ++micro)
    {
        visits.push_back({Visit::FORWARD, micro, 0});
    }
    for (uint32_t micro = micros; micro-- > 0;)
    {
        visits.push_back({Visit::BACKWARD, micro, 0});
    }
    return visits;
}

/** The k-th pass of an interleaved schedule, forward; backward takes chunks from the last. */
Visit
MakeInterleavedVisit(Visit::Kind kind, uint32_t k, uint32_t stages, uint32_t chunks)
{
    const uint32_t round = stages * chunks;
    const uint32_t chunk = k % round / stages;
    return {kind,
            k / round * stages + k % stages,
            kind == Visit::FORWARD ? chunk : chunks - 1 - chunk};
}

/** One forward, one backward, after some forward; of one chunk it is 1f1b. */
std::vector<Visit>
MakeAlternating(uint32_t passes, uint32_t warmup, uint32_t stages, uint32_t chunks)
{
    std::vector<Visit> visits;
    const uint32_t ahead = std::min(warmup, passes);
    for (uint32_t k = 0; k < passes + ahead; ++k)
    {
        if (k < passes)
        {
            visits.push_back(MakeInterleavedVisit(Visit::FORWARD, k, stages, chunks));
        }
        if (k >= ahead)
        {
            visits.push_back(MakeInterleavedVisit(Visit::BACKWARD, k - ahead, stages, chunks));
        }
    }
    return visits;
}

/** Split backward; weights' gradients wait for `late` later micro-batches, or for the end. */
std::vector<Visit>
PutOffWeights(const std::vector<Visit>& whole, uint32_t micros, uint32_t late)
{
    std::vector<Visit> visits;
    uint32_t next = 0; // weights' gradient
    for (const Visit& visit : whole)
    {
        if (visit.kind == Visit::FORWARD)
        {
            visits.push_back(visit);
            continue;
        }
        visits.push_back({Visit::BACKWARD_INPUT, visit.micro, 0});
        if (visit.micro >= late)
        {
            visits.push_back({Visit::BACKWARD_WEIGHT, next++, 0});
        }
    }
    while (next < micros)
    {
        visits.push_back({Visit::BACKWARD_WEIGHT, next++, 0});
    }
    return visits;
}

} // namespace

std::vector<Visit>
MakeSchedule(const TrainingSpec& spec, uint32_t stage)
{
    const uint32_t stages = spec.parallel.pipeline;
    const uint32_t micros = spec.GetMicroBatches();
    const uint32_t behind = stages - stage - 1;
    switch (spec.schedule)
    {
    case ScheduleKind::GPIPE:
        return MakeGpipe(micros);
    case ScheduleKind::ONE_F_ONE_B:
        return MakeAlternating(micros, behind, stages, 1);
    case ScheduleKind::INTERLEAVED:
        return MakeAlternating(micros * spec.virtualStages,
                               2 * behind + (spec.virtualStages - 1) * stages,
                               stages,
                               spec.virtualStages);
    case ScheduleKind::ZERO_BUBBLE_H1:
        return PutOffWeights(MakeAlternating(micros, behind, stages, 1), micros, stage);
    }
    return {};
}

uint32_t
GetMostInFlight(const std::vector<Visit>& schedule)
{
    uint32_t inFlight = 0;
    uint32_t most = 0;
    for (const Visit& visit : schedule)
    {
        if (visit.kind == Visit::FORWARD)
        {
            most = std::max(most, ++inFlight);
        }
        else if (visit.kind != Visit::BACKWARD_INPUT)
        {
            --inFlight;
        }
    }
    return most;
}

} // namespace mtlink
} // namespace ns3
