/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "alpha-beta-transport.h"
#include "workload/cause-log.h"
#include "workload/collective/collective.h"

#include <doctest/doctest.h>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** A replay to its end that keeps what led to what. */
struct Traced
{
    Traced(const OperationGraph& graph, Tick alpha, Tick beta, const HostCosts& costs = {})
        : transport((UsePicoseconds(), graph.GetRanks()), alpha, beta)
    {
        std::vector<uint32_t> endpoints(graph.GetRanks());
        std::iota(endpoints.begin(), endpoints.end(), 0);
        Replayer replayer(graph, endpoints, transport, costs);
        replayer.KeepCauses();
        replayer.Start(0);
        Simulator::Run();
        Simulator::Destroy();
        CHECK(replayer.IsComplete());
        CHECK(!replayer.HasLostCauses());
        path = replayer.GetCriticalPath();
        span = replayer.GetSpan();
    }

    /** @return the lengths of the path's steps, after a look at whether they add up. */
    std::vector<Tick> GetLengths() const
    {
        std::vector<Tick> lengths;
        for (std::size_t i = 0; i < path.size(); ++i)
        {
            const Tick end = i + 1 < path.size() ? path[i + 1].start : span.second;
            lengths.push_back(end - path[i].start);
            CHECK(lengths.back() >= 0);
        }
        CHECK((path.empty() || path.front().start == span.first));
        CHECK(std::accumulate(lengths.begin(), lengths.end(), Tick{0}) == span.second - span.first);
        return lengths;
    }

    AlphaBetaTransport transport;
    std::vector<Cause> path;
    std::pair<Tick, Tick> span;
};

/** @return a graph of a collective of all its ranks. */
OperationGraph
MakeCollective(const char* name, const char* algorithm, uint32_t ranks, uint64_t bytes)
{
    CollectiveSpec spec;
    spec.name = name;
    spec.algorithm = algorithm;
    spec.bytes = bytes;
    for (uint32_t rank = 0; rank < ranks; ++rank)
    {
        spec.ranks.push_back(rank);
        spec.endpoints.push_back(rank);
    }
    FabricHints hints;
    hints.endpoints = ranks;
    hints.scaleUpSize = 4;
    OperationGraph graph(ranks);
    AddCollective(graph, spec, hints);
    graph.Finish();
    return graph;
}

/** Add a computation. */
uint32_t
Compute(OperationGraph& graph, uint32_t rank, Tick duration)
{
    Operation operation;
    operation.type = OperationType::COMPUTE;
    operation.rank = rank;
    operation.duration = duration;
    return graph.Add(operation);
}

/** Add a message; its receive waits for nothing. @return its receive. */
uint32_t
SendAfter(OperationGraph& graph, uint32_t before, uint32_t from, uint32_t to, uint64_t bytes)
{
    Operation operation;
    operation.type = OperationType::SEND;
    operation.rank = from;
    operation.peer = to;
    operation.bytes = bytes;
    graph.Require(graph.Add(operation), before);
    operation.type = OperationType::RECEIVE;
    std::swap(operation.rank, operation.peer);
    return graph.Add(operation);
}

} // namespace

