/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "slotted-switch.h"

#include <cmath>
#include <doctest/doctest.h>
#include <string>
#include <utility>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** @return whether a value is within a share of the truth. */
bool
IsNear(double value, double truth, double share)
{
    CAPTURE(truth);
    CAPTURE(value);
    const bool isNear = std::abs(value - truth) <= share * truth;
    CHECK(isNear);
    return isNear;
}

} // namespace

TEST_SUITE_BEGIN("switch");

TEST_CASE("fifo inputs saturate where head-of-line blocking has them, whatever the arbiter")
{
    // Karol, Hluchyj and Morgan 1987: who of those that collide goes makes no difference here.
    for (const auto& [ports, truth] :
         {std::pair<uint32_t, double>{2, 0.75}, {3, 0.6825}, {4, 0.6553}, {8, 0.6184}})
    {
        for (const std::string arbiter : {"round_robin", "oldest_first", "islip", "wavefront"})
        {
            CAPTURE(ports);
            CAPTURE(arbiter);
            const Simulation simulation;
            SlottedSwitch chip(ports, {{"Queueing", "fifo"}, {"Arbiter", arbiter}});
            const auto outcome = chip.Run(1.0, 500, 160000 / ports, 7);
            CHECK(IsNear(outcome.delivered, truth, 0.005));
        }
    }
}

TEST_CASE("cells wait in fifo inputs as long as Karol, Hluchyj and Morgan say")
{
    for (const double load : {0.1, 0.3, 0.5})
    {
        CAPTURE(load);
        const Simulation simulation;
        SlottedSwitch chip(32, {{"Queueing", "fifo"}, {"Arbiter", "islip"}});
        const auto outcome = chip.Run(load, 500, 25000, 3);
        CHECK(IsNear(outcome.wait, load / (load * load - 4 * load + 2), 0.05));
    }
}

TEST_CASE("who goes first of those that collide changes how long cells wait in fifo inputs")
{
    // Karol et al. choose at random, which gives 1.995; a fair round is a little better, and age
    // better still, for it takes away the long waits.
    double waits[2];
    int which = 0;
    for (const std::string arbiter : {"islip", "oldest_first"})
    {
        const Simulation simulation;
        SlottedSwitch chip(32, {{"Queueing", "fifo"}, {"Arbiter", arbiter}});
        waits[which++] = chip.Run(0.5, 500, 4000, 3).wait;
    }
    CHECK(waits[0] < 1.995);
    CHECK(waits[0] > 1.7);
    CHECK(waits[1] < 0.8 * waits[0]);
}

TEST_CASE("cells wait as long for iSLIP as in an independent slotted model")
{
    struct Point
    {
        std::string iterations; //!< Rounds
        double load;            //!< Cells per slot and sender
        double wait;            //!< Slots
        uint32_t slots;         //!< Measured
    };

    for (const Point& point : {Point{"1", 0.2, 0.148, 10000},
                               Point{"1", 0.5, 1.291, 10000},
                               Point{"1", 0.8, 44.6, 60000},
                               Point{"4", 0.2, 0.140, 10000},
                               Point{"4", 0.5, 0.713, 10000},
                               Point{"4", 0.8, 3.78, 20000}})
    {
        CAPTURE(point.iterations);
        CAPTURE(point.load);
        const Simulation simulation;
        SlottedSwitch chip(16, {{"Arbiter", "islip"}, {"Iterations", point.iterations}});
        const auto outcome = chip.Run(point.load, 2000, point.slots, 5);
        CHECK(IsNear(outcome.wait, point.wait, 0.1));
    }
}

TEST_CASE("virtual output queues carry full load, by far more than fifos")
{
    for (const auto& [arbiter, least] : {std::pair<std::string, double>{"oldest_first", 0.99},
                                         {"islip", 0.985},
                                         // Its diagonals are those of all 16 ports, of which half
                                         // have nothing to send: not the best order for 8 x 8.
                                         {"wavefront", 0.92},
                                         {"round_robin", 0.9}})
    {
        CAPTURE(arbiter);
        const Simulation simulation;
        SlottedSwitch chip(8, {{"Arbiter", arbiter}});
        const auto outcome = chip.Run(1.0, 10000, 3000, 2);
        CAPTURE(outcome.delivered);
        CHECK(outcome.delivered > least);
    }
}

TEST_SUITE_END();
