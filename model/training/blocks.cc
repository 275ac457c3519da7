/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training/blocks.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return where the time of a step's kernels goes. */
TrainingCause
GetCause(Step::Type type)
{
    return type == Step::OPTIMIZER   ? TrainingCause::OPTIMIZER
           : type == Step::RECOMPUTE ? TrainingCause::RECOMPUTE
                                     : TrainingCause::COMPUTE;
}

bool
IsKernel(Step::Type type)
{
    return type == Step::COMPUTE || type == Step::RECOMPUTE || type == Step::OPTIMIZER;
}

/** Collectives under way while a block is made, in ps from its begin. */
class FoldedCollectives
{
  public:
    FoldedCollectives(const TrainingSpec& spec, const TensorTimes& times)
        : m_overhead(GetCollectiveOverhead(spec.device, spec.parallel.tensor)),
          m_times(times)
    {
    }

    /** One is launched, behind the last of its kind. */
    void Launch(const Step& step, Block& block)
    {
        const auto entry = m_times.find({step.collective, step.bytes});
        const TensorTime& known = entry->second;
        Tick begin = block.GetDuration() + m_overhead;
        for (const Flight& flight : m_flights)
        {
            if (flight.collective == std::string(step.collective))
            {
                begin = std::max(begin, flight.end);
            }
        }
        m_flights.push_back({step.collective, begin, begin + known.time});
        block.communication += known.time;
        block.bytes += known.bytes;
        const auto place = static_cast<uint32_t>(std::distance(m_times.begin(), entry));
        const auto same = std::find_if(block.folded.begin(),
                                       block.folded.end(),
                                       [place](const auto& one) { return one.first == place; });
        if (same == block.folded.end())
        {
            block.folded.emplace_back(place, 1);
        }
        else
        {
            ++same->second;
        }
    }

    /** The first of its kind is waited for. */
    void Wait(const Step& step, Block& block)
    {
        const auto flight =
            std::find_if(m_flights.begin(), m_flights.end(), [&step](const Flight& one) {
                return one.collective == std::string(step.collective);
            });
        const Tick now = block.GetDuration();
        const Tick host = std::max<Tick>(0, flight->begin - now);
        const Tick exposed = std::max<Tick>(0, flight->end - std::max(now, flight->begin));
        PartOf(block.time, TrainingCause::HOST) += host;
        PartOf(block.time, TrainingCause::TENSOR) += exposed;
        m_flights.erase(flight);
    }

  private:
    /** A collective that is not waited for yet. */
    struct Flight
    {
        const char* collective; //!< Which
        Tick begin;             //!< Launched
        Tick end;               //!< Over
    };

    Tick m_overhead;               //!< Of the host, before each
    const TensorTimes& m_times;    //!< What each takes
    std::vector<Flight> m_flights; //!< In order of launch
};

} // namespace

Tick
Block::GetDuration() const
{
    return std::accumulate(time.begin(), time.end(), Tick{0});
}

TrainingCause
Block::GetMainCause() const
{
    TrainingCause main = TrainingCause::COMPUTE;
    for (const TrainingCause cause : {TrainingCause::RECOMPUTE, TrainingCause::OPTIMIZER})
    {
        const bool isMore =
            time[static_cast<std::size_t>(cause)] > time[static_cast<std::size_t>(main)];
        main = isMore ? cause : main;
    }
    return main;
}

Tick
Block::GetKernelTime() const
{
    Tick sum = 0;
    for (const TrainingCause cause : {TrainingCause::COMPUTE,
                                      TrainingCause::RECOMPUTE,
                                      TrainingCause::OPTIMIZER,
                                      TrainingCause::STRAGGLER})
    {
        sum += time[static_cast<std::size_t>(cause)];
    }
    return sum;
}

Tick
GetCollectiveOverhead(const Device& device, std::size_t members)
{
    return device.collectiveFixed + device.collectiveStep * static_cast<Tick>(members - 1);
}

std::vector<Block>
MakeBlocks(const TrainingSpec& spec,
           const char* name,
           const Steps& steps,
           double slowness,
           const TensorTimes* folded)
{
    std::vector<Block> blocks;
    static const TensorTimes none;
    FoldedCollectives collectives(spec, folded ? *folded : none);
    bool isOpen = false; // kernels may be added to the last block
    for (const Step& step : steps)
    {
        const bool isFolded = folded && step.group == GroupKind::TENSOR &&
                              (step.type == Step::LAUNCH || step.type == Step::WAIT);
        if (!IsKernel(step.type) && !isFolded)
        {
            blocks.push_back({step, name});
            isOpen = false;
            continue;
        }
        if (!isOpen)
        {
            blocks.push_back({step, name});
            blocks.back().step.type = Step::COMPUTE;
            isOpen = true;
        }
        Block& block = blocks.back();
        if (step.type == Step::LAUNCH)
        {
            collectives.Launch(step, block);
        }
        else if (step.type == Step::WAIT)
        {
            collectives.Wait(step, block);
        }
        else
        {
            PartOf(block.time, GetCause(step.type)) += step.work.kernel;
            PartOf(block.time, TrainingCause::HOST) += step.work.host;
            PartOf(block.time, TrainingCause::STRAGGLER) +=
                std::llround(static_cast<double>(step.work.kernel) * (slowness - 1));
        }
    }
    return blocks;
}

} // namespace mtlink
} // namespace ns3
