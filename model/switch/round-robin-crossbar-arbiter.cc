/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "switch/round-robin-crossbar-arbiter.h"

#include "switch/arbiter-registry.h"

namespace ns3
{
namespace mtlink
{

namespace
{

std::unique_ptr<CrossbarArbiter>
Make(const SwitchProfile&, uint32_t ports)
{
    return std::make_unique<RoundRobinCrossbarArbiter>(ports);
}

const Registered<ArbiterKind> REGISTERED(GetArbiters(), ARBITER_ROUND_ROBIN, {.make = Make});

} // namespace

void
RoundRobinCrossbarArbiter::Decide(CrossbarRequests& requests)
{
    const auto ports = static_cast<uint32_t>(m_from.size());
    bool hasGranted = false;
    bool adds = true;
    while (adds)
    {
        adds = false;
        for (uint32_t turn = 0; turn < ports; ++turn)
        {
            const uint32_t output = (m_first + turn) % ports;
            const uint32_t request = requests.FindAround(output, m_from[output]);
            if (request != CrossbarRequests::NONE)
            {
                requests.Go(output, request);
                m_from[output] = request + 1;
                adds = hasGranted = true;
            }
        }
    }
    m_first = hasGranted ? (m_first + 1) % ports : m_first;
}

} // namespace mtlink
} // namespace ns3
