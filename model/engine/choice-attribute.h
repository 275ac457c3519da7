/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CHOICE_ATTRIBUTE_H
#define MTLINK_CHOICE_ATTRIBUTE_H

#include "ns3/attribute.h"
#include "ns3/ptr.h"

#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * @param [in] names Gives the words that may be chosen; asked each time, as more may register.
 * @return a checker for a string attribute that is one of them.
 */
Ptr<const AttributeChecker> MakeChoiceChecker(std::vector<std::string> (*names)());

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_CHOICE_ATTRIBUTE_H
