/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep/parallel-launcher.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
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

} // namespace

ParallelLauncher::ParallelLauncher(const LauncherChoice& choice)
    : m_choice(choice),
      m_options(SplitWords(choice.options))
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

uint32_t
ParallelLauncher::GetMostTasks()
{
    return MOST_SHARDS;
}

void
ParallelLauncher::Submit(const Batch& batch)
{
    m_batch = batch;
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
                                   "--termseq=TERM,5000,KILL,200"};
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
ParallelLauncher::Adopt(const Batch&)
{
    return 0; // it ends with the program that started it, and its tasks with it
}

bool
ParallelLauncher::ReadLine(const std::string& line, BatchState& state)
{
    // Seq Host Starttime JobRuntime Send Receive Exitval Signal Command
    std::istringstream text(line);
    std::string word;
    std::string host;
    int status = 0;
    int signal = 0;
    if (!(text >> word >> host >> word >> word >> word >> word >> status >> signal))
    {
        return false;
    }
    const std::string last = line.substr(line.find_last_of(" \t") + 1);
    uint32_t shard = 0;
    std::from_chars(last.data(), last.data() + last.size(), shard);
    state.failures.erase(shard);
    if (status != 0 || signal != 0)
    {
        state.failures[shard] =
            fmt::format("task {} of GNU parallel on {} ended with {} {}",
                        shard,
                        host == ":" ? "this machine" : host,
                        signal != 0 ? "signal" : "status",
                        signal != 0 ? signal : status);
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
    std::getline(log, line); // the head
    while (std::getline(log, line))
    {
        ended += ReadLine(line, state) ? 1 : 0;
    }
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(m_batch.runs, ignored))
    {
        state.running += entry.path().filename().string().find('.') == std::string::npos ? 1 : 0;
    }
    const std::size_t left = m_batch.shards.size() - std::min(ended, m_batch.shards.size());
    state.queued = left - std::min(left, state.running);
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

} // namespace mtlink
} // namespace ns3
