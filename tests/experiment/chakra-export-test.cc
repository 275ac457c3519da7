/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * What an experiment runs, written as a Chakra trace and replayed, against the experiment itself.
 */

#include "experiment-trial.h"
#include "experiment/chakra-export.h"
#include "experiment/run.h"
#include "trace/trace.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
#include <vector>

using namespace ns3::mtlink;

namespace
{

/** Two cards a node, wired to one another; switches between nodes. */
const std::string FABRIC =
    "fabric: {kind: rails, nodes: 4, node: {kind: full_mesh, endpoints: 2, links_per_pair: 2}, "
    "network: {kind: single_switch, link: {rate: 50Gbps}}, link: {rate: 100Gbps, latency: 500ns}, "
    "endpoint: {packet: 4096B, operation_overhead: 3us}}\n";

const std::string TRAINING = R"(workload:
  training:
    model: {layers: 4, hidden: 250, heads: 10, head_size: 25, vocabulary: 1023, tied_embeddings: true}
    batch: {sequence: 64, global: 8}
    parallel: {tensor: 2, pipeline: 2}
)" + TRIAL_DEVICE + R"(    zero: 1
measure: {what_if: false}
)";

/** A directory of its own, gone in the end. */
class Folder
{
  public:
    Folder()
        : m_path((std::filesystem::temp_directory_path() /
                  ("mtlink-chakra-export-" + std::to_string(getpid()))) // tests run side by side
                     .string())
    {
        std::filesystem::remove_all(m_path);
    }

    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    ~Folder()
    {
        std::filesystem::remove_all(m_path);
    }

    const std::string& GetPath() const
    {
        return m_path;
    }

  private:
    std::string m_path; //!< Its path
};

/** Run an experiment, and what it exports, in a mode: both take the same time. */
void
CheckSame(const std::string& text, std::vector<std::string> settings, const char* mode)
{
    settings.push_back(std::string("simulation.mode=") + mode);
    const Experiment experiment = ReadTrial(text, settings);
    const Folder folder;
    const ChakraExport written = ExportChakra(experiment, folder.GetPath());
    CHECK(written.ranks == experiment.workloads.front().ListReplayed().size());
    const RunOutcome own = RunExperiment(experiment);
    const RunOutcome replayed =
        RunExperiment(ReadTrial(FABRIC + "workload: {trace: " + folder.GetPath() + "}\n",
                                {std::string("simulation.mode=") + mode}));
    REQUIRE(own.results.complete);
    REQUIRE(replayed.results.complete);
    CHECK(own.results.completionTime == replayed.results.completionTime);
    CHECK(own.results.payloadBytesDelivered == replayed.results.payloadBytesDelivered);
    CHECK(own.results.packetHops == replayed.results.packetHops);
    // Each collective by itself, too.
    REQUIRE(own.results.collectives.size() == replayed.results.collectives.size());
    std::size_t alike = 0;
    for (std::size_t i = 0; i < own.results.collectives.size(); ++i)
    {
        const CollectiveResult& a = own.results.collectives[i];
        const CollectiveResult& b = replayed.results.collectives[i];
        alike += a.name == b.name && a.algorithm == b.algorithm && a.bytes == b.bytes &&
                         a.start == b.start && a.end == b.end
                     ? 1
                     : 0;
    }
    CHECK(alike == own.results.collectives.size());
}

std::string
GetRefusal(const std::string& text, const std::vector<std::string>& settings = {})
{
    const Folder folder;
    try
    {
        ExportChakra(ReadTrial(text, settings), folder.GetPath());
    }
    catch (const InputError& error)
    {
        return error.what();
    }
    return "accepted";
}

} // namespace

