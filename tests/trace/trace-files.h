/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TEST_TRACE_FILES_H
#define MTLINK_TEST_TRACE_FILES_H

#include "../workload/alpha-beta-transport.h"
#include "trace/trace.h"

#include "ns3/mtlink-error.h"

#include <cstdint>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
#include <zlib.h>

namespace ns3
{
namespace mtlink
{

/** A folder of its own, gone in the end. */
class Folder
{
  public:
    Folder()
    {
        static int count = 0;
        m_path = std::filesystem::temp_directory_path() /
                 ("mtlink-trace-test-" + std::to_string(getpid()) + "-" + std::to_string(count++));
        std::filesystem::create_directories(m_path);
    }

    ~Folder()
    {
        std::filesystem::remove_all(m_path);
    }

    /** Write a file. @return its path. */
    std::string Write(const std::string& name, const std::string& content) const
    {
        std::ofstream(m_path / name, std::ios::binary) << content;
        return m_path / name;
    }

    /** Write a packed file, but only so many of its bytes. @return its path. */
    std::string Pack(const std::string& name,
                     const std::string& content,
                     std::size_t most = std::string::npos) const
    {
        const std::string path = m_path / name;
        gzFile file = gzopen(path.c_str(), "wb");
        gzwrite(file, content.data(), static_cast<unsigned>(content.size()));
        gzclose(file);
        if (most < std::filesystem::file_size(path))
        {
            std::filesystem::resize_file(path, most);
        }
        return path;
    }

  private:
    std::filesystem::path m_path;
};

/** Bytes of a Chakra trace, put together by hand. */
namespace chakra
{

inline std::string
Varint(uint64_t value)
{
    std::string bytes;
    for (; value >= 0x80; value >>= 7)
    {
        bytes += static_cast<char>(value | 0x80);
    }
    return bytes + static_cast<char>(value);
}

inline std::string
Number(uint32_t field, uint64_t value)
{
    return Varint(field << 3) + Varint(value);
}

inline std::string
Text(uint32_t field, const std::string& value)
{
    return Varint(field << 3 | 2) + Varint(value.size()) + value;
}

/** A fixed-width number. */
inline std::string
Fixed(uint32_t field, uint64_t value, unsigned bytes)
{
    std::string text = Varint(field << 3 | (bytes == 8 ? 1 : 5));
    for (unsigned i = 0; i < bytes; ++i)
    {
        text += static_cast<char>(value >> (8 * i));
    }
    return text;
}

inline std::string
Attached(const std::string& name, const std::string& value)
{
    return Text(10, Text(1, name) + value);
}

/** An attribute of type int64. */
inline std::string
Int(const std::string& name, uint64_t value)
{
    return Attached(name, Number(9, value));
}

inline std::string
Record(const std::string& message)
{
    return Varint(message.size()) + message;
}

inline const std::string METADATA = Record(Text(1, "0.0.4"));

inline std::string
Node(uint64_t id, uint32_t type, const std::string& rest = "")
{
    return Record(Number(1, id) + Text(2, "n") + Number(3, type) + rest);
}

inline std::string
Collective(uint64_t id, uint64_t type, uint64_t bytes, const std::string& rest = "")
{
    return Node(id, 7, Int("comm_type", type) + Int("comm_size", bytes) + rest);
}

inline std::string
After(uint64_t id)
{
    return Number(5, id);
}

} // namespace chakra

/** @return the message with which a trace is refused, from the file's name on. */
inline std::string
RefusalOf(const std::string& file, const TraceOptions& options = {})
{
    try
    {
        ReadTrace(file, options);
        return "";
    }
    catch (const InputError& error)
    {
        const std::string text = error.what();
        return text.substr(text.rfind('/', text.find(": error:")) + 1);
    }
}

inline bool
Contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

/** @return the time of a trace. */
inline Tick
TimeOf(const OperationGraph& graph, Tick alpha, Tick beta)
{
    const Replay replay(graph, alpha, beta);
    REQUIRE(replay.replayer.IsComplete());
    return replay.replayer.GetSpan().second;
}

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TEST_TRACE_FILES_H
