/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FOREIGN_FILES_H
#define MTLINK_FOREIGN_FILES_H

#include "trace/trace-format.h"

#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * @return what people have beside traces that are read: other tools' configurations and results,
 *         formats that must be converted. None of it is read.
 */
const std::vector<TraceFormat>& GetForeignFiles();

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FOREIGN_FILES_H
