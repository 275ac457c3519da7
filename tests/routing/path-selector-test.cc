/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "routing/path-selector.h"

#include "ns3/enum.h"
#include "ns3/string.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <map>
#include <vector>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** Loads that a test sets, by link. */
class FakeView : public CongestionView
{
  public:
    std::map<uint32_t, uint32_t> queued; //!< By link
    std::map<uint32_t, uint32_t> inUse;  //!< By link
    std::map<uint32_t, bool> full;       //!< By link: no credit

    uint32_t GetQueued(uint32_t link, uint8_t) const override
    {
        const auto found = queued.find(link);
        return found == queued.end() ? 0 : found->second;
    }

    uint32_t GetInUse(uint32_t link, uint8_t) override
    {
        return inUse[link];
    }

    bool HasCredit(uint32_t link, uint8_t, uint32_t) override
    {
        return !full[link];
    }
};

const std::vector<uint32_t> LINKS{10, 12, 14, 16}; //!< Equal ones

/** @return a selector of switch 7. */
PathSelector
MakeSelector(const std::string& granularity, const std::string& selection, uint32_t node = 7)
{
    const auto profile = CreateObject<RoutingProfile>();
    profile->SetAttribute("Granularity", StringValue(granularity));
    profile->SetAttribute("Selection", StringValue(selection));
    profile->SetAttribute("FlowletGap", StringValue("100ns"));
    return PathSelector(*profile, node, 1);
}

/** @return a packet that asks, of a flow and at a time. */
PathRequest
MakeRequest(uint32_t flow, Tick now = 0)
{
    PathRequest request;
    request.flow = flow;
    request.now = now;
    return request;
}

} // namespace

TEST_CASE("Round robin goes round each list of equal links on its own")
{
    PathSelector selector = MakeSelector("packet", "round_robin");
    FakeView view;
    const std::vector<uint32_t> others{20, 21, 22};
    for (uint32_t i = 0; i < 12; ++i)
    {
        CHECK(selector.Select({LINKS, 0}, MakeRequest(5), view) == LINKS[i % 4]);
        CHECK(selector.Select({others, 0}, MakeRequest(5), view) == others[i % 3]);
    }
}

TEST_CASE("Random selection takes all links about equally, and the same ones again")
{
    PathSelector selector = MakeSelector("packet", "random");
    PathSelector again = MakeSelector("packet", "random");
    PathSelector other = MakeSelector("packet", "random", 8);
    FakeView view;
    std::map<uint32_t, uint32_t> times;
    uint32_t same = 0;
    for (uint32_t i = 0; i < 4000; ++i)
    {
        const uint32_t link = selector.Select({LINKS, 0}, MakeRequest(5), view);
        CHECK(link == again.Select({LINKS, 0}, MakeRequest(5), view));
        same += link == other.Select({LINKS, 0}, MakeRequest(5), view);
        ++times[link];
    }
    // Binomial with mean 1000 and deviation 27: five deviations.
    for (const uint32_t link : LINKS)
    {
        CHECK(times[link] > 860);
        CHECK(times[link] < 1140);
    }
    CHECK(same > 860); // another switch draws others
    CHECK(same < 1140);
}

TEST_CASE("The least loaded link is that with the fewest flits queued and in use, ties in turn")
{
    PathSelector selector = MakeSelector("packet", "least_loaded");
    FakeView view;
    for (uint32_t i = 0; i < 8; ++i)
    {
        CHECK(selector.Select({LINKS, 0}, MakeRequest(5), view) == LINKS[i % 4]);
    }
    view.queued = {{10, 1}, {12, 2}, {14, 0}, {16, 2}};
    view.inUse = {{10, 2}, {12, 2}, {14, 5}, {16, 0}};
    CHECK(selector.Select({LINKS, 0}, MakeRequest(5), view) == 16);
    view.inUse[16] = 1;
    CHECK(selector.Select({LINKS, 0}, MakeRequest(5), view) == 10); // 3 as 16, which was taken last
    uint32_t load = 0;
    view.full = {{10, true}, {16, true}};
    const uint32_t place = selector.FindCredit({LINKS, 0}, MakeRequest(5), view, load);
    CHECK(place == 1);
    CHECK(load == 4);
    view.full = {{10, true}, {12, true}, {14, true}, {16, true}};
    CHECK(selector.FindCredit({LINKS, 0}, MakeRequest(5), view, load) == LINKS.size());
}

TEST_CASE("A flowlet keeps its link until the flow pauses for the gap")
{
    for (const std::string selection : {"hash", "random", "round_robin", "least_loaded"})
    {
        PathSelector selector = MakeSelector("flowlet", selection);
        FakeView view;
        std::map<uint32_t, uint32_t> links;
        Tick now = 1000;
        for (uint32_t flowlet = 0; flowlet < 64; ++flowlet)
        {
            const uint32_t link = selector.Select({LINKS, 0}, MakeRequest(5, now), view);
            ++links[link];
            view.queued[link] += 3; // who looks at load has a reason to change
            for (uint32_t packet = 0; packet < 5; ++packet)
            {
                now += 99999;
                CHECK(selector.Select({LINKS, 0}, MakeRequest(5, now), view) == link);
            }
            now += 100000;
        }
        CHECK(links.size() == 4);
    }
}
