/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "switch/packet-pacer.h"

#include <doctest/doctest.h>
#include <initializer_list>

using namespace ns3::mtlink;

namespace
{

constexpr uint64_t SECOND = 1000000000000; // ps

} // namespace

TEST_SUITE_BEGIN("switch");

TEST_CASE("packets in a row are a rate's period apart, and no fraction of a picosecond adds up")
{
    for (const uint64_t rate : {1ULL, 3ULL, 300000007ULL, 1000000000ULL, 7000000000000ULL})
    {
        CAPTURE(rate);
        PacketPacer pacer;
        for (uint64_t packet = 0; packet < 1000; ++packet)
        {
            // The first picosecond at which so many periods are over.
            CHECK(pacer.Take(5, rate) ==
                  5 + static_cast<Tick>((packet * SECOND + rate - 1) / rate));
        }
    }
}

TEST_CASE("a packet that finds the pipeline idle is dealt with as it comes, whatever was before")
{
    PacketPacer pacer;
    for (const Tick now : {0, 3334, 10000, 20000, 20001, 40000})
    {
        const Tick at = pacer.Take(now, 300000007); // 3333.3 ps apart
        CHECK(at == (now == 20001 ? 20000 + 3334 : now));
    }
}

TEST_SUITE_END();
