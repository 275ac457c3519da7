/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "endpoint/swift.h"

#include "endpoint/control-registry.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ns3
{
namespace mtlink
{

namespace
{

std::unique_ptr<CongestionControl>
MakeSwift(const CongestionProfile& profile)
{
    return std::make_unique<Swift>(profile.GetSwift());
}

const Registered<ControlKind> REGISTERED(GetCongestionControls(),
                                         "swift",
                                         {.parameters = "Swift", .make = MakeSwift});

} // namespace

Swift::Swift(const SwiftParameters& parameters)
    : m_p(parameters)
{
    const double few = 1 / std::sqrt(m_p.fsMinCwnd);
    const double many = 1 / std::sqrt(m_p.fsMaxCwnd);
    m_fsAlpha = m_p.fsRange / (few - many);
    m_fsBeta = -m_fsAlpha * many;
}

void
Swift::DoAddFlow(const ControlledPath& path)
{
    m_states.push_back({m_p.maxCwnd, static_cast<double>(path.roundTrip), -1, 0});
}

double
Swift::GetWindow(uint32_t flow) const
{
    return m_states[flow].cwnd * GetPath(flow).packet;
}

double
Swift::GetRate(uint32_t flow, Tick)
{
    const State& state = m_states[flow];
    return state.cwnd >= 1 ? std::numeric_limits<double>::infinity()
                           : static_cast<double>(state.wire) * state.cwnd / state.delay;
}

double
Swift::GetTarget(uint32_t flow) const
{
    const double scaling =
        std::clamp(m_fsAlpha / std::sqrt(m_states[flow].cwnd) + m_fsBeta, 0.0, m_p.fsRange);
    return m_p.baseTarget + m_p.hopScaling * GetPath(flow).switches + scaling;
}

void
Swift::DoPacketSent(uint32_t flow, uint64_t wireBytes, Tick)
{
    m_states[flow].wire = wireBytes;
}

void
Swift::DoPacketAcknowledged(uint32_t flow, const Acknowledgement& ack, Tick now)
{
    State& state = m_states[flow];
    state.delay = static_cast<double>(ack.delay);
    const double target = GetTarget(flow);
    if (state.delay < target)
    {
        state.cwnd += state.cwnd >= 1 ? m_p.ai / state.cwnd : m_p.ai;
    }
    else
    {
        const double factor =
            std::max(1 - m_p.beta * (state.delay - target) / state.delay, 1 - m_p.maxMdf);
        Decrease(state, factor, ack.delay, now);
    }
    state.cwnd = std::clamp(state.cwnd, m_p.minCwnd, m_p.maxCwnd);
}

void
Swift::Decrease(State& state, double factor, Tick roundTrip, Tick now) const
{
    if (state.decreased < 0 || now - state.decreased >= roundTrip)
    {
        state.cwnd = std::max(state.cwnd * factor, m_p.minCwnd);
        state.decreased = now;
    }
}

void
Swift::DoPacketLost(uint32_t flow, Tick delay, Tick now)
{
    Decrease(m_states[flow], 1 - m_p.maxMdf, delay, now);
}

} // namespace mtlink
} // namespace ns3
