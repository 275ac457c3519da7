/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "design/design-choices.h"

#include "design/design-fabric.h"
#include "experiment/experiment.h"
#include "experiment/run.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

using Combination = DesignChoices::Combination;

/** Finds which of the combinations one kind takes. */
class KindChoices
{
  public:
    KindChoices(const DesignRequest& request, std::vector<const Design*> samples)
        : m_request(request),
          m_samples(std::move(samples))
    {
    }

    /** @return those that it takes; of keys that it has no use for, none. */
    std::vector<Combination> Find()
    {
        std::vector<SweepAxis> axes = m_request.choices;
        std::vector<Combination> taken = FindTaken(axes);
        if (taken.empty())
        {
            std::erase_if(axes,
                          [this](const SweepAxis& axis) { return FindTaken({axis}).empty(); });
            m_left = std::exchange(m_refused, {});
            taken = FindTaken(axes);
        }
        return taken;
    }

    /** @return why it does not take others. */
    const std::vector<std::pair<Combination, std::string>>& GetRefused() const
    {
        return m_refused;
    }

    /** @return why it takes nothing of keys that were left out. */
    const std::vector<std::pair<Combination, std::string>>& GetLeft() const
    {
        return m_left;
    }

  private:
    std::vector<Combination> FindTaken(const std::vector<SweepAxis>& axes)
    {
        SweepAxes all;
        all.listed.emplace_back();
        all.grid = axes;
        std::vector<Combination> taken;
        for (Combination& one : CombineAxes(all, MAX_DESIGNS, m_request.document))
        {
            if (auto reason = WhyNot(one))
            {
                m_refused.emplace_back(std::move(one), std::move(*reason));
            }
            else
            {
                taken.push_back(std::move(one));
            }
        }
        return taken;
    }

    /** @return why none of the samples can be built so; nothing: one can. */
    std::optional<std::string> WhyNot(const Combination& combination) const
    {
        std::string reason;
        for (const Design* sample : m_samples)
        {
            Design design = *sample;
            design.choices = combination;
            try
            {
                CheckExperiment(
                    ReadFabricOnly(WriteDesignFabric(m_request, design), m_request.name));
                return std::nullopt;
            }
            catch (const InputError& error)
            {
                reason = error.GetMessage();
            }
        }
        return reason;
    }

    const DesignRequest& m_request;
    std::vector<const Design*> m_samples;
    std::vector<std::pair<Combination, std::string>> m_refused;
    std::vector<std::pair<Combination, std::string>> m_left;
};

/** @return a few designs of each kind, from its smallest to its largest. */
std::map<std::string, std::vector<const Design*>>
TakeSamples(const std::vector<Design>& designs)
{
    constexpr std::size_t MOST = 4;
    std::map<std::string, std::vector<const Design*>> samples;
    for (const Design& design : designs)
    {
        samples[design.network.kind].push_back(&design);
    }
    for (auto& [kind, all] : samples)
    {
        std::stable_sort(all.begin(), all.end(), [](const Design* a, const Design* b) {
            return a->network.size.CountCables() * a->planes <
                   b->network.size.CountCables() * b->planes;
        });
        for (std::size_t i = 1; i < MOST && all.size() > MOST; ++i)
        {
            all[i] = all[(all.size() - 1) * i / (MOST - 1)];
        }
        all.resize(std::min(all.size(), MOST));
    }
    return samples;
}

bool
Has(const Combination& combination, const Setting& setting)
{
    return std::any_of(combination.begin(), combination.end(), [&setting](const Setting& one) {
        return one.key == setting.key && WriteFlowText(one.value) == WriteFlowText(setting.value);
    });
}

/** @return whether a value is in one of some combinations. */
bool
IsAmong(const std::vector<Combination>& combinations, const Setting& setting)
{
    return std::any_of(combinations.begin(), combinations.end(), [&setting](const auto& one) {
        return Has(one, setting);
    });
}

/** @return the same with each value that no combination taken has told once, by itself. */
std::vector<std::pair<Combination, std::string>>
Summarise(const std::vector<std::pair<Combination, std::string>>& refused,
          const std::vector<Combination>& taken)
{
    std::vector<std::pair<Combination, std::string>> told;
    std::vector<Combination> never; // values that were told
    for (const auto& [combination, reason] : refused)
    {
        const auto value =
            std::find_if(combination.begin(), combination.end(), [&taken](const Setting& one) {
                return !IsAmong(taken, one);
            });
        if (value == combination.end())
        {
            told.emplace_back(combination, reason);
        }
        else if (!IsAmong(never, *value))
        {
            never.push_back({*value});
            told.emplace_back(never.back(), reason);
        }
    }
    return told;
}

} // namespace

DesignChoices::DesignChoices(const DesignRequest& request,
                             const std::vector<Design>& designs,
                             Refusals& refusals)
{
    std::vector<std::pair<Combination, std::string>> refused;
    for (const auto& [kind, samples] : TakeSamples(designs))
    {
        if (request.choices.empty())
        {
            m_byKind[kind] = {{}};
            continue;
        }
        KindChoices choices(request, samples);
        m_byKind[kind] = choices.Find();
        for (const auto& [combination, reason] : Summarise(choices.GetRefused(), m_byKind[kind]))
        {
            refusals.emplace_back(samples.front()->chip,
                                  NetworkRefusal{kind, DescribeChoices(combination), reason});
        }
        for (const auto* some : {&choices.GetRefused(), &choices.GetLeft()})
        {
            refused.insert(refused.end(), some->begin(), some->end());
        }
    }
    for (const SweepAxis& axis : request.choices)
    {
        for (const Setting& value : axis)
        {
            const bool isTaken =
                std::any_of(m_byKind.begin(), m_byKind.end(), [&value](const auto& kind) {
                    return IsAmong(kind.second, value);
                });
            if (!isTaken)
            {
                const auto why =
                    std::find_if(refused.begin(), refused.end(), [&value](const auto& one) {
                        return Has(one.first, value);
                    });
                value.value.Refuse("no fabric of those asked for takes it: " + why->second);
            }
        }
    }
}

std::string
DescribeChoices(const std::vector<Setting>& choices)
{
    std::string text;
    for (const Setting& choice : choices)
    {
        text += (text.empty() ? "" : ", ") + choice.key + " " + WriteFlowText(choice.value);
    }
    return text;
}

} // namespace mtlink
} // namespace ns3
