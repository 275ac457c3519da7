/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FUZZ_H
#define MTLINK_FUZZ_H

/**
 * @file
 * What the fuzz targets share. Each is a program of its own: libFuzzer makes bytes, the target
 * reads them as one kind of input. They may be refused at their place, an InputError; all else that
 * is thrown ends the program, and so do the sanitizers.
 */

#include "ns3/mtlink-error.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

/**
 * @param [in] data Bytes.
 * @param [in] size How many.
 * @return 0: libFuzzer goes on from them.
 */
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size);

/** Read what may be refused. @tparam Read A function. @return 0. */
template <typename Read>
int
TryInput(const Read& read)
{
    try
    {
        read();
    }
    catch (const ns3::mtlink::InputError&)
    {
        // as it should be
    }
    return 0;
}

/** @return bytes as text. */
inline std::string
ToText(const uint8_t* data, std::size_t size)
{
    return {reinterpret_cast<const char*>(data), size};
}

/** A directory of this process, for what is read from files; it goes at the end. */
class InputDirectory
{
  public:
    InputDirectory()
        : m_path(std::filesystem::temp_directory_path() /
                 ("mtlink-fuzz-" + std::to_string(getpid())))
    {
        std::filesystem::create_directories(m_path);
    }

    ~InputDirectory()
    {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }

    InputDirectory(const InputDirectory&) = delete;
    InputDirectory& operator=(const InputDirectory&) = delete;

    /** Write a file. @return its path. */
    std::string Write(const std::string& name, const std::string& bytes) const
    {
        const std::filesystem::path path = m_path / name;
        std::ofstream(path, std::ios::binary)
            .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        return path.string();
    }

    /** @return its path. */
    std::string GetPath() const
    {
        return m_path.string();
    }

  private:
    std::filesystem::path m_path; //!< Where
};

#endif // MTLINK_FUZZ_H
