/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/operation-graph.h"

#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace ns3::mtlink;

namespace
{

/** Add an operation in short. */
uint32_t
Add(OperationGraph& graph,
    OperationType type,
    uint32_t rank,
    uint32_t peer = NONE,
    uint64_t bytes = 0,
    uint32_t tag = 0)
{
    Operation operation;
    operation.type = type;
    operation.rank = rank;
    operation.peer = peer;
    operation.bytes = bytes;
    operation.tag = tag;
    return graph.Add(operation);
}

/** @return the message with which a graph is refused; empty: it isn't. */
std::string
RefusalOf(OperationGraph& graph)
{
    try
    {
        graph.Finish();
        return "";
    }
    catch (const OperationError& error)
    {
        return error.what();
    }
}

bool
Contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_SUITE("workload")
{
    TEST_CASE("a graph indexes its dependencies by the earlier operation")
    {
        OperationGraph graph(1);
        const auto a = Add(graph, OperationType::DELAY, 0);
        const auto b = Add(graph, OperationType::DELAY, 0);
        const auto c = Add(graph, OperationType::DELAY, 0);
        graph.Require(c, a);
        graph.Require(b, a);
        graph.RequireStart(c, b);
        graph.Finish();
        CHECK(std::vector(graph.GetDependents(a).begin(), graph.GetDependents(a).end()) ==
              std::vector{c, b});
        CHECK(graph.GetDependents(b).empty());
        CHECK(graph.GetStartDependents(b).size() == 1);
        CHECK(graph.GetRequired(c) == 2);
    }

    TEST_CASE("the k-th send of a pair and tag matches the k-th receive")
    {
        OperationGraph graph(2);
        const auto r0 = Add(graph, OperationType::RECEIVE, 1, 0, 10);
        const auto s0 = Add(graph, OperationType::SEND, 0, 1, 10);
        const auto s1 = Add(graph, OperationType::SEND, 0, 1, 20);
        const auto t = Add(graph, OperationType::SEND, 0, 1, 30, 7);
        const auto r1 = Add(graph, OperationType::RECEIVE, 1, 0, 20);
        const auto u = Add(graph, OperationType::RECEIVE, 1, 0, 30, 7);
        graph.Finish();
        CHECK(graph.GetMatch(s0) == r0);
        CHECK(graph.GetMatch(r1) == s1);
        CHECK(graph.GetMatch(t) == u);
    }

    TEST_CASE("a rank's dependencies come before its order when sends are counted")
    {
        OperationGraph graph(2);
        const auto late = Add(graph, OperationType::SEND, 0, 1, 20);
        const auto early = Add(graph, OperationType::SEND, 0, 1, 10);
        graph.Require(late, early);
        const auto first = Add(graph, OperationType::RECEIVE, 1, 0, 10);
        const auto second = Add(graph, OperationType::RECEIVE, 1, 0, 20);
        graph.Finish();
        CHECK(graph.GetMatch(early) == first);
        CHECK(graph.GetMatch(late) == second);
    }

    TEST_CASE("a send without a receive is refused by rank and node")
    {
        OperationGraph graph(4);
        const auto send = Add(graph, OperationType::SEND, 2, 3, 10, 5);
        graph.SetLabel(send, "node 12 (grad)");
        CHECK(RefusalOf(graph) == "rank 2: node 12 (grad) sends to rank 3 with tag 5, and no "
                                  "receive there matches it");
    }

    TEST_CASE("a receive without a send is refused by rank and node")
    {
        OperationGraph graph(4);
        Add(graph, OperationType::SEND, 2, 3, 10, 5);
        Add(graph, OperationType::RECEIVE, 3, 2, 10, 5);
        Add(graph, OperationType::RECEIVE, 3, 2, 10, 5);
        CHECK(RefusalOf(graph) == "rank 3: receive (operation 2) receives from rank 2 with tag 5, "
                                  "and no send there matches it");
    }

    TEST_CASE("partners of different size are refused")
    {
        OperationGraph graph(2);
        Add(graph, OperationType::SEND, 0, 1, 10);
        Add(graph, OperationType::RECEIVE, 1, 0, 11);
        CHECK(Contains(RefusalOf(graph), "receives 11 bytes, but rank 0: send (operation 0)"));
    }

    TEST_CASE("a rank that is not there is refused")
    {
        OperationGraph graph(2);
        Add(graph, OperationType::SEND, 0, 2, 10);
        CHECK(Contains(RefusalOf(graph), "names rank 2, but there are ranks 0 to 1"));
    }

    TEST_CASE("a cycle of dependencies is refused and printed")
    {
        OperationGraph graph(1);
        const auto a = Add(graph, OperationType::DELAY, 0);
        const auto b = Add(graph, OperationType::COMPUTE, 0);
        const auto c = Add(graph, OperationType::DELAY, 0);
        const auto outside = Add(graph, OperationType::DELAY, 0);
        graph.Require(b, a);
        graph.Require(c, b);
        graph.Require(a, c);
        graph.Require(outside, c);
        CHECK(RefusalOf(graph) ==
              "these wait for one another: rank 0: delay (operation 0), which waits for rank 0: "
              "delay (operation 2), which waits for rank 0: compute (operation 1), which waits for "
              "the first");
    }

    TEST_CASE("an operation that waits for itself is refused")
    {
        OperationGraph graph(1);
        const auto a = Add(graph, OperationType::DELAY, 0);
        graph.Require(a, a);
        CHECK(Contains(RefusalOf(graph), "rank 0: delay (operation 0), which waits for the first"));
    }

    TEST_CASE("two ranks that each receive before they send are refused")
    {
        OperationGraph graph(2);
        for (uint32_t rank = 0; rank < 2; ++rank)
        {
            const auto receive = Add(graph, OperationType::RECEIVE, rank, 1 - rank, 8);
            const auto send = Add(graph, OperationType::SEND, rank, 1 - rank, 8);
            graph.Require(send, receive);
        }
        const auto refusal = RefusalOf(graph);
        CHECK(Contains(refusal, "these wait for one another: rank 0: receive (operation 0)"));
        CHECK(Contains(refusal, "rank 1: receive (operation 2)"));
    }

    TEST_CASE("a send after the start of a receive that waits for its answer is no cycle")
    {
        OperationGraph graph(2);
        const auto receive = Add(graph, OperationType::RECEIVE, 0, 1, 8);
        const auto send = Add(graph, OperationType::SEND, 0, 1, 8);
        graph.RequireStart(send, receive);
        const auto ask = Add(graph, OperationType::RECEIVE, 1, 0, 8);
        const auto answer = Add(graph, OperationType::SEND, 1, 0, 8);
        graph.Require(answer, ask);
        CHECK(RefusalOf(graph) == "");
    }
}
