/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace/pytorch-calls.h"

#include "trace/json-items.h"
#include "trace/trace-input.h"
#include "workload/collective/collective-kind.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <functional>
#include <set>

namespace ns3
{
namespace mtlink
{

namespace
{

/** A name's beginning, and what it is. */
struct Prefix
{
    std::string_view name;   //!< Small letters only
    RecordedCall::Type type; //!< What it is
    const char* collective;  //!< Its name
};

/** Longer ones before those that they begin with. */
constexpr Prefix PREFIXES[] = {
    {"allreduce", RecordedCall::COLLECTIVE, "all_reduce"},
    {"allgather", RecordedCall::COLLECTIVE, "all_gather"},
    {"reducescatter", RecordedCall::COLLECTIVE, "reduce_scatter"},
    {"alltoallv", RecordedCall::COLLECTIVE, "all_to_allv"},
    {"alltoall", RecordedCall::COLLECTIVE, "all_to_all"},
    {"broadcast", RecordedCall::COLLECTIVE, "broadcast"},
    {"reduce", RecordedCall::COLLECTIVE, "reduce"},
    {"gather", RecordedCall::COLLECTIVE, "gather"},
    {"scatter", RecordedCall::COLLECTIVE, "scatter"},
    {"barrier", RecordedCall::COLLECTIVE, "barrier"},
    {"sendrecv", RecordedCall::COLLECTIVE, "all_to_all"}, // the kernel of grouped messages
    {"send", RecordedCall::SEND, nullptr},
    {"recv", RecordedCall::RECEIVE, nullptr},
};

/** A file's name: texts between numbers, and these. */
struct NumberedName
{
    std::string texts;             //!< A '#' for each number
    std::vector<uint64_t> numbers; //!< In order
};

NumberedName
TakeNumbers(const std::string& file)
{
    const std::string name = std::filesystem::path(file).filename().string();
    NumberedName parts;
    for (std::size_t at = 0; at < name.size();)
    {
        const std::size_t end = std::min(name.find_first_not_of("0123456789", at), name.size());
        if (end > at)
        {
            parts.texts += '#';
            parts.numbers.push_back(
                ParseNumber(std::string_view(name).substr(at, end - at), UINT64_MAX)
                    .value_or(UINT64_MAX));
            at = end;
        }
        else
        {
            parts.texts += name[at++];
        }
    }
    return parts;
}

/** @return the number behind "rank" or "worker" in a file's name; 0: there is none. */
uint32_t
GuessRank(std::string_view name)
{
    for (const std::string_view word : {"rank", "worker"})
    {
        const std::size_t at = name.find(word);
        const std::size_t begin =
            at == std::string_view::npos ? at : name.find_first_not_of("_-", at + word.size());
        if (begin != std::string_view::npos)
        {
            const std::string_view rest = name.substr(begin);
            const auto rank =
                ParseNumber(rest.substr(0, rest.find_first_not_of("0123456789")), MOST_RANKS - 1);
            if (rank)
            {
                return static_cast<uint32_t>(*rank);
            }
        }
    }
    return 0;
}

/** @return a list, or one that a text holds. */
nlohmann::json
ToList(const nlohmann::json& value)
{
    nlohmann::json list =
        value.is_string() ? nlohmann::json::parse(value.get<std::string>(), nullptr, false) : value;
    return list.is_array() ? list : nlohmann::json::array();
}

} // namespace

std::optional<NamedCall>
FindNamedCall(std::string_view name)
{
    std::string letters;
    for (const char c : name)
    {
        letters +=
            c == '_'
                ? ""
                : std::string(1, static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
    }
    std::string_view rest = letters;
    for (const std::string_view before : {"nccl:",
                                          "mccl:",
                                          "rccl:",
                                          "c10d::",
                                          "nccldevkernel",
                                          "ncclkernel",
                                          "mccldevkernel",
                                          "mcclkernel",
                                          "rccldevkernel",
                                          "rcclkernel"})
    {
        rest.remove_prefix(rest.starts_with(before) ? before.size() : 0);
    }
    const auto* const found =
        std::find_if(std::begin(PREFIXES), std::end(PREFIXES), [rest](const Prefix& one) {
            return rest.starts_with(one.name);
        });
    if (found == std::end(PREFIXES) || rest == "allreducebarrier")
    {
        return std::nullopt;
    }
    NamedCall call{found->type, found->collective, NONE};
    const std::size_t arrow =
        std::min(rest.find("->"), rest.find("<-")); // of the own and the peer's number
    if (arrow != std::string_view::npos)
    {
        call.peer = static_cast<uint32_t>(
            ParseNumber(rest.substr(arrow + 2), MOST_RANKS - 1).value_or(NONE));
    }
    return call;
}

void
SetSizes(RecordedCall& call, uint64_t in, uint64_t out, uint64_t members)
{
    call.given = in > 0 ? in : out;
    call.bytes = call.given;
    if (call.type != RecordedCall::COLLECTIVE)
    {
        return;
    }
    const CollectiveKind& kind = GetCollectiveKind(call.collective);
    if (kind.payload == Payload::SENDERS_SHARE)
    {
        call.bytes = in > 0 ? in * std::max<uint64_t>(members, 1) : out;
    }
    else if (kind.payload == Payload::RECEIVERS_SHARE)
    {
        const bool isWhole = in > 0 && (out == 0 || in >= out);
        call.bytes = isWhole ? in : out * std::max<uint64_t>(members, 1);
    }
}

void
SetSplits(RecordedCall& call, const nlohmann::json& splits, uint64_t elementBytes)
{
    std::vector<uint64_t> counts;
    for (const auto& item : ToList(splits))
    {
        counts.push_back(ReadWhole(item).value_or(0) * elementBytes);
    }
    const bool isEven =
        std::adjacent_find(counts.begin(), counts.end(), std::not_equal_to<>()) == counts.end();
    call.counts = isEven ? std::vector<uint64_t>{} : counts;
}

std::vector<uint32_t>
ReadRanks(const nlohmann::json& value)
{
    std::vector<uint32_t> ranks;
    for (const auto& item : ToList(value))
    {
        const auto rank = ReadWhole(item);
        if (!rank || *rank >= MOST_RANKS)
        {
            return {};
        }
        ranks.push_back(static_cast<uint32_t>(*rank));
    }
    return ranks;
}

std::vector<std::string>
ListRankFiles(const std::string& path)
{
    std::error_code failed;
    const bool isFolder = std::filesystem::is_directory(path, failed);
    const std::filesystem::path given(path);
    const std::filesystem::path folder = isFolder                  ? given
                                         : given.has_parent_path() ? given.parent_path()
                                                                   : std::filesystem::path(".");
    std::set<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder, failed))
    {
        const std::string name = entry.path().filename().string();
        const bool isAlike = isFolder ? name.ends_with(".json") || name.ends_with(".json.gz")
                                      : TakeNumbers(name).texts == TakeNumbers(path).texts;
        if (entry.is_regular_file(failed) && isAlike && !name.starts_with("."))
        {
            files.insert(isFolder || given.has_parent_path() ? entry.path().string() : name);
        }
    }
    if (!isFolder)
    {
        files.insert(path);
    }
    return {files.begin(), files.end()};
}

std::vector<uint32_t>
GuessRanks(const std::vector<std::string>& files)
{
    if (files.size() == 1)
    {
        return {GuessRank(std::filesystem::path(files.front()).filename().string())};
    }
    std::vector<NumberedName> names;
    names.reserve(files.size());
    for (const std::string& file : files)
    {
        names.push_back(TakeNumbers(file));
    }
    for (std::size_t i = 0; !names.empty() && i < names.front().numbers.size(); ++i)
    {
        std::set<uint64_t> different;
        std::vector<uint32_t> ranks;
        for (const NumberedName& name : names)
        {
            if (i < name.numbers.size() && name.numbers[i] < MOST_RANKS)
            {
                different.insert(name.numbers[i]);
                ranks.push_back(static_cast<uint32_t>(name.numbers[i]));
            }
        }
        if (different.size() == names.size())
        {
            return ranks;
        }
    }
    std::vector<uint32_t> order(files.size());
    for (uint32_t i = 0; i < order.size(); ++i)
    {
        order[i] = i;
    }
    return order;
}

} // namespace mtlink
} // namespace ns3
