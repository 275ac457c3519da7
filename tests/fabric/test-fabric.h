/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TEST_FABRIC_H
#define MTLINK_TEST_FABRIC_H

#include "../simulation.h"
#include "engine/event-clock.h"

#include "ns3/mtlink-fabric.h"
#include "ns3/object-factory.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

/** Attribute values as text, by name. */
using Values = std::vector<std::pair<std::string, std::string>>;

/** @return an object of a type below ns3::mtlink, with these values. */
inline ns3::Ptr<ns3::Object>
MakeObject(const std::string& type, const Values& values)
{
    ns3::ObjectFactory factory("ns3::mtlink::" + type);
    for (const auto& [name, value] : values)
    {
        factory.Set(name, ns3::StringValue(value));
    }
    return factory.Create<ns3::Object>();
}

/** @return a layout with these values. */
inline ns3::Ptr<ns3::mtlink::TopologyBuilder>
MakeLayout(const std::string& kind, const Values& values)
{
    return ns3::DynamicCast<ns3::mtlink::TopologyBuilder>(MakeObject(kind + "Topology", values));
}

/** A message that was delivered. */
struct Delivery
{
    uint64_t cookie;      //!< Which
    ns3::mtlink::Tick at; //!< When

    bool operator==(const Delivery&) const = default;
};

/**
 * A fabric to try: 512 Gb/s, 10 ns links, 2 ns switches unless said otherwise.
 */
class TestFabric : public ns3::mtlink::MessageClient
{
  public:
    Values link{{"Rate", "512Gbps"}, {"Latency", "10ns"}}; //!< LinkProfile
    Values chip{{"Latency", "2ns"}};                       //!< SwitchProfile
    Values endpoint;                                       //!< EndpointProfile
    Values routing;                                        //!< RoutingProfile
    std::vector<std::pair<std::string, Values>> links;     //!< LinkProfile by class
    uint32_t seed{1};                                      //!< Of hashes
    std::size_t announceFrom{0};      //!< Events pending; 0: small fabrics test what large ones do
    ns3::mtlink::MeasureSpec measure; //!< What is measured
    ns3::Ptr<ns3::MtlinkFabric> fabric; //!< After Build()
    std::vector<Delivery> delivered;    //!< In order of time
    std::vector<Delivery> sent;         //!< In order of time
    std::vector<Delivery> lost;         //!< In order of time

    /** Assemble; every scope has the same parameters. */
    void Build(ns3::Ptr<ns3::mtlink::TopologyBuilder> layout, uint32_t scopes = 1)
    {
        using namespace ns3;
        using namespace ns3::mtlink;
        std::vector<FabricScope> list(scopes);
        for (FabricScope& scope : list)
        {
            scope.link = DynamicCast<LinkProfile>(MakeObject("LinkProfile", link));
            for (const auto& [name, values] : links)
            {
                Values all = link;
                all.insert(all.end(), values.begin(), values.end());
                scope.links[name] = DynamicCast<LinkProfile>(MakeObject("LinkProfile", all));
            }
            scope.chip = DynamicCast<SwitchProfile>(MakeObject("SwitchProfile", chip));
            scope.routing = DynamicCast<RoutingProfile>(MakeObject("RoutingProfile", routing));
        }
        fabric = CreateObject<MtlinkFabric>();
        fabric->Build(layout,
                      list,
                      DynamicCast<EndpointProfile>(MakeObject("EndpointProfile", endpoint)),
                      seed,
                      measure);
    }

    /** Send a message now. */
    void Send(uint32_t src,
              uint32_t dst,
              uint64_t bytes,
              uint64_t cookie = 0,
              uint32_t flow = 0,
              uint8_t trafficClass = 0)
    {
        fabric->Send({src, dst, bytes, flow, trafficClass}, this, cookie);
    }

    /** @return what the run leaves. */
    ns3::mtlink::RunResults Run()
    {
        ns3::mtlink::EventClock().AnnounceFrom(announceFrom);
        ns3::Simulator::Run();
        ns3::mtlink::RunResults results;
        fabric->Collect(results);
        return results;
    }

    void MessageSent(uint64_t cookie) override
    {
        sent.push_back({cookie, ns3::Simulator::Now().GetPicoSeconds()});
    }

    void MessageDelivered(uint64_t cookie) override
    {
        delivered.push_back({cookie, ns3::Simulator::Now().GetPicoSeconds()});
    }

    void MessageLost(uint64_t cookie) override
    {
        lost.push_back({cookie, ns3::Simulator::Now().GetPicoSeconds()});
    }
};

#endif // MTLINK_TEST_FABRIC_H
