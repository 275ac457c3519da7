/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace/nccl-tests-reader.h"

#include "trace/trace-input.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

namespace ns3
{
namespace mtlink
{

namespace
{

std::vector<std::string_view>
SplitWords(std::string_view line)
{
    std::vector<std::string_view> words;
    for (std::size_t at = line.find_first_not_of(" \t\r"); at != std::string_view::npos;)
    {
        const std::size_t end = std::min(line.find_first_of(" \t\r", at), line.size());
        words.push_back(line.substr(at, end - at));
        at = line.find_first_not_of(" \t\r", end);
    }
    return words;
}

std::optional<double>
ParseReal(std::string_view text)
{
    double value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    const bool isGood = error == std::errc() && stop == end && std::isfinite(value) && value >= 0;
    return isGood ? std::optional(value) : std::nullopt;
}

/** Take the name of the collective from a line that has it. */
void
ReadName(std::string_view line, NcclTestsTable& table)
{
    constexpr std::string_view END = "_perf";
    const std::size_t end = line.find(END);
    if (line.find("Collective test") == std::string_view::npos || end == std::string_view::npos)
    {
        return;
    }
    const std::size_t begin = line.find_last_of(" /\t", end) + 1;
    const std::string_view name = line.substr(begin, end - begin);
    table.collective = name == "alltoall"   ? "all_to_all"
                       : name == "sendrecv" ? "send_recv"
                                            : std::string(name);
}

} // namespace

NcclTestsTable
ReadNcclTests(const std::string& file)
{
    constexpr std::size_t MEASURED = 8; // columns of times
    constexpr std::size_t LEAST = 3;    // size, count, type
    const std::string text = ReadText(file);
    NcclTestsTable table;
    std::string_view rest = text;
    for (uint64_t number = 1; !rest.empty(); ++number)
    {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        const std::vector<std::string_view> words = SplitWords(line);
        ReadName(line, table);
        const auto bytes = words.empty() ? std::nullopt : ParseNumber(words[0], UINT64_MAX);
        if (!bytes)
        {
            continue;
        }
        const std::size_t first = words.size() - std::min(words.size(), MEASURED);
        const auto value = [&](std::size_t column) {
            return first >= LEAST ? ParseReal(words[first + column]) : std::nullopt;
        };
        const auto time = value(0);
        const auto algbw = value(1);
        const auto busbw = value(2);
        if (!time || !algbw || !busbw)
        {
            throw InputError(
                {file, number, line.find_first_not_of(" \t") + 1},
                "this is no row of nccl-tests: size, count, type, redop, root and twice "
                "time, algbw, busbw, #wrong would be right");
        }
        table.rows.push_back({*bytes, *time, *algbw, *busbw});
    }
    if (table.rows.empty())
    {
        throw InputError({file}, "the file has no rows of nccl-tests, which begin with a size");
    }
    return table;
}

} // namespace mtlink
} // namespace ns3