TEST_SUITE("chakra-export")
{
    TEST_CASE("a training that is exported and replayed takes the same to the picosecond")
    {
        const std::vector<std::vector<std::string>> cases{
            {}, // dense: tensor, stages, replicas; sizes that members do not divide
            {"workload.overlap={tensor: true, data: 100KB}"},
            {"workload.overlap={pipeline: false}", "workload.zero=3"},
            {"workload.parallel={tensor: 2, context: 2, pipeline: 2, context_exchange: ring}"},
            {"workload.schedule={kind: interleaved, virtual: 2}", "workload.iterations=2"},
            {"workload.schedule=dualpipe", "workload.zero=0"},
            {"workload.ranks=[0, 1, 2, 3]", // the store's endpoints are ranks behind the cards
             "workload.input={store: {endpoints: [4, 5], rate: 1MBps}}"}};
        for (std::size_t i = 0; i < cases.size(); ++i)
        {
            CAPTURE(i);
            CheckSame(FABRIC + TRAINING, cases[i], i % 2 == 0 ? "packet" : "flow");
        }
    }

    TEST_CASE("experts are exported as they are, of uneven load too")
    {
        const std::vector<std::string> even{
            "workload.model.moe={experts: 4, active: 2, ffn: 256}",
            "workload.parallel={tensor: 1, pipeline: 2, expert: 4}"};
        CheckSame(FABRIC + TRAINING, even, "flow");
        std::vector<std::string> uneven = even;
        uneven.emplace_back("workload.model.moe.balance={zipf: 0.5}");
        CheckSame(FABRIC + TRAINING, uneven, "packet");
    }

    TEST_CASE("cards of several kinds and uneven micro-batches are exported as they are")
    {
        const std::string card = "{peak: {bf16: 1Tflops}, memory: {size: 1GB, rate: 100GBps, "
                                 "efficiency: 1}, matmul: {efficiency: 0.5}, attention: {forward: "
                                 "0.5, backward: 0.5}}";
        CheckSame(FABRIC + TRAINING,
                  {"workload.devices=[{name: a, replicas: 1, device: " + card +
                       "}, {name: b, device: " + card + "}]",
                   "workload.batch.micro_batches=[5, 3]"},
                  "packet");
    }

    TEST_CASE("a collective is exported as it is")
    {
        CheckSame(FABRIC + "workload: {collective: all_reduce, size: 100001B, repeat: 3}\n",
                  {},
                  "packet");
        CheckSame(FABRIC + "workload: {collective: broadcast, size: 1MiB, root: 3}\n",
                  {},
                  "packet");
    }

    TEST_CASE("what is written is told of as any trace is, by its folder")
    {
        const Folder folder;
        const ChakraExport written = ExportChakra(ReadTrial(FABRIC + TRAINING), folder.GetPath());
        const TraceSummary summary = SummariseTrace(folder.GetPath());
        CHECK(summary.format == "chakra");
        CHECK(summary.version == "0.0.4");
        CHECK(summary.ranks == 8);
        CHECK(summary.operations == written.nodes);
        CHECK(summary.operationsByType.at("send") == summary.operationsByType.at("receive"));
        uint64_t bytes = 0;
        for (const auto& entry : std::filesystem::directory_iterator(folder.GetPath()))
        {
            bytes += entry.file_size();
        }
        CHECK(bytes == written.bytes);
        const ExportSize size =
            CheckExport(ReadTrial(FABRIC + TRAINING), folder.GetPath() + "/elsewhere");
        CHECK(size.files == written.ranks + 1);
        CHECK(size.bytes > static_cast<double>(written.bytes));
        // Where a trace is no other goes: its ranks would be read with it.
        std::string message;
        try
        {
            CheckExport(ReadTrial(FABRIC + TRAINING), folder.GetPath());
        }
        catch (const InputError& error)
        {
            message = error.what();
        }
        CHECK(message.find("the directory has a trace already") != std::string::npos);
        // Two traces in a folder: which one is meant is not said.
        std::filesystem::copy_file(folder.GetPath() + "/mtlink.0.et",
                                   folder.GetPath() + "/other.0.et");
        message.clear();
        try
        {
            SummariseTrace(folder.GetPath());
        }
        catch (const InputError& error)
        {
            message = error.what();
        }
        CHECK(message.find("the folder has several traces") != std::string::npos);
    }

    TEST_CASE("what can't be exported is refused by name, before anything is written")
    {
        const std::string text = FABRIC + TRAINING;
        CHECK(GetRefusal(text, {"workload.overlap={compute_slowdown: 15 %}"})
                  .find("kernels slow down beside communication") != std::string::npos);
        CHECK(GetRefusal(text, {"workload.fold=always"}).find("set 'fold: never'") !=
              std::string::npos);
        CHECK(GetRefusal(text,
                         {"workload.model.layers=64",
                          "workload.batch.global=16384",
                          "workload.memory=ignore"})
                  .find("at most 2e+07 operations are written") != std::string::npos);
        CHECK(GetRefusal(FABRIC + "workload: {collective: all_reduce, algorithm: ring, size: 1MiB, "
                                  "channels: 2}\n",
                         {})
                  .find("can't say this of a collective") != std::string::npos);
        CHECK(GetRefusal(FABRIC + "workload: {traffic: uniform, load: 0.1, measure: 1us}\n", {})
                  .find("open-loop traffic has no operations") != std::string::npos);
    }
}
