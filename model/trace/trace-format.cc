/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace/trace-format.h"

#include "trace/binary-goal-reader.h"
#include "trace/chakra-file.h"
#include "trace/chakra-reader.h"
#include "trace/execution-trace-reader.h"
#include "trace/flight-recorder-reader.h"
#include "trace/foreign-files.h"
#include "trace/goal-reader.h"
#include "trace/kineto-reader.h"
#include "trace/message-csv-reader.h"
#include "trace/nccl-log-reader.h"
#include "trace/simai-reader.h"
#include "trace/trace-input.h"
#include "trace/ub-reader.h"

#include <algorithm>
#include <filesystem>
#include <string_view>

namespace ns3
{
namespace mtlink
{

namespace
{

bool
LooksLikeGoal(const TraceHead& head)
{
    return head.GetText().starts_with("num_ranks");
}

bool
LooksLikeMessageCsv(const TraceHead& head)
{
    const std::string_view line = head.GetLine(0);
    return line.find(',') != std::string_view::npos && IsUtf8(line) && !head.IsJson() &&
           (line.find("start_ns") != std::string_view::npos || line.starts_with("src,") ||
            line.find(",src,") != std::string_view::npos);
}

/** @return whether a name is that of the first rank's file of a Chakra trace. */
bool
IsFirstOfChakra(const std::string& name)
{
    return name.ends_with(".0.et") || name.ends_with(".0.et.gz");
}

bool
LooksLikeChakraTrace(const TraceHead& head)
{
    if (head.IsFolder())
    {
        return std::any_of(head.GetNames().begin(), head.GetNames().end(), IsFirstOfChakra);
    }
    // What is text throughout is no record: a record's tags and lengths are below the blank.
    const bool isText = std::none_of(head.GetBytes().begin(), head.GetBytes().end(), [](char byte) {
        return static_cast<unsigned char>(byte) < ' ' && byte != '\n' && byte != '\r' &&
               byte != '\t' && byte != '\f';
    });
    return LooksLikeChakra(head.GetBytes()) && (!isText || head.GetBytes().size() < 16);
}

/**
 * @param [in] path A Chakra trace's file, or its folder.
 * @return the file; of a folder that of the first rank.
 */
std::string
FindChakraFile(const std::string& path)
{
    const TraceHead head(path);
    if (!head.IsFolder())
    {
        return path;
    }
    std::vector<std::string> firsts;
    for (const std::string& name : head.GetNames())
    {
        if (IsFirstOfChakra(name))
        {
            firsts.push_back((std::filesystem::path(path) / name).string());
        }
    }
    if (firsts.size() > 1)
    {
        throw InputError({path},
                         "the folder has several traces, as " + firsts[0] + " and " + firsts[1] +
                             ": name the file that is meant");
    }
    return firsts.front();
}

OperationGraph
ReadChakraAt(const std::string& path, const TraceOptions& options)
{
    return ReadChakra(FindChakraFile(path), options);
}

TraceSummary
SummariseChakraAt(const std::string& path)
{
    return SummariseChakra(FindChakraFile(path));
}

/**
 * @tparam LOOKS Whether a file is of a format.
 * @param [in] head A file, or a folder.
 * @return whether it is of that format, or one of the folder's files is.
 */
template <bool (*LOOKS)(const TraceHead&)>
bool
IsOrHolds(const TraceHead& head)
{
    if (!head.IsFolder() || LooksLikeChakraTrace(head))
    {
        return !head.IsFolder() && LOOKS(head);
    }
    for (const std::string& name : head.GetNames())
    {
        const std::filesystem::path path = std::filesystem::path(head.GetPath()) / name;
        std::error_code failed;
        const bool isFile =
            std::filesystem::is_regular_file(path, failed) && !name.starts_with(".");
        if (isFile && std::filesystem::file_size(path, failed) > 0 &&
            LOOKS(TraceHead(path.string())))
        {
            return true;
        }
    }
    return false;
}

/** @return the formats that are read. */
std::vector<TraceFormat>
ListReaders()
{
    return {
        {"goal", "a GOAL schedule", LooksLikeGoal, ReadGoal, SummariseGoal, nullptr},
        {"goal-binary",
         "a binary GOAL schedule",
         LooksLikeBinaryGoal,
         ReadBinaryGoal,
         SummariseBinaryGoal,
         nullptr},
        {"simai",
         "a workload of SimAI or ASTRA-sim 1.0",
         LooksLikeSimai,
         ReadSimai,
         SummariseSimai,
         nullptr,
         IsSimaiFolded,
         ListSimaiFolded},
        {"ns3-ub", "a case's folder of ns-3-UB", LooksLikeUbCase, ReadUb, SummariseUb, nullptr},
        {"csv",
         "a CSV of messages",
         LooksLikeMessageCsv,
         ReadMessageCsv,
         SummariseMessageCsv,
         nullptr},
        {"chakra-json",
         "a Chakra trace in JSON",
         LooksLikeChakraJson,
         ReadChakra,
         SummariseChakra,
         nullptr,
         nullptr,
         nullptr,
         nullptr,
         true},
        {"kineto",
         "a trace of PyTorch's profiler (Kineto)",
         IsOrHolds<LooksLikeKineto>,
         ReadKineto,
         SummariseKineto,
         nullptr,
         nullptr,
         nullptr,
         MeasureKineto},
        {"pytorch-et",
         "a PyTorch execution trace",
         IsOrHolds<LooksLikeExecutionTrace>,
         ReadExecutionTrace,
         SummariseExecutionTrace,
         nullptr},
        {"flight-recorder",
         "a dump of PyTorch's flight recorder",
         IsOrHolds<LooksLikeFlightRecorder>,
         ReadFlightRecorder,
         SummariseFlightRecorder,
         nullptr,
         nullptr,
         nullptr,
         MeasureFlightRecorder},
        {"nccl-log",
         "a log of NCCL",
         IsOrHolds<LooksLikeNcclLog>,
         ReadNcclLog,
         SummariseNcclLog,
         nullptr},
        {"chakra",
         "a Chakra trace (NAME.RANK.et)",
         LooksLikeChakraTrace,
         ReadChakraAt,
         SummariseChakraAt,
         nullptr,
         nullptr,
         nullptr,
         nullptr,
         true},
    };
}

/** @return the formats that are read, for messages. */
std::string
ListKnown()
{
    std::string known;
    for (const TraceFormat& format : GetTraceFormats())
    {
        known += format.read ? std::string(known.empty() ? "" : ", ") + format.what : "";
    }
    return known;
}

/**
 * @param [in] head What nothing recognises.
 * @return what it is, as far as that can be seen.
 */
std::string
DescribeUnknown(const TraceHead& head)
{
    if (head.IsFolder())
    {
        return "the folder has no trace: no Chakra trace, of files NAME.0.et, NAME.1.et, ..., and "
               "nothing else that is known by its folder; name a trace's file";
    }
    if (head.IsJson())
    {
        return "this is JSON, but no trace of a known format";
    }
    return "this is no trace of a known format";
}

} // namespace

const std::vector<TraceFormat>&
GetTraceFormats()
{
    static const std::vector<TraceFormat> formats = [] {
        std::vector<TraceFormat> all = ListReaders();
        all.insert(all.end(), GetForeignFiles().begin(), GetForeignFiles().end());
        return all;
    }();
    return formats;
}

const TraceFormat&
FindTraceFormat(const std::string& path)
{
    const TraceHead head(path);
    for (const TraceFormat& format : GetTraceFormats())
    {
        if (!format.recognises(head))
        {
            continue;
        }
        if (!format.read)
        {
            throw InputError({path}, "this is " + std::string(format.what) + ": " + format.advice);
        }
        return format;
    }
    throw InputError({path}, DescribeUnknown(head) + "; what is read: " + ListKnown());
}

} // namespace mtlink
} // namespace ns3
