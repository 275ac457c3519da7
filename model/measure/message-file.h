/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_MESSAGE_FILE_H
#define MTLINK_MESSAGE_FILE_H

#include "measure/atomic-file.h"

#include "ns3/mtlink-results.h"

#include <cstdint>
#include <memory>
#include <string>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * messages.csv, written row by row: a sample of one in so many, which may become fewer while it is
 * written. Where it has every message it says nothing of it; else a last column,
 * `one_in`, does. Compressed, as messages.csv.gz, where it has many rows. It has a temporary name
 * until it is committed. Every failure throws WriteError.
 */
class MessageFile
{
  public:
    /**
     * @param [in] directory Where.
     * @param [in] mostPlain Beyond so many rows it is compressed.
     * @param [in] oneIn Of how many messages one is written.
     */
    MessageFile(const std::string& directory, uint64_t mostPlain, uint64_t oneIn);

    /** @param [in] row Next row of the sample, in order of ids. */
    void Write(const MessageResult& row);

    /**
     * Leave out rows, those written before included.
     * @param [in] oneIn Of how many messages one stays, a multiple of what it was.
     */
    void Thin(uint64_t oneIn);

    /** There will be no more rows: bring all bytes to the temporary file. */
    void Close();

    /** Close, and give the file its name. */
    void Commit();

    /** @return of how many messages one is written. */
    uint64_t GetOneIn() const
    {
        return m_oneIn;
    }

    /** @return rows so far. */
    uint64_t GetRows() const
    {
        return m_rows;
    }

    /** @return its name in the end, as it is now, without the directory. */
    std::string GetName() const;

  private:
    /** Open the next temporary file and write the names of the columns. */
    void Open(AtomicFile::Format format);

    /** Write all rows again, those of the sample. */
    void Rewrite(AtomicFile::Format format, uint64_t oneInBefore);

    /** @return the format for the rows that there are. */
    AtomicFile::Format GetFormat() const
    {
        return m_rows > m_mostPlain ? AtomicFile::Format::GZIP : AtomicFile::Format::PLAIN;
    }

    std::string m_directory;            //!< Where
    uint64_t m_mostPlain;               //!< Beyond so many rows it is compressed
    uint64_t m_oneIn;                   //!< Of how many messages one is written
    uint64_t m_rows{0};                 //!< So far
    uint64_t m_last{0};                 //!< Id of the last one
    AtomicFile::Format m_format{};      //!< Of the file as it is now
    std::unique_ptr<AtomicFile> m_file; //!< The file as it is now
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_MESSAGE_FILE_H
