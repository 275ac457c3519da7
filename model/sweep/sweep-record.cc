/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep/sweep-record.h"

#include "measure/atomic-file.h"
#include "measure/figures.h"
#include "measure/result-reader.h"
#include "sweep/text-object.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
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

constexpr const char* SWEEP_FILE = "mtlink-sweep.json";
constexpr const char* JOB_FILE = "mtlink-job.json";

constexpr std::array<std::pair<JobStatus, const char*>, 4> STATUS_NAMES{
    {{JobStatus::DONE, "done"},
     {JobStatus::INCOMPLETE, "incomplete"},
     {JobStatus::REFUSED, "refused"},
     {JobStatus::FAILED, "failed"}}};

/** @return directories below one that are no attempts, by name. */
std::vector<fs::path>
ListDirectories(const fs::path& path)
{
    std::vector<fs::path> found;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(path, ignored))
    {
        if (entry.is_directory(ignored) && !entry.path().filename().string().starts_with("."))
        {
            found.push_back(entry.path());
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

/** @return what `mtlink-job.json` says of a job, without figures; nothing: it is not over. */
std::optional<JobOutcome>
ReadOutcome(TextObject& texts, const std::string& directory)
{
    const auto status =
        std::find_if(STATUS_NAMES.begin(), STATUS_NAMES.end(), [&texts](const auto& known) {
            return known.second == texts["status"];
        });
    if (status == STATUS_NAMES.end())
    {
        return std::nullopt;
    }
    JobOutcome outcome;
    outcome.status = status->first;
    outcome.message = texts["message"];
    outcome.directory = directory;
    return outcome;
}

/** @return a text with all places of a word in it replaced: messages must be the same every time.
 */
std::string
Replace(std::string text, const std::string& word, const std::string& by)
{
    for (std::size_t at = 0; (at = text.find(word, at)) != std::string::npos; at += by.size())
    {
        text.replace(at, word.size(), by);
    }
    return text;
}

/** @return whether a job has results that can be read. */
bool
HasResults(const JobOutcome& outcome)
{
    return outcome.status == JobStatus::DONE || outcome.status == JobStatus::INCOMPLETE;
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
FindFileOfSweep(const std::string& directory)
{
    TextObject texts = ReadTexts((fs::path(directory) / SWEEP_FILE).string());
    const fs::path file = texts["file"];
    std::error_code ignored;
    // As it was written where it can be: messages have it, and should be the same.
    return file.empty() || fs::exists(file, ignored)
               ? file.string()
               : (fs::path(texts["working_directory"]) / file).string();
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

SweepRecord::SweepRecord(const std::string& directory, const Sweep& sweep, SweepAccess access)
    : m_sweep(sweep),
      m_directory(directory,
                  access == SweepAccess::READ ? ResultDirectory::Writers::NONE
                                              : ResultDirectory::Writers::MANY)
{
    // In this order: who begins a sweep at this moment writes the file first.
    std::error_code ignored;
    const bool hasPoints = fs::exists(fs::path(directory) / "points", ignored);
    const auto texts = ReadTexts((fs::path(directory) / SWEEP_FILE).string());
    const auto name = texts.find("sweep");
    if (name == texts.end())
    {
        if (hasPoints)
        {
            throw std::runtime_error(directory + " holds other things named 'points': give "
                                                 "another directory with -o");
        }
        return;
    }
    if (name->second != sweep.name)
    {
        throw std::runtime_error(directory + " holds results of another sweep, '" + name->second +
                                 "', and this is '" + sweep.name + "': " +
                                 (access == SweepAccess::READ
                                      ? "leave it out"
                                      : "give another directory with -o, or the same name in "
                                        "the file"));
    }
    if (access == SweepAccess::NEW && hasPoints)
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
    TextObject texts{{"sweep", m_sweep.name}, {"mtlink_version", MTLINK_VERSION}};
    std::error_code ignored;
    if (!m_sweep.file.empty())
    {
        texts["file"] = m_sweep.file;
        texts["working_directory"] = fs::current_path(ignored).string();
    }
    WriteTexts((fs::path(GetDirectory()) / SWEEP_FILE).string(), texts);
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
            const std::optional<JobOutcome> outcome =
                ReadOutcome(texts, fs::relative(run, GetDirectory()).generic_string());
            if (!outcome)
            {
                continue; // not over
            }
            if (texts["content"].empty())
            {
                ++m_nameless;
                continue;
            }
            const auto [at, isNew] = m_found.emplace(texts["content"], *outcome);
            if (!isNew && at->second.status == JobStatus::FAILED)
            {
                at->second = *outcome;
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
    return WithFigures(found->second,
                       (fs::path(GetDirectory()) / found->second.directory).string());
}

std::optional<JobOutcome>
SweepRecord::WithFigures(JobOutcome outcome, const std::string& directory)
{
    try
    {
        if (HasResults(outcome))
        {
            ReadInto(outcome, directory);
        }
    }
    catch (const InputError&) // someone took a file away: run it again
    {
        return std::nullopt;
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

std::optional<JobOutcome>
SweepRecord::ReadNow(const SweepJob& job) const
{
    const std::string directory = GetDirectory(job);
    auto texts = ReadTexts((fs::path(directory) / JOB_FILE).string());
    std::optional<JobOutcome> outcome = ReadOutcome(texts, GetJobDirectory(m_sweep, job));
    return outcome && texts["content"] == job.content ? WithFigures(std::move(*outcome), directory)
                                                      : std::nullopt;
}

std::string
SweepRecord::MakeAttempt(const SweepJob& job) const
{
    const fs::path path = GetDirectory(job);
    const std::string begin = "." + path.filename().string() + ".";
    std::error_code failed;
    fs::create_directories(path.parent_path(), failed);
    std::vector<fs::path> left;
    for (const auto& entry : fs::directory_iterator(path.parent_path(), failed))
    {
        if (entry.path().filename().string().starts_with(begin))
        {
            left.push_back(entry.path());
        }
    }
    for (const fs::path& attempt : left)
    {
        Discard(attempt.string());
    }
    // A name that none has whose program still writes. Over NFS it has a use of its own: what this
    // machine knew of the directory above is forgotten, and ReadNow() sees what others did there.
    std::string attempt = (path.parent_path() / (begin + "XXXXXX")).string();
    if (failed || !mkdtemp(attempt.data()))
    {
        throw WriteError(path.string(), failed ? failed.value() : errno);
    }
    fs::permissions(attempt, fs::status(GetDirectory(), failed).permissions(), failed);
    return attempt;
}

void
SweepRecord::Discard(const std::string& attempt)
{
    std::error_code ignored; // who makes the next attempt tries again
    fs::remove_all(attempt, ignored);
}

std::optional<JobOutcome>
SweepRecord::Finish(const SweepJob& job, const std::string& attempt, JobOutcome outcome) const
{
    try
    {
        if (HasResults(outcome))
        {
            // As written and read back, so that a row is the same whoever made it.
            ReadInto(outcome, attempt);
        }
        outcome.directory = GetJobDirectory(m_sweep, job);
        outcome.message = Replace(outcome.message, attempt, GetDirectory(job));
        WriteTexts((fs::path(attempt) / JOB_FILE).string(),
                   {{"content", job.content},
                    {"status", GetStatusName(outcome.status)},
                    {"message", outcome.message}});
    }
    catch (const std::runtime_error&) // InputError and WriteError are
    {
        std::error_code ignored;
        if (fs::exists(attempt, ignored))
        {
            throw;
        }
        return ReadNow(job);
    }
    if (!Publish(job, attempt))
    {
        Discard(attempt);
        return ReadNow(job);
    }
    return outcome;
}

bool
SweepRecord::Publish(const SweepJob& job, const std::string& attempt) const
{
    const std::string path = GetDirectory(job);
    std::error_code failed;
    fs::rename(attempt, path, failed);
    if (!failed)
    {
        return true;
    }
    const std::optional<JobOutcome> there = ReadNow(job);
    if (there && there->status != JobStatus::FAILED)
    {
        return false;
    }
    // Of a job that failed, or of an earlier version's that was killed: out of the way.
    const std::string old = attempt + ".old";
    fs::rename(path, old, failed);
    fs::rename(attempt, path, failed);
    if (failed)
    {
        throw WriteError(path, failed.value());
    }
    Discard(old);
    return true;
}

std::optional<JobOutcome>
SweepRecord::CopyFrom(const SweepJob& job, const SweepRecord& other) const
{
    const std::optional<JobOutcome> there = other.Read(job);
    if (!there)
    {
        return std::nullopt;
    }
    const std::string attempt = MakeAttempt(job);
    std::error_code failed;
    fs::copy(fs::path(other.GetDirectory()) / there->directory,
             attempt,
             fs::copy_options::recursive | fs::copy_options::overwrite_existing,
             failed);
    if (failed)
    {
        Discard(attempt);
        throw WriteError(GetDirectory(job), failed.value());
    }
    JobOutcome outcome;
    outcome.status = there->status;
    outcome.message = there->message;
    return Finish(job, attempt, outcome);
}

std::string
SweepRecord::GetDirectory(const SweepJob& job) const
{
    return (fs::path(GetDirectory()) / GetJobDirectory(m_sweep, job)).string();
}

} // namespace mtlink
} // namespace ns3
