/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../topology/builders.h"
#include "engine/random.h"
#include "routing/deadlock.h"
#include "routing/path-selector.h"

#include "ns3/mtlink-routing-profile.h"
#include "ns3/mtlink-routing.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <functional>
#include <map>
#include <set>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** A dragonfly, its routing and what a walk needs to know. */
struct Dragonfly
{
    Dragonfly(const std::vector<std::pair<std::string, std::string>>& shape,
              const std::string& algorithm,
              const std::string& intermediate,
              uint32_t threshold = 0)
        : builder(MakeBuilder("Dragonfly")),
          profile(CreateObject<RoutingProfile>())
    {
        for (const auto& [name, value] : shape)
        {
            builder->SetAttribute(name, StringValue(value));
            a = name == "A" ? static_cast<uint32_t>(std::stoul(value)) : a;
        }
        profile->SetAttribute("Algorithm", StringValue(algorithm));
        profile->SetAttribute("Intermediate", StringValue(intermediate));
        profile->SetAttribute("Granularity", StringValue("packet"));
        profile->SetAttribute("Threshold", UintegerValue(threshold));
        topology = std::make_unique<Topology>(builder->Build());
        routing = std::make_unique<Routing>(*topology, std::vector<Ptr<RoutingProfile>>{profile});
    }

    /** @return the algorithm. */
    const RoutingAlgorithm& Get() const
    {
        return routing->GetAlgorithm(0);
    }

    /** @return the switch (node) of an endpoint. */
    uint32_t GetSwitch(uint32_t endpoint) const
    {
        return topology->GetLinks()[topology->GetOutLinks(endpoint)[0]].to;
    }

    /** @return the group of a switch (node). */
    uint32_t GetGroup(uint32_t node) const
    {
        return (node - topology->GetEndpoints()) / a;
    }

    /** @return whether a link joins two groups. */
    bool IsGlobal(uint32_t link) const
    {
        const Topology::Link& ends = topology->GetLinks()[link];
        return GetGroup(ends.from) != GetGroup(ends.to);
    }

    Ptr<TopologyBuilder> builder;
    Ptr<RoutingProfile> profile;
    std::unique_ptr<Topology> topology;
    std::unique_ptr<Routing> routing;
    uint32_t a{4};
};

/** Loads that a test sets, by link. */
class FakeView : public CongestionView
{
  public:
    std::map<uint32_t, uint32_t> queued; //!< By link
    /** By link and class, beside those. */
    std::map<std::pair<uint32_t, uint8_t>, uint32_t> queuedOf;
    std::set<uint32_t> asked; //!< Links that were looked at

    uint32_t GetQueued(uint32_t link, uint8_t vcClass) const override
    {
        const_cast<FakeView*>(this)->asked.insert(link);
        const auto found = queued.find(link);
        uint32_t flits = found == queued.end() ? 0 : found->second;
        for (const auto& [place, more] : queuedOf)
        {
            const bool counts = vcClass == ALL_CLASSES || vcClass == place.second;
            flits += place.first == link && counts ? more : 0;
        }
        return flits;
    }

    uint32_t GetInUse(uint32_t, uint8_t) override
    {
        return 0;
    }

    bool HasCredit(uint32_t, uint8_t, uint32_t) override
    {
        return true;
    }
};

/** A hop between switches: link and class. */
using Hop = std::pair<uint32_t, uint8_t>;

/** Call f with the hops of every way from an endpoint to another of another group. */
void
ForEachWay(const Dragonfly& d,
           uint32_t src,
           uint32_t dst,
           const std::function<void(const std::vector<Hop>&)>& f)
{
    std::vector<Hop> way;
    const std::function<void(PathState)> visit = [&](PathState state) {
        std::vector<Alternative> list;
        d.Get().GetAlternatives(state, list);
        const bool onDetour = state.via != NO_DETOUR;
        if (!onDetour && d.GetGroup(state.node) != d.GetGroup(d.GetSwitch(dst)))
        {
            d.Get().GetDetours(state.node, state.vcClass, list);
        }
        for (const Alternative& next : list)
        {
            for (const uint32_t link : next.hops.links)
            {
                const uint32_t to = d.topology->GetLinks()[link].to;
                if (to == dst)
                {
                    f(way);
                    continue;
                }
                REQUIRE(way.size() < 10);
                way.emplace_back(link, next.hops.vcClass);
                visit({to, dst, next.via, next.hops.vcClass});
                way.pop_back();
            }
        }
    };
    const Hops hops = d.routing->NextHops(src, dst, 0);
    visit({d.GetSwitch(src), dst, NO_DETOUR, hops.vcClass});
}

