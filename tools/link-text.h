/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TOOLS_LINK_TEXT_H
#define MTLINK_TOOLS_LINK_TEXT_H

#include "ns3/mtlink-results.h"

#include <string>

/** @return a table of the links that waited longest for credit, and then of those that were
 * busiest. */
std::string FormatCongestedLinks(const ns3::mtlink::RunResults& results);

/** @return a table of the classes of links: how many, how busy, which of them most; busiest first.
 */
std::string FormatLinkClasses(const ns3::mtlink::RunResults& results);

/** @return a table of the links that held messages up without packets, or that there were none. */
std::string FormatRoots(const ns3::mtlink::RunResults& results);

#endif // MTLINK_TOOLS_LINK_TEXT_H
