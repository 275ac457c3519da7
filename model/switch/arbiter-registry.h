/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_ARBITER_REGISTRY_H
#define MTLINK_ARBITER_REGISTRY_H

#include "engine/registry.h"
#include "switch/crossbar-arbiter.h"

#include <cstdint>
#include <memory>
#include <string>

namespace ns3
{
namespace mtlink
{

class SwitchProfile;

/** The arbiter that needs no CrossbarArbiter unless there are tiles: see RoundRobinChip. */
inline constexpr const char* ARBITER_ROUND_ROBIN = "round_robin";

/**
 * @ingroup mtlink
 * What is to be known of an arbiter before there is a chip.
 */
struct ArbiterKind
{
    bool isByAge{false};       //!< It serves by age: also among the queues of a shared memory
    bool hasIterations{false}; //!< The parameter Iterations is for it
    /** Makes one for a chip of as many inputs and outputs as is said. */
    std::unique_ptr<CrossbarArbiter> (*make)(const SwitchProfile& profile, uint32_t ports){nullptr};
};

/** @return all arbiters. */
Registry<ArbiterKind>& GetArbiters();

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_ARBITER_REGISTRY_H
