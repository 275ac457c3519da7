/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_STABILITY_SUMMARY_H
#define MTLINK_STABILITY_SUMMARY_H

#include "measure/json-writer.h"

#include "ns3/mtlink-stability-result.h"

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Write `stability` of summary.json.
 * @param [in,out] out Gets an object, or null where nothing was asked of it.
 * @param [in] stability It.
 */
void WriteStability(JsonWriter& out, const std::optional<StabilityResult>& stability);

/**
 * @ingroup mtlink
 * Read what WriteStability() wrote.
 * @param [in] value The value of `stability`.
 * @param [in] path The file, for errors.
 * @return it; nothing for null.
 * @throws InputError for anything odd.
 */
std::optional<StabilityResult> ReadStability(const nlohmann::json& value, const std::string& path);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_STABILITY_SUMMARY_H
