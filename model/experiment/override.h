/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_OVERRIDE_H
#define MTLINK_OVERRIDE_H

#include "experiment/yaml.h"

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
 * A value to be set in a document, with its place for errors.
 */
struct Setting
{
    std::string key; //!< Path of keys and list indices with dots between
    Where where;     //!< Place of the path's first letter
    YamlNode value;  //!< The value
};

/**
 * @ingroup mtlink
 * @param [in] override An override.
 * @return its KEY, or an empty string where there is none.
 */
std::string GetOverrideKey(const Override& override);

/**
 * @ingroup mtlink
 * @param [in] override An override.
 * @return what it sets.
 * @throws InputError that names the option, if there is no KEY or the value is no YAML.
 */
Setting ParseOverride(const Override& override);

/**
 * @ingroup mtlink
 * Set a value in a document. Mappings on the way are made where they are missing; the path of a
 * YAML file on the way is put into one, as what it `extends`.
 * @param [in,out] document The document.
 * @param [in] setting What to set.
 * @throws InputError at the setting's place, if the document has no such place.
 */
void ApplySetting(YamlNode& document, const Setting& setting);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_OVERRIDE_H
