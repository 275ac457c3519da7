/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep/launcher.h"

#include "sweep/local-launcher.h"
#include "sweep/parallel-launcher.h"
#include "sweep/slurm-launcher.h"

#include <stdexcept>

namespace ns3
{
namespace mtlink
{

const std::vector<std::string>&
ListLaunchers()
{
    static const std::vector<std::string> names{"local", "slurm", "parallel"};
    return names;
}

std::unique_ptr<Launcher>
MakeLauncher(const LauncherChoice& choice)
{
    if (!choice.hosts.empty() && choice.name != "parallel")
    {
        throw std::invalid_argument("hosts are for '--launcher parallel'; Slurm knows its own, and "
                                    "takes '--launcher-options \"--nodelist=...\"'");
    }
    if (choice.name == "slurm")
    {
        return std::make_unique<SlurmLauncher>(choice);
    }
    if (choice.name == "parallel")
    {
        return std::make_unique<ParallelLauncher>(choice);
    }
    if (!choice.options.empty())
    {
        throw std::invalid_argument("options are for '--launcher slurm' and '--launcher parallel', "
                                    "which hand them on");
    }
    return std::make_unique<LocalLauncher>();
}

} // namespace mtlink
} // namespace ns3
