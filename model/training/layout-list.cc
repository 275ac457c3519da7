/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training/layout-list.h"

#include "training/memory-plan.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <fmt/format.h>

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return what divides a number, smallest first. */
std::vector<uint32_t>
GetDivisors(uint64_t number)
{
    std::vector<uint32_t> divisors;
    for (uint64_t small = 1; small * small <= number; ++small)
    {
        if (number % small == 0)
        {
            divisors.push_back(static_cast<uint32_t>(small));
            if (small * small != number)
            {
                divisors.push_back(static_cast<uint32_t>(number / small));
            }
        }
    }
    std::sort(divisors.begin(), divisors.end());
    return divisors;
}

/** Goes through the layouts, one free key after another. */
class Lister
{
  public:
    Lister(const TrainingSpec& base, const LayoutSpace& space, uint32_t cards)
        : m_space(space),
          m_cards(cards),
          m_spec(base)
    {
    }

    LayoutList Run()
    {
        ForEach(m_space.tensor, GetDivisors(m_cards), m_spec.parallel.tensor, [this] {
            ForEach(m_space.context, GetDivisors(m_cards), m_spec.parallel.context, [this] {
                ForEach(m_space.pipeline, GetDivisors(m_cards), m_spec.parallel.pipeline, [this] {
                    ChooseData();
                });
            });
        });
        return std::move(m_list);
    }

  private:
    /** Call with each value of what is free, else once with its own. */
    template <typename Value, typename Choice, typename Call>
    static void ForEach(bool isFree,
                        const std::vector<Choice>& choices,
                        Value& value,
                        const Call& call)
    {
        if (!isFree)
        {
            call();
            return;
        }
        const Value own = value;
        for (const Choice& choice : choices)
        {
            value = static_cast<Value>(choice);
            call();
        }
        value = own;
    }

    /** Replicas are what is left. */
    void ChooseData()
    {
        ParallelSpec& parallel = m_spec.parallel;
        const uint64_t others = uint64_t{parallel.tensor} * parallel.context * parallel.pipeline;
        const uint32_t own = parallel.data;
        if (others > m_cards || m_cards % others != 0 ||
            (!m_space.data && others * parallel.data != m_cards))
        {
            return; // not of these cards
        }
        parallel.data = static_cast<uint32_t>(m_cards / others);
        parallel.sequence = m_space.sequence && parallel.tensor > 1;
        const uint64_t places = uint64_t{parallel.tensor} * parallel.context * parallel.data;
        const bool hasExperts = m_space.expert && m_spec.model.moe;
        ForEach(hasExperts, GetDivisors(places), parallel.expert, [this] { ChooseSchedule(); });
        parallel.data = own;
    }

    void ChooseSchedule()
    {
        const uint32_t stages = m_spec.parallel.pipeline;
        if (!m_space.virtualStages)
        {
            ChooseMicro();
            return;
        }
        const bool isChoice = m_spec.model.layers % stages == 0 && stages > 1;
        for (const uint32_t chunks :
             isChoice ? GetDivisors(m_spec.model.layers / stages) : std::vector<uint32_t>{1})
        {
            m_spec.virtualStages = chunks;
            m_spec.schedule = chunks > 1 ? ScheduleKind::INTERLEAVED : ScheduleKind::ONE_F_ONE_B;
            ChooseMicro();
        }
    }

    void ChooseMicro()
    {
        const uint32_t data = m_spec.parallel.data;
        const std::vector<uint32_t> sizes = m_spec.global % data == 0
                                                ? GetDivisors(m_spec.global / data)
                                                : std::vector<uint32_t>{1};
        ForEach(m_space.micro, sizes, m_spec.micro, [this] {
            ForEach(m_space.zero, std::vector<uint32_t>{0, 1, 2, 3}, m_spec.zero, [this] {
                ForEach(m_space.recompute, GetRecomputations(), m_spec.recompute, [this] {
                    Look();
                });
            });
        });
    }

    /** @return kinds of recomputation that differ. */
    std::vector<Recompute> GetRecomputations() const
    {
        return m_spec.model.flash
                   ? std::vector<Recompute>{Recompute::NONE, Recompute::FULL}
                   : std::vector<Recompute>{Recompute::NONE, Recompute::SELECTIVE, Recompute::FULL};
    }

    void Look()
    {
        if (++m_list.looked > MOST_LAYOUTS)
        {
            throw ParameterError("parallel",
                                 fmt::format("there are more than {} layouts: give some of the "
                                             "keys that are auto a value",
                                             MOST_LAYOUTS));
        }
        try
        {
            CheckTraining(m_spec);
        }
        catch (const ParameterError& error)
        {
            if (m_list.indivisible++ == 0)
            {
                m_list.indivisibleWhy = fmt::format("{}: {}", error.GetParameter(), error.what());
            }
            return;
        }
        const std::vector<TrainingMemory> stages = PlanMemory(m_spec);
        const auto fullest = std::max_element(
            stages.begin(),
            stages.end(),
            [](const TrainingMemory& a, const auto& b) { return a.GetTotal() < b.GetTotal(); });
        const double lacks = fullest->GetTotal() - fullest->limit;
        if (lacks <= 0 || m_spec.ignoresMemory)
        {
            m_list.layouts.push_back(m_spec);
            return;
        }
        ++m_list.tooLarge;
        if (!m_list.nearest ||
            lacks < m_list.nearest->memory.GetTotal() - m_list.nearest->memory.limit)
        {
            m_list.nearest = {m_spec, static_cast<uint32_t>(fullest - stages.begin()), *fullest};
        }
    }

    const LayoutSpace& m_space; //!< What is free
    uint32_t m_cards;           //!< How many
    TrainingSpec m_spec;        //!< What is looked at
    LayoutList m_list;          //!< What was found
};

} // namespace

LayoutList
ListLayouts(const TrainingSpec& base, const LayoutSpace& space, uint32_t cards)
{
    return Lister(base, space, cards).Run();
}

} // namespace mtlink
} // namespace ns3
