/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_WIDE_INT_H
#define MTLINK_WIDE_INT_H

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * For exact sums: picoseconds times flits outgrow 64 bits within a long run.
 */
__extension__ typedef unsigned __int128 WideInt;

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_WIDE_INT_H
