/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CHINESE_PHRASES_H
#define MTLINK_CHINESE_PHRASES_H

#include "report/phrase-book.h"

#include <span>

namespace ns3
{
namespace mtlink
{

// The phrases of the book, by who says them; each in a file of its own.

std::span<const Phrase> GetVerdictPhrases(); //!< @return what rules and `mtlink compare` say.
std::span<const Phrase> GetReportPhrases();  //!< @return what stands in the page without a script.
std::span<const Phrase> GetPagePhrases();    //!< @return what the page's script says.
std::span<const Phrase> GetDesignPhrases();  //!< @return what pages about designs say.

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_CHINESE_PHRASES_H
