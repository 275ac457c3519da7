/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "mtlink-grid-endpoints.h"

namespace ns3
{
namespace mtlink
{

std::string
GetGridLinkClass(uint32_t d)
{
    return "dimension" + std::to_string(d);
}

std::vector<std::string>
GetGridLinkClasses(const Grid& grid)
{
    std::vector<std::string> names{"endpoint"};
    for (uint32_t d = 0; d < grid.GetDimensions(); ++d)
    {
        if (grid.GetSize(d) > 1)
        {
            names.push_back(GetGridLinkClass(d));
        }
    }
    return names;
}

uint32_t
AddGridSwitches(Topology& topology,
                const Grid& grid,
                const std::vector<uint32_t>& endpoints,
                uint32_t perSwitch,
                const std::string& path,
                uint32_t scope)
{
    uint32_t first = 0;
    for (uint32_t s = 0; s < grid.GetPoints(); ++s)
    {
        const uint32_t node = topology.AddSwitch(path + "switch" + grid.GetName(s));
        first = s == 0 ? node : first;
    }
    const uint32_t cls = topology.AddLinkClass({scope, "endpoint", {}});
    for (uint32_t e = 0; e < endpoints.size(); ++e)
    {
        topology.AddCable(endpoints[e], first + e / perSwitch, cls);
    }
    return first;
}

std::vector<uint32_t>
OrderEndpoints(const std::vector<uint32_t>& switches, uint32_t perSwitch, uint32_t endpoints)
{
    std::vector<uint32_t> order;
    for (const uint32_t s : switches)
    {
        for (uint32_t e = s * perSwitch; e < (s + 1) * perSwitch && e < endpoints; ++e)
        {
            order.push_back(e);
        }
    }
    return order;
}

} // namespace mtlink
} // namespace ns3
