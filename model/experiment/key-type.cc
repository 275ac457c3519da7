/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/key-type.h"

#include <algorithm>
#include <array>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr std::array FORM_NAMES{"integer",
                                "number",
                                "fraction",
                                "size",
                                "rate",
                                "time",
                                "span",
                                "flops",
                                "length",
                                "boolean",
                                "text",
                                "list",
                                "mapping",
                                "any"};

} // namespace

std::vector<KeyForm>
ParseKeyType(const std::string& type)
{
    const std::string between = " | ";
    std::vector<KeyForm> forms;
    std::size_t begin = 0;
    while (begin < type.size())
    {
        const std::size_t end = std::min(type.find(between, begin), type.size());
        const std::string text = type.substr(begin, end - begin);
        const std::size_t comma = std::min(text.find(", "), text.size());
        KeyForm form;
        form.name = text.substr(0, comma);
        if (std::find(FORM_NAMES.begin(), FORM_NAMES.end(), form.name) == FORM_NAMES.end())
        {
            form.name = "word";
            form.word = text;
        }
        else if (comma < text.size())
        {
            ParseKeyRange(text.substr(comma + 2), form);
        }
        forms.push_back(form);
        begin = end + between.size();
    }
    return forms;
}

void
ParseKeyRange(const std::string& range, KeyForm& form)
{
    const std::string above = "above ";
    const std::string to = " to ";
    const std::size_t more = range.find(" or more");
    form.isAbove = range.starts_with(above);
    if (form.isAbove)
    {
        const std::size_t end = std::min(range.find(to), range.size());
        form.least = range.substr(above.size(), end - above.size());
    }
    else
    {
        form.least = range.substr(0, std::min({range.find(to), more, range.size()}));
    }
    if (const std::size_t middle = range.find(to); middle != std::string::npos)
    {
        form.most = range.substr(middle + to.size());
    }
}

} // namespace mtlink
} // namespace ns3
