/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/html.h"

#include <fmt/format.h>
#include <iterator>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

/**
 * @param [in] text A text.
 * @param [in] at Where in it.
 * @return the length of the well-formed UTF-8 character that starts there; 0: there is none.
 */
size_t
GetCharacterLength(std::string_view text, size_t at)
{
    const auto byte = [text](size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(at);
    const size_t length = lead < 0x80                   ? 1
                          : lead >= 0xc2 && lead < 0xe0 ? 2
                          : lead >= 0xe0 && lead < 0xf0 ? 3
                          : lead >= 0xf0 && lead < 0xf5 ? 4
                                                        : 0;
    if (length == 0 || at + length > text.size())
    {
        return 0;
    }
    for (size_t i = 1; i < length; ++i)
    {
        if ((byte(at + i) & 0xc0) != 0x80)
        {
            return 0;
        }
    }
    return length;
}

} // namespace

std::string
EscapeHtml(std::string_view text)
{
    constexpr const char* REPLACEMENT = "\ufffd";
    std::string html;
    html.reserve(text.size());
    for (size_t i = 0; i < text.size();)
    {
        const size_t length = GetCharacterLength(text, i);
        const auto c = static_cast<unsigned char>(text[i]);
        const bool isControl = (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f;
        if (length == 0 || isControl)
        {
            html += REPLACEMENT;
        }
        else if (c == '&')
        {
            html += "&amp;";
        }
        else if (c == '<')
        {
            html += "&lt;";
        }
        else if (c == '>')
        {
            html += "&gt;";
        }
        else if (c == '"')
        {
            html += "&quot;";
        }
        else if (c == '\'')
        {
            html += "&#39;";
        }
        else
        {
            html += text.substr(i, length);
        }
        i += length == 0 ? 1 : length;
    }
    return html;
}

std::string
Details(const std::string& summary, const std::string& content, bool isOpen)
{
    return fmt::format("<details{}><summary>{}</summary>\n{}</details>\n",
                       isOpen ? " open" : "",
                       summary,
                       content);
}

HtmlTable::HtmlTable(std::string caption)
    : m_caption(std::move(caption))
{
}

void
HtmlTable::AddGroup(const std::string& heading, size_t columns)
{
    m_groups +=
        heading.empty()
            ? fmt::format("<td colspan=\"{}\"></td>", columns)
            : fmt::format("<th scope=\"colgroup\" colspan=\"{}\">{}</th>", columns, heading);
}

void
HtmlTable::AddColumn(const std::string& heading, bool isNumber)
{
    m_columns +=
        fmt::format("<th scope=\"col\"{}>{}</th>", isNumber ? " class=\"n\"" : "", heading);
    m_isNumber.push_back(isNumber);
}

void
HtmlTable::AddRow(const std::vector<std::string>& cells)
{
    m_rows += "<tr>";
    for (size_t i = 0; i < cells.size(); ++i)
    {
        m_rows += fmt::format("<{0}{1}>{2}</{3}>",
                              i == 0 ? "th scope=\"row\"" : "td",
                              m_isNumber[i] ? " class=\"n\"" : "",
                              cells[i],
                              i == 0 ? "th" : "td");
    }
    m_rows += "</tr>\n";
}

void
HtmlTable::SetNote(const std::string& note)
{
    m_note = note;
}

std::string
HtmlTable::Finish() const
{
    // A box that scrolls must be reachable by keyboard.
    std::string html = fmt::format("<div class=\"table\"><div class=\"scroll\" tabindex=\"0\" "
                                   "role=\"group\" aria-label=\"{0}\"><table>\n"
                                   "<caption><span>{0}</span></caption>\n<thead>",
                                   m_caption);
    if (!m_groups.empty())
    {
        html += "<tr>" + m_groups + "</tr>";
    }
    html += "<tr>" + m_columns + "</tr></thead>\n<tbody>\n" + m_rows + "</tbody></table></div>";
    if (!m_note.empty())
    {
        html += "<p class=\"note\">" + m_note + "</p>";
    }
    return html + "</div>\n";
}

} // namespace mtlink
} // namespace ns3
