/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SCRATCH_H
#define MTLINK_SCRATCH_H

#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

/** The base of a small sweep, for which its grid follows. */
inline const std::string BASE = "base:\n"
                                "  fabric: {kind: full_mesh, endpoints: 4}\n"
                                "  workload: {collective: all_reduce, size: 4KiB}\n";

/** A folder for a test, gone at its end. */
class Scratch
{
  public:
    /** @param [in] name Of the test. */
    explicit Scratch(const std::string& name)
        : m_path("sweep-test-" + name + std::to_string(getpid())) // tests run side by side
    {
        std::filesystem::remove_all(m_path);
        std::filesystem::create_directories(m_path);
    }

    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    ~Scratch()
    {
        std::filesystem::remove_all(m_path);
    }

    /** @return path of a file in it that is written. */
    std::string Write(const std::string& name, const std::string& text) const
    {
        std::ofstream(m_path + "/" + name) << text;
        return m_path + "/" + name;
    }

    /** @return path of something in it. */
    std::string At(const std::string& name) const
    {
        return m_path + "/" + name;
    }

  private:
    std::string m_path; //!< Of the folder
};

#endif // MTLINK_SCRATCH_H
