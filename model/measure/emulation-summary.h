/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_EMULATION_SUMMARY_H
#define MTLINK_EMULATION_SUMMARY_H

#include "measure/json-writer.h"
#include "measure/summary-reader.h"

#include "ns3/mtlink-emulation-result.h"

#include <optional>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Write `emulation` of summary.json.
 * @param [in,out] out Gets an object.
 * @param [in] emulation It.
 */
void WriteEmulation(JsonWriter& out, const EmulationResult& emulation);

/**
 * @ingroup mtlink
 * Read what WriteEmulation() wrote.
 * @param [in] in summary.json.
 * @return it; nothing where there was none.
 * @throws InputError for anything odd.
 */
std::optional<EmulationResult> ReadEmulation(const SummaryReader& in);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_EMULATION_SUMMARY_H
