/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/emulation-run.h"

#include "emulation/real-time-loop.h"
#include "experiment/run-description.h"
#include "experiment/run.h"
#include "verdict/verdict.h"

#include "ns3/mac48-address.h"
#include "ns3/mtlink-channel.h"
#include "ns3/mtlink-net-device-helper.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <ctime>
#include <fmt/format.h>
#include <memory>
#include <sys/resource.h>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Frames of a bit more than 1 MB: what a kernel's queue holds. */
constexpr const char* DEVICE_QUEUE = "128p";

/**
 * Bytes at an endpoint, which has a queue for each destination: more than the windows of TCP to all
 * of them, so that frames to one host do not wait behind those to another, as in a tap they would.
 */
constexpr uint32_t DEVICE_RING = 64 << 20;

/** More milliseconds than one in so many beyond the limit: real time was lost. */
constexpr uint64_t ONE_LATE_IN = 1000;

/** Ends the simulation, whatever happens. */
struct SimulatorEnd
{
    ~SimulatorEnd()
    {
        Simulator::Destroy();
    }
};

/** @return a device for each host. */
NetDeviceContainer
InstallDevices(const Ptr<MtlinkFabric>& fabric, const EmulationSettings& settings)
{
    MtlinkNetDeviceHelper helper;
    helper.SetDeviceAttribute("Mtu", UintegerValue(settings.mtu));
    helper.SetDeviceAttribute("TxRing", UintegerValue(DEVICE_RING));
    helper.SetQueue("ns3::DropTailQueue", "MaxSize", StringValue(DEVICE_QUEUE));
    NodeContainer nodes;
    nodes.Create(settings.hosts);
    NetDeviceContainer devices = helper.InstallNetDevices(nodes, fabric);
    for (uint32_t i = 0; i < settings.hosts; ++i)
    {
        const HostInterface interface = GetHostInterface(i, settings.mtu);
        devices.Get(i)->SetAddress(Mac48Address(interface.mac.c_str()));
    }
    return devices;
}

/** @return what the hosts did, and how late it was. */
EmulationResult
DescribeHosts(const std::vector<std::unique_ptr<HostPort>>& ports,
              const RealTimeLoop& loop,
              const EmulationSettings& settings,
              const MtlinkChannel& channel)
{
    EmulationResult result;
    result.hosts = ports.size();
    for (const auto& port : ports)
    {
        const HostCounters& counters = port->GetCounters();
        result.frames += counters.framesFrom;
        result.bytes += counters.bytesFrom;
        result.given += counters.framesTo;
        result.refused += counters.refused;
        result.unwritten += counters.unwritten;
    }
    result.lost = channel.GetFramesLost();
    result.scale = settings.scale;
    result.wallSeconds = loop.GetSeconds();
    const Histogram& lags = loop.GetLags();
    result.lagMeanUs = lags.GetMean() / 1e6;
    result.lagP99Us = static_cast<double>(lags.GetPercentile(99)) / 1e6;
    result.lagP999Us = static_cast<double>(lags.GetPercentile(99.9)) / 1e6;
    result.lagMaxUs = static_cast<double>(lags.GetMax()) / 1e6;
    result.limitUs = EMULATION_LIMIT_US;
    result.held = loop.GetLate() * ONE_LATE_IN <= lags.GetCount();
    return result;
}

/** Refuse what an experiment asks of a run, and real programs can't have. */
void
RefuseUnfit(const Experiment& experiment, const EmulationSettings& settings)
{
    if (settings.hosts > experiment.endpoints)
    {
        experiment.fabric.document.Refuse(fmt::format("{} hosts, but the fabric has {} endpoints",
                                                      settings.hosts,
                                                      experiment.endpoints));
    }
    if (experiment.mode == "flow" || experiment.mode == "bound")
    {
        experiment.document.Refuse("real programs go in packets: --set simulation.mode=packet");
    }
    if (experiment.stop || experiment.eventLimit)
    {
        experiment.document.Refuse("simulation.stop and simulation.event_limit are of a run: an "
                                   "emulation ends at --stop, by the clock");
    }
}

} // namespace

HostInterface
GetHostInterface(uint32_t endpoint, uint32_t mtu)
{
    const uint32_t number = endpoint + 1;
    HostInterface interface;
    interface.name = "mtlink0";
    interface.mac = fmt::format("02:6d:74:00:{:02x}:{:02x}", number >> 8, number & 0xff);
    interface.address = fmt::format("10.77.{}.{}", number >> 8, number & 0xff);
    interface.mtu = mtu;
    return interface;
}

RunResults
EmulateExperiment(const Experiment& experiment, const EmulationSettings& settings)
{
    RefuseUnfit(experiment, settings);
    SelectEngine("fabric"); // the one that can be run by the clock
    const SimulatorEnd end;
    const Ptr<MtlinkFabric> fabric = BuildFabric(experiment);
    RunResults results;
    results.deadlockFree = CheckDeadlock(experiment, *fabric, "packet");
    AddFaults(experiment, *fabric);
    const NetDeviceContainer devices = InstallDevices(fabric, settings);
    std::vector<std::unique_ptr<HostPort>> ports;
    auto& simulator =
        dynamic_cast<FabricSimulatorImpl&>(*PeekPointer(Simulator::GetImplementation()));
    RealTimeLoop loop(simulator, settings.scale, EMULATION_LIMIT_US);
    for (uint32_t i = 0; i < settings.hosts; ++i)
    {
        ports.push_back(
            std::make_unique<HostPort>(settings.open(GetHostInterface(i, settings.mtu), i),
                                       DynamicCast<MtlinkNetDevice>(devices.Get(i))));
        loop.Add(ports.back().get());
    }
    if (settings.ready)
    {
        settings.ready();
    }
    const std::clock_t start = std::clock();
    loop.Run(settings.seconds, settings.interrupt);

    fabric->Collect(results);
    DescribeRun(experiment, *fabric, results);
    results.mode = "packet";
    results.modeAsked = "packet";
    results.complete = true;
    results.simulatedTime = Simulator::Now().GetPicoSeconds();
    results.wallTimeSeconds = loop.GetSeconds();
    results.cpuTimeSeconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    results.peakRssBytes = static_cast<uint64_t>(usage.ru_maxrss) * 1024;
    results.events = Simulator::GetEventCount();
    results.emulation = DescribeHosts(ports, loop, settings, *MtlinkChannel::Of(fabric));
    results.verdict = MakeVerdict(results, {});
    RequireConservation(*fabric);
    ports.clear();
    return results;
}

} // namespace mtlink
} // namespace ns3
