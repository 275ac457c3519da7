/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace/foreign-files.h"

#include "trace/trace-input.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return whether the bytes have a text somewhere. @param [in] head They. @param [in] text It. */
bool
Has(const TraceHead& head, std::string_view text)
{
    return head.GetBytes().find(text) != std::string_view::npos;
}

// Traces that are known and not read.

bool
IsNcclTests(const TraceHead& head)
{
    return Has(head, "out-of-place") && Has(head, "busbw");
}

bool
IsUbFile(const TraceHead& head)
{
    const std::string_view line = head.GetLine(0);
    return line.starts_with("nodeId,") || line.starts_with("nodeId1,") ||
           line.starts_with("taskId,source") || line.starts_with("default ns3::Ub") ||
           line.starts_with("default UB_");
}

bool
IsDumpi(const TraceHead& head)
{
    // The lead-in of sst-dumpi's traceformat.dox, and the key-value file beside the ranks' files.
    constexpr std::string_view MAGIC("\xff\xaa\xdd"
                                     "DUMPI",
                                     8);
    return head.GetBytes().starts_with(MAGIC) ||
           (Has(head, "numprocs=") && Has(head, "fileprefix=")) ||
           (Has(head, "entering at walltime") && Has(head, "cputime"));
}

bool
IsOtf2(const TraceHead& head)
{
    const std::string_view start = head.GetBytes().substr(0, 256);
    return head.HasName("traces.otf2") ||
           (start.find("OTF2") != std::string_view::npos && !IsUtf8(start)) ||
           (start.find("OTF2") != std::string_view::npos &&
            start.find('\0') != std::string_view::npos);
}

// Configurations.

bool
IsAstraNetwork(const TraceHead& head)
{
    return head.HasJsonKey("logical-dims") ||
           (head.HasYamlKey("topology") && head.HasYamlKey("npus_count"));
}

bool
IsAstraSystem(const TraceHead& head)
{
    return head.HasJsonKey("scheduling-policy") || head.HasJsonKey("all-reduce-implementation") ||
           head.HasJsonKey("preferred-dataset-splits");
}

bool
IsAstraMemory(const TraceHead& head)
{
    return head.HasJsonKey("memory-type");
}

bool
IsHtsimTopology(const TraceHead& head)
{
    return head.GetLine(0).starts_with("Nodes ") &&
           (head.GetLine(1).starts_with("Tiers ") || head.GetLine(1).starts_with("Podsize "));
}

bool
IsHtsimMatrix(const TraceHead& head)
{
    return head.GetLine(0).starts_with("Nodes ") && head.GetLine(1).starts_with("Connections ");
}

bool
IsMscclXml(const TraceHead& head)
{
    return head.GetText().starts_with("<algo ");
}

bool
IsGraphMl(const TraceHead& head)
{
    return !head.IsJson() && Has(head, "<graphml");
}

bool
IsExperiment(const TraceHead& head)
{
    return head.HasYamlKey("fabric") &&
           (head.HasYamlKey("workload") || head.HasYamlKey("workloads") ||
            head.HasYamlKey("simulation"));
}

bool
IsFabric(const TraceHead& head)
{
    return !IsExperiment(head) && head.HasYamlKey("kind") &&
           (head.HasYamlKey("link") || head.HasYamlKey("links") || head.HasYamlKey("endpoint") ||
            head.HasYamlKey("switch") || head.HasYamlKey("routing"));
}

// Results and tables.

bool
IsSimaiBusbw(const TraceHead& head)
{
    return Has(head, "\nTP:") && Has(head, "allreduce,:");
}

bool
IsSimaiRatio(const TraceHead& head)
{
    const std::string_view line = head.GetLine(0);
    return line.starts_with("Size,") && line.find("Node") != std::string_view::npos;
}

/** Lines of a size and a growing percentage, from 0 to 100. */
bool
IsFlowSizes(const TraceHead& head)
{
    double last = -1;
    std::size_t number = 0;
    for (; !head.GetLine(number).empty(); ++number)
    {
        const std::string line(head.GetLine(number));
        const std::size_t blank = line.find_first_of(" \t");
        char* end = nullptr;
        const double share =
            blank == std::string::npos ? -1 : std::strtod(line.c_str() + blank, &end);
        const bool isOver =
            end && std::string_view(end).find_first_not_of(" \t\r") == std::string_view::npos;
        if (!ParseNumber(line.substr(0, blank), UINT64_MAX) || !isOver || share < last)
        {
            return false;
        }
        last = share;
    }
    return number > 1 && last == 100;
}

// Packed files, but gzip, which is unpacked.

bool
IsTar(const TraceHead& head)
{
    return head.GetBytes().size() > 262 && head.GetBytes().substr(257, 5) == "ustar";
}

bool
IsPacked(const TraceHead& head)
{
    using namespace std::string_view_literals;
    constexpr std::array MAGICS{"PK\x03\x04"sv, "\xfd\x37zXZ"sv, "\x28\xb5\x2f\xfd"sv, "BZh"sv};
    return std::any_of(MAGICS.begin(), MAGICS.end(), [&](std::string_view magic) {
        return head.GetBytes().starts_with(magic);
    });
}

