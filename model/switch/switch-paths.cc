/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "switch/matched-chip.h"
#include "switch/switches.h"

#include "ns3/assert.h"

namespace ns3
{
namespace mtlink
{

constexpr uint32_t CLASS_SEED = 0x9e3779b9; //!< Between the seeds of traffic classes

static_assert(NO_DETOUR == NO_VIA, "a packet keeps what the routing says");

bool
Switches::NeedsSelector(const SwitchSpec& spec) const
{
    return m_routing.GetSwitchAlgorithm(spec.node).IsAdaptive() ||
           (spec.routing && PathSelector::IsNeeded(*spec.routing));
}

void
Switches::AddSelector(const SwitchSpec& spec)
{
    Chip& chip = m_chips.back();
    if (!GetKind(chip).selects)
    {
        return;
    }
    chip.selector = static_cast<uint32_t>(m_selectors.size());
    // Each traffic class has its own turns, flowlets and random numbers.
    for (uint32_t c = 0; c < spec.profile->GetTrafficClasses(); ++c)
    {
        m_selectors.emplace_back(*spec.routing, spec.node, spec.seed + c * CLASS_SEED);
    }
    m_queued.resize(m_links.GetLedgers());
}

std::pair<uint32_t, uint32_t>
Switches::GetVcs(uint32_t link, uint8_t vcClass) const
{
    const Kind& kind = GetKind(m_chips[m_outputs[link].chip]);
    NS_ASSERT_MSG(kind.selects, "nobody counts what waits at this switch");
    const VcLayout& layout = kind.layout;
    const uint32_t first = layout.GetFirst(m_viewedClass, vcClass == ALL_CLASSES ? 0 : vcClass);
    return {first,
            first + (vcClass == ALL_CLASSES ? layout.vcsPerTrafficClass : layout.vcsPerClass)};
}

uint32_t
Switches::GetQueued(uint32_t link, uint8_t vcClass) const
{
    const auto [first, end] = GetVcs(link, vcClass);
    const uint32_t* queued = m_queued.data() + m_links.GetLedger(link, 0);
    uint32_t flits = 0;
    for (uint32_t vc = first; vc < end; ++vc)
    {
        flits += queued[vc];
    }
    return flits;
}

uint32_t
Switches::GetInUse(uint32_t link, uint8_t vcClass)
{
    const auto [first, end] = GetVcs(link, vcClass);
    uint32_t flits = 0;
    for (uint32_t vc = first; vc < end; ++vc)
    {
        flits += m_links.GetInUse(link, vc);
    }
    return flits;
}

bool
Switches::HasCredit(uint32_t link, uint8_t vcClass, uint32_t flits)
{
    if (m_links.IsAvoided(link))
    {
        return false;
    }
    const auto [first, end] = GetVcs(link, vcClass);
    for (uint32_t vc = first; vc < end; ++vc)
    {
        if (m_links.HasCredit(link, vc, flits))
        {
            return true;
        }
    }
    return false;
}

bool
Switches::IsAvoided(uint32_t link) const
{
    return m_links.IsAvoided(link);
}

void
Switches::LinkFails(uint32_t outLink)
{
    const Chip& chip = m_chips[m_outputs[outLink].chip];
    const Kind& kind = GetKind(chip);
    if (!m_links.IsAvoided(outLink) || kind.hasMemory || m_monitor ||
        m_routing.GetSwitchAlgorithm(chip.node).IsAdaptive())
    {
        // What lies in an output's queue, or is counted there, stays. An adaptive choice that was
        // made stands: a detour may be begun, credit taken.
        return;
    }
    // Nobody is owed a turn at it any more.
    Output& output = m_outputs[outLink];
    if (output.keptRequest != RoundRobinArbiter::NONE_WAITING)
    {
        FreeInput(outLink);
        output.keptRequest = RoundRobinArbiter::NONE_WAITING;
    }
    if (output.parts)
    {
        output.parts->stoodBack.reset();
    }
    if (MatchedChip* const matched = output.GetMatched())
    {
        matched->Forget(output.port);
    }
    // Packets that wait for it choose again, in the order of their inputs and queues.
    for (const uint32_t inLink : chip.in)
    {
        const Input& input = m_inputs[inLink];
        for (uint32_t vc = 0; vc < kind.vcs; ++vc)
        {
            PacketQueue waiting;
            std::swap(m_queues[output.firstQueue + input.port * kind.vcs + vc], waiting);
            if (!waiting.IsEmpty())
            {
                const Packet& first = m_pool[waiting.head];
                m_outputs[first.out].requests.Clear(GetRequest(input, first));
            }
            while (!waiting.IsEmpty())
            {
                const uint32_t index = waiting.Pop(m_pool);
                Packet& packet = m_pool[index];
                if (kind.selects)
                {
                    m_queued[m_links.GetLedger(packet.out, packet.outVc)] -= packet.flits;
                }
                if (packet.out == outLink && packet.kind == UNICAST)
                {
                    Route(input, packet);
                }
                Enqueue(inLink, index);
            }
        }
    }
}

uint32_t
Switches::ChooseVc(const PathChoice& choice, const Packet& packet)
{
    const auto [first, end] = GetVcs(choice.link, choice.vcClass);
    const uint32_t vcs = end - first;
    const uint32_t* queued = m_queued.data() + m_links.GetLedger(choice.link, 0);
    uint32_t best = end;
    uint32_t least = 0;
    for (uint32_t i = 0; i < vcs; ++i)
    {
        const uint32_t vc = first + (packet.flow + i) % vcs;
        if (choice.adaptive && !m_links.HasCredit(choice.link, vc, packet.flits))
        {
            continue;
        }
        const uint32_t load = queued[vc] + m_links.GetInUse(choice.link, vc);
        if (best == end || load < least)
        {
            best = vc;
            least = load;
        }
    }
    NS_ASSERT_MSG(best != end, "an adaptive link was chosen without credit");
    return best;
}

void
Switches::ChoosePath(const Chip& chip, Packet& packet)
{
    PathSelector& selector = m_selectors[chip.selector + packet.trafficClass];
    m_viewedClass = packet.trafficClass;
    const PathRequest request{{chip.node, packet.target, packet.via, packet.vcClass},
                              packet.flow,
                              packet.flits,
                              m_clock.Now()};
    const PathChoice choice =
        m_routing.GetSwitchAlgorithm(chip.node).Choose(request, selector, *this);
    packet.out = choice.link;
    packet.outVcClass = choice.vcClass;
    packet.via = choice.via;
    packet.outVc =
        choice.adaptive || selector.BalancesVcs()
            ? static_cast<uint8_t>(ChooseVc(choice, packet))
            : GetKind(chip).layout.Choose(packet.trafficClass, choice.vcClass, packet.flow);
    if (choice.adaptive)
    {
        packet.hasOutCredit = 1;
        m_links.TakeCredit(packet.out, packet.outVc, packet.flits);
    }
}

} // namespace mtlink
} // namespace ns3