/** Ask the switch of a source for a packet's way. */
PathChoice
Ask(const Dragonfly& d, FakeView& view, uint32_t node, uint32_t dst, uint32_t flow)
{
    PathSelector selector(*d.profile, node, 1);
    PathRequest request;
    request.state = {node, dst, NO_DETOUR, 0};
    request.flow = flow;
    return d.Get().Choose(request, selector, view);
}

} // namespace

TEST_CASE("Detours on any dragonfly have the stated hops, climb the stated classes, and are proved")
{
    RandomStream random(20240801, 1);
    MESSAGE("seed 20240801");
    const auto pick = [&](uint32_t low, uint32_t high) {
        return low + static_cast<uint32_t>(random.Integer(high - low + 1));
    };
    const std::map<std::string, std::pair<uint32_t, size_t>> bounds{{"valiant group", {3, 5}},
                                                                    {"valiant switch", {4, 6}},
                                                                    {"ugal_l group", {3, 5}},
                                                                    {"ugal_g switch", {4, 6}},
                                                                    {"par group", {4, 6}},
                                                                    {"par switch", {5, 7}}};
    const std::vector<std::string> wirings{"palmtree", "absolute", "circulant"};
    for (const auto& [name, bound] : bounds)
    {
        for (int i = 0; i < 4; ++i)
        {
            const uint32_t a = pick(1, 4);
            const uint32_t h = pick(a == 1 ? 2 : 1, 2);
            const Dragonfly d({{"P", std::to_string(pick(1, 2))},
                               {"A", std::to_string(a)},
                               {"H", std::to_string(h)},
                               {"Groups", std::to_string(pick(3, a * h + 1))},
                               {"Wiring", wirings[pick(0, 2)]}},
                              name.substr(0, name.find(' ')),
                              name.substr(name.find(' ') + 1));
            CAPTURE(name);
            CHECK(d.Get().GetVcClasses() == bound.first);
            size_t longest = 0;
            std::set<std::pair<Hop, Hop>> dependencies;
            for (uint32_t dst = 0; dst < d.topology->GetEndpoints(); ++dst)
            {
                if (d.GetGroup(d.GetSwitch(dst)) == 0)
                {
                    continue;
                }
                ForEachWay(d, 0, dst, [&](const std::vector<Hop>& way) {
                    longest = std::max(longest, way.size());
                    for (size_t hop = 0; hop < way.size(); ++hop)
                    {
                        const auto rank = [&](const Hop& one) {
                            return 2 * one.second + (d.IsGlobal(one.first) ? 1 : 0);
                        };
                        if (way[hop].second >= bound.first ||
                            (hop > 0 && rank(way[hop - 1]) >= rank(way[hop])))
                        {
                            FAIL("a way does not climb");
                        }
                        if (hop > 0)
                        {
                            dependencies.emplace(way[hop - 1], way[hop]);
                        }
                    }
                });
            }
            CHECK(longest <= bound.second);
            const DeadlockProof proof = ProveDeadlockFree(*d.topology, *d.routing);
            CHECK(proof.acyclic);
            CHECK(proof.dependencies >= dependencies.size());
        }
    }
}

TEST_CASE("The proof of detours misses no turn of any way between any two groups")
{
    // By one local link detours over several groups go, and by one global link to several switches.
    for (const std::string algorithm : {"valiant", "ugal_l", "par"})
    {
        for (const std::string intermediate : {"group", "switch"})
        {
            CAPTURE(algorithm);
            CAPTURE(intermediate);
            const Dragonfly d({{"P", "1"}, {"A", "2"}, {"H", "2"}, {"Groups", "4"}},
                              algorithm,
                              intermediate);
            std::set<std::pair<Hop, Hop>> turns;
            std::set<std::pair<uint32_t, Hop>> entries; // from an endpoint, and to one
            std::set<std::pair<uint32_t, Hop>> exits;
            const uint32_t endpoints = d.topology->GetEndpoints();
            for (uint32_t pair = 0; pair < endpoints * endpoints; ++pair)
            {
                const uint32_t src = pair / endpoints;
                const uint32_t dst = pair % endpoints;
                if (d.GetGroup(d.GetSwitch(src)) == d.GetGroup(d.GetSwitch(dst)))
                {
                    continue;
                }
                ForEachWay(d, src, dst, [&](const std::vector<Hop>& way) {
                    entries.emplace(src, way.front());
                    exits.emplace(dst, way.back());
                    for (size_t hop = 1; hop < way.size(); ++hop)
                    {
                        turns.emplace(way[hop - 1], way[hop]);
                    }
                });
            }
            const DeadlockProof proof = ProveDeadlockFree(*d.topology, *d.routing);
            CHECK(proof.dependencies >= turns.size() + entries.size() + exits.size());
        }
    }
}

