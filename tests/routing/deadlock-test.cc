/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../topology/builders.h"
#include "routing/deadlock.h"
#include "routing/full-mesh-detour-routing.h"
#include "walk.h"

#include "ns3/mtlink-graph-topology.h"

#include <doctest/doctest.h>
#include <map>
#include <set>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** A torus of x times y switches, each at least 2, one endpoint on each. */
Ptr<GraphTopology>
MakeTorus(uint32_t x, uint32_t y)
{
    const auto graph = CreateObject<GraphTopology>();
    const auto name = [&](uint32_t i, uint32_t j) {
        return std::to_string(i % x) + "." + std::to_string(j % y);
    };
    for (uint32_t i = 0; i < x; ++i)
    {
        for (uint32_t j = 0; j < y; ++j)
        {
            graph->AddNode("s" + name(i, j), true);
            graph->AddNode("g" + name(i, j), false);
            graph->AddEdge("g" + name(i, j), "s" + name(i, j));
        }
    }
    for (uint32_t i = 0; i < x; ++i)
    {
        for (uint32_t j = 0; j < y; ++j)
        {
            graph->AddEdge("s" + name(i, j), "s" + name(i + 1, j));
            graph->AddEdge("s" + name(i, j), "s" + name(i, j + 1));
        }
    }
    return graph;
}

/** A ring of switches with an endpoint each, or of endpoints. */
Ptr<GraphTopology>
MakeRing(uint32_t n, bool switches)
{
    const auto graph = CreateObject<GraphTopology>();
    for (uint32_t i = 0; i < n; ++i)
    {
        graph->AddNode("n" + std::to_string(i), switches);
        if (switches)
        {
            graph->AddNode("g" + std::to_string(i), false);
            graph->AddEdge("g" + std::to_string(i), "n" + std::to_string(i));
        }
    }
    for (uint32_t i = 0; i < n; ++i)
    {
        graph->AddEdge("n" + std::to_string(i), "n" + std::to_string((i + 1) % n));
    }
    return graph;
}

/** All dependencies between (link, class), from a walk over every route of every pair. */
std::set<std::pair<Step, Step>>
WalkDependencies(const Topology& topology, const Routing& routing, std::set<Step>& channels)
{
    std::set<std::pair<Step, Step>> dependencies;
    for (uint32_t src = 0; src < topology.GetEndpoints(); ++src)
    {
        for (uint32_t dst = 0; dst < topology.GetEndpoints(); ++dst)
        {
            if (src == dst || !routing.IsDirect(src, dst))
            {
                continue;
            }
            ForEachRoute(topology, routing, src, dst, [&](const std::vector<Step>& route) {
                for (size_t i = 0; i < route.size(); ++i)
                {
                    channels.insert(route[i]);
                    if (i > 0)
                    {
                        dependencies.emplace(route[i - 1], route[i]);
                    }
                }
            });
        }
    }
    return dependencies;
}

/** The proof counts what a walk over all routes finds. */
void
CheckCounts(const Topology& topology, const Routing& routing, const DeadlockProof& proof)
{
    std::set<Step> channels;
    const auto dependencies = WalkDependencies(topology, routing, channels);
    CHECK(proof.channels == channels.size());
    CHECK(proof.dependencies == dependencies.size());
}

/** The printed cycle is a closed chain of real dependencies. */
void
CheckCycle(const Topology& topology, const Routing& routing, const std::vector<std::string>& cycle)
{
    std::map<std::string, Step> byName;
    for (uint32_t link = 0; link < topology.GetLinks().size(); ++link)
    {
        for (uint8_t vcClass = 0; vcClass < 2; ++vcClass)
        {
            byName[topology.GetLinkName(link) + " class " + std::to_string(vcClass)] = {link,
                                                                                        vcClass};
        }
    }
    std::set<Step> channels;
    const auto dependencies = WalkDependencies(topology, routing, channels);
    REQUIRE(cycle.size() >= 2);
    for (size_t i = 0; i < cycle.size(); ++i)
    {
        const Step from = byName.at(cycle[i]);
        const Step to = byName.at(cycle[(i + 1) % cycle.size()]);
        CHECK(topology.GetLinks()[from.first].to == topology.GetLinks()[to.first].from);
        CHECK(dependencies.count({from, to}) == 1);
    }
}

} // namespace

TEST_CASE("The proof of a single switch knows each turn from one endpoint to another")
{
    const auto builder = MakeBuilder("SingleSwitch", {{"Endpoints", "70"}});
    const Topology topology = builder->Build();
    const auto proof = ProveDeadlockFree(topology, Routing(topology, {}));
    CHECK(proof.acyclic);
    CHECK(proof.channels == 140);
    CHECK(proof.dependencies == 70 * 69);
    CHECK(proof.cycle.empty());
}

