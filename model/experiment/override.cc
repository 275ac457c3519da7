/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/override.h"

#include "experiment/fabric-loader.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return whether a value is the path of a YAML file. */
bool
IsFile(const YamlNode& node)
{
    return node.kind == YamlNode::SCALAR &&
           (node.text.ends_with(".yaml") || node.text.ends_with(".yml"));
}

} // namespace

std::string
GetOverrideKey(const Override& override)
{
    const std::size_t equals = override.text.find('=');
    return equals == std::string::npos ? "" : override.text.substr(0, equals);
}

Setting
ParseOverride(const Override& override)
{
    // Other options hold a key that their user has not written.
    const std::string key = GetOverrideKey(override);
    const bool isWritten = override.option == "--set";
    const std::string value = key.empty() ? "" : override.text.substr(key.size() + 1);
    const YamlSource source{override.option + " " + (isWritten ? override.text : value), ""};
    if (key.empty())
    {
        throw InputError({source.name, 1, 1},
                         "no KEY=VALUE: give one, as fabric.switch.buffer=64KiB");
    }
    // Blanks in the key's place keep the value's columns true. Parsed before anything is made to be
    // returned: GCC 12 destroys parts of an aggregate twice where a later part throws.
    YamlNode parsed =
        ParseYaml((isWritten ? std::string(key.size() + 1, ' ') : "") + value, source);
    return {key, {source.name, 1, 1}, std::move(parsed)};
}

void
ApplySetting(YamlNode& document, const Setting& setting)
{
    const std::string& key = setting.key;
    YamlNode* node = &document;
    std::size_t begin = 0;
    while (true)
    {
        const std::size_t end = std::min(key.find('.', begin), key.size());
        const std::string part = key.substr(begin, end - begin);
        const Where where{setting.where.file, setting.where.line, setting.where.column + begin};
        const bool isLast = end == key.size();
        if (part.empty())
        {
            throw InputError(where, "an empty key: give one between the dots");
        }
        if (node->kind == YamlNode::LIST)
        {
            std::size_t index = 0;
            const auto [rest, error] =
                std::from_chars(part.data(), part.data() + part.size(), index);
            if (error != std::errc() || rest != part.data() + part.size() ||
                index >= node->items.size())
            {
                throw InputError(where,
                                 fmt::format("'{}' is no index of this list of {}: give 0 to {}",
                                             part,
                                             node->items.size(),
                                             node->items.size() - 1));
            }
            node = &node->items[index];
            if (isLast)
            {
                *node = setting.value;
                return;
            }
        }
        else if (node->kind == YamlNode::MAPPING)
        {
            if (isLast)
            {
                YamlNode upper = MakeYaml(YamlNode::MAPPING);
                upper.entries.push_back({part,
                                         static_cast<uint32_t>(where.line),
                                         static_cast<uint32_t>(where.column),
                                         setting.value});
                node->Erase(part); // a mapping is replaced, not merged
                MergeYaml(*node, upper);
                return;
            }
            YamlNode* next = node->Find(part);
            if (!next)
            {
                YamlNode made = MakeYaml(YamlNode::MAPPING);
                made.source = setting.value.source;
                made.line = static_cast<uint32_t>(where.line);
                made.column = static_cast<uint32_t>(where.column);
                node->Set(part, std::move(made));
                next = node->Find(part);
            }
            node = next;
        }
        else if (IsFile(*node))
        {
            // A model, device or training from a file, with something changed.
            YamlNode extended = MakeYaml(YamlNode::MAPPING);
            extended.source = node->source;
            extended.line = node->line;
            extended.column = node->column;
            extended.Set("extends", *node);
            *node = std::move(extended);
            continue;
        }
        else
        {
            throw InputError(where,
                             fmt::format("'{}' can't be below '{}', which is a single value",
                                         part,
                                         key.substr(0, begin - 1)));
        }
        begin = end + 1;
    }
}

} // namespace mtlink
} // namespace ns3
