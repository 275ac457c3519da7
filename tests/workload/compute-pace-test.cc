/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "alpha-beta-transport.h"
#include "workload/compute-pace.h"

#include <doctest/doctest.h>

using namespace ns3::mtlink;

TEST_SUITE("compute-pace")
{
    TEST_CASE("without communication a computation takes its time")
    {
        ComputePace pace(1, 0.5);
        CHECK(pace.Begin(0, 7, 1000, 1000, 50) == 1050);
        CHECK(!pace.End(0, 7, 1049));
        CHECK(!pace.End(0, 8, 1050));
        CHECK(pace.End(0, 7, 1050));
        CHECK(!pace.End(0, 7, 1050)); // once
    }

    TEST_CASE("a computation is slowed from the first to the last of what is under way")
    {
        ComputePace pace(2, 0.5);
        CHECK(pace.Begin(0, 7, 1000, 1000, 0) == 1000);
        CHECK(!pace.Communicate(1, true, 50)); // another rank's
        const auto slowed = pace.Communicate(0, true, 100);
        REQUIRE(slowed);
        CHECK(slowed->first == 7);
        CHECK(slowed->second == 100 + 1350);
        CHECK(!pace.Communicate(0, true, 200));  // slow already
        CHECK(!pace.Communicate(0, false, 300)); // one is left
        const auto free = pace.Communicate(0, false, 400);
        REQUIRE(free);
        CHECK(free->second == 400 + 900 - 200); // 300 at two thirds
        CHECK(!pace.End(0, 7, 1000));           // ends that have moved
        CHECK(!pace.End(0, 7, 1450));
        CHECK(pace.End(0, 7, 1100));
    }

    TEST_CASE("only the part of a computation that can be slowed is")
    {
        ComputePace pace(1, 0.5);
        pace.Communicate(0, true, 0);
        CHECK(pace.Begin(0, 1, 1000, 400, 0) == 1200);
        CHECK(pace.End(0, 1, 1200));
        CHECK(pace.Begin(0, 2, 1000, 0, 1200) == 2200);
    }

    TEST_CASE("a replay slows both ends of a message, for as long as it concerns them")
    {
        OperationGraph graph(2);
        Operation compute;
        compute.type = OperationType::COMPUTE;
        compute.duration = 900;
        compute.bytes = 900;
        const uint32_t source = graph.Add(compute);
        compute.rank = 1;
        const uint32_t destination = graph.Add(compute);
        Operation send;
        send.type = OperationType::SEND;
        send.rank = 0;
        send.peer = 1;
        send.bytes = 300;
        graph.Add(send);
        Operation receive;
        receive.type = OperationType::RECEIVE;
        receive.rank = 1;
        receive.peer = 0;
        receive.bytes = 300;
        graph.Add(receive);
        graph.Finish();
        HostCosts costs;
        costs.computeSlowdown = 0.5;
        const Replay replay(graph, 150, 1, costs);
        CHECK(replay.replayer.GetOperationSpan(source).second == 900 + 100);      // 300 under way
        CHECK(replay.replayer.GetOperationSpan(destination).second == 900 + 150); // 450
        const Replay free(graph, 150, 1);
        CHECK(free.replayer.GetOperationSpan(source).second == 900);
    }
}
