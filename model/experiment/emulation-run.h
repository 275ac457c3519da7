/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_EMULATION_RUN_H
#define MTLINK_EMULATION_RUN_H

#include "emulation/host-interface.h"
#include "experiment/experiment.h"

#include "ns3/mtlink-results.h"

#include <csignal>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** Lag beyond which real time is lost, microseconds: some tens of it show as latency in any
 * program. */
inline constexpr double EMULATION_LIMIT_US = 10'000;

/**
 * @ingroup mtlink
 * Real hosts at the first endpoints of a fabric.
 */
struct EmulationSettings
{
    /** Gives the frames of a host, by its endpoint. Throws std::system_error. */
    std::function<FrameDescriptor(const HostInterface& interface, uint32_t endpoint)> open;
    uint32_t hosts{0};           //!< How many: endpoints 0 and up
    double scale{1000};          //!< The fabric's time goes so much slower
    uint32_t mtu{9000};          //!< Of their interfaces, bytes
    double seconds{0};           //!< For how long by the clock; 0: until interrupted
    std::function<void()> ready; //!< Called as hosts may send
    const volatile std::sig_atomic_t* interrupt{nullptr}; //!< Other than 0: to end
};

/**
 * @ingroup mtlink
 * What the interface of a host is called and has: `mtlink0`, 02:6d:74:00:xx:yy and 10.77.x.y of
 * network 10.77.0.0/16, where xx and yy are the endpoint's number plus one.
 * @param [in] endpoint Its endpoint, below 65,000.
 * @param [in] mtu Its MTU.
 * @return the interface, in our own namespace.
 */
HostInterface GetHostInterface(uint32_t endpoint, uint32_t mtu);

/**
 * @ingroup mtlink
 * Let real hosts use an experiment's fabric, by the clock: its faults happen, its workloads do not.
 * @param [in] experiment The experiment, or a fabric.
 * @param [in] settings The hosts.
 * @return results as of a run, with `emulation`.
 * @throws InputError for a fabric that can't be, and std::system_error for an interface that can't.
 */
RunResults EmulateExperiment(const Experiment& experiment, const EmulationSettings& settings);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_EMULATION_RUN_H
