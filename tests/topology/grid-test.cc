/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "builders.h"
#include "engine/random.h"
#include "topology/topology-check.h"

#include "ns3/mtlink-grid.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <map>
#include <set>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** A random grid. */
struct Shape
{
    /** @param [in] seed Of the shape. */
    explicit Shape(uint32_t seed)
        : random(seed, 0)
    {
        const auto dimensions = 1 + random.Integer(3);
        for (uint64_t d = 0; d < dimensions; ++d)
        {
            sizes.push_back(1 + static_cast<uint32_t>(random.Integer(6)));
            wrap.push_back(static_cast<uint32_t>(random.Integer(2)));
            width.push_back(1 + static_cast<uint32_t>(random.Integer(3)));
        }
        perSwitch = 1 + static_cast<uint32_t>(random.Integer(3));
    }

    /** @return a list as an attribute has it. */
    static std::string Text(const std::vector<uint32_t>& list)
    {
        std::string text;
        for (const uint32_t number : list)
        {
            text += (text.empty() ? "" : ",") + std::to_string(number);
        }
        return text;
    }

    /** @return a torus of this shape. */
    Ptr<TopologyBuilder> MakeTorus() const
    {
        return MakeBuilder("Torus",
                           {{"Dimensions", Text(sizes)},
                            {"Wrap", Text(wrap)},
                            {"Width", Text(width)},
                            {"EndpointsPerSwitch", std::to_string(perSwitch)}});
    }

    /** @return a HyperX of this shape. */
    Ptr<TopologyBuilder> MakeHyperx() const
    {
        return MakeBuilder("Hyperx",
                           {{"Dimensions", Text(sizes)},
                            {"Width", Text(width)},
                            {"EndpointsPerSwitch", std::to_string(perSwitch)}});
    }

    RandomStream random;         //!< Where the numbers come from
    std::vector<uint32_t> sizes; //!< Switches along each dimension
    std::vector<uint32_t> wrap;  //!< Which dimensions are rings
    std::vector<uint32_t> width; //!< Parallel links
    uint32_t perSwitch;          //!< Endpoints on a switch
};

/** @return links from one node to each other one. */
std::map<uint32_t, uint32_t>
CountNeighbours(const Topology& topology, uint32_t node)
{
    std::map<uint32_t, uint32_t> count;
    uint32_t last = UINT32_MAX;
    for (const uint32_t link : topology.GetOutLinks(node))
    {
        const uint32_t to = topology.GetLinks()[link].to;
        CHECK((to == last || count.count(to) == 0)); // parallel links are side by side
        last = to;
        ++count[to];
    }
    return count;
}

/** @return the switches that should be neighbours of one, and by how many links. */
std::map<uint32_t, uint32_t>
GetTrueNeighbours(const Shape& shape, uint32_t s, bool isHyperx)
{
    std::map<uint32_t, uint32_t> neighbours;
    uint32_t stride = 1;
    for (size_t d = 0; d < shape.sizes.size(); ++d)
    {
        const uint32_t size = shape.sizes[d];
        const uint32_t here = s / stride % size;
        for (uint32_t other = 0; other < size; ++other)
        {
            const bool isNext = here + 1 == other || other + 1 == here;
            const bool closes = shape.wrap[d] == 1 && std::max(here, other) == size - 1 &&
                                std::min(here, other) == 0;
            if (other != here && (isHyperx || isNext || closes))
            {
                neighbours[s - here * stride + other * stride] = shape.width[d];
            }
        }
        stride *= size;
    }
    return neighbours;
}

/** The graph is what coordinates say. */
void
CheckWiring(const Shape& shape, const Topology& topology, bool isHyperx)
{
    uint32_t switches = 1;
    for (const uint32_t size : shape.sizes)
    {
        switches *= size;
    }
    REQUIRE(topology.GetSwitches() == switches);
    REQUIRE(topology.GetEndpoints() == switches * shape.perSwitch);
    for (uint32_t s = 0; s < switches; ++s)
    {
        auto truth = std::map<uint32_t, uint32_t>();
        for (const auto& [other, links] : GetTrueNeighbours(shape, s, isHyperx))
        {
            truth[topology.GetEndpoints() + other] = links;
        }
        for (uint32_t e = 0; e < shape.perSwitch; ++e)
        {
            truth[s * shape.perSwitch + e] = 1;
        }
        CHECK(CountNeighbours(topology, topology.GetEndpoints() + s) == truth);
    }
    CheckConnected(topology);
}

} // namespace

