/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/set-options.h"

#include <string_view>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr std::string_view BETWEEN = " --set ";

} // namespace

std::string
JoinSettings(const std::vector<std::string>& settings)
{
    std::string change;
    for (const std::string& setting : settings)
    {
        if (!setting.empty())
        {
            change += (change.empty() ? "" : std::string(BETWEEN)) + setting;
        }
    }
    return change;
}

std::vector<std::string>
SplitSettings(const std::string& change)
{
    std::vector<std::string> settings;
    std::size_t begin = 0;
    for (std::size_t end = 0; end != std::string::npos; begin = end + BETWEEN.size())
    {
        end = change.find(BETWEEN, begin);
        settings.push_back(change.substr(begin, end - begin));
    }
    return settings;
}

std::string
SetOptionsText(const std::string& change)
{
    std::string text;
    for (const std::string& setting : SplitSettings(change))
    {
        const bool isPlain = setting.find_first_of(" {}[]*$&;'") == std::string::npos;
        text += (text.empty() ? "--set " : " --set ") + (isPlain ? setting : "'" + setting + "'");
    }
    return text;
}

} // namespace mtlink
} // namespace ns3
