/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace/trace-input.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <zlib.h>

namespace ns3
{
namespace mtlink
{

/** zlib reads packed files and, as they are, all others. */
struct TraceInput::File
{
    gzFile handle{nullptr}; //!< The open file

    ~File()
    {
        if (handle)
        {
            gzclose(handle);
        }
    }
};

TraceInput::TraceInput(const std::string& file)
    : m_impl(std::make_unique<File>()),
      m_file(file)
{
    std::error_code error;
    const auto status = std::filesystem::status(file, error);
    if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
    {
        throw InputError({file}, "this is no file; a trace is one");
    }
    m_impl->handle = gzopen(file.c_str(), "rb");
    if (!m_impl->handle)
    {
        throw InputError({file}, std::string("can't open it: ") + std::strerror(errno));
    }
    gzbuffer(m_impl->handle, 1 << 17);
    if (gzdirect(m_impl->handle))
    {
        const auto size = std::filesystem::file_size(file, error);
        if (!error)
        {
            m_size = size;
        }
    }
}

TraceInput::~TraceInput() = default;

std::size_t
TraceInput::Read(char* data, std::size_t bytes)
{
    constexpr std::size_t MOST = 1 << 30; // zlib counts in int
    std::size_t done = 0;
    while (done < bytes)
    {
        const auto want = static_cast<unsigned>(std::min(bytes - done, MOST));
        const int got = gzread(m_impl->handle, data + done, want);
        if (got <= 0)
        {
            int code = Z_OK;
            const char* reason = gzerror(m_impl->handle, &code);
            if (code != Z_OK && code != Z_STREAM_END)
            {
                throw InputError({m_file, 1, m_offset + done + 1},
                                 code == Z_BUF_ERROR
                                     ? std::string("the packed file ends too early")
                                     : "the packed file is damaged: " + std::string(reason));
            }
            break;
        }
        done += static_cast<std::size_t>(got);
    }
    m_offset += done;
    return done;
}

uint64_t
TraceInput::GetOffset() const
{
    return m_offset;
}

std::optional<uint64_t>
TraceInput::GetLeft() const
{
    if (!m_size)
    {
        return std::nullopt;
    }
    return *m_size - std::min(m_offset, *m_size);
}

const std::string&
TraceInput::GetFile() const
{
    return m_file;
}

std::string
ReadText(const std::string& file)
{
    constexpr std::size_t STEP = 1 << 20;
    constexpr std::size_t MOST = std::size_t{2} << 30;
    TraceInput input(file);
    std::string text;
    std::size_t got = STEP;
    while (got == STEP)
    {
        const std::size_t at = text.size();
        if (at >= MOST)
        {
            throw InputError({file}, "a text trace may have 2 GiB, unpacked");
        }
        text.resize(at + STEP);
        got = input.Read(text.data() + at, STEP);
        text.resize(at + got);
    }
    return text;
}

std::optional<uint64_t>
ParseNumber(std::string_view text, uint64_t most)
{
    uint64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (text.empty() || stop != end || error != std::errc() || number > most)
    {
        return std::nullopt;
    }
    return number;
}

bool
IsUtf8(std::string_view text)
{
    for (std::size_t i = 0; i < text.size();)
    {
        const auto byte = [&](std::size_t at) {
            return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
        };
        const unsigned lead = byte(i);
        const unsigned next = byte(i + 1);
        std::size_t length = 1;
        if (lead >= 0x80)
        {
            length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
            // Overlong forms, surrogates and what is beyond U+10FFFF.
            const bool bad = lead < 0xc2 || lead > 0xf4 || (lead == 0xe0 && next < 0xa0) ||
                             (lead == 0xed && next > 0x9f) || (lead == 0xf0 && next < 0x90) ||
                             (lead == 0xf4 && next > 0x8f);
            if (bad)
            {
                return false;
            }
            for (std::size_t k = 1; k < length; ++k)
            {
                if ((byte(i + k) & 0xc0) != 0x80)
                {
                    return false;
                }
            }
        }
        i += length;
    }
    return true;
}

std::string
Quote(std::string_view text)
{
    constexpr std::size_t MOST = 40;
    std::string quoted(text.substr(0, MOST));
    std::replace_if(
        quoted.begin(),
        quoted.end(),
        [](char c) { return c < 0x20 || c == 0x7f; },
        '?');
    return "'" + quoted + (text.size() > MOST ? "...'" : "'");
}

void
FinishGraph(OperationGraph& graph, const std::function<Where(uint32_t)>& place)
{
    try
    {
        graph.Finish();
    }
    catch (const OperationError& error)
    {
        throw InputError(place(error.GetOperation()), error.what());
    }
}

} // namespace mtlink
} // namespace ns3
