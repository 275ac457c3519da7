/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace-files.h"
#include "trace/call-trace.h"
#include "trace/chakra-writer.h"
#include "trace/kernel-timeline.h"
#include "trace/nccl-tests-reader.h"
#include "trace/pytorch-calls.h"
#include "trace/trace-writer.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <filesystem>
#include <numeric>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

const std::string SAMPLES = MTLINK_SOURCE_DIR "/examples/traces/";
constexpr Tick US = 1'000'000;

/** @return the row of a kind; zeros: there is none. */
CollectiveCount
RowOf(const TraceSummary& summary, const std::string& kind)
{
    const auto found = std::find_if(summary.collectives.begin(),
                                    summary.collectives.end(),
                                    [&kind](const auto& row) { return row.kind == kind; });
    return found == summary.collectives.end() ? CollectiveCount{kind, 0, 0, 0, 0} : *found;
}

bool
Tells(const TraceSummary& summary, const std::string& what)
{
    return std::any_of(summary.notes.begin(), summary.notes.end(), [&what](const auto& note) {
        return Contains(note, what);
    });
}

TraceOptions
ByRing()
{
    TraceOptions options;
    options.algorithm = "ring";
    options.algorithms["all_to_all"] = "direct";
    options.algorithms["all_to_allv"] = "direct";
    options.algorithms["reduce"] = "direct";
    return options;
}

/** A line of a log of NCCL, of rank r of two. */
std::string
Line(int rank, const std::string& name, const std::string& op, const std::string& rest)
{
    const std::string r = std::to_string(rank);
    return "h:10" + r + ":1 [" + r + "] NCCL INFO " + name + ": opCount " + op +
           " sendbuff 0x1 recvbuff 0x2 " + rest + " op 0 root 0 comm 0x5" + r +
           " [nranks=2] stream 0x6" + r + "\n";
}

/** @return an event of Kineto's. */
std::string
Kernel(const std::string& name, double start, double duration, const std::string& more = "")
{
    return R"({"ph": "X", "cat": "kernel", "name": ")" + name + R"(", "ts": )" +
           std::to_string(start) + R"(, "dur": )" + std::to_string(duration) +
           R"(, "args": {"device": 0, "stream": 7)" + more + "}}";
}

std::string
Profile(int rank, const std::string& events)
{
    return R"({"schemaVersion": 1, "distributedInfo": {"rank": )" + std::to_string(rank) +
           R"(, "world_size": 2}, "traceEvents": [)" + events + "]}";
}

const std::string ALL_REDUCE =
    R"(, "Collective name": "allreduce", "In msg nelems": 1000, "Out msg nelems": 1000,
       "Group size": 2, "dtype": "Float", "Process Group Name": "0", "Process Group Ranks": "[0, 1]")";

/** @return the time of a graph whose converted form is read from a path. */
Tick
TimeOfFile(const std::string& path)
{
    return TimeOf(ReadTrace(path, ByRing()), 1000, 1);
}

} // namespace

