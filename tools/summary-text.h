/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SUMMARY_TEXT_H
#define MTLINK_SUMMARY_TEXT_H

#include "report/phrase-book.h"

#include "ns3/mtlink-results.h"

#include <string>

/**
 * @param [in] results A run's.
 * @param [in] language Of the verdict; tables and their names are English, as those of nccl-tests.
 * @return what a run has to say on the terminal: collectives, counts, where it congested.
 */
std::string FormatSummary(const ns3::mtlink::RunResults& results, ns3::mtlink::Language language);

#endif // MTLINK_SUMMARY_TEXT_H
