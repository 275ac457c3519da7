/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "endpoint/reorder-buffers.h"
#include "engine/random.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <map>
#include <vector>

using namespace ns3::mtlink;

TEST_SUITE("endpoint")
{
    TEST_CASE("packets leave a reorder buffer in order, as soon as none before is missing")
    {
        MESSAGE("seed 20240803");
        RandomStream random(20240803, 1);
        for (int run = 0; run < 50; ++run)
        {
            PacketPool pool;
            ReorderBuffers buffers(pool);
            const auto messages = 1 + static_cast<uint32_t>(random.Integer(4));
            std::vector<uint32_t> packets;
            std::map<uint32_t, std::vector<bool>> come;
            for (uint32_t message = 0; message < messages; ++message)
            {
                const auto count = 1 + static_cast<uint32_t>(random.Integer(30));
                come[message].resize(count);
                for (uint32_t sequence = 0; sequence < count; ++sequence)
                {
                    const uint32_t index = pool.Allocate();
                    pool[index].message = message;
                    pool[index].sequence = sequence;
                    pool[index].flits = 3;
                    packets.push_back(index);
                }
            }
            for (size_t i = packets.size(); i > 1; --i)
            {
                std::swap(packets[i - 1], packets[random.Integer(i)]);
            }
            std::map<uint32_t, uint32_t> next;
            uint32_t held = 0;
            uint32_t most = 0;
            Tick now = 0;
            for (const uint32_t index : packets)
            {
                const uint32_t message = pool[index].message;
                come[message][pool[index].sequence] = true;
                ++held;
                for (const uint32_t released : buffers.Accept(2, index, ++now))
                {
                    CHECK(pool[released].message == message);
                    CHECK(pool[released].sequence == next[message]++);
                    --held;
                }
                // What is next has not come.
                CHECK((next[message] == come[message].size() || !come[message][next[message]]));
                most = std::max(most, held);
                CHECK(buffers.GetOccupancy(2, now).GetCurrent() == 3 * held);
            }
            CHECK(held == 0);
            CHECK(buffers.GetOccupancy(2, now).GetMax() == 3 * most);
            CHECK(buffers.GetOccupancy(1, now).GetMax() == 0);
            CHECK(buffers.Forget(0, now).empty());
            const uint32_t again = pool.Allocate();
            pool[again].message = 0;
            pool[again].sequence = 0;
            CHECK(buffers.Accept(2, again, now).size() == 1); // the number stands for a new one
        }
    }

    TEST_CASE("a message that is forgotten hands out what waited of it")
    {
        PacketPool pool;
        ReorderBuffers buffers(pool);
        for (const uint32_t sequence : {2, 1, 5})
        {
            const uint32_t index = pool.Allocate();
            pool[index].message = 0;
            pool[index].sequence = sequence;
            pool[index].flits = 1;
            CHECK(buffers.Accept(0, index, 10).empty());
        }
        CHECK(buffers.Forget(0, 20).size() == 3);
        CHECK(buffers.GetOccupancy(0, 20).GetCurrent() == 0);
    }
}
