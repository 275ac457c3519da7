/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TEST_RANDOM_FABRIC_H
#define MTLINK_TEST_RANDOM_FABRIC_H

#include "../dice.h"
#include "test-fabric.h"

#include <algorithm>
#include <string>
#include <vector>

/** What parameters are drawn from; where a value is to be more likely, it stands there twice. */
struct KnobOdds
{
    std::vector<uint64_t> buffers;           //!< Of switches and endpoints, packets at most
    std::vector<std::string> rates;          //!< Of links; "": any
    std::vector<bool> limitsWindow;          //!< Of endpoints
    std::vector<uint64_t> window;            //!< Packets at most
    std::vector<std::string> outputSpeedups; //!< Of switches
    std::vector<std::string> queueings;      //!< Likewise
    std::vector<std::string> arbiters;       //!< Likewise
    std::vector<std::string> services;       //!< Of endpoints
    std::vector<std::string> granularities;  //!< Of routing
    std::vector<std::string> sprayed;        //!< Kinds that have one but flow; none: all
};

/** A fabric at random, not built. */
struct RandomFabric
{
    ns3::Ptr<ns3::mtlink::TopologyBuilder> layout; //!< The fabric
    uint32_t scopes{1};                            //!< Its own and its children's
    TestFabric knobs;                              //!< Parameters
};

/**
 * Choose a layout.
 * @param [in,out] dice The numbers.
 * @param [in] kind single switch, full mesh, detours, fat tree, dragonfly, dragonfly valiant,
 *             torus, hyperx, planes, planes of trees or rails.
 * @param [out] fabric Gets it.
 */
inline void
ChooseLayout(Dice& dice, const std::string& kind, RandomFabric& fabric)
{
    using namespace ns3;
    using namespace ns3::mtlink;
    const auto pair = [&dice](uint64_t most, uint64_t more) {
        return dice.Text(2, most) + "," + dice.Text(1, more);
    };
    const auto part = [&fabric](const std::string& name, const Ptr<TopologyBuilder>& child) {
        child->SetScope(fabric.scopes++);
        fabric.layout->SetChild(name, child);
    };
    if (kind == "single switch")
    {
        fabric.layout = MakeLayout("SingleSwitch", {{"Endpoints", dice.Text(2, 8)}});
    }
    else if (kind == "full mesh" || kind == "detours")
    {
        const bool detours = kind == "detours";
        fabric.layout = MakeLayout("FullMesh",
                                   {{"Endpoints", dice.Text(detours ? 3 : 2, 6)},
                                    {"LinksPerPair", dice.Text(1, detours ? 3 : 4)}});
    }
    else if (kind == "fat tree")
    {
        fabric.layout = MakeLayout("FatTree",
                                   {{"Down", dice.Text(2, 4) + "," + dice.Text(2, 4)},
                                    {"Up", "1," + dice.Text(1, 4)},
                                    {"Parallel", "1," + dice.Text(1, 2)}});
    }
    else if (kind.starts_with("dragonfly"))
    {
        fabric.layout = MakeLayout("Dragonfly", {{"P", "2"}, {"A", "2"}, {"H", "1"}});
    }
    else if (kind == "torus")
    {
        fabric.layout = MakeLayout("Torus",
                                   {{"Dimensions", pair(5, 2)},
                                    {"Wrap", dice.Text(0, 1)},
                                    {"EndpointsPerSwitch", dice.Text(1, 2)}});
    }
    else if (kind == "hyperx")
    {
        fabric.layout =
            MakeLayout("Hyperx",
                       {{"Dimensions", pair(4, 3)}, {"EndpointsPerSwitch", dice.Text(1, 2)}});
    }
    else if (kind == "rails")
    {
        const std::string nodes = dice.Text(2, 4);
        fabric.layout = MakeLayout("Rails", {{"Nodes", nodes}});
        part("node",
             MakeLayout("FullMesh",
                        {{"Endpoints", dice.Text(2, 4)}, {"LinksPerPair", dice.Text(1, 2)}}));
        part("network", MakeLayout("SingleSwitch", {{"Endpoints", nodes}}));
    }
    else if (kind == "planes of trees")
    {
        const Ptr<TopologyBuilder> plane = MakeLayout(
            "FatTree",
            {{"Down", dice.Text(2, 4) + "," + dice.Text(2, 3)}, {"Up", "1," + dice.Text(1, 3)}});
        fabric.layout = MakeLayout(
            "Planes",
            {{"Endpoints", std::to_string(plane->GetCapacity())}, {"Planes", dice.Text(1, 4)}});
        part("plane", plane);
    }
    else
    {
        const std::string endpoints = dice.Text(2, 6);
        fabric.layout =
            MakeLayout("Planes", {{"Endpoints", endpoints}, {"Planes", dice.Text(1, 4)}});
        part("plane", MakeLayout("SingleSwitch", {{"Endpoints", endpoints}}));
    }
}

