/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SUMMARY_TEXT_H
#define MTLINK_SUMMARY_TEXT_H

#include "ns3/mtlink-results.h"

#include <string>

/**
 * @param [in] results A run's.
 * @return what a run has to say on the terminal: collectives, counts, where it congested.
 */
std::string FormatSummary(const ns3::mtlink::RunResults& results);

#endif // MTLINK_SUMMARY_TEXT_H
