/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "mtlink-command.h"

#include "ns3/mtlink-human-text.h"
#include "ns3/mtlink-run.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fmt/format.h>
#include <memory>
#include <string>

using namespace ns3::mtlink;

namespace
{

/** @return a rate in decimal gigabytes, as cards are sold by. */
std::string
FormatGigabytes(double bitRate)
{
    return DecimalText(bitRate / 8e9) + " GB/s";
}

int
Check(const std::string& file)
{
    const Experiment experiment = LoadExperimentOrFabric(file);
    const CheckResult result = CheckExperiment(experiment);
    fmt::print("{}: kind {}\n", result.name, result.kind);
    fmt::print("endpoints        {}, {} each way at most\n",
               CountText(result.endpoints),
               FormatGigabytes(result.endpointBitRate));
    fmt::print("switches         {}\n", CountText(result.switches));
    fmt::print("links            {} each way\n", CountText(result.cables));
    fmt::print("diameter         {} links\n", result.diameter);
    fmt::print("bisection        {}\n",
               result.bisectionBitRate == 0
                   ? "not computed, too many links"
                   : FormatGigabytes(static_cast<double>(result.bisectionBitRate)) +
                         " each way between the first half of the endpoints and the others");
    for (const std::string& definition : result.routing)
    {
        fmt::print("routing          {}\n", definition);
    }
    fmt::print("deadlock         {} ({} channels, {} dependencies, all pairs of endpoints; {:.2g} "
               "s)\n",
               result.isDeadlockFree ? "free, proved: no cycle" : "possible",
               CountText(result.proof.channels),
               CountText(result.proof.dependencies),
               result.proofSeconds);
    if (result.endpoints > PROOF_ENDPOINTS)
    {
        fmt::print("                 'mtlink run' does not repeat this proof beyond {} endpoints\n",
                   CountText(PROOF_ENDPOINTS));
    }
    if (!experiment.workloads.empty())
    {
        fmt::print("work             about {} packet-hops\n", DecimalText(result.packetHops, 3));
        fmt::print("time             about {} (at {:.0f} ns per packet-hop)\n",
                   TimeText(result.estimatedSeconds * 1e12),
                   SECONDS_PER_PACKET_HOP * 1e9);
    }
    fmt::print("memory           about {} (half as much again as this check took)\n",
               BytesText(result.estimatedBytes));
    if (!result.isDeadlockFree)
    {
        std::string cycle;
        for (const std::string& channel : result.proof.cycle)
        {
            cycle += "\n  " + channel;
        }
        std::fflush(stdout);
        if (!experiment.allowDeadlock)
        {
            experiment.fabric.document.Refuse(
                "packets can deadlock on this fabric, each of these links waiting for the next and "
                "the last for the first; choose another routing:" +
                cycle);
        }
        fmt::print("cycle           {}\n", cycle);
    }
    return EXIT_DONE;
}

} // namespace

void
AddCheckCommand(CLI::App& app, int& status)
{
    CLI::App* command =
        app.add_subcommand("check", "Validate an experiment or a fabric, and tell what it is");
    const auto file = std::make_shared<std::string>();
    command->add_option("file", *file, "The experiment or fabric, a YAML file")
        ->required()
        ->type_name("FILE.yaml");
    command->callback([file, &status] { status = Check(*file); });
}
