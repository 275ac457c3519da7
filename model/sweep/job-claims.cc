/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep/job-claims.h"

#include "measure/atomic-file.h"
#include "sweep/text-object.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
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
using Clock = std::chrono::steady_clock;

constexpr mode_t READ_WRITE = 0666; //!< Less the user's umask
constexpr auto BEAT = JobClaims::SILENCE / 6;

/** @return the first line of a file; empty if it can't be read. */
std::string
ReadLine(const std::string& path)
{
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

std::string
GetHost()
{
    constexpr std::size_t LONGEST = 256;
    std::string name(LONGEST, '\0');
    gethostname(name.data(), name.size() - 1);
    return name.c_str();
}

/** @return when a process began, in ticks since the machine did; empty: there is none, or dead. */
std::string
GetStart(const std::string& process)
{
    constexpr int BEFORE_START = 18; // fields between the state and the time of start, proc(5)
    const std::string line = ReadLine("/proc/" + process + "/stat");
    const std::size_t end = line.rfind(')'); // of the name, which may hold anything
    if (end == std::string::npos)
    {
        return "";
    }
    std::istringstream fields(line.substr(end + 1));
    std::string field;
    fields >> field;
    if (field == "Z" || field == "X")
    {
        return ""; // it ends, or is not waited for
    }
    for (int i = 0; i <= BEFORE_START; ++i)
    {
        fields >> field;
    }
    return field;
}

/** @return what tells this process from all others anywhere. */
TextObject
DescribeSelf()
{
    std::error_code ignored;
    const std::string process = std::to_string(getpid());
    return {{"host", GetHost()},
            {"boot", ReadLine("/proc/sys/kernel/random/boot_id")},
            {"process_space", fs::read_symlink("/proc/self/ns/pid", ignored).string()},
            {"process", process},
            {"start", GetStart(process)}};
}

/** @return time of change of a file as its server has it now; nothing: there is none. */
std::optional<timespec>
GetChange(const std::string& path)
{
    // Over NFS opening asks the server, and what is only looked at may be a minute old.
    const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
    {
        return std::nullopt;
    }

    struct stat status
    {
    };

    const bool isKnown = fstat(descriptor, &status) == 0;
    close(descriptor);
    return isKnown ? std::optional(status.st_mtim) : std::nullopt;
}

/** @return names of what is in a directory. */
std::vector<std::string>
ListNames(const std::string& directory)
{
    std::vector<std::string> names;
    std::error_code ignored; // others may remove it
    for (const auto& entry : fs::directory_iterator(directory, ignored))
    {
        names.push_back(entry.path().filename().string());
    }
    return names;
}

/** @return whether a file is that of a job; else it is a guard, or temporary. */
bool
IsJob(const std::string& name)
{
    return name.find('.') == std::string::npos;
}

} // namespace

JobClaims::JobClaims(std::string directory)
    : m_directory(std::move(directory)),
      m_self(DescribeSelf()),
      m_beat(Clock::now())
{
}

JobClaims::~JobClaims()
{
    while (!m_held.empty())
    {
        Release(*m_held.begin());
    }
    rmdir(m_directory.c_str()); // if nothing is in it
}

std::string
JobClaims::GetPath(const std::string& job) const
{
    return (fs::path(m_directory) / job).string();
}

bool
JobClaims::Take(const std::string& job)
{
    const std::string path = GetPath(job);
    if (Make(path) || (RemoveDead(path) && Make(path)))
    {
        m_held.insert(job);
        return true;
    }
    return false;
}

bool
JobClaims::Make(const std::string& path)
{
    constexpr int MOST_TRIES = 100;
    int descriptor = -1;
    for (int i = 0; i < MOST_TRIES && descriptor < 0; ++i)
    {
        std::error_code ignored;
        fs::create_directories(m_directory, ignored);
        descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, READ_WRITE);
        if (descriptor < 0 && errno != ENOENT) // else another has removed the empty directory
        {
            break;
        }
    }
    if (descriptor < 0)
    {
        if (errno == EEXIST)
        {
            return false;
        }
        throw WriteError(path, errno);
    }
    const std::string text = FormatTexts(m_self);
    const ssize_t written = write(descriptor, text.data(), text.size());
    const int failed = written == static_cast<ssize_t>(text.size()) ? 0 : ENOSPC;
    if (close(descriptor) != 0 || failed != 0)
    {
        const int error = failed != 0 ? failed : errno;
        unlink(path.c_str());
        throw WriteError(path, error);
    }
    return true;
}

