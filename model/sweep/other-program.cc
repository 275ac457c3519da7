/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep/other-program.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <fmt/format.h>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr int SIGNALLED = 128; //!< As a shell tells it

[[noreturn]] void
Refuse(const std::string& program, int error)
{
    throw std::runtime_error("can't start " + program + ": " +
                             std::generic_category().message(error));
}

/** Wait for the end of a process. @return its status, as of waitpid(2). */
int
Await(pid_t process)
{
    int status = 0;
    while (waitpid(process, &status, 0) < 0 && errno == EINTR)
    {
    }
    return status;
}

/** Be another program, after a fork; tell what fails. */
[[noreturn]] void
Become(const std::vector<char*>& arguments, int output, int errors, int failure)
{
    constexpr int NOT_FOUND = 127; // as a shell tells it
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    dup2(nothing, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(errors, STDERR_FILENO);
    execvp(arguments[0], arguments.data());
    const int error = errno;
    const ssize_t told = write(failure, &error, sizeof(error));
    _exit(told < 0 ? NOT_FOUND + 1 : NOT_FOUND);
}

/**
 * Start a program.
 * @param [in] words Its name and arguments.
 * @param [in] output,errors Descriptors that it gets.
 * @param [in] isApart In a group of its own, and with SIGTERM when this program is gone.
 * @return its process.
 */
pid_t
Spawn(const std::vector<std::string>& words, int output, int errors, bool isApart)
{
    std::vector<char*> arguments;
    for (const std::string& word : words)
    {
        arguments.push_back(const_cast<char*>(word.c_str())); // it does not change them
    }
    arguments.push_back(nullptr);
    std::array<int, 2> failure{};
    if (pipe2(failure.data(), O_CLOEXEC) != 0)
    {
        Refuse(words[0], errno);
    }
    const pid_t parent = getpid();
    const pid_t process = fork();
    if (process == 0)
    {
        if (isApart)
        {
            setpgid(0, 0);
            prctl(PR_SET_PDEATHSIG, SIGTERM);
            if (getppid() != parent)
            {
                _exit(SIGNALLED + SIGTERM);
            }
        }
        Become(arguments, output, errors, failure[1]);
    }
    int error = process < 0 ? errno : 0;
    close(failure[1]);
    if (process > 0)
    {
        ssize_t got = 0;
        while ((got = read(failure[0], &error, sizeof(error))) < 0 && errno == EINTR)
        {
        }
        error = got == sizeof(error) ? error : 0; // it is closed as the program begins
    }
    close(failure[0]);
    if (error != 0)
    {
        if (process > 0)
        {
            Await(process);
        }
        Refuse(words[0], error);
    }
    return process;
}

/** @return all that comes from a descriptor until its end. */
std::string
ReadAll(int descriptor)
{
    std::string text;
    std::array<char, 4096> buffer;
    for (;;)
    {
        const ssize_t got = read(descriptor, buffer.data(), buffer.size());
        if (got > 0)
        {
            text.append(buffer.data(), static_cast<std::size_t>(got));
        }
        else if (got == 0 || errno != EINTR)
        {
            return text;
        }
    }
}

} // namespace

bool
HasProgram(const std::string& name)
{
    const char* const path = std::getenv("PATH");
    std::istringstream folders(path ? path : "");
    std::string folder;
    while (std::getline(folders, folder, ':'))
    {
        if (access((folder + "/" + name).c_str(), X_OK) == 0)
        {
            return true;
        }
    }
    return false;
}

ProgramAnswer
AskProgram(const std::vector<std::string>& words)
{
    const std::unique_ptr<FILE, int (*)(FILE*)> errors(std::tmpfile(), std::fclose);
    std::array<int, 2> ends{};
    if (!errors || pipe2(ends.data(), O_CLOEXEC) != 0)
    {
        Refuse(words[0], errno);
    }
    pid_t process = -1;
    try
    {
        process = Spawn(words, ends[1], fileno(errors.get()), false);
    }
    catch (const std::runtime_error&)
    {
        close(ends[0]);
        close(ends[1]);
        throw;
    }
    close(ends[1]);
    ProgramAnswer answer;
    answer.output = ReadAll(ends[0]);
    close(ends[0]);
    const int status = Await(process);
    answer.status = WIFSIGNALED(status) ? SIGNALLED + WTERMSIG(status) : WEXITSTATUS(status);
    lseek(fileno(errors.get()), 0, SEEK_SET);
    answer.errors = ReadAll(fileno(errors.get()));
    while (answer.errors.ends_with('\n'))
    {
        answer.errors.pop_back();
    }
    return answer;
}

std::vector<std::string>
SplitWords(const std::string& text)
{
    std::vector<std::string> words;
    std::string word;
    bool isWord = false;
    bool isEscaped = false;
    char quote = 0;
    for (const char c : text)
    {
        const bool isBlank = !isEscaped && quote == 0 && (c == ' ' || c == '\t' || c == '\n');
        if (isBlank && isWord)
        {
            words.push_back(std::exchange(word, ""));
        }
        isWord = !isBlank;
        if (std::exchange(isEscaped, !isEscaped && c == '\\' && quote != '\''))
        {
            word += c;
        }
        else if (quote == 0 && (c == '\'' || c == '"'))
        {
            quote = c;
        }
        else if (c == quote)
        {
            quote = 0;
        }
        else if (!isBlank && !isEscaped)
        {
            word += c;
        }
    }
    if (quote != 0 || isEscaped)
    {
        throw std::invalid_argument(
            quote != 0 ? fmt::format("the quote {} has no end in: {}", quote, text)
                       : "the backslash at the end stands for nothing in: " + text);
    }
    if (isWord)
    {
        words.push_back(word);
    }
    return words;
}

std::vector<std::string>
SplitCells(const std::string& line, char between)
{
    std::vector<std::string> cells;
    std::istringstream text(line);
    for (std::string cell; std::getline(text, cell, between);)
    {
        cells.push_back(cell);
    }
    return cells;
}

std::optional<uint32_t>
ReadNumber(const std::string& text)
{
    uint32_t number = 0;
    const char* const end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, number);
    return result.ec == std::errc() && result.ptr == end ? std::optional(number) : std::nullopt;
}

std::string
QuoteWord(const std::string& text)
{
    std::string quoted = "'";
    for (const char c : text)
    {
        quoted += c == '\'' ? "'\\''" : std::string(1, c);
    }
    return quoted + "'";
}

OtherProgram::OtherProgram(const std::vector<std::string>& words, const std::string& log)
{
    constexpr mode_t READ_WRITE = 0666; // Less the user's umask.
    const int descriptor = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, READ_WRITE);
    if (descriptor < 0)
    {
        Refuse(words[0] + ", which would say what it does in " + log, errno);
    }
    try
    {
        m_process = Spawn(words, descriptor, descriptor, true);
    }
    catch (const std::runtime_error&)
    {
        close(descriptor);
        throw;
    }
    close(descriptor);
}

OtherProgram::~OtherProgram()
{
    if (!IsOver())
    {
        kill(-m_process, SIGKILL);
        Await(m_process);
    }
}

bool
OtherProgram::IsOver()
{
    if (m_process > 0 && waitpid(m_process, nullptr, WNOHANG) != 0)
    {
        m_process = -1;
    }
    return m_process < 0;
}

void
OtherProgram::Signal(int signal) const
{
    if (m_process > 0)
    {
        kill(m_process, signal);
    }
}

} // namespace mtlink
} // namespace ns3
