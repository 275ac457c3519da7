/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_LONG_TIME_H
#define MTLINK_LONG_TIME_H

#include "experiment/yaml.h"

#include <utility>

namespace ns3
{
namespace mtlink
{

/** Units of time beyond those of the simulator, in seconds; they may have blanks before them. */
inline constexpr std::pair<const char*, double> LONG_UNITS[] = {
    {"min", 60},
    {"h", 3600},
    {"day", 86400},
    {"days", 86400},
};

/**
 * @ingroup mtlink
 * Read a time that may be longer than the simulator's longest: days, h and min, too.
 * @param [in] node A value, as 60s, 5min, 12h or 30 days.
 * @param [in] mayBeZero Whether 0 is one.
 * @return seconds, at most 36500 days.
 * @throws InputError for what is no such time.
 */
double ReadSeconds(const YamlNode& node, bool mayBeZero);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_LONG_TIME_H
