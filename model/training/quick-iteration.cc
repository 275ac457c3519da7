/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training/quick-iteration.h"

#include "training/blocks.h"
#include "training/visit-steps.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

/** The schedule, with one card for each stage. */
class QuickReplay
{
  public:
    QuickReplay(const TrainingSpec& spec, const QuickCosts& costs)
        : m_spec(Even(spec)),
          m_costs(costs),
          m_steps(m_spec),
          m_stages(m_spec.parallel.pipeline),
          m_arrivals(std::size_t{2} * m_spec.GetMicroBatches() * GetPositions(m_spec), NEVER)
    {
        for (uint32_t stage = 0; stage < m_stages.size(); ++stage)
        {
            m_stages[stage].visits = MakeSchedule(m_spec, stage);
            Do(m_stages[stage], MakeBlocks("weights", m_steps.Begin(stage)));
            m_ready.push_back(stage);
        }
    }

    Tick Run()
    {
        while (!m_ready.empty())
        {
            const uint32_t stage = m_ready.back();
            m_ready.pop_back();
            Advance(stage);
        }
        Tick end = 0;
        for (uint32_t stage = 0; stage < m_stages.size(); ++stage)
        {
            Card& card = m_stages[stage];
            Do(card, MakeBlocks("optimizer", m_steps.Finish(stage)));
            for (const Flight& flight : card.flights)
            {
                card.now = std::max(card.now, flight.end);
            }
            end = std::max(end, card.now);
        }
        return end;
    }

  private:
    /** A collective that is under way. */
    struct Flight
    {
        GroupKind group;        //!< Among whom
        const char* collective; //!< Which
        Tick end;               //!< Over
    };

    /** A stage's card. */
    struct Card
    {
        std::vector<Visit> visits;   //!< Its schedule
        std::size_t next{0};         //!< Of them
        Tick now{0};                 //!< When it is done with those before
        std::vector<Flight> flights; //!< Not waited for, in order of launch
        /** By chunk, kind of visit, and whether it does more than others. */
        std::map<std::tuple<uint32_t, uint8_t, bool>, std::vector<Block>> blocks;
    };

    /** @return the training with a load that is the same for all experts: the mean card's. */
    static TrainingSpec Even(TrainingSpec spec)
    {
        if (spec.model.moe)
        {
            spec.model.moe->shares.clear();
        }
        return spec;
    }

    std::vector<Block> MakeBlocks(const char* name, const Steps& steps)
    {
        for (const Step& step : steps)
        {
            if (step.type == Step::LAUNCH && step.group == GroupKind::TENSOR)
            {
                TensorTime& known = m_tensor[{step.collective, step.bytes}];
                known.time = known.time > 0 ? known.time : m_costs.collective(step);
            }
        }
        return mtlink::MakeBlocks(m_spec, name, steps, 1, &m_tensor);
    }

    /** Let a stage go on until it waits for a message. */
    void Advance(uint32_t stage)
    {
        Card& card = m_stages[stage];
        while (card.next < card.visits.size())
        {
            const Visit& visit = card.visits[card.next];
            const std::vector<Visit> passes = GetPasses(visit);
            Tick from = card.now;
            for (const Visit& pass : passes)
            {
                const Hop hop = GetHop(m_spec, stage, pass, 0, false);
                const Tick at = hop.isThere ? m_arrivals[hop.tag] : 0;
                if (at == NEVER)
                {
                    m_waiting[hop.tag] = stage;
                    return;
                }
                from = std::max(from, at);
            }
            card.now = from;
            const auto [entry, isNew] = card.blocks.try_emplace(
                {visit.chunk, static_cast<uint8_t>(visit.kind), IsEdge(m_spec, visit)});
            if (isNew)
            {
                entry->second = MakeBlocks("visit", MakeVisitSteps(m_spec, m_steps, stage, visit));
            }
            Do(card, entry->second);
            for (const Visit& pass : passes)
            {
                Send(stage, card, pass);
            }
            ++card.next;
        }
    }

    void Send(uint32_t stage, Card& card, const Visit& pass)
    {
        const Hop hop = GetHop(m_spec, stage, pass, 0, true);
        if (!hop.isThere)
        {
            return;
        }
        m_arrivals[hop.tag] = card.now + m_costs.message(stage, hop.stage);
        if (!m_spec.overlap.pipeline)
        {
            card.now += m_costs.leaving(stage, hop.stage);
        }
        if (const auto waiting = m_waiting.find(hop.tag); waiting != m_waiting.end())
        {
            m_ready.push_back(waiting->second);
            m_waiting.erase(waiting);
        }
    }

    /** Do kernels, launch and wait, in order. */
    void Do(Card& card, const std::vector<Block>& blocks)
    {
        for (const Block& block : blocks)
        {
            const Step& step = block.step;
            if (step.type == Step::LAUNCH)
            {
                Launch(card, step);
            }
            else if (step.type == Step::WAIT || step.type == Step::WAIT_ALL)
            {
                Wait(card, step);
            }
            else
            {
                card.now += block.GetDuration();
            }
        }
    }

    void Launch(Card& card, const Step& step)
    {
        Tick begin = card.now + GetCollectiveOverhead(m_spec.device, m_steps.GetSize(step.group));
        for (const Flight& flight : card.flights)
        {
            if (IsSame(flight, step))
            {
                begin = std::max(begin, flight.end);
            }
        }
        card.flights.push_back({step.group, step.collective, begin + m_costs.collective(step)});
    }

    static void Wait(Card& card, const Step& step)
    {
        for (auto flight = card.flights.begin(); flight != card.flights.end();)
        {
            if (step.type == Step::WAIT && !IsSame(*flight, step))
            {
                ++flight;
                continue;
            }
            card.now = std::max(card.now, flight->end);
            flight = card.flights.erase(flight);
            if (step.type == Step::WAIT)
            {
                return;
            }
        }
    }

    static bool IsSame(const Flight& flight, const Step& step)
    {
        return flight.group == step.group && std::string(flight.collective) == step.collective;
    }

    const TrainingSpec m_spec;              //!< The training
    const QuickCosts& m_costs;              //!< Of communication
    LayerSteps m_steps;                     //!< What cards do
    std::vector<Card> m_stages;             //!< A card of each
    std::vector<Tick> m_arrivals;           //!< Of messages, by tag; NEVER: not sent
    std::map<uint32_t, uint32_t> m_waiting; //!< Stage by the tag that it waits for
    std::vector<uint32_t> m_ready;          //!< Stages that may go on
    TensorTimes m_tensor;                   //!< Of collectives within blocks
};

} // namespace

Tick
GetQuickIteration(const TrainingSpec& spec, const QuickCosts& costs)
{
    return QuickReplay(spec, costs).Run();
}

} // namespace mtlink
} // namespace ns3
