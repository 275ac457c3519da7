/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "text-table.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace
{

/** @return columns that UTF-8 text takes on a terminal: one per character. */
std::size_t
GetWidth(const std::string& text)
{
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }));
}

} // namespace

void
TextTable::AddRow(std::vector<std::string> cells)
{
    m_rows.push_back(std::move(cells));
}

std::string
TextTable::Format() const
{
    std::vector<std::size_t> widths;
    for (const auto& row : m_rows)
    {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i)
        {
            widths[i] = std::max(widths[i], GetWidth(row[i]));
        }
    }
    std::string text;
    for (const auto& row : m_rows)
    {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i)
        {
            line += row[i];
            if (i + 1 < row.size())
            {
                line.append(widths[i] - GetWidth(row[i]) + 2, ' ');
            }
        }
        text += line + "\n";
    }
    return text;
}
