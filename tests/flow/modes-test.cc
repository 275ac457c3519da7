/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What holds of any fabric and any workload: a collective that unfolds as it runs gives packet
// mode's results to the byte, what is called exact has packet mode's times to the picosecond, what
// is called fair is within 1 % of them. validation/property/modes runs a thousand of each.

#include "../workload/alpha-beta-transport.h"
#include "../workload/expanded-collective.h"
#include "experiment/fabric-hints.h"
#include "fabric/link-load.h"
#include "flow-trial.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <array>
#include <doctest/doctest.h>
#include <map>
#include <numeric>
#include <tuple>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

constexpr std::array KINDS{"single switch",
                           "full mesh",
                           "planes",
                           "planes of trees",
                           "fat tree",
                           "dragonfly",
                           "dragonfly valiant",
                           "torus",
                           "hyperx",
                           "rails"};

/** @return what parameters are drawn from: such as bind, but not all of them at once. */
KnobOdds
MakeOdds()
{
    KnobOdds odds;
    odds.buffers = {2, 40, 400};
    odds.rates = {"200Gbps", ""};
    odds.limitsWindow = {false, false, true};
    odds.window = {400};
    odds.outputSpeedups = {"1", "1", "1", "2"};
    odds.queueings = {"voq", "voq", "fifo"};
    odds.arbiters = {"round_robin", "round_robin", "islip"};
    odds.services = {"round_robin", "round_robin", "in_order"};
    odds.granularities = {"flow", "flow", "packet"};
    return odds;
}

/** @return the same, but nothing binds that can be left out: for what is exact or fair. */
KnobOdds
MakeRoomyOdds()
{
    KnobOdds odds = MakeOdds();
    odds.buffers = {400};
    odds.limitsWindow = {false};
    odds.queueings = {"voq", "voq", "voq", "fifo"};
    odds.arbiters = {"round_robin", "round_robin", "round_robin", "islip"};
    odds.services = {"round_robin"};
    odds.granularities = {"flow", "flow", "flow", "packet"};
    return odds;
}

/** @return the kind of fabric of a seed. */
std::string
GetKind(uint32_t seed)
{
    return KINDS[seed % KINDS.size()];
}

/** Choose a fabric of a seed's kind. @return its number of endpoints. */
uint32_t
ChooseFabric(RandomFabric& fabric, Dice& dice, const KnobOdds& odds, uint32_t seed)
{
    ChooseLayout(dice, GetKind(seed), fabric);
    ChooseKnobs(dice, GetKind(seed), odds, fabric);
    fabric.knobs.seed = seed;
    return PacketStage(fabric).GetFabric()->GetEndpoints();
}

/** @return bytes of a packet. */
uint64_t
GetPacket(const RandomFabric& fabric)
{
    return std::stoul(fabric.knobs.endpoint.front().second);
}

