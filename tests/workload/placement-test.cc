/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/collective/placement.h"

#include <doctest/doctest.h>
#include <map>
#include <numeric>
#include <set>
#include <utility>

using namespace ns3;
using namespace ns3::mtlink;

TEST_SUITE_BEGIN("workload");

TEST_CASE("rings through nodes each leave a node by a rail of their own, and share no link in it")
{
    for (const bool mesh : {false, true})
    {
        for (const uint32_t perNode : {2u, 3u, 5u, 7u, 8u, 9u, 12u, 16u})
        {
            CAPTURE(mesh);
            CAPTURE(perNode);
            CollectiveSpec spec;
            spec.name = "all_reduce";
            spec.bytes = 1 << 20;
            spec.ranks.resize(4 * perNode);
            std::iota(spec.ranks.begin(), spec.ranks.end(), 0);
            spec.endpoints = spec.ranks;
            FabricHints hints;
            hints.endpoints = 4 * perNode;
            hints.scaleUpSize = perNode;
            hints.fullMesh = mesh;
            const Placement placement(spec, hints);
            const std::vector<Team> rings = placement.GetRings(0, 1 << 20);
            CHECK(rings.size() >= (mesh ? perNode - 1 : perNode));

            std::map<std::pair<uint32_t, uint32_t>, int> uses;
            for (const Team& ring : rings)
            {
                CHECK(std::set<uint32_t>(ring.begin(), ring.end()).size() == 4 * perNode);
                for (std::size_t i = 0; i < ring.size(); ++i)
                {
                    const uint32_t from = ring[i];
                    const uint32_t to = ring[(i + 1) % ring.size()];
                    const bool isRail = from / perNode != to / perNode;
                    CHECK((!isRail || from % perNode == to % perNode));
                    if (isRail || mesh)
                    {
                        CHECK(++uses[{from, to}] == 1);
                    }
                }
            }
        }
    }
}

TEST_SUITE_END();
