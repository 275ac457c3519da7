/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/csv.h"

#include "measure/atomic-file.h"
#include "measure/number-text.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <system_error>
#include <zlib.h>

namespace ns3
{
namespace mtlink
{

CsvWriter::CsvWriter(AtomicFile& file)
    : m_file(file)
{
}

void
CsvWriter::Separate()
{
    if (!m_first)
    {
        m_line += ',';
    }
    m_first = false;
}

void
CsvWriter::Text(std::string_view text)
{
    Separate();
    if (text.find_first_of(",\"\r\n") == std::string_view::npos)
    {
        m_line += text;
        return;
    }
    m_line += '"';
    for (const char c : text)
    {
        m_line.append(c == '"' ? 2 : 1, c);
    }
    m_line += '"';
}

void
CsvWriter::Unsigned(uint64_t value)
{
    Separate();
    AppendUnsigned(m_line, value);
}

void
CsvWriter::Number(double value)
{
    Separate();
    if (std::isfinite(value))
    {
        AppendNumber(m_line, value);
    }
}

void
CsvWriter::Share(double share)
{
    Separate();
    if (std::isfinite(share))
    {
        AppendNumber(m_line, RoundShare(share));
    }
}

void
CsvWriter::Nanoseconds(Tick tick)
{
    Separate();
    if (tick != NEVER)
    {
        AppendTick(m_line, tick);
    }
}

void
CsvWriter::Empty()
{
    Separate();
}

void
CsvWriter::EndRow()
{
    m_line += '\n';
    m_file.Write(m_line);
    m_line.clear();
    m_first = true;
}

void
CsvCell::Refuse(const std::string& wanted) const
{
    throw InputError(m_where, "column " + m_column + " has \"" + m_text + "\", expected " + wanted);
}

uint64_t
CsvCell::AsUnsigned() const
{
    uint64_t value = 0;
    const char* end = m_text.data() + m_text.size();
    const auto result = std::from_chars(m_text.data(), end, value);
    if (result.ec != std::errc{} || result.ptr != end)
    {
        Refuse("a whole number");
    }
    return value;
}

uint32_t
CsvCell::AsUnsigned32() const
{
    const uint64_t value = AsUnsigned();
    if (value > UINT32_MAX)
    {
        Refuse("a whole number below 2^32");
    }
    return static_cast<uint32_t>(value);
}

double
CsvCell::AsNumber() const
{
    double value = 0;
    const char* end = m_text.data() + m_text.size();
    const auto result = std::from_chars(m_text.data(), end, value);
    if (result.ec != std::errc{} || result.ptr != end || !std::isfinite(value))
    {
        Refuse("a number");
    }
    return value;
}

Tick
CsvCell::AsNanoseconds() const
{
    // Through text, as a double has not the picoseconds of a long run.
    constexpr size_t DECIMALS = 3;
    const size_t point = std::min(m_text.find('.'), m_text.size());
    const size_t decimals = m_text.size() - std::min(point + 1, m_text.size());
    std::string digits = m_text;
    if (point < digits.size())
    {
        digits.erase(point, 1);
    }
    digits.append(DECIMALS - std::min(decimals, DECIMALS), '0');
    Tick tick = 0;
    const char* end = digits.data() + digits.size();
    const auto result = std::from_chars(digits.data(), end, tick);
    if (decimals > DECIMALS || result.ec != std::errc{} || result.ptr != end || tick < 0)
    {
        Refuse("nanoseconds with at most three decimals");
    }
    return tick;
}

/** The open file: zlib reads plain files as they are. */
struct CsvReader::Source
{
    explicit Source(const std::string& path)
        : file(gzopen(path.c_str(), "rbe"))
    {
        if (!file)
        {
            throw InputError({path},
                             errno == 0 ? "out of memory" : std::generic_category().message(errno));
        }
    }

    ~Source()
    {
        gzclose_r(file);
    }

    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;

    /**
     * @param [in] where Place for an error.
     * @return the next byte, or -1 at the end.
     */
    int Next(const Where& where)
    {
        if (position == filled)
        {
            const int got = gzread(file, buffer.data(), static_cast<unsigned>(buffer.size()));
            int error = Z_OK;
            const char* message = gzerror(file, &error);
            // A compressed file cut short is told by the error only, with a count of 0.
            if (got < 0 || error != Z_OK)
            {
                throw InputError(where,
                                 error == Z_ERRNO
                                     ? std::generic_category().message(errno)
                                     : "the compressed file is damaged or cut short (" +
                                           std::string(message) + ")");
            }
            position = 0;
            filled = static_cast<size_t>(got);
            if (got == 0)
            {
                return -1;
            }
        }
        return static_cast<unsigned char>(buffer[position++]);
    }

    gzFile file;                      //!< zlib's own
    std::array<char, 1 << 16> buffer; //!< Read ahead
    size_t position{0};               //!< Next byte in the buffer
    size_t filled{0};                 //!< Bytes in the buffer
};

CsvReader::CsvReader(const std::string& path)
    : m_source(std::make_unique<Source>(path)),
      m_where{path}
{
    if (!ReadCells())
    {
        throw InputError(m_where, "the file is empty, expected a line of column names");
    }
    m_names.assign(m_cells.begin(), m_cells.begin() + static_cast<std::ptrdiff_t>(m_count));
}

CsvReader::~CsvReader() = default;

size_t
CsvReader::GetColumn(const std::string& column) const
{
    const auto name = std::find(m_names.begin(), m_names.end(), column);
    if (name == m_names.end())
    {
        throw InputError({m_where.file}, "there is no column " + column);
    }
    return static_cast<size_t>(name - m_names.begin());
}

bool
CsvReader::NextRow()
{
    if (!ReadCells())
    {
        return false;
    }
    if (m_count != m_names.size())
    {
        throw InputError(m_where,
                         std::to_string(m_count) + " cells, expected " +
                             std::to_string(m_names.size()) + " as there are column names");
    }
    return true;
}

bool
CsvReader::ReadCells()
{
    m_where.line = m_nextLine;
    m_count = 0;
    bool quoted = false;
    bool closed = false; // A quotation mark was closed in this cell.
    bool any = false;
    const auto open = [this, &closed] {
        closed = false;
        if (m_count == m_cells.size())
        {
            m_cells.emplace_back();
        }
        m_cells[m_count++].clear();
    };
    open();
    for (;;)
    {
        const int c = m_source->Next(m_where);
        if (c < 0)
        {
            if (quoted)
            {
                throw InputError(m_where, "a quotation mark is opened and not closed");
            }
            return any;
        }
        any = true;
        auto& cell = m_cells[m_count - 1];
        m_nextLine += c == '\n';
        if (c == '"')
        {
            // Opened again in the same cell: the two are a quotation mark in the text.
            if (closed && !quoted)
            {
                cell += '"';
            }
            closed = quoted;
            quoted = !quoted;
        }
        else if (quoted || (c != ',' && c != '\n' && c != '\r'))
        {
            cell += static_cast<char>(c);
        }
        else if (c == ',')
        {
            open();
        }
        else if (c == '\n')
        {
            return true;
        }
    }
}

} // namespace mtlink
} // namespace ns3
