/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "processes.h"

#include "command.h"
#include "engine/socket-exchange.h"
#include "experiment/spread-run.h"
#include "interrupt.h"
#include "mpi/mpi-exchange.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <dlfcn.h>
#include <exception>
#include <stdexcept>

using namespace ns3::mtlink;

namespace
{

/** @return whether an MPI launcher may have started this process: what they leave behind. */
bool
IsLaunched()
{
    constexpr std::array SIGNS{"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMI_RANK", "PMIX_RANK"};
    return std::any_of(SIGNS.begin(), SIGNS.end(), [](const char* sign) {
        return std::getenv(sign) != nullptr;
    });
}

/** @return how many processes a launcher says that there are; 0: it does not say. */
long
GetLaunchedSize()
{
    for (const char* const name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"})
    {
        if (const char* const size = std::getenv(name))
        {
            return std::atol(size);
        }
    }
    return 0;
}

/** @return the processes that an MPI launcher has started; null: it has started but one. */
std::unique_ptr<Exchange>
JoinLaunched()
{
    if (GetLaunchedSize() == 1)
    {
        return nullptr;
    }
    // For good: MPI does not like to be unloaded.
    void* const library = dlopen("libmtlink-mpi.so", RTLD_NOW | RTLD_GLOBAL);
    void* const symbol = library ? dlsym(library, "MtlinkMakeMpiExchange") : nullptr;
    if (!symbol)
    {
        throw std::runtime_error(
            std::string("an MPI launcher has started several of this, which needs "
                        "libmtlink-mpi.so (") +
            dlerror() +
            "): install libopenmpi-dev and build mtlink again, or leave the "
            "launcher out and take --processes N");
    }
    const auto make = reinterpret_cast<decltype(&MtlinkMakeMpiExchange)>(symbol);
    std::unique_ptr<Exchange> exchange(make(CatchInterrupts()));
    return exchange->GetSize() == 1 ? nullptr : std::move(exchange);
}

} // namespace

std::unique_ptr<Exchange>
JoinProcesses(uint32_t processes)
{
    if (!IsLaunched())
    {
        return processes > 1 ? SocketExchange::Fork(processes) : nullptr;
    }
    std::unique_ptr<Exchange> exchange = JoinLaunched();
    if (processes > 1)
    {
        throw std::runtime_error("--processes is for one machine without a launcher; here an MPI "
                                 "launcher says how many processes there are: leave it out");
    }
    return exchange;
}

int
ServeProcess(Exchange& exchange, const std::string& file, const std::vector<Override>& overrides)
{
    std::signal(SIGINT, SIG_IGN); // process 0 hears it, and ends the run
    if (IsLaunched())
    {
        std::signal(SIGTERM, SIG_IGN); // likewise: what a launcher makes of it
    }
    try
    {
        ServeRun(LoadExperiment(file, overrides), exchange);
    }
    catch (const std::exception&)
    {
        return EXIT_REFUSED; // process 0 finds the same, or has ended
    }
    return EXIT_DONE;
}
