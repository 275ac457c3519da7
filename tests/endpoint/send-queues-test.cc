/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "endpoint/send-queues.h"
#include "engine/random.h"

#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <array>
#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

constexpr uint32_t PACKET = 1000; //!< Largest payload

/** @return parameters with an order of service. */
Ptr<EndpointProfile>
MakeProfile(const std::string& service)
{
    const auto profile = CreateObject<EndpointProfile>();
    profile->SetAttribute("Packet", UintegerValue(PACKET));
    profile->SetAttribute("Service", StringValue(service));
    return profile;
}

/** Hears nothing but how often a message has left. */
class Client : public MessageClient
{
  public:
    uint32_t sent{0}; //!< How often

    void MessageSent(uint64_t) override
    {
        ++sent;
    }

    void MessageDelivered(uint64_t) override
    {
    }

    void MessageLost(uint64_t) override
    {
    }
};

} // namespace

TEST_SUITE("endpoint")
{
    TEST_CASE("queues are served in turn, or by the age of what leads them, whoever is passed")
    {
        for (const bool inOrder : {false, true})
        {
            MESSAGE("seed 20261129, in order: " << inOrder);
            RandomStream random(20261129, 1);
            PacketPool pool;
            Messages messages;
            const Ptr<EndpointProfile> profile = MakeProfile(inOrder ? "in_order" : "round_robin");
            SendQueues queues(pool, messages, *profile, 1);
            const std::array<uint32_t, 2> links{3, 4};
            PortGroup ports;
            ports.links = links;
            const uint32_t group = queues.AddGroup(0, ports, true);
            for (uint32_t target = 1; target <= 5; ++target)
            {
                SendQueue queue{};
                queue.target = target;
                queue.group = group;
                queues.AddQueue(queue);
            }
            std::vector<uint32_t> ring; // what it must be
            const auto leads = [&](uint32_t q) { return messages[queues[q].firstMessage].number; };
            const auto join = [&](uint32_t q) {
                queues.JoinRing(q);
                const auto behind = std::find_if(ring.begin(), ring.end(), [&](uint32_t other) {
                    return inOrder && leads(other) > leads(q);
                });
                ring.insert(behind, q);
            };
            uint64_t given = 0;
            uint64_t taken = 0;
            for (int step = 0; step < 3000; ++step)
            {
                if (random.Integer(4) == 0)
                {
                    MessageState message{};
                    message.queue = static_cast<uint32_t>(random.Integer(queues.GetSize()));
                    message.toSend = 1 + random.Integer(5 * PACKET);
                    given += message.toSend;
                    queues.Append(messages.Add(message));
                    if (queues[message.queue].state == SendQueue::EMPTY)
                    {
                        join(message.queue);
                    }
                }
                else if (!ring.empty())
                {
                    const uint64_t place = random.Integer(ring.size());
                    const uint32_t q = ring[place];
                    const uint32_t before = place == 0 ? NO_QUEUE : ring[place - 1];
                    queues.LeaveRing(queues.GetGroup(group), before, q, SendQueue::EMPTY);
                    ring.erase(ring.begin() + static_cast<std::ptrdiff_t>(place));
                    const MessageState& message = messages[queues[q].firstMessage];
                    const uint32_t payload = queues.GetNextPayload(queues[q]);
                    CHECK(payload == std::min<uint64_t>(message.toSend, PACKET));
                    const uint32_t number = message.packets;
                    const uint32_t packet = queues.TakePacket(q, payload, step);
                    CHECK(pool[packet].message == queues[q].firstMessage);
                    CHECK(pool[packet].sequence == number);
                    queues.NoteSent(queues[q], payload, step);
                    taken += payload;
                    if (!queues[q].IsEmpty())
                    {
                        join(q);
                    }
                }
                uint32_t at = queues.GetGroup(group).first;
                for (const uint32_t q : ring)
                {
                    REQUIRE(at == q);
                    at = queues[at].nextActive;
                }
                REQUIRE(at == NO_QUEUE);
            }
            uint64_t left = 0;
            for (const uint32_t q : ring)
            {
                for (uint32_t m = queues[q].firstMessage; m != NO_MESSAGE; m = messages[m].next)
                {
                    left += messages[m].toSend;
                }
            }
            CHECK(given == taken + left);
            CHECK(queues.GetWaiting(100).size() == ring.size());
        }
    }

    TEST_CASE("a message's place is free when it has left and come, in whichever order")
    {
        for (const bool leavesFirst : {false, true})
        {
            Messages messages;
            Client client;
            MessageState state{};
            state.client = &client;
            state.toDeliver = 1;
            const uint32_t first = messages.Add(state);
            const uint32_t second = messages.Add(state);
            CHECK(messages[second].number == messages[first].number + 1);
            const auto leave = [&] { messages.EndSending(first); };
            const auto come = [&] {
                messages[first].toDeliver = 0;
                messages.EndDelivery(first);
            };
            leavesFirst ? leave() : come();
            const uint32_t third = messages.Add(state);
            CHECK(third != first);
            leavesFirst ? come() : leave();
            CHECK(client.sent == 1);
            CHECK(messages.Add(state) == first);
        }
    }
}
