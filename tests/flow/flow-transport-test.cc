/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/experiment.h"
#include "experiment/run.h"
#include "experiment/yaml.h"
#include "flow-trial.h"

#include <algorithm>
#include <cstdlib>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <map>
#include <random>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** Random numbers, the same everywhere. */
class Dice
{
  public:
    explicit Dice(uint32_t seed)
        : m_random(seed)
    {
    }

    uint64_t Number(uint64_t least, uint64_t most)
    {
        return least + m_random() % (most - least + 1);
    }

    std::string Text(uint64_t least, uint64_t most, const std::string& unit = "")
    {
        return std::to_string(Number(least, most)) + unit;
    }

    template <typename T>
    T Pick(std::initializer_list<T> list)
    {
        return list.begin()[m_random() % list.size()];
    }

  private:
    std::mt19937 m_random;
};

constexpr const char* KINDS[] = {"switch",
                                 "mesh",
                                 "planes",
                                 "planes of trees",
                                 "fat tree",
                                 "dragonfly",
                                 "dragonfly valiant",
                                 "torus",
                                 "hyperx"};

/** Choose a fabric of a kind. */
void
ChooseLayout(FlowTrial& trial, Dice& dice, const std::string& kind)
{
    if (kind == "switch")
    {
        trial.layout = MakeLayout("SingleSwitch", {{"Endpoints", dice.Text(2, 9)}});
    }
    else if (kind == "mesh")
    {
        trial.layout =
            MakeLayout("FullMesh",
                       {{"Endpoints", dice.Text(2, 7)}, {"LinksPerPair", dice.Text(1, 4)}});
    }
    else if (kind == "fat tree")
    {
        trial.layout = MakeLayout("FatTree",
                                  {{"Down", dice.Text(2, 4) + "," + dice.Text(2, 4)},
                                   {"Up", "1," + dice.Text(1, 4)},
                                   {"Parallel", "1," + dice.Text(1, 2)}});
    }
    else if (kind == "dragonfly" || kind == "dragonfly valiant")
    {
        trial.layout = MakeLayout("Dragonfly", {{"P", "2"}, {"A", "2"}, {"H", "1"}});
    }
    else if (kind == "torus")
    {
        trial.layout = MakeLayout("Torus",
                                  {{"Dimensions", dice.Text(2, 5) + "," + dice.Text(1, 3)},
                                   {"EndpointsPerSwitch", dice.Text(1, 2)}});
    }
    else if (kind == "hyperx")
    {
        trial.layout = MakeLayout("Hyperx",
                                  {{"Dimensions", dice.Text(2, 4) + "," + dice.Text(1, 3)},
                                   {"EndpointsPerSwitch", dice.Text(1, 2)}});
    }
    else
    {
        const bool isTree = kind == "planes of trees";
        const std::string down = dice.Text(2, 4) + "," + dice.Text(2, 3);
        const std::string endpoints = dice.Text(2, 7);
        const Ptr<TopologyBuilder> plane =
            isTree ? MakeLayout("FatTree", {{"Down", down}, {"Up", "1," + dice.Text(1, 3)}})
                   : MakeLayout("SingleSwitch", {{"Endpoints", endpoints}});
        plane->SetScope(1);
        const std::string count = isTree ? std::to_string(plane->GetCapacity()) : endpoints;
        trial.layout = MakeLayout("Planes", {{"Endpoints", count}, {"Planes", dice.Text(1, 4)}});
        trial.layout->SetChild("plane", plane);
        trial.scopes = 2;
    }
}

