/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep/sweep-record.h"

#include "measure/atomic-file.h"
#include "measure/figures.h"
#include "measure/json-writer.h"
#include "measure/result-reader.h"
#include "measure/text-file.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
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

/** @return what WriteTexts() wrote; empty if there is no such file, or it is none. */
std::map<std::string, std::string>
ReadTexts(const std::string& path)
{
    std::map<std::string, std::string> texts;
    std::error_code ignored;
    if (!fs::exists(path, ignored))
    {
        return texts;
    }
    const json object = json::parse(ReadTextFile(path), nullptr, false);
    if (object.is_object())
    {
        for (const auto& [key, value] : object.items())
        {
            if (value.is_string())
            {
                texts[key] = value.get<std::string>();
            }
        }
    }
    return texts;
}

/** @return directories below one, by name. */
std::vector<fs::path>
ListDirectories(const fs::path& path)
{
    std::vector<fs::path> found;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(path, ignored))
    {
        if (entry.is_directory(ignored))
        {
            found.push_back(entry.path());
        }
    }
    std::sort(found.begin(), found.end());
    return found;
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
    outcome.saturated = results.verdict ? results.verdict->saturated : std::nullopt;
}

} // namespace

bool
HoldsSweep(const std::string& directory)
{
    std::error_code ignored;
    return fs::exists(fs::path(directory) / SWEEP_FILE, ignored) ||
           fs::exists(fs::path(directory) / "sweep.csv", ignored);
}

void
RefuseDirectoryOfSweep(const std::string& directory)
{
    if (HoldsSweep(directory))
    {
        throw InputError({directory},
                         "a sweep is in it (sweep.csv, designs.csv, its report.html, points/), "
                         "and the run would write among that: give another directory with -o");
    }
}

std::string
FindRunOfSweep(const std::string& directory)
{
    for (const fs::path& point : ListDirectories(fs::path(directory) / "points"))
    {
        for (const fs::path& run : ListDirectories(point))
        {
            std::error_code ignored;
            if (fs::exists(run / "summary.json", ignored))
            {
                return run.string();
            }
        }
    }
    return "";
}

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
    const auto texts = ReadTexts(path.string());
    const auto name = texts.find("sweep");
    if (name == texts.end())
    {
        if (fs::exists(fs::path(directory) / "points"))
        {
            throw std::runtime_error(directory + " holds other things named 'points': give "
                                                 "another directory with -o");
        }
        return;
    }
    if (name->second != sweep.name)
    {
        throw std::runtime_error(directory + " holds results of another sweep, '" + name->second +
                                 "', and this is '" + sweep.name +
                                 "': give another directory with -o, or the same name in the file");
    }
    if (!resume)
    {
        throw std::runtime_error(directory +
                                 " holds results of this sweep: go on with them with --resume, "
                                 "which runs what is not done yet; else give another directory "
                                 "with -o, or remove it");
    }
    FindOutcomes();
}

void
SweepRecord::Begin() const
{
    WriteTexts((fs::path(GetDirectory()) / SWEEP_FILE).string(),
               {{"sweep", m_sweep.name}, {"mtlink_version", MTLINK_VERSION}});
}

void
SweepRecord::FindOutcomes()
{
    std::error_code ignored;
    for (const fs::path& point : ListDirectories(fs::path(GetDirectory()) / "points"))
    {
        m_nameless += fs::exists(point / JOB_FILE, ignored) ? 1 : 0;
        for (const fs::path& run : ListDirectories(point))
        {
            auto texts = ReadTexts((run / JOB_FILE).string());
            JobOutcome outcome;
            outcome.message = texts["message"];
            outcome.directory = fs::relative(run, GetDirectory()).generic_string();
            const auto status =
                std::find_if(STATUS_NAMES.begin(), STATUS_NAMES.end(), [&texts](const auto& known) {
                    return known.second == texts["status"];
                });
            if (status == STATUS_NAMES.end())
            {
                continue; // not over
            }
            if (texts["content"].empty())
            {
                ++m_nameless;
                continue;
            }
            outcome.status = status->first;
            const auto [at, isNew] = m_found.emplace(texts["content"], outcome);
            if (!isNew && at->second.status == JobStatus::FAILED)
            {
                at->second = outcome;
            }
        }
    }
}

std::optional<JobOutcome>
SweepRecord::Read(const SweepJob& job) const
{
    const auto found = m_found.find(job.content);
    if (found == m_found.end())
    {
        return std::nullopt;
    }
    JobOutcome outcome = found->second;
    if (outcome.status == JobStatus::DONE || outcome.status == JobStatus::INCOMPLETE)
    {
        try
        {
            ReadInto(outcome, (fs::path(GetDirectory()) / outcome.directory).string());
        }
        catch (const InputError&) // someone took a file away: run it again
        {
            return std::nullopt;
        }
    }
    return outcome;
}

std::size_t
SweepRecord::CountOthers() const
{
    std::set<std::string> own;
    for (const SweepJob& job : m_sweep.jobs)
    {
        own.insert(job.content);
    }
    return m_nameless +
           static_cast<std::size_t>(
               std::count_if(m_found.begin(), m_found.end(), [&own](const auto& found) {
                   return found.second.status != JobStatus::FAILED && !own.contains(found.first);
               }));
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
    outcome.directory = GetJobDirectory(m_sweep, job);
    WriteTexts((fs::path(GetDirectory(job)) / JOB_FILE).string(),
               {{"content", job.content},
                {"status", GetStatusName(outcome.status)},
                {"message", outcome.message}});
}

std::string
SweepRecord::GetDirectory(const SweepJob& job) const
{
    return (fs::path(GetDirectory()) / GetJobDirectory(m_sweep, job)).string();
}

} // namespace mtlink
} // namespace ns3
