# SPDX-License-Identifier: GPL-2.0-only
"""Faults that other simulators were measured to have."""

import json

from ..case import Case, Row, at_most, exact, relative
from ..runs import CASES, Run

MIB = 1 << 20
#: Keys of summary.json that tell of the machine, not of the model.
OF_THE_MACHINE = ("wall_time_s", "cpu_time_s", "setup_time_s", "peak_rss_bytes")


def rail_ring(options):
    """A chunk is not stored whole in a switch: time grows with the size as the slowest link asks."""
    runs = {size: Run.of("rail-ring.yaml", {"workload.size": f"{size}MiB"}, cost=5) for size in (1, 64)}

    def judge(results):
        ideal = 2 * 31 / 32 * 63 * MIB / 50
        slope = (results[64].time_ns - results[1].time_ns) / ideal
        return [Row("regression/rail-ring-slope", 1.0, slope, relative(0.01),
                    note="64 MiB less 1 MiB over the ideal; ASTRA-sim's analytical model: 1.91")]

    return Case("regression/rail-ring-slope", "a chunk is not stored whole in a switch", runs, judge)


def determinism(options):
    runs = {
        (experiment, copy): Run.of(experiment, settings, copy=copy)
        for experiment, settings in (
            ("dragonfly.yaml", {"workload.measure": "2us"}),
            ("fat-tree.yaml", {"workload.measure": "2us", "fabric.routing.selection": "hash"}),
            ("rail-ring.yaml", {"workload.size": "1MiB"}),
        )
        for copy in (0, 1)
    }

    def content(path):
        if path.name != "summary.json":
            return path.read_bytes()
        summary = json.loads(path.read_text(encoding="utf-8"))
        return {key: value for key, value in summary.items() if key not in OF_THE_MACHINE}

    def judge(results):
        differing = compared = 0
        for experiment in {experiment for experiment, _ in results}:
            one, other = (results[experiment, copy].directory for copy in (0, 1))
            names = {path.name for directory in (one, other) for path in directory.iterdir()}
            compared += len(names)
            for name in names:
                same = (one / name).exists() and (other / name).exists()
                differing += not (same and content(one / name) == content(other / name))
        return [Row("regression/two-runs", 0, differing, exact(), "files",
                    note=f"of {compared} that differ between two runs of one input; SimAI: results 2.9 % apart")]

    return Case("regression/two-runs", "the same input gives the same bytes", runs, judge)


def parallel_links(options):
    runs = {
        (links, size): Run.of("pair.yaml", {"fabric.links_per_pair": links, "workload.size": f"{size}MiB"})
        for links in (1, 2, 7) for size in (16, 64)
    }

    def judge(results):
        rows = []
        for links in (1, 2, 7):
            spent = results[links, 64].time_ns - results[links, 16].time_ns
            rows.append(Row(f"regression/parallel-links/{links}", 50 * links, 48 * MIB / spent, relative(0.001),
                            "GB/s"))
        return rows

    return Case("regression/parallel-links", "all links of a pair carry data", runs, judge)


def bus_bandwidth(options):
    """No algorithm that moves data by sends gets more than an endpoint's links give."""
    rates = {"s5000-mesh-8": 392, "s5000-switch-8": 392, "nvl8-h100": 450}
    algorithms = ("ring", "bidirectional_ring", "tree", "halving_doubling", "doubling", "direct", "two_shot")
    runs = {
        (fabric, algorithm): Run.of("s5000-mesh.yaml", {
            "fabric": CASES.parent.parent / "topologies" / f"{fabric}.yaml", "workload.algorithm": algorithm,
            "workload.size": "16MiB"}, cost=2)
        for fabric in rates for algorithm in algorithms
    }

    def judge(results):
        return [
            Row(f"regression/busbw/{fabric}", rate,
                max(result.busbw for (one, _), result in results.items() if one == fabric),
                at_most(rate, gate=True), "GB/s", note="the most of seven all-reduce algorithms")
            for fabric, rate in rates.items()
        ]

    return Case("regression/busbw", "busbw is at most the links' rate", runs, judge)


def tree(options):
    """Small all-reduces take 2 log2 n steps by a tree and 2 (n-1) by a ring."""
    step = 1000 + 400  # ns: overhead, and latency of the path
    runs = {
        (algorithm, n): Run.of("ring.yaml", {
            "fabric.endpoints": n, "workload.algorithm": algorithm, "workload.size": "64B"})
        for algorithm in ("tree", "ring") for n in (8, 32)
    }

    def judge(results):
        truth = {("tree", 8): 6, ("tree", 32): 10, ("ring", 8): 14, ("ring", 32): 62}
        return [
            Row(f"regression/steps/{algorithm}/n={n}", truth[algorithm, n], result.time_ns / step,
                relative(0.02), "steps")
            for (algorithm, n), result in results.items()
        ]

    return Case("regression/steps", "a tree is a tree, a ring is a ring", runs, judge)


def cases(options):
    return [rail_ring(options), determinism(options), parallel_links(options), bus_bandwidth(options),
            tree(options)]
