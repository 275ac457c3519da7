/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_VERDICT_H
#define MTLINK_VERDICT_H

#include "verdict/verdict-facts.h"

#include "ns3/mtlink-results.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Say what held a run up, and what to try, by the rules of docs/verdict.md.
 * @param [in] results The run.
 * @param [in] facts What else is known.
 * @return the verdict; the same for the same results.
 */
VerdictResult MakeVerdict(const RunResults& results, const VerdictFacts& facts);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_VERDICT_H
