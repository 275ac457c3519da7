/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_MESSAGE_LOG_H
#define MTLINK_MESSAGE_LOG_H

#include "measure/message-file.h"
#include "measure/row-limits.h"

#include "ns3/mtlink-results.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Takes the messages of a run while it goes, and writes their rows to messages.csv as soon as all
 * before them have ended: by start, then workload, then order of sending, which also gives their
 * ids. Holds those rows only that can't be written yet.
 *
 * Where there are more messages than rows allowed, the file has one of every k, k a power of two
 * that doubles as they become too many. Another such sample stays in memory, for timeline and
 * report. What does not fit on the disk does not stop the run: the file is given up, and Close()
 * tells.
 */
class MessageLog
{
  public:
    /**
     * @param [in] directory Of the results, which must be there; empty: no file.
     * @param [in] limits How many rows.
     * @param [in] workloads How many workloads will send.
     */
    MessageLog(const std::string& directory, const RowLimits& limits, uint32_t workloads = 1);

    /**
     * Sample from the start as so many messages ask for, instead of thinning rows out later.
     * @param [in] messages How many will come, about.
     */
    void Expect(uint64_t messages);

    /**
     * A message is handed to the transport.
     * @param [in] row Its row, no earlier in start than those before; without end and id.
     * @param [in] workload Index of its workload.
     * @return its number, for End().
     */
    uint64_t Begin(const MessageResult& row, uint32_t workload = 0);

    /**
     * A message is handed to the transport: count it, unless its row is of use.
     * @return its number, for End(); nothing: Begin() is to be told its row.
     */
    std::optional<uint64_t> LeaveNextOut();

    /**
     * A message is delivered.
     * @param [in] number What Begin() gave.
     * @param [in] end When, ps.
     */
    void End(uint64_t number, Tick end);

    /** Messages were carried of which there are no rows. @param [in] messages How many. */
    void AddUnlisted(uint64_t messages)
    {
        m_unlisted += messages;
    }

    /** @return how many rows. */
    const RowLimits& GetLimits() const
    {
        return m_limits;
    }

    /** The run is over: rows of messages that did not end are written as they are. */
    void Finish();

    /** @return the sample for timeline and report, by id; it is gone from here. */
    std::vector<MessageResult> TakeKept()
    {
        return std::move(m_kept);
    }

    /** @return of how many messages one is in that sample. */
    uint64_t GetKeptOneIn() const
    {
        return m_keptOneIn;
    }

    /** @return how many messages there are, and rows. */
    RowCount GetRows() const;

    /** @return rows that are held since they can't be written yet. */
    size_t GetHeld() const
    {
        return m_held.size() + m_instant.size();
    }

    /** Bring all bytes to the temporary file; WriteError if that fails, or failed before. */
    void Close();

    /** @return the file, closed, to be committed; nullptr: there is none. */
    MessageFile* GetFile() const
    {
        return m_file.get();
    }

  private:
    /** A message of this instant, whose place is not known yet. */
    struct Newcomer
    {
        MessageResult row; //!< Its row
        uint32_t workload; //!< Index of its workload
    };

    /** Give the messages of an instant that is over their ids. */
    void CloseInstant();

    /** Give the next id; @param [in] row To this. */
    void Admit(MessageResult row);

    /** Sample more thinly if there are too many; @param [in] messages So many there are. */
    void Thin(uint64_t messages);

    /** Write the held rows up to the first that has not ended. */
    void WriteEnded();

    /** Write the row of least id, and hold it no more. */
    void WriteFirst();

    /** Hold only those rows that are still of use. */
    void LeaveOut();

    /** Do something with the file, or give it up; @param [in] write What. */
    void Try(const std::function<void()>& write);

    /** @return of how many messages one is of use. */
    uint64_t GetHeldOneIn() const;

    RowLimits m_limits;                             //!< How many rows
    bool m_isOrdered;                               //!< Messages come in order of their ids
    uint64_t m_begun{0};                            //!< Messages so far
    uint64_t m_unlisted{0};                         //!< Messages besides
    uint64_t m_admitted{0};                         //!< Of them, those that have their id
    std::vector<Newcomer> m_instant;                //!< The others, in order of sending
    std::unordered_map<uint64_t, uint64_t> m_moved; //!< Id by number where they differ
    std::deque<MessageResult> m_held;               //!< Rows to be written, by id
    std::unique_ptr<MessageFile> m_file;            //!< Null: none
    std::optional<WriteError> m_failure;            //!< Why there is none any more
    std::vector<MessageResult> m_kept;              //!< Sample in memory
    uint64_t m_keptOneIn{1};                        //!< Of how many messages one is in it
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_MESSAGE_LOG_H
