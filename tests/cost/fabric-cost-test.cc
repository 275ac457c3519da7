/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../simulation.h"
#include "cost/fabric-cost.h"
#include "experiment/attributes.h"
#include "experiment/run.h"
#include "measure/summary.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/mtlink-full-mesh-topology.h"
#include "ns3/mtlink-planes-topology.h"
#include "ns3/mtlink-single-switch-topology.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <cmath>
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** A fabric whose links are all alike, and its switches. */
struct Design
{
    explicit Design(const Ptr<TopologyBuilder>& layout)
        : builder(layout),
          topology(layout->Build())
    {
    }

    CostInput Input() const
    {
        return {topology,
                [this](uint32_t) -> const LinkProfile& { return *link; },
                [this](uint32_t) -> const SwitchProfile& { return *chip; },
                4096};
    }

    FabricCost Cost() const
    {
        return EstimateFabricCost(Input(), *profile);
    }

    /** @return the cost of its first switch. */
    ChipCost Chip() const
    {
        return Cost().chips.at(0);
    }

    Simulation simulation;
    Ptr<TopologyBuilder> builder;
    Topology topology;
    Ptr<LinkProfile> link{CreateObject<LinkProfile>()};
    Ptr<SwitchProfile> chip{CreateObject<SwitchProfile>()};
    Ptr<CostProfile> profile{CreateObject<CostProfile>()};
};

Ptr<TopologyBuilder>
OneSwitch(uint32_t ports)
{
    const Ptr<SingleSwitchTopology> layout = CreateObject<SingleSwitchTopology>();
    layout->SetAttribute("Endpoints", UintegerValue(ports));
    return layout;
}

Ptr<TopologyBuilder>
Mesh(uint32_t endpoints)
{
    const Ptr<FullMeshTopology> layout = CreateObject<FullMeshTopology>();
    layout->SetAttribute("Endpoints", UintegerValue(endpoints));
    return layout;
}

/** A profile in which nothing costs anything. */
Ptr<CostProfile>
Free()
{
    const Ptr<CostProfile> profile = CreateObject<CostProfile>();
    for (const AttributeInfo& info : DescribeAttributes(CostProfile::GetTypeId()))
    {
        if (info.form == AttributeForm::NUMBER && info.name != "Clock" && info.name != "Reticle")
        {
            profile->SetAttribute(info.name, DoubleValue(0));
        }
    }
    return profile;
}

} // namespace

