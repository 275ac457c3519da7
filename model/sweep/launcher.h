/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_LAUNCHER_H
#define MTLINK_LAUNCHER_H

#include "sweep/sweep-run.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * By whom the runs of a sweep are started.
 */
struct LauncherChoice
{
    std::string name{"local"}; //!< Of ListLaunchers()
    std::string options;       //!< For the other program, as in a shell
    std::string hosts;         //!< File of hosts, where the launcher takes one; empty: none
    std::size_t atOnce{0};     //!< Tasks at once; 0: as many as the other program likes
    std::chrono::seconds patience{600}; //!< How long that may not answer
};

/**
 * @ingroup mtlink
 * Starts the runs of a sweep somewhere, and waits for them.
 */
class Launcher
{
  public:
    Launcher() = default;
    virtual ~Launcher() = default;
    Launcher(const Launcher&) = delete;
    Launcher& operator=(const Launcher&) = delete;

    /**
     * Run what is not over, as RunSweep() does.
     * @param [in] sweep The sweep, of a file.
     * @param [in] directory Where results go, which all machines see by the same path.
     * @param [in] options How.
     * @return what it left.
     * @throws std::runtime_error if the other program refuses; what RunSweep() throws.
     */
    virtual SweepOutcome Run(const Sweep& sweep,
                             const std::string& directory,
                             const SweepOptions& options) = 0;
};

/** @return names of launchers: local, slurm, parallel. */
const std::vector<std::string>& ListLaunchers();

/**
 * @ingroup mtlink
 * @param [in] choice Which launcher.
 * @return it.
 * @throws std::invalid_argument for options that it does not take.
 * @throws std::runtime_error if the other program is not installed.
 */
std::unique_ptr<Launcher> MakeLauncher(const LauncherChoice& choice);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_LAUNCHER_H
