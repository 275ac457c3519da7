/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SUMMARY_H
#define MTLINK_SUMMARY_H

#include "ns3/mtlink-results.h"

#include <string>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Version of the layout of summary.json. It grows when a key changes its meaning or goes, not
 * when one is added.
 */
inline constexpr uint32_t SUMMARY_SCHEMA{1};

/**
 * @ingroup mtlink
 * @param [in] results A run's.
 * @return its summary.json.
 */
std::string WriteSummary(const RunResults& results);

/**
 * @ingroup mtlink
 * @param [in] results A run's.
 * @param [in] rows What its tables have, instead of what the results say.
 * @return its summary.json.
 */
std::string WriteSummary(const RunResults& results, const TableRows& rows);

/**
 * @ingroup mtlink
 * Read what WriteSummary() wrote; anything odd is an InputError.
 * @param [in] path The file.
 * @param [out] results Gets what the summary holds, collectives apart: their table has more.
 * @return the version of mtlink that wrote it.
 */
std::string ReadSummary(const std::string& path, RunResults& results);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SUMMARY_H
