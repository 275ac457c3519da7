/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "switch/wavefront-arbiter.h"

#include "switch/arbiter-registry.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

namespace
{

std::unique_ptr<CrossbarArbiter>
Make(const SwitchProfile&, uint32_t ports)
{
    return std::make_unique<WavefrontArbiter>(ports);
}

const Registered<ArbiterKind> REGISTERED(GetArbiters(), "wavefront", {.make = Make});

} // namespace

WavefrontArbiter::WavefrontArbiter(uint32_t ports)
    : m_ports(ports),
      m_nextVc(static_cast<std::size_t>(ports) * ports, 0)
{
}

void
WavefrontArbiter::Decide(CrossbarRequests& requests)
{
    const uint32_t vcs = requests.GetVcs();
    bool hasGranted = false;
    bool adds = true;
    while (adds)
    {
        m_wave.clear();
        for (uint32_t output = 0; output < m_ports; ++output)
        {
            for (uint32_t request = requests.FindRequest(output, 0);
                 request != CrossbarRequests::NONE;
                 request = requests.FindRequest(output, request + 1))
            {
                const uint32_t input = request / vcs;
                const uint32_t diagonal = (input + output) % m_ports;
                const uint32_t turn =
                    (request % vcs + vcs - m_nextVc[output * m_ports + input]) % vcs;
                m_wave.emplace_back((diagonal + m_ports - m_first) % m_ports,
                                    output,
                                    turn,
                                    request);
            }
        }
        std::sort(m_wave.begin(), m_wave.end());
        adds = false;
        for (const auto& [distance, output, turn, request] : m_wave)
        {
            if (requests.CanGo(output, request))
            {
                requests.Go(output, request);
                m_nextVc[output * m_ports + request / vcs] =
                    static_cast<uint8_t>((request + 1) % vcs);
                adds = hasGranted = true;
            }
        }
    }
    m_first = hasGranted ? (m_first + 1) % m_ports : m_first;
}

} // namespace mtlink
} // namespace ns3
