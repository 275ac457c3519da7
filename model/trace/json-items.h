/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_JSON_ITEMS_H
#define MTLINK_JSON_ITEMS_H

#include "trace/trace-input.h"

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Goes through a JSON document of any length item by item, so that only one of them is in memory.
 * Items are the elements of arrays that are members of the outermost object, or of the outermost
 * array; or whole values, one after another, as Chakra's tools write nodes. Brackets and strings
 * are checked throughout, the rest of what an item says where it is parsed.
 */
class JsonItems
{
  public:
    /** What an item is. */
    enum Kind
    {
        ELEMENTS, //!< An element of an array one level down
        VALUES,   //!< A value of the outermost level; there may be several
    };

    /**
     * @param [in] file The file; `.gz` is unpacked.
     * @param [in] kind What an item is.
     */
    JsonItems(const std::string& file, Kind kind);

    /**
     * Go to the next item.
     * @return whether there is one.
     * @throws InputError at the byte where this is no JSON, or the file ends too early.
     */
    bool Next();

    /** @return the array that the item is an element of; empty: of none with a name. */
    const std::string& GetArray() const;

    /** @return the item, as it stands. */
    std::string_view GetText() const;

    /** @return its first byte in the file, from 1. */
    uint64_t GetByte() const;

    /** @return its number, from 1, through all arrays. */
    uint64_t GetNumber() const;

    /** @return the item. @throws InputError at the byte where it is no JSON. */
    nlohmann::json Parse() const;

    /** @return the place of the item: its number and first byte. */
    Where GetPlace() const;

    /** @param [in] message What is wrong with the item. */
    [[noreturn]] void Refuse(const std::string& message) const;

    /** @return members of the outermost object that are no arrays, as far as they were passed, each
     *          as it stands. */
    const std::map<std::string, std::string>& GetMembers() const;

    /** @return a member that is a text or a number, as text; empty: there is none. */
    std::string GetMemberText(const std::string& name) const;

  private:
    /** Fill the buffer. @return whether there is a byte. */
    bool Fill();

    /** @return the next byte that is no blank, not taken; 0: the file is over. */
    char Peek();

    /** Take a byte that must be. */
    void Expect(char byte);

    /** Take a whole value. @param [out] text Where to; emptied before. */
    void TakeValue(std::string& text);

    /** Take the members of the outermost object, up to an array. @return whether there is one. */
    bool TakeMembers();

    [[noreturn]] void RefuseHere(const std::string& message);

    TraceInput m_input;                           //!< The file
    Kind m_kind;                                  //!< What an item is
    std::string m_buffer;                         //!< Bytes read
    std::size_t m_at{0};                          //!< Next byte of these
    uint64_t m_before{0};                         //!< Bytes of the file before the buffer
    bool m_isInside{false};                       //!< Of the outermost object or array
    bool m_isInArray{false};                      //!< Items follow
    bool m_isObject{false};                       //!< The outermost value is one
    bool m_hasItem{false};                        //!< ... of this array
    bool m_isOver{false};                         //!< All was gone through
    std::string m_array;                          //!< The array's name
    std::string m_text;                           //!< The item
    uint64_t m_byte{0};                           //!< Its first byte
    uint64_t m_number{0};                         //!< Its number
    std::map<std::string, std::string> m_members; //!< Members of the outermost object
};

/**
 * @ingroup mtlink
 * @param [in] value A value.
 * @return a whole number that it is, as number or digits; nothing: it is none, or negative.
 */
std::optional<uint64_t> ReadWhole(const nlohmann::json& value);

/**
 * @ingroup mtlink
 * @param [in] value A value.
 * @return it as text, if it is one or a number; else empty.
 */
std::string ReadWord(const nlohmann::json& value);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_JSON_ITEMS_H