/** Choose parameters: odd ones, and such as bind. */
void
ChooseKnobs(FlowTrial& trial, Dice& dice, uint32_t seed)
{
    TestFabric& test = trial.knobs;
    const uint64_t packet = dice.Pick<uint64_t>({64, 500, 1000, 4096, 8000});
    const uint64_t flit = dice.Pick<uint64_t>({16, 64, 100});
    const uint64_t header = dice.Pick<uint64_t>({0, 16, 30});
    const uint64_t whole = (packet + header + flit - 1) / flit * flit;
    const auto buffer = [&] { return dice.Text(whole, whole * dice.Pick<uint64_t>({2, 40, 400})); };
    const auto rate = [&] {
        return dice.Number(0, 1) == 0 ? "200Gbps" : dice.Text(100000000001, 600000000001, "bps");
    };
    test.seed = seed;
    test.link = {{"Rate", rate()},
                 {"Latency", dice.Text(1, 300000, "ps")},
                 {"CreditOverhead", dice.Number(0, 1) == 0 ? "0ps" : dice.Text(1, 50000, "ps")},
                 {"Flit", std::to_string(flit)},
                 {"Header", std::to_string(header)}};
    if (dice.Number(0, 3) == 0)
    {
        test.links = {{"level1", {{"Rate", rate()}}}};
    }
    test.chip = {
        {"Latency", dice.Text(1, 200000, "ps")},
        {"Vcs", dice.Text(2, 6)},
        {"Buffer", buffer()},
        {"InputSpeedup", dice.Text(1, 3)},
        {"OutputSpeedup", dice.Pick<std::string>({"1", "1", "1", "2"})},
        {"OutputBuffer", std::to_string(whole * 4)},
        {"Queueing", dice.Pick<std::string>({"voq", "voq", "fifo"})},
        {"Arbiter", dice.Pick<std::string>({"round_robin", "round_robin", "islip"})},
        {"Switching", dice.Pick<std::string>({"cut_through", "cut_through", "store_and_forward"})}};
    test.endpoint = {
        {"Packet", std::to_string(packet)},
        {"Window", dice.Number(0, 2) > 0 ? "0" : dice.Text(packet / 2 + 1, packet * 400)},
        {"Buffer", buffer()},
        {"Vcs", dice.Text(1, 3)},
        {"Service", dice.Pick<std::string>({"round_robin", "round_robin", "in_order"})},
        {"MessageOverhead", dice.Number(0, 1) == 0 ? "0ps" : dice.Text(1, 100000, "ps")}};
    test.routing = {{"Granularity", dice.Pick<std::string>({"flow", "flow", "packet"})}};
}

