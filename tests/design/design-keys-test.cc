/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "design-trial.h"
#include "experiment/design-keys.h"

#include <doctest/doctest.h>
#include <map>
#include <string>

using namespace ns3::mtlink;

namespace
{

/** @return a request in which the mapping of a section has a key with a value of no type at all. */
std::string
WriteRequest(const ExperimentKey& row)
{
    const std::string own = row.key + ": [[], {}]";
    const std::string text =
        "endpoints: 16\nchips: [{ports: 8, rate: 100Gbps}]\nkinds: [fat_tree]\n";
    if (row.section == "design")
    {
        const bool isThere =
            text.find("\n" + row.key + ":") != std::string::npos || text.starts_with(row.key + ":");
        return isThere ? "" : text + own + "\n";
    }
    const std::string part = row.section.substr(row.section.find('.') + 1);
    if (part == "chips")
    {
        const std::map<std::string, std::string> given{{"ports", "rate: 100Gbps, "},
                                                       {"rate", "ports: 8, "}};
        const auto other = given.find(row.key);
        return "endpoints: 16\nchips: [{" +
               (other == given.end() ? "ports: 8, rate: 100Gbps, " : other->second) + own +
               "}]\nkinds: [fat_tree]\n";
    }
    const std::string figure =
        part == "target" && row.key != "figure" ? "figure: cost_power_W, " : "";
    return text + part + ": {" + figure + own + "}\n";
}

} // namespace

TEST_SUITE_BEGIN("design");

TEST_CASE("The keys of a request in the list are those that its reader takes")
{
    int keys = 0;
    for (const ExperimentKey& row : GetDesignKeys())
    {
        const std::string text = WriteRequest(row);
        if (text.empty())
        {
            continue;
        }
        CAPTURE(row.section + "." + row.key);
        const std::string refusal = GetDesignRefusal(text);
        CHECK(refusal != "accepted");
        CHECK(refusal.find("unknown key") == std::string::npos);
        ++keys;
    }
    CHECK(keys > 30);
}

TEST_SUITE_END();
