/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace-files.h"
#include "trace/chakra-file.h"
#include "trace/stand-in.h"
#include "trace/tensor-size.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

const std::string SAMPLES = MTLINK_SOURCE_DIR "/examples/traces/";

/** @return how often a summary tells of something; 0: it does not. */
uint64_t
CountOf(const TraceSummary& summary, const std::string& what)
{
    for (const std::string& note : summary.notes)
    {
        if (Contains(note, what))
        {
            return std::stoull(note);
        }
    }
    return 0;
}

TraceOptions
For(uint32_t ranks)
{
    TraceOptions options;
    options.algorithm = "ring";
    options.standFor = ranks;
    return options;
}

/** @return the sizes of a graph's collectives of one name, in order. */
std::vector<uint64_t>
SizesOf(const OperationGraph& graph, const std::string& name)
{
    std::vector<uint64_t> sizes;
    for (const CollectiveRecord& record : graph.GetCollectives())
    {
        if (record.name == name)
        {
            sizes.push_back(record.bytes);
        }
    }
    return sizes;
}

} // namespace

TEST_SUITE("trace-found")
{
    TEST_CASE("a dependency on a node that is not in a Chakra file counts as done and is told")
    {
        using namespace chakra;
        const Folder folder;
        const auto file = folder.Write("t.0.et",
                                       METADATA + Node(5, 4, Number(7, 3) + After(77)) +
                                           Node(6, 4, Number(7, 2) + After(5) + Number(4, 78)));
        CHECK(TimeOf(ReadTrace(file, {}), 0, 0) == 5'000'000);
        CHECK(CountOf(SummariseTrace(file), "not in the files") == 2);
    }

    TEST_CASE(
        "callers among control dependencies are no order where they go round in PyTorch's nodes")
    {
        using namespace chakra;
        const std::string nodes = Node(1, 4, Number(7, 3) + Number(4, 2) + Int("rf_id", 1)) +
                                  Node(2, 4, Number(7, 2) + After(1));
        const Folder folder;
        const auto file = folder.Write("t.0.et", METADATA + nodes);
        CHECK(TimeOf(ReadTrace(file, {}), 0, 0) == 5'000'000);
        CHECK(CountOf(SummariseTrace(file), "name callers") == 1);
        // Of other traces, and of data in any, a circle is refused with its node.
        const std::string other = Node(1, 4, Number(7, 3) + Number(4, 2)) + Node(2, 4, After(1));
        CHECK(Contains(
            RefusalOf(folder.Write("u.0.et", METADATA + other)),
            "rank 0 node 1 'n': it depends on itself: node 1 waits for 2, which waits for 1"));
        const std::string data = Node(1, 4, After(2) + Int("rf_id", 1)) + Node(2, 4, After(1));
        CHECK(Contains(RefusalOf(folder.Write("v.0.et", METADATA + data)), "depends on itself"));
    }

    TEST_CASE("a Chakra file that is cut short names the last whole node")
    {
        using namespace chakra;
        const Folder folder;
        const std::string whole = METADATA + Node(41, 4) + Node(42, 4);
        CHECK(Contains(RefusalOf(folder.Write("t.0.et", whole.substr(0, whole.size() - 2))),
                       "it was cut short; the last node before it is 41"));
    }

    TEST_CASE("one real rank's Chakra trace stands for eight")
    {
        const std::string file = SAMPLES + "chakra/one-rank.0.et.gz";
        const auto summary = SummariseTrace(file);
        CHECK(summary.version == "1.0.1");
        REQUIRE(summary.collectives.size() == 1);
        CHECK(summary.collectives[0].kind == "all_reduce");
        CHECK(summary.collectives[0].count == 2);
        CHECK(summary.collectives[0].bytes == 8196000 + 31502336);
        CHECK(CountOf(summary, "name callers") > 0);
        CHECK(CountOf(summary, "not in the files") > 0);
        const auto refused = RefusalOf(file);
        CHECK(Contains(refused, "'ranks: N' lets this one stand for N"));
        const auto graph = ReadTrace(file, For(8));
        CHECK(graph.GetRanks() == 8);
        CHECK(SizesOf(graph, "all_reduce") == std::vector<uint64_t>{8196000, 31502336});
        for (const CollectiveRecord& record : graph.GetCollectives())
        {
            CHECK(record.ranks == 8);
        }
        const Replay replay(graph, 1000, 1);
        CHECK(replay.replayer.IsComplete());
    }

    TEST_CASE("groups of one rank's trace are those of the same make in others")
    {
        using Team = std::vector<uint32_t>;
        CHECK(FindLikeGroup({0, 1}, 5, 8) == Team{4, 5});
        CHECK(FindLikeGroup({0, 4}, 5, 8) == Team{1, 5});
        CHECK(FindLikeGroup({0, 2}, 7, 8) == Team{5, 7});
        CHECK(FindLikeGroup({0, 1, 2, 3, 4, 5, 6, 7}, 3, 8) == Team{0, 1, 2, 3, 4, 5, 6, 7});
        CHECK(FindLikeGroup({3}, 6, 8) == Team{6});
        CHECK(!FindLikeGroup({0, 1, 3}, 4, 8));
        CHECK(!FindLikeGroup({0, 1, 2}, 4, 8));
        CHECK(TurnCounts({1, 2, 3}, 0, 1) == std::vector<uint64_t>{3, 1, 2});
        using namespace chakra;
        const Folder folder;
        const std::string tensor = Attached("pg_name", Text(29, "1.0"));
        const std::string data = Attached("pg_name", Number(9, 2));
        folder.Write("comm_groups.json", R"({"1": [0, 1], "2": [0, 2]})");
        const auto file = folder.Write("t.0.et",
                                       METADATA + Collective(1, 0, 80, tensor) +
                                           Collective(2, 0, 40, data + After(1)) +
                                           Node(3, 5, Int("comm_size", 8) + Int("comm_dst", 1)) +
                                           Node(4, 6, Int("comm_size", 8) + Int("comm_src", 3)));
        const auto graph = ReadTrace(file, For(4));
        CHECK(SizesOf(graph, "all_reduce") == std::vector<uint64_t>{80, 40, 40, 80});
        CHECK(Replay(graph, 10, 1).replayer.IsComplete());
    }

    TEST_CASE("Chakra in JSON is the same trace as in records")
    {
        using namespace chakra;
        const Folder folder;
        const std::string host = Attached("is_cpu_op", Number(27, 1));
        const auto binary = folder.Write("b.0.et",
                                         METADATA + Node(1, 4, Number(7, 3) + host) +
                                             Collective(2, 2, 64, After(1)));
        const auto json = folder.Write("j.0.json",
                                       R"({"version": "0.0.4"}
{"id": "1", "name": "n", "type": "COMP_NODE", "durationMicros": "3",
 "attr": [{"name": "is_cpu_op", "boolVal": true}]}
{"id": "2", "name": "n", "type": "COMM_COLL_NODE", "dataDeps": ["1", "99"],
 "attr": [{"name": "comm_type", "int64Val": "2"}, {"name": "comm_size", "int64Val": "64"},
          {"name": "involved_dim", "boolList": {"values": [true, true]}}]})");
        const auto list = folder.Write("l.0.json", R"({"workload_graph": [
 {"Id": 1, "Name": "n", "NodeType": 4, "is_cpu_op": true, "runtime": 3, "data_deps": []},
 {"Id": 2, "Name": "n", "NodeType": 7, "comm_type": "ALL_GATHER", "comm_size": 64,
  "data_deps": [1], "comm_src": 0}]})");
        const Tick time = TimeOf(ReadTrace(binary, For(4)), 1000, 1);
        CHECK(time > 3'000'000);
        CHECK(TimeOf(ReadTrace(json, For(4)), 1000, 1) == time);
        CHECK(TimeOf(ReadTrace(list, For(4)), 1000, 1) == time);
        CHECK(CountOf(SummariseTrace(json), "not in the files") == 1);
        CHECK(Contains(RefusalOf(folder.Write("c.0.json", R"({"version": "0.0.4"} {"id": "1",)")),
                       "cut short"));
        CHECK(Contains(
            RefusalOf(folder.Write("d.0.json", R"({"version": "1"} {"id": 1, "type": 9})")),
            "type is 9"));
    }

    TEST_CASE("kernels without a time take what a device needs")
    {
        using namespace chakra;
        const Folder folder;
        const auto file = folder.Write(
            "t.0.et",
            METADATA + Node(1, 4, Int("num_ops", 5'000'000) + Int("tensor_size", 100)) +
                Node(2, 4, Int("num_ops", 5) + Int("tensor_size", 3'000'000)) +
                Node(3, 4, Number(7, 1) + Int("num_ops", 9'000'000)));
        CHECK(TimeOf(ReadTrace(file, {}), 0, 0) == 1'000'000);
        TraceOptions options;
        options.operationsPerSecond = 1e12;
        CHECK_THROWS_AS(
            ReadTrace(MTLINK_SOURCE_DIR "/examples/traces/goal/binary_tree_32.goal", options),
            ParameterError); // it would time nothing, silently
        options.bytesPerSecond = 1e12;
        CHECK(TimeOf(ReadTrace(file, options), 0, 0) == 5'000'000 + 3'000'000 + 1'000'000);
        const auto timed =
            folder.Write("u.0.et", METADATA + Node(1, 4, Number(7, 1) + Int("num_ops", 9'000'000)));
        CHECK_THROWS_AS(ReadTrace(timed, options), ParameterError); // nor would it here
    }

    TEST_CASE("tensors and types of elements are sized as PyTorch writes them")
    {
        CHECK(SumFirstTensors("[[[2049, 5, 0, 53120, 4, 'cuda:0']], '<Object>', 0]") == 212480);
        CHECK(SumFirstTensors(R"([[718,715,0,6144,4,"cuda:0"],147,0])") == 24576);
        CHECK(SumFirstTensors("[[[1, 2, 0, 3, 4, 'c'], [1, 2, 0, 5, 2, 'c']], 7]") == 22);
        CHECK(!SumFirstTensors("[147, [1, 2, 0, 3, 4, 'c']]"));
        CHECK(!SumFirstTensors("[[[[[["));
        CHECK(GetElementBytes("c10::BFloat16") == 2);
        CHECK(GetElementBytes("Tensor(long int)") == 8);
        CHECK(GetElementBytes("GenericList[Tensor(float),Tensor(float)]") == 4);
        CHECK(GetElementBytes("Float") == 4);
        CHECK(GetElementBytes("NonsenseType") == 0);
    }
}