TEST_CASE("Two groups have no third for a detour, one has no other group at all")
{
    CHECK(Refusal([] {
              Dragonfly({{"Groups", "2"}}, "ugal_l", "group");
          }).find("third group") != std::string::npos);
    CHECK(Refusal([] {
              Dragonfly({{"Groups", "1"}}, "valiant", "switch");
          }).find("has one") != std::string::npos);
    CHECK(Refusal([] { Dragonfly({{"Groups", "2"}}, "par", "switch"); }).empty());
}

TEST_CASE("Valiant spreads over all other groups or switches, UGAL goes minimally while it is idle")
{
    for (const std::string intermediate : {"group", "switch"})
    {
        const Dragonfly valiant({}, "valiant", intermediate);
        const Dragonfly ugal({}, "ugal_l", intermediate);
        FakeView view;
        std::map<uint32_t, uint32_t> vias;
        const uint32_t node = valiant.GetSwitch(0);
        const uint32_t dst = 70; // the last group, the last switch
        for (uint32_t flow = 0; flow < 7000; ++flow)
        {
            const auto hash = static_cast<uint32_t>(Mix(flow));
            ++vias[Ask(valiant, view, node, dst, hash).via];
            CHECK(Ask(ugal, view, node, dst, hash).via == NO_DETOUR);
        }
        // The destination's is one of them: then the way is minimal.
        const uint32_t places = intermediate == "group" ? 8 : 35;
        CHECK(vias.count(NO_DETOUR) == 1);
        CHECK(vias.size() == places);
        const double mean = 7000.0 / places;
        for (const auto& [via, times] : vias)
        {
            CHECK(via != 0);
            CHECK(via != (intermediate == "group" ? 8 : 35));
            CHECK(times > mean - 5.5 * std::sqrt(mean));
            CHECK(times < mean + 5.5 * std::sqrt(mean));
        }
    }
}

TEST_CASE("UGAL-L weighs its own switch's loads by hops, UGAL-G the queues along both ways")
{
    // From switch 0 to an endpoint of another group at the far end of a global link of switch 0:
    // one hop. Any detour has more.
    const Dragonfly local({}, "ugal_l", "group");
    const Dragonfly biased({}, "ugal_l", "group", 6);
    const Dragonfly global({}, "ugal_g", "group");
    const uint32_t node = local.GetSwitch(0);
    uint32_t link = 0;
    for (const uint32_t out : local.topology->GetOutLinks(node))
    {
        link =
            !local.topology->IsEndpoint(local.topology->GetLinks()[out].to) && local.IsGlobal(out)
                ? out
                : link;
    }
    const uint32_t far = local.topology->GetLinks()[link].to;
    const uint32_t dst = (far - local.topology->GetEndpoints()) * 2;
    REQUIRE(local.GetSwitch(dst) == far);
    for (uint32_t flow = 0; flow < 200; ++flow)
    {
        const auto hash = static_cast<uint32_t>(Mix(flow));
        FakeView view;
        CHECK(Ask(local, view, node, dst, hash).link == link);
        // Where is the detour, and how long? Its first link is looked at.
        view.queued[link] = 1;
        const PathChoice detour = Ask(local, view, node, dst, hash);
        CHECK(detour.via != NO_DETOUR);
        CHECK(detour.link != link);
        for (const uint32_t asked : view.asked)
        {
            CHECK(local.topology->GetLinks()[asked].from == node);
        }
        view.queued[detour.link] = 1; // as loaded, and longer
        CHECK(Ask(local, view, node, dst, hash).via == NO_DETOUR);
        view.queued[link] = 6; // 6 x 1 hop against 1 x 2 to 5 hops
        CHECK(Ask(local, view, node, dst, hash).via == detour.via);
        CHECK(Ask(biased, view, node, dst, hash).via == NO_DETOUR);
        view.queued[link] = 12;
        CHECK(Ask(biased, view, node, dst, hash).via == detour.via);

        // UGAL-G sees what waits further on.
        FakeView far1;
        far1.queued[link] = 1;
        const PathChoice way = Ask(global, far1, node, dst, hash);
        CHECK(way.via == detour.via);
        far1.queued[link] = 2;
        far1.asked.clear();
        CHECK(Ask(global, far1, node, dst, hash).via == way.via);
        uint32_t last = 0;
        for (const uint32_t asked : far1.asked)
        {
            last = local.topology->GetLinks()[asked].to == far && asked != link ? asked : last;
        }
        REQUIRE(last != 0);
        far1.queued[last] = 2;
        CHECK(Ask(global, far1, node, dst, hash).via == NO_DETOUR);
        far1.queued[last] = 1;
        CHECK(Ask(global, far1, node, dst, hash).via == way.via);
    }
}

