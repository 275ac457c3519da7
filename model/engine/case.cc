/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "engine/case.h"

#include <cctype>

namespace ns3
{
namespace mtlink
{

std::string
ToSnakeCase(const std::string& name)
{
    std::string key;
    for (const char c : name)
    {
        const auto letter = static_cast<unsigned char>(c);
        if (std::isupper(letter) && !key.empty())
        {
            key += '_';
        }
        key += static_cast<char>(std::tolower(letter));
    }
    return key;
}

std::string
ToCamelCase(const std::string& key)
{
    std::string name;
    bool begins = true;
    for (const char c : key)
    {
        if (c == '_')
        {
            begins = true;
            continue;
        }
        name += begins ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
        begins = false;
    }
    return name;
}

} // namespace mtlink
} // namespace ns3
