/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace/json-items.h"

#include <cmath>
#include <limits>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr std::size_t STEP = 1 << 18;          //!< Bytes read at once
constexpr std::size_t MOST_ITEM = 256U << 20U; //!< Bytes of an item

/** @return whether a byte ends a number, true, false or null. */
bool
EndsWord(char byte)
{
    return byte == ',' || byte == ']' || byte == '}' || byte == ' ' || byte == '\n' ||
           byte == '\r' || byte == '\t';
}

/** What a byte is to who looks for the end of a value. */
class Nesting
{
  public:
    /** Take a byte. @return whether the value is over with it. */
    bool Take(char byte)
    {
        if (m_isEscaped)
        {
            m_isEscaped = false;
        }
        else if (m_isText)
        {
            m_isEscaped = byte == '\\';
            m_isText = byte != '"';
        }
        else
        {
            m_isText = byte == '"';
            m_depth += (byte == '{' || byte == '[') - (byte == '}' || byte == ']');
        }
        return m_depth == 0 && !m_isText;
    }

  private:
    uint64_t m_depth{0};
    bool m_isText{false};
    bool m_isEscaped{false};
};

} // namespace

JsonItems::JsonItems(const std::string& file, Kind kind)
    : m_input(file),
      m_kind(kind)
{
}

bool
JsonItems::Fill()
{
    if (m_at < m_buffer.size())
    {
        return true;
    }
    m_before += m_buffer.size();
    m_buffer.resize(STEP);
    m_buffer.resize(m_input.Read(m_buffer.data(), STEP));
    m_at = 0;
    return !m_buffer.empty();
}

char
JsonItems::Peek()
{
    while (Fill())
    {
        const char byte = m_buffer[m_at];
        if (byte != ' ' && byte != '\n' && byte != '\r' && byte != '\t')
        {
            return byte;
        }
        ++m_at;
    }
    return 0;
}

void
JsonItems::RefuseHere(const std::string& message)
{
    throw InputError({m_input.GetFile(), m_number + 1, m_before + m_at + 1}, message);
}

void
JsonItems::Expect(char byte)
{
    const char found = Peek();
    if (found != byte)
    {
        RefuseHere(found == 0 ? "the file ends too early: it was cut short"
                              : "this is no JSON: '" + std::string(1, byte) +
                                    "' should stand here, not " + Quote({&found, 1}));
    }
    ++m_at;
}

void
JsonItems::TakeValue(std::string& text)
{
    text.clear();
    const char first = Peek();
    const bool isWord = first != '{' && first != '[' && first != '"';
    Nesting nesting;
    while (Fill())
    {
        const std::size_t begin = m_at;
        bool isOver = false;
        while (m_at < m_buffer.size() && !isOver)
        {
            const char byte = m_buffer[m_at];
            if (isWord && EndsWord(byte))
            {
                isOver = true;
                break;
            }
            ++m_at;
            isOver = !isWord && nesting.Take(byte);
        }
        text.append(m_buffer, begin, m_at - begin);
        if (text.size() > MOST_ITEM)
        {
            RefuseHere("a value of more than 256 MiB: this is no trace");
        }
        if (isOver && !text.empty())
        {
            return;
        }
        if (isOver)
        {
            break;
        }
    }
    if (isWord && !text.empty())
    {
        return; // the file ends with it
    }
    RefuseHere(Peek() == 0 ? "the file ends too early: it was cut short"
                           : "this is no JSON: a value should stand here");
}

bool
JsonItems::TakeMembers()
{
    while (true)
    {
        if (Peek() == '}')
        {
            return false;
        }
        if (m_hasItem)
        {
            Expect(',');
        }
        m_hasItem = true;
        std::string name;
        Peek() == '"' ? TakeValue(name) : Expect('"');
        Expect(':');
        const nlohmann::json key = nlohmann::json::parse(name, nullptr, false);
        if (key.is_discarded())
        {
            RefuseHere("the name of a member is no JSON");
        }
        m_array = key.get<std::string>();
        if (Peek() == '[')
        {
            return true;
        }
        TakeValue(m_members[m_array]);
    }
}

bool
JsonItems::Next()
{
    if (m_isOver)
    {
        return false;
    }
    if (m_kind == VALUES)
    {
        if (Peek() == ',') // lines of an array that was taken apart
        {
            ++m_at;
        }
        m_isOver = Peek() == 0;
        if (m_isOver)
        {
            return false;
        }
        m_byte = m_before + m_at + 1;
        TakeValue(m_text);
        ++m_number;
        return true;
    }
    if (!m_isInside)
    {
        m_isObject = Peek() == '{';
        m_isInside = true;
        m_isInArray = !m_isObject;
        Expect(m_isObject ? '{' : '[');
    }
    while (true)
    {
        if (!m_isInArray)
        {
            if (!TakeMembers())
            {
                Expect('}');
                m_isOver = true;
                return false;
            }
            Expect('[');
            m_isInArray = true;
            m_hasItem = false;
        }
        if (Peek() == ']')
        {
            Expect(']');
            m_isInArray = false;
            m_hasItem = true; // of the object
            m_isOver = !m_isObject;
            if (m_isOver)
            {
                return false;
            }
            continue;
        }
        if (m_hasItem)
        {
            Expect(',');
        }
        m_hasItem = true;
        Peek();
        m_byte = m_before + m_at + 1;
        TakeValue(m_text);
        ++m_number;
        return true;
    }
}

const std::string&
JsonItems::GetArray() const
{
    return m_array;
}

std::string_view
JsonItems::GetText() const
{
    return m_text;
}

uint64_t
JsonItems::GetByte() const
{
    return m_byte;
}

uint64_t
JsonItems::GetNumber() const
{
    return m_number;
}

Where
JsonItems::GetPlace() const
{
    return {m_input.GetFile(), m_number, m_byte};
}

void
JsonItems::Refuse(const std::string& message) const
{
    throw InputError(GetPlace(), message);
}

nlohmann::json
JsonItems::Parse() const
{
    try
    {
        return nlohmann::json::parse(m_text);
    }
    catch (const nlohmann::json::parse_error& error)
    {
        throw InputError({m_input.GetFile(), m_number, m_byte + error.byte - (error.byte > 0)},
                         "this is no JSON, in an item that begins at byte " +
                             std::to_string(m_byte));
    }
}

const std::map<std::string, std::string>&
JsonItems::GetMembers() const
{
    return m_members;
}

std::string
JsonItems::GetMemberText(const std::string& name) const
{
    const auto found = m_members.find(name);
    return found == m_members.end()
               ? ""
               : ReadWord(nlohmann::json::parse(found->second, nullptr, false));
}

std::optional<uint64_t>
ReadWhole(const nlohmann::json& value)
{
    if (value.is_number_unsigned())
    {
        return value.get<uint64_t>();
    }
    if (value.is_number_float())
    {
        const double number = value.get<double>();
        if (number >= 0 && number < 9e15 && std::trunc(number) == number)
        {
            return static_cast<uint64_t>(number);
        }
    }
    if (value.is_string())
    {
        return ParseNumber(value.get_ref<const std::string&>(),
                           std::numeric_limits<uint64_t>::max());
    }
    return std::nullopt;
}

std::string
ReadWord(const nlohmann::json& value)
{
    if (value.is_string())
    {
        return value.get<std::string>();
    }
    return value.is_number() ? value.dump() : "";
}

} // namespace mtlink
} // namespace ns3