TEST_CASE("Trees, dragonflies, meshes, planes and rails are free of deadlock")
{
    std::vector<Ptr<TopologyBuilder>> builders{
        MakeBuilder("FullMesh", {{"Endpoints", "8"}, {"LinksPerPair", "2"}}),
        MakeBuilder("FatTree", {{"Radix", "4"}, {"Levels", "3"}}),
        MakeBuilder("FatTree", {{"Down", "3,2,2"}, {"Up", "2,2,2"}, {"Parallel", "1,2,1"}}),
        MakeBuilder("FatTree", {{"Down", "3,2,2"}, {"Up", "2,1,2"}}),
        MakeBuilder("FatTree", {{"Down", "3,2"}, {"Up", "1,2"}, {"Parallel", "2,1"}}),
        MakeBuilder("Dragonfly"),
        MakeBuilder("Dragonfly", {{"Wiring", "absolute"}, {"Groups", "5"}}),
        MakeBuilder("Dragonfly", {{"Wiring", "circulant"}, {"Groups", "4"}}),
        MakeRails(6, 4, "4")};
    auto planes = MakeBuilder("Planes", {{"Endpoints", "13"}, {"Planes", "2"}});
    planes->SetChild("plane", MakeBuilder("FatTree", {{"Radix", "4"}, {"Levels", "3"}}));
    builders.push_back(planes);
    for (const auto& builder : builders)
    {
        const Topology topology = builder->Build();
        const Routing routing(topology, {});
        const auto proof = ProveDeadlockFree(topology, routing);
        CHECK(proof.acyclic);
        CHECK(proof.cycle.empty());
        CheckCounts(topology, routing, proof);
    }
}

TEST_CASE("Detours on a mesh are free of deadlock: what comes on class 0 waits for class 1 alone")
{
    for (const auto& [cards, linksPerPair] : {std::pair<uint32_t, uint32_t>{3, 1}, {5, 2}, {9, 1}})
    {
        const auto builder = MakeBuilder(
            "FullMesh",
            {{"Endpoints", std::to_string(cards)}, {"LinksPerPair", std::to_string(linksPerPair)}});
        const Topology topology = builder->Build();
        const Routing routing(topology, {MakeProfile("detour")});
        const auto proof = ProveDeadlockFree(topology, routing);
        CHECK(proof.acyclic);
        CHECK(proof.trap.empty());
        // Every link in both classes; from a detour's first link to those to any third card.
        const uint64_t links = uint64_t{cards} * (cards - 1) * linksPerPair;
        CHECK(proof.channels == 2 * links);
        CHECK(proof.dependencies == links * (cards - 2) * linksPerPair);
    }
}

namespace
{

/** Detours that stay in the class in which they came. */
class OneClassDetours : public FullMeshDetourRouting
{
  public:
    using FullMeshDetourRouting::FullMeshDetourRouting;

    uint32_t GetVcClasses() const override
    {
        return 1;
    }

    Hops NextHops(uint32_t node, uint32_t target, uint8_t vcClass) const override
    {
        return {FullMeshDetourRouting::NextHops(node, target, vcClass).links, 0};
    }
};

} // namespace

TEST_CASE("Detours on a mesh in one class have a cycle, and it is shown")
{
    const auto builder = MakeBuilder("FullMesh", {{"Endpoints", "4"}});
    const Topology topology = builder->Build();
    std::vector<std::unique_ptr<RoutingAlgorithm>> algorithms;
    algorithms.push_back(std::make_unique<OneClassDetours>(topology, 0));
    const auto proof = ProveDeadlockFree(topology, Routing::With(topology, std::move(algorithms)));
    CHECK(!proof.acyclic);
    CHECK(proof.cycle.size() >= 2);
}

TEST_CASE("Detours over planes of meshes and within nodes on rails are free of deadlock")
{
    const auto planes = MakeBuilder("Planes", {{"Endpoints", "4"}, {"Planes", "2"}});
    planes->SetChild("plane", MakeBuilder("FullMesh"));
    const auto rails = MakeBuilder("Rails", {{"Nodes", "3"}});
    const auto node = MakeBuilder("FullMesh", {{"Endpoints", "4"}});
    const auto network = MakeBuilder("SingleSwitch");
    network->SetScope(1);
    rails->SetChild("node", node);
    rails->SetChild("network", network);
    for (const auto& builder : {planes, rails})
    {
        const Topology topology = builder->Build();
        const Routing routing(topology, {MakeProfile("detour"), MakeProfile("auto")});
        const auto proof = ProveDeadlockFree(topology, routing);
        CHECK(proof.acyclic);
        // A plane's detour may go on by the other plane; nodes keep theirs to themselves.
        const uint64_t detours = builder == planes ? 4 * 3 * 2 * (2 * 2) : 3 * (4 * 3 * 2);
        const uint64_t turns = builder == planes ? 0 : 4 * 3 * 2;
        CHECK(proof.dependencies == detours + turns);
    }
}

