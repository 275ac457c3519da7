/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SETTING_LIST_H
#define MTLINK_SETTING_LIST_H

#include "experiment/attributes.h"
#include "experiment/yaml.h"

#include "ns3/mtlink-results.h"

#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * @return every section of parameters that are attributes, in order, with its attributes: link,
 * switch, endpoint, routing, cost, then the kinds of fabric.
 */
std::vector<std::pair<std::string, std::vector<AttributeInfo>>> DescribeSections();

/**
 * @ingroup mtlink
 * List the settings of an experiment: values, where they come from, what they mean.
 * @param [in] experiment What ResolveExperiment() returned.
 * @return its settings in their order.
 */
std::vector<SettingResult> ListSettings(const YamlNode& experiment);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SETTING_LIST_H
