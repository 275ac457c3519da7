/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_JSON_WRITER_H
#define MTLINK_JSON_WRITER_H

#include "ns3/mtlink-tick.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Appends JSON to a text, value by value: keys stay in the order of writing, times keep every
 * picosecond as a decimal, and what is not a finite number becomes null.
 */
class JsonWriter
{
  public:
    /** How it is laid out. */
    enum class Layout
    {
        INDENTED, //!< A line per value: for people, and for diff
        COMPACT,  //!< A line per element of the outermost array: for large files
    };

    /**
     * @param [in,out] text Gets the JSON; may be emptied between two values.
     * @param [in] layout How it is laid out.
     */
    JsonWriter(std::string& text, Layout layout);

    /** Open an object. */
    void BeginObject();

    /** Close it. */
    void EndObject();

    /** Open an array. */
    void BeginArray();

    /** Close it. */
    void EndArray();

    /** @param [in] key Key of the value that comes next; plain letters, written as they are. */
    void Key(std::string_view key);

    /** Write null. */
    void Null();

    /** @param [in] value Value. */
    void Bool(bool value);

    /** @param [in] value Value. */
    void Integer(int64_t value);

    /** @param [in] value Value. */
    void Unsigned(uint64_t value);

    /** @param [in] value Value; null if not finite. */
    void Number(double value);

    /** @param [in] value Value; null if there is none. */
    void Number(const std::optional<double>& value);

    /** @param [in] value Value; bytes that are not UTF-8 are replaced. */
    void String(std::string_view value);

    /** @param [in] tick A time, written in nanoseconds; null if NEVER. */
    void Nanoseconds(Tick tick);

    /** @param [in] tick A time, written in microseconds. */
    void Microseconds(Tick tick);

  private:
    /** Comma, line break and indent before a value or key. */
    void Separate();

    /** Open; @param [in] bracket With what. */
    void Begin(char bracket);

    /** Close; @param [in] bracket With what. */
    void End(char bracket);

    std::string& m_text;       //!< Gets the JSON
    Layout m_layout;           //!< How it is laid out
    std::vector<char> m_empty; //!< Per open bracket: nothing in it so far
    bool m_afterKey{false};    //!< The next value belongs to a key
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_JSON_WRITER_H
