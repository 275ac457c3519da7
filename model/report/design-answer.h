/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_DESIGN_ANSWER_H
#define MTLINK_DESIGN_ANSWER_H

#include "report/design-results.h"

#include <string>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * @param [in] results The designs.
 * @return what was asked, a line of HTML.
 */
std::string DesignQuestion(const DesignResults& results);

/**
 * @ingroup mtlink
 * Say in words which fabric to build, what it takes, what is undecided, and how sure all of that
 * is.
 * @param [in] results The designs.
 * @return HTML.
 */
std::string DesignAnswer(const DesignResults& results);

/**
 * @ingroup mtlink
 * @param [in] results The designs.
 * @return a warning where the search has not come to its end, HTML; empty where it has.
 */
std::string DesignWarning(const DesignResults& results);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_DESIGN_ANSWER_H
