/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Messages that have their way to themselves, and are no packets: who looks at each packet, by a
// trace, has them all as packets, and all figures must be the same.

#include "../fabric/random-fabric.h"
#include "../trace-sink.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <sstream>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** How a load is drawn. */
struct Load
{
    uint32_t relays;  //!< Messages that each delivery passes on to the next endpoint
    uint32_t intrude; //!< Messages at random times from and to anybody
    uint32_t faults;  //!< Links that fail for a while
    bool stops;       //!< At some time, whatever is under way
    bool samples;     //!< Keeps a series
};

/** What a run leaves, in words, and how many events it took. */
struct Course
{
    std::string figures;
    uint64_t events{0};
};

/** Endpoints that pass what they get on to the next, as a ring does. */
class RingFabric
{
  public:
    RingFabric(TestFabric& test, const Load& load, Dice& dice)
        : m_test(test),
          m_stride(static_cast<uint32_t>(dice.Number(1, test.fabric->GetEndpoints() - 1))),
          m_bytes(dice.Number(1, dice.Pick({5000, 60000, 400000}))),
          m_client(*this, load.relays)
    {
        const uint32_t n = test.fabric->GetEndpoints();
        const bool together = dice.Number(0, 1) == 0;
        // Often few: who has neighbours on the way is not alone.
        const auto sources = static_cast<uint32_t>(dice.Number(1, dice.Pick({1U, 2U, n})));
        for (uint32_t src = 0; src < sources; ++src)
        {
            Simulator::Schedule(PicoSeconds(together ? 0 : dice.Number(0, 5000000)),
                                [this, src] { Send(src, m_client.relays); });
        }
        for (uint32_t i = 0; i < load.intrude; ++i)
        {
            const auto src = static_cast<uint32_t>(dice.Number(0, n - 1));
            const auto dst = static_cast<uint32_t>((src + dice.Number(1, n - 1)) % n);
            const uint64_t bytes = dice.Number(1, 30000);
            const auto flow = static_cast<uint32_t>(dice.Number(0, 1));
            Simulator::Schedule(
                PicoSeconds(dice.Number(0, 20000000)),
                [this, src, dst, bytes, flow, i] { m_test.Send(src, dst, bytes, i, flow); });
        }
    }

    /** @return what was delivered of the ring, and sent, in order of time. */
    const std::vector<Delivery>& GetCourse() const
    {
        return m_client.course;
    }

  private:
    /** Hears of the ring's messages; the cookie is how often they go on, and to whom they went. */
    struct Client : public MessageClient
    {
        Client(RingFabric& r, uint32_t times)
            : ring(r),
              relays(times)
        {
        }

        void MessageSent(uint64_t cookie) override
        {
            course.push_back({~cookie, Simulator::Now().GetPicoSeconds()});
        }

        void MessageLost(uint64_t cookie) override
        {
            MessageDelivered(cookie);
        }

        void MessageDelivered(uint64_t cookie) override
        {
            course.push_back({cookie, Simulator::Now().GetPicoSeconds()});
            if (cookie >> 32 != 0)
            {
                ring.Send(static_cast<uint32_t>(cookie), static_cast<uint32_t>(cookie >> 32) - 1);
            }
        }

        RingFabric& ring;
        uint32_t relays;
        std::vector<Delivery> course;
    };

    void Send(uint32_t src, uint32_t left)
    {
        const uint32_t dst = (src + m_stride) % m_test.fabric->GetEndpoints();
        m_test.fabric->Send({src, dst, m_bytes, 0, 0},
                            &m_client,
                            static_cast<uint64_t>(left) << 32 | dst);
    }

    TestFabric& m_test;
    uint32_t m_stride;
    uint64_t m_bytes;
    Client m_client;
};

void
Describe(std::ostringstream& out, const std::optional<LatencyResult>& latency)
{
    if (latency)
    {
        out << latency->mean << ' ' << latency->p50 << ' ' << latency->p99 << ' ' << latency->p999
            << ' ' << latency->max << '\n';
    }
}

