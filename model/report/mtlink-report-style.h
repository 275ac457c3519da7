/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_REPORT_STYLE_H
#define MTLINK_REPORT_STYLE_H

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * The report's style sheet: light and dark, from a telephone's width to a wall's.
 */
extern const char* const REPORT_STYLE;

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_REPORT_STYLE_H
