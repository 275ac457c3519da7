/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../fabric/test-fabric.h"
#include "endpoint/control-registry.h"

#include <doctest/doctest.h>
#include <limits>
#include <memory>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** Every flow at half of its ports' rate, for ever. */
class HalfRate : public CongestionControl
{
  public:
    double GetRate(uint32_t flow, Tick) override
    {
        return GetPath(flow).rate / 2;
    }

    double GetWindow(uint32_t) const override
    {
        return std::numeric_limits<double>::infinity();
    }

  protected:
    void DoAddFlow(const ControlledPath&) override
    {
    }

    void DoPacketSent(uint32_t, uint64_t, Tick) override
    {
    }

    void DoPacketAcknowledged(uint32_t, const Acknowledgement&, Tick) override
    {
    }
};

/** Every flow at its ports' rate; counts what the switches wrote into each packet. */
class HopCounter : public HalfRate
{
  public:
    static inline std::vector<std::size_t> g_hops; //!< By acknowledgement, as they come

    double GetRate(uint32_t flow, Tick) override
    {
        return GetPath(flow).rate;
    }

  protected:
    void DoPacketAcknowledged(uint32_t, const Acknowledgement& ack, Tick) override
    {
        g_hops.push_back(ack.hops.size());
    }
};

template <typename Control>
std::unique_ptr<CongestionControl>
Make(const CongestionProfile&)
{
    return std::make_unique<Control>();
}

constexpr uint64_t PACKETS = 100;

/** @return when a message of so many packets is in, from one endpoint of a switch to another. */
Tick
GetEnd(const std::string& control)
{
    const Simulation simulation;
    TestFabric test;
    test.endpoint = {{"Window", "0"}, {"CongestionControl", control}};
    test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "2"}}));
    test.Send(0, 1, 4096 * PACKETS);
    test.Run();
    REQUIRE(test.delivered.size() == 1);
    return test.delivered[0].at;
}

} // namespace

TEST_SUITE_BEGIN("endpoint");

TEST_CASE("a congestion control that registers itself is a word for endpoints, and paces them")
{
    const Registered<ControlKind> registered(GetCongestionControls(),
                                             "half_rate",
                                             {.make = Make<HalfRate>});
    // Two packets' times for each but the last.
    const Tick alone = GetEnd("none");
    const Tick latency = GetEnd("half_rate") - alone;
    const Tick packet = 64000; // 4 KiB at 512 Gb/s
    CHECK(latency >= static_cast<Tick>((PACKETS - 1) * packet));
    CHECK(latency < static_cast<Tick>((PACKETS - 1) * packet * 102 / 100));
}

TEST_CASE("an acknowledgement tells of the switches that its packet went by, and of no other's")
{
    const Registered<ControlKind> registered(GetCongestionControls(),
                                             "hops",
                                             {.readsTelemetry = true, .make = Make<HopCounter>});
    for (const uint64_t levels : {1, 2, 3})
    {
        CAPTURE(levels);
        HopCounter::g_hops.clear();
        const Simulation simulation;
        TestFabric test;
        test.endpoint = {{"CongestionControl", "hops"}};
        test.Build(MakeLayout("FatTree", {{"Radix", "4"}, {"Levels", std::to_string(levels)}}));
        // One behind the other, so that places of packets are taken again.
        for (const uint64_t at : {0, 100000})
        {
            Simulator::Schedule(NanoSeconds(at), [&] {
                test.Send(0, test.fabric->GetEndpoints() - 1, 4096 * PACKETS);
            });
        }
        test.Run();
        CHECK(HopCounter::g_hops == std::vector<std::size_t>(2 * PACKETS, 2 * levels - 1));
    }
}

TEST_CASE("a congestion control is known by its name as long as it is registered")
{
    const auto isKnown = [](const std::string& name) {
        return CreateObject<EndpointProfile>()->SetAttributeFailSafe("CongestionControl",
                                                                     StringValue(name));
    };
    for (const std::string name : {"none", "dcqcn", "swift", "hpcc"})
    {
        CHECK(isKnown(name));
    }
    CHECK(!isKnown("half_rate"));
}

TEST_SUITE_END();
