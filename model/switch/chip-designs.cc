/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "switch/chip-designs.h"

#include "switch/arbiter-registry.h"
#include "switch/matched-chip.h"
#include "switch/memory-chip.h"
#include "switch/round-robin-chip.h"

#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

std::unique_ptr<Chip>
MakeChip(SwitchPorts& ports,
         Multicast& multicast,
         uint32_t number,
         uint32_t kind,
         const SwitchSpec& spec)
{
    const SwitchProfile& profile = *spec.profile;
    if (profile.GetQueueing() == SwitchProfile::OUTPUT)
    {
        return std::make_unique<MemoryChip>(ports, number, kind, spec);
    }
    if (profile.GetArbiter() == ARBITER_ROUND_ROBIN && profile.GetTileRows() == 0)
    {
        return std::make_unique<RoundRobinChip>(ports, multicast, number, kind, spec);
    }
    const ArbiterKind& arbiter = *GetArbiters().Find(profile.GetArbiter());
    std::vector<std::unique_ptr<CrossbarArbiter>> arbiters;
    for (uint32_t c = 0; c < profile.GetTrafficClasses(); ++c)
    {
        arbiters.push_back(arbiter.make(profile, static_cast<uint32_t>(spec.outLinks.size())));
    }
    return std::make_unique<MatchedChip>(ports, multicast, number, kind, spec, std::move(arbiters));
}

} // namespace mtlink
} // namespace ns3
