/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "endpoint/hpcc.h"

#include "endpoint/control-registry.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

namespace
{

std::unique_ptr<CongestionControl>
Make(const CongestionProfile& profile)
{
    return std::make_unique<Hpcc>(profile.GetHpcc());
}

const Registered<ControlKind> REGISTERED(GetCongestionControls(),
                                         "hpcc",
                                         {.readsTelemetry = true,
                                          .parameters = "Hpcc",
                                          .make = Make});

} // namespace

void
Hpcc::DoAddFlow(const ControlledPath& path)
{
    State state{};
    state.window = state.reference = path.rate * static_cast<double>(path.roundTrip);
    m_states.push_back(state);
}

double
Hpcc::GetWindow(uint32_t flow) const
{
    return m_states[flow].window;
}

double
Hpcc::GetRate(uint32_t flow, Tick)
{
    return m_states[flow].window / static_cast<double>(GetPath(flow).roundTrip);
}

void
Hpcc::DoPacketSent(uint32_t, uint64_t, Tick)
{
}

void
Hpcc::Measure(State& state, double roundTrip, const std::vector<HopTelemetry>& hops) const
{
    double most = -1;
    double tau = 0;
    for (const HopTelemetry& hop : hops)
    {
        const auto before =
            std::find_if(state.hops.begin(), state.hops.end(), [&hop](const HopTelemetry& other) {
                return other.link == hop.link;
            });
        if (before == state.hops.end())
        {
            state.hops.push_back(hop);
            continue;
        }
        const auto time = static_cast<double>(hop.at - before->at);
        if (time > 0)
        {
            const double rate = static_cast<double>(hop.sent - before->sent) / time;
            const auto queued = static_cast<double>(std::min(hop.queued, before->queued));
            const double u = queued / (hop.rate * roundTrip) + rate / hop.rate;
            if (u > most)
            {
                most = u;
                tau = time;
            }
            *before = hop;
        }
    }
    if (most >= 0)
    {
        tau = std::min(tau, roundTrip);
        state.utilisation = (1 - tau / roundTrip) * state.utilisation + tau / roundTrip * most;
    }
}

void
Hpcc::DoPacketAcknowledged(uint32_t flow, const Acknowledgement& ack, Tick)
{
    State& state = m_states[flow];
    const auto roundTrip = static_cast<double>(GetPath(flow).roundTrip);
    Measure(state, roundTrip, ack.hops);
    const bool isUpdate = ack.number >= state.updateAt;
    const bool isMultiplicative = state.utilisation >= m_p.eta || state.stage >= m_p.maxStage;
    const double most = GetPath(flow).rate * roundTrip;
    const double window = isMultiplicative
                              ? state.reference / (state.utilisation / m_p.eta) + m_p.wAi
                              : state.reference + m_p.wAi;
    state.window = std::clamp(window, std::max(m_p.wAi, 1.0), std::max(most, m_p.wAi + 1));
    if (isUpdate)
    {
        state.stage = isMultiplicative ? 0 : state.stage + 1;
        state.reference = state.window;
        state.updateAt = GetSent(flow);
    }
}

} // namespace mtlink
} // namespace ns3
