/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SET_OPTIONS_H
#define MTLINK_SET_OPTIONS_H

#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Join settings that go together into what is written after --set: "a=1 --set b=2".
 * @param [in] settings Each "key=value"; empty ones are left out.
 * @return it.
 */
std::string JoinSettings(const std::vector<std::string>& settings);

/**
 * @ingroup mtlink
 * @param [in] change What is written after --set, as JoinSettings() gives it.
 * @return its settings, "key=value" each.
 */
std::vector<std::string> SplitSettings(const std::string& change);

/**
 * @ingroup mtlink
 * @param [in] change What is written after --set, as JoinSettings() gives it.
 * @return it with each --set, quoted where a shell would take it apart.
 */
std::string SetOptionsText(const std::string& change);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SET_OPTIONS_H
