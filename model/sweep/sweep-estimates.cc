/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep/sweep-estimates.h"

#include "experiment/run.h"
#include "measure/atomic-file.h"
#include "sweep/content-hash.h"
#include "sweep/text-object.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <optional>
#include <system_error>
#include <unistd.h>

namespace ns3
{
namespace mtlink
{

namespace
{

namespace fs = std::filesystem;

/** Longest estimate, microseconds: 30 years, so that sums of any number of them can be told. */
constexpr double LONGEST = 1e15;

/** @return the file of these very points. */
std::string
GetPath(const Sweep& sweep, const std::string& directory)
{
    ContentHash hash;
    for (const SweepPoint& point : sweep.points)
    {
        hash.Add(point.content);
    }
    return (fs::path(directory) / "estimates" / (hash.Get() + ".json")).string();
}

/** @return the estimate of a point; 0: it is refused. */
uint64_t
EstimatePoint(const Sweep& sweep, const SweepPoint& point)
{
    try
    {
        const double seconds =
            point.refused.empty() ? EstimateRunSeconds(ReadPoint(sweep, point)) : 0;
        return static_cast<uint64_t>(std::llround(std::min(seconds * 1e6, LONGEST)));
    }
    catch (const InputError&)
    {
        return 0; // who runs it tells why
    }
}

/** @return estimates by point; nothing: they are not all there. */
std::optional<std::vector<uint64_t>>
ReadEstimates(const Sweep& sweep, const std::string& path)
{
    const TextObject texts = ReadTexts(path);
    std::vector<uint64_t> estimates;
    for (const SweepPoint& point : sweep.points)
    {
        const auto found = texts.find(point.content);
        uint64_t value = 0;
        if (!point.content.empty())
        {
            if (found == texts.end())
            {
                return std::nullopt;
            }
            const std::string& text = found->second;
            std::from_chars(text.data(), text.data() + text.size(), value);
        }
        estimates.push_back(value);
    }
    return estimates;
}

} // namespace

bool
HasEstimates(const Sweep& sweep, const std::string& directory)
{
    return ReadEstimates(sweep, GetPath(sweep, directory)).has_value();
}

std::vector<uint64_t>
EstimatePoints(const Sweep& sweep,
               const std::string& directory,
               const volatile std::sig_atomic_t* interrupt)
{
    const std::string path = GetPath(sweep, directory);
    if (auto known = ReadEstimates(sweep, path))
    {
        return *known;
    }
    TextObject texts;
    for (const SweepPoint& point : sweep.points)
    {
        if (interrupt && *interrupt != 0)
        {
            return {};
        }
        if (!point.content.empty() && !texts.contains(point.content))
        {
            texts[point.content] = std::to_string(EstimatePoint(sweep, point));
        }
    }
    std::error_code failed;
    fs::create_directories(fs::path(path).parent_path(), failed);
    if (failed)
    {
        throw WriteError(path, failed.value());
    }
    AtomicFile file(path);
    file.Write(FormatTexts(texts));
    file.Close();
    // Whoever comes second takes what the first has written.
    if (link(file.GetTemporary().c_str(), path.c_str()) != 0 && errno != EEXIST)
    {
        file.Commit(); // a file system without links
    }
    const auto written = ReadEstimates(sweep, path);
    if (!written)
    {
        throw WriteError(path, EIO);
    }
    return *written;
}

} // namespace mtlink
} // namespace ns3
