/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/result-directory.h"

#include "measure/atomic-file.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <stdexcept>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

namespace fs = std::filesystem;

/** @return the file that is locked; it is gone as the directory is free. */
std::string
GetLockFile(const std::string& directory)
{
    return (fs::path(directory) / "mtlink.lock").string();
}

/** @return whether a file still has its name: else who gave it free has removed it meanwhile. */
bool
HasName(int descriptor, const std::string& path)
{
    struct stat own
    {
    };

    struct stat named
    {
    };

    return fstat(descriptor, &own) == 0 && stat(path.c_str(), &named) == 0 &&
           own.st_dev == named.st_dev && own.st_ino == named.st_ino;
}

/** @return a directory and those above it that are not there, upwards. */
std::vector<std::string>
ListMissing(const fs::path& path)
{
    std::vector<std::string> missing;
    std::error_code ignored;
    for (fs::path at = path; !at.empty() && !fs::exists(at, ignored); at = at.parent_path())
    {
        missing.push_back(at.string());
    }
    return missing;
}

[[noreturn]] void
Refuse(const std::string& what, int error)
{
    throw std::runtime_error(what + ": " + std::generic_category().message(error) +
                             "; give another directory with -o");
}

[[noreturn]] void
RefuseTaken(const std::string& directory)
{
    throw std::runtime_error("another mtlink is at work in " + directory +
                             ": let it end, or give another directory with -o");
}

} // namespace

ResultDirectory::ResultDirectory(std::string path, Writers writers)
    : m_path(std::move(path))
{
    if (writers == Writers::NONE)
    {
        return;
    }
    std::error_code failed;
    m_made = ListMissing(m_path);
    fs::create_directories(m_path, failed);
    if (failed)
    {
        Refuse("can't make the directory " + m_path, failed.value());
    }
    writers == Writers::ONE ? Lock() : TryToWrite();
}

ResultDirectory::~ResultDirectory()
{
    // While it is locked: who waits for it sees that it is another file now.
    if (m_lock >= 0)
    {
        unlink(GetLockFile(m_path).c_str());
        close(m_lock);
    }
    std::error_code ignored;
    for (const std::string& made : m_made)
    {
        fs::remove(made, ignored); // an empty one only
    }
}

void
ResultDirectory::Lock()
{
    constexpr mode_t READ_WRITE = 0666; // Less the user's umask.
    const std::string path = GetLockFile(m_path);
    for (;;)
    {
        m_lock = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, READ_WRITE);
        if (m_lock < 0)
        {
            Refuse("cannot write " + path, errno);
        }
        const int error = flock(m_lock, LOCK_EX | LOCK_NB) == 0 ? 0 : errno;
        if (error == 0 && HasName(m_lock, path))
        {
            return;
        }
        close(m_lock);
        if (error == 0)
        {
            continue;
        }
        if (error != EWOULDBLOCK)
        {
            Refuse("can't lock " + path, error);
        }
        RefuseTaken(m_path);
    }
}

void
ResultDirectory::TryToWrite() const
{
    if (IsTaken(m_path))
    {
        RefuseTaken(m_path);
    }
    const std::string path = (fs::path(m_path) / "mtlink.trial").string();
    try
    {
        const AtomicFile trial(path);
    }
    catch (const WriteError& error)
    {
        throw std::runtime_error(std::string(error.what()) + "; give another directory with -o");
    }
}

bool
ResultDirectory::IsTaken(const std::string& path)
{
    const int lock = open(GetLockFile(path).c_str(), O_RDONLY | O_CLOEXEC);
    if (lock < 0)
    {
        return false;
    }
    const bool isTaken = flock(lock, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    close(lock);
    return isTaken;
}

bool
ResultDirectory::IsLeft(const std::string& path)
{
    std::error_code failed;
    const fs::directory_iterator entries(path, failed);
    return fs::exists(GetLockFile(path), failed) ||
           std::any_of(begin(entries), end(entries), [](const fs::directory_entry& entry) {
               return !AtomicFile::GetFinalName(entry.path().filename().string()).empty();
           });
}

void
ResultDirectory::RemoveTemporaries(const std::vector<std::string>& names) const
{
    std::vector<fs::path> left;
    for (const auto& entry : fs::directory_iterator(m_path))
    {
        const std::string name = AtomicFile::GetFinalName(entry.path().filename().string());
        if (std::find(names.begin(), names.end(), name) != names.end() && entry.is_regular_file())
        {
            left.push_back(entry.path());
        }
    }
    for (const fs::path& path : left)
    {
        std::error_code failed;
        fs::remove(path, failed);
        if (failed)
        {
            Refuse("can't remove " + path.string(), failed.value());
        }
    }
}

} // namespace mtlink
} // namespace ns3
