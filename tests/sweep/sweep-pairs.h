/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SWEEP_PAIRS_H
#define MTLINK_SWEEP_PAIRS_H

#include "measure/text-file.h"
#include "scratch.h"
#include "sweep/sweep.h"

#include <doctest/doctest.h>
#include <string>

/** @return a sweep of eight points, of which each two are the same. */
inline ns3::mtlink::Sweep
LoadPairs(const Scratch& scratch, const std::string& name = "s.yaml")
{
    scratch.Write("a.yaml", "kind: full_mesh\nendpoints: 4\n");
    scratch.Write("b.yaml", "kind: full_mesh\nendpoints: 4\n");
    return ns3::mtlink::LoadSweep(scratch.Write(
        name,
        BASE + "grid: {workload.size: [1KiB, 2KiB, 4KiB, 8KiB], fabric: [a.yaml, b.yaml]}\n"
               "seeds: [1]\n"));
}

/** Check that two directories of sweeps have the same tables. */
inline void
CheckEqual(const std::string& one, const std::string& other)
{
    for (const char* table : {"/sweep.csv", "/sweep-means.csv", "/designs.csv"})
    {
        CHECK(ns3::mtlink::ReadTextFile(one + table) == ns3::mtlink::ReadTextFile(other + table));
    }
}

#endif // MTLINK_SWEEP_PAIRS_H
