/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training/steps.h"

#include <array>
#include <span>

namespace ns3
{
namespace mtlink
{

void
Add(Steps& steps, Step::Type type, const Work& work)
{
    if (work.kernel == 0 && work.host == 0)
    {
        return;
    }
    if (!steps.empty() && steps.back().type == type)
    {
        steps.back().work += work;
        return;
    }
    Step step;
    step.type = type;
    step.work = work;
    steps.push_back(step);
}

Step
MakeStep(Step::Type type, GroupKind group, const char* collective, uint64_t bytes)
{
    Step step;
    step.type = type;
    step.group = group;
    step.collective = collective;
    step.bytes = bytes;
    return step;
}

Steps
Join(const Steps& first, const Steps& second)
{
    Steps all = first;
    all.insert(all.end(), second.begin(), second.end());
    return all;
}

Steps
Interleave(const Steps& first, const Steps& second)
{
    Steps all;
    std::array<std::span<const Step>, 2> rest{first, second};
    for (std::size_t turn = 0; !rest[0].empty() || !rest[1].empty(); turn = 1 - turn)
    {
        bool isSent = false;
        std::size_t count = 0;
        while (count < rest[turn].size() && !isSent)
        {
            const Step& step = rest[turn][count++];
            isSent = step.type == Step::LAUNCH && step.group == GroupKind::EXPERT;
            all.push_back(step);
        }
        rest[turn] = rest[turn].subspan(count);
    }
    return all;
}

} // namespace mtlink
} // namespace ns3
