/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_JSON_SCHEMA_H
#define MTLINK_JSON_SCHEMA_H

#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Write the JSON Schema by which editors check and complete experiments, sweeps, fabrics,
 * trainings, models and devices. It is made from the attributes, GetExperimentKeys() and what the
 * readers say of collectives, patterns and units. It is stricter than the readers where these take
 * a number in quotes; what only the built fabric tells it leaves to `mtlink check`.
 * @return the schema, lines ended.
 */
std::string WriteJsonSchema();

/**
 * @ingroup mtlink
 * @return the keys of an experiment as `--set` and sweeps take them, "fabric.switch.buffer",
 * without those below nested fabrics and lists.
 */
std::vector<std::string> ListDottedKeys();

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_JSON_SCHEMA_H
