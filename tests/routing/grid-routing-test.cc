/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../topology/builders.h"
#include "engine/random.h"
#include "routing/deadlock.h"
#include "topology/topology-check.h"
#include "walk.h"

#include <cstdlib>
#include <doctest/doctest.h>
#include <map>
#include <set>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** A torus or HyperX of random size. */
struct RandomGrid
{
    RandomGrid(uint32_t seed, bool hyperx)
        : isHyperx(hyperx)
    {
        RandomStream random(seed, 0);
        std::string dimensions;
        std::string wraps;
        std::string widths;
        for (uint64_t d = 1 + random.Integer(3); d > 0; --d)
        {
            sizes.push_back(1 + static_cast<uint32_t>(random.Integer(6)));
            rings.push_back(random.Integer(3) > 0);
            dimensions += (dimensions.empty() ? "" : ",") + std::to_string(sizes.back());
            wraps += (wraps.empty() ? "" : ",") + std::to_string(rings.back() ? 1 : 0);
            widths += (widths.empty() ? "" : ",") + std::to_string(1 + random.Integer(2));
        }
        perSwitch = 2 + static_cast<uint32_t>(random.Integer(2));
        builder = MakeBuilder(hyperx ? "Hyperx" : "Torus",
                              {{"Dimensions", dimensions},
                               {"Width", widths},
                               {"EndpointsPerSwitch", std::to_string(perSwitch)}});
        if (!hyperx)
        {
            builder->SetAttribute("Wrap", StringValue(wraps));
        }
    }

    /** @return links of the shortest way between two endpoints, by their coordinates. */
    uint32_t GetDistance(uint32_t src, uint32_t dst) const
    {
        uint32_t a = src / perSwitch;
        uint32_t b = dst / perSwitch;
        uint32_t distance = 2;
        for (size_t d = 0; d < sizes.size(); ++d)
        {
            const uint32_t x = a % sizes[d];
            const uint32_t y = b % sizes[d];
            const uint32_t along = x > y ? x - y : y - x;
            const uint32_t round = rings[d] ? std::min(along, sizes[d] - along) : along;
            distance += isHyperx ? (x == y ? 0 : 1) : round;
            a /= sizes[d];
            b /= sizes[d];
        }
        return distance;
    }

    bool isHyperx;                //!< Or a torus
    std::vector<uint32_t> sizes;  //!< Switches along each dimension
    std::vector<bool> rings;      //!< Which dimensions wrap
    uint32_t perSwitch;           //!< Endpoints on a switch
    Ptr<TopologyBuilder> builder; //!< The layout
};

/** @return the route by the first of parallel links, which the others must go beside. */
std::vector<Step>
Walk(const Topology& topology, const Routing& routing, uint32_t src, uint32_t dst)
{
    std::vector<Step> route;
    uint32_t node = src;
    uint8_t vcClass = 0;
    while (node != dst && route.size() <= topology.GetNodes())
    {
        const Hops hops = routing.NextHops(node, dst, vcClass);
        for (const uint32_t link : hops.links)
        {
            CHECK(topology.GetLinks()[link].from == node);
            CHECK(topology.GetLinks()[link].to == topology.GetLinks()[hops.links[0]].to);
        }
        vcClass = hops.vcClass;
        route.emplace_back(hops.links[0], vcClass);
        node = topology.GetLinks()[hops.links[0]].to;
    }
    return route;
}

/** @return the dimension of a link between switches, or -1. */
int
GetDimension(const Topology& topology, uint32_t link)
{
    const std::string& name = topology.GetLinkClasses()[topology.GetLinks()[link].cls].name;
    return name == "endpoint" ? -1 : std::atoi(name.c_str() + std::string("dimension").size());
}

/** @return whether channels that follow one another on some route form a circle. */
template <typename Channel>
bool
HasCycle(const std::map<Channel, std::set<Channel>>& next)
{
    std::map<Channel, uint32_t> before;
    for (const auto& [channel, followers] : next)
    {
        before.try_emplace(channel, 0);
        for (const Channel& follower : followers)
        {
            ++before[follower];
        }
    }
    std::vector<Channel> free;
    for (const auto& [channel, count] : before)
    {
        if (count == 0)
        {
            free.push_back(channel);
        }
    }
    size_t done = 0;
    while (!free.empty())
    {
        const Channel channel = free.back();
        free.pop_back();
        ++done;
        const auto followers = next.find(channel);
        if (followers != next.end())
        {
            for (const Channel& follower : followers->second)
            {
                if (--before[follower] == 0)
                {
                    free.push_back(follower);
                }
            }
        }
    }
    return done < before.size();
}

} // namespace

