/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/json-writer.h"

#include "measure/number-text.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return whether a character of a string is written as it is. */
bool
IsPlain(char c)
{
    return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

} // namespace

JsonWriter::JsonWriter(std::string& text, Layout layout)
    : m_text(text),
      m_layout(layout)
{
}

void
JsonWriter::Separate()
{
    if (m_afterKey)
    {
        m_afterKey = false;
        return;
    }
    if (m_empty.empty())
    {
        return;
    }
    if (m_empty.back() != 0)
    {
        m_empty.back() = 0;
    }
    else
    {
        m_text += ',';
    }
    if (m_layout == Layout::INDENTED)
    {
        m_text += '\n';
        m_text.append(2 * m_empty.size(), ' ');
    }
    else if (m_empty.size() <= 2)
    {
        m_text += '\n';
    }
}

void
JsonWriter::Begin(char bracket)
{
    Separate();
    m_text += bracket;
    m_empty.push_back(1);
}

void
JsonWriter::End(char bracket)
{
    const bool empty = m_empty.back() != 0;
    m_empty.pop_back();
    if (m_layout == Layout::INDENTED && !empty)
    {
        m_text += '\n';
        m_text.append(2 * m_empty.size(), ' ');
    }
    m_text += bracket;
}

void
JsonWriter::BeginObject()
{
    Begin('{');
}

void
JsonWriter::EndObject()
{
    End('}');
}

void
JsonWriter::BeginArray()
{
    Begin('[');
}

void
JsonWriter::EndArray()
{
    End(']');
}

void
JsonWriter::Key(std::string_view key)
{
    Separate();
    m_text += '"';
    m_text += key;
    m_text += m_layout == Layout::INDENTED ? std::string_view("\": ") : std::string_view("\":");
    m_afterKey = true;
}

void
JsonWriter::Null()
{
    Separate();
    m_text += "null";
}

void
JsonWriter::Bool(bool value)
{
    Separate();
    m_text += value ? "true" : "false";
}

void
JsonWriter::Integer(int64_t value)
{
    Separate();
    if (value < 0)
    {
        m_text += '-';
    }
    AppendUnsigned(m_text,
                   value < 0 ? -static_cast<uint64_t>(value) : static_cast<uint64_t>(value));
}

void
JsonWriter::Unsigned(uint64_t value)
{
    Separate();
    AppendUnsigned(m_text, value);
}

void
JsonWriter::Number(double value)
{
    if (!std::isfinite(value))
    {
        Null();
        return;
    }
    Separate();
    AppendNumber(m_text, value);
}

void
JsonWriter::Number(const std::optional<double>& value)
{
    if (value)
    {
        Number(*value);
    }
    else
    {
        Null();
    }
}

void
JsonWriter::String(std::string_view value)
{
    Separate();
    if (std::all_of(value.begin(), value.end(), IsPlain))
    {
        m_text += '"';
        m_text += value;
        m_text += '"';
        return;
    }
    m_text += nlohmann::json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void
JsonWriter::Nanoseconds(Tick tick)
{
    if (tick == NEVER)
    {
        Null();
        return;
    }
    Separate();
    AppendTick(m_text, tick);
}

void
JsonWriter::Microseconds(Tick tick)
{
    Separate();
    AppendTick(m_text, tick, 6);
}

} // namespace mtlink
} // namespace ns3
