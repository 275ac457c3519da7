/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "design/design-numbers.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace ns3
{
namespace mtlink
{

std::string
WriteCountList(const std::vector<uint32_t>& counts)
{
    return fmt::format("[{}]", fmt::join(counts, ", "));
}

std::string
WriteTaper(const std::vector<double>& taper)
{
    return taper.size() == 1 ? fmt::format("{}", taper.front())
                             : fmt::format("[{}]", fmt::join(taper, ", "));
}

} // namespace mtlink
} // namespace ns3
