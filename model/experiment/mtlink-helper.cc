/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/mtlink-helper.h"

#include "experiment/attributes.h"
#include "experiment/fabric-loader.h"

#include "ns3/abort.h"
#include "ns3/global-value.h"
#include "ns3/string.h"

namespace ns3
{

namespace
{

/** Set attributes of an object. */
template <typename Attributes>
void
SetAll(ObjectBase& object, const Attributes& attributes)
{
    for (const auto& [name, value] : attributes)
    {
        object.SetAttribute(name, *value);
    }
}

} // namespace

MtlinkHelper::MtlinkHelper()
{
    mtlink::UsePicoseconds();
    StringValue implementation;
    GlobalValue::GetValueByName("SimulatorImplementationType", implementation);
    if (implementation.Get() == "ns3::DefaultSimulatorImpl")
    {
        GlobalValue::Bind("SimulatorImplementationType",
                          StringValue("ns3::mtlink::FabricSimulatorImpl"));
    }
}

void
MtlinkHelper::SetLinkAttribute(const std::string& name, const AttributeValue& value)
{
    m_link.emplace_back(name, value.Copy());
}

void
MtlinkHelper::SetSwitchAttribute(const std::string& name, const AttributeValue& value)
{
    m_switch.emplace_back(name, value.Copy());
}

void
MtlinkHelper::SetEndpointAttribute(const std::string& name, const AttributeValue& value)
{
    m_endpoint.emplace_back(name, value.Copy());
}

void
MtlinkHelper::SetRoutingAttribute(const std::string& name, const AttributeValue& value)
{
    m_routing.emplace_back(name, value.Copy());
}

void
MtlinkHelper::SetSeed(uint32_t seed)
{
    NS_ABORT_MSG_IF(seed == 0, "a seed is at least 1");
    m_seed = seed;
}

Ptr<MtlinkFabric>
MtlinkHelper::Build(const std::string& path) const
{
    mtlink::FabricDescription description =
        mtlink::DescribeFabric(mtlink::ResolveFabric(mtlink::LoadYaml(path)));
    try
    {
        return Build(description.builder, description.scopes, description.endpoint);
    }
    catch (const mtlink::ParameterError& error)
    {
        mtlink::RefuseFabric(description, error);
    }
}

Ptr<MtlinkFabric>
MtlinkHelper::Build(Ptr<mtlink::TopologyBuilder> builder) const
{
    std::vector<mtlink::FabricScope> scopes(1);
    scopes[0].link = CreateObject<mtlink::LinkProfile>();
    scopes[0].chip = CreateObject<mtlink::SwitchProfile>();
    scopes[0].routing = CreateObject<mtlink::RoutingProfile>();
    return Build(builder, scopes, CreateObject<mtlink::EndpointProfile>());
}

Ptr<MtlinkWorkload>
MtlinkHelper::InstallWorkload(Ptr<MtlinkFabric> fabric, const std::string& yaml)
{
    const Ptr<MtlinkWorkload> workload = CreateObject<MtlinkWorkload>();
    workload->Install(fabric, yaml, m_workloads++);
    return workload;
}

Ptr<MtlinkFabric>
MtlinkHelper::Build(Ptr<mtlink::TopologyBuilder> builder,
                    std::vector<mtlink::FabricScope>& scopes,
                    Ptr<mtlink::EndpointProfile> endpoint) const
{
    for (mtlink::FabricScope& scope : scopes)
    {
        SetAll(*scope.link, m_link);
        for (const auto& [name, link] : scope.links)
        {
            SetAll(*link, m_link);
        }
        SetAll(*scope.chip, m_switch);
        SetAll(*scope.routing, m_routing);
    }
    SetAll(*endpoint, m_endpoint);
    const Ptr<MtlinkFabric> fabric = CreateObject<MtlinkFabric>();
    fabric->Build(builder, scopes, endpoint, m_seed);
    return fabric;
}

} // namespace ns3