bool
IsSqlite(const TraceHead& head)
{
    return head.GetBytes().starts_with("SQLite format 3");
}

bool
IsPickle(const TraceHead& head)
{
    return head.GetBytes().starts_with("\x80") && head.GetBytes().size() > 2 &&
           head.GetBytes()[1] >= 2 && head.GetBytes()[1] <= 5 && Has(head, "pg_config");
}

/** @return a row of a kind that is not read. */
TraceFormat
MakeRow(const char* name,
        const char* what,
        bool (*recognises)(const TraceHead&),
        const char* advice)
{
    return {name, what, recognises, nullptr, nullptr, advice};
}

/** @return traces that are known and not read. */
std::vector<TraceFormat>
ListTraces()
{
    return {
        MakeRow(
            "nccl-tests",
            "output of nccl-tests",
            IsNcclTests,
            "it holds times, no calls: mtlink compare --nccl-tests FILE puts them beside a run's"),
        MakeRow("dumpi",
                "a DUMPI trace",
                IsDumpi,
                "it must be converted: SST's sst-dumpi makes OTF2 of it, or text (dumpi2ascii), of "
                "which a GOAL schedule or a CSV of messages can be written"),
        MakeRow(
            "otf2",
            "an OTF2 trace",
            IsOtf2,
            "it must be converted: 'otf2-print' lists its MPI_SEND and MPI_RECV events, of which "
            "a GOAL schedule or a CSV of messages can be written"),
        MakeRow("htsim-matrix",
                "a connection matrix of htsim",
                IsHtsimMatrix,
                "write its connections as a CSV of messages, start_ns,src,dst,bytes"),
        MakeRow(
            "msccl",
            "an algorithm of MSCCL",
            IsMscclXml,
            "it says how a collective is done, not how large it is: give the collective with one "
            "of mtlink's algorithms, or the Chakra trace that was made of it"),
        MakeRow("sqlite",
                "an SQLite database, as NVIDIA's Nsight Systems exports",
                IsSqlite,
                "export the messages or collectives from it as a CSV of messages"),
        MakeRow("pickle",
                "a pickled dump of PyTorch's flight recorder",
                IsPickle,
                "it may hold any program and is not opened: write it as JSON where it is trusted, "
                "json.dump(pickle.load(open(FILE, 'rb')), ...)"),
    };
}

/** @return other files that are taken for traces. */
std::vector<TraceFormat>
ListOthers()
{
    return {
        MakeRow(
            "astra-network",
            "an ASTRA-sim network configuration, no trace",
            IsAstraNetwork,
            "one with topology, npus_count, bandwidth and latency is a fabric, as fabric: FILE"),
        MakeRow(
            "astra-system",
            "an ASTRA-sim system configuration, no trace",
            IsAstraSystem,
            "give its collectives' algorithms as workload: {algorithm: {all_reduce: ring, ...}}"),
        MakeRow("astra-memory",
                "an ASTRA-sim memory configuration, no trace",
                IsAstraMemory,
                "leave it out: memory is no part of a fabric"),
        MakeRow("htsim-topology",
                "a topology of htsim, no trace",
                IsHtsimTopology,
                "describe it as a fabric of kind: fat_tree"),
        MakeRow("graphml",
                "a graph in GraphML, no trace",
                IsGraphMl,
                "give it as fabric: {kind: graph, file: FILE}"),
        MakeRow("experiment",
                "an experiment of mtlink, no trace",
                IsExperiment,
                "run it: mtlink run FILE"),
        MakeRow("fabric",
                "a fabric of mtlink, no trace",
                IsFabric,
                "look at it: mtlink topology FILE"),
        MakeRow("ns3-ub-file",
                "one file of an ns-3-UB case",
                IsUbFile,
                "name the case's folder, which has node.csv, topology.csv and traffic.csv"),
        MakeRow("simai-busbw",
                "a table of bus bandwidths for SimAI, no trace",
                IsSimaiBusbw,
                "describe the fabric in YAML; its links' rates are what such a table stands for"),
        MakeRow(
            "simai-ratio",
            "a table of measured shares of bandwidth for SimAI, no trace",
            IsSimaiRatio,
            "compare its rows by hand: they say what share of a link's rate a collective reached"),
        MakeRow(
            "flow-sizes",
            "a distribution of message sizes, no trace",
            IsFlowSizes,
            "give it to open-loop traffic: workload: {traffic: uniform, load: 0.5, sizes: FILE, "
            "measure: 1ms}"),
        MakeRow("tar", "a tar archive", IsTar, "unpack it and name the trace that is in it"),
        MakeRow("packed",
                "a file packed by zip, xz, zstd or bzip2",
                IsPacked,
                "unpack it, or pack it by gzip, which is read"),
    };
}

} // namespace

const std::vector<TraceFormat>&
GetForeignFiles()
{
    static const std::vector<TraceFormat> files = [] {
        std::vector<TraceFormat> all = ListTraces();
        const std::vector<TraceFormat> others = ListOthers();
        all.insert(all.end(), others.begin(), others.end());
        return all;
    }();
    return files;
}

} // namespace mtlink
} // namespace ns3
