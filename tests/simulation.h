/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TEST_SIMULATION_H
#define MTLINK_TEST_SIMULATION_H

#include "ns3/global-value.h"
#include "ns3/nstime.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <string>

/**
 * A fresh simulator for as long as it lives, counting picoseconds.
 */
class Simulation
{
  public:
    /** Name of the fabric's own implementation. */
    static constexpr const char* FABRIC = "ns3::mtlink::FabricSimulatorImpl";
    /** Name of ns-3's. */
    static constexpr const char* DEFAULT = "ns3::DefaultSimulatorImpl";

    /** @param [in] implementation Which to use. */
    explicit Simulation(const std::string& implementation = FABRIC)
    {
        if (ns3::Time::GetResolution() != ns3::Time::PS)
        {
            ns3::Time::SetResolution(ns3::Time::PS);
        }
        ns3::Simulator::Destroy();
        ns3::GlobalValue::Bind("SimulatorImplementationType", ns3::StringValue(implementation));
    }

    ~Simulation()
    {
        ns3::Simulator::Destroy();
    }

    Simulation(const Simulation&) = delete;
    Simulation& operator=(const Simulation&) = delete;
};

#endif // MTLINK_TEST_SIMULATION_H
