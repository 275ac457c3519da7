/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "command.h"
#include "report/human-text.h"
#include "text-table.h"
#include "workload/trace/trace.h"

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
    std::string file;   //!< The trace
    bool isJson{false}; //!< For programs
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
}

} // namespace

void
AddTraceCommand(CLI::App& app, int& status)
{
    CLI::App* command = app.add_subcommand("trace", "Tell what a trace holds");
    const auto arguments = std::make_shared<TraceArguments>();
    command
        ->add_option("file",
                     arguments->file,
                     "The trace: Chakra (its first rank's file), GOAL, or CSV of messages")
        ->required()
        ->type_name("FILE");
    command->add_flag("--json", arguments->isJson, "Print JSON");
    command->callback([arguments, &status] {
        const TraceSummary summary = SummariseTrace(arguments->file);
        arguments->isJson ? PrintJson(summary) : PrintText(summary);
        status = EXIT_DONE;
    });
}
