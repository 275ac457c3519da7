/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep/parallel-launcher.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <thread>

namespace ns3
{
namespace mtlink
{

namespace
{

namespace fs = std::filesystem;

/** Times that a task is tried, on other hosts where there are some. */
constexpr int TRIES = 3;

/** How a task is told to end: signals, and how long it is waited after each, ms. */
constexpr const char* ENDING = "TERM,5000,KILL,200";

/** How long that takes. */
constexpr std::chrono::seconds ENDING_TIME{6};

} // namespace

ParallelLauncher::ParallelLauncher(const LauncherChoice& choice)
    : BatchLauncher(choice)
{
    std::error_code ignored;
    if (!choice.hosts.empty() && !fs::is_regular_file(choice.hosts, ignored))
    {
        throw std::invalid_argument("there is no file " + choice.hosts +
                                    ": name one with a line for each host, as '2/node1' for two "
                                    "tasks at once on node1, or ':' for this machine");
    }
    // moreutils has another program of this name.
    if (!HasProgram("parallel") ||
        AskProgram({"parallel", "--version"}).output.find("GNU parallel") == std::string::npos)
    {
        throw std::runtime_error("'--launcher parallel' needs GNU parallel, which is not in PATH: "
                                 "install it (on Debian: apt-get install parallel), or take "
                                 "'--launcher local'");
    }
}

ParallelLauncher::~ParallelLauncher()
{
    if (m_program && !m_program->IsOver())
    {
        Cancel();
        const auto end = std::chrono::steady_clock::now() + ENDING_TIME;
        while (!m_program->IsOver() && std::chrono::steady_clock::now() < end)
        {
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        }
    }
}

uint32_t
ParallelLauncher::GetMostTasks()
{
    return MOST_SHARDS;
}

void
ParallelLauncher::Submit(const JobBatch& batch)
{
    m_tasks = batch.shards.size();
    m_log = batch.folder + "/parallel.joblog";
    const std::string list = batch.folder + "/parallel.shards";
    std::ofstream file(list);
    for (const uint32_t shard : batch.shards)
    {
        file << shard << '\n';
    }
    file.close();
    std::vector<std::string> words{"parallel",
                                   "--arg-file=" + list,
                                   "--joblog=" + m_log,
                                   fmt::format("--retries={}", TRIES),
                                   std::string("--termseq=") + ENDING};
    if (m_choice.atOnce > 0)
    {
        words.push_back(fmt::format("--jobs={}", m_choice.atOnce));
    }
    if (!m_choice.hosts.empty())
    {
        words.push_back("--sshloginfile=" + fs::absolute(m_choice.hosts).string());
    }
    words.insert(words.end(), m_options.begin(), m_options.end());
    words.push_back("/bin/sh " + QuoteWord(batch.script) + " {}");
    m_program = std::make_unique<OtherProgram>(words, batch.folder + "/parallel.out");
}

uint32_t
ParallelLauncher::Adopt(const JobBatch&)
{
    return 0; // it starts no more as the program that started it is gone; claims tell what it ends
}

bool
ParallelLauncher::ReadLine(const std::string& line, std::map<uint32_t, TaskFailure>& failures)
{
    enum Columns
    {
        SEQ,
        HOST,
        START,
        RUNTIME,
        SEND,
        RECEIVE,
        STATUS,
        SIGNAL,
        COMMAND,
        COLUMNS
    };

    const std::vector<std::string> cells = SplitCells(line, '\t');
    if (cells.size() < COLUMNS)
    {
        return false;
    }
    const std::string& last = cells.back();
    const auto shard = ReadNumber(last.substr(last.find_last_of(' ') + 1));
    if (!shard)
    {
        return false;
    }
    failures.erase(*shard);
    const bool isSignal = cells[SIGNAL] != "0";
    if (isSignal || cells[STATUS] != "0")
    {
        failures[*shard] = {fmt::format("task {} of GNU parallel on {} ended with {} {}",
                                        *shard,
                                        cells[HOST] == ":" ? "this machine" : cells[HOST],
                                        isSignal ? "signal" : "status",
                                        isSignal ? cells[SIGNAL] : cells[STATUS])};
    }
    return true;
}

BatchState
ParallelLauncher::Poll()
{
    BatchState state;
    state.isOver = m_program->IsOver(); // before its log is read to the end
    std::ifstream log(m_log);
    std::string line;
    std::size_t ended = 0;
    while (std::getline(log, line))
    {
        ended += ReadLine(line, state.failures) ? 1 : 0;
    }
    state.left = m_tasks - std::min(ended, m_tasks);
    return state;
}

void
ParallelLauncher::Cancel()
{
    // The first has it start nothing more, the second end what runs, by its --termseq.
    m_program->Signal(SIGTERM);
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    m_program->Signal(SIGTERM);
}

std::string
ParallelLauncher::GetCancelCommand() const
{
    return fmt::format("kill {0}; sleep 1; kill {0}", m_program->GetProcess());
}

} // namespace mtlink
} // namespace ns3