/** Choose messages: at random times, and chains of what waits for what. */
void
ChooseMessages(FlowTrial& trial, Dice& dice)
{
    TestFabric probe = trial.knobs;
    uint32_t endpoints = 0;
    {
        const Simulation simulation;
        probe.Build(trial.layout, trial.scopes);
        endpoints = probe.fabric->GetEndpoints();
        probe.fabric = nullptr;
    }
    const uint64_t end = dice.Pick<uint64_t>({1, 20'000'000, 2'000'000'000});
    const uint64_t packet = std::stoul(trial.knobs.endpoint[0].second);
    const uint64_t most = packet * dice.Number(1, 60);
    const bool isOneSize = dice.Number(0, 2) == 0;
    trial.messages.resize(dice.Pick<uint64_t>({1, 3, 8, 20, 40}));
    for (uint32_t i = 0; i < trial.messages.size(); ++i)
    {
        auto& [message, at, after] = trial.messages[i];
        at = dice.Number(0, 2) == 0 ? 0 : static_cast<Tick>(dice.Number(0, end));
        message.src = static_cast<uint32_t>(dice.Number(0, endpoints - 1));
        message.dst =
            static_cast<uint32_t>((message.src + dice.Number(1, endpoints - 1)) % endpoints);
        message.bytes = isOneSize ? most : dice.Number(1, most);
        message.flow = static_cast<uint32_t>(dice.Number(0, 2));
        for (uint32_t before = 0; before < i; ++before)
        {
            if (trial.messages[before].message.dst == message.src && dice.Number(0, 2) == 0)
            {
                after.push_back(before);
                at = 0;
            }
        }
    }
}

/** A trial of a kind of fabric. */
FlowTrial
MakeTrial(const std::string& kind, uint32_t seed)
{
    Dice dice(seed);
    FlowTrial trial;
    ChooseLayout(trial, dice, kind);
    ChooseKnobs(trial, dice, seed);
    if (kind == "dragonfly valiant")
    {
        trial.knobs.routing.emplace_back("Algorithm", "valiant");
        trial.knobs.chip.emplace_back("Vcs", dice.Text(3, 6)); // it needs three
    }
    ChooseMessages(trial, dice);
    return trial;
}

/** @return random trials of each kind; more where the environment asks for it. */
uint32_t
GetTrials()
{
    const char* const trials = std::getenv("MTLINK_FLOW_TRIALS");
    return trials ? static_cast<uint32_t>(std::stoul(trials)) : 40;
}

} // namespace

TEST_SUITE("flow")
{
    TEST_CASE("a message that is called exact has the times of packets, to the picosecond")
    {
        std::map<Fidelity, uint32_t> count;
        for (const std::string kind : KINDS)
        {
            for (uint32_t seed = 1; seed <= GetTrials(); ++seed)
            {
                CAPTURE(kind);
                CAPTURE(seed);
                FlowTrial trial = MakeTrial(kind, seed);
                const std::vector<Outcome> flows = trial.RunFlows();
                const std::vector<Outcome> packets = trial.RunPackets();
                for (uint32_t i = 0; i < flows.size(); ++i)
                {
                    ++count[flows[i].word];
                    REQUIRE(flows[i].end >= 0);
                    if (flows[i].word == Fidelity::EXACT)
                    {
                        CAPTURE(i);
                        CAPTURE(trial.Describe(i));
                        CHECK(flows[i].start == packets[i].start);
                        CHECK(flows[i].sent == packets[i].sent);
                        CHECK(flows[i].end == packets[i].end);
                    }
                }
            }
        }
        // It is no test if hardly anything is.
        CHECK(count[Fidelity::EXACT] > 150);
        MESSAGE("exact " << count[Fidelity::EXACT] << ", fair " << count[Fidelity::FAIR]
                         << ", approximate " << count[Fidelity::APPROXIMATE]);
    }

    TEST_CASE("links carry what the messages on them do, whatever the fabric")
    {
        for (const std::string kind : KINDS)
        {
            for (uint32_t seed = 1; seed <= 10; ++seed)
            {
                CAPTURE(kind);
                CAPTURE(seed);
                FlowTrial trial = MakeTrial(kind, seed);
                const std::vector<Outcome> first = trial.RunFlows();
                const RunResults flows = trial.results;
                CHECK(trial.RunFlows() == first); // and it is the same again
                trial.RunPackets();
                const RunResults packets = trial.results;
                CHECK(flows.payloadBytesDelivered == packets.payloadBytesDelivered);
                CHECK(flows.packetsDelivered == packets.packetsDelivered);
                double all = 0;
                for (const double share : flows.fidelity)
                {
                    all += share;
                }
                CHECK(all == doctest::Approx(1));
                uint64_t flowBytes = 0;
                uint64_t packetBytes = 0;
                uint64_t flowWire = 0;
                uint64_t packetWire = 0;
                for (uint32_t link = 0; link < flows.links.size(); ++link)
                {
                    flowBytes += flows.links[link].payloadBytes;
                    packetBytes += packets.links[link].payloadBytes;
                    flowWire += flows.links[link].wireBytes;
                    packetWire += packets.links[link].wireBytes;
                    const bool isHashed = trial.knobs.routing[0].second == "flow";
                    if (isHashed && (kind == "fat tree" || kind.starts_with("dragonfly")))
                    {
                        CHECK(flows.links[link].payloadBytes == packets.links[link].payloadBytes);
                        CHECK(flows.links[link].wireBytes == packets.links[link].wireBytes);
                    }
                }
                if (kind == "dragonfly valiant" && trial.knobs.routing[0].second == "packet")
                {
                    continue; // how many links a packet crosses is chance
                }
                // Spread over several links they are parts of bytes.
                CHECK(static_cast<double>(flowBytes) ==
                      doctest::Approx(static_cast<double>(packetBytes)).epsilon(1e-3));
                CHECK(static_cast<double>(flowWire) ==
                      doctest::Approx(static_cast<double>(packetWire)).epsilon(1e-3));
            }
        }
    }

    TEST_CASE(
        "a collective that is called fair takes the time of packets within 1 %, exact: the same")
    {
        const std::vector<std::string> fabrics{
            "kind: single_switch, endpoints: 8",
            "kind: full_mesh, endpoints: 6, links_per_pair: 2",
            "kind: planes, endpoints: 8, planes: 4, plane: {kind: single_switch}",
            "kind: fat_tree, down: [4, 4], up: [1, 4]",
            "kind: fat_tree, down: [4, 4], up: [1, 4], routing: {granularity: packet, selection: "
            "round_robin}",
            "kind: fat_tree, down: [4, 2], up: [1, 2]",
            "kind: dragonfly, p: 2, a: 2, h: 1",
            "kind: torus, dimensions: [4, 2]",
            "kind: hyperx, dimensions: [3, 2], endpoints_per_switch: 2"};
        const std::vector<std::pair<std::string, std::string>> collectives{
            {"all_reduce", "ring"},
            {"all_reduce", "halving_doubling"},
            {"all_reduce", "tree"},
            {"all_reduce", "two_shot"},
            {"all_gather", "bruck"},
            {"all_to_all", "direct"},
            {"all_to_all", "pairwise"},
            {"broadcast", "binomial"},
            {"gather", "direct"},
            {"reduce", "tree"},
            {"send_recv", "direct"}};
        std::map<Fidelity, uint32_t> count;
        Dice dice(1);
        for (const std::string& fabric : fabrics)
        {
            for (const auto& [collective, algorithm] : collectives)
            {
                const std::string text =
                    fmt::format("name: trial\nfabric: {{{}}}\nworkload: {{collective: {}, "
                                "algorithm: {}, size: {}}}\n",
                                fabric,
                                collective,
                                algorithm,
                                dice.Pick<std::string>({"1000B", "64KiB", "8MiB", "7777777B"}));
                CAPTURE(text);
                const auto run = [&text](const std::string& mode) {
                    const YamlNode document = ParseYaml(text, {"trial.yaml", ""});
                    return RunExperiment(
                               ReadExperiment(document, "trial", {{"", "simulation.mode=" + mode}}))
                        .results.collectives.at(0);
                };
                const CollectiveResult flow = run("flow");
                const CollectiveResult packet = run("packet");
                ++count[flow.fidelity];
                CHECK(packet.fidelity == Fidelity::PACKET);
                if (flow.fidelity == Fidelity::EXACT)
                {
                    CHECK(flow.start == packet.start);
                    CHECK(flow.end == packet.end);
                }
                if (flow.fidelity == Fidelity::FAIR)
                {
                    CHECK(static_cast<double>(flow.end - flow.start) ==
                          doctest::Approx(static_cast<double>(packet.end - packet.start))
                              .epsilon(0.01));
                }
            }
        }
        CHECK(count[Fidelity::EXACT] > 20);
        CHECK(count[Fidelity::FAIR] >= 5);
        MESSAGE("exact " << count[Fidelity::EXACT] << ", fair " << count[Fidelity::FAIR]
                         << ", approximate " << count[Fidelity::APPROXIMATE]);
    }

    TEST_CASE("n to one: the last is in when the link of the one has carried all")
    {
        FlowTrial trial;
        trial.layout = MakeLayout("SingleSwitch", {{"Endpoints", "5"}});
        trial.knobs.link.emplace_back("Header", "0");
        trial.knobs.link.emplace_back("Flit", "64");
        trial.knobs.endpoint = {{"Packet", "4096"}};
        for (uint32_t src = 1; src < 5; ++src)
        {
            trial.messages.push_back({{src, 0, 1 << 20, 0}, 0, {}});
        }
        // 1 MiB at 64 B/ns; two links of 10 ns, a switch of 2 ns.
        for (const Outcome& outcome : trial.RunFlows())
        {
            CHECK(outcome.sent == doctest::Approx(4 * 16'384'000));
            CHECK(outcome.end == outcome.sent + 22'000);
            CHECK(outcome.word == Fidelity::APPROXIMATE); // in packets they would be sent earlier
        }
        REQUIRE(trial.results.congestion.size() == 4);
        CHECK(trial.results.congestion[0].root == "switch:0");
        CHECK(trial.results.congestion[0].stall == doctest::Approx(3 * 16'384'000));
        const std::vector<Outcome> packets = trial.RunPackets();
        Tick last = 0;
        for (const Outcome& outcome : packets)
        {
            last = std::max(last, outcome.end);
        }
        CHECK(last == 4 * 16'384'000 + 22'000);
    }

    TEST_CASE("a later message takes its share from then on, and gives it back")
    {
        FlowTrial trial;
        trial.layout = MakeLayout("SingleSwitch", {{"Endpoints", "3"}});
        trial.knobs.link.emplace_back("Header", "0");
        trial.knobs.endpoint = {{"Packet", "4096"}};
        trial.messages.push_back({{1, 0, 1 << 20, 0}, 0, {}});
        trial.messages.push_back({{2, 0, 1 << 18, 0}, 4'096'000, {}});
        const std::vector<Outcome> outcomes = trial.RunFlows();
        // A quarter alone; then half rates for twice the time of the other's quarter.
        CHECK(outcomes[1].sent == doctest::Approx(4'096'000 + 2 * 4'096'000));
        CHECK(outcomes[0].sent == doctest::Approx(16'384'000 + 4'096'000));
        CHECK(outcomes[0].word == Fidelity::APPROXIMATE);
        CHECK(outcomes[1].word == Fidelity::APPROXIMATE);
    }

    TEST_CASE("an oversubscribed tree gives each its part of the links up")
    {
        FlowTrial trial;
        trial.layout = MakeLayout("FatTree", {{"Down", "4,2"}, {"Up", "1,1"}});
        trial.knobs.link.emplace_back("Header", "0");
        trial.knobs.endpoint = {{"Packet", "4096"}};
        for (uint32_t src = 0; src < 4; ++src)
        {
            trial.messages.push_back({{src, 4 + src, 1 << 20, 0}, 0, {}});
        }
        for (const Outcome& outcome : trial.RunFlows())
        {
            CHECK(outcome.sent == doctest::Approx(4 * 16'384'000));
        }
    }

    TEST_CASE("a window bounds a flow: so many packets a round trip")
    {
        FlowTrial trial;
        trial.layout = MakeLayout("SingleSwitch", {{"Endpoints", "2"}});
        trial.knobs.link.emplace_back("Header", "0");
        trial.knobs.endpoint = {{"Packet", "4096"}, {"Window", "8192"}};
        trial.knobs.link[1].second = "1us";
        trial.messages.push_back({{0, 1, 4096 * 101, 0}, 0, {}});
        const std::vector<Outcome> flows = trial.RunFlows();
        const std::vector<Outcome> packets = trial.RunPackets();
        CHECK(flows[0].end == doctest::Approx(packets[0].end).epsilon(1e-4));
        CHECK(flows[0].word == Fidelity::APPROXIMATE);
    }

    TEST_CASE("messages to one destination wait for one another, to the picosecond")
    {
        FlowTrial trial;
        trial.layout = MakeLayout("SingleSwitch", {{"Endpoints", "3"}});
        trial.knobs.link[0].second = "224Gbps"; // no whole picoseconds
        trial.knobs.chip.emplace_back("Buffer", "65536");
        trial.knobs.endpoint = {{"Packet", "4096"}};
        for (uint64_t bytes : {70'000, 1, 12'345, 4096, 333})
        {
            trial.messages.push_back({{0, 1, bytes, 0}, 0, {}});
        }
        const std::vector<Outcome> flows = trial.RunFlows();
        const std::vector<Outcome> packets = trial.RunPackets();
        for (uint32_t i = 0; i < flows.size(); ++i)
        {
            CAPTURE(i);
            CHECK(flows[i].word == Fidelity::EXACT);
            CHECK(flows[i].sent == packets[i].sent);
            CHECK(flows[i].end == packets[i].end);
        }
    }
}
