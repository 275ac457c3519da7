/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SWEEP_PAIRS_H
#define MTLINK_SWEEP_PAIRS_H

#include "measure/text-file.h"
#include "scratch.h"
#include "sweep/sweep.h"

#include <doctest/doctest.h>
#include <filesystem>
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

/** Check that two directories of sweeps have the same tables, or lack the same. */
inline void
CheckEqual(const std::string& one, const std::string& other)
{
    const auto read = [](const std::string& path) {
        return std::filesystem::exists(path) ? ns3::mtlink::ReadTextFile(path) : "none";
    };
    CHECK(read(one + "/sweep.csv") != "none");
    for (const char* table : {"/sweep.csv", "/sweep-means.csv", "/designs.csv"})
    {
        CAPTURE(table);
        CHECK(read(one + table) == read(other + table));
    }
}

#endif // MTLINK_SWEEP_PAIRS_H
