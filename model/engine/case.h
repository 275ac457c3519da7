/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CASE_H
#define MTLINK_CASE_H

#include <string>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * @param [in] name An attribute's name, as "InputSpeedup".
 * @return its YAML key, as "input_speedup".
 */
std::string ToSnakeCase(const std::string& name);

/**
 * @ingroup mtlink
 * @param [in] key A YAML key, as "fat_tree".
 * @return the same in CamelCase, as "FatTree".
 */
std::string ToCamelCase(const std::string& key);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_CASE_H
