/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/estimate.h"

#include "experiment/link-walk.h"
#include "experiment/tensor-fold.h"
#include "training/iteration-graph.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <map>
#include <optional>
#include <sys/resource.h>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr double GIBIBYTE = 1024. * 1024 * 1024;
constexpr double LONG_RUN_SECONDS = 600; //!< Who waits longer wants to know before

/** @return the number of links on a packet's way; the first of equivalent ones stands for all. */
uint32_t
CountLinks(const MtlinkFabric& fabric, uint32_t src, uint32_t dst)
{
    uint32_t links = 0;
    ForEachHop(fabric, src, dst, [&links](uint32_t) { ++links; });
    return links;
}

/** @return memory that the machine has left for this process, bytes; what it has counts too. */
std::optional<uint64_t>
GetAvailableBytes()
{
    std::ifstream file("/proc/meminfo");
    std::string word;
    while (file >> word)
    {
        uint64_t kibibytes = 0;
        if (word == "MemAvailable:" && file >> kibibytes)
        {
            return kibibytes * 1024 + GetPeakRss();
        }
    }
    return std::nullopt;
}

} // namespace

uint64_t
GetPeakRss()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<uint64_t>(usage.ru_maxrss) * 1024;
}

WorkloadSize
GetSize(const WorkloadRuns& workloads)
{
    WorkloadSize sum;
    for (const auto& workload : workloads)
    {
        const WorkloadSize size = workload->GetSize();
        sum.messages += size.messages;
        sum.bytes += size.bytes;
        sum.atOnce += size.atOnce;
    }
    return sum;
}

double
EstimatePacketHops(const MtlinkFabric& fabric, const WorkloadRuns& workloads)
{
    double hops = 0;
    for (const auto& workload : workloads)
    {
        hops += workload->EstimatePacketHops(
            [&fabric](uint32_t src, uint32_t dst) { return CountLinks(fabric, src, dst); });
    }
    return hops;
}

FlowEstimate
EstimateFlows(const WorkloadRuns& workloads, const WorkloadSize& size, FlowPaths* paths)
{
    /** A ring that was looked at. */
    struct SeenRing
    {
        double messages;    //!< That it stands for
        bool isAlone{true}; //!< None of its links is another leg's
    };

    std::vector<SeenRing> rings;
    std::vector<uint32_t> owners; // by link: a ring, or NONE
    for (const auto& workload : workloads)
    {
        if (!paths)
        {
            break;
        }
        owners.assign(owners.size(), NONE); // workloads may run at different times
        workload->VisitRings([&](const std::vector<uint32_t>& endpoints,
                                 uint32_t flow,
                                 double messages) {
            const auto ring = static_cast<uint32_t>(rings.size());
            rings.push_back({messages});
            for (std::size_t place = 0; place < endpoints.size(); ++place)
            {
                const uint32_t next = endpoints[(place + 1) % endpoints.size()];
                if (endpoints[place] == next)
                {
                    rings[ring].isAlone = false;
                    continue;
                }
                for (const FlowStep& step : paths->Find({endpoints[place], next, 1, flow}).steps)
                {
                    owners.resize(std::max<std::size_t>(owners.size(), step.link + 1), NONE);
                    if (owners[step.link] != NONE)
                    {
                        rings[ring].isAlone = false;
                        rings[owners[step.link]].isAlone = false;
                    }
                    owners[step.link] = ring;
                }
            }
        });
    }
    FlowEstimate estimate;
    for (const SeenRing& ring : rings)
    {
        estimate.wholes += ring.isAlone ? ring.messages : 0;
    }
    estimate.wholes = std::min(estimate.wholes, size.messages);
    estimate.flows = size.messages - estimate.wholes;
    estimate.seconds =
        estimate.flows * SECONDS_PER_FLOW + estimate.wholes * SECONDS_PER_RING_MESSAGE;
    return estimate;
}

ModeSeconds
EstimateSeconds(double hops, const FlowEstimate& flows, const WorkloadSize& size)
{
    return {hops * SECONDS_PER_PACKET_HOP,
            flows.seconds,
            size.messages * SECONDS_PER_BOUND_MESSAGE};
}

