/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "switch/oldest-first-arbiter.h"

#include "switch/arbiter-registry.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

namespace
{

std::unique_ptr<CrossbarArbiter>
Make(const SwitchProfile&, uint32_t)
{
    return std::make_unique<OldestFirstArbiter>();
}

const Registered<ArbiterKind> REGISTERED(GetArbiters(),
                                         "oldest_first",
                                         {.isByAge = true, .make = Make});

} // namespace

void
OldestFirstArbiter::Decide(CrossbarRequests& requests)
{
    bool adds = true;
    while (adds)
    {
        m_byAge.clear();
        for (uint32_t output = 0; output < requests.GetPorts(); ++output)
        {
            for (uint32_t request = requests.FindRequest(output, 0);
                 request != CrossbarRequests::NONE;
                 request = requests.FindRequest(output, request + 1))
            {
                m_byAge.emplace_back(requests.GetInjected(output, request), request, output);
            }
        }
        std::sort(m_byAge.begin(), m_byAge.end());
        adds = false;
        for (const auto& [injected, request, output] : m_byAge)
        {
            if (requests.CanGo(output, request))
            {
                requests.Go(output, request);
                adds = true;
            }
        }
    }
}

} // namespace mtlink
} // namespace ns3
