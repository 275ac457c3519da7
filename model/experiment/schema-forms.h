/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SCHEMA_FORMS_H
#define MTLINK_SCHEMA_FORMS_H

#include "experiment/attributes.h"
#include "experiment/key-type.h"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink JSON whose keys stay in order. */
using SchemaJson = nlohmann::ordered_json;

/**
 * @ingroup mtlink
 * @param [in] forms The forms that a value may have, at least one.
 * @return the JSON Schema of such a value.
 */
SchemaJson MakeFormSchema(const std::vector<KeyForm>& forms);

/**
 * @ingroup mtlink
 * @param [in] info An attribute.
 * @return the JSON Schema of its value, with its description.
 */
SchemaJson MakeAttributeSchema(const AttributeInfo& info);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SCHEMA_FORMS_H
