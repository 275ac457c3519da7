/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace/tensor-size.h"

#include "trace/trace-input.h"

#include <algorithm>
#include <cctype>
#include <string>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr uint64_t MOST_ELEMENTS = uint64_t{1} << 46; //!< Of a tensor

/** A type, and bytes of one. */
struct ElementType
{
    std::string_view name; //!< Small letters, without blanks
    uint32_t bytes;        //!< Of one
};

/** Names of PyTorch (c10 and Python), C and NCCL. */
constexpr ElementType TYPES[] = {
    {"float", 4},
    {"float32", 4},
    {"double", 8},
    {"float64", 8},
    {"half", 2},
    {"float16", 2},
    {"c10::half", 2},
    {"at::half", 2},
    {"bfloat16", 2},
    {"c10::bfloat16", 2},
    {"at::bfloat16", 2},
    {"int", 4},
    {"int32", 4},
    {"unsignedint", 4},
    {"uint32", 4},
    {"long", 8},
    {"longint", 8},
    {"int64", 8},
    {"unsignedlong", 8},
    {"uint64", 8},
    {"short", 2},
    {"shortint", 2},
    {"int16", 2},
    {"uint16", 2},
    {"char", 1},
    {"signedchar", 1},
    {"int8", 1},
    {"unsignedchar", 1},
    {"byte", 1},
    {"uint8", 1},
    {"bool", 1},
    {"unsignedlongint", 8},
    {"float8_e4m3", 1},
    {"float8_e5m2", 1},
    {"float8e4m3", 1},
    {"float8e5m2", 1},
    {"float8_e4m3fn", 1},
    {"c10::float8_e4m3fn", 1},
    {"c10::float8_e5m2", 1},
    {"c10::complex<float>", 8},
    {"complex64", 8},
    {"complex128", 16},
};

/** @return the elements of a list `[id, storage, offset, elements, bytes, device]` in bytes. */
std::optional<uint64_t>
ReadTensor(std::string_view text)
{
    uint64_t numbers[5] = {};
    std::size_t at = 0;
    for (uint64_t& number : numbers)
    {
        at = std::min(text.find_first_not_of(' ', at), text.size());
        const std::size_t end = text.find(',', at);
        const auto value = end == std::string_view::npos
                               ? std::nullopt
                               : ParseNumber(text.substr(at, end - at), UINT64_MAX);
        if (!value)
        {
            return std::nullopt;
        }
        number = *value;
        at = end + 1;
    }
    if (numbers[3] > MOST_ELEMENTS || numbers[4] > 16)
    {
        return std::nullopt;
    }
    return numbers[3] * numbers[4];
}

} // namespace

uint32_t
GetElementBytes(std::string_view type)
{
    std::string name;
    for (const char c : type)
    {
        if (c != ' ')
        {
            name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        }
    }
    const auto strip = [&name](std::string_view before, std::string_view after) {
        if (name.starts_with(before) && name.ends_with(after))
        {
            name = name.substr(before.size(), name.size() - before.size() - after.size());
        }
    };
    strip("genericlist[", "]");
    name = name.substr(0, std::min(name.find("),"), name.size()));
    strip("tensor(", "");
    strip("", ")");
    strip("torch.", "");
    strip("nccl", "");
    strip("", "_t");
    const auto* const found =
        std::find_if(std::begin(TYPES), std::end(TYPES), [&name](const ElementType& one) {
            return one.name == name;
        });
    return found == std::end(TYPES) ? 0 : found->bytes;
}

std::optional<uint64_t>
SumFirstTensors(std::string_view values)
{
    uint64_t bytes = 0;
    bool isAny = false;
    uint64_t depth = 0;
    std::size_t open = 0; // the innermost list begins
    for (std::size_t at = 0; at < values.size(); ++at)
    {
        const char c = values[at];
        if (c == ',' && depth <= 1)
        {
            break; // the first argument is over
        }
        if (c == '[')
        {
            ++depth;
            open = at + 1;
        }
        else if (c == ']')
        {
            depth -= depth > 0;
            const auto tensor =
                open > 0 ? ReadTensor(values.substr(open, at - open)) : std::nullopt;
            isAny = isAny || tensor;
            bytes += tensor.value_or(0);
            open = 0;
        }
    }
    return isAny ? std::optional(bytes) : std::nullopt;
}

} // namespace mtlink
} // namespace ns3
