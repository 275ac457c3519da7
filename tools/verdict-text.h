/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_VERDICT_TEXT_H
#define MTLINK_VERDICT_TEXT_H

#include "report/phrase-book.h"

#include "ns3/mtlink-results.h"

#include <string>

/**
 * @ingroup mtlink
 * @param [in] verdict A verdict.
 * @param [in] language For whom.
 * @return it for a terminal: the sentence, root and victims, what to try, notes; ends with a line
 *         break.
 */
std::string FormatVerdict(const ns3::mtlink::VerdictResult& verdict,
                          ns3::mtlink::Language language);

#endif // MTLINK_VERDICT_TEXT_H
