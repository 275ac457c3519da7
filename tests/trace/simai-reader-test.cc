/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace/simai-program.h"
#include "trace/simai-reader.h"
#include "trace/trace.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <string>
#include <unistd.h>
#include <vector>

using namespace ns3::mtlink;

namespace
{

const std::string SAMPLES = MTLINK_SOURCE_DIR "/examples/traces/simai/";

/** A workload of its own, gone in the end. */
class Sample
{
  public:
    explicit Sample(const std::string& content)
        : m_path((std::filesystem::temp_directory_path() /
                  ("mtlink-simai-" + std::to_string(getpid())))
                     .string())
    {
        std::ofstream(m_path, std::ios::binary) << content;
    }

    ~Sample()
    {
        std::error_code failed;
        std::filesystem::remove(m_path, failed);
    }

    Sample(const Sample&) = delete;
    Sample& operator=(const Sample&) = delete;

    /** @return where it is. */
    const std::string& GetPath() const
    {
        return m_path;
    }

  private:
    std::string m_path; //!< Where
};

const std::string TRANSFORMER = "HYBRID_TRANSFORMER_FWD_IN_BCKWD model_parallel_NPU_group: 2 ";

/** @return a row of three kernels of 1, 2 and 4 ns, and its collectives. */
std::string
Row(const std::string& name, const std::string& a, const std::string& b, const std::string& c)
{
    return name + "\t-1\t1\t" + a + "\t2\t" + b + "\t4\t" + c + "\t0\n";
}

OperationGraph
ReadText(const std::string& text, uint32_t ranks)
{
    const Sample sample(text);
    TraceOptions options;
    options.maxRanks = ranks;
    options.hints.endpoints = ranks;
    return ReadTrace(sample.GetPath(), options);
}

std::string
RefusalOf(const std::string& text, uint32_t ranks = 8)
{
    try
    {
        ReadText(text, ranks);
    }
    catch (const InputError& error)
    {
        const std::string message = error.what();
        return message.substr(message.find(':') + 1);
    }
    return "";
}

/** @return the members of each collective, in order. */
std::vector<std::vector<uint32_t>>
MembersOf(const OperationGraph& graph)
{
    std::vector<std::vector<uint32_t>> members;
    for (const Unfolding& unfolding : graph.GetUnfoldings())
    {
        members.push_back(unfolding.ranks);
    }
    return members;
}

/** @return the time of all kernels of a rank, ps. */
Tick
ComputeOf(const OperationGraph& graph, uint32_t rank)
{
    Tick time = 0;
    for (const Operation& operation : graph.GetOperations())
    {
        time += operation.type == OperationType::COMPUTE && operation.rank == rank
                    ? operation.duration
                    : 0;
    }
    return time;
}

bool
Contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_SUITE("simai")
{
    TEST_CASE("groups are tensor then expert then data then stages")
    {
        using Groups = std::vector<std::vector<uint32_t>>;
        const std::string head = TRANSFORMER + "ep: 2 pp: 1 all_gpus: 8\n1\n";
        const auto of = [&](const std::string& forward, const std::string& weights) {
            return MembersOf(ReadText(head + Row("a", forward, "NONE\t0", weights), 8));
        };
        CHECK(of("ALLREDUCE\t8", "NONE\t0") == Groups{{0, 1}, {2, 3}, {4, 5}, {6, 7}});
        CHECK(of("ALLTOALL_EP\t8", "NONE\t0") == Groups{{0, 2}, {1, 3}, {4, 6}, {5, 7}});
        CHECK(of("NONE\t0", "ALLGATHER\t8") == Groups{{0, 2, 4, 6}, {1, 3, 5, 7}});
        CHECK(of("NONE\t0", "REDUCESCATTER_DP_EP\t8") == Groups{{0, 4}, {1, 5}, {2, 6}, {3, 7}});
        CHECK(MembersOf(ReadText("DATA\n1\n" + Row("a", "ALLREDUCE\t8", "NONE\t0", "ALLREDUCE\t8"),
                                 4)) == Groups{{0, 1, 2, 3}});
    }

    TEST_CASE("each rank computes all passes of all rows")
    {
        const std::string rows = Row("a", "ALLREDUCE\t8", "ALLREDUCE\t0", "ALLREDUCE\t8") +
                                 Row("b", "NONE\t7", "ALLGATHER\t8", "NONE\t0");
        for (const std::string policy : {"HYBRID_TRANSFORMER", "HYBRID_DLRM 0", "MODEL", "DATA"})
        {
            CAPTURE(policy);
            const auto graph = ReadText(policy + "\n2\n" + rows, 4);
            // What computes gradients of inputs for nobody is left out: row 0 of these.
            const bool hasAll = policy == "HYBRID_TRANSFORMER" || policy == "MODEL";
            CHECK(ComputeOf(graph, 0) == (hasAll ? 14000 : 12000));
            CHECK(ComputeOf(graph, 3) == ComputeOf(graph, 0));
        }
        CHECK(ComputeOf(ReadText("DISTRIBUTED_INFERENCE\n2\n" + rows, 4), 0) == 2000);
        // No newline at the end, blanks for tabs, decimals.
        CHECK(ComputeOf(ReadText("MICRO\n1\na -1 1.5 NONE 0 0 NONE 0 0 ALLREDUCE 8.0 1", 2), 0) ==
              1500);
    }

    TEST_CASE("checkpoints have layers computed forward again")
    {
        const std::string rows = Row("a", "ALLREDUCE\t8", "NONE\t0", "NONE\t0") +
                                 Row("b", "ALLREDUCE\t8", "NONE\t0", "NONE\t0") +
                                 Row("c", "NONE\t0", "NONE\t0", "NONE\t0");
        const std::string plain = TRANSFORMER + "checkpoints: 0 checkpoint_initiates: 0\n3\n";
        const std::string again = TRANSFORMER + "checkpoints: 1 0 checkpoint_initiates: 1 2\n3\n";
        // From layer 0 to before layer 2: two kernels and two collectives more, of one group.
        CHECK(ComputeOf(ReadText(again + rows, 2), 0) ==
              ComputeOf(ReadText(plain + rows, 2), 0) + 2000);
        CHECK(ReadText(plain + rows, 2).GetCollectives().size() == 2);
        CHECK(ReadText(again + rows, 2).GetCollectives().size() == 4);
    }

    TEST_CASE("micro-batches pass the stages of a pipeline")
    {
        const std::string head = TRANSFORMER + "pp: 2 vpp: 1 ga: 3 all_gpus: 4 pp_comm 64.0\n5\n";
        const std::string micro = Row("embedding_layer", "NONE\t0", "NONE\t0", "NONE\t0");
        const std::string text = head + Row("grad", "NONE\t0", "NONE\t0", "NONE\t0") + micro +
                                 micro + micro + Row("optimizer1", "NONE\t0", "NONE\t0", "NONE\t0");
        const auto graph = ReadText(text, 4);
        uint64_t sends = 0;
        for (const Operation& operation : graph.GetOperations())
        {
            if (operation.type == OperationType::SEND)
            {
                ++sends;
                CHECK(operation.bytes == 64);
                CHECK(operation.peer == (operation.rank + 2) % 4);
            }
        }
        CHECK(sends == 2 * 3 * 2); // there and back, by micro-batch, of each rank of two
        CHECK(ComputeOf(graph, 0) == 5 * 7000);
        CHECK(ComputeOf(graph, 3) == 5 * 7000);
        // 1F1B: the first of two stages is one micro-batch ahead.
        const Sample sample(text);
        std::string order;
        for (const SimaiStep& step : MakeSimaiProgram(ReadSimaiFile(sample.GetPath()), 0))
        {
            order += step.type == SimaiStep::SEND      ? "S" + std::to_string(step.microBatch)
                     : step.type == SimaiStep::RECEIVE ? "R" + std::to_string(step.microBatch)
                                                       : "";
        }
        CHECK(order == "S0S1R0S2R1R2");
    }

    TEST_CASE("what can't be is refused by its place")
    {
        const std::string row = Row("a", "NONE\t0", "NONE\t0", "NONE\t0");
        CHECK(RefusalOf(TRANSFORMER + "\n3\n" + row + row) ==
              "2:1: error: line 2 says 3 layers, but 2 rows follow");
        CHECK(RefusalOf(TRANSFORMER + "\n1\n" + row + row) ==
              "2:1: error: line 2 says 1 layers, but 2 rows follow");
        CHECK(Contains(RefusalOf("MICRO"), "the number of layers is missing"));
        CHECK(Contains(RefusalOf("HYBRID_X\n0\n"), "1:1: error: here is 'HYBRID_X', but a par"));
        CHECK(Contains(RefusalOf("MICRO\n1\na -1 1 NONE 0\n"),
                       "3:13: error: this row has 5 columns"));
        CHECK(
            RefusalOf("MICRO\n1\na -1 1 SUM 0 1 NONE 0 1 NONE 0 1\n") ==
            "3:8: error: here is 'SUM', but NONE, ALLREDUCE, ALLGATHER, REDUCESCATTER, ALLTOALL or "
            "BROADCAST would be right, perhaps with _EP or _DP_EP");
        CHECK(Contains(RefusalOf("MICRO\n1\na -1 x NONE 0 1 NONE 0 1 NONE 0 1\n"),
                       "3:6: error: here is 'x', but a compute time"));
        CHECK(Contains(RefusalOf("MICRO\n1\na -1 1 NONE -4 1 NONE 0 1 NONE 0 1\n"), "3:13: error"));
        CHECK(Contains(RefusalOf(TRANSFORMER + "pp: 3\n1\n" + row), "8 ranks"));
        CHECK(Contains(RefusalOf(TRANSFORMER + "ep: 3 all_gpus: 8\n1\n" + row), "ep is 3"));
        CHECK(Contains(RefusalOf(TRANSFORMER + "all_gpus: 16\n1\n" + row),
                       "has ranks 0 to 15, the fabric has room for 8"));
        CHECK(Contains(RefusalOf(TRANSFORMER + "checkpoints: 1 4\n1\n" + row),
                       "checkpoints names layer 4, but there are layers 0 to 0"));
        CHECK(Contains(RefusalOf(TRANSFORMER + "checkpoint_initiates: 2 0\n1\n" + row),
                       "checkpoint_initiates: wants a layer behind this"));
        CHECK(Contains(RefusalOf("HYBRID_CUSTOMIZED\n1\n" + row), "but 13 would be right"));
    }

    TEST_CASE("a summary counts what one rank does")
    {
        const auto summary = SummariseTrace(SAMPLES + "moe-excerpt.txt");
        CHECK(summary.format == "simai");
        CHECK(summary.ranks == 128);
        CHECK(summary.operations == 18);
        const auto row = std::find_if(summary.collectives.begin(),
                                      summary.collectives.end(),
                                      [](const CollectiveCount& count) {
                                          return count.kind == "all_to_all" && count.ranks == 16;
                                      });
        REQUIRE(row != summary.collectives.end());
        CHECK(row->count == 4);
        CHECK(row->bytes == 4 * 100663296ULL);
        CHECK(summary.messages == 2);
        CHECK(summary.messageBytes == 2 * 50331648ULL);
    }

    TEST_CASE("many operations are folded into times that are known")
    {
        std::string text = TRANSFORMER + "all_gpus: 4096\n1000\n";
        for (int i = 0; i < 1000; ++i)
        {
            text += Row("a", "ALLREDUCE\t8", "ALLREDUCE\t8", "NONE\t0");
        }
        const Sample sample(text);
        TraceOptions options;
        const auto folded = ListFolded(sample.GetPath(), options);
        REQUIRE(folded.size() == 1);
        CHECK(folded[0].graph.GetCollectives().size() == 2048);
        options.folded[folded[0].key] = 5000;
        options.hints.endpoints = 4096;
        const OperationGraph graph = ReadTrace(sample.GetPath(), options);
        CHECK(graph.GetCollectives().empty());
        Tick delay = 0;
        for (const Operation& operation : graph.GetOperations())
        {
            delay += operation.type == OperationType::DELAY && operation.rank == 7
                         ? operation.duration
                         : 0;
        }
        CHECK(delay == 2000 * 5000);
        // Nothing comes between them: of each rank kernels are one operation, collectives another.
        CHECK(graph.GetOperations().size() == 2 * 4096);
        text = TRANSFORMER + "all_gpus: 4\n1\n" + Row("a", "ALLREDUCE\t8", "NONE\t0", "NONE\t0");
        const Sample small(text);
        CHECK(ListFolded(small.GetPath(), options).empty());
    }
}
