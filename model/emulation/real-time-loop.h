/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_REAL_TIME_LOOP_H
#define MTLINK_REAL_TIME_LOOP_H

#include "emulation/host-port.h"
#include "engine/fabric-simulator-impl.h"
#include "measure/histogram.h"

#include "ns3/mtlink-tick.h"

#include <chrono>
#include <csignal>
#include <cstdint>
#include <memory>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Runs a simulation by the clock on the wall, so much slower, with real hosts at some devices.
 *
 * One thread: it runs what is due, takes what hosts have sent, and waits for the next event or
 * frame. A host's frame is sent at the simulated time at which it is taken.
 */
class RealTimeLoop
{
  public:
    /**
     * @param [in] simulator The simulator, current.
     * @param [in] scale Seconds by the clock for a second of the simulation, above 0.
     * @param [in] limitUs Lag beyond which real time is lost, microseconds by the clock.
     */
    RealTimeLoop(FabricSimulatorImpl& simulator, double scale, double limitUs);

    /** @param [in] port A host, which must outlive the run. */
    void Add(HostPort* port);

    /**
     * Run.
     * @param [in] seconds For how long by the clock; 0: until interrupted.
     * @param [in] interrupt Set by a signal handler to other than 0: to end; or nullptr.
     */
    void Run(double seconds, const volatile std::sig_atomic_t* interrupt);

    /** @return how late events were, ps by the clock, looked at each millisecond of it. */
    const Histogram& GetLags() const
    {
        return m_lags;
    }

    /** @return looks that found a lag beyond the limit. */
    uint64_t GetLate() const
    {
        return m_late;
    }

    /** @return how long it ran, seconds by the clock. */
    double GetSeconds() const
    {
        return m_seconds;
    }

  private:
    using Clock = std::chrono::steady_clock;

    /** @return picoseconds by the clock since the start. */
    Tick GetElapsed() const;

    /** @return the simulated time that belongs to a time by the clock. */
    Tick ToSimulated(Tick elapsed) const;

    /** Run all that is due by now. */
    void CatchUp();

    /** An event of each millisecond: how late is it? */
    void Beat();

    /** Wait for a frame, or until the next event is due. */
    void Wait();

    FabricSimulatorImpl& m_simulator; //!< The simulator
    double m_scale;                   //!< Clock over simulation
    Tick m_limit;                     //!< Lag beyond which real time is lost, ps
    std::vector<HostPort*> m_ports;   //!< The hosts
    Clock::time_point m_start;        //!< By the clock
    Tick m_from{0};                   //!< Simulated time at the start
    Histogram m_lags;                 //!< Of all beats
    uint64_t m_late{0};               //!< Beats beyond the limit
    double m_seconds{0};              //!< How long it ran
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_REAL_TIME_LOOP_H
