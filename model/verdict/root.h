/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_VERDICT_ROOT_H
#define MTLINK_VERDICT_ROOT_H

#include "verdict/reading.h"

#include <string>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * @param [in] reading The run.
 * @param [in] root A link that held others up.
 * @return what is said of it.
 */
VerdictRoot DescribeRoot(const Reading& reading, const Reading::Root& root);

/**
 * @ingroup mtlink
 * @param [in] reading The run.
 * @param [in] link A link that is full, whether or not anybody waited for credit.
 * @return what is said of it.
 */
VerdictRoot DescribeRoot(const Reading& reading, const LinkResult& link);

/**
 * @param [in] reading The run.
 * @return the link that held others up longest; null: none did, or it has no row.
 */
const Reading::Root* FindRoot(const Reading& reading);

/** Links that wait for credit of buffers that are shorter than their credit loops. */
struct ShortLoops
{
    const Reading::Root* worst{nullptr}; //!< Waits longest for itself; null: there are none
    double share{0};                     //!< Of all waiting, what is due to them
};

/** @return them. @param [in] reading The run. */
ShortLoops FindShortLoops(const Reading& reading);

/** @return whether each source of the open-loop traffic, all of one pattern, has one target. */
bool IsOneTarget(const Reading& reading);

/** @return a root for people: "leaf2:0 to gpu8". */
std::string NameRoot(const VerdictRoot& root);

/** @return the flows over a root for people: "7 flows"; empty: not known. */
std::string CountFlows(const VerdictRoot& root);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_VERDICT_ROOT_H
