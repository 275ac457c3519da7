/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/mtlink-module.h"
#include "ns3/simulator.h"

#include <iostream>

int
main()
{
    ns3::Simulator::Schedule(ns3::NanoSeconds(7), [] { std::cout << "ran\n"; });
    ns3::Simulator::Run();
    ns3::Simulator::Destroy();
}
