/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_VERDICT_SUMMARY_H
#define MTLINK_VERDICT_SUMMARY_H

#include "measure/json-writer.h"
#include "measure/summary-reader.h"

#include "ns3/mtlink-results.h"

#include <optional>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * @param [in,out] out Gets an object, or null.
 * @param [in] verdict The verdict.
 */
void WriteVerdict(JsonWriter& out, const std::optional<VerdictResult>& verdict);

/**
 * @ingroup mtlink
 * @param [in] from summary.json.
 * @return its verdict; nothing in what a version without verdicts wrote.
 * @throws InputError for what is missing in it.
 */
std::optional<VerdictResult> ReadVerdict(const SummaryReader& from);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_VERDICT_SUMMARY_H
