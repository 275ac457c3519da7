/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "alpha-beta-transport.h"

#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** Add an operation in short. */
uint32_t
Add(OperationGraph& graph, OperationType type, uint32_t rank, uint32_t peer, uint64_t bytes)
{
    Operation operation;
    operation.type = type;
    operation.rank = rank;
    operation.peer = peer;
    operation.bytes = bytes;
    return graph.Add(operation);
}

/** Add a compute in short. */
uint32_t
Compute(OperationGraph& graph,
        Tick duration,
        uint32_t stream = 0,
        OperationType type = OperationType::COMPUTE)
{
    Operation operation;
    operation.type = type;
    operation.duration = duration;
    operation.flow = stream;
    return graph.Add(operation);
}

using Span = std::pair<Tick, Tick>;

} // namespace

TEST_SUITE("workload")
{
    TEST_CASE("a message takes latency and size over rate, its send ends when its last bit left")
    {
        OperationGraph graph(2);
        const auto send = Add(graph, OperationType::SEND, 0, 1, 500);
        const auto receive = Add(graph, OperationType::RECEIVE, 1, 0, 500);
        graph.Finish();
        const Replay replay(graph, 1000, 2);
        CHECK(replay.replayer.IsComplete());
        CHECK(replay.replayer.GetOperationSpan(send) == Span{0, 1000});
        CHECK(replay.replayer.GetOperationSpan(receive) == Span{0, 2000});
        CHECK(replay.replayer.GetSpan() == Span{0, 2000});
        CHECK(replay.replayer.GetProgress() == std::pair<uint64_t, uint64_t>{500, 500});
        REQUIRE(replay.GetMessages().size() == 1);
        CHECK(replay.GetMessages()[0].end == 2000);
    }

    TEST_CASE("a message that comes before its receive waits for it")
    {
        OperationGraph graph(2);
        Add(graph, OperationType::SEND, 0, 1, 500);
        Operation delay;
        delay.rank = 1;
        delay.duration = 9000;
        const auto busy = graph.Add(delay);
        const auto receive = Add(graph, OperationType::RECEIVE, 1, 0, 500);
        graph.Require(receive, busy);
        graph.Finish();
        const Replay replay(graph);
        CHECK(replay.replayer.GetOperationSpan(receive) == Span{9000, 9000});
        CHECK(replay.GetMessages()[0].end == 1500);
    }

    TEST_CASE("computes of one stream run one after another, of two side by side")
    {
        OperationGraph graph(1);
        const auto a = Compute(graph, 100);
        const auto b = Compute(graph, 50);
        const auto other = Compute(graph, 70, 1);
        const auto delay = Compute(graph, 30, 0, OperationType::DELAY);
        graph.Finish();
        const Replay replay(graph);
        CHECK(replay.replayer.GetOperationSpan(a) == Span{0, 100});
        CHECK(replay.replayer.GetOperationSpan(b) == Span{100, 150});
        CHECK(replay.replayer.GetOperationSpan(other) == Span{0, 70});
        CHECK(replay.replayer.GetOperationSpan(delay) == Span{0, 30});
    }

    TEST_CASE("a stream takes what was ready first, and the smaller id of those ready together")
    {
        OperationGraph graph(1);
        const auto blocker = Compute(graph, 100);
        const auto late = Compute(graph, 10);
        const auto tiedHigh = Compute(graph, 10);
        const auto early = Compute(graph, 10);
        const auto wait40 = Compute(graph, 40, 0, OperationType::DELAY);
        const auto wait20 = Compute(graph, 20, 0, OperationType::DELAY);
        graph.Require(late, wait40);
        graph.Require(tiedHigh, wait40);
        graph.Require(early, wait20);
        graph.Finish();
        const Replay replay(graph);
        CHECK(replay.replayer.GetOperationSpan(blocker) == Span{0, 100});
        CHECK(replay.replayer.GetOperationSpan(early) == Span{100, 110});
        CHECK(replay.replayer.GetOperationSpan(late) == Span{110, 120});
        CHECK(replay.replayer.GetOperationSpan(tiedHigh) == Span{120, 130});
    }

    TEST_CASE("what is set free at the instant a stream falls idle is in the choice")
    {
        OperationGraph graph(1);
        const auto freed = Compute(graph, 10);
        const auto first = Compute(graph, 100);
        const auto waiting = Compute(graph, 10);
        const auto wait = Compute(graph, 100, 0, OperationType::DELAY);
        graph.Require(waiting, wait);
        graph.Require(freed, first);
        graph.Finish();
        const Replay replay(graph);
        CHECK(replay.replayer.GetOperationSpan(first) == Span{0, 100});
        CHECK(replay.replayer.GetOperationSpan(freed) == Span{100, 110});
        CHECK(replay.replayer.GetOperationSpan(waiting) == Span{110, 120});
    }

    TEST_CASE("reductions take their bytes at the host's rate, one after another")
    {
        OperationGraph graph(1);
        const auto a = Add(graph, OperationType::REDUCE, 0, NONE, 1000);
        const auto b = Add(graph, OperationType::REDUCE, 0, NONE, 500);
        graph.Finish();
        HostCosts costs;
        costs.reductionBytesPerSecond = 1e12; // one byte per picosecond
        const Replay replay(graph, 0, 0, costs);
        CHECK(replay.replayer.GetOperationSpan(a) == Span{0, 1000});
        CHECK(replay.replayer.GetOperationSpan(b) == Span{1000, 1500});
    }

    TEST_CASE("an operation may start once another has started")
    {
        OperationGraph graph(1);
        const auto first = Compute(graph, 100, 0);
        const auto wait = Compute(graph, 30, 1);
        const auto follower = Compute(graph, 10, 2);
        graph.RequireStart(follower, first);
        graph.Require(follower, wait);
        graph.Finish();
        const Replay replay(graph);
        CHECK(replay.replayer.GetOperationSpan(follower) == Span{30, 40});
    }

    TEST_CASE("a message between ranks on one endpoint takes no time")
    {
        OperationGraph graph(2);
        Add(graph, OperationType::SEND, 0, 1, 500);
        const auto receive = Add(graph, OperationType::RECEIVE, 1, 0, 500);
        graph.Finish();
        UsePicoseconds();
        AlphaBetaTransport transport(1, 1000, 1);
        Replayer replayer(graph, {0, 0}, transport, {});
        replayer.Start(7);
        Simulator::Run();
        CHECK(replayer.GetOperationSpan(receive) == Span{7, 7});
        CHECK(transport.GetBytes() == 0);
        Simulator::Destroy();
    }

    TEST_CASE("a message without payload is carried as one byte")
    {
        OperationGraph graph(2);
        Add(graph, OperationType::SEND, 0, 1, 0);
        Add(graph, OperationType::RECEIVE, 1, 0, 0);
        graph.Finish();
        const Replay replay(graph, 1000, 5);
        CHECK(replay.replayer.GetSpan() == Span{0, 1005});
        CHECK(replay.GetMessages()[0].bytes == 1);
    }

    TEST_CASE("a lost message leaves its receive waiting, by name")
    {
        OperationGraph graph(2);
        Add(graph, OperationType::SEND, 0, 1, 8);
        Add(graph, OperationType::RECEIVE, 1, 0, 8);
        graph.Finish();
        const Replay replay(graph, 1000, 1, {}, 0);
        CHECK_FALSE(replay.replayer.IsComplete());
        CHECK(replay.replayer.GetLost() == 1);
        CHECK(
            replay.replayer.GetWaiting(9) ==
            std::vector<std::string>{"rank 0: send to 1, tag 0", "rank 1: receive from 0, tag 0"});
    }

    TEST_CASE("an endpoint that is not there is refused")
    {
        OperationGraph graph(2);
        graph.Finish();
        UsePicoseconds();
        AlphaBetaTransport transport(4, 0, 0);
        CHECK_THROWS_WITH_AS(Replayer(graph, {0, 4}, transport, {}),
                             "endpoint 4 is beyond the fabric, which has endpoints 0 to 3",
                             ParameterError);
        CHECK_THROWS_AS(Replayer(graph, {0}, transport, {}), ParameterError);
        Simulator::Destroy();
    }
}
