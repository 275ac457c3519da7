/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/message-file.h"

#include "measure/csv.h"
#include "measure/even-sample.h"
#include "measure/result-tables.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <zlib.h>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr size_t LONGEST_ROW{512}; //!< Ten numbers and their commas take less

/** A temporary file, read line by line; compressed or not. */
class LineReader
{
  public:
    /** @param [in] path The file. */
    explicit LineReader(const std::string& path)
        : m_path(path),
          m_file(gzopen(path.c_str(), "rbe"))
    {
        if (!m_file)
        {
            throw WriteError(path, errno == 0 ? ENOMEM : errno);
        }
    }

    ~LineReader()
    {
        gzclose_r(m_file);
    }

    LineReader(const LineReader&) = delete;
    LineReader& operator=(const LineReader&) = delete;

    /** @param [out] line The next line, without its end. @return whether there was one. */
    bool Next(std::string_view& line)
    {
        if (!gzgets(m_file, m_line.data(), static_cast<int>(m_line.size())))
        {
            int error = Z_OK;
            gzerror(m_file, &error);
            if (error != Z_OK && error != Z_STREAM_END)
            {
                throw WriteError(m_path, error == Z_ERRNO ? errno : EIO);
            }
            return false;
        }
        line = {m_line.data(), std::strlen(m_line.data()) - 1};
        return true;
    }

  private:
    std::string m_path;                     //!< Its name
    gzFile m_file;                          //!< zlib's own
    std::array<char, LONGEST_ROW> m_line{}; //!< Last line read
};

} // namespace

MessageFile::MessageFile(const std::string& directory, uint64_t mostPlain, uint64_t oneIn)
    : m_directory(directory),
      m_mostPlain(mostPlain),
      m_oneIn(oneIn)
{
    Open(AtomicFile::Format::PLAIN);
}

std::string
MessageFile::GetName() const
{
    return m_format == AtomicFile::Format::GZIP ? "messages.csv.gz" : "messages.csv";
}

void
MessageFile::Open(AtomicFile::Format format)
{
    m_format = format;
    m_file = std::make_unique<AtomicFile>((std::filesystem::path(m_directory) / GetName()).string(),
                                          format);
    CsvWriter out(*m_file);
    WriteMessageNames(out);
    if (m_oneIn > 1)
    {
        out.Text("one_in");
    }
    out.EndRow();
}

void
MessageFile::Write(const MessageResult& row)
{
    ++m_rows;
    m_last = row.id;
    if (m_format != GetFormat())
    {
        Rewrite(GetFormat(), m_oneIn);
    }
    CsvWriter out(*m_file);
    WriteMessageCells(out, row);
    if (m_oneIn > 1)
    {
        out.Unsigned(m_oneIn);
    }
    out.EndRow();
}

void
MessageFile::Thin(uint64_t oneIn)
{
    const uint64_t before = m_oneIn;
    m_oneIn = oneIn;
    m_rows = m_rows == 0 ? 0 : CountSampled(m_last + 1, oneIn);
    Rewrite(GetFormat(), before);
}

void
MessageFile::Rewrite(AtomicFile::Format format, uint64_t oneInBefore)
{
    m_file->Close();
    const std::unique_ptr<AtomicFile> old = std::move(m_file);
    LineReader in(old->GetTemporary());
    Open(format);
    const std::string ending = m_oneIn > 1 ? "," + std::to_string(m_oneIn) + "\n" : "\n";
    std::string_view line;
    in.Next(line); // names of the columns
    std::string text;
    while (in.Next(line))
    {
        uint64_t id = 0;
        std::from_chars(line.data(), line.data() + line.size(), id);
        if (IsSampled(id, m_oneIn))
        {
            text = oneInBefore > 1 ? line.substr(0, line.rfind(',')) : line;
            text += ending;
            m_file->Write(text);
        }
    }
}

void
MessageFile::Close()
{
    m_file->Close();
}

void
MessageFile::Commit()
{
    m_file->Commit();
}

} // namespace mtlink
} // namespace ns3