TEST_CASE("A torus joins each switch to the next and the one before in each dimension")
{
    for (uint32_t seed = 1; seed <= 60; ++seed)
    {
        CAPTURE(seed);
        const Shape shape(seed);
        const auto builder = shape.MakeTorus();
        const Topology topology = builder->Build();
        CheckWiring(shape, topology, false);
        if (topology.GetSwitches() > 1)
        {
            uint32_t diameter = 2;
            for (size_t d = 0; d < shape.sizes.size(); ++d)
            {
                diameter += shape.wrap[d] == 1 ? shape.sizes[d] / 2 : shape.sizes[d] - 1;
            }
            CHECK(GetDiameter(topology) == diameter);
        }
    }
}

TEST_CASE("A HyperX joins each switch to all that differ from it in one coordinate")
{
    for (uint32_t seed = 1; seed <= 60; ++seed)
    {
        CAPTURE(seed);
        const Shape shape(seed);
        const auto builder = shape.MakeHyperx();
        const Topology topology = builder->Build();
        CheckWiring(shape, topology, true);
        if (topology.GetSwitches() > 1)
        {
            uint32_t diameter = 2;
            for (const uint32_t size : shape.sizes)
            {
                diameter += size > 1 ? 1 : 0;
            }
            CHECK(GetDiameter(topology) == diameter);
        }
    }
}

TEST_CASE("The bisections of torus, mesh and HyperX are those of the cut across the last dimension")
{
    // Endpoints enough that they are not the limit.
    for (const uint32_t last : {2u, 4u, 6u})
    {
        for (const uint32_t width : {1u, 2u})
        {
            const std::string dimensions = "3,4," + std::to_string(last);
            const std::string links = std::to_string(width);
            const auto torus = MakeBuilder(
                "Torus",
                {{"Dimensions", dimensions}, {"Width", links}, {"EndpointsPerSwitch", "8"}});
            CHECK(GetBisection(torus->Build()) == 12 * width * (last == 2 ? 1 : 2));
            const auto mesh = MakeBuilder("Torus",
                                          {{"Dimensions", dimensions},
                                           {"Width", links},
                                           {"Wrap", "0"},
                                           {"EndpointsPerSwitch", "8"}});
            CHECK(GetBisection(mesh->Build()) == 12 * width);
            const auto hyperx = MakeBuilder(
                "Hyperx",
                {{"Dimensions", dimensions}, {"Width", links}, {"EndpointsPerSwitch", "8"}});
            CHECK(GetBisection(hyperx->Build()) == 12 * width * (last / 2) * (last / 2));
        }
    }
    // S K / 2 endpoints on a switch have the whole (Ahn et al. 2009).
    const auto whole = MakeBuilder("Hyperx", {{"Dimensions", "8,8"}, {"EndpointsPerSwitch", "4"}});
    CHECK(GetBisection(whole->Build()) == 128);
}

TEST_CASE(
    "Switches of a torus are named by coordinates, and links by dimension where there are any")
{
    const auto builder = MakeBuilder("Torus", {{"Dimensions", "4,1,3"}});
    const Topology topology = builder->Build();
    CHECK(topology.GetName(topology.GetEndpoints()) == "switch0-0-0");
    CHECK(topology.GetName(topology.GetEndpoints() + 5) == "switch1-0-1");
    CHECK(builder->GetLinkClassNames() ==
          std::vector<std::string>{"endpoint", "dimension0", "dimension2"});
    std::map<std::string, uint32_t> links;
    for (const auto& link : topology.GetLinks())
    {
        ++links[topology.GetLinkClasses()[link.cls].name];
    }
    CHECK(links == std::map<std::string, uint32_t>{{"endpoint", 24},
                                                   {"dimension0", 24},
                                                   {"dimension2", 24}});
}

TEST_CASE("Fewer endpoints than places fill one switch after another")
{
    const auto planes = MakeBuilder("Planes", {{"Endpoints", "5"}, {"Planes", "1"}});
    planes->SetChild("plane",
                     MakeBuilder("Torus", {{"Dimensions", "2,2"}, {"EndpointsPerSwitch", "2"}}));
    const Topology topology = planes->Build();
    CHECK(topology.GetSwitches() == 4);
    CHECK(CountNeighbours(topology, 5 + 2).count(4) == 1);
    CHECK(CountNeighbours(topology, 5 + 3).size() == 2);
}

