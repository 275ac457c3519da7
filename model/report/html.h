/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_HTML_H
#define MTLINK_HTML_H

#include <string>
#include <string_view>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * @param [in] text Any text.
 * @return the same as it may stand in HTML, between tags and in quoted attributes: characters
 * that are not allowed there at all are replaced.
 */
std::string EscapeHtml(std::string_view text);

/**
 * @ingroup mtlink
 * @param [in] summary What is said while it is folded, HTML.
 * @param [in] content What it holds, HTML.
 * @param [in] isOpen Unfolded to begin with.
 * @return a part of the page that unfolds, HTML.
 */
std::string Details(const std::string& summary, const std::string& content, bool isOpen = false);

/**
 * @ingroup mtlink
 * A table for people: with a caption, its first column as the rows' headings, and in a box of
 * its own that scrolls where it is too wide. All texts are HTML: escape what comes from outside.
 */
class HtmlTable
{
  public:
    /** @param [in] caption Its caption. */
    explicit HtmlTable(std::string caption);

    /**
     * Add a heading over several columns, above those of the columns.
     * @param [in] heading What it says; may be empty.
     * @param [in] columns How many columns.
     */
    void AddGroup(const std::string& heading, size_t columns);

    /**
     * Add a column.
     * @param [in] heading What it says.
     * @param [in] isNumber Aligned to the right.
     */
    void AddColumn(const std::string& heading, bool isNumber = true);

    /** @param [in] cells One per column. */
    void AddRow(const std::vector<std::string>& cells);

    /** @param [in] note Said below the table. */
    void SetNote(const std::string& note);

    /** @return the HTML. */
    std::string Finish() const;

  private:
    std::string m_caption;        //!< Its caption
    std::string m_groups;         //!< Cells of the upper row of headings
    std::string m_columns;        //!< Cells of the lower row of headings
    std::vector<bool> m_isNumber; //!< Per column
    std::string m_rows;           //!< Rows so far
    std::string m_note;           //!< Said below
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_HTML_H
