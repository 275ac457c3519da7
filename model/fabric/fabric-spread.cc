/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "fabric/fabric-spread.h"

#include "routing/routing-registry.h"

#include "ns3/mtlink-error.h"
#include "ns3/simulator.h"

#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return where the ends of each link are. */
std::vector<LinkPlace>
FindPlaces(const Topology& topology, const Partition& partition)
{
    std::vector<LinkPlace> places;
    for (const Topology::Link& link : topology.GetLinks())
    {
        places.push_back({partition.processOf[link.from], partition.processOf[link.to]});
    }
    return places;
}

/** @return the simulator that runs the fabric's events. @throws ParameterError for another's. */
FabricSimulatorImpl&
GetSimulator()
{
    const Ptr<FabricSimulatorImpl> simulator =
        DynamicCast<FabricSimulatorImpl>(Simulator::GetImplementation());
    if (!simulator)
    {
        throw ParameterError("engine",
                             "a run in several processes needs mtlink's own simulator: select "
                             "ns3::mtlink::FabricSimulatorImpl");
    }
    return *simulator;
}

/** Refuse what needs more than a process knows. */
void
CheckSpread(const FabricParts& parts)
{
    for (const FabricScope& scope : parts.scopes)
    {
        if (scope.routing && GetRoutingKind(*scope.routing).seesAll)
        {
            throw ParameterError("algorithm",
                                 "it looks at queues of all switches at once, which several "
                                 "processes don't know: take ugal_l, or one process");
        }
    }
    for (uint32_t link = 0; link < parts.links.GetSize(); ++link)
    {
        if (parts.links.GetSpec(link).pool != LinkSpec::NO_POOL)
        {
            throw ParameterError("shared_buffer",
                                 "the links of a switch share a buffer, of which several "
                                 "processes would have to know at once: take one process");
        }
    }
    if (parts.telemetry.IsOn())
    {
        throw ParameterError("congestion_control",
                             "packets carry what switches have written into them only within a "
                             "process: take dcqcn or swift, or one process");
    }
    if (parts.faults)
    {
        throw ParameterError("faults", "links with faults can't be spread over processes yet");
    }
    if (parts.hasGroups)
    {
        throw ParameterError("reduction",
                             "what is reduced or copied in the network can't be spread over "
                             "processes yet: take another algorithm, or one process");
    }
    if (parts.memo)
    {
        throw ParameterError("memo", "several processes have no memo: leave it out");
    }
}

} // namespace

Partition
FindPartition(const FabricParts& parts, uint32_t processes)
{
    CheckSpread(parts);
    return Partitioner(
               parts.topology,
               [&parts](uint32_t link) -> const LinkSpec& { return parts.links.GetSpec(link); })
        .Find(processes);
}

FabricSpread::FabricSpread(FabricParts& parts, Exchange& exchange)
    : m_parts(parts),
      m_exchange(exchange),
      m_partition(FindPartition(parts, exchange.GetSize())),
      m_windows(GetSimulator(), exchange, *this, m_partition.lookahead)
{
    parts.links.Spread(exchange.GetProcess(),
                       exchange.GetSize(),
                       FindPlaces(parts.topology, m_partition));
}

void
FabricSpread::Run(std::function<EventWindows::EndHint()> hint)
{
    m_windows.SetEndHint(std::move(hint));
    m_windows.Run();
    CollectResults();
}

Tick
FabricSpread::Pack(std::vector<Batch>& batches)
{
    return m_parts.links.GetCut().Pack(batches);
}

bool
FabricSpread::IsPacked() const
{
    return m_parts.links.GetCut().IsPacked();
}

void
FabricSpread::Unpack(const std::vector<Batch>& batches)
{
    for (uint32_t process = 0; process < batches.size(); ++process)
    {
        if (process != m_exchange.GetProcess())
        {
            BatchReader reader(batches[process]);
            m_parts.links.UnpackCrossings(reader);
        }
    }
    if (m_exchange.GetProcess() == 0)
    {
        m_parts.links.FollowWaits();
    }
}

void
FabricSpread::CollectResults()
{
    std::vector<Batch> batches(m_exchange.GetSize());
    const bool isLeader = m_exchange.GetProcess() == 0;
    if (!isLeader)
    {
        Put(batches[0], m_parts.clock.GetEventCount());
        m_parts.links.PackResults(batches[0]);
    }
    m_exchange.Meet({}, batches);
    for (uint32_t process = 1; isLeader && process < batches.size(); ++process)
    {
        BatchReader reader(batches[process]);
        m_eventsElsewhere += reader.Get<uint64_t>();
        m_parts.links.UnpackResults(process, reader);
    }
}

} // namespace mtlink
} // namespace ns3
