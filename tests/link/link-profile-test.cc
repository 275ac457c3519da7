/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../simulation.h"

#include "ns3/double.h"
#include "ns3/mtlink-error.h"
#include "ns3/mtlink-link-profile.h"

#include <doctest/doctest.h>

using namespace ns3;
using namespace ns3::mtlink;

TEST_SUITE_BEGIN("link");

TEST_CASE("a link's latency is the whole, or the sum of its parts")
{
    const Simulation simulation;
    const auto link = CreateObject<LinkProfile>();
    CHECK(link->GetLatency() == NanoSeconds(60 + 60 + 5));
    link->SetAttribute("Length", DoubleValue(30));
    CHECK(link->GetLatency() == NanoSeconds(60 + 60 + 150));
    link->SetAttribute("Latency", TimeValue(NanoSeconds(0)));
    link->SetAttribute("CreditOverhead", TimeValue(NanoSeconds(7)));
    CHECK(link->GetLatency().IsZero());
    CHECK(link->GetCreditLatency() == NanoSeconds(7));
}

TEST_CASE("a copy of a link differs in what is said, with units or without")
{
    const Simulation simulation;
    const auto link = CreateObject<LinkProfile>();
    link->SetAttribute("Latency", TimeValue(NanoSeconds(300)));
    const auto copy = link->With({{"rate", "100Gbps"}, {"flit", "16B"}, {"header", "8"}});
    CHECK(copy->GetBitRate() == 100000000000ULL);
    CHECK(copy->GetFlits(100) == 7);
    CHECK(copy->GetLatency() == NanoSeconds(300));
    CHECK(link->With({{"length", "3m"}})->GetLatency() == NanoSeconds(60 + 60 + 15));
    CHECK(link->With({{"latency", "5ns"}})->GetLatency() == NanoSeconds(5));
    CHECK(link->GetFlits(100) == 2);
    CHECK_THROWS_WITH_AS(link->With({{"flit", "none"}}),
                         "a link can't have flit none",
                         ParameterError);
    for (const auto& [key, value] : std::map<std::string, std::string>{{"colour", "red"},
                                                                       {"header", "-1"},
                                                                       {"rate", "fast"},
                                                                       {"latency", "5"},
                                                                       {"length", "1e9"},
                                                                       {"encoding", "0.5"}})
    {
        CAPTURE(key);
        CHECK_THROWS_AS(link->With({{key, value}}), ParameterError);
    }
}

TEST_SUITE_END();
