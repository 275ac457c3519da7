/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../workload/alpha-beta-transport.h"
#include "engine/random.h"
#include "trace-files.h"
#include "trace/trace.h"

#include "ns3/mtlink-error.h"

#include <cstdio>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <string>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>
#include <zlib.h>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

const std::string SAMPLES = MTLINK_SOURCE_DIR "/examples/traces/";

/** @return the message with which a Chakra trace of one rank is refused. */
std::string
ChakraRefusal(const std::string& nodes)
{
    const Folder folder;
    return RefusalOf(folder.Write("t.0.et", chakra::METADATA + nodes));
}

/** @return the message with which a Chakra trace of two ranks is refused. */
std::string
ChakraRefusal(const std::string& first, const std::string& second)
{
    const Folder folder;
    folder.Write("t.1.et", chakra::METADATA + second);
    return RefusalOf(folder.Write("t.0.et", chakra::METADATA + first));
}

std::string
GoalRefusal(const std::string& text)
{
    const Folder folder;
    return RefusalOf(folder.Write("t.goal", text));
}

std::string
CsvRefusal(const std::string& text)
{
    const Folder folder;
    return RefusalOf(folder.Write("t.csv", text));
}

} // namespace

TEST_SUITE("workload")
{
    TEST_CASE("the sample Chakra traces of all four collectives replay")
    {
        TraceOptions options;
        options.algorithm = "ring";
        constexpr Tick MIB = 1 << 20;
        const std::pair<const char*, Tick> expected[] = {
            {"all_reduce", 14 * (1000 + MIB / 8)},
            {"all_gather", 7 * (1000 + MIB)}, // comm_size is what one rank puts in
            {"reduce_scatter", 7 * (1000 + MIB / 8)},
        };
        for (const auto& [name, time] : expected)
        {
            const std::string file = SAMPLES + "astra-sim/" + name + "/" + name + ".0.et";
            const auto graph = ReadTrace(file, options);
            CHECK(graph.GetRanks() == 8);
            REQUIRE(graph.GetCollectives().size() == 1);
            CHECK(graph.GetCollectives()[0].name == name);
            CHECK(graph.GetCollectives()[0].algorithm == "ring");
            CHECK(TimeOf(graph, 1000, 1) == time);
        }
        options.algorithm = "pairwise";
        const auto graph = ReadTrace(SAMPLES + "astra-sim/all_to_all/all_to_all.3.et", options);
        CHECK(TimeOf(graph, 1000, 1) == 7 * (1000 + MIB / 8));
    }

    TEST_CASE("the expanded ring trace takes as long as the collective one, compute left out")
    {
        TraceOptions options;
        options.algorithm = "ring";
        const auto collective =
            ReadTrace(SAMPLES + "astra-sim/all_reduce/all_reduce.0.et", options);
        const auto expanded =
            ReadTrace(SAMPLES + "astra-sim/ring_all_reduce/custom_allreduce.0.et", {});
        CHECK(expanded.GetCollectives().empty());
        // Seven reductions of 7 us lie on the expanded one's way.
        CHECK(TimeOf(expanded, 1000, 1) == TimeOf(collective, 1000, 1) + 7 * Tick{7'000'000});
    }

    TEST_CASE("the sample GOAL schedule replays")
    {
        const auto graph = ReadTrace(SAMPLES + "goal/binary_tree_32.goal", {});
        CHECK(graph.GetRanks() == 32);
        CHECK(graph.GetOperations().size() == 62);
        CHECK(TimeOf(graph, 1000, 1) == 5 * 1001);
    }

    TEST_CASE("a trace is summarised by type and collective")
    {
        const auto ring =
            SummariseTrace(SAMPLES + "astra-sim/ring_all_reduce/custom_allreduce.0.et");
        CHECK(ring.format == "chakra");
        CHECK(ring.version == "1.0.2-chakra.0.0.4");
        CHECK(ring.ranks == 8);
        CHECK(ring.operations == 280);
        CHECK(ring.operationsByType.at("send") == 112);
        CHECK(ring.bytesByCollective.at("send") == 14 * (1 << 20));
        CHECK(ring.computeTime == 56 * Tick{7'000'000});
        const auto goal = SummariseTrace(SAMPLES + "goal/binary_tree_32.goal");
        CHECK(goal.format == "goal");
        CHECK(goal.operations == 62);
        const auto gather = SummariseTrace(SAMPLES + "astra-sim/all_gather/all_gather.0.et");
        CHECK(gather.version == "0.0.4");
        CHECK(gather.bytesByCollective.at("all_gather") == 8 * (1 << 20));
    }

    TEST_CASE("a GOAL schedule runs its labels, comments, cpus and both kinds of requires")
    {
        const Folder folder;
        const auto graph = ReadTrace(folder.Write("t.goal",
                                                  "/* two\n ranks */ num_ranks 2 // here\n"
                                                  "rank 0 {\n"
                                                  " b requires a # before it is given\n"
                                                  " a: calc 100\n"
                                                  " b: send 50b to 1 tag 3 cpu 1 nic 0\n"
                                                  " calc 20 cpu 1\n"
                                                  " c: calc 30 cpu 1\n"
                                                  " d: calc 5 cpu 2\n"
                                                  " d irequires a\n"
                                                  "}\n"
                                                  "rank 1 { r: recv 50b from 0 tag 3 }\n"),
                                     {});
        const Replay replay(graph, 1000, 1);
        CHECK(replay.replayer.GetOperationSpan(0).second == 100'000);
        CHECK(replay.replayer.GetOperationSpan(1).first == 100'000);
        CHECK(replay.replayer.GetOperationSpan(2).second == 20'000);
        CHECK(replay.replayer.GetOperationSpan(3).second == 50'000);
        CHECK(replay.replayer.GetOperationSpan(4).second == 5'000);
        CHECK(replay.replayer.GetOperationSpan(5).second == 101'050);
    }

    TEST_CASE("a CSV message starts at its time and after the rows it names")
    {
        const Folder folder;
        const auto graph = ReadTrace(folder.Write("t.csv",
                                                  "start_ns, src, dst, bytes, tag, after\r\n"
                                                  "0.5,0,1,100,,1\r\n"
                                                  "\r\n"
                                                  "1.25,1,2,100,4,\r\n"
                                                  "5,2,0,100,,0;1\r\n"),
                                     {});
        CHECK(graph.GetRanks() == 3);
        const Replay replay(graph, 1000, 1);
        const auto& messages = replay.GetMessages();
        REQUIRE(messages.size() == 3);
        CHECK(messages[0].start == 1250); // row 1
        CHECK(messages[1].start == 2350); // row 0, after row 1
        CHECK(messages[2].start == 5000); // row 2, at its time
    }

    TEST_CASE("10,000 CSV messages replay")
    {
        std::string text = "start_ns,src,dst,bytes\n";
        for (int i = 0; i < 10000; ++i)
        {
            text += std::to_string(i) + "," + std::to_string(i % 64) + "," +
                    std::to_string((i * 7 + 1) % 64) + ",4096\n";
        }
        const Folder folder;
        const auto graph = ReadTrace(folder.Write("t.csv", text), {});
        const Replay replay(graph, 1000, 1);
        CHECK(replay.replayer.IsComplete());
        CHECK(replay.GetMessages().size() == 10000);
    }

    TEST_CASE("packed traces are unpacked")
    {
        const Folder folder;
        const auto file = folder.Pack("t.goal.gz", "num_ranks 1 rank 0 { calc 7 }");
        CHECK(TimeOf(ReadTrace(file, {}), 0, 0) == 7000);
        folder.Pack("t.1.et.gz", chakra::METADATA + chakra::Collective(0, 9, 0));
        const auto et = folder.Pack("t.0.et.gz", chakra::METADATA + chakra::Collective(0, 9, 0));
        CHECK(ReadTrace(et, {}).GetCollectives().size() == 1);
    }

    TEST_CASE("a Chakra number may be of any type")
    {
        using namespace chakra;
        const std::string sizes[] = {Number(7, 64),
                                     Number(9, 64),
                                     Number(11, 64),
                                     Number(13, 64),
                                     Number(15, 128), // zigzag
                                     Number(17, 128),
                                     Fixed(19, 64, 4),
                                     Fixed(21, 64, 8),
                                     Fixed(23, 64, 4),
                                     Fixed(25, 64, 8),
                                     Fixed(5, 0x42800000, 4),          // float
                                     Fixed(3, 0x4050000000000000, 8)}; // double
        for (const auto& size : sizes)
        {
            const Folder folder;
            const auto node = Node(0, 7, Int("comm_type", 0) + Attached("comm_size", size));
            folder.Write("t.1.et", METADATA + node);
            const auto graph = ReadTrace(folder.Write("t.0.et", METADATA + node), {});
            CHECK(graph.GetCollectives()[0].bytes == 64);
        }
    }

    TEST_CASE("Chakra nodes wait for their dependencies, host and device computes overlap")
    {
        using namespace chakra;
        const Folder folder;
        const std::string host = Attached("is_cpu_op", Number(27, 1));
        const std::string nodes =
            Node(5, 4, Number(7, 3) + After(9)) + // after a node that comes later
            Node(9, 4, Number(7, 2)) +            // device, first
            Node(10, 4, Number(7, 4) + host) +    // host, beside it
            Node(11, 2, Number(7, 1)) +           // memory, beside all
            Node(12, 1, Number(7, 50));           // metadata: no time
        const auto graph = ReadTrace(folder.Write("t.0.et", METADATA + nodes), {});
        const Replay replay(graph);
        constexpr Tick US = 1'000'000;
        CHECK(replay.replayer.GetOperationSpan(0) == std::pair<Tick, Tick>{2 * US, 5 * US});
        CHECK(replay.replayer.GetOperationSpan(1) == std::pair<Tick, Tick>{0, 2 * US});
        CHECK(replay.replayer.GetOperationSpan(2) == std::pair<Tick, Tick>{0, 4 * US});
        CHECK(replay.replayer.GetOperationSpan(3) == std::pair<Tick, Tick>{0, 1 * US});
        CHECK(replay.replayer.GetOperationSpan(4) == std::pair<Tick, Tick>{0, 0});
    }

    TEST_CASE("collectives of a process group match in order of issue, by file, node or use")
    {
        using namespace chakra;
        const std::string group = Attached("pg_name", Text(29, "7"));
        const std::string in = Collective(0, 0, 800, group) + Collective(1, 5, 40, group);
        // The second issued stands first.
        const std::string turned =
            Collective(1, 5, 40, group + After(0)) + Collective(0, 0, 800, group);
        const auto read = [&](const std::string& groups, const std::string& init) {
            const Folder folder;
            folder.Write("t.1.et", METADATA + Node(0, 4));
            folder.Write("t.2.et", METADATA + turned);
            if (!groups.empty())
            {
                folder.Write("t.groups.json", groups);
            }
            return ReadTrace(folder.Write("t.0.et", METADATA + in + init), {});
        };
        const std::string init =
            Record(Number(1, 50) + Text(2, "## process_group:init ##") + Number(3, 1) +
                   Text(8, Text(1, R"(['[{"pg_name": "7", "ranks": [2, 0]}]'])")));
        for (const auto& graph :
             {read(R"({"7": [2, 0], "8": [1]})", ""), read("", init), read("", "")})
        {
            REQUIRE(graph.GetCollectives().size() == 2);
            CHECK(graph.GetCollectives()[0].ranks == 2);
            CHECK(graph.GetCollectives()[0].name == "all_reduce");
            CHECK(graph.GetCollectives()[1].name == "broadcast");
            const Replay replay(graph);
            CHECK(replay.replayer.IsComplete());
        }
        CHECK(read(R"({"7": [2, 0]})", "").GetOperations()[0].rank == 2);
    }

    TEST_CASE("the host's side of a collective's launch is a compute, and noted")
    {
        using namespace chakra;
        const Folder folder;
        const std::string host = Attached("is_cpu_op", Number(27, 1));
        const auto file = folder.Write("t.0.et",
                                       METADATA + Node(3, 7, Number(7, 9) + host) +
                                           Node(4, 4, Int("num_ops", 1000)));
        CHECK(TimeOf(ReadTrace(file, {}), 0, 0) == 9'000'000);
        const auto summary = SummariseTrace(file);
        CHECK(summary.operationsByType.at("collective_launch") == 1);
        REQUIRE(summary.notes.size() == 2);
        CHECK(Contains(summary.notes[0], "1 collective nodes are the host's side"));
        CHECK(Contains(summary.notes[1], "1 nodes have num_ops or tensor_size but no duration"));
    }

    TEST_CASE("an algorithm may be named for each collective of a trace")
    {
        TraceOptions options;
        options.algorithm = "ring";
        options.algorithms["all_reduce"] = "tree";
        const std::string file = SAMPLES + "astra-sim/all_reduce/all_reduce.0.et";
        CHECK(ReadTrace(file, options).GetCollectives()[0].algorithm == "tree");
        options.algorithms["all_reduce"] = "bruck";
        CHECK_THROWS_AS(ReadTrace(file, options), ParameterError);
    }

    TEST_CASE("damaged Chakra traces are refused by record and byte")
    {
        using namespace chakra;
        CHECK(ChakraRefusal(Varint(200) + "\x08\x01") ==
              "t.0.et:2:9: error: a record of 200 bytes, but the file has only 2 left: it was cut "
              "short");
        CHECK(ChakraRefusal("\xff") == "t.0.et:2:9: error: the file ends in a record's length");
        CHECK(
            ChakraRefusal(Varint(uint64_t{3} << 30)) ==
            "t.0.et:2:9: error: a record of 3221225472 bytes, but at most 1 GiB can be right: the "
            "trace is damaged");
        CHECK(Contains(ChakraRefusal(Varint(uint64_t{1} << 62)), "at most 1 GiB can be right"));
        CHECK(Contains(ChakraRefusal(std::string(11, '\xff')), "has more than 10 bytes"));
        CHECK(ChakraRefusal(Record("\x0a\x05xx")) ==
              "t.0.et:2:9: error: this record is no node of a Chakra trace");
        const Folder folder;
        CHECK(Contains(RefusalOf(folder.Write("e.0.et", "")),
                       "e.0.et:1:1: error: the file is empty"));
        CHECK(Contains(RefusalOf(folder.Write("m.0.et", "\x03\x0a\x09x")),
                       "this record is no metadata of a Chakra trace"));
    }

    TEST_CASE("Chakra nodes that can't be are refused by rank and node")
    {
        using namespace chakra;
        CHECK(ChakraRefusal(Node(4, 9)) ==
              "t.0.et:2:9: error: rank 0 node 4 'n': its type is 9, but 1 to 7 (metadata, memory "
              "load, memory store, compute, send, receive, collective) would be right");
        CHECK(Contains(ChakraRefusal(Node(4, 0)), "its type is 0"));
        CHECK(ChakraRefusal(Node(4, 4) + Node(5, 4) + Node(4, 4)) ==
              "t.0.et:4:25: error: rank 0 node 4 'n': its id is there twice");
        CHECK(ChakraRefusal(Node(4, 4, After(77))).empty()); // counts as done
        CHECK(ChakraRefusal(Node(4, 4, After(6)) + Node(5, 4) + Node(6, 4, After(4))) ==
              "t.0.et:2:9: error: rank 0 node 4 'n': it depends on itself: node 4 waits for 6, "
              "which waits for 4");
        CHECK(Contains(ChakraRefusal(Record(Number(3, 4) + Text(2, "a\xff"))),
                       "its name is not UTF-8"));
        CHECK(Contains(ChakraRefusal(Node(4, 4, Number(7, uint64_t{1} << 60))),
                       "us, but at most 100 days can be right"));
        CHECK(Contains(ChakraRefusal(Node(4, 5, Int("comm_size", 8))),
                       "comm_dst, to whom, is missing"));
        CHECK(Contains(ChakraRefusal(Node(4, 6, Int("comm_size", 8))),
                       "comm_src, from whom, is missing"));
        CHECK(Contains(ChakraRefusal(Node(4, 5, Int("comm_dst", 0))),
                       "comm_size, how much, is missing"));
        CHECK(Contains(ChakraRefusal(Node(4, 7)), "comm_type, which one, is missing"));
        CHECK(Contains(
            ChakraRefusal(Node(4, 7, Int("comm_type", 0)), Node(4, 7, Int("comm_type", 0))),
            "it is all_reduce, but comm_size"));
        CHECK(Contains(ChakraRefusal(Collective(4, 12, 8)), "its comm_type is 12, but 0 to 9"));
        CHECK(Contains(ChakraRefusal(Collective(4, 0, uint64_t(-1))),
                       "comm_size is no whole number from 0 to 1125899906842624"));
        CHECK(Contains(
            ChakraRefusal(Node(4, 7, Int("comm_type", 0) + Attached("comm_size", Text(29, "8")))),
            "comm_size is no whole number"));
        CHECK(Contains(ChakraRefusal(Node(4, 5, Int("comm_size", 8) + Int("comm_dst", 1 << 24))),
                       "comm_dst is no whole number from 0 to 16777215"));
        CHECK(Contains(ChakraRefusal(Node(4, 5, Int("comm_size", 8) + Int("comm_dst", 3))),
                       "it names rank 3, but there are ranks 0 to 0: 't.3.et' is not beside it"));
    }

    TEST_CASE("Chakra ranks that do not fit together are refused by rank and node")
    {
        using namespace chakra;
        CHECK(ChakraRefusal(Collective(4, 0, 8)) ==
              "t.0.et:2:9: error: rank 0 node 4 'n': it is all_reduce, so there are other ranks, "
              "but their files, 't.1.et' and so on, are missing beside it; or 'ranks: N' lets this "
              "one stand for N");
        CHECK(ChakraRefusal(Collective(4, 0, 8), Collective(5, 0, 16)) ==
              "t.1.et:2:9: error: rank 1 node 5 'n': it is all_reduce of 16 bytes, but rank 0 node "
              "4, "
              "with which it goes, is all_reduce of 8 bytes");
        CHECK(Contains(ChakraRefusal(Collective(4, 0, 8), Collective(5, 2, 8)),
                       "it is all_gather of 8 bytes, but rank 0 node 4"));
        CHECK(Contains(ChakraRefusal(Collective(4, 0, 8), Node(5, 4)),
                       "collective 0 of its process group, but rank 1 has only 0"));
        CHECK(Contains(ChakraRefusal(Node(5, 4), Collective(4, 0, 8)),
                       "collective 0 of its process group, but rank 0 has only 0"));
        const std::string send = Node(4, 5, Int("comm_size", 8) + Int("comm_dst", 1));
        CHECK(ChakraRefusal(send, Node(5, 4)) ==
              "t.0.et:2:9: error: rank 0: node 4 (n) sends to rank 1 with tag 0, and no receive "
              "there matches it");
        const auto crossed = [](uint64_t other) {
            return Node(1, 6, Int("comm_size", 8) + Int("comm_src", other)) +
                   Node(2, 5, Int("comm_size", 8) + Int("comm_dst", other) + After(1));
        };
        CHECK(
            ChakraRefusal(crossed(1), crossed(0)) ==
            "t.0.et:2:9: error: these wait for one another: rank 0: node 1 (n), which waits for "
            "rank 1: node 2 (n), which waits for rank 1: node 1 (n), which waits for rank 0: node "
            "2 (n), which waits for the first");
        const Folder folder;
        folder.Write("t.3.et", METADATA + Node(0, 4));
        folder.Write("t.1.et", METADATA + Node(0, 4));
        const auto file = folder.Write("t.0.et", METADATA + Node(0, 4));
        CHECK(RefusalOf(file) ==
              "t.0.et:1:1: error: the file of rank 2, 't.2.et', is missing beside "
              "it; there are files of ranks up to 3");
        CHECK(Contains(SummariseTrace(file).notes.back(), "files of 1 ranks are missing"));
        folder.Write("t.2.et", METADATA + Node(0, 4));
        TraceOptions options;
        options.maxRanks = 2;
        CHECK(RefusalOf(file, options) ==
              "t.2.et:1:1: error: the trace has ranks 0 to 3, the fabric has room for 2: rank 2 is "
              "beyond it");
        folder.Write("t.groups.json", R"({"7": [0, 9]})");
        CHECK(RefusalOf(file) == "t.groups.json:1:1: error: process group '7' has rank 9, but the "
                                 "trace has ranks 0 to 3");
        folder.Write("t.groups.json", "[1");
        CHECK(Contains(RefusalOf(file), "process groups stand in an object"));
        CHECK(RefusalOf(folder.Write("plain.et", METADATA)).empty()); // rank 0 alone
        folder.Write("far.16000000.et", METADATA);
        CHECK(Contains(RefusalOf(folder.Write("far.0.et", METADATA)),
                       "the file of rank 1, 'far.1.et'"));
    }

    TEST_CASE("an absurd length costs no memory, packed or not")
    {
        using namespace chakra;
        const auto peak = [] {
            rusage usage{};
            getrusage(RUSAGE_SELF, &usage);
            return usage.ru_maxrss; // KiB
        };
        const auto before = peak();
        const std::string damaged = METADATA + Varint((1 << 30) - 1) + "\x08\x01";
        const Folder folder;
        CHECK(Contains(RefusalOf(folder.Write("t.0.et", damaged)), "only 2 left"));
        CHECK(Contains(RefusalOf(folder.Pack("t.0.et.gz", damaged)), "the file ends before"));
        CHECK(peak() - before < 32 * 1024);
    }

    TEST_CASE("damaged packed files are refused")
    {
        const Folder folder;
        std::string text = "num_ranks 1 rank 0 {";
        for (int i = 0; i < 5000; ++i)
        {
            text += " calc " + std::to_string(i * 7919);
        }
        text += " }";
        CHECK(Contains(RefusalOf(folder.Pack("t.goal.gz", text, 2000)),
                       "the packed file ends too early"));
    }

    TEST_CASE("malformed GOAL schedules are refused by line and column")
    {
        CHECK(GoalRefusal("num_ranks 2\nrank 0 { l1: send 8b to 7 }") ==
              "t.goal:2:25: error: here is '7', but a rank, 0 to 1, would be right");
        CHECK(Contains(GoalRefusal("num_ranks x"),
                       "t.goal:1:11: error: here is 'x', but a number of ranks"));
        CHECK(Contains(GoalRefusal("num_ranks 4294967295"), "a number of ranks, 0 to 16777216"));
        CHECK(Contains(GoalRefusal("num_ranks 0"), "num_ranks 0, but at least 1"));
        CHECK(Contains(GoalRefusal("num_ranks 1\nrang 0 {}"), "t.goal:2:1: error: here is 'rang'"));
        CHECK(Contains(GoalRefusal("num_ranks 1 rank 0 { calc 5"),
                       "the file ends in the block of rank 0, '}' is missing"));
        CHECK(
            Contains(GoalRefusal("num_ranks 1 rank 0 {} rank 0 {}"), "rank 0 has a block already"));
        CHECK(Contains(GoalRefusal("num_ranks 1 rank 0 { a: calc 5 a: calc 6 }"),
                       "label 'a' of rank 0 is there twice"));
        CHECK(Contains(GoalRefusal("num_ranks 1 rank 0 { a: calc 5 a requires b }"),
                       "rank 0 has no label 'b'"));
        CHECK(Contains(GoalRefusal("num_ranks 1 rank 0 { a: calc 99999999999999999999 }"),
                       "a time in ns"));
        CHECK(Contains(GoalRefusal("num_ranks 1 rank 0 { a: calc -5 }"), "here is '-5'"));
        CHECK(Contains(GoalRefusal("num_ranks 1 rank 0 { send 8 to 0 }"),
                       "here is '8', but bytes as in '1024b'"));
        CHECK(Contains(GoalRefusal("num_ranks 1 rank 0 { send 8b at 0 }"),
                       "here is 'at', but 'to' would be right"));
        CHECK(Contains(GoalRefusal("num_ranks 1 rank 0 { jump 8 }"),
                       "here is 'jump', but send, recv, calc"));
        CHECK(Contains(GoalRefusal("num_ranks 1 /* rank 0 {}"), "this comment does not end"));
        CHECK(Contains(
            GoalRefusal("num_ranks 1 rank 0 { a: calc 1 b: calc 1 a requires b b requires a }"),
            "these wait for one another: rank 0: a (calc), which waits for rank 0: b (calc)"));
        CHECK(
            GoalRefusal("num_ranks 2\nrank 0 {\n  l1: send 8b to 1 tag 4\n}") ==
            "t.goal:3:7: error: rank 0: l1 (send) sends to rank 1 with tag 4, and no receive there "
            "matches it");
        TraceOptions options;
        options.maxRanks = 4;
        const Folder folder;
        CHECK(
            RefusalOf(folder.Write("t.goal", "num_ranks 9"), options) ==
            "t.goal:1:11: error: the trace has ranks 0 to 8, the fabric has room for 4: rank 4 is "
            "beyond it");
    }

    TEST_CASE("malformed CSVs of messages are refused by line and column")
    {
        const std::string head = "start_ns,src,dst,bytes,tag,after\n";
        CHECK(CsvRefusal("start_ns,src,dst,bites\n") ==
              "t.csv:1:18: error: there is no column 'bites'; there are start_ns, src, dst, bytes, "
              "tag, after, traffic_class");
        CHECK(Contains(CsvRefusal("start_ns,src,dst\n"), "column 'bytes' is missing"));
        CHECK(Contains(CsvRefusal("start_ns,src,dst,bytes,src\n"), "column 'src' is there twice"));
        CHECK(Contains(CsvRefusal(head), "there is no message under the header"));
        CHECK(CsvRefusal(head + "0,1,2\n") ==
              "t.csv:2:5: error: this row has 3 values, the header 6");
        CHECK(Contains(CsvRefusal(head + "0,1,2,x,,\n"), "t.csv:2:7: error: bytes is 'x'"));
        CHECK(Contains(CsvRefusal(head + "0,-1,2,8,,\n"), "src is '-1'"));
        CHECK(Contains(CsvRefusal(head + "0,1,99999999,8,,\n"),
                       "dst is '99999999', but a whole number, 0 to 16777215"));
        CHECK(Contains(CsvRefusal(head + "1.2345,1,2,8,,\n"),
                       "start_ns is '1.2345', but nanoseconds"));
        CHECK(Contains(CsvRefusal(head + "1e5,1,2,8,,\n"), "start_ns is '1e5'"));
        CHECK(Contains(CsvRefusal(head + "0,1,2,8,,5\n"),
                       "after names row 5, but rows count from 0 to 0"));
        CHECK(
            CsvRefusal(head + "0,1,2,8,,1\n0,2,3,8,,0\n") ==
            "t.csv:2:10: error: these wait for one another: rank 1: row 0, which waits for rank 3: "
            "row 1, which waits for rank 2: row 1, which waits for rank 2: row 0, which waits for "
            "the first");
        TraceOptions options;
        options.maxRanks = 4;
        const Folder folder;
        CHECK(RefusalOf(folder.Write("t.csv", head + "0,1,4,8,,\n"), options) ==
              "t.csv:2:5: error: rank 4 is beyond the fabric, which has room for ranks 0 to 3");
    }

    TEST_CASE("what is no trace is refused with what would be one")
    {
        const Folder folder;
        CHECK(Contains(RefusalOf(folder.Write("x", "{\"schema\": 1}")),
                       "this is JSON, but no trace of a known format"));
        CHECK(Contains(RefusalOf(folder.Write("x", "DATUM\t4\n")), "no trace of a known format"));
        CHECK(Contains(RefusalOf(folder.Write("y", "")), "the file is empty"));
        CHECK(Contains(RefusalOf("/nowhere/x.goal"), "can't open it: No such file or directory"));
        const std::filesystem::path path(folder.Write("y", ""));
        CHECK(Contains(RefusalOf(path.parent_path()),
                       "the folder has no trace: no Chakra trace, of files NAME.0.et"));
    }

    TEST_CASE("random bytes and random damage never do worse than a refusal")
    {
        std::ifstream file(SAMPLES + "astra-sim/all_reduce/all_reduce.0.et", std::ios::binary);
        const std::string good(std::istreambuf_iterator<char>(file), {});
        uint64_t draw = 1;
        const Folder folder;
        for (int round = 0; round < 2000; ++round)
        {
            std::string bytes = good;
            for (uint64_t i = 0; i <= Mix(draw) % 3; ++i)
            {
                const auto at = Mix(++draw) % bytes.size();
                bytes[at] = static_cast<char>(Mix(++draw));
            }
            bytes.resize(round % 4 == 0 ? Mix(++draw) % bytes.size() : bytes.size());
            try
            {
                ReadTrace(folder.Write("t.0.et", bytes), {});
            }
            catch (const InputError&)
            {
            }
        }
    }
}
