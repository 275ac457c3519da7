/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CSV_H
#define MTLINK_CSV_H

#include "ns3/mtlink-error.h"
#include "ns3/mtlink-tick.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ns3
{
namespace mtlink
{

class AtomicFile;

/**
 * @ingroup mtlink
 * Writes comma-separated values, quoted where RFC 4180 asks for it, lines ended by a line feed.
 */
class CsvWriter
{
  public:
    /** @param [in,out] file Gets the lines. */
    explicit CsvWriter(AtomicFile& file);

    /** @param [in] text Next cell. */
    void Text(std::string_view text);

    /** @param [in] value Next cell. */
    void Unsigned(uint64_t value);

    /** @param [in] value Next cell; empty if not finite. */
    void Number(double value);

    /** @param [in] share Next cell, a part of one. */
    void Share(double share);

    /** @param [in] tick Next cell, written in nanoseconds; empty if NEVER. */
    void Nanoseconds(Tick tick);

    /** Next cell stays empty. */
    void Empty();

    /** The line ends. */
    void EndRow();

  private:
    /** Comma before a cell. */
    void Separate();

    AtomicFile& m_file; //!< Gets the lines
    std::string m_line; //!< So far
    bool m_first{true}; //!< No cell so far
};

/**
 * @ingroup mtlink
 * A cell of a CSV file that is read, with its place for error messages.
 */
class CsvCell
{
  public:
    /**
     * @param [in] text Its text, unquoted; must outlive the cell.
     * @param [in] where Its place; must outlive the cell.
     * @param [in] column Its column's name; must outlive the cell.
     */
    CsvCell(const std::string& text, const Where& where, const std::string& column)
        : m_text(text),
          m_where(where),
          m_column(column)
    {
    }

    /** @return its text. */
    const std::string& AsText() const
    {
        return m_text;
    }

    /** @return whether nothing is in it. */
    bool IsEmpty() const
    {
        return m_text.empty();
    }

    /** @return its value; anything else than digits is an InputError. */
    uint64_t AsUnsigned() const;

    /** @return its value, which fits 32 bits; anything else is an InputError. */
    uint32_t AsUnsigned32() const;

    /** @return its value; anything else than a finite number is an InputError. */
    double AsNumber() const;

    /**
     * Refuse it unless a condition holds.
     * @param [in] holds The condition.
     * @param [in] wanted What would be right.
     */
    void Expect(bool holds, const std::string& wanted) const
    {
        if (!holds)
        {
            Refuse(wanted);
        }
    }

    /** @return its time, written in nanoseconds, exact; anything else is an InputError. */
    Tick AsNanoseconds() const;

  private:
    /** Refuse it; @param [in] wanted What would be right. */
    [[noreturn]] void Refuse(const std::string& wanted) const;

    const std::string& m_text;   //!< Its text
    const Where& m_where;        //!< Its place
    const std::string& m_column; //!< Its column's name
};

/**
 * @ingroup mtlink
 * Reads comma-separated values with a line of column names first; a .gz file just the same.
 */
class CsvReader
{
  public:
    /** @param [in] path The file; InputError if it can't be read or has no column names. */
    explicit CsvReader(const std::string& path);

    ~CsvReader();

    CsvReader(const CsvReader&) = delete;
    CsvReader& operator=(const CsvReader&) = delete;

    /** @return the names of the columns, in their order. */
    const std::vector<std::string>& GetNames() const
    {
        return m_names;
    }

    /**
     * @param [in] column A column's name.
     * @return its index; InputError if there is none of that name.
     */
    size_t GetColumn(const std::string& column) const;

    /** @return the names of the columns. */
    const std::vector<std::string>& GetColumns() const
    {
        return m_names;
    }

    /** @return the place of this line. */
    const Where& GetWhere() const
    {
        return m_where;
    }

    /** Go to the next line; InputError if it is malformed. @return whether there is one. */
    bool NextRow();

    /**
     * @param [in] column Index of a column.
     * @return its cell in this line, until the next NextRow().
     */
    CsvCell GetCell(size_t column) const
    {
        return {m_cells[column], m_where, m_names[column]};
    }

  private:
    struct Source;

    /** Read a line's cells. @return whether there was a line. */
    bool ReadCells();

    std::unique_ptr<Source> m_source; //!< The open file
    Where m_where;                    //!< First character of this line
    uint64_t m_nextLine{1};           //!< Number of the line that comes next
    std::vector<std::string> m_names; //!< Names of the columns
    std::vector<std::string> m_cells; //!< This line
    size_t m_count{0};                //!< Cells of this line: m_cells keeps its memory
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_CSV_H
