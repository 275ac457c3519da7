/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/mtlink-workload.h"

#include "experiment/fabric-hints.h"
#include "experiment/workload-reader.h"
#include "experiment/workload-run.h"
#include "experiment/yaml.h"

#include "ns3/abort.h"
#include "ns3/mtlink-endpoint-profile.h"
#include "ns3/simulator.h"
#include "ns3/trace-source-accessor.h"

#include <utility>

namespace ns3
{

using namespace mtlink;

NS_OBJECT_ENSURE_REGISTERED(MtlinkWorkload);

struct MtlinkWorkload::Impl
{
    WorkloadDescription description;  //!< What it is
    FabricHints hints;                //!< What collectives may know of the fabric
    WorkloadContext context;          //!< What it runs on
    std::unique_ptr<WorkloadRun> run; //!< The run
};

namespace
{

/** @return a time; a negative one where there is none. */
Time
ToTimeOrNone(Tick tick)
{
    return tick == NEVER ? PicoSeconds(-1) : ToTime(tick);
}

} // namespace

TypeId
MtlinkWorkload::GetTypeId()
{
    static TypeId tid = TypeId("ns3::MtlinkWorkload")
                            .SetParent<Object>()
                            .SetGroupName("Mtlink")
                            .AddConstructor<MtlinkWorkload>()
                            .AddTraceSource("End",
                                            "All of the workload is done.",
                                            MakeTraceSourceAccessor(&MtlinkWorkload::m_endTrace),
                                            "ns3::MtlinkWorkload::EndCallback");
    return tid;
}

MtlinkWorkload::MtlinkWorkload() = default;
MtlinkWorkload::~MtlinkWorkload() = default;

void
MtlinkWorkload::DoDispose()
{
    m_impl.reset();
    Object::DoDispose();
}

void
MtlinkWorkload::Install(Ptr<MtlinkFabric> fabric, const std::string& yaml, uint32_t index)
{
    NS_ABORT_MSG_IF(m_impl, "a workload is installed once");
    auto impl = std::make_unique<Impl>();
    const YamlNode node = ParseYaml(yaml, {"workload", ""});
    impl->description = ReadWorkload(node, fabric->GetEndpoints(), fabric->GetSeed(), index);
    if (impl->description.kind == WorkloadDescription::TRAINING)
    {
        node.Refuse("a training is run by the command: mtlink run EXPERIMENT.yaml");
    }
    impl->description.start += Simulator::Now().GetPicoSeconds();
    if (impl->description.kind != WorkloadDescription::TRAFFIC)
    {
        impl->hints = GetFabricHints(fabric);
    }
    const EndpointProfile& endpoint = fabric->GetEndpointProfile();
    impl->context = {fabric,
                     PeekPointer(fabric),
                     &impl->hints,
                     {ToTicks(endpoint.GetOperationOverhead()), endpoint.GetReductionRate()},
                     fabric->GetSeed(),
                     endpoint.GetPacket(),
                     ToTicks(endpoint.GetMessageOverhead()),
                     GetDragonflyGroup(fabric->GetBuilder()),
                     {},
                     [this] { m_endTrace(GetStart(), GetEnd()); },
                     nullptr,
                     nullptr,
                     true};
    impl->run = CreateWorkloadRun(impl->description, {index, 0}, impl->context);
    m_impl = std::move(impl);
    m_impl->run->Start();
}

bool
MtlinkWorkload::IsComplete() const
{
    return m_impl->run->IsComplete();
}

Time
MtlinkWorkload::GetStart() const
{
    return ToTimeOrNone(m_impl->run->GetSpan().first);
}

Time
MtlinkWorkload::GetEnd() const
{
    return ToTimeOrNone(m_impl->run->GetSpan().second);
}

void
MtlinkWorkload::Collect(RunResults& results) const
{
    m_impl->run->Collect(results, false);
}

} // namespace ns3
