/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../fabric/test-fabric.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <string>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

constexpr Tick IDLE = 2 * 10000 + 2000; //!< Latency of the first bit

/** @return when the last of some transfers of 100 packets, a 64 ns each, was delivered. */
Tick
Transfer(const Values& chip, const std::vector<std::pair<uint32_t, uint32_t>>& pairs)
{
    const Simulation simulation;
    TestFabric test;
    test.chip = {{"Latency", "2ns"}, {"Vcs", "1"}, {"Buffer", "1048576"}};
    test.chip.insert(test.chip.end(), chip.begin(), chip.end());
    test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "8"}}));
    for (const auto& [src, dst] : pairs)
    {
        test.Send(src, dst, 4096 * 100, src);
    }
    test.Run();
    CHECK(test.delivered.size() == pairs.size());
    CHECK(test.fabric->CheckConservation() == "");
    return test.delivered.back().at;
}

const std::vector<std::pair<uint32_t, uint32_t>> ACROSS{{0, 4}, {1, 5}, {2, 6}, {3, 7}};
const std::vector<std::pair<uint32_t, uint32_t>> WITHIN{{0, 1}, {2, 3}, {4, 5}, {6, 7}};

} // namespace

TEST_SUITE_BEGIN("switch");

TEST_CASE("a row and a column of tiles pass as many packets at once as they have lanes")
{
    for (const std::string arbiter : {"round_robin", "oldest_first", "islip", "wavefront"})
    {
        for (const uint32_t lanes : {1u, 2u, 4u, 5u})
        {
            CAPTURE(arbiter);
            CAPTURE(lanes);
            const auto limit = [&](const char* rows, const char* columns, const char* what) {
                return Values{{"Arbiter", arbiter},
                              {"TileRows", rows},
                              {"TileColumns", columns},
                              {what, std::to_string(lanes)}};
            };
            const auto time = [](uint32_t atOnce) {
                return IDLE + 400 / static_cast<Tick>(atOnce) * 64000;
            };
            // One tile: all inputs are in its row, all outputs in its column.
            CHECK(Transfer(limit("1", "1", "RowLanes"), ACROSS) == time(std::min(lanes, 4u)));
            CHECK(Transfer(limit("1", "1", "ColumnLanes"), ACROSS) == time(std::min(lanes, 4u)));
            // Ports 0 to 3 in one, 4 to 7 in the other. Across all inputs are in the first, all
            // outputs in the second; within half of each is.
            CHECK(Transfer(limit("2", "1", "RowLanes"), ACROSS) == time(std::min(lanes, 4u)));
            CHECK(Transfer(limit("1", "2", "ColumnLanes"), ACROSS) == time(std::min(lanes, 4u)));
            CHECK(Transfer(limit("2", "1", "RowLanes"), WITHIN) == time(std::min(2 * lanes, 4u)));
            CHECK(Transfer(limit("1", "2", "ColumnLanes"), WITHIN) ==
                  time(std::min(2 * lanes, 4u)));
            // The other direction is not limited.
            CHECK(Transfer(limit("1", "8", "ColumnLanes"), ACROSS) == time(4));
        }
    }
}

TEST_CASE("tiles with lanes for all change nothing")
{
    const std::vector<std::pair<uint32_t, uint32_t>> pairs{{0, 4}, {1, 4}, {2, 4}, {0, 5}, {3, 6}};
    for (const std::string arbiter : {"oldest_first", "islip", "wavefront"})
    {
        const Values tiles{{"Arbiter", arbiter},
                           {"TileRows", "2"},
                           {"TileColumns", "2"},
                           {"RowLanes", "16"},
                           {"ColumnLanes", "16"}};
        CHECK(Transfer(tiles, pairs) == Transfer({{"Arbiter", arbiter}}, pairs));
    }
}

TEST_CASE("an input's pipeline deals with as many packets a second as its packet rate says")
{
    // 64 B take 1 ns on the wire. 3 10^8 a second are 3,333.3 ps apart: no third is lost.
    for (const auto& [rate, time] : {std::pair<std::string, Tick>{"100000000", 30000000},
                                     {"300000000", 10000000},
                                     {"1000000000", 3000000},
                                     {"5000000000", 3000000}})
    {
        CAPTURE(rate);
        const Simulation simulation;
        TestFabric test;
        test.chip = {{"Latency", "2ns"}, {"Vcs", "1"}, {"PacketRate", rate}};
        test.endpoint = {{"Packet", "64"}, {"Window", "0"}};
        test.Build(MakeLayout("SingleSwitch", {{"Endpoints", "4"}}));
        test.Send(0, 1, 64 * 3001);
        test.Send(2, 3, 64 * 3001, 1); // another port has another pipeline
        test.Run();
        CHECK(test.delivered[0].at == IDLE + time + 1000);
        CHECK(test.delivered[1].at == IDLE + time + 1000);
        CHECK(test.fabric->CheckConservation() == "");
    }
}

TEST_SUITE_END();