TEST_CASE("Dimension order takes as many links as the coordinates differ, in order of dimensions")
{
    for (uint32_t seed = 1; seed <= 60; ++seed)
    {
        for (const bool hyperx : {false, true})
        {
            CAPTURE(seed);
            CAPTURE(hyperx);
            const RandomGrid grid(seed, hyperx);
            const Topology topology = grid.builder->Build();
            const Routing routing(topology, {MakeProfile("dimension_order")});
            for (uint32_t src = 0; src < topology.GetEndpoints(); src += 1 + seed % 3)
            {
                for (uint32_t dst = 0; dst < topology.GetEndpoints(); ++dst)
                {
                    if (src == dst)
                    {
                        continue;
                    }
                    const auto route = Walk(topology, routing, src, dst);
                    REQUIRE(topology.GetLinks()[route.back().first].to == dst);
                    CHECK(route.size() == grid.GetDistance(src, dst));
                    int dimension = -1;
                    for (size_t i = 1; i + 1 < route.size(); ++i)
                    {
                        const int now = GetDimension(topology, route[i].first);
                        CHECK(now >= dimension);
                        dimension = now;
                    }
                }
            }
        }
    }
}

TEST_CASE("Dimension order needs two classes on rings of four and more, and is free of deadlock")
{
    for (uint32_t seed = 1; seed <= 60; ++seed)
    {
        CAPTURE(seed);
        const RandomGrid grid(seed, false);
        const Topology topology = grid.builder->Build();
        const Routing routing(topology, {});
        bool needsTwo = false;
        for (size_t d = 0; d < grid.sizes.size(); ++d)
        {
            needsTwo = needsTwo || (grid.rings[d] && grid.sizes[d] > 3);
        }
        CHECK(routing.GetAlgorithm(0).GetVcClasses() == (needsTwo ? 2 : 1));
        const DeadlockProof proof = ProveDeadlockFree(topology, routing);
        CHECK(proof.acyclic);
        const RandomGrid cliques(seed, true);
        const Topology hyperx = cliques.builder->Build();
        const Routing direct(hyperx, {});
        CHECK(direct.GetAlgorithm(0).GetVcClasses() == 1);
        CHECK(ProveDeadlockFree(hyperx, direct).acyclic);
    }
}

TEST_CASE("The dateline breaks the circle: the same routes in one class have one")
{
    for (const std::string dimensions : {"5", "6", "4,4", "3,5", "8,2"})
    {
        CAPTURE(dimensions);
        const auto builder =
            MakeBuilder("Torus", {{"Dimensions", dimensions}, {"EndpointsPerSwitch", "2"}});
        const Topology topology = builder->Build();
        const Routing routing(topology, {});
        std::map<Step, std::set<Step>> withClasses;
        std::map<uint32_t, std::set<uint32_t>> without;
        for (uint32_t src = 0; src < topology.GetEndpoints(); ++src)
        {
            for (uint32_t dst = 0; dst < topology.GetEndpoints(); ++dst)
            {
                if (src == dst)
                {
                    continue;
                }
                const auto route = Walk(topology, routing, src, dst);
                for (size_t i = 1; i < route.size(); ++i)
                {
                    withClasses[route[i - 1]].insert(route[i]);
                    without[route[i - 1].first].insert(route[i].first);
                }
            }
        }
        CHECK(!HasCycle(withClasses));
        CHECK(HasCycle(without));
    }
}

TEST_CASE("A torus with shortest paths in one class is refused, and the circle is shown")
{
    const auto builder = MakeBuilder("Torus", {{"Dimensions", "5"}});
    const Topology topology = builder->Build();
    const Routing routing(topology, {MakeProfile("shortest")});
    const DeadlockProof proof = ProveDeadlockFree(topology, routing);
    CHECK(!proof.acyclic);
    CHECK(proof.cycle.size() == 5);
    const auto mesh = MakeBuilder("Torus", {{"Dimensions", "5"}, {"Wrap", "0"}});
    const Topology lines = mesh->Build();
    CHECK(ProveDeadlockFree(lines, Routing(lines, {})).acyclic);
}

TEST_CASE("All pairs load every link of a ring alike, half-way round too")
{
    // k / 8 of what each sends to every other, k a multiple of four: ties go each way as often.
    for (const auto& [dimensions, perSwitch] :
         std::vector<std::pair<std::string, uint32_t>>{{"8,8", 1},
                                                       {"4,4,4", 1},
                                                       {"8", 1},
                                                       {"6,6", 2},
                                                       {"6", 4}})
    {
        CAPTURE(dimensions);
        const auto builder = MakeBuilder(
            "Torus",
            {{"Dimensions", dimensions}, {"EndpointsPerSwitch", std::to_string(perSwitch)}});
        const Topology topology = builder->Build();
        const Routing routing(topology, {});
        std::map<uint32_t, uint32_t> load;
        const uint32_t n = topology.GetEndpoints();
        for (uint32_t src = 0; src < n; ++src)
        {
            for (uint32_t dst = 0; dst < n; ++dst)
            {
                if (src != dst)
                {
                    for (const auto& [link, vcClass] : Walk(topology, routing, src, dst))
                    {
                        ++load[link];
                    }
                }
            }
        }
        const uint32_t k = static_cast<uint32_t>(std::atoi(dimensions.c_str()));
        for (uint32_t link = 0; link < topology.GetLinks().size(); ++link)
        {
            if (GetDimension(topology, link) >= 0)
            {
                // n sources x n destinations x k/4 links along a dimension, over 2 n / perSwitch
                CHECK(load[link] * 8 == n * perSwitch * k);
            }
        }
    }
}

