/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/result-reader.h"

#include "measure/result-directory.h"
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

/** @return why a directory holds no summary.json, and what to do. */
std::string
ExplainMissing(const std::string& directory)
{
    std::error_code error;
    if (!fs::is_directory(directory, error))
    {
        return std::string(fs::exists(directory, error) ? "this is no directory"
                                                        : "there is no such directory") +
               ": give one that mtlink run wrote";
    }
    if (ResultDirectory::IsTaken(directory))
    {
        return "there is no summary.json in it yet: a run is at work in it; let it end";
    }
    if (ResultDirectory::IsLeft(directory))
    {
        return "there is no summary.json in it: the run was killed before it had written its "
               "results; run it again";
    }
    if (fs::exists(fs::path(directory) / "experiment.yaml", error))
    {
        return "there is no summary.json in it: its files are of a run that did not come to write "
               "them all; run it again";
    }
    return "there is no summary.json in it: expected a directory that mtlink run wrote";
}

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
        throw InputError({directory}, ExplainMissing(directory));
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