TEST_CASE("A 4x4 torus with shortest paths and one class has a cycle, and a real one is shown")
{
    const auto torus = MakeTorus(4, 4);
    const Topology topology = torus->Build();
    const Routing routing(topology, {});
    const auto proof = ProveDeadlockFree(topology, routing);
    CHECK(!proof.acyclic);
    CheckCounts(topology, routing, proof);
    CheckCycle(topology, routing, proof.cycle);
    CHECK(proof.cycle.size() == 4);
}

TEST_CASE("A dragonfly with shortest paths in one class has a cycle")
{
    const auto builder = MakeBuilder("Dragonfly");
    const Topology topology = builder->Build();
    const Routing routing(topology, {MakeProfile("shortest")});
    const auto proof = ProveDeadlockFree(topology, routing);
    CHECK(!proof.acyclic);
    CheckCycle(topology, routing, proof.cycle);
}

TEST_CASE("A ring of three switches is free of deadlock, one of five is not")
{
    const auto three = MakeRing(3, true);
    const Topology small = three->Build();
    CHECK(ProveDeadlockFree(small, Routing(small, {})).acyclic);
    const auto ring = MakeRing(5, true);
    const Topology five = ring->Build();
    const Routing routing(five, {});
    const auto proof = ProveDeadlockFree(five, routing);
    CHECK(!proof.acyclic);
    CHECK(proof.cycle.size() == 5);
    CheckCycle(five, routing, proof.cycle);
}

TEST_CASE("Relays end a chain: a ring of endpoints is free of deadlock")
{
    const auto ring = MakeRing(6, false);
    const Topology topology = ring->Build();
    const auto proof = ProveDeadlockFree(topology, Routing(topology, {}));
    CHECK(proof.acyclic);
    CHECK(proof.channels == 12);
    CHECK(proof.dependencies == 0);
}

namespace
{

/**
 * On a ring of switches: an escape along the line that the ring is without its last wire, on class
 * 0, and either way round on class 1.
 */
class RingRouting : public RoutingAlgorithm
{
  public:
    RingRouting(const Topology& topology, uint32_t n, bool adaptive, bool escape)
        : m_topology(topology),
          m_n(n),
          m_adaptive(adaptive),
          m_escape(escape)
    {
    }

    std::string GetDefinition() const override
    {
        return "";
    }

    uint32_t GetVcClasses() const override
    {
        return 2;
    }

    Hops NextHops(uint32_t node, uint32_t target, uint8_t) const override
    {
        if (node < m_n || node - m_n == target)
        {
            return {Find(node, node < m_n ? node + m_n : target), 0};
        }
        return {Find(node, node - m_n < target ? node + 1 : node - 1), 0};
    }

    bool IsInjectionUniform(uint32_t) const override
    {
        return true;
    }

    bool IsAdaptive() const override
    {
        return true;
    }

    void GetAlternatives(const PathState& state, std::vector<Alternative>& list) const override
    {
        const uint32_t at = state.node - m_n;
        if (at == state.target || m_escape)
        {
            list.push_back({NextHops(state.node, state.target, 0), NO_DETOUR, false});
        }
        if (at != state.target)
        {
            // The shorter way round.
            const uint32_t ahead = (state.target + m_n - at) % m_n;
            const uint32_t next = ahead <= m_n / 2 ? (at + 1) % m_n : (at + m_n - 1) % m_n;
            list.push_back({{Find(state.node, next + m_n), 1}, NO_DETOUR, m_adaptive});
        }
    }

  private:
    IndexSpan Find(uint32_t from, uint32_t to) const
    {
        const auto out = m_topology.GetOutLinks(from);
        for (size_t i = 0; i < out.size(); ++i)
        {
            if (m_topology.GetLinks()[out[i]].to == to)
            {
                return out.subspan(i, 1);
            }
        }
        return {};
    }

    const Topology& m_topology;
    uint32_t m_n;
    bool m_adaptive;
    bool m_escape;
};

/** Prove for a ring of five. */
DeadlockProof
ProveRing(bool adaptive, bool escape)
{
    const auto ring = MakeRing(5, true);
    const Topology topology = ring->Build();
    std::vector<std::unique_ptr<RoutingAlgorithm>> algorithms;
    algorithms.push_back(std::make_unique<RingRouting>(topology, 5, adaptive, escape));
    return ProveDeadlockFree(topology, Routing::With(topology, std::move(algorithms)));
}

} // namespace

TEST_CASE("An escape makes adaptive links round a ring free of deadlock, if nobody waits for them")
{
    const auto proof = ProveRing(true, true);
    CHECK(proof.acyclic);
    CHECK(proof.cycle.empty());
    CHECK(proof.trap.empty());

    const auto waits = ProveRing(false, true);
    CHECK(!waits.acyclic);
    CHECK(waits.cycle.size() >= 2);

    const auto trapped = ProveRing(true, false);
    CHECK(!trapped.acyclic);
    CHECK(!trapped.trap.empty());
}
