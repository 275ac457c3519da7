/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/spread-run.h"

#include "experiment/run.h"
#include "experiment/units.h"
#include "fabric/fabric-spread.h"

#include "ns3/mtlink-error.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <fmt/format.h>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

/** What process 0 tells the others before the run. */
enum Call : uint64_t
{
    NOT_WANTED,
    WANTED
};

/** All processes hear whether those but process 0 are wanted. */
Call
Agree(Exchange& exchange, Call call)
{
    Exchange::Word word;
    word.what = call;
    std::vector<Batch> none(exchange.GetSize());
    return static_cast<Call>(exchange.Meet(word, none).front().what);
}

/** @return when the last window of open-loop traffic is over; 0: there is none. */
Tick
FindTrafficEnd(const Experiment& experiment)
{
    Tick end = 0;
    for (const WorkloadDescription& workload : experiment.workloads)
    {
        if (workload.kind == WorkloadDescription::TRAFFIC)
        {
            end =
                std::max(end, workload.start + workload.traffic.warmup + workload.traffic.measure);
        }
    }
    return end;
}

/** @return who simulates what. */
SpreadResult
DescribePartition(const Partition& partition, const Topology& topology, uint32_t processes)
{
    SpreadResult spread;
    spread.endpoints.resize(processes);
    spread.switches.resize(processes);
    for (uint32_t node = 0; node < topology.GetNodes(); ++node)
    {
        ++(topology.IsEndpoint(node) ? spread.endpoints
                                     : spread.switches)[partition.processOf[node]];
    }
    spread.cutLinks = partition.cutLinks;
    spread.lookahead = partition.lookahead;
    return spread;
}

/** @return what of an experiment, other than its fabric, can't be spread; empty: nothing. */
std::string
FindRefusal(const Experiment& experiment)
{
    return experiment.engine == "default"
               ? "simulation.engine is to be fabric: ns-3's own simulator knows no windows"
           : experiment.eventLimit
               ? "simulation.event_limit counts the events of one; take simulation.stop, or one "
                 "process"
           : experiment.memo            ? "they have no memo: leave simulation.memo out"
           : !experiment.faults.empty() ? "links with faults can't be spread over processes yet"
                                        : "";
}

/** Refuse what process 0 knows of. */
void
RefuseSpread(const Experiment& experiment, const std::string& why)
{
    experiment.workloads.front().node.Refuse("a run in several processes: " + why);
}

} // namespace

SpreadRun::SpreadRun(const Experiment& experiment,
                     MtlinkFabric& fabric,
                     Exchange& exchange,
                     const std::string& mode)
    : m_experiment(experiment),
      m_fabric(fabric),
      m_exchange(exchange)
{
    if (mode != "packet")
    {
        m_warning = "one process does all: only packets can be spread over several, and this is "
                    "mode " +
                    mode;
        Agree(exchange, NOT_WANTED);
        return;
    }
    if (const std::string why = FindRefusal(experiment); !why.empty())
    {
        RefuseSpread(experiment, why);
    }
    try
    {
        const Partition partition = fabric.FindPartition(exchange.GetSize());
        if (partition.cutLinks == 0)
        {
            m_warning = "one process does all: endpoints are one process's, and links without "
                        "latency are not cut";
            Agree(exchange, NOT_WANTED);
            return;
        }
        if (partition.speedup < 1)
        {
            m_warning = fmt::format("several processes are expected to take longer than one: they "
                                    "meet every {} of simulated time ('mtlink check --processes "
                                    "{}' tells more)",
                                    FormatTime(partition.lookahead),
                                    exchange.GetSize());
        }
    }
    catch (const ParameterError& error)
    {
        RefuseSpread(experiment, error.what());
    }
    Agree(exchange, WANTED);
    m_spread = &fabric.Spread(exchange);
}

void
SpreadRun::Run()
{
    if (!m_spread)
    {
        Simulator::Run();
        return;
    }
    // Where all workloads are replayed nothing is under way when they are done. Open-loop traffic
    // goes on after its window, until what was sent in that is in.
    const Tick trafficEnd = FindTrafficEnd(m_experiment);
    const Tick stop = m_experiment.stop.value_or(NEVER);
    m_spread->Run([=] {
        const bool isOver = trafficEnd == 0 || ToTicks(Simulator::Now()) >= trafficEnd;
        return EventWindows::EndHint{isOver ? stop : std::min(stop, trafficEnd),
                                     isOver && trafficEnd > 0};
    });
}

void
SpreadRun::Collect(RunResults& results) const
{
    if (!m_spread)
    {
        return;
    }
    results.spread =
        DescribePartition(m_spread->GetPartition(), m_fabric.GetTopology(), m_exchange.GetSize());
    results.events += m_spread->GetEventsElsewhere();
}

SpreadEstimate
EstimateSpread(const Experiment& experiment, const MtlinkFabric& fabric, uint32_t processes)
{
    SpreadEstimate estimate;
    estimate.refused = FindRefusal(experiment);
    if (!estimate.refused.empty())
    {
        return estimate;
    }
    try
    {
        const Partition partition = fabric.FindPartition(processes);
        estimate.spread = DescribePartition(partition, fabric.GetTopology(), processes);
        estimate.loads = partition.shares;
        estimate.speedup = partition.speedup;
        estimate.speedupIdle = partition.speedupIdle;
    }
    catch (const ParameterError& error)
    {
        estimate.refused = error.what();
    }
    return estimate;
}

void
ServeRun(const Experiment& experiment, Exchange& exchange)
{
    SelectEngine(experiment.engine);
    const Ptr<MtlinkFabric> fabric = BuildFabric(experiment);
    if (Agree(exchange, NOT_WANTED) == WANTED)
    {
        fabric->Spread(exchange).Run();
    }
    Simulator::Destroy();
}

} // namespace mtlink
} // namespace ns3
