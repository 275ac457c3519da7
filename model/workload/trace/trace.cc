/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/trace/trace.h"

#include "workload/trace/chakra-file.h"
#include "workload/trace/chakra-reader.h"
#include "workload/trace/goal-reader.h"
#include "workload/trace/message-csv-reader.h"
#include "workload/trace/trace-input.h"

#include <algorithm>
#include <filesystem>
#include <string_view>

namespace ns3
{
namespace mtlink
{

namespace
{

/** A format that is read. */
enum class Format
{
    CHAKRA,
    GOAL,
    CSV,
};

/**
 * Pass blanks and comments, as GOAL has them.
 * @param [in] text A text.
 * @return the rest.
 */
std::string_view
SkipComments(std::string_view text)
{
    while (true)
    {
        const auto pass = [&text](std::string_view end) {
            const std::size_t at = text.find(end);
            text.remove_prefix(at == std::string_view::npos ? text.size() : at + end.size());
        };
        const std::size_t blanks = std::min(text.find_first_not_of(" \t\r\n"), text.size());
        text.remove_prefix(blanks);
        if (text.starts_with("//") || text.starts_with("#"))
        {
            pass("\n");
        }
        else if (text.starts_with("/*"))
        {
            pass("*/");
        }
        else
        {
            return text;
        }
    }
}

/**
 * @param [in] file A trace's file.
 * @return its format, by content.
 */
Format
FormatOf(const std::string& file)
{
    constexpr std::size_t HEAD = 1 << 16;
    constexpr const char* KNOWN = "; Chakra (NAME.RANK.et), GOAL and CSV of messages are read";
    TraceInput input(file);
    std::string buffer(HEAD, '\0');
    buffer.resize(input.Read(buffer.data(), HEAD));
    if (buffer.empty())
    {
        throw InputError({file}, std::string("the file is empty") + KNOWN);
    }
    const std::string_view text = SkipComments(buffer);
    if (text.starts_with("num_ranks"))
    {
        return Format::GOAL;
    }
    const std::string_view line = text.substr(0, text.find('\n'));
    if (line.find(',') != std::string_view::npos && IsUtf8(line) &&
        (line.find("start_ns") != std::string_view::npos ||
         line.find("src") != std::string_view::npos))
    {
        return Format::CSV;
    }
    if (text.starts_with("{") || text.starts_with("[{"))
    {
        throw InputError({file},
                         std::string("traces in JSON (PyTorch, Kineto) are not in this version") +
                             KNOWN);
    }
    if (LooksLikeChakra(buffer))
    {
        return Format::CHAKRA;
    }
    throw InputError({file}, std::string("this is no trace of a known format") + KNOWN);
}

/**
 * @param [in] path A trace's file, or the folder of a Chakra trace.
 * @return the file; of a folder that of the first rank.
 */
std::string
FindFile(const std::string& path)
{
    std::error_code failed;
    if (!std::filesystem::is_directory(path, failed))
    {
        return path;
    }
    std::vector<std::string> firsts;
    for (const auto& entry : std::filesystem::directory_iterator(path, failed))
    {
        const std::string name = entry.path().filename().string();
        if (name.ends_with(".0.et") || name.ends_with(".0.et.gz"))
        {
            firsts.push_back(entry.path().string());
        }
    }
    std::sort(firsts.begin(), firsts.end());
    if (firsts.empty())
    {
        throw InputError({path},
                         "the folder has no Chakra trace, of files NAME.0.et, NAME.1.et, ...: name "
                         "a trace's file");
    }
    if (firsts.size() > 1)
    {
        throw InputError({path},
                         "the folder has several traces, as " + firsts[0] + " and " + firsts[1] +
                             ": name the file that is meant");
    }
    return firsts.front();
}

} // namespace

OperationGraph
ReadTrace(const std::string& path, const TraceOptions& options)
{
    const std::string file = FindFile(path);
    switch (FormatOf(file))
    {
    case Format::GOAL:
        return ReadGoal(file, options);
    case Format::CSV:
        return ReadMessageCsv(file, options);
    case Format::CHAKRA:
        break;
    }
    return ReadChakra(file, options);
}

TraceSummary
SummariseTrace(const std::string& path)
{
    const std::string file = FindFile(path);
    switch (FormatOf(file))
    {
    case Format::GOAL:
        return SummariseGoal(file);
    case Format::CSV:
        return SummariseMessageCsv(file);
    case Format::CHAKRA:
        break;
    }
    return SummariseChakra(file);
}

} // namespace mtlink
} // namespace ns3
