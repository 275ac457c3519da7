/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TEXT_TABLE_H
#define MTLINK_TEXT_TABLE_H

#include <string>
#include <vector>

/** A table for the terminal: columns as wide as their widest cell. */
class TextTable
{
  public:
    /** @param [in] cells Of the next row; the first row is the head. */
    void AddRow(std::vector<std::string> cells);

    /** @return the table, lines ended, two blanks between columns. */
    std::string Format() const;

  private:
    std::vector<std::vector<std::string>> m_rows; //!< Cells by row
};

#endif // MTLINK_TEXT_TABLE_H
