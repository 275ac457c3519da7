/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/human-text.h"
#include "verdict/rules.h"

#include <cstdint>
#include <cstdlib>
#include <fmt/format.h>
#include <string>

namespace ns3
{
namespace mtlink
{

bool
AddRetries(const Reading& reading, VerdictResult& verdict)
{
    uint64_t retries = 0;
    std::string cls;
    for (const LinkResult& link : reading.results.links)
    {
        retries += link.retries;
        cls = link.retries > 0 ? link.cls : cls;
    }
    if (retries == 0)
    {
        return false;
    }
    verdict.notes.push_back(
        fmt::format("errors on links had {} sent again, which takes time of the "
                    "links and holds up what is behind",
                    CountText(retries, "packet", "packets")));
    const std::string key = reading.FindRate(cls);
    if (key.ends_with(".rate") && !reading.IsOpenLoop())
    {
        const std::string errors = key.substr(0, key.size() - 4) + "error_rate";
        constexpr double TENTH = 0.1; // none at all is refused beside 'retry'
        const double errorRate =
            std::strtod(reading.FindSetting(errors).value_or("0").c_str(), nullptr);
        if (errorRate > 0)
        {
            verdict.tries.push_back({fmt::format("{}={:g}", errors, TENTH * errorRate),
                                     "links with a tenth of the errors send less again",
                                     "a shorter completion_time_ns"});
        }
    }
    return true;
}

} // namespace mtlink
} // namespace ns3
