/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "verdict/message-chain.h"

#include <doctest/doctest.h>
#include <vector>

using namespace ns3::mtlink;

namespace
{

/** Links of 10 ps to a byte, latency 100 ps. */
IdleCosts
MakeCosts()
{
    IdleCosts costs;
    costs.time = [](uint32_t, uint32_t, uint64_t bytes) {
        return static_cast<Tick>(100 + 10 * bytes);
    };
    costs.latency = [](uint32_t, uint32_t) { return Tick{100}; };
    return costs;
}

MessageResult
Make(uint32_t src, uint32_t dst, uint64_t bytes, Tick start, Tick end)
{
    MessageResult message;
    message.src = src;
    message.dst = dst;
    message.bytes = bytes;
    message.start = start;
    message.end = end;
    return message;
}

} // namespace

TEST_SUITE("verdict")
{
    TEST_CASE("a chain goes back from the last message by what its sources had got before")
    {
        const std::vector<MessageResult> messages{
            Make(0, 1, 5, 50, 200),   // 100 of latency, 50 of bytes
            Make(3, 1, 1, 0, 110),    // in before that
            Make(1, 2, 10, 230, 500), // 30 later, waited 70
            Make(2, 4, 1, 90, 200),   // not of the chain
        };
        const VerdictChain chain = FindChain(messages, 0, 520, MakeCosts());
        CHECK(chain.messages == 2);
        CHECK(chain.latency == 200);
        CHECK(chain.wire == 150);
        CHECK(chain.waiting == 70);
        CHECK(chain.compute == 50 + 30 + 20);
        CHECK(chain.software == 0);
    }

    TEST_CASE("overheads come off the time before and at the start of a message")
    {
        IdleCosts costs = MakeCosts();
        costs.messageOverhead = 40;
        costs.operationOverhead = 25;
        const std::vector<MessageResult> messages{
            Make(0, 1, 5, 25, 215),
            Make(1, 0, 5, 275, 465),
        };
        VerdictChain chain = FindChain(messages, 0, 465, costs);
        CHECK(chain.software == 2 * 40 + 2 * 25);
        CHECK(chain.compute == 60 - 25);
        costs.isGapSoftware = true;
        chain = FindChain(messages, 0, 465, costs);
        CHECK(chain.software == 2 * 40 + 25 + 60);
        CHECK(chain.compute == 0);
    }

    TEST_CASE("a chain of none, of messages that did not end and of messages of no time ends")
    {
        CHECK(FindChain({}, 0, 100, MakeCosts()).messages == 0);
        CHECK(FindChain({Make(0, 1, 5, 10, NEVER)}, 0, 100, MakeCosts()).messages == 0);
        const std::vector<MessageResult> instant{Make(0, 0, 5, 10, 10), Make(0, 0, 5, 10, 10)};
        CHECK(FindChain(instant, 0, 10, MakeCosts()).messages == 1);
    }
}
