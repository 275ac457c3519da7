/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/result-reader.h"

#include "measure/result-tables.h"
#include "measure/summary.h"
#include "measure/text-file.h"

#include "ns3/mtlink-error.h"

#include <filesystem>

namespace ns3
{
namespace mtlink
{

namespace
{

namespace fs = std::filesystem;

/** Read summary.json and those tables that are wanted. */
StoredRun
Read(const std::string& directory, bool (*isWanted)(const std::string& table))
{
    const auto pathOf = [&directory](const std::string& file) {
        return (fs::path(directory) / file).string();
    };
    std::error_code error;
    if (!fs::exists(pathOf("summary.json"), error))
    {
        throw InputError({directory},
                         fs::exists(pathOf("experiment.yaml"), error)
                             ? "there is no summary.json in it: its files are of a run that did "
                               "not come to write them all; run it again"
                             : "there is no summary.json in it: expected a directory that mtlink "
                               "run wrote");
    }
    StoredRun run;
    const std::string summary = ReadTextFile(pathOf("summary.json"));
    run.directory = directory;
    run.mtlinkVersion = ReadSummary(pathOf("summary.json"), run.results);
    for (const auto& table : GetResultTables())
    {
        const std::string compressed = pathOf(table.file + ".gz");
        const std::string path = fs::exists(compressed, error) ? compressed : pathOf(table.file);
        if (!isWanted(table.file) || (table.isOptional && !fs::exists(path, error)))
        {
            continue;
        }
        table.read(path, run.results);
    }
    run.results.experimentYaml = ReadTextFile(pathOf("experiment.yaml"));
    // Goes before, and comes after, all else changes.
    if (!fs::exists(pathOf("summary.json"), error) ||
        ReadTextFile(pathOf("summary.json")) != summary)
    {
        throw InputError({directory}, "a run has written into it meanwhile: try again");
    }
    return run;
}

} // namespace

StoredRun
ReadResults(const std::string& directory)
{
    return Read(directory, [](const std::string&) { return true; });
}

StoredRun
ReadFigures(const std::string& directory)
{
    return Read(directory, [](const std::string& table) { return table == "collectives.csv"; });
}

} // namespace mtlink
} // namespace ns3