TEST_SUITE("cost")
{
    TEST_CASE("a chip costs what its formulas give by hand")
    {
        // 64 ports of 200 Gb/s, 4 VCs of 32 KiB, input speedup 2: 12.8 Tb/s.
        Design design(OneSwitch(64));
        design.link->SetAttribute("Rate", StringValue("200Gbps"));
        const ChipCost chip = design.Chip();
        CHECK(chip.chips == 1);
        CHECK(chip.ports == 64);
        CHECK(chip.bitRate == 12.8e12);
        CHECK(chip.serdes == 128); // two of 112 Gb/s for 200
        CHECK(chip.bufferBytes == 64 * 4 * 32768);
        CHECK(chip.phy.area == doctest::Approx(64));
        CHECK(chip.phy.power == doctest::Approx(64));
        CHECK(chip.logic.area == doctest::Approx(64));
        CHECK(chip.logic.power == doctest::Approx(25.6));
        // 67.108864 Mbit, and 64 x 64 x 4 queues of 50 um2.
        CHECK(chip.buffers.area == doctest::Approx(67.108864 * 0.06 + 16384 * 50e-6));
        CHECK(chip.buffers.power == doctest::Approx(6.4));
        // 160 wires per port at 1.25 GHz: 64 x 2 times 64 times 160 crosspoints of 1 um2.
        CHECK(chip.crossbar.area == doctest::Approx(1.31072));
        CHECK(chip.crossbar.power == doctest::Approx(12.8 * 0.1 * 2 * std::sqrt(1.31072)));
        CHECK(chip.reduction.area == 0);
        CHECK(chip.base.area == doctest::Approx(20));
        const double area = 64 + 64 + 67.108864 * 0.06 + 16384 * 50e-6 + 1.31072 + 20;
        CHECK(chip.GetTotal().area == doctest::Approx(area));
        CHECK(chip.base.power == doctest::Approx(10 + 0.05 * area));
    }

    TEST_CASE("a second memory on a packet's way takes the power of one more pass")
    {
        Design design(OneSwitch(64));
        design.link->SetAttribute("Rate", StringValue("200Gbps"));
        const double pass = design.Chip().buffers.power;
        CHECK(pass == doctest::Approx(6.4));
        design.chip->SetAttribute("OutputSpeedup", StringValue("2")); // queues at the outputs
        CHECK(design.Chip().buffers.power == doctest::Approx(2 * pass));
        design.chip->SetAttribute("OutputSpeedup", StringValue("1"));
        design.chip->SetAttribute("Queueing", StringValue("output")); // a shared memory
        design.chip->SetAttribute("SharedBuffer", StringValue("1048576"));
        CHECK(design.Chip().buffers.power == doctest::Approx(2 * pass));
    }

    TEST_CASE("published chips come out within a factor of two of what is told of them")
    {
        // Tomahawk 5, 5 nm: 256 ports of 200 Gb/s, 166.3 MB shared; 450 to 500 W.
        Design tomahawk(OneSwitch(256));
        tomahawk.link->SetAttribute("Rate", StringValue("200Gbps"));
        tomahawk.chip->SetAttribute("Queueing", StringValue("output"));
        tomahawk.chip->SetAttribute("Buffer", UintegerValue(4096));
        tomahawk.chip->SetAttribute("SharedBuffer", UintegerValue(166300000));
        CHECK(tomahawk.Chip().GetTotal().power > 475 / 2.0);
        CHECK(tomahawk.Chip().GetTotal().power < 475 * 2.0);
        CHECK(tomahawk.Chip().GetTotal().area < tomahawk.profile->reticle);
        // NVSwitch3, 4 nm: 64 ports of 200 Gb/s, in-network reduction; 294 mm2.
        Design nvswitch(OneSwitch(64));
        nvswitch.link->SetAttribute("Rate", StringValue("200Gbps"));
        nvswitch.chip->SetAttribute("Reduction", BooleanValue(true));
        CHECK(nvswitch.Chip().GetTotal().area > 294 / 2.0);
        CHECK(nvswitch.Chip().GetTotal().area < 294 * 2.0);
    }

    TEST_CASE("a part grows with what it is for: ports, rate, buffers, squared radix, speedup")
    {
        Design small(OneSwitch(32));
        Design large(OneSwitch(64));
        for (Design* design : {&small, &large})
        {
            design->profile = Free();
        }
        const auto ratio = [&](const char* parameter) {
            for (Design* design : {&small, &large})
            {
                design->profile = Free();
                design->profile->SetAttribute(parameter, DoubleValue(1));
            }
            const PartCost a = small.Chip().GetTotal();
            const PartCost b = large.Chip().GetTotal();
            return a.area > 0 ? b.area / a.area : b.power / a.power;
        };
        CHECK(ratio("SerdesArea") == doctest::Approx(2));
        CHECK(ratio("SerdesEnergy") == doctest::Approx(2));
        CHECK(ratio("LogicArea") == doctest::Approx(2));
        CHECK(ratio("SramArea") == doctest::Approx(2));
        CHECK(ratio("CrosspointArea") == doctest::Approx(4));
        CHECK(ratio("QueueArea") == doctest::Approx(4));
        CHECK(ratio("ChipArea") == doctest::Approx(1));

        // Equal capacity by half as many ports of twice the rate: half the crossbar.
        small.link->SetAttribute("Rate", StringValue("448Gbps"));
        CHECK(ratio("CrosspointArea") == doctest::Approx(2));
        CHECK(ratio("SerdesArea") == doctest::Approx(1));

        // The crossbar's wires are as long as its sides: energy per bit grows with their length.
        small.profile = large.profile = Free();
        large.profile->SetAttribute("CrosspointArea", DoubleValue(1));
        large.profile->SetAttribute("WireEnergy", DoubleValue(1));
        const double speedup2 = large.Chip().crossbar.power;
        large.chip->SetAttribute("InputSpeedup", UintegerValue(8));
        CHECK(large.Chip().crossbar.power / speedup2 == doctest::Approx(2));
    }

    TEST_CASE("every parameter of a switch or link that the model reads changes its cost")
    {
        using Change = std::function<void(Design&)>;
        const auto set = [](const char* name, const AttributeValue& value) {
            return Change([name, copy = value.Copy()](Design& design) {
                design.chip->SetAttribute(name, *copy);
            });
        };
        const auto retry = [](uint64_t bytes) {
            return Change([bytes](Design& design) {
                design.link->SetAttribute("Retry", StringValue("go_back_n"));
                design.link->SetAttribute("ReplayBuffer", UintegerValue(bytes));
            });
        };
        const Design plain(OneSwitch(8));
        const auto bytesOf = [&plain](const std::vector<Change>& changes) {
            Design design(OneSwitch(8));
            for (const Change& change : changes)
            {
                change(design);
            }
            return static_cast<int64_t>(design.Chip().bufferBytes) -
                   static_cast<int64_t>(plain.Chip().bufferBytes);
        };
        CHECK(bytesOf({set("Vcs", UintegerValue(5))}) == 8 * 32768);
        CHECK(bytesOf({set("Buffer", UintegerValue(32769))}) == 8 * 4);
        CHECK(bytesOf({set("SharedBuffer", UintegerValue(1000))}) == 1000);
        CHECK(bytesOf({set("OutputBuffer", UintegerValue(100))}) == 0); // no output queues
        CHECK(bytesOf({set("OutputBuffer", UintegerValue(100)),
                       set("OutputSpeedup", UintegerValue(2))}) == 800);
        CHECK(bytesOf({retry(5000)}) == 8 * 5000);
        // 224 Gb/s for twice 125 ns: what is sent until an acknowledgement is back.
        CHECK(bytesOf({retry(0)}) == 8 * 7000);
        // 1024 contexts of two packets of 4 KiB.
        CHECK(bytesOf({set("Reduction", BooleanValue(true))}) == 1024 * 2 * 4096);
        CHECK(bytesOf({set("Reduction", BooleanValue(true)),
                       set("ReductionMemory", UintegerValue(65536))}) == 65536);
        CHECK(bytesOf({set("ReductionContexts", UintegerValue(9))}) == 0); // no unit

        Design reduced(OneSwitch(8));
        reduced.chip->SetAttribute("Reduction", BooleanValue(true));
        const double whole = reduced.Chip().reduction.area;
        CHECK(whole == doctest::Approx(8 * 0.224 * 0.5));
        reduced.chip->SetAttribute("ReductionRate", DoubleValue(14e9)); // half of the port's
        CHECK(reduced.Chip().reduction.area == doctest::Approx(whole / 2));

        // Queues: of a VOQ per output and VC, of a FIFO per VC.
        Design fifo(OneSwitch(8));
        fifo.chip->SetAttribute("Queueing", StringValue("fifo"));
        CHECK(plain.Chip().buffers.area - fifo.Chip().buffers.area ==
              doctest::Approx((8 - 1) * 8 * 4 * 50e-6));
        // A shared memory is passed second, by a crossbar before and one behind it.
        Design output(OneSwitch(8));
        output.chip->SetAttribute("Queueing", StringValue("output"));
        CHECK(output.Chip().buffers.power == doctest::Approx(2 * plain.Chip().buffers.power));
        CHECK(output.Chip().crossbar.area == doctest::Approx(plain.Chip().crossbar.area));
        CHECK(output.Chip().crossbar.power ==
              doctest::Approx(std::sqrt(2) * plain.Chip().crossbar.power));
    }

    TEST_CASE("every parameter of the technology changes what it should")
    {
        // Doubled, a parameter of area or power makes the fabric dearer; but those of the edges.
        const auto cost = [](const std::string& key, double value) {
            Design design(OneSwitch(8));
            design.chip->SetAttribute("Reduction", BooleanValue(true));
            design.link->SetAttribute("Length", DoubleValue(5));
            if (!key.empty())
            {
                design.profile->SetAttribute(key, DoubleValue(value));
            }
            return design.Cost();
        };
        const FabricCost before = cost("", 0);
        const std::set<std::string> areas{"SerdesArea",
                                          "LogicArea",
                                          "SramArea",
                                          "QueueArea",
                                          "CrosspointArea",
                                          "ReductionArea",
                                          "ChipArea"};
        for (const AttributeInfo& info : DescribeAttributes(CostProfile::GetTypeId()))
        {
            CAPTURE(info.name);
            if (info.form == AttributeForm::RATE || info.form == AttributeForm::LENGTH)
            {
                continue; // below
            }
            const FabricCost after = cost(info.name, 2 * std::stod(info.defaultValue));
            const bool isArea = areas.count(info.name) > 0;
            if (info.name == "Reticle")
            {
                CHECK(after.GetArea() == before.GetArea());
                CHECK(after.GetPower() == before.GetPower());
            }
            else if (info.name == "Clock")
            {
                CHECK(after.GetArea() < before.GetArea());
            }
            else
            {
                CHECK((after.GetArea() > before.GetArea()) == isArea);
                CHECK(after.GetPower() > before.GetPower()); // area has static power
            }
        }
        Design design(OneSwitch(8));
        design.profile->SetAttribute("LaneRate", StringValue("224Gbps"));
        CHECK(design.Chip().serdes == 8);
        CHECK(design.Cost().GetSerdes() == 16);
        design.link->SetAttribute("Length", DoubleValue(3.5));
        CHECK(design.Cost().opticalCables == 8);
        CHECK(design.Cost().cablePower == doctest::Approx(8 * 2 * 0.224 * 20));
        design.profile->SetAttribute("CopperReach", DoubleValue(4));
        CHECK(design.Cost().opticalCables == 0);
        CHECK(design.Cost().cablePower == 0);
        CHECK(design.Cost().cablesWithoutLength == 0);
        design.link->SetAttribute("Latency", StringValue("1us")); // of unknown length
        CHECK(design.Cost().cablesWithoutLength == 8);
        CHECK(design.Cost().cablePower == 0);
    }

    TEST_CASE("a mesh costs SerDes in its endpoints and no switch chip")
    {
        const Design design(Mesh(8));
        const FabricCost cost = design.Cost();
        CHECK(cost.chips.empty());
        CHECK(cost.GetArea() == 0);
        CHECK(cost.GetChipArea() == 0);
        CHECK(cost.GetChipPower() == 0);
        CHECK(cost.GetSerdes() == 8 * 7 * 2);
        CHECK(cost.GetPower() == doctest::Approx(8 * 7 * 0.224 * 5));
        CHECK(cost.GetBufferBytes() == 0);
    }

    TEST_CASE("a fabric costs its chips, each kind by itself, and the ends of its links")
    {
        const Ptr<PlanesTopology> planes = CreateObject<PlanesTopology>();
        planes->SetAttribute("Planes", UintegerValue(3));
        planes->SetAttribute("Endpoints", UintegerValue(8));
        planes->SetChild("plane", OneSwitch(8));
        const Design design(planes);
        const Design one(OneSwitch(8));
        const FabricCost cost = design.Cost();
        REQUIRE(cost.chips.size() == 1);
        CHECK(cost.chips[0].chips == 3);
        CHECK(cost.GetArea() == doctest::Approx(3 * one.Cost().GetArea()));
        CHECK(cost.GetPower() == doctest::Approx(3 * one.Cost().GetPower()));
        CHECK(cost.GetChipArea() == one.Cost().GetArea());
        CHECK(cost.GetSerdes() == 3 * (8 + 8) * 2);
        CHECK(cost.GetBufferBytes() == 3 * one.Cost().GetBufferBytes());
    }

    TEST_CASE("an experiment's cost section counts in its results, and is written back")
    {
        const std::string text = "fabric: {kind: single_switch, endpoints: 4}\n"
                                 "workload: {collective: all_reduce, size: 4KiB}\n";
        const auto run = [](const std::string& yaml) {
            return RunExperiment(ReadExperiment(ParseYaml(yaml, {"test.yaml", ""}), "test"));
        };
        const RunOutcome plain = run(text);
        const RunOutcome dear = run(text + "cost: {serdes_area: 10, copper_reach: 50cm}\n");
        REQUIRE(plain.results.cost);
        CHECK(dear.results.cost->area == doctest::Approx(plain.results.cost->area + 8 * 9.5));
        // 4 cables of 1 m become optical; 76 mm2 more leak.
        CHECK(dear.results.cost->power ==
              doctest::Approx(plain.results.cost->power + 4 * 2 * 0.224 * 20 + 8 * 9.5 * 0.05));
        CHECK(dear.results.completionTime == plain.results.completionTime);
        CHECK(dear.results.events == plain.results.events);
        CHECK(dear.results.experimentYaml.find("serdes_area: 10\n") != std::string::npos);
        CHECK(run(dear.results.experimentYaml).results.cost->area == dear.results.cost->area);
        const auto summary = nlohmann::json::parse(WriteSummary(plain.results));
        CHECK(summary["cost"]["area_mm2"] == plain.results.cost->area);
        CHECK(summary["cost"]["serdes"] == 16);
        CHECK_THROWS_AS(run(text + "cost: {serdes_aria: 1}\n"), InputError);
        CHECK_THROWS_AS(run(text + "cost: {serdes_area: -1}\n"), InputError);
        CHECK_THROWS_AS(run(text + "cost: {lane_rate: 0Gbps}\n"), InputError);
    }
}
