/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "link/class-scheduler.h"

#include "ns3/mtlink-error.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <cmath>
#include <doctest/doctest.h>
#include <random>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** @return the rules of a profile with these values. */
ClassRules
MakeRules(uint32_t classes, const std::string& policy, const std::string& weights = "")
{
    const Ptr<ClassProfile> profile = CreateObject<ClassProfile>();
    profile->SetAttribute("TrafficClasses", UintegerValue(classes));
    profile->SetAttribute("ClassPolicy", StringValue(policy));
    profile->SetAttribute("ClassWeights", StringValue(weights));
    profile->CheckClasses();
    return profile->GetClassRules();
}

} // namespace

TEST_SUITE_BEGIN("link");

TEST_CASE("classes that always have a packet share the flits by their weights at every moment")
{
    // The bound of Goyal, Vin and Cheng: one packet of each of the two.
    const std::vector<double> weights{1, 7, 3, 1000};
    constexpr uint32_t LONGEST = 65;
    const ClassRules rules = MakeRules(4, "weighted", "1, 7, 3, 1000");
    for (uint32_t seed = 1; seed <= 3; ++seed)
    {
        std::mt19937 random(seed);
        ClassScheduler scheduler(rules);
        std::vector<uint64_t> sent(4, 0);
        double worst = 0;
        for (uint32_t packet = 0; packet < 20000; ++packet)
        {
            const uint32_t next = scheduler.GetOrder()[0];
            const uint32_t flits = next == 1 ? LONGEST : 1 + random() % LONGEST;
            scheduler.Served(next, flits);
            sent[next] += flits;
            for (uint32_t a = 0; a < 4; ++a)
            {
                for (uint32_t b = 0; b < a; ++b)
                {
                    const double gap = std::abs(static_cast<double>(sent[a]) / weights[a] -
                                                static_cast<double>(sent[b]) / weights[b]);
                    worst = std::max(worst, gap / (LONGEST / weights[a] + LONGEST / weights[b]));
                }
            }
        }
        CHECK(worst <= 1.001); // weights are exact to 2^-15
        CHECK(worst > 0.5);
    }
}

TEST_CASE("a class that was away is owed nothing")
{
    for (const std::string policy : {"round_robin", "weighted"})
    {
        const ClassRules rules = MakeRules(2, policy, policy == "weighted" ? "5, 5" : "");
        ClassScheduler scheduler(rules);
        for (uint32_t packet = 0; packet < 1000; ++packet)
        {
            scheduler.Served(1, 64); // class 0 has nothing, or can't go
        }
        std::string order;
        for (uint32_t packet = 0; packet < 8; ++packet)
        {
            const uint32_t next = scheduler.GetOrder()[0];
            order += std::to_string(next);
            scheduler.Served(next, 64);
        }
        CHECK(order == "00101010"); // but the turn of the packet under way as it comes
    }
}

TEST_CASE("round robin counts packets, weights count flits")
{
    for (const std::string policy : {"round_robin", "weighted"})
    {
        const ClassRules rules = MakeRules(2, policy, policy == "weighted" ? "1, 1" : "");
        ClassScheduler scheduler(rules);
        std::string order;
        for (uint32_t packet = 0; packet < 10; ++packet)
        {
            const uint32_t next = scheduler.GetOrder()[0];
            order += std::to_string(next);
            scheduler.Served(next, next == 0 ? 4 : 1);
        }
        CHECK(order == (policy == "weighted" ? "0111101111" : "0101010101"));
    }
}

TEST_CASE("strict priority asks the lowest number first, whatever was sent")
{
    const ClassRules rules = MakeRules(3, "strict");
    ClassScheduler scheduler(rules);
    for (uint32_t packet = 0; packet < 10; ++packet)
    {
        scheduler.Served(packet % 3, 64);
        const ClassScheduler::Order order = scheduler.GetOrder();
        CHECK((order[0] == 0 && order[1] == 1 && order[2] == 2));
    }
}

TEST_CASE("policies and weights without meaning are refused")
{
    const auto refuses = [](uint32_t classes,
                            const std::string& policy,
                            const std::string& weights,
                            const std::string& key) {
        try
        {
            MakeRules(classes, policy, weights);
        }
        catch (const ParameterError& error)
        {
            return error.GetParameter() == key;
        }
        return false;
    };
    CHECK(refuses(1, "strict", "", "class_policy"));
    CHECK(refuses(2, "strict", "1, 2", "class_weights"));
    CHECK(refuses(2, "round_robin", "1, 2", "class_weights"));
    CHECK(refuses(2, "weighted", "", "class_policy"));
    CHECK(refuses(2, "weighted", "1, 2, 3", "class_weights"));
    CHECK(refuses(2, "weighted", "0, 1", "class_weights"));
    CHECK(refuses(2, "weighted", "1001, 1", "class_weights"));
    CHECK_FALSE(refuses(2, "weighted", "1000, 1", "class_weights"));
}

TEST_SUITE_END();
