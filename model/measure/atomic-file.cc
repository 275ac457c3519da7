/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/atomic-file.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <new>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <zlib.h>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr size_t BUFFER_BYTES{1 << 16};    //!< Written at once
constexpr std::string_view ENDING{".tmp"}; //!< Of a temporary name

} // namespace

/** State of zlib. */
struct AtomicFile::Deflater
{
    Deflater()
    {
        // Level 3: these tables shrink nearly as well as at 6, in a third of the time.
        constexpr int LEVEL = 3;
        constexpr int GZIP_WINDOW = 15 + 16;
        constexpr int MEMORY = 8;
        if (deflateInit2(&stream, LEVEL, Z_DEFLATED, GZIP_WINDOW, MEMORY, Z_DEFAULT_STRATEGY) !=
            Z_OK)
        {
            throw std::bad_alloc();
        }
    }

    ~Deflater()
    {
        deflateEnd(&stream);
    }

    Deflater(const Deflater&) = delete;
    Deflater& operator=(const Deflater&) = delete;

    z_stream stream{}; //!< zlib's own
};

WriteError::WriteError(const std::string& path, int error)
    : std::runtime_error("cannot write " + path + ": " + std::generic_category().message(error))
{
}

AtomicFile::AtomicFile(std::string path, Format format)
    : m_path(std::move(path)),
      m_deflater(format == Format::GZIP ? std::make_unique<Deflater>() : nullptr)
{
    Open();
    m_buffer.reserve(BUFFER_BYTES);
}

AtomicFile::~AtomicFile()
{
    if (m_descriptor >= 0)
    {
        close(m_descriptor);
    }
    if (!m_committed)
    {
        unlink(m_temporary.c_str());
    }
}

std::string
AtomicFile::GetFinalName(const std::string& name)
{
    if (!name.ends_with(ENDING))
    {
        return "";
    }
    const std::string stem = name.substr(0, name.size() - ENDING.size());
    const std::size_t dot = stem.find_last_not_of("0123456789");
    const bool isNumbered = dot != std::string::npos && stem[dot] == '.' && dot + 1 < stem.size();
    return isNumbered ? stem.substr(0, dot) : stem;
}

void
AtomicFile::Open()
{
    constexpr mode_t READ_WRITE = 0666; // Less the user's umask.
    constexpr int MOST = 10'000;        // More are no accident.
    for (int number = 1; m_descriptor < 0; ++number)
    {
        m_temporary = m_path + "." + std::to_string(number) + std::string(ENDING);
        m_descriptor =
            open(m_temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, READ_WRITE);
        if (m_descriptor < 0 && (errno != EEXIST || number == MOST))
        {
            throw WriteError(m_path, errno);
        }
    }
}

void
AtomicFile::Write(std::string_view text)
{
    m_buffer += text;
    if (m_buffer.size() >= BUFFER_BYTES)
    {
        Flush();
    }
}

void
AtomicFile::Flush()
{
    if (m_deflater)
    {
        Deflate(Z_NO_FLUSH);
    }
    else
    {
        WriteOut(m_buffer);
    }
    m_buffer.clear();
}

void
AtomicFile::Deflate(int flush)
{
    auto& stream = m_deflater->stream;
    std::array<char, BUFFER_BYTES> out;
    stream.next_in = reinterpret_cast<Bytef*>(m_buffer.data());
    stream.avail_in = static_cast<uInt>(m_buffer.size());
    do
    {
        stream.next_out = reinterpret_cast<Bytef*>(out.data());
        stream.avail_out = out.size();
        deflate(&stream, flush);
        WriteOut({out.data(), out.size() - stream.avail_out});
    } while (stream.avail_out == 0);
}

void
AtomicFile::WriteOut(std::string_view bytes)
{
    while (!bytes.empty())
    {
        const ssize_t written = write(m_descriptor, bytes.data(), bytes.size());
        if (written >= 0)
        {
            bytes.remove_prefix(static_cast<size_t>(written));
        }
        else if (errno != EINTR)
        {
            throw WriteError(m_path, errno);
        }
    }
}

void
AtomicFile::Close()
{
    if (m_descriptor < 0)
    {
        return;
    }
    Flush();
    if (m_deflater)
    {
        Deflate(Z_FINISH);
    }
    // Some file systems tell of a full disk only here.
    const int descriptor = m_descriptor;
    m_descriptor = -1;
    if (close(descriptor) != 0)
    {
        throw WriteError(m_path, errno);
    }
}

void
AtomicFile::Commit()
{
    Close();
    if (std::rename(m_temporary.c_str(), m_path.c_str()) != 0)
    {
        throw WriteError(m_path, errno);
    }
    m_committed = true;
}

} // namespace mtlink
} // namespace ns3
