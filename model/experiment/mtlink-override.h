/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_OVERRIDE_H
#define MTLINK_OVERRIDE_H

#include "mtlink-yaml.h"

#include <string>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A value given on the command line.
 */
struct Override
{
    std::string option; //!< The option that gave it, as "--set"
    std::string text;   //!< KEY=VALUE; KEY is a path of keys and list indices with dots between
};

/**
 * @ingroup mtlink
 * @param [in] override An override.
 * @return its KEY, or an empty string where there is none.
 */
std::string GetOverrideKey(const Override& override);

/**
 * @ingroup mtlink
 * Set a value in a document. Mappings on the way are made where they are missing.
 * @param [in,out] document The document.
 * @param [in] override What to set.
 * @throws InputError that names the option, if there is no such place or the value is no YAML.
 */
void ApplyOverride(YamlNode& document, const Override& override);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_OVERRIDE_H
