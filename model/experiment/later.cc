/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/later.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

const std::vector<LaterFeature>&
GetLaterFeatures()
{
    static const std::vector<LaterFeature> features{
        {"simulation", "threads", ""},
    };
    return features;
}

bool
IsLaterKey(const std::string& section, const std::string& key)
{
    return IsLaterValue(section, key, "");
}

bool
IsLaterValue(const std::string& section, const std::string& key, const std::string& value)
{
    const auto& features = GetLaterFeatures();
    return std::any_of(features.begin(), features.end(), [&](const LaterFeature& feature) {
        return feature.section == section && feature.key == key && feature.value == value;
    });
}

} // namespace mtlink
} // namespace ns3
