/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_LATER_H
#define MTLINK_LATER_H

#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A key, or a value of a key, that the design knows and this version lacks.
 */
struct LaterFeature
{
    std::string section; //!< Mapping it belongs to, as "switch"
    std::string key;     //!< The key
    std::string value;   //!< The value; empty: the key as such
};

/** @return all of them. */
const std::vector<LaterFeature>& GetLaterFeatures();

/**
 * @ingroup mtlink
 * @param [in] section Mapping, as "switch".
 * @param [in] key A key in it.
 * @return whether the key comes in a later version.
 */
bool IsLaterKey(const std::string& section, const std::string& key);

/**
 * @ingroup mtlink
 * @param [in] section Mapping, as "switch".
 * @param [in] key A key in it.
 * @param [in] value A value of that key.
 * @return whether the value comes in a later version.
 */
bool IsLaterValue(const std::string& section, const std::string& key, const std::string& value);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_LATER_H
