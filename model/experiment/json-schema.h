/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_JSON_SCHEMA_H
#define MTLINK_JSON_SCHEMA_H

#include <string>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Write the JSON Schema by which editors check and complete experiments and fabrics. It is made
 * from the attributes and GetExperimentKeys(); what depends on the kind of a fabric, or on
 * other keys, it leaves to `mtlink check`.
 * @return the schema, lines ended.
 */
std::string WriteJsonSchema();

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_JSON_SCHEMA_H
