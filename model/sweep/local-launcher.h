/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_LOCAL_LAUNCHER_H
#define MTLINK_LOCAL_LAUNCHER_H

#include "sweep/launcher.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Runs a sweep by processes of this program, on this machine.
 */
class LocalLauncher : public Launcher
{
  public:
    SweepOutcome Run(const Sweep& sweep,
                     const std::string& directory,
                     const SweepOptions& options) override;
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_LOCAL_LAUNCHER_H