/** @return all figures of a run. */
std::string
Describe(const RunResults& results, const TestFabric& test, const RingFabric& ring)
{
    std::ostringstream out;
    out.precision(17);
    out << results.simulatedTime << ' ' << results.packetHops << ' ' << results.packetsDelivered
        << ' ' << results.payloadBytesDelivered << ' ' << results.packetsLost << ' '
        << test.fabric->GetPacketsInFlight() << ' ' << test.fabric->CheckConservation() << '\n';
    Describe(out, results.packetLatency);
    Describe(out, results.networkLatency);
    for (const std::vector<Delivery>* list :
         {&test.sent, &test.delivered, &test.lost, &ring.GetCourse()})
    {
        for (const Delivery& one : *list)
        {
            out << one.cookie << ' ' << one.at << '\n';
        }
    }
    for (const LinkResult& link : results.links)
    {
        out << link.name << ' ' << link.packets << ' ' << link.payloadBytes << ' ' << link.wireBytes
            << ' ' << link.busy << ' ' << link.creditStall << ' ' << link.down << ' '
            << link.packetsLost << '\n';
    }
    for (const QueueResult& queue : results.queues)
    {
        out << queue.link << ' ' << queue.vc << ' ' << queue.meanFlits << ' ' << queue.p99Flits
            << ' ' << queue.maxFlits << '\n';
    }
    for (const SampleResult& sample : results.samples)
    {
        out << sample.start << ' ' << sample.link << ' ' << sample.utilisation << ' '
            << sample.stall << ' ' << sample.queueFlits << '\n';
    }
    for (const CongestionResult& row : results.congestion)
    {
        out << row.root << ' ' << row.victim << ' ' << row.stall << ' ' << row.times << '\n';
    }
    for (const CongestionFlowResult& row : results.congestionFlows)
    {
        out << row.root << ' ' << row.src << ' ' << row.dst << ' ' << row.stall << ' ' << row.times
            << '\n';
    }
    return out.str();
}

/** @return the first line in which two texts differ, of both; or nothing. */
std::string
FindDifference(const std::string& a, const std::string& b)
{
    std::istringstream first(a);
    std::istringstream second(b);
    std::string one;
    std::string other;
    while (true)
    {
        const bool isEnd = !std::getline(first, one);
        if (!std::getline(second, other) || isEnd || one != other)
        {
            return a == b ? "" : one + " | " + other;
        }
    }
}

/** @return what parameters are drawn from: such that messages often have room enough. */
KnobOdds
MakeOdds()
{
    KnobOdds odds;
    odds.buffers = {20, 400, 2000};
    odds.rates = {"", "256Gbps", "256Gbps"};
    odds.limitsWindow = {false, true};
    odds.window = {12, 60, 200};
    odds.outputSpeedups = {"1", "1", "1", "1", "2"};
    odds.queueings = {"voq", "voq", "voq", "voq", "fifo"};
    odds.arbiters = {"round_robin", "round_robin", "round_robin", "islip"};
    odds.services = {"round_robin", "in_order"};
    odds.granularities = {"flow"};
    return odds;
}

Course
RunLoad(uint32_t seed,
        const std::string& kind,
        const std::string& implementation,
        const Load& load,
        bool byExpress)
{
    const Simulation simulation(implementation);
    Dice dice(seed);
    RandomFabric random;
    ChooseLayout(dice, kind, random);
    ChooseKnobs(dice, kind, MakeOdds(), random);
    TestFabric& test = random.knobs;
    test.seed = seed;
    test.measure.sampleInterval = load.samples ? static_cast<Tick>(dice.Number(1000, 900000)) : 0;
    test.Build(random.layout, random.scopes);
    uint64_t hops = 0;
    if (!byExpress)
    {
        test.fabric->TraceConnectWithoutContext(
            "PacketHop",
            MakeSink<Callback<void, Time, uint32_t, uint32_t, uint32_t, uint32_t>>(
                [&hops](Time, uint32_t, uint32_t, uint32_t, uint32_t) { ++hops; }));
    }
    const RingFabric ring(test, load, dice);
    const auto links = static_cast<uint64_t>(test.fabric->GetTopology().GetLinks().size());
    for (uint32_t i = 0; i < load.faults; ++i)
    {
        const auto link = static_cast<uint32_t>(dice.Number(0, links - 1));
        LinkFault fault;
        fault.units = {{link, Topology::Reverse(link)}};
        fault.at = static_cast<Tick>(dice.Number(1, 15000000));
        fault.length = static_cast<Tick>(dice.Number(1, 5000000));
        fault.policy = dice.Pick({DownPolicy::REPLAY, DownPolicy::REROUTE, DownPolicy::DROP});
        test.fabric->AddFault(fault);
    }
    if (load.stops)
    {
        Simulator::Stop(PicoSeconds(dice.Number(1, 10000000)));
    }
    const RunResults results = test.Run();
    CHECK((byExpress || load.faults > 0 || hops == results.packetHops));
    return {Describe(results, test, ring), Simulator::GetEventCount()};
}

} // namespace

