/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "switch/chip-designs.h"

#include "switch/islip-arbiter.h"
#include "switch/matched-chip.h"
#include "switch/memory-chip.h"
#include "switch/oldest-first-arbiter.h"
#include "switch/round-robin-chip.h"
#include "switch/round-robin-crossbar-arbiter.h"
#include "switch/wavefront-arbiter.h"

#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return the arbiter of a chip that is matched as a whole, or nothing. */
std::unique_ptr<CrossbarArbiter>
MakeArbiter(const SwitchProfile& profile, uint32_t ports)
{
    switch (profile.GetArbiter())
    {
    case SwitchProfile::OLDEST_FIRST:
        return std::make_unique<OldestFirstArbiter>();
    case SwitchProfile::ISLIP:
        return std::make_unique<IslipArbiter>(ports, profile.GetIterations());
    case SwitchProfile::WAVEFRONT:
        return std::make_unique<WavefrontArbiter>(ports);
    case SwitchProfile::ROUND_ROBIN:
        break;
    }
    if (profile.GetTileRows() > 0)
    {
        return std::make_unique<RoundRobinCrossbarArbiter>(ports);
    }
    return nullptr;
}

} // namespace

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
    const auto outputs = static_cast<uint32_t>(spec.outLinks.size());
    std::vector<std::unique_ptr<CrossbarArbiter>> arbiters;
    for (uint32_t c = 0; c < profile.GetTrafficClasses(); ++c)
    {
        std::unique_ptr<CrossbarArbiter> arbiter = MakeArbiter(profile, outputs);
        if (!arbiter)
        {
            return std::make_unique<RoundRobinChip>(ports, multicast, number, kind, spec);
        }
        arbiters.push_back(std::move(arbiter));
    }
    return std::make_unique<MatchedChip>(ports, multicast, number, kind, spec, std::move(arbiters));
}

} // namespace mtlink
} // namespace ns3