/**
 * Choose parameters: odd ones, so that few things happen at one time, and such as bind.
 * @param [in,out] dice The numbers.
 * @param [in] kind As for ChooseLayout().
 * @param [in] odds What from.
 * @param [out] fabric Gets them.
 */
inline void
ChooseKnobs(Dice& dice, const std::string& kind, const KnobOdds& odds, RandomFabric& fabric)
{
    TestFabric& test = fabric.knobs;
    const uint64_t packet = dice.Pick<uint64_t>({64, 500, 1000, 4096, 8000});
    const uint64_t flit = dice.Pick<uint64_t>({16, 64, 100});
    const uint64_t header = dice.Pick<uint64_t>({0, 16, 30});
    const uint64_t whole = (packet + header + flit - 1) / flit * flit;
    const auto buffer = [&] { return dice.Text(whole, whole * dice.Pick(odds.buffers)); };
    const auto rate = [&] {
        const std::string known = dice.Pick(odds.rates);
        return known.empty() ? dice.Text(100000000001, 600000000001, "bps") : known;
    };
    test.link = {{"Rate", rate()},
                 {"Latency", dice.Text(1, 300000, "ps")},
                 {"CreditOverhead", dice.Number(0, 1) == 0 ? "0ps" : dice.Text(1, 50000, "ps")},
                 {"Flit", std::to_string(flit)},
                 {"Header", std::to_string(header)}};
    if ((kind == "fat tree" || kind == "planes of trees") && dice.Number(0, 1) == 0)
    {
        test.links = {{"level1", {{"Rate", rate()}}}};
    }
    test.chip = {{"Latency", dice.Text(1, 200000, "ps")},
                 {"Vcs",
                  kind.starts_with("dragonfly") || kind == "torus" || kind == "hyperx"
                      ? dice.Text(2, 6)
                      : dice.Text(1, 4)},
                 {"Buffer", buffer()},
                 {"InputSpeedup", dice.Text(1, 3)},
                 {"OutputSpeedup", dice.Pick(odds.outputSpeedups)},
                 {"OutputBuffer", buffer()},
                 {"Queueing", dice.Pick(odds.queueings)},
                 {"Arbiter", dice.Pick(odds.arbiters)},
                 {"Switching", dice.Pick<std::string>({"cut_through", "store_and_forward"})}};
    test.endpoint = {
        {"Packet", std::to_string(packet)},
        {"Window",
         dice.Pick(odds.limitsWindow) ? dice.Text(packet / 2 + 1, packet * dice.Pick(odds.window))
                                      : "0"},
        {"Buffer", buffer()},
        {"Vcs", dice.Text(1, 3)},
        {"Service", dice.Pick(odds.services)},
        {"MessageOverhead", dice.Number(0, 1) == 0 ? "0ps" : dice.Text(1, 100000, "ps")}};
    const bool canSpray =
        odds.sprayed.empty() ||
        std::find(odds.sprayed.begin(), odds.sprayed.end(), kind) != odds.sprayed.end();
    test.routing = {{"Granularity", canSpray ? dice.Pick(odds.granularities) : "flow"}};
    if (kind == "dragonfly valiant")
    {
        test.routing.emplace_back("Algorithm", "valiant");
        test.chip.emplace_back("Vcs", dice.Text(3, 6)); // it needs three
    }
}

/** @return the parameters of a fabric, for who looks for an error. */
inline std::string
DescribeKnobs(const RandomFabric& fabric)
{
    std::string text;
    const TestFabric& knobs = fabric.knobs;
    for (const Values* values : {&knobs.link, &knobs.chip, &knobs.endpoint, &knobs.routing})
    {
        for (const auto& [name, value] : *values)
        {
            text += name + " " + value + ", ";
        }
    }
    return text;
}

#endif // MTLINK_TEST_RANDOM_FABRIC_H