void
JobClaims::Release(const std::string& job)
{
    const std::string path = GetPath(job);
    if (m_held.erase(job) > 0 && ReadTexts(path) == m_self) // else it was taken for dead
    {
        unlink(path.c_str());
    }
}

void
JobClaims::Beat()
{
    if (m_held.empty() || Clock::now() - m_beat < BEAT)
    {
        return;
    }
    m_beat = Clock::now();
    for (const std::string& job : m_held)
    {
        // Without a time: it is the server's clock that counts. It may be gone: see Release().
        utimensat(AT_FDCWD, GetPath(job).c_str(), nullptr, 0);
    }
}

bool
JobClaims::IsFresh(const std::string& path) const
{
    const std::optional<timespec> change = GetChange(path);
    if (!change)
    {
        return false;
    }
    std::optional<timespec> now;
    const std::string clock =
        GetPath(fmt::format(".clock.{}.{}", m_self.at("host"), m_self.at("process")));
    try
    {
        const AtomicFile file(clock);
        now = GetChange(file.GetTemporary());
    }
    catch (const WriteError&) // it was given back, and the directory removed
    {
        return GetChange(path).has_value();
    }
    return !now || now->tv_sec - change->tv_sec < SILENCE.count();
}

bool
JobClaims::IsAlive(const std::string& path, Holder& holder) const
{
    holder = ReadTexts(path);
    bool isHere = !holder["start"].empty();
    for (const char* const place : {"host", "boot", "process_space"})
    {
        isHere = isHere && holder[place] == m_self.at(place);
    }
    return isHere ? GetStart(holder["process"]) == holder["start"] : IsFresh(path);
}

bool
JobClaims::RemoveDead(const std::string& path) const
{
    Holder holder;
    if (IsAlive(path, holder))
    {
        return false;
    }
    // Between seeing that a claim is dead and removing it, another could do the same and make it
    // anew: so only one at a time does it, and looks again.
    const std::string guard = path + ".takeover";
    const int descriptor = open(guard.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, READ_WRITE);
    if (descriptor < 0)
    {
        if (errno == EEXIST && !IsFresh(guard))
        {
            unlink(guard.c_str()); // of one that was killed just there
        }
        return false;
    }
    close(descriptor);
    const bool isDead = !IsAlive(path, holder);
    if (isDead)
    {
        unlink(path.c_str());
    }
    unlink(guard.c_str());
    return isDead;
}

bool
JobClaims::IsClaimed(const std::string& job) const
{
    return GetChange(GetPath(job)).has_value();
}

std::string
JobClaims::DescribeHolder(const std::string& job) const
{
    Holder holder;
    const bool isAlive = IsClaimed(job) && IsAlive(GetPath(job), holder);
    return isAlive ? fmt::format("process {} on {}", holder["process"], holder["host"]) : "";
}

std::size_t
JobClaims::CountOthers() const
{
    const std::vector<std::string> jobs = ListJobs();
    return static_cast<std::size_t>(
        std::count_if(jobs.begin(), jobs.end(), [this](const std::string& job) {
            return !m_held.contains(job);
        }));
}

void
JobClaims::RemoveLeft() const
{
    for (const std::string& job : ListJobs())
    {
        RemoveDead(GetPath(job));
    }
    // Guards and temporary files of programs that were killed beside them.
    for (const std::string& name : ListNames(m_directory))
    {
        if (!IsJob(name) && !IsFresh(GetPath(name)))
        {
            unlink(GetPath(name).c_str());
        }
    }
}

std::vector<std::string>
JobClaims::ListJobs() const
{
    std::vector<std::string> jobs = ListNames(m_directory);
    std::erase_if(jobs, [](const std::string& name) { return !IsJob(name); });
    return jobs;
}

} // namespace mtlink
} // namespace ns3
