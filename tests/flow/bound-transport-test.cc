/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../simulation.h"
#include "flow/bound-transport.h"

#include <doctest/doctest.h>
#include <set>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** Hears of an operation of a group of four, which takes 50 ps. */
class Members : public MessageClient
{
  public:
    /** Run an operation to its end. */
    void Run(GroupAction action, uint32_t root)
    {
        const Simulation simulation;
        BoundCosts costs;
        costs.messageOverhead = 7;
        costs.openGroup = [](std::span<const uint32_t>, uint32_t, bool, bool, uint8_t) {
            return 0U;
        };
        costs.groupTime = [](const GroupMessage&) { return Tick{50}; };
        BoundTransport transport(4, costs);
        const std::vector<uint32_t> members{3, 1, 0, 2};
        const uint32_t group = transport.OpenGroup(members, 0, true, true);
        const uint32_t number = transport.OpenGroupMessage({group, action, root, 1000}, this, 100);
        for (uint32_t member = 0; member < members.size(); ++member)
        {
            if (action != GroupAction::MULTICAST || member == root)
            {
                transport.JoinGroupMessage(number, member);
            }
        }
        Simulator::Run();
        CHECK(Simulator::Now().GetPicoSeconds() == 57);
        bytes = transport.GetBytesDelivered();
    }

    void MessageSent(uint64_t cookie) override
    {
        CHECK(sent.insert(cookie).second);
    }

    void MessageDelivered(uint64_t cookie) override
    {
        CHECK(delivered.insert(cookie).second);
    }

    void MessageLost(uint64_t) override
    {
        FAIL("nothing is lost where nothing is simulated");
    }

    std::set<uint64_t> sent;      //!< Who heard that its part is out
    std::set<uint64_t> delivered; //!< Who heard that it has all
    uint64_t bytes{0};            //!< Delivered
};

} // namespace

TEST_SUITE("bound transport")
{
    TEST_CASE("a reduction ends at its root alone, a copy at all others, an all-reduce at all")
    {
        Members reduce;
        reduce.Run(GroupAction::REDUCE, 2);
        CHECK(reduce.sent == std::set<uint64_t>{100, 101, 102, 103});
        CHECK(reduce.delivered == std::set<uint64_t>{102});
        CHECK(reduce.bytes == 1000);

        Members copy;
        copy.Run(GroupAction::MULTICAST, 2);
        CHECK(copy.sent == std::set<uint64_t>{102});
        CHECK(copy.delivered == std::set<uint64_t>{100, 101, 103});
        CHECK(copy.bytes == 3000);

        Members all;
        all.Run(GroupAction::ALL_REDUCE, 0);
        CHECK(all.sent == std::set<uint64_t>{100, 101, 102, 103});
        CHECK(all.delivered == std::set<uint64_t>{100, 101, 102, 103});
        CHECK(all.bytes == 4000);
    }
}
