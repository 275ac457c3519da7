/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "alpha-beta-transport.h"
#include "engine/random.h"
#include "expanded-collective.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <numeric>
#include <string>
#include <tuple>
#include <vector>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** A collective at random, and what surrounds it. */
struct Scene
{
    CollectiveSpec spec;
    FabricHints hints;
    std::vector<Tick> skews; // before each member's launch
    uint32_t rounds{1};
    HostCosts costs;
    Tick alpha{1000};
    Tick beta{1};
};

Scene
MakeScene(uint64_t seed)
{
    uint64_t draws = 0;
    const auto draw = [&](uint64_t below) { return Mix(seed << 20 | draws++) % below; };
    Scene scene;
    const auto names = GetCollectives();
    scene.spec.name = names[draw(names.size())];
    auto algorithms = GetAlgorithms(scene.spec.name);
    std::erase(algorithms, "in_network");
    scene.spec.algorithm = algorithms[draw(algorithms.size())];
    const uint32_t perNode = 1 + draw(4);
    const uint32_t nodes = 1 + draw(6);
    const uint32_t n = perNode * nodes;
    scene.spec.ranks.resize(n);
    std::iota(scene.spec.ranks.begin(), scene.spec.ranks.end(), 0);
    scene.spec.endpoints = scene.spec.ranks;
    scene.spec.root = draw(n);
    const uint64_t sizes[] = {0, 1, n - 1, n, 1000 + draw(1000), n * 70'000ULL + draw(9)};
    scene.spec.bytes = sizes[draw(std::size(sizes))];
    for (uint32_t i = 0; scene.spec.name == "all_to_allv" && i < n * n; ++i)
    {
        scene.spec.counts.push_back(draw(3) * draw(5000));
    }
    scene.hints.endpoints = n;
    scene.hints.scaleUpSize = perNode;
    scene.hints.fullMesh = draw(2) == 0;
    if (draw(3) == 0)
    {
        scene.hints.rate = [](uint32_t, uint32_t) { return 1e9; };
        scene.hints.endpointBytesPerSecond = 1e9 * static_cast<double>(1 + draw(4));
    }
    // Members in any order, some of them late.
    for (uint32_t i = n; draw(2) == 0 && i > 1; --i)
    {
        std::swap(scene.spec.ranks[i - 1], scene.spec.ranks[draw(i)]);
    }
    const bool isSkewed = draw(2) == 0;
    for (uint32_t i = 0; i < n; ++i)
    {
        scene.skews.push_back(isSkewed ? draw(4) * draw(30'000) : 0);
    }
    scene.rounds = 1 + draw(2);
    scene.costs.operationOverhead = draw(2) * draw(5000);
    scene.costs.reductionBytesPerSecond = draw(2) == 0 ? 0 : 2e11;
    scene.alpha = draw(3) * 700;
    scene.beta = 1 + draw(3);
    return scene;
}

/** All that can be seen of a run. */
struct Seen
{
    std::vector<std::tuple<Tick, Tick, uint32_t, uint32_t, uint64_t, uint32_t>> messages;
    std::vector<std::pair<Tick, Tick>> collectives;
    std::vector<std::tuple<OperationType, uint32_t, uint32_t, uint64_t, Tick, Tick>> operations;
    bool isComplete;

    bool operator==(const Seen&) const = default;
};

template <typename Add>
Seen
RunScene(const Scene& scene, const Add& add)
{
    const auto n = static_cast<uint32_t>(scene.spec.ranks.size());
    OperationGraph graph(n);
    std::vector<uint32_t> before;
    for (uint32_t member = 0; member < n; ++member)
    {
        Operation wait;
        wait.rank = scene.spec.ranks[member];
        wait.duration = scene.skews[member];
        before.push_back(graph.Add(wait));
    }
    for (uint32_t round = 0; round < scene.rounds; ++round)
    {
        const CollectiveEnds ends = add(graph);
        for (uint32_t member = 0; member < n; ++member)
        {
            graph.Require(ends.begin[member], before[member]);
        }
        before = ends.end;
    }
    graph.Finish();
    UsePicoseconds();
    AlphaBetaTransport transport(n, scene.alpha, scene.beta);
    std::vector<uint32_t> endpoints(n);
    std::iota(endpoints.begin(), endpoints.end(), 0);
    MessageRecorder record;
    Replayer replayer(graph, endpoints, transport, scene.costs, 0, &record);
    replayer.KeepTasks(std::vector<bool>(n, true));
    replayer.Start(0);
    Simulator::Run();
    Simulator::Destroy();
    Seen seen;
    seen.isComplete = replayer.IsComplete();
    for (const MessageRecord& message : record.messages)
    {
        seen.messages.emplace_back(message.start,
                                   message.end,
                                   message.src,
                                   message.dst,
                                   message.bytes,
                                   message.flow);
    }
    for (uint32_t i = 0; i < graph.GetCollectives().size(); ++i)
    {
        seen.collectives.push_back(replayer.GetCollectiveSpan(i));
    }
    // In program order, those that take time: as a timeline has them.
    const auto& tasks = replayer.GetTasks(); // sorted in each call
    auto task = tasks.begin();
    for (uint32_t id = 0; id < graph.GetOperations().size(); ++id)
    {
        const Operation& operation = graph.GetOperations()[id];
        const auto [start, end] = replayer.GetOperationSpan(id);
        if (start != end && operation.type != OperationType::DELAY)
        {
            const bool isMessage =
                operation.type == OperationType::SEND || operation.type == OperationType::RECEIVE;
            seen.operations.emplace_back(operation.type,
                                         operation.rank,
                                         isMessage ? operation.peer : 0,
                                         operation.bytes,
                                         start,
                                         end);
        }
        for (; task != tasks.end() && task->operation == id; ++task)
        {
            seen.operations.emplace_back(task->type,
                                         task->rank,
                                         task->type == OperationType::REDUCE ? 0 : task->peer,
                                         task->bytes,
                                         task->start,
                                         task->end);
        }
    }
    return seen;
}

} // namespace

TEST_SUITE("unfolder")
{
    TEST_CASE("what unfolds runs as if it were written out, operation by operation")
    {
        uint32_t messages = 0;
        for (uint64_t seed = 0; seed < 200; ++seed)
        {
            const Scene scene = MakeScene(seed);
            CAPTURE(seed);
            CAPTURE(scene.spec.name);
            CAPTURE(scene.spec.algorithm);
            const Seen expanded = RunScene(scene, [&](OperationGraph& graph) {
                return ExpandCollective(graph, scene.spec, scene.hints);
            });
            const Seen unfolded = RunScene(scene, [&](OperationGraph& graph) {
                return AddCollective(graph, scene.spec, scene.hints);
            });
            CHECK(unfolded.isComplete);
            CHECK(unfolded.messages == expanded.messages);
            CHECK(unfolded.collectives == expanded.collectives);
            CHECK(unfolded.operations == expanded.operations);
            messages += unfolded.messages.size();
        }
        CHECK(messages > 10'000);
    }

    TEST_CASE("collectives that two ranks run in opposite order are found to wait for one another")
    {
        const auto make =
            [](const std::string& name, const std::string& algorithm, bool isCrossed) {
                CollectiveSpec spec;
                spec.name = name;
                spec.algorithm = algorithm;
                spec.bytes = 1000;
                spec.ranks = {0, 1};
                spec.endpoints = {0, 1};
                FabricHints hints;
                hints.endpoints = 2;
                OperationGraph graph(2);
                const CollectiveEnds first = AddCollective(graph, spec, hints);
                const CollectiveEnds second = AddCollective(graph, spec, hints);
                graph.Require(second.begin[0], first.end[0]);
                if (isCrossed)
                {
                    graph.Require(first.begin[1], second.end[1]);
                }
                graph.Finish();
            };
        CHECK_THROWS_WITH_AS(
            make("all_reduce", "ring", true),
            doctest::Contains("rank 1: launch (operation 1 of all_reduce 0), which waits for rank "
                              "1: delay (operation 7 of all_reduce 1), which waits for rank 0: "
                              "launch (operation 4 of all_reduce 1)"),
            OperationError);
        CHECK_NOTHROW(make("all_reduce", "ring", false));
        CHECK_THROWS_AS(make("send_recv", "direct", true), OperationError);
        // A root that only sends waits for nobody.
        CHECK_NOTHROW(make("broadcast", "direct", true));
    }

    TEST_CASE("tasks are kept of those ranks that are asked for")
    {
        CollectiveSpec spec;
        spec.name = "all_reduce";
        spec.algorithm = "ring";
        spec.bytes = 4000;
        spec.ranks = {0, 1, 2, 3};
        spec.endpoints = {0, 1, 2, 3};
        FabricHints hints;
        hints.endpoints = 4;
        OperationGraph graph(4);
        AddCollective(graph, spec, hints);
        graph.Finish();
        const auto getTasks = [&graph](std::vector<bool> ranks) {
            UsePicoseconds();
            AlphaBetaTransport transport(4, 1000, 1);
            Replayer replayer(graph, {0, 1, 2, 3}, transport, {});
            replayer.KeepTasks(std::move(ranks));
            replayer.Start(0);
            Simulator::Run();
            Simulator::Destroy();
            return replayer.GetTasks();
        };
        std::vector<TaskRecord> all = getTasks({true, true, true, true});
        CHECK(all.size() == 4 * (6 + 6)); // sends and receives; reductions take no time
        std::erase_if(all, [](const TaskRecord& task) { return task.rank != 2; });
        const std::vector<TaskRecord> some = getTasks({false, false, true, false});
        CHECK(some.size() == 12);
        CHECK(std::equal(all.begin(),
                         all.end(),
                         some.begin(),
                         some.end(),
                         [](const TaskRecord& a, const TaskRecord& b) {
                             return a.place == b.place && a.rank == b.rank && a.end == b.end;
                         }));
    }

    TEST_CASE("a lost message leaves those who wait for it, by name")
    {
        CollectiveSpec spec;
        spec.name = "all_reduce";
        spec.algorithm = "ring";
        spec.bytes = 3000;
        spec.ranks = {0, 1, 2};
        spec.endpoints = {0, 1, 2};
        FabricHints hints;
        hints.endpoints = 3;
        OperationGraph graph(3);
        AddCollective(graph, spec, hints);
        graph.Finish();
        const Replay replay(graph, 1000, 1, {}, 1);
        CHECK_FALSE(replay.replayer.IsComplete());
        const auto waiting = replay.replayer.GetWaiting(99);
        CHECK(std::find(waiting.begin(), waiting.end(), "rank 2: receive from 1 (all_reduce 0)") !=
              waiting.end());
    }
}