double
CountGraphOperations(const Experiment& experiment)
{
    const WorkloadDescription* folded = FindFolded(experiment);
    double operations = 0;
    for (const WorkloadDescription& workload : experiment.workloads)
    {
        operations += workload.kind == WorkloadDescription::TRAINING
                          ? CountOperations(workload.training, &workload == folded)
                          : 0;
    }
    return operations;
}

void
RefuseGraphBeyondMemory(const Experiment& experiment)
{
    const std::optional<uint64_t> available = GetAvailableBytes();
    const WorkloadDescription* folded = FindFolded(experiment);
    for (const WorkloadDescription& workload : experiment.workloads)
    {
        if (workload.kind != WorkloadDescription::TRAINING)
        {
            continue;
        }
        const TrainingSpec& spec = workload.training;
        const double operations = CountOperations(spec, &workload == folded);
        const double bytes = operations * BYTES_PER_OPERATION;
        if (operations < NONE && (!available || bytes <= static_cast<double>(*available)))
        {
            continue;
        }
        const bool mayFold = &workload != folded && spec.parallel.tensor > 1;
        workload.node.Find("training")
            ->Refuse(fmt::format(
                "the iteration has about {:.2g} operations, which would take {:.3g} GiB of memory "
                "at "
                "{:.0f} B each, and this machine has {:.1f} GiB left: {}take fewer cards, layers, "
                "micro-batches or iterations",
                operations,
                bytes / GIBIBYTE,
                BYTES_PER_OPERATION,
                static_cast<double>(available.value_or(0)) / GIBIBYTE,
                mayFold ? "set fold: always, where tensor groups have links of their own, or "
                        : ""));
    }
}

uint64_t
EstimateBytes(const WorkloadSize& size)
{
    return GetPeakRss() + GetPeakRss() / 2 + static_cast<uint64_t>(size.atOnce * BYTES_PER_MESSAGE);
}

void
RefuseBeyondMemory(const Experiment& experiment, const WorkloadSize& size)
{
    const std::optional<uint64_t> available = GetAvailableBytes();
    const uint64_t needed = EstimateBytes(size);
    if (available && needed > *available)
    {
        experiment.workloads.front().node.Refuse(fmt::format(
            "the run would take about {:.1f} GiB of memory, and this machine has {:.1f} "
            "GiB left: {:.3g} messages are under way at once, {} B each; take an "
            "algorithm that goes step by step (pairwise where all send to all, else ring, tree "
            "or hierarchical), or fewer ranks",
            static_cast<double>(needed) / GIBIBYTE,
            static_cast<double>(*available) / GIBIBYTE,
            size.atOnce,
            BYTES_PER_MESSAGE));
    }
}

bool
MayTakeLong(const WorkloadSize& size, uint32_t packet)
{
    // A packet crosses two links at least; few cross more than four times as many.
    return 2 * size.bytes / packet * SECONDS_PER_PACKET_HOP >= LONG_RUN_SECONDS / 4;
}

std::string
DescribeLongPackets(double hops, const FlowEstimate& flows)
{
    const double seconds = hops * SECONDS_PER_PACKET_HOP;
    return seconds < LONG_RUN_SECONDS
               ? ""
               : fmt::format("{:.2g} packet-hops will take about {:.0f} min (at {:.0f} ns each){}",
                             hops,
                             seconds / 60,
                             SECONDS_PER_PACKET_HOP * 1e9,
                             flows.seconds == 0
                                 ? "" // open-loop traffic has no flows
                                 : fmt::format("; --mode flow takes about {:.2g} s, see "
                                               "docs/model.md, Mode flow",
                                               flows.seconds));
}

std::string
DescribeLongFlows(const FlowEstimate& flows)
{
    return flows.seconds < LONG_RUN_SECONDS
               ? ""
               : fmt::format(
                     "{:.2g} messages, and {:.2g} of rings whose members share no link, will "
                     "take about {:.0f} min (at {:.0f} us and {:.0f} ns each)",
                     flows.flows,
                     flows.wholes,
                     flows.seconds / 60,
                     SECONDS_PER_FLOW * 1e6,
                     SECONDS_PER_RING_MESSAGE * 1e9);
}

} // namespace mtlink
} // namespace ns3
