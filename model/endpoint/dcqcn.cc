/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "endpoint/dcqcn.h"

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
MakeDcqcn(const CongestionProfile& profile)
{
    return std::make_unique<Dcqcn>(profile.GetDcqcn());
}

const Registered<ControlKind> REGISTERED(GetCongestionControls(),
                                         "dcqcn",
                                         {.heedsMarks = true,
                                          .parameters = "Dcqcn",
                                          .make = MakeDcqcn});

} // namespace

void
Dcqcn::DoAddFlow(const ControlledPath& path)
{
    State state{};
    state.current = state.target = path.rate;
    m_states.push_back(state);
}

double
Dcqcn::GetWindow(uint32_t) const
{
    return std::numeric_limits<double>::infinity();
}

double
Dcqcn::GetRate(uint32_t flow, Tick now)
{
    RunTimers(flow, now);
    return m_states[flow].current;
}

void
Dcqcn::RunTimers(uint32_t flow, Tick now)
{
    State& state = m_states[flow];
    if (state.alphaDue <= now)
    {
        const Tick times = (now - state.alphaDue) / m_p.alphaTimer + 1;
        state.alpha *= std::pow(1 - m_p.g, static_cast<double>(times));
        state.alphaDue += times * m_p.alphaTimer;
    }
    while (state.rateDue <= now)
    {
        state.rateDue += m_p.rateTimer;
        ++state.timerSteps;
        Rise(flow);
        if (state.current >= GetPath(flow).rate)
        {
            state.rateDue = NEVER; // all the way up: nothing more until the next notification
        }
    }
}

void
Dcqcn::Rise(uint32_t flow)
{
    State& state = m_states[flow];
    const double most = GetPath(flow).rate;
    if (std::min(state.timerSteps, state.byteSteps) > m_p.fastRecovery)
    {
        state.target += m_p.rateHai;
    }
    else if (std::max(state.timerSteps, state.byteSteps) >= m_p.fastRecovery)
    {
        state.target += m_p.rateAi;
    }
    state.target = std::min(state.target, most);
    state.current = std::min((state.target + state.current) / 2, most);
    // Halving the distance never ends: a millionth is none.
    state.current = state.current > most * (1 - 1e-6) ? most : state.current;
}

void
Dcqcn::DoPacketSent(uint32_t flow, uint64_t wireBytes, Tick now)
{
    State& state = m_states[flow];
    if (state.notified < 0 || state.current >= GetPath(flow).rate)
    {
        return;
    }
    RunTimers(flow, now);
    state.bytes += wireBytes;
    for (; state.bytes >= m_p.byteCounter; state.bytes -= m_p.byteCounter)
    {
        ++state.byteSteps;
        Rise(flow);
    }
}

void
Dcqcn::DoPacketAcknowledged(uint32_t flow, const Acknowledgement& ack, Tick now)
{
    State& state = m_states[flow];
    // Acknowledgement and notification take the same time, so the receiver's interval is ours.
    if (!ack.congested || (state.notified >= 0 && now - state.notified < m_p.cnpInterval))
    {
        return;
    }
    RunTimers(flow, now);
    CountNotification(flow);
    state.notified = now;
    state.target = state.current;
    const double least = std::min(m_p.minRate, GetPath(flow).rate);
    state.current = std::max(state.current * (1 - state.alpha / 2), least);
    state.alpha = (1 - m_p.g) * state.alpha + m_p.g;
    state.alphaDue = now + m_p.alphaTimer;
    state.rateDue = now + m_p.rateTimer;
    state.timerSteps = state.byteSteps = 0;
    state.bytes = 0;
}

} // namespace mtlink
} // namespace ns3
