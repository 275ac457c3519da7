/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/csv-table.h"

#include "measure/csv.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace ns3
{
namespace mtlink
{

CsvTable
ReadCsvTable(const std::string& path)
{
    CsvReader in(path);
    CsvTable table;
    table.path = path;
    table.names = in.GetNames();
    while (in.NextRow())
    {
        auto& row = table.rows.emplace_back();
        for (std::size_t i = 0; i < table.names.size(); ++i)
        {
            row.push_back(in.GetCell(i).AsText());
        }
    }
    return table;
}

std::size_t
FindColumn(const CsvTable& table, const std::string& name)
{
    const auto column = std::find(table.names.begin(), table.names.end(), name);
    if (column == table.names.end())
    {
        throw InputError({table.path}, "there is no column " + name);
    }
    return static_cast<std::size_t>(column - table.names.begin());
}

std::optional<double>
NumberOfCell(const std::string& text)
{
    double value = 0;
    const char* end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, value);
    return result.ec == std::errc{} && result.ptr == end && std::isfinite(value)
               ? std::optional(value)
               : std::nullopt;
}

} // namespace mtlink
} // namespace ns3
