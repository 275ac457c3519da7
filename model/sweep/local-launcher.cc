/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep/local-launcher.h"

namespace ns3
{
namespace mtlink
{

SweepOutcome
LocalLauncher::Run(const Sweep& sweep, const std::string& directory, const SweepOptions& options)
{
    return RunSweep(sweep, directory, options);
}

} // namespace mtlink
} // namespace ns3
