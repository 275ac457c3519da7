/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "switch/switches.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

void
Switches::AddClasses(const SwitchSpec& spec)
{
    const Chip& chip = m_chips.back();
    m_classes.push_back(std::make_unique<ChipClasses>(spec.profile->GetClassRules(),
                                                      spec.layout,
                                                      static_cast<uint32_t>(chip.in.size()),
                                                      GetKind(chip).vcs));
    for (const uint32_t link : spec.outLinks)
    {
        m_outputs[link].MakeParts().classes = std::make_unique<OutputClasses>(*m_classes.back());
    }
}

bool
Switches::GoesBefore(const Output& output, uint32_t request, uint32_t other) const
{
    const OutputClasses& classes = *output.GetClasses();
    const ChipClasses& chip = classes.GetChip();
    return classes.GetScheduler().IsStrict() && chip.GetClass(request) < chip.GetClass(other);
}

void
Switches::KeepFor(uint32_t outLink, uint32_t request)
{
    Output& output = m_outputs[outLink];
    const uint32_t kept = output.keptRequest;
    if (kept != RoundRobinArbiter::NONE_WAITING && kept != request)
    {
        if (!GoesBefore(output, request, kept))
        {
            return;
        }
        FreeInput(outLink);
    }
    output.keptRequest = request;
    Input& input = m_inputs[GetRequester(output, request)];
    if (input.keptFor == NO_OUTPUT)
    {
        input.keptFor = outLink;
    }
}

void
Switches::SortLosers(const Input& input, std::vector<uint32_t>& losers) const
{
    const OutputClasses* const classes =
        losers.empty() ? nullptr : m_outputs[losers.front()].GetClasses();
    if (!classes || !classes->GetScheduler().IsStrict())
    {
        return;
    }
    // VCs count up with their classes: the first request of the input is that of its best class.
    const uint32_t vcs = GetKind(input).vcs;
    const uint32_t first = input.port * vcs;
    const auto getClass = [&](uint32_t outLink) {
        const uint32_t request = m_outputs[outLink].requests.FindFrom(first);
        return request < first + vcs ? classes->GetChip().GetClass(request) : MOST_TRAFFIC_CLASSES;
    };
    std::stable_sort(losers.begin(), losers.end(), [&](uint32_t a, uint32_t b) {
        return getClass(a) < getClass(b);
    });
}

} // namespace mtlink
} // namespace ns3
