/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/result-writer.h"

#include "measure/atomic-file.h"
#include "measure/result-tables.h"
#include "measure/summary.h"
#include "measure/timeline.h"

#include <filesystem>
#include <memory>
#include <vector>

namespace ns3
{
namespace mtlink
{

void
WriteResults(const RunResults& results, const std::string& directory, size_t mostPlainMessages)
{
    namespace fs = std::filesystem;
    std::error_code error;
    fs::create_directories(directory, error);
    if (error)
    {
        throw WriteError(directory, error.value());
    }

    std::vector<std::unique_ptr<AtomicFile>> files;
    std::vector<fs::path> outdated; // The same table, compressed or not, of an earlier run.
    const auto create = [&](const std::string& name, AtomicFile::Format format) -> AtomicFile& {
        files.push_back(
            std::make_unique<AtomicFile>((fs::path(directory) / name).string(), format));
        return *files.back();
    };

    for (const auto& table : GetResultTables())
    {
        const bool compressed =
            table.file == "messages.csv" && table.count(results) > mostPlainMessages;
        const std::string other = table.file + ".gz";
        auto& file = create(compressed ? other : table.file,
                            compressed ? AtomicFile::Format::GZIP : AtomicFile::Format::PLAIN);
        table.write(results, file);
        file.Close();
        outdated.push_back(fs::path(directory) / (compressed ? table.file : other));
    }
    auto& timeline = create("timeline.json", AtomicFile::Format::PLAIN);
    WriteTimeline(results, {}, timeline);
    timeline.Close();
    auto& experiment = create("experiment.yaml", AtomicFile::Format::PLAIN);
    experiment.Write(results.experimentYaml);
    experiment.Close();
    auto& summary = create("summary.json", AtomicFile::Format::PLAIN);
    summary.Write(WriteSummary(results));
    summary.Close();

    for (const auto& path : outdated)
    {
        fs::remove(path, error);
        if (error)
        {
            throw WriteError(path.string(), error.value());
        }
    }
    for (const auto& file : files)
    {
        file->Commit();
    }
}

} // namespace mtlink
} // namespace ns3
