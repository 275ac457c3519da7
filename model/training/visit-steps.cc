/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training/visit-steps.h"

#include "training/data-reads.h"

namespace ns3
{
namespace mtlink
{

namespace
{

bool
IsBackward(const Visit& visit)
{
    return visit.kind != Visit::FORWARD;
}

} // namespace

bool
IsEdge(const TrainingSpec& spec, const Visit& visit)
{
    if (spec.schedule == ScheduleKind::DUALPIPE)
    {
        return false; // weights are there, and gradients go when all is done
    }
    if (visit.kind == Visit::FORWARD)
    {
        return visit.micro == 0 && spec.zero == 3 && !spec.reshards;
    }
    // With all forward first, backward begins with the last.
    const uint32_t last = spec.schedule == ScheduleKind::GPIPE ? 0 : spec.GetMicroBatches() - 1;
    return visit.micro == last;
}

Steps
MakeVisitSteps(const TrainingSpec& spec,
               const LayerSteps& steps,
               uint32_t stage,
               const Visit& visit)
{
    const bool isEdge = IsEdge(spec, visit);
    switch (visit.kind)
    {
    case Visit::FORWARD:
        return Join(MakeDataSteps(spec, stage, visit), steps.Forward(stage, visit.chunk, isEdge));
    case Visit::BACKWARD:
        return steps.Backward(stage, visit.chunk, BackwardPart::WHOLE, isEdge);
    case Visit::BACKWARD_INPUT:
        return steps.Backward(stage, visit.chunk, BackwardPart::INPUT, isEdge);
    case Visit::BACKWARD_WEIGHT:
        return steps.Backward(stage, visit.chunk, BackwardPart::WEIGHT, isEdge);
    case Visit::BOTH:
        break;
    }
    const Steps forward =
        Join(MakeDataSteps(spec, stage, visit), steps.Forward(stage, visit.chunk, isEdge));
    const Steps backward = steps.Backward(stage, 1 - visit.chunk, BackwardPart::WHOLE, isEdge);
    return spec.overlap.expert ? Interleave(forward, backward) : Join(forward, backward);
}

Hop
GetHop(const TrainingSpec& spec,
       uint32_t stage,
       const Visit& visit,
       uint32_t iteration,
       bool isSend)
{
    const uint32_t last = GetPositions(spec) - 1;
    const uint32_t place = GetPosition(spec, stage, visit.chunk);
    const bool isUp = IsBackward(visit) != isSend; // with the next position
    Hop hop;
    const bool isEnd = isUp ? place == last : place == 0;
    if (isEnd || visit.kind == Visit::BACKWARD_WEIGHT)
    {
        return hop;
    }
    hop.isThere = true;
    hop.stage = GetStageAt(spec, isUp ? place + 1 : place - 1, visit.chunk);
    const uint32_t lower = isUp ? place : place - 1;
    const uint32_t micro = iteration * spec.GetMicroBatches() + visit.micro;
    hop.tag = 2 * (micro * (last + 1) + lower) + (IsBackward(visit) ? 1 : 0);
    return hop;
}

uint64_t
GetSendBytes(const TrainingSpec& spec)
{
    return 2 * spec.GetTokens() * spec.model.hidden /
           (spec.parallel.scatterGather ? spec.parallel.tensor : spec.GetSequenceParts());
}

} // namespace mtlink
} // namespace ns3