TEST_CASE("Half-way round a packet goes up where its destination's numbers have an even sum")
{
    const auto builder = MakeBuilder("Torus", {{"Dimensions", "4,3"}, {"EndpointsPerSwitch", "2"}});
    const Topology topology = builder->Build();
    const Routing routing(topology, {});
    const uint32_t first = topology.GetEndpoints();
    const auto getFirstStop = [&](uint32_t src, uint32_t dst) {
        const auto route = Walk(topology, routing, src, dst);
        return topology.GetLinks()[route[1].first].to - first;
    };
    CHECK(getFirstStop(0, 2 * 2) == 1);     // to (2, 0), place 0
    CHECK(getFirstStop(0, 2 * 2 + 1) == 3); // place 1
    CHECK(getFirstStop(0, 2 * 6) == 3);     // to (2, 1), place 0
    CHECK(getFirstStop(2 * 3, 2 * 1) == 2); // from (3, 0) down to (1, 0)
    CHECK(getFirstStop(2 * 3, 2 * 1 + 1) == 0);
}

TEST_CASE(
    "Minimal adaptive routing offers each link that leads nearer, and dimension order as escape")
{
    for (uint32_t seed = 1; seed <= 40; ++seed)
    {
        for (const bool hyperx : {false, true})
        {
            CAPTURE(seed);
            CAPTURE(hyperx);
            const RandomGrid grid(seed, hyperx);
            const Topology topology = grid.builder->Build();
            const Routing ordered(topology, {});
            const Routing adaptive(topology, {MakeProfile("adaptive")});
            const uint32_t classes = ordered.GetAlgorithm(0).GetVcClasses();
            REQUIRE(adaptive.GetAlgorithm(0).GetVcClasses() == classes + 1);
            CHECK(ProveDeadlockFree(topology, adaptive).acyclic);
            const uint32_t first = topology.GetEndpoints();
            // Any endpoint of a switch stands for it.
            const auto getDistance = [&](uint32_t node, uint32_t target) {
                return topology.IsEndpoint(node)
                           ? (node == target ? 0 : UINT32_MAX / 2)
                           : grid.GetDistance((node - first) * grid.perSwitch, target) - 1;
            };
            for (uint32_t node = first; node < topology.GetNodes(); ++node)
            {
                for (uint32_t target = seed % 3; target < first; target += 3)
                {
                    std::vector<Alternative> alternatives;
                    adaptive.GetSwitchAlgorithm(node).GetAlternatives({node, target}, alternatives);
                    std::set<uint32_t> offered;
                    uint32_t binding = 0;
                    for (const Alternative& alternative : alternatives)
                    {
                        if (!alternative.adaptive)
                        {
                            const Hops escape = ordered.NextHops(node, target, 0);
                            CHECK(alternative.hops.links.data() != nullptr);
                            CHECK(alternative.hops.links[0] == escape.links[0]);
                            CHECK(alternative.hops.links.size() == escape.links.size());
                            CHECK(alternative.hops.vcClass == escape.vcClass);
                            ++binding;
                            continue;
                        }
                        CHECK(alternative.hops.vcClass == classes);
                        for (const uint32_t link : alternative.hops.links)
                        {
                            CHECK(offered.insert(link).second);
                        }
                    }
                    CHECK(binding == 1);
                    std::set<uint32_t> nearer;
                    for (const uint32_t link : topology.GetOutLinks(node))
                    {
                        const uint32_t to = topology.GetLinks()[link].to;
                        if (!topology.IsEndpoint(to) &&
                            getDistance(to, target) < getDistance(node, target))
                        {
                            nearer.insert(link);
                        }
                    }
                    CHECK(offered == nearer);
                }
            }
        }
    }
}

TEST_CASE("Dimension order and adaptive are refused where there are no dimensions")
{
    const auto tree = MakeBuilder("FatTree", {{"Radix", "4"}, {"Levels", "2"}});
    const Topology topology = tree->Build();
    CHECK(
        Refusal([&] { Routing(topology, {MakeProfile("dimension_order")}); }) ==
        "algorithm: dimension_order is for kinds torus and hyperx; use minimal, shortest or auto");
    CHECK(Refusal([&] { Routing(topology, {MakeProfile("adaptive")}); }) ==
          "algorithm: adaptive is for kinds torus and hyperx; use minimal, shortest or auto");
}
