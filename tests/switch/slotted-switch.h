/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TEST_SLOTTED_SWITCH_H
#define MTLINK_TEST_SLOTTED_SWITCH_H

#include "../fabric/test-fabric.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <random>

/**
 * An N x N switch as in the papers on switches: one-flit cells, slots of a cell's time. N endpoints
 * send, N others receive, and at the beginning of each slot each sender has a cell or not.
 */
class SlottedSwitch
{
  public:
    static constexpr ns3::mtlink::Tick SLOT = 1000; //!< 64 B at 512 Gb/s

    /** What one run gives. */
    struct Outcome
    {
        double wait;      //!< Mean latency less that of an idle switch, slots
        double delivered; //!< Cells per slot and output, in the measured slots
    };

    /**
     * @param [in] ports N.
     * @param [in] chip Parameters of the switch; the rest is set here.
     * @param [in] bothWays Instead: N endpoints, each of which sends to all others.
     */
    SlottedSwitch(uint32_t ports, Values chip, bool bothWays = false)
        : m_ports(ports),
          m_bothWays(bothWays)
    {
        const bool hasCrossbar = std::none_of(chip.begin(), chip.end(), [](const auto& value) {
            return value.second == "output";
        });
        chip.insert(chip.end(), {{"Latency", "2ns"}, {"Vcs", "1"}, {"Buffer", "1073741824"}});
        if (hasCrossbar)
        {
            chip.emplace_back("InputSpeedup", "1");
        }
        m_test.chip = chip;
        m_test.endpoint = {{"Packet", "64"},
                           {"Window", "0"},
                           {"Buffer", "1048576"},
                           {"Service", "in_order"}};
    }

    /**
     * Run uniform Bernoulli traffic.
     * @param [in] load Cells per slot and sender.
     * @param [in] warmup Slots that do not count.
     * @param [in] slots Slots that do.
     * @param [in] seed Of arrivals and destinations.
     * @return what came out.
     */
    Outcome Run(double load, uint32_t warmup, uint32_t slots, uint32_t seed)
    {
        std::mt19937 random(seed);
        std::bernoulli_distribution hasCell(load);
        std::uniform_int_distribution<uint32_t> target(m_bothWays, m_ports - 1);
        m_test.measure.windowStart = warmup * SLOT;
        const uint32_t endpoints = m_bothWays ? m_ports : 2 * m_ports;
        m_test.Build(MakeLayout("SingleSwitch", {{"Endpoints", std::to_string(endpoints)}}));
        uint32_t slot = 0;
        std::function<void()> arrive = [&] {
            for (uint32_t sender = 0; sender < m_ports; ++sender)
            {
                if (hasCell(random))
                {
                    const uint32_t step = target(random);
                    m_test.Send(sender,
                                m_bothWays ? (sender + step) % m_ports : m_ports + step,
                                64);
                }
            }
            if (++slot < warmup + slots)
            {
                ns3::Simulator::Schedule(ns3::PicoSeconds(SLOT), [&] { arrive(); });
            }
        };
        ns3::Simulator::ScheduleNow([&] { arrive(); });
        const ns3::mtlink::RunResults results = m_test.Run();
        constexpr ns3::mtlink::Tick IDLE = 2 * 10000 + 2000 + SLOT;
        uint64_t count = 0;
        for (const Delivery& delivery : m_test.delivered)
        {
            const ns3::mtlink::Tick departed = delivery.at - IDLE;
            count += departed >= warmup * SLOT && departed < (warmup + slots) * SLOT;
        }
        return {(results.packetLatency->mean * 1000 - IDLE) / SLOT,
                static_cast<double>(count) / slots / m_ports};
    }

    /** @return the fabric, for what else is to be looked at. */
    TestFabric& GetFabric()
    {
        return m_test;
    }

  private:
    uint32_t m_ports;  //!< N
    bool m_bothWays;   //!< Endpoints both send and receive
    TestFabric m_test; //!< The fabric
};

#endif // MTLINK_TEST_SLOTTED_SWITCH_H
