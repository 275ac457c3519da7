/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TEXT_OBJECT_H
#define MTLINK_TEXT_OBJECT_H

#include <map>
#include <string>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink
 * A small JSON object of texts: what programs of a sweep tell one another by files. */
using TextObject = std::map<std::string, std::string>;

/**
 * @ingroup mtlink
 * @param [in] texts By name.
 * @return the object in JSON, with the end of its last line.
 */
std::string FormatTexts(const TextObject& texts);

/**
 * @ingroup mtlink
 * Write such an object, whole or not at all.
 * @param [in] path The file.
 * @param [in] texts By name.
 * @throws WriteError if it can't be written.
 */
void WriteTexts(const std::string& path, const TextObject& texts);

/**
 * @ingroup mtlink
 * @param [in] path A file.
 * @return what is in it; empty if there is no such file, or it is no such object.
 */
TextObject ReadTexts(const std::string& path);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TEXT_OBJECT_H
