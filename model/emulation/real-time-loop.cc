/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "emulation/real-time-loop.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr Tick MILLISECOND = 1'000'000'000;     //!< ps
constexpr Tick LONGEST_WAIT = 20 * MILLISECOND; //!< Then it looks whether it is to end
constexpr int PRIORITY = 20; //!< Of real-time threads, 1 to 99: below the kernel's own

/** A thread that is prompt, as far as it may be, for as long as this lives. */
class Promptness
{
  public:
    Promptness()
    {
        prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL); // waits are 50 us too long otherwise
        sched_param priority{};
        priority.sched_priority = PRIORITY;
        sched_setscheduler(0, SCHED_FIFO, &priority); // where it is not allowed, lags say so
    }

    ~Promptness()
    {
        const sched_param usual{};
        sched_setscheduler(0, SCHED_OTHER, &usual);
        prctl(PR_SET_TIMERSLACK, 0UL, 0UL, 0UL, 0UL);
    }

    Promptness(const Promptness&) = delete;
    Promptness& operator=(const Promptness&) = delete;
};

} // namespace

RealTimeLoop::RealTimeLoop(FabricSimulatorImpl& simulator, double scale, double limitUs)
    : m_simulator(simulator),
      m_scale(scale),
      m_limit(static_cast<Tick>(limitUs * 1e6))
{
}

void
RealTimeLoop::Add(HostPort* port)
{
    m_ports.push_back(port);
}

Tick
RealTimeLoop::GetElapsed() const
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - m_start).count() *
           1000;
}

Tick
RealTimeLoop::ToSimulated(Tick elapsed) const
{
    return m_from + static_cast<Tick>(static_cast<double>(elapsed) / m_scale);
}

void
RealTimeLoop::CatchUp()
{
    const Tick target = ToSimulated(GetElapsed());
    const Tick now = m_simulator.NowTicks();
    if (target > now)
    {
        Simulator::Schedule(ToTime(target - now), &Simulator::Stop);
        Simulator::Run();
    }
}

void
RealTimeLoop::Beat()
{
    const auto due =
        static_cast<Tick>(static_cast<double>(m_simulator.NowTicks() - m_from) * m_scale);
    const Tick lag = std::max<Tick>(0, GetElapsed() - due);
    m_lags.Add(lag);
    m_late += lag > m_limit ? 1 : 0;
    const double period = std::max(1.0, static_cast<double>(MILLISECOND) / m_scale);
    Simulator::Schedule(ToTime(static_cast<Tick>(period)), &RealTimeLoop::Beat, this);
}

void
RealTimeLoop::Wait()
{
    std::vector<pollfd> waiting;
    for (const HostPort* port : m_ports)
    {
        if (port->TakesFrames())
        {
            waiting.push_back({port->GetDescriptor(), POLLIN, 0});
        }
    }
    const Tick next = m_simulator.GetNextTick();
    Tick wait = LONGEST_WAIT;
    if (next != NEVER)
    {
        const double due = static_cast<double>(next - m_from) * m_scale;
        wait = static_cast<Tick>(std::clamp(due - static_cast<double>(GetElapsed()),
                                            0.0,
                                            static_cast<double>(LONGEST_WAIT)));
    }
    const timespec timeout{0, wait / 1000};
    ppoll(waiting.data(), waiting.size(), &timeout, nullptr);
}

void
RealTimeLoop::Run(double seconds, const volatile std::sig_atomic_t* interrupt)
{
    const Promptness promptness;
    m_start = Clock::now();
    m_from = m_simulator.NowTicks();
    const Tick end = seconds > 0 ? static_cast<Tick>(seconds * 1e12) : NEVER;
    Beat();
    while ((!interrupt || *interrupt == 0) && GetElapsed() < end)
    {
        CatchUp();
        bool isMore = false;
        for (HostPort* port : m_ports)
        {
            isMore |= port->TakeFrames();
        }
        if (!isMore)
        {
            Wait();
        }
    }
    m_seconds = static_cast<double>(GetElapsed()) / 1e12;
}

} // namespace mtlink
} // namespace ns3
