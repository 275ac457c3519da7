/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "switch/islip-arbiter.h"

#include "switch/arbiter-registry.h"

#include "ns3/mtlink-switch-profile.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

namespace
{

std::unique_ptr<CrossbarArbiter>
Make(const SwitchProfile& profile, uint32_t ports)
{
    return std::make_unique<IslipArbiter>(ports, profile.GetIterations());
}

const Registered<ArbiterKind> REGISTERED(GetArbiters(),
                                         "islip",
                                         {.hasIterations = true, .make = Make});

} // namespace

IslipArbiter::IslipArbiter(uint32_t ports, uint32_t iterations)
    : m_iterations(iterations),
      m_grantFrom(ports, 0),
      m_acceptAt(ports, 0),
      m_grants(ports)
{
}

void
IslipArbiter::Decide(CrossbarRequests& requests)
{
    const uint32_t ports = requests.GetPorts();
    const uint32_t vcs = requests.GetVcs();
    bool adds = true;
    for (uint32_t round = 0; adds && (m_iterations == 0 || round < m_iterations); ++round)
    {
        adds = false;
        for (uint32_t output = 0; output < ports; ++output)
        {
            const uint32_t request = requests.FindAround(output, m_grantFrom[output]);
            if (request != CrossbarRequests::NONE)
            {
                m_grants[request / vcs].emplace_back(output, request);
            }
        }
        for (uint32_t input = 0; input < ports; ++input)
        {
            std::vector<std::pair<uint32_t, uint32_t>>& grants = m_grants[input];
            // They stand in the order of outputs: the round starts at the pointer.
            const auto first =
                std::lower_bound(grants.begin(),
                                 grants.end(),
                                 std::pair<uint32_t, uint32_t>{m_acceptAt[input], 0});
            std::rotate(grants.begin(), first, grants.end());
            for (const auto& [output, request] : grants)
            {
                if (!requests.CanGo(output, request))
                {
                    continue;
                }
                requests.Go(output, request);
                adds = true;
                if (round == 0)
                {
                    m_grantFrom[output] = request + 1;
                    m_acceptAt[input] = output + 1;
                }
            }
            grants.clear();
        }
    }
}

} // namespace mtlink
} // namespace ns3
