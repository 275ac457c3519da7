/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/mtlink-class-profile.h"

#include "engine/enum-attribute.h"
#include "link/packet.h"
#include "topology/count-list.h"

#include "ns3/mtlink-error.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

namespace ns3
{
namespace mtlink
{

NS_OBJECT_ENSURE_REGISTERED(ClassProfile);

TypeId
ClassProfile::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mtlink::ClassProfile")
            .SetParent<Object>()
            .SetGroupName("Mtlink")
            .AddConstructor<ClassProfile>()
            .AddAttribute("TrafficClasses",
                          "Traffic classes, each with an equal part of the virtual channels; of an "
                          "endpoint: on ports wired straight to another endpoint. Assumed: one.",
                          UintegerValue(1),
                          MakeUintegerAccessor(&ClassProfile::m_trafficClasses),
                          MakeUintegerChecker<uint32_t>(1, MOST_TRAFFIC_CLASSES))
            .AddAttribute(
                "ClassPolicy",
                "Which traffic class goes first over a link: round_robin (a packet of each in "
                "turn), strict (the lowest number) or weighted (shares of the bandwidth, "
                "class_weights; start-time fair queueing, Goyal et al. 1996). Assumed.",
                EnumValue(ClassPolicy::CLASS_ROUND_ROBIN),
                EnumAccessor<ClassPolicy>(&ClassProfile::m_classPolicy),
                MakeEnumChecker(ClassPolicy::CLASS_ROUND_ROBIN,
                                "round_robin",
                                ClassPolicy::CLASS_STRICT,
                                "strict",
                                ClassPolicy::CLASS_WEIGHTED,
                                "weighted"))
            .AddAttribute("ClassWeights",
                          "With class_policy weighted: share of each traffic class, a whole number "
                          "from 1 to 1000 each. Assumed: none, to be given.",
                          StringValue(""),
                          MakeStringAccessor(&ClassProfile::m_classWeights),
                          MakeStringChecker());
    return tid;
}

void
ClassProfile::CheckClasses() const
{
    if (m_trafficClasses == 1 && m_classPolicy != CLASS_ROUND_ROBIN)
    {
        throw ParameterError("class_policy",
                             "it chooses among traffic classes, and there is one: leave it out, "
                             "or set traffic_classes");
    }
    if (m_classPolicy != CLASS_WEIGHTED)
    {
        if (!m_classWeights.empty())
        {
            throw ParameterError("class_weights",
                                 "only class_policy weighted has weights: leave it out, or set "
                                 "class_policy: weighted");
        }
        return;
    }
    const std::vector<uint32_t> weights =
        m_classWeights.empty() ? std::vector<uint32_t>()
                               : ParseCounts("class_weights", m_classWeights, 1, MOST_WEIGHT);
    if (weights.size() != m_trafficClasses)
    {
        throw ParameterError(
            m_classWeights.empty() ? "class_policy" : "class_weights",
            "class_policy weighted needs a weight for each of " + std::to_string(m_trafficClasses) +
                " traffic classes in class_weights, not " + std::to_string(weights.size()));
    }
}

ClassRules
ClassProfile::GetClassRules() const
{
    ClassRules rules{m_trafficClasses, m_classPolicy, {}};
    if (m_classPolicy == CLASS_WEIGHTED)
    {
        for (const uint32_t weight : ParseCounts("class_weights", m_classWeights, 1, MOST_WEIGHT))
        {
            rules.steps.push_back((ClassRules::UNIT + weight / 2) / weight);
        }
    }
    return rules;
}

} // namespace mtlink
} // namespace ns3
