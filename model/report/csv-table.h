/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CSV_TABLE_H
#define MTLINK_CSV_TABLE_H

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A table of many runs, read whole: of a sweep or of designs.
 */
struct CsvTable
{
    std::string path;                           //!< Its file
    std::vector<std::string> names;             //!< Of its columns
    std::vector<std::vector<std::string>> rows; //!< Cells
};

/**
 * @ingroup mtlink
 * @param [in] path A table; InputError if it can't be read.
 * @return what is in it.
 */
CsvTable ReadCsvTable(const std::string& path);

/**
 * @ingroup mtlink
 * @param [in] table A table.
 * @param [in] name A column's name.
 * @return the column's index; InputError if there is none.
 */
std::size_t FindColumn(const CsvTable& table, const std::string& name);

/**
 * @ingroup mtlink
 * @param [in] text A cell.
 * @return its value, or nothing if it is not a number.
 */
std::optional<double> NumberOfCell(const std::string& text);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_CSV_TABLE_H