TEST_SUITE("call-trace")
{
    TEST_CASE("a log of NCCL is read with prefixes and merged or cut lines")
    {
        const std::string file = SAMPLES + "nccl/two-ranks.log";
        const auto summary = SummariseTrace(file);
        CHECK(summary.format == "nccl-log");
        CHECK(summary.version == "2.18.3+cuda12.2");
        CHECK(summary.ranks == 2);
        CHECK(RowOf(summary, "all_reduce").bytes == 4 << 20);
        CHECK(RowOf(summary, "all_gather").bytes == 8192);
        CHECK(summary.messages == 2);
        CHECK(summary.messageBytes == 768);
        CHECK(Tells(summary, "lines of calls are cut"));
        CHECK(Tells(summary, "ran together"));
        CHECK(Tells(summary, "take part as others do"));
        const auto graph = ReadTrace(file, ByRing());
        REQUIRE(graph.GetCollectives().size() == 2);
        CHECK(graph.GetCollectives()[1].bytes == 16384); // of two ranks
        // A ring of two sends half the buffer twice; all_gather one share; then messages at once.
        CHECK(TimeOf(graph, 1000, 1) == 2 * (1000 + (2 << 20)) + (1000 + 8192) + (1000 + 512));
    }

    TEST_CASE("ranks whose calls are not of one kind are named as desynchronised")
    {
        const Folder folder;
        const std::string size = "count 4 datatype 7";
        CHECK(RefusalOf(
                  folder.Write("a.log",
                               Line(0, "AllReduce", "1f", size) + Line(1, "Broadcast", "1f", size)))
                  .starts_with("a.log:2:23: error: ranks are desynchronised: rank 1's call 0 of "
                               "group '2 ranks, 0' is broadcast of 16 bytes with root 0, but rank "
                               "0's is all_reduce of 16 bytes"));
        CHECK(Contains(RefusalOf(folder.Write("b.log", Line(0, "Frobnicate", "1", size))),
                       "'Frobnicate' is no call that is known"));
        CHECK(Contains(RefusalOf(folder.Write("c.log", "h:1:1 [0] NCCL INFO Bootstrap\n")),
                       "the log has no calls"));
    }

    TEST_CASE("a message to a rank that its group does not have is refused where it stands")
    {
        const Folder folder;
        const std::string size = "count 4 datatype 7";
        // The communicator of the send is in no other line: its group is the sender.
        const auto file = folder.Write(
            "a.log",
            Line(0, "AllReduce", "1", size) + Line(1, "AllReduce", "1", size) +
                "h:100:1 [0] NCCL INFO Send: opCount 2 sendbuff 0x1 recvbuff 0x2 count 4 datatype "
                "7 op 0 root 3 comm 0x7 stream 0x60\n");
        CHECK(RefusalOf(file) ==
              "a.log:3:23: error: it names rank 3 of group '0 ranks, 0', which has 1");
    }

    TEST_CASE("opCount is hexadecimal and ranks without a log do as others")
    {
        const Folder folder;
        const std::string size = "count 4 datatype 7";
        // Rank 1 lacks a, which is before 10.
        const auto file =
            folder.Write("a.log",
                         Line(0, "AllReduce", "9", size) + Line(0, "AllGather", "a", size) +
                             Line(0, "AllReduce", "10", size) + Line(1, "AllReduce", "9", size) +
                             Line(1, "AllReduce", "10", size));
        const auto graph = ReadTrace(file, ByRing());
        REQUIRE(graph.GetCollectives().size() == 3);
        CHECK(graph.GetCollectives()[1].name == "all_gather");
        const auto alone =
            ReadTrace(folder.Write("b.log", Line(0, "AllReduce", "9", size)), ByRing());
        CHECK(alone.GetRanks() == 2);
        CHECK(alone.GetCollectives()[0].ranks == 2);
    }

    TEST_CASE("a flight recorder's dumps of two ranks are one trace")
    {
        const Folder folder;
        const auto dump = [](int first, int last) {
            std::string text = R"({"version": "2.4", "pg_config": {"0": {"name": "0", "desc": "d",
                "ranks": "[0, 1]"}}, "entries": [)";
            for (int i = first; i <= last; ++i)
            {
                text += std::string(i > first ? "," : "") + R"({"record_id": )" +
                        std::to_string(i) + R"(, "process_group": ["0", "d"],
                    "collective_seq_id": )" +
                        std::to_string(i) +
                        R"(, "profiling_name": "nccl:_all_gather_base", "duration_ms": 0.5,
                    "input_sizes": [[8, 4]], "input_dtypes": ["BFloat16"], "output_sizes": [[16, 4]],
                    "output_dtypes": ["BFloat16"], "state": "completed"})";
            }
            return text + "]}";
        };
        folder.Write("trace_1.json", dump(2, 4));
        const auto file = folder.Write("trace_0.json", dump(1, 3));
        const auto summary = SummariseTrace(file);
        CHECK(summary.format == "flight-recorder");
        CHECK(summary.version == "2.4");
        CHECK(RowOf(summary, "all_gather").count == 2);
        CHECK(RowOf(summary, "all_gather").bytes == 128);
        CHECK(Tells(summary, "2 calls are left out"));
        const auto graph = ReadTrace(file, ByRing());
        REQUIRE(graph.GetCollectives().size() == 2);
        CHECK(graph.GetCollectives()[0].bytes == 128);
        CHECK(ReadMeasured(file, 0) == std::vector<Tick>{500 * US, 500 * US});
    }

    TEST_CASE("execution traces of eight ranks of a DLRM replay")
    {
        const std::string file = SAMPLES + "param/et/dlrm_eg_0.json.gz";
        const auto summary = SummariseTrace(file);
        CHECK(summary.format == "pytorch-et");
        CHECK(summary.version == "1.0.1");
        CHECK(summary.ranks == 8);
        CHECK(RowOf(summary, "all_reduce").count == 3);
        CHECK(RowOf(summary, "all_reduce").bytes == (394241 + 112 + 226960) * 4);
        CHECK(RowOf(summary, "all_to_allv").count == 4);
        CHECK(Tells(summary, "wait records are no collectives"));
        const auto graph = ReadTrace(file, ByRing());
        CHECK(graph.GetCollectives().size() == 8);
        CHECK(Replay(graph, 1000, 1).replayer.IsComplete());
    }

    TEST_CASE("profiles of eight ranks of a DLRM replay with and without computation")
    {
        const std::string folder = SAMPLES + "param/kineto";
        const auto summary = SummariseTrace(folder);
        CHECK(summary.format == "kineto");
        CHECK(summary.ranks == 8);
        CHECK(summary.computeTime > 0);
        CHECK(RowOf(summary, "all_reduce").count == 3);
        CHECK(RowOf(summary, "all_reduce").bytes == (394241 + 112 + 226960) * 4);
        const auto graph = ReadTrace(folder, ByRing());
        REQUIRE(graph.GetCollectives().size() == 8);
        const std::vector<Tick> measured = ReadMeasured(folder, 0);
        REQUIRE(measured.size() == 8);
        CHECK(std::all_of(measured.begin(), measured.end(), [](Tick time) { return time > 0; }));
        CHECK(TimeOf(graph, 1000, 1) > 5'000 * US);
    }

    TEST_CASE("a replay whose calls take as long as recorded is the recorded course")
    {
        CallRank rank;
        // 4,000 bytes by a ring of two at 1 ps a byte and 1,000 ps: 2 x (1,000 + 2,000) ps.
        constexpr Tick TAKES = 6'000;
        for (const Tick start : {Tick{10'000}, Tick{17'000}, Tick{40'000}})
        {
            RecordedCall call;
            call.start = start;
            call.duration = TAKES;
            rank.calls.push_back(call);
        }
        // Beside the first; idle while the second runs; a gap; up to the third and past its end.
        ChainByTime(rank, {{0, 9'000}, {11'000, 15'000}, {24'000, 30'000}, {31'000, 50'000}});
        CallTrace trace;
        trace.groups.push_back({"0", {0, 1}, 2});
        for (RecordedCall& call : rank.calls)
        {
            if (call.type == RecordedCall::COLLECTIVE)
            {
                call.collective = "all_reduce";
                call.bytes = 4'000;
            }
        }
        rank.file = "t";
        trace.ranks = {rank, rank};
        const auto graph = BuildCalls(trace, ByRing());
        const Replay replay(graph, 1000, 1);
        for (uint32_t i = 0; i < 3; ++i)
        {
            const Tick start = i == 0 ? 10'000 : i == 1 ? 17'000 : 40'000;
            CHECK(replay.replayer.GetCollectiveSpan(i) ==
                  std::pair<Tick, Tick>{start, start + TAKES});
        }
        CHECK(replay.replayer.GetSpan().second == 50'000);
        // Of a fabric without latency the idle time goes, the second's last 23,000 - 19,000 too.
        CHECK(TimeOf(graph, 0, 0) < 50'000 - TAKES);
    }

    TEST_CASE("Kineto's events are read one by one and exact to the picosecond")
    {
        const Folder folder;
        const auto events = [](double shift) {
            return Kernel("gemm", 100 + shift, 10) + "," +
                   Kernel("ncclDevKernel_AllReduce_Sum_f32_RING_LL", 110.5 + shift, 2, ALL_REDUCE) +
                   "," + Kernel("gemm", 113.25 + shift, 1.125);
        };
        folder.Write("w1_5.pt.trace.json", Profile(1, events(7)));
        const auto file = folder.Write("w0_4.pt.trace.json", Profile(0, events(0)));
        const auto graph = ReadTrace(file, ByRing());
        REQUIRE(graph.GetCollectives().size() == 1);
        CHECK(graph.GetCollectives()[0].bytes == 4000);
        // 10.5 us, the ring, 0.75 us of gap and 1.125 us.
        CHECK(TimeOf(graph, 1000, 1) == 10'500'000 + 6'000 + 750'000 + 1'125'000);
        CHECK(ReadMeasured(file, 0) == std::vector<Tick>{2 * US});
        CHECK(Contains(
            RefusalOf(folder.Write("x.json", R"({"traceEvents": [{"cat": "kernel", "ts": -)")),
            "cut short"));
        CHECK(Contains(RefusalOf(folder.Write(
                           "y.json",
                           R"({"traceEvents": [{"cat": "kernel", "name": "a", "ts": "x"}]})")),
                       "y.json:1:18: error: its ts and dur should be microseconds"));
    }

    TEST_CASE("names of calls are known in all spellings")
    {
        CHECK(std::string(FindNamedCall("nccl:_all_gather_base")->collective) == "all_gather");
        CHECK(std::string(FindNamedCall("c10d::allreduce_")->collective) == "all_reduce");
        CHECK(std::string(FindNamedCall("all_to_allv")->collective) == "all_to_allv");
        CHECK(std::string(FindNamedCall("ncclDevKernel_ReduceScatter_Sum_bf16")->collective) ==
              "reduce_scatter");
        CHECK(FindNamedCall("nccl:send 0->3")->peer == 3);
        CHECK(FindNamedCall("nccl:recv 0<-2")->type == RecordedCall::RECEIVE);
        CHECK(!FindNamedCall("wait"));
        CHECK(!FindNamedCall("init"));
    }

    TEST_CASE("converted traces take the same time")
    {
        const Folder folder;
        const std::filesystem::path home =
            std::filesystem::path(folder.Write("here", "")).parent_path();
        const std::string goal = SAMPLES + "goal/binary_tree_32.goal";
        const auto name = [](uint32_t id) { return "op " + std::to_string(id); };
        for (const std::string& file :
             {goal,
              SAMPLES + "param/kineto",
              SAMPLES + "param/et/dlrm_eg_0.json.gz",
              SAMPLES + "nccl/two-ranks.log",
              SAMPLES + "astra-sim/ring_all_reduce/custom_allreduce.0.et"})
        {
            CAPTURE(file);
            const auto graph = ReadTrace(file, ByRing());
            static int number = 0;
            const std::string directory = home / ("c" + std::to_string(number++));
            WriteChakra(graph, name, directory, false);
            CHECK(TimeOfFile(directory) == TimeOf(graph, 1000, 1));
        }
        const auto tree = ReadTrace(goal, {});
        const Tick time = TimeOf(tree, 1000, 1);
        CHECK(TimeOfFile(folder.Write("t.goal", WriteGoal(tree))) == time);
        const auto csv = ReadTrace(
            folder.Write(
                "m.csv",
                "start_ns,src,dst,bytes,tag,after\n1.5,0,1,80,3,\n0,1,2,7,,0\n9,2,0,5,,0;1\n"),
            {});
        const Tick messages = TimeOf(csv, 1000, 1);
        CHECK(TimeOfFile(folder.Write("n.csv", WriteMessageCsv(csv))) == messages);
        CHECK_THROWS_WITH_AS(WriteGoal(ReadTrace(SAMPLES + "nccl/two-ranks.log", ByRing())),
                             doctest::Contains("a GOAL schedule can't have collectives"),
                             ParameterError);
        CHECK_THROWS_AS(WriteMessageCsv(ReadTrace(SAMPLES + "nccl/two-ranks.log", ByRing())),
                        ParameterError);
    }

    TEST_CASE("the output of nccl-tests is read")
    {
        const Folder folder;
        const auto table = ReadNcclTests(folder.Write(
            "t.txt",
            "# Collective test starting: all_reduce_perf\n"
            "#       size         count      type   redop    root     time   algbw   busbw #wrong\n"
            "        1048576        262144     float     sum      -1    61.50   17.05   29.84      "
            "0"
            "    60.1   17.4   30.5      0\n"
            "# Avg bus bandwidth    : 30.1\n"));
        CHECK(table.collective == "all_reduce");
        REQUIRE(table.rows.size() == 1);
        CHECK(table.rows[0].bytes == 1048576);
        CHECK(table.rows[0].time == 61.5);
        CHECK(table.rows[0].busbw == 29.84);
        CHECK_THROWS_WITH_AS(ReadNcclTests(folder.Write("u.txt", "# a\n 8 2 float\n")),
                             doctest::Contains("u.txt:2:2: error: this is no row of nccl-tests"),
                             InputError);
        CHECK_THROWS_AS(ReadNcclTests(folder.Write("v.txt", "# a\n")), InputError);
    }
}
