/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep/slurm-launcher.h"

#include "sweep/other-program.h"
#include "sweep/text-object.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <optional>
#include <sstream>
#include <stdexcept>

namespace ns3
{
namespace mtlink
{

namespace
{

namespace fs = std::filesystem;

constexpr const char* GONE = "GONE"; //!< State of a task that the queue knows no longer

/** @return the file in which the array's number is kept. */
std::string
GetNumberFile(const JobBatch& batch)
{
    return (fs::path(batch.folder) / "slurm.json").string();
}

/** @return a path in which nothing stands for anything else, sbatch(1), "filename pattern". */
std::string
EscapePattern(const std::string& path)
{
    std::string escaped;
    for (const char c : path)
    {
        escaped += c == '%' ? "%%" : std::string(1, c);
    }
    return escaped;
}

} // namespace

SlurmLauncher::SlurmLauncher(const LauncherChoice& choice)
    : BatchLauncher(choice)
{
    for (const char* const program : {"sbatch", "squeue", "scancel", "scontrol"})
    {
        if (!HasProgram(program))
        {
            throw std::runtime_error(fmt::format(
                "'--launcher slurm' needs Slurm's command {}, which is not in PATH: run this on a "
                "machine that submits to the cluster (on Debian: apt-get install slurm-client, and "
                "the cluster's slurm.conf and munge key), or take '--launcher local' or 'parallel'",
                program));
        }
    }
}

uint32_t
SlurmLauncher::GetMostTasks()
{
    constexpr uint32_t DEFAULT_MOST = 1000; // MaxArraySize is 1001, slurm.conf(5)
    const ProgramAnswer answer = AskProgram({"scontrol", "show", "config"});
    if (answer.status != 0)
    {
        throw std::runtime_error("Slurm does not answer: " + answer.errors);
    }
    std::istringstream lines(answer.output);
    std::string line;
    while (std::getline(lines, line))
    {
        if (line.starts_with("MaxArraySize"))
        {
            const auto size = ReadNumber(line.substr(line.find_last_of(" =") + 1));
            return size && *size > 1 ? *size - 1 : DEFAULT_MOST; // indices are below it
        }
    }
    return DEFAULT_MOST;
}

std::string
SlurmLauncher::FormatArray(const std::vector<uint32_t>& shards)
{
    std::string text;
    for (std::size_t i = 0; i < shards.size(); ++i)
    {
        const std::size_t first = i;
        while (i + 1 < shards.size() && shards[i + 1] == shards[i] + 1)
        {
            ++i;
        }
        text += text.empty() ? "" : ",";
        text +=
            i > first ? fmt::format("{}-{}", shards[first], shards[i]) : std::to_string(shards[i]);
    }
    return text;
}

void
SlurmLauncher::Submit(const JobBatch& batch)
{
    const std::string most = m_choice.atOnce > 0 ? fmt::format("%{}", m_choice.atOnce) : "";
    std::vector<std::string> words{"sbatch",
                                   "--parsable",
                                   "--array=" + FormatArray(batch.shards) + most,
                                   "--requeue",
                                   "--open-mode=append",
                                   "--job-name=mtlink-" + batch.name,
                                   "--output=" + EscapePattern(batch.folder) + "/slurm-%A_%a.out"};
    words.insert(words.end(), m_options.begin(), m_options.end());
    words.push_back(batch.script);
    const ProgramAnswer answer = AskProgram(words);
    m_job = answer.output.substr(0, answer.output.find_first_of(";\n"));
    if (answer.status != 0 || !ReadNumber(m_job))
    {
        throw std::runtime_error(
            "Slurm takes no tasks: " + (answer.errors.empty() ? answer.output : answer.errors) +
            "; partition, account, time and memory are given as in "
            "--launcher-options '--partition=batch --mem=2G'");
    }
    m_tasks.clear();
    for (const uint32_t shard : batch.shards)
    {
        m_tasks[shard] = "PENDING";
    }
    WriteTexts(GetNumberFile(batch), {{"job", m_job}, {"shards", std::to_string(batch.cut)}});
}

uint32_t
SlurmLauncher::Adopt(const JobBatch& batch)
{
    TextObject kept = ReadTexts(GetNumberFile(batch));
    const auto shards = ReadNumber(kept["shards"]);
    m_job = kept["job"];
    if (!ReadNumber(m_job) || !shards)
    {
        return 0;
    }
    const ProgramAnswer answer =
        AskProgram({"squeue", "--noheader", "--array", "--jobs=" + m_job, "--format=%K|%T|%r"});
    m_tasks.clear();
    if (answer.status == 0)
    {
        ReadQueue(answer.output, m_tasks);
    }
    return m_tasks.empty() ? 0 : *shards;
}

std::string
SlurmLauncher::ReadQueue(const std::string& output, std::map<uint32_t, std::string>& states)
{
    std::istringstream lines(output);
    std::string line;
    std::string reason;
    while (std::getline(lines, line))
    {
        const std::vector<std::string> parts = SplitCells(line, '|');
        const auto index = parts.size() < 2 ? std::nullopt : ReadNumber(parts[0]);
        if (!index)
        {
            continue;
        }
        states[*index] = parts[1];
        const bool isUsual = parts.size() < 3 || parts[2] == "None" || parts[2] == "Priority";
        if (parts[1] == "PENDING" && !isUsual)
        {
            reason = parts[2];
        }
    }
    return reason;
}

bool
SlurmLauncher::IsEnd(const std::string& state)
{
    // squeue(1), Job State Codes
    static constexpr std::array ENDS{"BOOT_FAIL",
                                     "CANCELLED",
                                     "COMPLETED",
                                     "DEADLINE",
                                     "FAILED",
                                     "NODE_FAIL",
                                     "OUT_OF_MEMORY",
                                     "PREEMPTED",
                                     "REVOKED",
                                     "TIMEOUT",
                                     GONE};
    return std::any_of(ENDS.begin(), ENDS.end(), [&state](const char* end) {
        return state.starts_with(end); // "CANCELLED by 1000"
    });
}

BatchState
SlurmLauncher::Poll()
{
    const ProgramAnswer answer = AskProgram({"squeue",
                                             "--noheader",
                                             "--array",
                                             "--states=all",
                                             "--jobs=" + m_job,
                                             "--format=%K|%T|%r"});
    BatchState result;
    const bool isForgotten = answer.errors.find("Invalid job id") != std::string::npos;
    if (answer.status != 0 && !isForgotten)
    {
        // It will be back; tasks go on meanwhile.
        result.unknown = "squeue: " + answer.errors.substr(0, answer.errors.find('\n'));
        result.left = m_tasks.size();
        return result;
    }
    std::map<uint32_t, std::string> states;
    result.reason = ReadQueue(answer.output, states);
    Update(states);
    for (const auto& [shard, state] : m_tasks)
    {
        result.left += IsEnd(state) ? 0 : 1;
        result.isCancelled = result.isCancelled || state.starts_with("CANCELLED");
        if (IsEnd(state) && !state.starts_with("COMPLETED"))
        {
            result.failures.emplace(shard, DescribeFailure(shard, state));
        }
    }
    result.isOver = result.left == 0;
    return result;
}

void
SlurmLauncher::Update(const std::map<uint32_t, std::string>& states)
{
    bool isGone = false;
    for (auto& [shard, state] : m_tasks)
    {
        const auto found = states.find(shard);
        if (found != states.end())
        {
            state = found->second;
        }
        else if (!IsEnd(state))
        {
            state = GONE;
            isGone = true;
        }
    }
    if (isGone)
    {
        AskAccounting();
    }
}

TaskFailure
SlurmLauncher::DescribeFailure(uint32_t shard, const std::string& state) const
{
    return {state == GONE ? fmt::format("task {}_{} has left Slurm's queue, and there is no "
                                        "accounting to tell how",
                                        m_job,
                                        shard)
                          : fmt::format("Slurm ended task {}_{}: {}", m_job, shard, state),
            state == "TIMEOUT"};
}

void
SlurmLauncher::AskAccounting()
{
    if (!HasProgram("sacct"))
    {
        return;
    }
    const ProgramAnswer answer = AskProgram({"sacct",
                                             "--noheader",
                                             "--parsable2",
                                             "--allocations",
                                             "--array",
                                             "--jobs=" + m_job,
                                             "--format=JobID,State"});
    ReadAccounting(answer.status == 0 ? answer.output : "", m_tasks);
}

void
SlurmLauncher::ReadAccounting(const std::string& output, std::map<uint32_t, std::string>& states)
{
    std::istringstream lines(output);
    std::string line;
    while (std::getline(lines, line))
    {
        const std::vector<std::string> parts = SplitCells(line, '|');
        const auto shard =
            parts.size() < 2 ? std::nullopt : ReadNumber(parts[0].substr(parts[0].find('_') + 1));
        const auto task = shard ? states.find(*shard) : states.end();
        if (task != states.end() && task->second == GONE)
        {
            task->second = parts[1];
        }
    }
}

void
SlurmLauncher::Cancel()
{
    AskProgram({"scancel", m_job});
}

std::string
SlurmLauncher::GetCancelCommand() const
{
    return "scancel " + m_job;
}

} // namespace mtlink
} // namespace ns3
