/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "design/network-designs.h"
#include "design/network-size.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace ns3::mtlink;

namespace
{

/** @return cables of a class. */
uint64_t
Get(const NetworkSize& size, const std::string& cls)
{
    const auto at = std::find_if(size.cables.begin(), size.cables.end(), [&cls](const auto& some) {
        return some.cls == cls;
    });
    return at == size.cables.end() ? 0 : at->cables;
}

NetworkWish
MakeWish(uint64_t endpoints, uint32_t ports)
{
    NetworkWish wish;
    wish.endpoints = endpoints;
    wish.ports = ports;
    wish.tapers = {{1}};
    wish.levels = {2, 3};
    wish.dimensions = {2, 3};
    wish.wirings = {"palmtree"};
    return wish;
}

/** @return a network of some chips among those that are listed; fails where there is none. */
NetworkSize
Find(void (*list)(const NetworkWish&, NetworkList&), const NetworkWish& wish, uint64_t chips)
{
    NetworkList found;
    list(wish, found);
    const auto at = std::find_if(found.networks.begin(),
                                 found.networks.end(),
                                 [chips](const Network& one) { return one.size.chips == chips; });
    REQUIRE(at != found.networks.end());
    return at->size;
}

} // namespace

TEST_SUITE_BEGIN("design");

TEST_CASE("A tree of equal switches has the sizes of the folded Clos network")
{
    for (const uint32_t radix : {4U, 8U, 48U, 64U})
    {
        const uint64_t half = radix / 2;
        NetworkWish wish = MakeWish(2 * half * half, radix);
        const NetworkSize two = Find(ListFatTrees, wish, 3 * half);
        CHECK(two.places == wish.endpoints);
        CHECK(Get(two, "level1") == wish.endpoints);
        wish.endpoints = 2 * half * half * half;
        const NetworkSize three = Find(ListFatTrees, wish, 5 * half * half);
        CHECK(Get(three, "level1") == wish.endpoints);
        CHECK(Get(three, "level2") == wish.endpoints);
        CHECK(three.CountPorts() == 5 * half * half * radix); // none is left over
        ++wish.endpoints;
        NetworkList none;
        ListFatTrees(wish, none);
        CHECK(none.networks.empty());
        CHECK(none.refusals.size() == 2);
    }
    // Al-Fares, Loukissas and Vahdat, "A scalable, commodity data center network architecture",
    // SIGCOMM 2008: k^3 / 4 hosts, 27,648 of 48-port switches.
    CHECK(Find(ListFatTrees, MakeWish(27648, 48), 2880).places == 27648);
}

TEST_CASE("DGX SuperPODs have the switches and cables of their reference architecture")
{
    // NVIDIA DGX SuperPOD Reference Architecture, DGX B200, "DGX SuperPOD Architecture", table of
    // larger component counts: docs.nvidia.com/dgx-superpod/reference-architecture-scalable-
    // infrastructure-b200/latest/dgx-superpod-architecture.html. Switches of 64 ports.
    struct Row
    {
        uint64_t gpus;
        uint64_t switches; // leaf, spine and core
        bool hasCore;
    };

    for (const Row& row : {Row{512, 16 + 8, false},
                           Row{1024, 32 + 16, false},
                           Row{2048, 64 + 32, false},
                           Row{4096, 128 + 128 + 64, true},
                           Row{8192, 256 + 256 + 128, true},
                           Row{16384, 512 + 512 + 256, true}})
    {
        CAPTURE(row.gpus);
        const NetworkSize size = Find(ListFatTrees, MakeWish(row.gpus, 64), row.switches);
        CHECK(Get(size, "endpoint") == row.gpus);
        CHECK(Get(size, "level1") == row.gpus);
        CHECK(Get(size, "level2") == (row.hasCore ? row.gpus : 0));
    }
}

TEST_CASE("DeepSeek's planes and the networks that it compares have their published sizes")
{
    // Zhao et al., "Insights into DeepSeek-V3", ISCA 2025 (arXiv 2505.09343), table of topologies
    // of 64-port switches: two-layer fat trees in 8 planes 16,384 endpoints, 768 switches; three
    // layers 65,536 and 5,120; dragonfly 261,632 and 16,352.
    const NetworkSize plane = Find(ListFatTrees, MakeWish(16384 / 8, 64), 768 / 8);
    CHECK(8 * plane.places == 16384);
    CHECK(Find(ListFatTrees, MakeWish(65536, 64), 5120).places == 65536);
    CHECK(Find(ListDragonflies, MakeWish(261632, 64), 16352).places == 261632);
}

