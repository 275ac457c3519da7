/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep/sweep-record.h"

#include "measure/atomic-file.h"
#include "measure/figures.h"
#include "measure/json-writer.h"
#include "measure/result-reader.h"
#include "measure/text-file.h"

#include <array>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* SWEEP_FILE = "mtlink-sweep.json";
constexpr const char* JOB_FILE = "mtlink-job.json";

/** So long processes of a program that was killed may be at work. */
constexpr std::chrono::seconds PATIENCE{5};

constexpr std::array<std::pair<JobStatus, const char*>, 4> STATUS_NAMES{
    {{JobStatus::DONE, "done"},
     {JobStatus::INCOMPLETE, "incomplete"},
     {JobStatus::REFUSED, "refused"},
     {JobStatus::FAILED, "failed"}}};

/** Write a small JSON object of texts, whole or not at all. */
void
WriteTexts(const std::string& path, const std::vector<std::pair<std::string, std::string>>& texts)
{
    std::string text;
    JsonWriter out(text, JsonWriter::Layout::INDENTED);
    out.BeginObject();
    for (const auto& [key, value] : texts)
    {
        out.Key(key);
        out.String(value);
    }
    out.EndObject();
    AtomicFile file(path);
    file.Write(text + "\n");
    file.Commit();
}

/** @return a text in a file that WriteTexts() wrote; nothing if there is none. */
std::optional<std::string>
ReadTextOf(const std::string& path, const std::string& key)
{
    std::error_code ignored;
    if (!fs::exists(path, ignored))
    {
        return std::nullopt;
    }
    const json object = json::parse(ReadTextFile(path), nullptr, false);
    const auto found = object.is_object() ? object.find(key) : object.end();
    if (!object.is_object() || found == object.end() || !found->is_string())
    {
        return std::nullopt;
    }
    return found->get<std::string>();
}

/** Read the figures of a job's results. */
void
ReadInto(JobOutcome& outcome, const std::string& directory)
{
    const RunResults results = ReadFigures(directory).results;
    outcome.message = results.stopReason;
    for (const Figure& figure : GetFigures())
    {
        outcome.figures.push_back(figure.get(results));
    }
    for (const Figure& cost : GetCosts())
    {
        outcome.costs.push_back(cost.get(results));
    }
}

} // namespace

std::string
GetStatusName(JobStatus status)
{
    for (const auto& [known, name] : STATUS_NAMES)
    {
        if (known == status)
        {
            return name;
        }
    }
    return "";
}

SweepRecord::SweepRecord(const std::string& directory, const Sweep& sweep, bool resume)
    : m_sweep(sweep),
      m_directory(directory, PATIENCE)
{
    const fs::path path = fs::path(directory) / SWEEP_FILE;
    const auto fingerprint = ReadTextOf(path.string(), "fingerprint");
    if (!fingerprint)
    {
        if (fs::exists(fs::path(directory) / "points"))
        {
            throw std::runtime_error(directory + " holds other things named 'points': give "
                                                 "another directory with -o");
        }
        WriteTexts(path.string(),
                   {{"sweep", sweep.name},
                    {"mtlink_version", MTLINK_VERSION},
                    {"fingerprint", sweep.fingerprint}});
    }
    else if (!resume)
    {
        throw std::runtime_error(directory + " holds results of " +
                                 (*fingerprint == sweep.fingerprint
                                      ? "this sweep: go on with them with --resume"
                                      : "another sweep, or of this one before it was "
                                        "changed, which --resume can't go on with") +
                                 "; else give another directory with -o, or remove it");
    }
    else if (*fingerprint != sweep.fingerprint)
    {
        throw std::runtime_error(
            "can't resume: the sweep, a file that it uses, or the version of mtlink is not the "
            "one that " +
            directory + " was begun with; give another directory with -o, or remove it");
    }
}

std::optional<JobOutcome>
SweepRecord::Read(const SweepJob& job) const
{
    const std::string path = (fs::path(GetDirectory(job)) / JOB_FILE).string();
    const auto name = ReadTextOf(path, "status");
    const auto message = ReadTextOf(path, "message");
    if (!name || !message)
    {
        return std::nullopt;
    }
    JobOutcome outcome;
    outcome.message = *message;
    for (const auto& [status, known] : STATUS_NAMES)
    {
        outcome.status = *name == known ? status : outcome.status;
    }
    if (outcome.status == JobStatus::DONE || outcome.status == JobStatus::INCOMPLETE)
    {
        try
        {
            ReadInto(outcome, GetDirectory(job));
        }
        catch (const InputError&) // someone took a file away: run it again
        {
            return std::nullopt;
        }
    }
    return outcome;
}

void
SweepRecord::Clear(const SweepJob& job) const
{
    std::error_code failed;
    fs::remove_all(GetDirectory(job), failed);
    if (!failed)
    {
        fs::create_directories(GetDirectory(job), failed);
    }
    if (failed)
    {
        throw WriteError(GetDirectory(job), failed.value());
    }
}

void
SweepRecord::Finish(const SweepJob& job, JobOutcome& outcome) const
{
    if (outcome.status == JobStatus::DONE || outcome.status == JobStatus::INCOMPLETE)
    {
        // As written and read back, so that a row is the same whoever made it.
        ReadInto(outcome, GetDirectory(job));
    }
    WriteTexts((fs::path(GetDirectory(job)) / JOB_FILE).string(),
               {{"status", GetStatusName(outcome.status)}, {"message", outcome.message}});
}

std::string
SweepRecord::GetDirectory(const SweepJob& job) const
{
    return (fs::path(GetDirectory()) / GetJobDirectory(m_sweep, job)).string();
}

} // namespace mtlink
} // namespace ns3
