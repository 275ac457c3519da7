/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/yaml-mapping.h"

#include "experiment/later.h"
#include "experiment/units.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return how many letters must be put in, taken out, changed or swapped (Damerau 1964). */
std::size_t
EditDistance(const std::string& a, const std::string& b)
{
    std::vector<std::size_t> beforeLast(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i)
    {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j)
        {
            row[j] = std::min(
                {last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
            {
                row[j] = std::min(row[j], beforeLast[j - 2] + 1);
            }
        }
        std::swap(beforeLast, last);
        std::swap(last, row);
    }
    return last[b.size()];
}

/** Call a parser of units.h; its error gets the value's place. */
template <typename Parser>
auto
ParseAt(const YamlNode& node, const std::string& what, Parser parser)
{
    const std::string& text = ReadText(node, what);
    try
    {
        return parser(text);
    }
    catch (const ParameterError& error)
    {
        node.Refuse(error.what());
    }
}

/** @return whether a text is a whole number below zero, as "-4". */
bool
IsNegativeInteger(const std::string& text)
{
    return text.size() > 1 && text.front() == '-' &&
           text.find_first_not_of("0123456789", 1) == std::string::npos &&
           text.find_first_not_of('0', 1) != std::string::npos;
}

} // namespace

YamlMapping::YamlMapping(const YamlNode& node, std::string section)
    : m_node(node),
      m_section(std::move(section))
{
    if (node.kind != YamlNode::MAPPING)
    {
        node.Refuse(fmt::format("{} should be a mapping of keys and values", m_section));
    }
}

const YamlNode*
YamlMapping::Take(const std::string& key)
{
    if (std::find(m_keys.begin(), m_keys.end(), key) == m_keys.end())
    {
        m_keys.push_back(key);
    }
    for (const YamlEntry& entry : m_node.entries)
    {
        if (entry.key != key)
        {
            continue;
        }
        if (entry.value.kind == YamlNode::NOTHING)
        {
            // The parser's place of nothing is that of whatever comes next.
            throw InputError({entry.value.GetWhere().file, entry.line, entry.column},
                             fmt::format("'{}' has no value: give one, or leave the key out", key));
        }
        return &entry.value;
    }
    return nullptr;
}

const YamlNode&
YamlMapping::Need(const std::string& key, const std::string& example)
{
    const YamlNode* value = Take(key);
    if (!value)
    {
        m_node.Refuse(fmt::format("{} lacks the key '{}', as in '{}'", m_section, key, example));
    }
    return *value;
}

void
YamlMapping::Finish() const
{
    for (const YamlEntry& entry : m_node.entries)
    {
        if (std::find(m_keys.begin(), m_keys.end(), entry.key) != m_keys.end())
        {
            continue;
        }
        const Where where{entry.value.GetWhere().file, entry.line, entry.column};
        if (IsLaterKey(m_section, entry.key))
        {
            throw InputError(where,
                             fmt::format("'{}' in {} is not in this version: leave it out",
                                         entry.key,
                                         m_section));
        }
        RefuseUnknown(where,
                      fmt::format("key '{}' in {}", entry.key, m_section),
                      entry.key,
                      m_keys);
    }
}

std::string
DescribeUnknown(const std::string& what,
                const std::string& word,
                const std::vector<std::string>& valid)
{
    const std::string* nearest = nullptr;
    std::size_t least = 0;
    std::string list;
    for (const std::string& candidate : valid)
    {
        const std::size_t distance = EditDistance(word, candidate);
        if (!nearest || distance < least)
        {
            nearest = &candidate;
            least = distance;
        }
        list += (list.empty() ? "" : ", ") + candidate;
    }
    // A suggestion with only half of its letters in common would mislead.
    const bool isNear =
        least <= (std::max<std::size_t>(3, word.size()) - 1) / 2 || word.starts_with(*nearest);
    return isNear ? fmt::format("unknown {}: did you mean '{}'? Valid: {}", what, *nearest, list)
                  : fmt::format("unknown {}; valid: {}", what, list);
}

void
RefuseUnknown(const Where& where,
              const std::string& what,
              const std::string& word,
              const std::vector<std::string>& valid)
{
    throw InputError(where, DescribeUnknown(what, word, valid));
}

const std::string&
ReadText(const YamlNode& node, const std::string& what)
{
    if (node.kind != YamlNode::SCALAR)
    {
        const char* found = node.kind == YamlNode::LIST      ? "a list"
                            : node.kind == YamlNode::MAPPING ? "a mapping"
                                                             : "nothing";
        node.Refuse(fmt::format("{} stands where {} should be", found, what));
    }
    return node.text;
}

uint64_t
ReadInteger(const YamlNode& node, uint64_t min, uint64_t max)
{
    const auto refuse = [&](const std::string& value) {
        node.Refuse(max == std::numeric_limits<uint64_t>::max()
                        ? fmt::format("{} is out of range: give {} or more", value, min)
                        : fmt::format("{} is out of range: give {} to {}", value, min, max));
    };
    const std::string& text = ReadText(node, "a whole number");
    if (IsNegativeInteger(text))
    {
        refuse(text);
    }
    const uint64_t value = ParseAt(node, "a whole number", ParseInteger);
    if (value < min || value > max)
    {
        refuse(std::to_string(value));
    }
    return value;
}

double
ReadNumber(const YamlNode& node, double min, double max)
{
    const double value = ParseAt(node, "a number", ParseNumber);
    if (value < min || value > max)
    {
        node.Refuse(fmt::format("{} is out of range: give {} to {}", value, min, max));
    }
    return value;
}

uint64_t
ReadBytes(const YamlNode& node, uint64_t min)
{
    const uint64_t value = ParseAt(node, "a size", ParseBytes);
    if (value < min)
    {
        node.Refuse(fmt::format("{} is out of range: give {} or more",
                                FormatBytes(value),
                                FormatBytes(min)));
    }
    return value;
}

Tick
ReadTime(const YamlNode& node)
{
    return ParseAt(node, "a time", ParseTime);
}

double
ReadFraction(const YamlNode& node, double most)
{
    double value = 0;
    try
    {
        value = ParseFraction(ReadText(node, "a fraction, as 0.75 or 75 %"));
    }
    catch (const ParameterError& error)
    {
        node.Refuse(error.what());
    }
    if (value < 0 || value > most)
    {
        node.Refuse(fmt::format("{} is out of range: give 0 to {}", node.text, most));
    }
    return value;
}

bool
ReadBoolean(const YamlNode& node)
{
    return ParseAt(node, "true or false", ParseBoolean);
}

std::string
ReadChoice(const YamlNode& node,
           const std::string& section,
           const std::string& key,
           const std::vector<std::string>& valid)
{
    const std::string& word = ReadText(node, "a word");
    if (std::find(valid.begin(), valid.end(), word) != valid.end())
    {
        return word;
    }
    if (IsLaterValue(section, key, word))
    {
        std::string list;
        for (const std::string& candidate : valid)
        {
            list += (list.empty() ? "" : ", ") + candidate;
        }
        node.Refuse(fmt::format("{}: {} is not in this version; valid: {}", key, word, list));
    }
    RefuseUnknown(node.GetWhere(), fmt::format("{} '{}'", key, word), word, valid);
}

} // namespace mtlink
} // namespace ns3