TEST_SUITE("critical path")
{
    TEST_CASE("of a ring it goes round: each message is sent by who got the one before")
    {
        const uint32_t n = 5;
        const OperationGraph graph = MakeCollective("all_reduce", "ring", n, 5000);
        const Traced traced(graph, 700, 3);
        const std::vector<Tick> lengths = traced.GetLengths();
        REQUIRE(lengths.size() == 2 * (n - 1));
        for (std::size_t i = 0; i < lengths.size(); ++i)
        {
            CHECK(traced.path[i].kind == Cause::MESSAGE);
            CHECK(lengths[i] == 700 + 1000 * 3);
            CHECK((i == 0 || traced.path[i].rank == traced.path[i - 1].peer));
        }
    }

    TEST_CASE("of computations and messages it is the longest chain, and names each")
    {
        OperationGraph graph(3);
        const uint32_t first = Compute(graph, 0, 4000);
        const uint32_t in = SendAfter(graph, first, 0, 1, 100);
        const uint32_t second = Compute(graph, 1, 9000);
        graph.Require(second, in);
        const uint32_t last = SendAfter(graph, second, 1, 2, 500);
        const uint32_t shorter = Compute(graph, 2, 12000); // over before the message is in
        const uint32_t end = Compute(graph, 2, 300);
        graph.Require(end, last);
        graph.Require(end, shorter);
        graph.Finish();
        const Traced traced(graph, 1000, 2);
        CHECK(traced.GetLengths() == std::vector<Tick>{4000, 1200, 9000, 2000, 300});
        REQUIRE(traced.path.size() == 5);
        CHECK(traced.path[0].operation == first);
        CHECK(traced.path[1].kind == Cause::MESSAGE);
        CHECK(traced.path[1].peer == 1);
        CHECK(traced.path[2].operation == second);
        CHECK(traced.path[3].bytes == 500);
        CHECK(traced.path[4].operation == end);
    }

    TEST_CASE("what is ready before its stream is free has waited for who ran there")
    {
        OperationGraph graph(2);
        const uint32_t blocker = Compute(graph, 0, 5000);
        const uint32_t other = Compute(graph, 1, 100);
        const uint32_t in = SendAfter(graph, other, 1, 0, 10); // in at 1110
        const uint32_t waiting = Compute(graph, 0, 70);
        graph.Require(waiting, in);
        graph.Finish();
        const Traced traced(graph, 1000, 1);
        CHECK(traced.GetLengths() == std::vector<Tick>{5000, 70});
        CHECK(traced.path.front().operation == blocker);
        CHECK(traced.path.back().operation == waiting);
    }

    TEST_CASE("who waits for a message to leave has waited for its bits alone")
    {
        OperationGraph graph(2);
        const uint32_t first = Compute(graph, 0, 10);
        SendAfter(graph, first, 0, 1, 400);
        const uint32_t later = Compute(graph, 0, 9000);
        graph.Require(later, 1); // the send
        graph.Finish();
        const Traced traced(graph, 1000, 1);
        CHECK(traced.GetLengths() == std::vector<Tick>{10, 400, 9000});
    }

    TEST_CASE("launches and reductions by ranks are on it")
    {
        HostCosts costs;
        costs.operationOverhead = 5000;
        costs.reductionBytesPerSecond = 5e11; // two picoseconds a byte
        const OperationGraph graph = MakeCollective("all_reduce", "ring", 4, 4000);
        const Traced traced(graph, 700, 3, costs);
        const std::vector<Tick> lengths = traced.GetLengths();
        // A launch, three times a message and its reduction, three messages.
        REQUIRE(lengths.size() == 1 + 3 * 2 + 3);
        CHECK(lengths[0] == 5000);
        CHECK(traced.path[2].kind == Cause::REDUCE);
        CHECK(lengths[2] == 2000);
    }

    TEST_CASE("every step of any collective takes what it takes alone, or waited in its line")
    {
        const std::pair<const char*, const char*> kinds[] = {{"all_reduce", "hierarchical"},
                                                             {"all_reduce", "tree"},
                                                             {"all_reduce", "halving_doubling"},
                                                             {"all_to_all", "pairwise"},
                                                             {"all_gather", "bruck"},
                                                             {"reduce_scatter", "direct"},
                                                             {"broadcast", "two_shot"},
                                                             {"barrier", "dissemination"}};
        for (const auto& kind : kinds)
        {
            const char* name = kind.first; // Clang captures no bindings
            const char* algorithm = kind.second;
            CAPTURE(name);
            CAPTURE(algorithm);
            const bool isBarrier = std::string(name) == "barrier";
            const OperationGraph graph =
                MakeCollective(name, algorithm, 8, isBarrier ? 0 : 100'000);
            const Traced traced(graph, 900, 2);
            const std::vector<Tick> lengths = traced.GetLengths();
            CHECK(lengths.size() > 0);
            for (std::size_t i = 0; i < lengths.size(); ++i)
            {
                const Tick bits = 2 * static_cast<Tick>(traced.path[i].bytes);
                CHECK(traced.path[i].kind == Cause::MESSAGE);
                CHECK(lengths[i] >= bits);
                CHECK((lengths[i] == bits || lengths[i] >= bits + 900)); // it has left, or is in
            }
        }
    }

    TEST_CASE("a log forgets what leads nowhere, and gives up where too much is under way")
    {
        CauseLog log(3);
        Cause cause;
        const uint32_t a = log.Add(cause);
        cause.before = a;
        const uint32_t b = log.Add(cause);
        log.Drop(a); // b holds it still
        CHECK(log.GetKept() == 2);
        const CauseHold held(log, b);
        {
            cause.before = b;
            const CauseHold end(log, log.Add(cause));
            CHECK(log.Trace(end.Get()).size() == 3);
            CHECK(log.GetKept() == 3);
        }
        CHECK(log.GetKept() == 2);
        cause.before = held.Get();
        const CauseHold third(log, log.Add(cause));
        CHECK(!log.IsGivenUp());
        const CauseHold fourth(log, log.Add(cause));
        CHECK(log.IsGivenUp());
        CHECK(fourth.Get() == NONE);
        CHECK(log.Trace(third.Get()).empty());
    }
}
