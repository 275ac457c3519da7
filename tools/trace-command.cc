/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "command.h"
#include "experiment/chakra-export.h"
#include "experiment/run.h"
#include "measure/atomic-file.h"
#include "override-options.h"
#include "report/human-text.h"
#include "text-table.h"
#include "trace/chakra-writer.h"
#include "trace/trace-writer.h"
#include "trace/trace.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

using namespace ns3::mtlink;

namespace
{

/** Arguments of `mtlink trace`. */
struct TraceArguments
{
    std::string file;                  //!< The trace, or the experiment
    bool isJson{false};                //!< For programs
    std::string directory;             //!< Where an experiment's trace goes; empty: tell of a trace
    std::string format;                //!< What a trace is to become; empty: tell of it
    std::string output;                //!< Where it goes then
    uint32_t ranks{0};                 //!< For which one rank's trace stands; 0: for itself
    std::vector<std::string> settings; //!< Of the experiment
    std::string mode;                  //!< Of the experiment
};

void
PrintJson(const TraceSummary& summary)
{
    nlohmann::ordered_json json;
    json["format"] = summary.format;
    json["version"] = summary.version;
    json["ranks"] = summary.ranks;
    json["operations"] = summary.operations;
    json["operations_by_type"] = summary.operationsByType;
    json["bytes_by_collective"] = summary.bytesByCollective;
    json["compute_time_ns"] = ToNanoseconds(summary.computeTime);
    json["collectives"] = nlohmann::ordered_json::array();
    for (const CollectiveCount& row : summary.collectives)
    {
        json["collectives"].push_back({{"kind", row.kind},
                                       {"count", row.count},
                                       {"bytes", row.bytes},
                                       {"empty", row.empty},
                                       {"ranks", row.ranks}});
    }
    json["messages"] = {{"count", summary.messages}, {"bytes", summary.messageBytes}};
    json["notes"] = summary.notes;
    // A trace's names may hold anything: what is no UTF-8 is replaced, not thrown at.
    fmt::print("{}\n", json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

void
PrintText(const TraceSummary& summary)
{
    fmt::print("format           {}{}\n",
               summary.format,
               summary.version.empty() ? "" : ", version " + summary.version);
    fmt::print("ranks            {}\n", CountText(summary.ranks));
    fmt::print("operations       {}\n", CountText(summary.operations));
    fmt::print("compute time     {} summed over ranks\n", TimeText(summary.computeTime));
    TextTable types;
    types.AddRow({"operation", "count"});
    for (const auto& [type, count] : summary.operationsByType)
    {
        types.AddRow({type, CountText(count)});
    }
    TextTable bytes;
    bytes.AddRow({"communication", "payload"});
    for (const auto& [name, count] : summary.bytesByCollective)
    {
        bytes.AddRow({name, BytesText(count)});
    }
    fmt::print("\n{}\n{}", types.Format(), bytes.Format());
    if (!summary.collectives.empty())
    {
        TextTable collectives;
        collectives.AddRow({"collective", "ranks", "count", "size", "empty"});
        for (const CollectiveCount& row : summary.collectives)
        {
            collectives.AddRow({row.kind,
                                row.ranks == 0 ? "?" : CountText(row.ranks),
                                CountText(row.count),
                                BytesText(row.bytes),
                                CountText(row.empty)});
        }
        fmt::print("\n{}", collectives.Format());
    }
    for (const std::string& note : summary.notes)
    {
        fmt::print("\nnote: {}", note);
    }
    fmt::print("{}", summary.notes.empty() ? "" : "\n");
}

/** Write an experiment's workload as a Chakra trace. */
void
Export(const TraceArguments& arguments)
{
    constexpr double LARGE = 100e6; // bytes: who writes more is told before
    const Experiment experiment =
        LoadExperiment(arguments.file, ListOverrides(arguments.settings, arguments.mode));
    const ExportSize size = CheckExport(experiment, arguments.directory);
    if (size.bytes > LARGE)
    {
        fmt::print(stderr,
                   "mtlink: about {} in {} files\n",
                   BytesText(static_cast<uint64_t>(size.bytes)),
                   CountText(size.files));
    }
    const ChakraExport written = ExportChakra(experiment, arguments.directory);
    fmt::print("{} of {} ranks, {} in {} process groups, {}\n",
               written.first,
               CountText(written.ranks),
               CountText(written.nodes, "node", "nodes"),
               CountText(written.groups),
               BytesText(written.bytes));
}

/** Write a trace in another format. */
void
Convert(const TraceArguments& arguments)
{
    TraceOptions options;
    options.standFor = arguments.ranks;
    try
    {
        const OperationGraph graph = ReadTrace(arguments.file, options);
        if (arguments.format == "chakra")
        {
            const ChakraExport written = WriteChakra(
                graph,
                [&graph](uint32_t id) { return graph.Describe(id); },
                arguments.output,
                false);
            fmt::print("{} of {} ranks, {}\n",
                       written.first,
                       CountText(written.ranks),
                       CountText(written.nodes, "node", "nodes"));
            return;
        }
        AtomicFile file(arguments.output);
        file.Write(arguments.format == "goal" ? WriteGoal(graph) : WriteMessageCsv(graph));
        file.Commit();
        fmt::print("{} of {} ranks\n", arguments.output, CountText(graph.GetRanks()));
    }
    catch (const InputError&)
    {
        throw;
    }
    catch (const ParameterError& error)
    {
        throw InputError({arguments.file}, error.what());
    }
}

} // namespace

void
AddTraceCommand(CLI::App& app, int& status)
{
    CLI::App* command =
        app.add_subcommand("trace", "Tell what a trace holds, or write an experiment's");
    const auto arguments = std::make_shared<TraceArguments>();
    command
        ->add_option(
            "file",
            arguments->file,
            "The trace: Chakra (its first rank's file, or its folder), GOAL, SimAI, a case "
            "of ns-3-UB, CSV of messages, Kineto, a PyTorch execution trace, a flight "
            "recorder's dump, a log of NCCL; with --export-chakra the experiment")
        ->required()
        ->type_name("FILE");
    CLI::Option* json = command->add_flag("--json", arguments->isJson, "Print JSON");
    CLI::Option* exported = command
                                ->add_option("--export-chakra",
                                             arguments->directory,
                                             "Write what the experiment runs as a Chakra trace")
                                ->type_name("DIR");
    json->excludes(exported);
    CLI::Option* converted =
        command->add_option("--convert", arguments->format, "Write the trace in another format")
            ->type_name("FORMAT")
            ->check(CLI::IsMember({"chakra", "goal", "csv"}));
    CLI::Option* output = command
                              ->add_option("-o,--output",
                                           arguments->output,
                                           "Where: a directory for Chakra, else a file")
                              ->type_name("PATH");
    CLI::Option* ranks =
        command->add_option("--ranks", arguments->ranks, "Ranks that one rank's trace stands for")
            ->type_name("N")
            ->check(CLI::Range(1U, 1U << 24));
    converted->needs(output)->excludes(json)->excludes(exported);
    output->needs(converted);
    ranks->needs(converted);
    AddOverrideOptions(*command, arguments->settings, arguments->mode);
    command->callback([arguments, &status] {
        if (!arguments->directory.empty())
        {
            Export(*arguments);
        }
        else if (!arguments->format.empty())
        {
            Convert(*arguments);
        }
        else if (!arguments->settings.empty() || !arguments->mode.empty())
        {
            throw CLI::ValidationError("--set",
                                       "changes an experiment: give --export-chakra DIR, too");
        }
        else
        {
            const TraceSummary summary = SummariseTrace(arguments->file);
            arguments->isJson ? PrintJson(summary) : PrintText(summary);
        }
        status = EXIT_DONE;
    });
}