TEST_CASE("Machines with Slingshot have the groups and switches of their dragonflies")
{
    // A group of 32 switches of 64 ports, 16 endpoints on each: 512 endpoints; 992 ports between
    // its switches (Lockwood, glennklockwood.com/garden/dragonfly).
    const NetworkSize group = CountDragonfly(512, 16, 32, 16, 1);
    CHECK(group.chips == 32);
    CHECK(2 * Get(group, "local") == 992);
    // The largest: 545 groups, 16 + 31 + 17 ports (Lockwood, glennklockwood.com/garden/slingshot;
    // De Sensi et al., SC 2020, arXiv 2008.08886).
    const NetworkSize most = Find(ListDragonflies, MakeWish(uint64_t{545} * 512, 64), 545 * 32);
    CHECK(Get(most, "global") == uint64_t{545} * 544 / 2);
    CHECK(most.ports == 64);
    // Frontier: 74 groups of a cabinet each, 128 nodes of 4 endpoints in each (Lockwood,
    // glennklockwood.com/garden/systems/frontier).
    CHECK(Find(ListDragonflies, MakeWish(uint64_t{74} * 128 * 4, 64), 74 * 32).places ==
          uint64_t{74} * 512);
    // Aurora: 166 racks of 64 nodes of 8 endpoints, nearly 85,000, and 5,600 switches in all, with
    // those of storage (Ibeid et al., "Scaling MPI applications on Aurora", arXiv 2512.04291).
    const NetworkSize aurora =
        Find(ListDragonflies, MakeWish(uint64_t{166} * 64 * 8, 64), 166 * 32);
    CHECK(aurora.places == 84992);
    CHECK(aurora.chips < 5600);
    CHECK(5600 % 32 == 0);
    // Perlmutter's first GPU cabinets: 12 groups of 32 switches, 1,536 nodes of 4 endpoints (NERSC
    // documentation, systems/perlmutter/interconnect and architecture).
    CHECK(Find(ListDragonflies, MakeWish(uint64_t{1536} * 4, 64), 12 * 32).places == 6144);
}

TEST_CASE("TPU pods are tori of the chips that they are said to have")
{
    // Jouppi et al., "TPU v4", ISCA 2023: 4,096 chips, six links each; and Google's documents of
    // generations: v3 1,024 chips in two dimensions, v5p 8,960 in three.
    const auto makeWish = [](uint64_t chips, uint32_t dimensions) {
        NetworkWish wish = MakeWish(chips, 1 + 2 * dimensions);
        wish.dimensions = {dimensions};
        return wish;
    };
    const NetworkSize v4 = Find(ListTori, makeWish(4096, 3), 4096);
    CHECK(v4.CountCables() == 4096 + 3 * 4096);
    CHECK(v4.ports == 7);
    CHECK(CountTorus(4096, {16, 16, 16}, 1, 1).CountCables() == v4.CountCables());
    // Cubes of 4 x 4 x 4: each of the 64 has 96 links at its faces, 6,144 to optical switches.
    CHECK(2 * 3 * (4096 / 4) == 6144);
    CHECK(Find(ListTori, makeWish(1024, 2), 1024).CountCables() == 1024 + 2 * 1024);
    CHECK(Find(ListTori, makeWish(8960, 3), 8960).CountCables() == 8960 + 3 * 8960);
}

TEST_CASE("Clusters for training have the shapes that their papers give")
{
    // Llama Team, "The Llama 3 herd of models", 2024 (arXiv 2407.21783): 16 GPUs on a switch of a
    // rack, 192 racks in a pod of 3,072 without oversubscription, 8 pods and 1:7 above.
    const NetworkSize llama = CountFatTree(24576, {16, 192, 8}, {1, 16, 16}, {1, 1, 1});
    CHECK(llama.places == 24576);
    CHECK(CountFatTree(3072, {16, 192}, {1, 16}, {1, 1}).places == 3072);
    CHECK(Get(llama, "level1") == 24576);
    // Jiang et al., "MegaScale", NSDI 2024: more than 10,000 GPUs, three layers of switches of 64
    // ports, 32 down and 32 up.
    NetworkList list;
    ListFatTrees(MakeWish(12288, 64), list);
    REQUIRE(!list.networks.empty());
    CHECK(list.networks.front().keys[0].second == "[32, 32, 12]");
    CHECK(Get(list.networks.front().size, "level1") == 12288);
    CHECK(Get(list.networks.front().size, "level2") == 12288);
    // GB200 NVL72: 72 GPUs with 18 links, one into each of 18 chips of 72 ports in 9 trays of two
    // (NVIDIA's description of the NVLink switch system).
    CHECK(18 * CountSingleSwitch(72).CountCables() == 72 * 18);
}

TEST_CASE("A HyperX has the bisection that its taper asks for")
{
    for (const double taper : {1.0, 2.0})
    {
        NetworkWish wish = MakeWish(256, 32);
        wish.tapers = {{taper}};
        NetworkList list;
        ListHyperx(wish, list);
        REQUIRE(!list.networks.empty());
        for (const Network& network : list.networks)
        {
            CHECK(network.size.ports <= 32);
            CHECK(network.size.places >= 256);
        }
    }
    // Ahn et al., SC 2009: L = 2, S = 8, K = 1, T = 4.
    const NetworkSize size = CountHyperx(256, {8, 8}, 4, {1, 1});
    CHECK(size.ports == 18);
    CHECK(size.chips == 64);
    CHECK(size.CountCables() == 256 + 64 * 14 / 2);
}

TEST_CASE("A tapered tree sends less up than comes from below by no more than its taper")
{
    NetworkWish wish = MakeWish(96, 16);
    wish.tapers = {{3}};
    wish.levels = {2};
    NetworkList list;
    ListFatTrees(wish, list);
    REQUIRE(list.networks.size() == 1);
    CHECK(3 * Get(list.networks.front().size, "level1") >= 96);
    CHECK(Get(list.networks.front().size, "level1") < 96);
    wish.tapers = {{1, 2, 4}};
    NetworkList none;
    ListFatTrees(wish, none);
    CHECK(none.networks.empty());
    CHECK(none.refusals.front().reason == "the top level has no links up to taper");
}

TEST_SUITE_END();
