/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_KEY_TYPE_H
#define MTLINK_KEY_TYPE_H

#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * One form that a value may have.
 */
struct KeyForm
{
    std::string name; //!< "integer", "number", "fraction", "size", "rate", "time", "span", "flops",
                      //!< "length", "boolean", "text", "list", "mapping", "any"; or "word"
    std::string word; //!< Of a word: the word
    std::string least;   //!< As written, "1" or "1B"; empty: not limited
    std::string most;    //!< Likewise
    bool isAbove{false}; //!< Whether the value must be above `least`
};

/**
 * @ingroup mtlink
 * @param [in] type Forms with " | " between: names of forms, each maybe with a range behind it, and
 *             words that the value itself may be: "auto | integer, 1 to 64".
 * @return the forms, in order.
 */
std::vector<KeyForm> ParseKeyType(const std::string& type);

/**
 * @ingroup mtlink
 * Read a range into a form.
 * @param [in] range "1 to 64", "1 or more", "above 0" or empty.
 * @param [in,out] form Gets its limits.
 */
void ParseKeyRange(const std::string& range, KeyForm& form);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_KEY_TYPE_H
