/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TEXT_FILE_H
#define MTLINK_TEXT_FILE_H

#include <string>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * @param [in] path A file.
 * @return all its bytes; InputError if it can't be read.
 */
std::string ReadTextFile(const std::string& path);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TEXT_FILE_H
