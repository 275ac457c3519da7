/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/result-writer.h"

#include "measure/atomic-file.h"
#include "measure/message-file.h"
#include "measure/message-log.h"
#include "measure/result-tables.h"
#include "measure/row-levels.h"
#include "measure/summary.h"
#include "measure/timeline.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

namespace fs = std::filesystem;

constexpr const char* SUMMARY_FILE = "summary.json";

/** Tables of what FoldRows() folds. */
const std::set<std::string> FOLDED_TABLES{"link_levels.csv",
                                          "nodes.csv",
                                          "links.csv",
                                          "queues.csv",
                                          "queue_levels.csv",
                                          "series.csv"};

/**
 * @param [in] results Messages.
 * @param [in] directory Where.
 * @param [in] limits How many rows.
 * @return messages.csv, closed; null: not wanted.
 */
std::unique_ptr<MessageFile>
WriteMessages(const RunResults& results, const std::string& directory, const RowLimits& limits)
{
    if (limits.messages == 0)
    {
        return nullptr;
    }
    auto file =
        std::make_unique<MessageFile>(directory, limits.plainMessages, results.messagesOneIn);
    for (const auto& row : results.messages)
    {
        file->Write(row);
    }
    file->Close();
    return file;
}

} // namespace

TableRows
WriteResults(const RunResults& results,
             const std::string& directory,
             const RowLimits& limits,
             MessageLog* log,
             const CriticalPaths& paths)
{
    std::error_code error;
    fs::create_directories(directory, error);
    if (error)
    {
        throw WriteError(directory, error.value());
    }

    std::vector<std::unique_ptr<AtomicFile>> files;
    std::set<std::string> names;
    const auto create = [&](const std::string& name) -> AtomicFile& {
        names.insert(name);
        files.push_back(std::make_unique<AtomicFile>((fs::path(directory) / name).string()));
        return *files.back();
    };

    TableRows rows;
    std::unique_ptr<MessageFile> ownMessages;
    MessageFile* messages = nullptr;
    if (log)
    {
        log->Close();
        messages = log->GetFile();
        rows.messages = log->GetRows();
    }
    else
    {
        ownMessages = WriteMessages(results, directory, limits);
        messages = ownMessages.get();
        rows.messages = {std::max<uint64_t>(results.rows.messages.all, results.messages.size()),
                         messages ? messages->GetRows() : 0,
                         messages ? messages->GetOneIn() : 0};
    }
    if (messages)
    {
        names.insert(messages->GetName());
    }
    const std::optional<RunResults> folded = FoldRows(results, limits);
    const RunResults& written = folded ? *folded : results;
    rows.links = {results.links.size(), written.links.size()};
    rows.queues = {results.queues.size(), written.queues.size()};
    for (const auto& table : GetResultTables())
    {
        const RunResults& source = FOLDED_TABLES.contains(table.file) ? written : results;
        if (table.file != "messages.csv" && table.isWanted(source))
        {
            auto& file = create(table.file);
            table.write(source, file);
            file.Close();
        }
    }
    auto& timeline = create("timeline.json");
    WriteTimeline(results, paths, {}, timeline);
    timeline.Close();
    auto& experiment = create("experiment.yaml");
    experiment.Write(results.experimentYaml);
    experiment.Close();
    auto& summary = create(SUMMARY_FILE);
    summary.Write(WriteSummary(results, rows));
    summary.Close();

    const auto remove = [&directory](const std::string& name) {
        std::error_code failed;
        const auto path = fs::path(directory) / name;
        fs::remove(path, failed);
        if (failed)
        {
            throw WriteError(path.string(), failed.value());
        }
    };
    remove(SUMMARY_FILE); // from here on the directory is not whole
    for (const std::string& name : GetResultFiles())
    {
        if (!names.contains(name))
        {
            remove(name);
        }
    }
    if (messages)
    {
        messages->Commit();
    }
    for (const auto& file : files)
    {
        file->Commit();
    }
    return rows;
}

std::vector<std::string>
GetResultFiles()
{
    std::vector<std::string> names{SUMMARY_FILE,
                                   "experiment.yaml",
                                   "timeline.json",
                                   "report.html",
                                   "messages.csv.gz"};
    for (const auto& table : GetResultTables())
    {
        names.push_back(table.file);
    }
    return names;
}

} // namespace mtlink
} // namespace ns3
