/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace/trace-head.h"

#include "trace/trace-input.h"

#include <algorithm>
#include <filesystem>

namespace ns3
{
namespace mtlink
{

namespace
{

/**
 * Pass blanks and comments, as GOAL has them.
 * @param [in] text A text.
 * @return the rest.
 */
std::string_view
SkipComments(std::string_view text)
{
    while (true)
    {
        const auto pass = [&text](std::string_view end) {
            const std::size_t at = text.find(end);
            text.remove_prefix(at == std::string_view::npos ? text.size() : at + end.size());
        };
        const std::size_t blanks = std::min(text.find_first_not_of(" \t\r\n"), text.size());
        text.remove_prefix(blanks);
        if (text.starts_with("//") || text.starts_with("#"))
        {
            pass("\n");
        }
        else if (text.starts_with("/*"))
        {
            pass("*/");
        }
        else
        {
            return text;
        }
    }
}

/**
 * @param [in] text Text.
 * @param [in] begin Where a string of JSON begins, its quotation mark.
 * @return where it ends, its other quotation mark; or the end of the text.
 */
std::size_t
FindStringEnd(std::string_view text, std::size_t begin)
{
    std::size_t at = begin + 1;
    while (at < text.size() && text[at] != '"')
    {
        at += text[at] == '\\' ? 2 : 1;
    }
    return std::min(at, text.size());
}

} // namespace

TraceHead::TraceHead(const std::string& path)
    : m_path(path)
{
    constexpr std::size_t HEAD = 1 << 16;
    std::error_code failed;
    if (std::filesystem::is_directory(path, failed))
    {
        m_isFolder = true;
        for (const auto& entry : std::filesystem::directory_iterator(path, failed))
        {
            m_names.push_back(entry.path().filename().string());
        }
        std::sort(m_names.begin(), m_names.end());
        return;
    }
    TraceInput input(path);
    m_bytes.resize(HEAD);
    m_bytes.resize(input.Read(m_bytes.data(), HEAD));
    if (m_bytes.empty())
    {
        throw InputError({path}, "the file is empty; a trace would be right");
    }
    constexpr std::string_view MARK = "\xef\xbb\xbf"; // some editors begin UTF-8 with it
    std::string_view text = m_bytes;
    text.remove_prefix(text.starts_with(MARK) ? MARK.size() : 0);
    m_text = SkipComments(text);
    ScanJson();
}

bool
TraceHead::HasName(std::string_view name) const
{
    return std::binary_search(m_names.begin(), m_names.end(), name);
}

std::string_view
TraceHead::GetLine(std::size_t number) const
{
    std::string_view text = m_text;
    for (; number > 0 && !text.empty(); --number)
    {
        text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
    }
    std::string_view line = text.substr(0, text.find('\n'));
    line.remove_suffix(line.ends_with('\r') ? 1 : 0);
    return line;
}

void
TraceHead::ScanJson()
{
    std::string_view text = m_text;
    const bool isList = text.starts_with('[');
    const std::size_t open =
        isList ? std::min(text.find_first_not_of(" \t\r\n", 1), text.size()) : 0;
    if (open >= text.size() || text[open] != '{')
    {
        return;
    }
    const std::size_t first = text.find_first_not_of(" \t\r\n", open + 1);
    m_isJson = first != std::string_view::npos && (text[first] == '"' || text[first] == '}');
    uint32_t depth = 0;
    for (std::size_t at = open; m_isJson && at < text.size(); ++at)
    {
        const char c = text[at];
        if (c == '"')
        {
            const std::size_t end = FindStringEnd(text, at);
            const std::size_t next = text.find_first_not_of(" \t\r\n", end + 1);
            if (depth == 1 && next != std::string_view::npos && text[next] == ':')
            {
                m_jsonKeys.emplace_back(text.substr(at + 1, end - at - 1));
            }
            at = end;
        }
        depth += c == '{' || c == '[' ? 1 : 0;
        depth -= (c == '}' || c == ']') && depth > 0 ? 1 : 0;
        if (depth == 0 && c != '"')
        {
            return; // the object is over
        }
    }
}

bool
TraceHead::HasJsonKey(std::string_view key) const
{
    return std::find(m_jsonKeys.begin(), m_jsonKeys.end(), key) != m_jsonKeys.end();
}

bool
TraceHead::HasYamlKey(std::string_view key) const
{
    std::string_view text = m_bytes;
    while (!text.empty())
    {
        const std::string_view line = text.substr(0, text.find('\n'));
        if (line.starts_with(key) && line.substr(key.size()).starts_with(':'))
        {
            return true;
        }
        text.remove_prefix(std::min(line.size() + 1, text.size()));
    }
    return false;
}

} // namespace mtlink
} // namespace ns3
