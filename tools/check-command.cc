/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "command.h"
#include "design/design-list.h"
#include "design/design-request.h"
#include "experiment/run.h"
#include "override-options.h"
#include "report/human-text.h"
#include "stability-text.h"
#include "sweep-text.h"
#include "sweep/sweep-values.h"
#include "training-text.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fmt/format.h>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace ns3::mtlink;

namespace
{

/** @return a rate in decimal gigabytes, as cards are sold by. */
std::string
FormatGigabytes(double bitRate)
{
    return DecimalText(bitRate / 8e9) + " GB/s";
}

/** Check every point of a sweep, built and not run. @return whether all can be run. */
bool
CheckSweep(const std::string& file)
{
    const Sweep sweep = LoadSweep(file);
    fmt::print("{}: sweep of {}\n", sweep.name, FormatSize(sweep));
    const std::vector<std::string> scenarios = ListScenarioKeys(sweep);
    std::vector<std::string> designs;
    for (std::size_t i = 0; i < sweep.keys.size(); ++i)
    {
        if (!sweep.isScenario[i])
        {
            designs.push_back(sweep.keys[i]);
        }
    }
    fmt::print("designs          {}\n",
               designs.empty() ? "one, no key of it is varied"
                               : fmt::format("by {}", fmt::join(designs, ", ")));
    fmt::print("scenarios        {}\n",
               scenarios.empty() ? "one" : fmt::format("by {}", fmt::join(scenarios, ", ")));
    std::fflush(stdout);
    SweepValues values(sweep);
    PointsByReason reasons;
    std::map<std::string, std::size_t> modes;
    double seconds = 0;
    double hops = 0;
    uint64_t bytes = 0;
    std::size_t refused = 0;
    for (const SweepPoint& point : sweep.points)
    {
        std::string why = point.refused;
        try
        {
            if (why.empty())
            {
                const Experiment experiment = ReadPoint(sweep, point);
                const CheckResult result = CheckExperiment(experiment);
                if (!result.isDeadlockFree && !experiment.allowDeadlock &&
                    experiment.mode == "packet")
                {
                    experiment.fabric.document.Refuse(
                        "packets can deadlock on this fabric: choose another routing");
                }
                seconds += GetEstimatedSeconds(experiment, result);
                hops += result.packetHops;
                bytes = std::max(bytes, result.estimatedBytes);
                ++modes[experiment.mode];
                values.Accept(point);
            }
        }
        catch (const InputError& error)
        {
            why = error.what();
            values.Refuse(point, error);
        }
        if (!why.empty())
        {
            ++refused;
            AddReason("refused: " + why, point.number, reasons);
        }
    }
    const auto seeds = static_cast<double>(std::max<std::size_t>(sweep.seeds.size(), 1));
    const double cores = std::max(1U, std::thread::hardware_concurrency());
    const double atOnce = std::min(cores, static_cast<double>(sweep.jobs.size()));
    std::string ways;
    for (const auto& [mode, points] : modes)
    {
        ways += fmt::format("{}{} in mode {}",
                            ways.empty() ? "" : ", ",
                            CountText(points, "point", "points"),
                            mode);
    }
    std::fputs(FormatReasons(reasons).c_str(), stdout);
    fmt::print("fidelity         {}\n", ways.empty() ? "none can be run" : ways);
    fmt::print("work             about {} packet-hops in all, if they go as packets\n",
               DecimalText(hops * seeds, 3));
    fmt::print("time             about {} of one core, {} on the {} cores here (at {:.0f} ns per "
               "packet-hop; building not counted)\n",
               TimeText(seconds * seeds * 1e12),
               TimeText(seconds * seeds / atOnce * 1e12),
               CountText(static_cast<uint64_t>(cores)),
               SECONDS_PER_PACKET_HOP * 1e9);
    fmt::print("memory           about {} per process at most\n", BytesText(bytes));
    std::fflush(stdout);
    values.Finish();
    if (refused > 0)
    {
        std::fprintf(stderr,
                     "mtlink: error: %zu of %zu points are refused, as combinations that can't be; "
                     "a sweep runs the others\n",
                     refused,
                     sweep.points.size());
    }
    return refused == 0;
}

/** @return the parts of a chip's area or power, in percent of its whole. */
std::string
FormatParts(const ChipCost& chip, double PartCost::*figure)
{
    const double whole = chip.GetTotal().*figure;
    std::string text;
    for (const auto& [name, part] : {std::pair{"SerDes", &ChipCost::phy},
                                     {"ports' logic", &ChipCost::logic},
                                     {"buffers", &ChipCost::buffers},
                                     {"crossbar", &ChipCost::crossbar},
                                     {"reduction", &ChipCost::reduction},
                                     {"the rest", &ChipCost::base}})
    {
        const double share = (chip.*part).*figure / whole;
        text += share > 0
                    ? fmt::format("{}{} {:.0f} %", text.empty() ? "" : ", ", name, share * 100)
                    : "";
    }
    return text;
}

/** @return a number with three figures, or all before the point. */
std::string
FormatAmount(double amount)
{
    return amount < 1000 ? fmt::format("{:.3g}", amount)
                         : CountText(static_cast<uint64_t>(std::llround(amount)));
}

/** Print what the cost model says. */
void
PrintCost(const FabricCost& cost, const CostProfile& profile)
{
    for (const ChipCost& chip : cost.chips)
    {
        const PartCost total = chip.GetTotal();
        fmt::print("cost             {} of {}, {:.4g} Tb/s: about {} mm2, {} W each{}\n",
                   CountText(chip.chips, "chip", "chips"),
                   CountText(chip.ports, "port", "ports"),
                   chip.bitRate / 1e12,
                   FormatAmount(total.area),
                   FormatAmount(total.power),
                   total.area > profile.reticle ? ": too large for one chip" : "");
        fmt::print("                 area: {}\n", FormatParts(chip, &PartCost::area));
        fmt::print("                 power: {}\n", FormatParts(chip, &PartCost::power));
    }
    fmt::print("{} {} mm2 of switch chips; {} W, of which endpoints' SerDes {} W and optics {} W\n",
               cost.chips.empty() ? "cost            " : "                ",
               FormatAmount(cost.GetArea()),
               FormatAmount(cost.GetPower()),
               FormatAmount(cost.endpointPower),
               FormatAmount(cost.cablePower));
    if (cost.cablesWithoutLength > 0)
    {
        fmt::print("                 {} of unknown length (latency given as a whole) taken for "
                   "copper\n",
                   CountText(cost.cablesWithoutLength, "cable", "cables"));
    }
    fmt::print("                 a model to rank designs by, see docs/model.md, Cost\n");
}

/** Print what several processes would make of a run. */
void
PrintSpread(const SpreadEstimate& estimate)
{
    if (!estimate.refused.empty())
    {
        fmt::print("processes        not several: {}\n", estimate.refused);
        return;
    }
    if (estimate.spread.cutLinks == 0)
    {
        fmt::print("processes        one does all: endpoints are one process's, and links without "
                   "latency are not cut\n");
        return;
    }
    for (std::size_t process = 0; process < estimate.loads.size(); ++process)
    {
        fmt::print("{:<16} {} endpoints, {} switches: {:.0f} % of the work of one process\n",
                   process == 0 ? "processes" : "",
                   CountText(estimate.spread.endpoints[process]),
                   CountText(estimate.spread.switches[process]),
                   estimate.loads[process] * 100);
    }
    fmt::print("                 {} links cut, lookahead {}: about {:.2g} times as fast as one "
               "process with all links full, {:.2g} times with a tenth of that, by an estimate\n",
               CountText(estimate.spread.cutLinks),
               TimeText(static_cast<double>(estimate.spread.lookahead)),
               estimate.speedup,
               estimate.speedupIdle);
}

int
Check(const std::string& file,
      const std::vector<Override>& overrides,
      bool proves,
      uint32_t processes)
{
    const YamlNode document = LoadYaml(file);
    if (IsDesignRequest(document))
    {
        const DesignRequest request = LoadDesignRequest(file);
        fmt::print("{}: {}\n",
                   request.name,
                   CountText(ListDesigns(request).designs.size(),
                             "fabric can be built",
                             "fabrics can be built"));
        return EXIT_DONE;
    }
    if (IsSweep(document))
    {
        if (!overrides.empty())
        {
            document.Refuse(overrides.front().option +
                            " sets a value of an experiment, and this is a sweep: change its "
                            "'base', or check that");
        }
        return CheckSweep(file) ? EXIT_DONE : EXIT_REFUSED;
    }
    const Experiment experiment = LoadExperimentOrFabric(file, overrides);
    const CheckResult result = CheckExperiment(experiment, proves, processes);
    fmt::print("{}: kind {}\n", result.name, result.kind);
    fmt::print("endpoints        {}, {} each way at most\n",
               CountText(result.endpoints),
               FormatGigabytes(result.endpointBitRate));
    fmt::print("switches         {}\n", CountText(result.switches));
    fmt::print("links            {} each way\n", CountText(result.cables));
    fmt::print("diameter         {} links{}\n",
               result.diameter,
               result.diameterFrom < result.endpoints
                   ? fmt::format(", seen from {} endpoints", result.diameterFrom)
                   : "");
    fmt::print("bisection        {}\n",
               result.bisectionBitRate == 0
                   ? "not computed, too many links"
                   : FormatGigabytes(static_cast<double>(result.bisectionBitRate)) +
                         " each way between the first half of the endpoints and the others");
    for (const std::string& definition : result.routing)
    {
        fmt::print("routing          {}\n", definition);
    }
    if (result.isProved)
    {
        fmt::print("deadlock         {} ({} channels, {} dependencies, all pairs of endpoints; "
                   "{:.2g} s)\n",
                   result.isDeadlockFree ? "free, proved: no cycle" : "possible",
                   CountText(result.proof.channels),
                   CountText(result.proof.dependencies),
                   result.proofSeconds);
    }
    else
    {
        fmt::print("deadlock         not proved: beyond {} endpoints that takes minutes, ask for "
                   "it with --prove\n",
                   CountText(PROOF_ENDPOINTS));
    }
    PrintCost(result.cost, *experiment.cost);
    if (result.search)
    {
        std::fputs((FormatSearch(*result.search) + "\n").c_str(), stdout);
    }
    for (const TrainingResult& training : result.trainings)
    {
        std::fputs(FormatTrainingPlan(training).c_str(), stdout);
    }
    if (result.stability)
    {
        std::fputs(FormatStabilityPlan(*result.stability).c_str(), stdout);
    }
    if (!experiment.workloads.empty())
    {
        if (result.size.messages > 0)
        {
            fmt::print("messages         about {}, {} in all\n",
                       DecimalText(result.size.messages, 0),
                       BytesText(static_cast<uint64_t>(result.size.bytes)));
        }
        fmt::print("work             about {} packet-hops\n", DecimalText(result.packetHops, 3));
        fmt::print("time             about {} in mode packet (at {:.0f} ns per packet-hop)\n",
                   TimeText(result.estimatedSeconds * 1e12),
                   SECONDS_PER_PACKET_HOP * 1e9);
        if (result.size.messages > 0)
        {
            fmt::print(
                "                 about {} in mode flow ({} messages at {:.0f} us, four times "
                "that where all send to all; {} of rings that share no link at {:.0f} ns)\n",
                TimeText(result.flows.seconds * 1e12),
                DecimalText(result.flows.flows, 0),
                SECONDS_PER_FLOW * 1e6,
                DecimalText(result.flows.wholes, 0),
                SECONDS_PER_RING_MESSAGE * 1e9);
        }
    }
    if (result.spread)
    {
        PrintSpread(*result.spread);
    }
    fmt::print("memory           about {} (half as much again as this check took, and {:.0f} B for "
               "each message under way)\n",
               BytesText(result.estimatedBytes),
               BYTES_PER_MESSAGE);
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
        app.add_subcommand("check",
                           "Validate an experiment, a sweep or a fabric, and tell what it is");
    const auto file = std::make_shared<std::string>();
    command->add_option("file", *file, "The experiment, sweep or fabric, a YAML file")
        ->required()
        ->type_name("FILE.yaml");
    const auto settings = std::make_shared<std::vector<std::string>>();
    const auto mode = std::make_shared<std::string>();
    AddOverrideOptions(*command, *settings, *mode);
    const auto proves = std::make_shared<bool>(false);
    command->add_flag("--prove",
                      *proves,
                      "Prove that packets can't deadlock on a fabric of any size; else up to " +
                          CountText(PROOF_ENDPOINTS) + " endpoints");
    const auto processes = std::make_shared<uint32_t>(1);
    command
        ->add_option("--processes",
                     *processes,
                     "Tell what so many processes would make of it, too: see mtlink run")
        ->type_name("N")
        ->check(CLI::Range(1, 1024));
    command->callback([file, settings, mode, proves, processes, &status] {
        status = Check(*file, ListOverrides(*settings, *mode), *proves, *processes);
    });
}
