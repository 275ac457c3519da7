/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep/sweep-process.h"

#include "experiment/run.h"
#include "measure/result-writer.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fmt/format.h>
#include <new>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Exit statuses of the forked process. */
constexpr int EXIT_OF_DONE = 0;
constexpr int EXIT_OF_REFUSED = 1;
constexpr int EXIT_OF_INCOMPLETE = 3;
constexpr int EXIT_OF_FAILED = 4;

/** What the process tells: lines "share 0.5"; "says" and then its last words to the end. */
constexpr const char* SHARE = "share ";
constexpr const char* SAYS = "says ";

/** Tell the process that waits; if that is gone, this one is gone too. */
void
Tell(int descriptor, const std::string& text)
{
    std::size_t told = 0;
    while (told < text.size())
    {
        const ssize_t written = write(descriptor, text.data() + told, text.size() - told);
        if (written < 0 && errno != EINTR)
        {
            return;
        }
        told += written > 0 ? static_cast<std::size_t>(written) : 0;
    }
}

/** Do something in this process, and tell what is thrown. @return its exit status. */
int
TellErrors(int descriptor, const std::function<int()>& work)
{
    try
    {
        return work();
    }
    catch (const InputError& error)
    {
        Tell(descriptor, SAYS + std::string(error.what()));
        return EXIT_OF_REFUSED;
    }
    catch (const std::bad_alloc&)
    {
        Tell(descriptor, SAYS + std::string("out of memory"));
    }
    catch (const std::exception& error)
    {
        Tell(descriptor, SAYS + std::string(error.what()));
    }
    return EXIT_OF_FAILED;
}

/** Run a job in this process. @return its exit status. */
int
RunJob(const Sweep& sweep, const SweepJob& job, const std::string& directory, int descriptor)
{
    Experiment experiment = ReadPoint(sweep, sweep.points[job.point], job.seed);
    if (experiment.whatIf == WhatIf::AUTO)
    {
        experiment.whatIf = WhatIf::NEVER; // a sweep varies what it wants to know
    }
    RunOptions options;
    auto told = std::chrono::steady_clock::now();
    options.progress = [&told, descriptor](const RunProgress& progress) {
        const auto now = std::chrono::steady_clock::now();
        if (now - told > std::chrono::milliseconds(500))
        {
            told = now;
            Tell(descriptor, fmt::format("{}{:.4f}\n", SHARE, progress.share));
        }
    };
    options.directory = directory;
    const RunOutcome outcome = RunExperiment(experiment, options);
    WriteResults(outcome.results,
                 directory,
                 experiment.rows,
                 outcome.messages.get(),
                 outcome.criticalPaths);
    return outcome.end == RunEnd::COMPLETE ? EXIT_OF_DONE : EXIT_OF_INCOMPLETE;
}

} // namespace

SweepProcess::SweepProcess(const Sweep& sweep, const SweepJob& job, const std::string& directory)
{
    Start([&](int descriptor) { return RunJob(sweep, job, directory, descriptor); });
}

SweepProcess::SweepProcess(const Sweep& sweep, const SweepPoint& point)
{
    Start([&](int) {
        constexpr std::sig_atomic_t AT_ONCE = 1;
        Experiment experiment = ReadPoint(sweep, point);
        experiment.whatIf = WhatIf::NEVER;
        RunOptions options;
        options.interrupt = &AT_ONCE; // all that a run refuses, and next to nothing of it
        RunExperiment(experiment, options);
        return EXIT_OF_DONE;
    });
}

void
SweepProcess::Start(const std::function<int(int)>& work)
{
    const auto refuse = [] {
        throw std::runtime_error("can't start a process: " +
                                 std::generic_category().message(errno));
    };
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0)
    {
        refuse();
    }
    std::fflush(nullptr); // else it would be written twice
    const pid_t parent = getpid();
    m_process = fork();
    if (m_process < 0)
    {
        close(ends[0]);
        close(ends[1]);
        refuse();
    }
    if (m_process == 0)
    {
        // A killed sweep leaves no process behind. Ctrl-C reaches all of a terminal's, SIGTERM all
        // of a task of Slurm's: the sweep is the one to act on them.
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        std::signal(SIGINT, SIG_IGN);
        std::signal(SIGTERM, SIG_IGN);
        if (getppid() != parent)
        {
            _exit(EXIT_OF_FAILED);
        }
        close(ends[0]);
        _exit(TellErrors(ends[1], [&] { return work(ends[1]); }));
    }
    close(ends[1]);
    m_descriptor = ends[0];
}

SweepProcess::~SweepProcess()
{
    if (m_process > 0)
    {
        kill(m_process, SIGKILL);
        while (waitpid(m_process, nullptr, 0) < 0 && errno == EINTR)
        {
        }
    }
    close(m_descriptor);
}

bool
SweepProcess::Listen()
{
    std::array<char, 4096> buffer;
    const ssize_t got = read(m_descriptor, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR)
    {
        return true;
    }
    if (got > 0)
    {
        m_told.append(buffer.data(), static_cast<std::size_t>(got));
    }
    while (m_told.rfind(SHARE, 0) == 0 && m_told.find('\n') != std::string::npos)
    {
        m_share = std::strtod(m_told.c_str() + std::strlen(SHARE), nullptr);
        m_told.erase(0, m_told.find('\n') + 1);
    }
    if (got <= 0 && m_told.rfind(SAYS, 0) == 0)
    {
        m_message = m_told.substr(std::strlen(SAYS));
    }
    return got > 0;
}

JobOutcome
SweepProcess::Wait()
{
    int status = 0;
    while (waitpid(m_process, &status, 0) < 0 && errno == EINTR)
    {
    }
    m_process = -1;
    JobOutcome outcome;
    outcome.message = m_message;
    if (WIFSIGNALED(status))
    {
        const int signal = WTERMSIG(status);
        outcome.message = fmt::format("the process was ended by signal {} ({}){}",
                                      signal,
                                      strsignal(signal),
                                      signal == SIGKILL ? ": out of memory, perhaps" : "");
        return outcome;
    }
    switch (WEXITSTATUS(status))
    {
    case EXIT_OF_DONE:
        outcome.status = JobStatus::DONE;
        break;
    case EXIT_OF_INCOMPLETE:
        outcome.status = JobStatus::INCOMPLETE;
        break;
    case EXIT_OF_REFUSED:
        outcome.status = JobStatus::REFUSED;
        break;
    default:
        break;
    }
    return outcome;
}

} // namespace mtlink
} // namespace ns3
