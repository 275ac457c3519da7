/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_OTHER_PROGRAM_H
#define MTLINK_OTHER_PROGRAM_H

#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink
 * What a program has said. */
struct ProgramAnswer
{
    int status{0};      //!< Its exit status; 128 and the signal that ended it
    std::string output; //!< Its standard output
    std::string errors; //!< Its standard error, without the end of the last line
};

/**
 * @ingroup mtlink
 * @param [in] name Of a program.
 * @return whether it is found in PATH.
 */
bool HasProgram(const std::string& name);

/**
 * @ingroup mtlink
 * Run a program to its end.
 * @param [in] words Its name and arguments.
 * @return what it said.
 * @throws std::runtime_error if it can't be started.
 */
ProgramAnswer AskProgram(const std::vector<std::string>& words);

/**
 * @ingroup mtlink
 * @param [in] text Words as in a shell: in quotes, or with backslashes, where they have blanks.
 * @return the words; nothing else of a shell is known.
 * @throws std::invalid_argument for a quote that has no end.
 */
std::vector<std::string> SplitWords(const std::string& text);

/**
 * @ingroup mtlink
 * @param [in] line A line of a table.
 * @param [in] between What is between its cells.
 * @return the cells.
 */
std::vector<std::string> SplitCells(const std::string& line, char between);

/**
 * @ingroup mtlink
 * @param [in] text Anything.
 * @return the number that it is, all of it; nothing: it is none.
 */
std::optional<uint32_t> ReadNumber(const std::string& text);

/**
 * @ingroup mtlink
 * @param [in] text Anything.
 * @return it as one word of a shell.
 */
std::string QuoteWord(const std::string& text);

/**
 * @ingroup mtlink
 * A program that goes on beside this one, in a group of processes of its own: Ctrl-C does not reach
 * it. It gets SIGTERM when this one is killed.
 */
class OtherProgram
{
  public:
    /**
     * Start it.
     * @param [in] words Its name and arguments.
     * @param [in] log File that gets what it says.
     * @throws std::runtime_error if it can't be started.
     */
    OtherProgram(const std::vector<std::string>& words, const std::string& log);

    /** Kills it, if it is still there. */
    ~OtherProgram();

    OtherProgram(const OtherProgram&) = delete;
    OtherProgram& operator=(const OtherProgram&) = delete;

    /** @return whether it has ended. */
    bool IsOver();

    /** @return its number; -1: it has ended. */
    pid_t GetProcess() const
    {
        return m_process;
    }

    /** Send it a signal; @param [in] signal Which. */
    void Signal(int signal) const;

  private:
    pid_t m_process{-1}; //!< -1: it has ended
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_OTHER_PROGRAM_H
