/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/mtlink-fat-tree-topology.h"

#include "topology/count-list.h"

#include "ns3/double.h"
#include "ns3/mtlink-error.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

namespace ns3
{
namespace mtlink
{

NS_OBJECT_ENSURE_REGISTERED(FatTreeTopology);

TypeId
FatTreeTopology::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mtlink::FatTreeTopology")
            .SetParent<TopologyBuilder>()
            .SetGroupName("Mtlink")
            .AddConstructor<FatTreeTopology>()
            .AddAttribute("Radix",
                          "Ports per switch, all switches equal (even); with Levels, a folded Clos "
                          "network of 2 (radix/2)^levels endpoints; 0: Down and Up are given (the "
                          "user's design).",
                          UintegerValue(0),
                          MakeUintegerAccessor(&FatTreeTopology::m_radix),
                          MakeUintegerChecker<uint32_t>(0, 65536))
            .AddAttribute("Levels",
                          "Number of switch levels of a tree given by Radix; 0: Down and Up are "
                          "given (the user's design).",
                          UintegerValue(0),
                          MakeUintegerAccessor(&FatTreeTopology::m_levels),
                          MakeUintegerChecker<uint32_t>(0, 16))
            .AddAttribute("Down",
                          "Children of a switch at each level, leaf upwards, as 4,4,4: m of "
                          "XGFT(h; m; w) (the user's design; Öhring et al. 1995).",
                          StringValue(""),
                          MakeStringAccessor(&FatTreeTopology::m_down),
                          MakeStringChecker())
            .AddAttribute("Up",
                          "Parents of a node at each level, from endpoints upwards, as 1,4,4: w of "
                          "XGFT(h; m; w) (the user's design; Öhring et al. 1995).",
                          StringValue(""),
                          MakeStringAccessor(&FatTreeTopology::m_up),
                          MakeStringChecker())
            .AddAttribute("Parallel",
                          "Links between a child and each of its parents at each level, from "
                          "endpoints upwards, as 1,1,2, for a tree given by Down and Up; empty: 1 "
                          "each (the user's design; Zahavi 2010).",
                          StringValue(""),
                          MakeStringAccessor(&FatTreeTopology::m_parallel),
                          MakeStringChecker())
            .AddAttribute("Taper",
                          "Oversubscription at the leaves, a ratio: the parents of each leaf, as "
                          "Radix or Up has them, are divided by it (assumed: 1, full bisection).",
                          DoubleValue(1),
                          MakeDoubleAccessor(&FatTreeTopology::m_taper),
                          MakeDoubleChecker<double>(1, 65536));
    return tid;
}

FatTreeTopology::Shape
FatTreeTopology::GetShape() const
{
    Shape shape;
    if (m_radix > 0 || m_levels > 0)
    {
        if (!m_down.empty() || !m_up.empty())
        {
            throw ParameterError(m_down.empty() ? "up" : "down",
                                 "the tree is given twice: give either radix and levels, or down "
                                 "and up");
        }
        if (m_radix == 0)
        {
            throw ParameterError("radix", "levels needs radix, the ports per switch");
        }
        if (m_levels == 0)
        {
            throw ParameterError("levels", "radix needs levels, the number of switch levels");
        }
        if (m_radix % 2 == 1)
        {
            throw ParameterError("radix",
                                 "radix " + std::to_string(m_radix) +
                                     " is odd: half the ports go down, half up; " +
                                     std::to_string(m_radix + 1) + " would do");
        }
        if (!m_parallel.empty())
        {
            throw ParameterError("parallel", "parallel goes with down and up, not with radix");
        }
        shape.down.assign(m_levels, m_radix / 2);
        shape.down.back() = m_radix;
        shape.up.assign(m_levels, m_radix / 2);
        shape.up.front() = 1;
        shape.parallel.assign(m_levels, 1);
    }
    else
    {
        if (m_down.empty() || m_up.empty())
        {
            throw ParameterError(m_down.empty() && !m_up.empty() ? "down" : "up",
                                 "a fat_tree is given by radix and levels, or by down and up");
        }
        shape.down = ParseCounts("down", m_down);
        shape.up = ParseCounts("up", m_up);
        shape.parallel = m_parallel.empty() ? std::vector<uint32_t>(shape.down.size(), 1)
                                            : ParseCounts("parallel", m_parallel);
        if (shape.up.size() != shape.down.size())
        {
            throw ParameterError("up",
                                 "down has " + std::to_string(shape.down.size()) +
                                     " levels, up has " + std::to_string(shape.up.size()) +
                                     ": one number per level in each");
        }
        if (shape.parallel.size() != shape.down.size())
        {
            throw ParameterError(
                "parallel",
                "down has " + std::to_string(shape.down.size()) + " levels, parallel has " +
                    std::to_string(shape.parallel.size()) + ": one number per level in each");
        }
        if (shape.down.size() > 16)
        {
            throw ParameterError("down", "more than 16 levels");
        }
    }
    if (m_taper != 1)
    {
        if (shape.up.size() < 2)
        {
            throw ParameterError("taper", "a tree of one level has no links above its leaves");
        }
        const double up = shape.up[1] / m_taper;
        if (up < 1 || std::abs(up - std::round(up)) > 1e-9 * up)
        {
            throw ParameterError("taper",
                                 "a leaf's " + std::to_string(shape.up[1]) +
                                     " parents divided by the taper are not a whole number, at "
                                     "least 1");
        }
        shape.up[1] = static_cast<uint32_t>(std::lround(up));
    }
    return shape;
}

uint32_t
FatTreeTopology::GetCapacity() const
{
    const Shape shape = GetShape();
    const double endpoints =
        std::accumulate(shape.down.begin(), shape.down.end(), 1.0, std::multiplies<>());
    CheckSize(m_radix > 0 ? "radix" : "down", endpoints, 0);
    return static_cast<uint32_t>(endpoints);
}

std::vector<std::string>
FatTreeTopology::GetLinkClassNames() const
{
    std::vector<std::string> names{"endpoint"};
    for (size_t level = 1; level < GetShape().down.size(); ++level)
    {
        names.push_back("level" + std::to_string(level));
    }
    return names;
}

void
FatTreeTopology::Attach(Topology& topology,
                        const std::vector<uint32_t>& endpoints,
                        const std::string& path,
                        uint32_t tier) const
{
    const Shape shape = GetShape();
    CheckEndpoints(endpoints.size());
    const auto levels = static_cast<uint32_t>(shape.down.size());
    const std::string key = m_radix > 0 ? "radix" : "down";
    double size = GetCapacity();
    double cables = 0;
    for (uint32_t l = 0; l < levels; ++l)
    {
        cables += size * shape.up[l] * shape.parallel[l];
        size = size / shape.down[l] * shape.up[l];
        CheckSize(key, size, cables);
    }

    topology.OpenDomain({this, GetScope(), tier, path, endpoints});
    // A node of level l is (hi, lo): hi = endpoint / (m_1 ... m_l) names its subtree, lo is the
    // mixed-radix number of the choices made going up. Its number in its level is hi * W + lo,
    // W = w_1 ... w_l.
    std::vector<uint32_t> children = endpoints;
    uint32_t subtrees = GetCapacity();
    uint32_t copies = 1;
    for (uint32_t l = 0; l < levels; ++l)
    {
        const uint32_t m = shape.down[l];
        const uint32_t w = shape.up[l];
        const std::string name = path + (l == 0            ? "leaf"
                                         : l + 1 == levels ? "spine"
                                                           : "level" + std::to_string(l + 1) + "-");
        std::vector<uint32_t> switches(subtrees / m * copies * w);
        for (size_t i = 0; i < switches.size(); ++i)
        {
            switches[i] = topology.AddSwitch(name + std::to_string(i));
        }
        const uint32_t cls = topology.AddLinkClass(
            {GetScope(), l == 0 ? "endpoint" : "level" + std::to_string(l), {}});
        for (uint32_t child = 0; child < children.size(); ++child)
        {
            const uint32_t hi = child / copies / m;
            const uint32_t lo = child % copies;
            for (uint32_t choice = 0; choice < w; ++choice)
            {
                const uint32_t parent = (hi * copies + lo) * w + choice;
                for (uint32_t k = 0; k < shape.parallel[l]; ++k)
                {
                    topology.AddCable(children[child], switches[parent], cls);
                }
            }
        }
        subtrees /= m;
        copies *= w;
        children = std::move(switches);
    }
}

} // namespace mtlink
} // namespace ns3
