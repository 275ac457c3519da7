/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training/schedule.h"

#include <algorithm>
#include <array>

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

/** A stage's visits as they are listed by how near an end the stage is. */
class DualPipe
{
  public:
    DualPipe(uint32_t micros, uint32_t stages, uint32_t stage)
        : m_micros(micros),
          m_isUpper(stage >= stages / 2)
    {
        const uint32_t half = stages / 2;
        const uint32_t depth = m_isUpper ? stages - 1 - stage : stage; // 0: at an end
        const uint32_t inner = half - depth - 1;                       // stages to the middle
        const bool isMiddle = inner == 0;
        Repeat(2 * inner, [this](uint32_t) { Forward(0); });
        Repeat(depth + 1, [this](uint32_t) {
            Forward(0);
            Forward(1);
        });
        Repeat(inner, [this](uint32_t) {
            Backward(1, true);
            Weight();
            Forward(1);
        });
        Repeat(micros / 2 - stages + depth + 1, [&](uint32_t i) {
            if (i == 0 && isMiddle)
            {
                Forward(0); // the last stage's backward begins with what it has just done
                Backward(1, false);
            }
            else
            {
                Both(0);
            }
            Both(1);
        });
        Repeat(inner, [this](uint32_t) {
            Backward(1, false);
            Both(1);
        });
        // Of the last of these, as many leave their weights for later as there are stages outside.
        const uint32_t whole = depth + 1;
        Repeat(2 * (depth + 1), [&](uint32_t i) { Backward(i % 2 == 0 ? 1 : 0, i >= whole); });
        Repeat(inner, [this](uint32_t) {
            Weight();
            Backward(0, true);
        });
        Repeat(depth + 1, [this](uint32_t) { Weight(); });
    }

    /** @return the visits. */
    const std::vector<Visit>& Get() const
    {
        return m_visits;
    }

  private:
    template <typename Call>
    void Repeat(uint32_t times, const Call& call)
    {
        for (uint32_t i = 0; i < times; ++i)
        {
            call(i);
        }
    }

    /** @return the next micro-batch of those that come from the near end (0) or the far one. */
    uint32_t Next(std::array<uint32_t, 2>& counts, uint32_t from) const
    {
        return counts[from]++ + (GetChunk(from) == 0 ? 0 : m_micros / 2);
    }

    uint32_t GetChunk(uint32_t from) const
    {
        return m_isUpper ? 1 - from : from;
    }

    void Forward(uint32_t from)
    {
        m_visits.push_back({Visit::FORWARD, Next(m_forward, from), GetChunk(from)});
    }

    void Backward(uint32_t from, bool isSplit)
    {
        const uint32_t micro = Next(m_backward, from);
        m_visits.push_back(
            {isSplit ? Visit::BACKWARD_INPUT : Visit::BACKWARD, micro, GetChunk(from)});
        if (isSplit)
        {
            m_late.push_back({Visit::BACKWARD_WEIGHT, micro, GetChunk(from)});
        }
    }

    void Weight()
    {
        m_visits.push_back(m_late[m_done++]);
    }

    /** Forward of those from one end, backward of the others. */
    void Both(uint32_t from)
    {
        const uint32_t micro = Next(m_forward, from);
        m_visits.push_back({Visit::BOTH, micro, GetChunk(from), Next(m_backward, 1 - from)});
    }

    uint32_t m_micros;                    //!< Of both ends
    bool m_isUpper;                       //!< Nearer to the last stage
    std::array<uint32_t, 2> m_forward{};  //!< Done, by the end that they came from
    std::array<uint32_t, 2> m_backward{}; //!< Likewise
    std::vector<Visit> m_late;            //!< Gradients of weights, put off
    std::size_t m_done{0};                //!< Of these
    std::vector<Visit> m_visits;          //!< What is made
};

} // namespace

std::vector<Visit>
GetPasses(const Visit& visit)
{
    if (visit.kind != Visit::BOTH)
    {
        return {visit};
    }
    return {{Visit::FORWARD, visit.micro, visit.chunk},
            {Visit::BACKWARD, visit.partner, 1 - visit.chunk}};
}

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
    case ScheduleKind::DUALPIPE:
        return DualPipe(micros, stages, stage).Get();
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
        if (visit.kind == Visit::FORWARD || visit.kind == Visit::BOTH)
        {
            most = std::max(most, ++inFlight);
        }
        if (visit.kind != Visit::FORWARD && visit.kind != Visit::BACKWARD_INPUT)
        {
            --inFlight;
        }
    }
    return most;
}

} // namespace mtlink
} // namespace ns3