/** @return a fabric, and messages: at random times, and chains of what waits for what. */
FlowTrial
MakeTrial(uint32_t seed)
{
    Dice dice(seed);
    FlowTrial trial;
    const uint32_t endpoints = ChooseFabric(trial, dice, MakeOdds(), seed);
    const uint64_t end = dice.Pick<uint64_t>({1, 20'000'000, 2'000'000'000});
    const uint64_t most = GetPacket(trial) * dice.Number(1, 60);
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
    return trial;
}

/** Some collectives on a fabric. */
struct Job
{
    std::vector<CollectiveSpec> specs; //!< One after the other, for each rank
    std::vector<Tick> skews;           //!< Before each rank's first
    HostCosts costs;                   //!< Of the hosts
};

/** Choose one or several collectives of some endpoints. */
Job
ChooseJob(const RandomFabric& fabric, Dice& dice, uint32_t endpoints)
{
    Job job;
    const FabricHints hints = GetFabricHints(PacketStage(fabric).GetFabric());
    const std::vector<std::string> names = GetCollectives();
    const bool isSkewed = dice.Number(0, 3) == 0;
    for (uint32_t rank = 0; rank < endpoints; ++rank)
    {
        job.skews.push_back(isSkewed ? static_cast<Tick>(dice.Number(0, 3'000'000)) : 0);
    }
    job.costs.operationOverhead = static_cast<Tick>(dice.Number(0, 1) * dice.Number(0, 500'000));
    const uint64_t count = dice.Pick<uint64_t>({1, 1, 2, 3});
    while (job.specs.size() < count)
    {
        CollectiveSpec spec;
        spec.name = names[dice.Number(0, names.size() - 1)];
        std::vector<std::string> algorithms = GetAlgorithms(spec.name);
        std::erase(algorithms, "in_network");
        spec.algorithm = algorithms[dice.Number(0, algorithms.size() - 1)];
        spec.ranks.resize(endpoints);
        std::iota(spec.ranks.begin(), spec.ranks.end(), 0);
        if (dice.Number(0, 3) == 0) // some of them, in any order
        {
            for (uint32_t i = endpoints; i > 1; --i)
            {
                std::swap(spec.ranks[i - 1], spec.ranks[dice.Number(0, i - 1)]);
            }
            spec.ranks.resize(dice.Number(2, endpoints));
        }
        const auto n = static_cast<uint32_t>(spec.ranks.size());
        spec.endpoints = spec.ranks;
        spec.root = static_cast<uint32_t>(dice.Number(0, n - 1));
        const uint64_t packets = dice.Pick<uint64_t>({1, 10, 250, 500});
        spec.bytes = dice.Number(0, 1) == 0 ? packets * GetPacket(fabric) * n
                                            : dice.Number(1, packets * GetPacket(fabric) * n);
        for (uint32_t i = 0; spec.name == "all_to_allv" && i < n * n; ++i)
        {
            spec.counts.push_back(dice.Number(0, 2) * dice.Number(0, packets * GetPacket(fabric)));
        }
        try
        {
            PlanCollective(endpoints, spec, hints);
        }
        catch (const ParameterError&)
        {
            continue; // not on this fabric, or not of that many
        }
        job.specs.push_back(spec);
    }
    return job;
}

/** What came of a job. */
struct JobOutcome
{
    std::vector<MessageRecord> messages;            //!< All
    std::vector<std::pair<Tick, Tick>> collectives; //!< Their times
    std::vector<Fidelity> words;                    //!< What those are worth
    bool isComplete;                                //!< It is done
};

/** Run a job. @param [in] add Adds a collective to a graph. */
template <typename Add>
JobOutcome
RunJob(const Job& job, PacketStage& stage, Transport& transport, const Add& add)
{
    const uint32_t endpoints = stage.GetFabric()->GetEndpoints();
    const FabricHints hints = GetFabricHints(stage.GetFabric());
    OperationGraph graph(endpoints);
    std::vector<uint32_t> before;
    for (uint32_t rank = 0; rank < endpoints; ++rank)
    {
        Operation wait;
        wait.rank = rank;
        wait.duration = job.skews[rank];
        before.push_back(graph.Add(wait));
    }
    for (const CollectiveSpec& spec : job.specs)
    {
        const CollectiveEnds ends = add(graph, spec, hints);
        for (uint32_t member = 0; member < spec.ranks.size(); ++member)
        {
            graph.Require(ends.begin[member], before[spec.ranks[member]]);
            before[spec.ranks[member]] = ends.end[member];
        }
    }
    graph.Finish();
    std::vector<uint32_t> ranks(endpoints);
    std::iota(ranks.begin(), ranks.end(), 0);
    MessageRecorder record;
    Replayer replayer(graph, ranks, transport, job.costs, 0, &record);
    replayer.Start(0);
    Simulator::Run();
    JobOutcome outcome{record.messages, {}, {}, replayer.IsComplete()};
    for (uint32_t i = 0; i < job.specs.size(); ++i)
    {
        outcome.collectives.push_back(replayer.GetCollectiveSpan(i));
        outcome.words.push_back(replayer.GetCollectiveFidelity(i));
    }
    return outcome;
}

/** @return a job's messages, to be compared. */
auto
ListMessages(const JobOutcome& outcome)
{
    std::vector<std::tuple<Tick, Tick, uint32_t, uint32_t, uint64_t, uint32_t>> list;
    for (const MessageRecord& m : outcome.messages)
    {
        list.emplace_back(m.start, m.end, m.src, m.dst, m.bytes, m.flow);
    }
    return list;
}

/** The shares of the words add up to 1. */
void
CheckShares(const RunResults& results)
{
    CHECK(std::accumulate(results.fidelity.begin(), results.fidelity.end(), 0.0) ==
          doctest::Approx(1));
}

/** Say how many there were of each word. */
void
Tell(const std::string& what, std::map<Fidelity, uint32_t>& count)
{
    MESSAGE(what << ": exact " << count[Fidelity::EXACT] << ", fair " << count[Fidelity::FAIR]
                 << ", approximate " << count[Fidelity::APPROXIMATE]);
}

} // namespace

TEST_SUITE("modes")
{
    TEST_CASE("a message that is called exact has the times of packets, to the picosecond")
    {
        std::map<Fidelity, uint32_t> count;
        const TrialSeeds seeds = TrialSeeds::Get(360);
        for (uint32_t seed = seeds.first; seed <= seeds.last; ++seed)
        {
            CAPTURE(GetKind(seed));
            CAPTURE(seed);
            FlowTrial trial = MakeTrial(seed);
            const std::vector<Outcome> flows = trial.RunFlows();
            CheckShares(trial.results);
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
        // It is no test if hardly anything is.
        CHECK(count[Fidelity::EXACT] >= (seeds.last - seeds.first) / 3);
        Tell("messages", count);
    }

    TEST_CASE("no packets are quicker than what links have to carry")
    {
        uint32_t close = 0;
        const TrialSeeds seeds = TrialSeeds::Get(300);
        for (uint32_t seed = seeds.first; seed <= seeds.last; ++seed)
        {
            CAPTURE(GetKind(seed));
            CAPTURE(seed);
            FlowTrial trial = MakeTrial(seed);
            const std::vector<Outcome> packets = trial.RunPackets();
            const PacketStage stage(trial);
            const auto load = stage.GetFabric()->MakeLinkLoad();
            Tick end = 0;
            for (std::size_t i = 0; i < packets.size(); ++i)
            {
                const Message& message = trial.messages[i].message;
                const Tick alone =
                    stage.GetFabric()->GetIdleTime(message.src, message.dst, message.bytes);
                load->Add(message.src, message.dst, message.bytes, packets[i].start, alone);
                end = std::max(end, packets[i].end);
                // One message, of which mode bound knows the time.
                const auto single = stage.GetFabric()->MakeLinkLoad();
                single->Add(message.src, message.dst, message.bytes, 0, alone);
                CHECK(single->GetLeastEnd(alone) <= packets[i].end - packets[i].start);
            }
            CHECK(load->GetLeastEnd(0) <= end);
            CHECK(load->GetLeastEnd(0) > 0);
            close += load->GetLeastEnd(0) > end - end / 10 ? 1 : 0;
        }
        CHECK(close > (seeds.last - seeds.first) / 10);
    }

    TEST_CASE("a collective takes the time of packets: exact the same, fair within 1 %, unfolded "
              "as if it were written out")
    {
        std::map<Fidelity, uint32_t> count;
        const TrialSeeds seeds = TrialSeeds::Get(180);
        for (uint32_t seed = seeds.first; seed <= seeds.last; ++seed)
        {
            CAPTURE(GetKind(seed));
            CAPTURE(seed);
            Dice dice(seed);
            RandomFabric fabric;
            const bool isRoomy = dice.Number(0, 3) > 0;
            const uint32_t endpoints =
                ChooseFabric(fabric, dice, isRoomy ? MakeRoomyOdds() : MakeOdds(), seed);
            const Job job = ChooseJob(fabric, dice, endpoints);
            const auto run = [&job](auto stage, bool isExpanded) {
                const auto add =
                    [&](OperationGraph& graph, const CollectiveSpec& spec, const FabricHints& of) {
                        return isExpanded ? ExpandCollective(graph, spec, of)
                                          : AddCollective(graph, spec, of);
                    };
                const JobOutcome outcome = RunJob(job, *stage, stage->GetTransport(), add);
                CHECK(outcome.isComplete);
                CheckShares(stage->Collect());
                return outcome;
            };
            const JobOutcome flows = run(std::make_unique<FlowStage>(fabric), false);
            const JobOutcome packets = run(std::make_unique<PacketStage>(fabric), false);
            const JobOutcome expanded = run(std::make_unique<PacketStage>(fabric), true);
            CHECK(ListMessages(packets) == ListMessages(expanded));
            CHECK(packets.collectives == expanded.collectives);
            for (uint32_t i = 0; i < job.specs.size(); ++i)
            {
                ++count[flows.words[i]];
                CAPTURE(DescribeKnobs(fabric));
                CAPTURE(job.specs[i].name);
                CAPTURE(job.specs[i].algorithm);
                CAPTURE(job.specs[i].bytes);
                CAPTURE(i);
                const auto [start, end] = packets.collectives[i];
                if (flows.words[i] == Fidelity::EXACT)
                {
                    CHECK(flows.collectives[i].first == start);
                    CHECK(flows.collectives[i].second == end);
                }
                if (flows.words[i] == Fidelity::FAIR)
                {
                    const auto [begun, ended] = flows.collectives[i];
                    CHECK(static_cast<double>(ended - begun) ==
                          doctest::Approx(static_cast<double>(end - start)).epsilon(0.01));
                }
            }
        }
        CHECK(count[Fidelity::EXACT] >= (seeds.last - seeds.first) / 10);
        CHECK(count[Fidelity::FAIR] >= (seeds.last - seeds.first) / 40);
        Tell("collectives", count);
    }

    TEST_CASE("links carry what the messages on them do, whatever the fabric")
    {
        const TrialSeeds seeds = TrialSeeds::Get(90);
        for (uint32_t seed = seeds.first; seed <= seeds.last; ++seed)
        {
            const std::string kind = GetKind(seed);
            CAPTURE(kind);
            CAPTURE(seed);
            FlowTrial trial = MakeTrial(seed);
            const std::vector<Outcome> first = trial.RunFlows();
            const RunResults flows = trial.results;
            CHECK(trial.RunFlows() == first); // and it is the same again
            trial.RunPackets();
            const RunResults packets = trial.results;
            CHECK(flows.payloadBytesDelivered == packets.payloadBytesDelivered);
            CHECK(flows.packetsDelivered == packets.packetsDelivered);
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
            const uint64_t flit = std::stoul(trial.knobs.link[3].second);
            CHECK(std::max(flowWire, packetWire) - std::min(flowWire, packetWire) <=
                  flows.links.size() * flit);
        }
    }
}
