/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_JSON_FILE_H
#define MTLINK_JSON_FILE_H

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * @param [in] path A JSON file.
 * @return the object that it holds; InputError, with the place, if it can't be read, is no JSON,
 *         holds something else, or a number that no double can be.
 */
nlohmann::json ReadJsonObject(const std::string& path);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_JSON_FILE_H