TEST_SUITE_BEGIN("express");

TEST_CASE("messages that are no packets leave the same figures as packets")
{
    const uint32_t trials = GetTrials("MTLINK_EXPRESS_TRIALS", 2); // of each kind and load
    uint32_t runs = 0;
    uint32_t runsByExpress = 0; // in which much went so
    for (const std::string kind : {"single switch",
                                   "full mesh",
                                   "fat tree",
                                   "dragonfly",
                                   "torus",
                                   "hyperx",
                                   "planes",
                                   "planes of trees",
                                   "rails"})
    {
        for (const Load& load : {Load{6, 0, 0, false, false},
                                 Load{4, 6, 0, false, true},
                                 Load{3, 3, 2, false, false},
                                 Load{6, 2, 0, true, true}})
        {
            for (uint32_t seed = 1; seed <= trials; ++seed)
            {
                CAPTURE(kind);
                CAPTURE(load.intrude);
                CAPTURE(load.faults);
                CAPTURE(seed);
                const std::string implementation =
                    seed % 4 == 3 ? Simulation::DEFAULT : Simulation::FABRIC;
                const Course course = RunLoad(seed, kind, implementation, load, true);
                const Course packets = RunLoad(seed, kind, Simulation::FABRIC, load, false);
                CHECK(FindDifference(course.figures, packets.figures) == "");
                ++runs;
                runsByExpress += course.events < packets.events * 9 / 10 ? 1 : 0;
            }
        }
    }
    MESSAGE(runsByExpress, " of ", runs);
    CHECK(runsByExpress > runs / 10);
}

TEST_CASE("a message alone takes a few events, however long, and its closed form")
{
    for (const char* const levels : {"1", "2", "3"})
    {
        for (const uint64_t packets : {2, 3, 1000, 1000000})
        {
            const Simulation simulation;
            TestFabric test; // 512 Gb/s: a packet of 4 KiB takes 64 ns
            test.chip.emplace_back("Buffer", "65536");
            test.Build(MakeLayout("FatTree", {{"Radix", "4"}, {"Levels", levels}}));
            test.Send(0, test.fabric->GetEndpoints() - 1, packets * 4096);
            const RunResults results = test.Run();
            const uint64_t hops = 2 * std::stoul(levels);
            CHECK(results.packetHops == packets * hops);
            CHECK(Simulator::GetEventCount() <= 4);
            const auto latency = static_cast<Tick>(hops * 10000 + (hops - 1) * 2000);
            CHECK(test.sent == std::vector<Delivery>{{0, static_cast<Tick>(packets) * 64000}});
            CHECK(test.delivered ==
                  std::vector<Delivery>{{0, static_cast<Tick>(packets) * 64000 + latency}});
        }
    }
}

TEST_CASE("who comes in the way finds on wires and in buffers what has left")
{
    // Both go to endpoint 2; the second comes to the switch while the first is on its way, and
    // from then on they take turns.
    const Simulation simulation;
    TestFabric test;
    test.chip.emplace_back("Buffer", "65536");
    test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "4"}}));
    test.Send(0, 2, 1000 * 4096, 1);
    Simulator::Schedule(PicoSeconds(100 * 64000 + 1), [&] { test.Send(1, 2, 10 * 4096, 2); });
    const RunResults results = test.Run();
    // Each of the ten waits for one of the other: 1,010 packets, one behind the other.
    const Tick latency = 10000 + 2000 + 10000;
    REQUIRE(test.delivered.size() == 2);
    CHECK(test.delivered[0] == Delivery{2, 120 * 64000 + latency});
    CHECK(test.delivered[1] == Delivery{1, 1010 * 64000 + latency});
    CHECK(results.packetHops == 2020);
    CHECK(test.fabric->CheckConservation() == "");
}

TEST_SUITE_END();