TEST_CASE("UGAL-L weighs each way's own class where both begin with the same link")
{
    const Dragonfly d({}, "ugal_l", "group");
    uint32_t same = 0;
    for (uint32_t dst = 8; dst < d.topology->GetEndpoints(); dst += 2) // of another group
    {
        for (uint32_t flow = 0; flow < 50; ++flow)
        {
            const auto hash = static_cast<uint32_t>(Mix(flow));
            const uint32_t node = d.GetSwitch(0);
            FakeView idle;
            const PathChoice minimal = Ask(d, idle, node, dst, hash);
            REQUIRE(minimal.via == NO_DETOUR);
            FakeView view;
            view.queuedOf[{minimal.link, minimal.vcClass}] = 100;
            const PathChoice detour = Ask(d, view, node, dst, hash);
            REQUIRE(detour.via != NO_DETOUR); // its class is idle, or its link
            if (detour.link != minimal.link)
            {
                continue;
            }
            ++same;
            CHECK(detour.vcClass != minimal.vcClass);
            // What waits in the detour's class is the detour's load alone.
            view.queuedOf[{minimal.link, detour.vcClass}] = 100;
            CHECK(Ask(d, view, node, dst, hash).via == NO_DETOUR);
            // 100 x H against 0, though the link as a whole is loaded by more than that.
            view.queuedOf[{minimal.link, detour.vcClass}] = 1;
            CHECK(Ask(d, view, node, dst, hash).via == detour.via);
        }
    }
    CHECK(same > 100);
}

TEST_CASE(
    "PAR decides once more at the switch to which the minimal local link leads, and only there")
{
    const Dragonfly d({}, "par", "group");
    const uint32_t node = d.GetSwitch(0);
    const uint32_t endpoints = d.topology->GetEndpoints();
    for (uint32_t dst = 8; dst < endpoints; ++dst)
    {
        FakeView view;
        const PathChoice first = Ask(d, view, node, dst, 77);
        REQUIRE(first.via == NO_DETOUR);
        if (d.IsGlobal(first.link))
        {
            CHECK(first.vcClass == 2);
            continue;
        }
        CHECK(first.vcClass == 0);
        const uint32_t second = d.topology->GetLinks()[first.link].to;
        const PathChoice straight = Ask(d, view, second, dst, 77);
        CHECK(straight.via == NO_DETOUR);
        CHECK(d.IsGlobal(straight.link));
        CHECK(straight.vcClass == 2);
        view.queued[straight.link] = 100;
        const PathChoice away = Ask(d, view, second, dst, 77);
        CHECK(away.via != NO_DETOUR);
        CHECK(away.vcClass == 1);

        // At the end of the detour the load is no more looked at.
        PathSelector selector(*d.profile, second, 1);
        PathRequest request;
        const uint32_t there = endpoints + away.via * 4;
        request.state = {there, dst, away.via, 1};
        const PathChoice on = d.Get().Choose(request, selector, view);
        view.queued[on.link] = 1000;
        CHECK(d.Get().Choose(request, selector, view).link == on.link);
        CHECK(on.via == NO_DETOUR);
        CHECK(on.vcClass == 2);
    }
}
