/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../fabric/test-fabric.h"
#include "switch/arbiter-registry.h"

#include <doctest/doctest.h>
#include <memory>
#include <string>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

constexpr Tick PACKET = 64000; // 4 KiB at 512 Gb/s

/** The last input goes first, always: nobody would want it. */
class LastInputFirst : public CrossbarArbiter
{
  public:
    void Decide(CrossbarRequests& requests) override
    {
        for (uint32_t output = 0; output < requests.GetPorts(); ++output)
        {
            uint32_t last = CrossbarRequests::NONE;
            for (uint32_t request = requests.FindRequest(output, 0);
                 request != CrossbarRequests::NONE;
                 request = requests.FindRequest(output, request + 1))
            {
                last = request;
            }
            if (last != CrossbarRequests::NONE)
            {
                requests.Go(output, last);
            }
        }
    }
};

std::unique_ptr<CrossbarArbiter>
Make(const SwitchProfile&, uint32_t)
{
    return std::make_unique<LastInputFirst>();
}

} // namespace

TEST_SUITE_BEGIN("switch");

TEST_CASE("an arbiter that registers itself is a word for switches, and decides")
{
    const Simulation simulation;
    const Registered<ArbiterKind> registered(GetArbiters(), "last_input", {.make = Make});
    TestFabric test;
    test.chip.emplace_back("Arbiter", "last_input");
    test.endpoint = {{"Window", "0"}};
    test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "4"}}));
    constexpr uint64_t PACKETS = 20;
    for (uint32_t src = 0; src < 3; ++src)
    {
        test.Send(src, 3, 4096 * PACKETS, src);
    }
    test.Run();
    // Served one after another: the last of them as if it were alone, the first last.
    REQUIRE(test.delivered.size() == 3);
    for (uint32_t i = 0; i < 3; ++i)
    {
        CHECK(test.delivered[i].cookie == 2 - i);
        CHECK(test.delivered[i].at >= static_cast<Tick>((i + 1) * PACKETS * PACKET));
        CHECK(test.delivered[i].at < static_cast<Tick>(((i + 1) * PACKETS + 2) * PACKET));
    }
    CHECK(test.fabric->CheckConservation() == "");
}

TEST_CASE("an arbiter is known by its name as long as it is registered")
{
    const auto isKnown = [](const std::string& name) {
        return CreateObject<SwitchProfile>()->SetAttributeFailSafe("Arbiter", StringValue(name));
    };
    for (const std::string name : {"islip", "oldest_first", "round_robin", "wavefront"})
    {
        CHECK(isKnown(name));
    }
    CHECK(!isKnown("last_input"));
    {
        const Registered<ArbiterKind> registered(GetArbiters(), "last_input", {.make = Make});
        CHECK(isKnown("last_input"));
    }
    CHECK(!isKnown("last_input"));
}

TEST_SUITE_END();
