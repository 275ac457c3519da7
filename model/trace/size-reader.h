/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SIZE_READER_H
#define MTLINK_SIZE_READER_H

#include "workload/size-distribution.h"

#include <string>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Read lines of `bytes percent`, both growing, from 0 to 100 percent, as HPCC's files are.
 * @param [in] file Path.
 * @return the distribution.
 * @throws InputError at the line and column that is wrong.
 */
SizeDistribution ReadSizes(const std::string& file);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SIZE_READER_H