TEST_CASE("The order for rings goes by neighbours, and back to the first wherever that can be")
{
    for (uint32_t seed = 1; seed <= 300; ++seed)
    {
        CAPTURE(seed);
        Shape shape(seed);
        const Grid grid(shape.sizes);
        const std::vector<bool> ring(shape.wrap.begin(), shape.wrap.end());
        const std::vector<uint32_t> order = grid.GetCycle(ring);
        CHECK(std::set<uint32_t>(order.begin(), order.end()).size() == grid.GetPoints());
        REQUIRE(order.size() == grid.GetPoints());
        const auto areNeighbours = [&](uint32_t a, uint32_t b) {
            const auto neighbours = GetTrueNeighbours(shape, a, false);
            return neighbours.count(b) == 1;
        };
        for (size_t i = 0; i + 1 < order.size(); ++i)
        {
            CHECK(areNeighbours(order[i], order[i + 1]));
        }
        // There is none on a line, nor on a mesh of odd sizes: each step changes the colour.
        const auto isLong = [](uint32_t size) { return size > 1; };
        const auto isEven = [](uint32_t size) { return size % 2 == 0; };
        const auto dimensions = std::count_if(shape.sizes.begin(), shape.sizes.end(), isLong);
        const bool hasEven = std::any_of(shape.sizes.begin(), shape.sizes.end(), isEven);
        bool allRings = true;
        bool isPair = false;
        for (size_t d = 0; d < shape.sizes.size(); ++d)
        {
            allRings = allRings && (shape.wrap[d] == 1 || shape.sizes[d] == 1);
            isPair = isPair || shape.sizes[d] == 2;
        }
        if (grid.GetPoints() > 1 &&
            (allRings || (hasEven && dimensions > 1) || (dimensions == 1 && isPair)))
        {
            CHECK(areNeighbours(order.back(), order.front()));
        }
    }
}

TEST_CASE("A torus and a HyperX that can't be are refused")
{
    const auto refuse = [](const std::string& kind,
                           std::initializer_list<std::pair<std::string, std::string>> values) {
        const auto builder = MakeBuilder(kind, values);
        return Refusal([&] { builder->Build(); });
    };
    CHECK(refuse("Torus", {}) ==
          "dimensions: a torus needs its dimensions, the switches along each: [4, 4, 4]");
    CHECK(refuse("Hyperx", {}) ==
          "dimensions: a hyperx needs its dimensions, the switches along each: [4, 4, 4]");
    CHECK(refuse("Torus", {{"Dimensions", "4,0"}}) ==
          "dimensions: '4,0' is not a list of counts from 1 to 65536; a right one is [4, 4, 4]");
    CHECK(refuse("Torus", {{"Dimensions", "4,4"}, {"Wrap", "2"}}) ==
          "wrap: '2' is not a list of counts from 0 to 1; a right one is [1, 1, 0]");
    CHECK(
        refuse("Torus", {{"Dimensions", "4,4"}, {"Wrap", "1,1,0"}}) ==
        "wrap: dimensions has 2 numbers, wrap has 3: give one for each dimension, or one for all");
    CHECK(refuse("Hyperx", {{"Dimensions", "4,4,4"}, {"Width", "1,2"}}) ==
          "width: dimensions has 3 numbers, width has 2: give one for each dimension, or one for "
          "all");
    CHECK(refuse("Hyperx", {{"Dimensions", "4,4"}, {"Width", "0"}}) ==
          "width: '0' is not a list of counts from 1 to 1024; a right one is [4, 4, 4]");
    CHECK(refuse("Torus", {{"Dimensions", "65536,65536"}}) ==
          "dimensions: more than 4,194,304 switches: too large to build");
    CHECK(refuse("Hyperx", {{"Dimensions", "4096,1024"}}) ==
          "dimensions: more than 4,194,304 endpoints and switches: too large to build");
    CHECK(refuse("Hyperx", {{"Dimensions", "65536"}}) ==
          "dimensions: more than 33,554,432 cables: too large to build");
    CHECK(refuse("Torus", {{"Dimensions", "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1"}}) ==
          "dimensions: more than 16 dimensions");
}
