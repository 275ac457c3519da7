# SPDX-License-Identifier: GPL-2.0-only
"""The 4-ary 3-tree of 64 endpoints with adaptive routes up."""

from .. import references
from ..case import REPORT, Case, Figure, Row, Series, at_least, relative
from ..runs import Run
from ..statistics import estimate

FLITS = 8
#: Destinations by switches on the way: below the same leaf, the same middle switch, any other.
OTHERS = {1: 3, 3: 12, 5: 48}


def idle_latency(switches):
    return 4 * switches + 2 + FLITS - 1


IDLE = sum(idle_latency(h) * count for h, count in OTHERS.items()) / 63
#: BookSim2 sends to oneself too, by the leaf.
IDLE_BOOKSIM = (63 * IDLE + idle_latency(1)) / 64


def adaptive(options):
    reference = references.load("fat-tree-adaptive")
    loads = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 1.0]
    runs = {
        (load, seed): Run.of("fat-tree.yaml", {
            "workload.load": load, "workload.measure": f"{options.window(40_000)}ns"}, seed=seed, cost=8 * load)
        for load in loads for seed in options.seeds(2)
    }

    def at(results, load, value):
        return estimate(value(result) for (one, _), result in results.items() if one == load)

    def accepted(results, load):
        return at(results, load, lambda result: result.accepted)

    def judge(results):
        rows = [
            Row(f"fat-tree/adaptive/wait/load={row['load']}", row["latency"] - IDLE_BOOKSIM,
                at(results, row["load"], lambda result: result.latency - IDLE), unit="cycles")
            for row in reference
        ]
        rows.append(Row("fat-tree/adaptive/accepted", 0.786, accepted(results, 1.0), at_least(0.78)))
        top = max(accepted(results, load).mean for load in loads)
        rows.append(Row("fat-tree/adaptive/no-collapse", 1.0, accepted(results, 1.0).mean / top, at_least(0.97),
                        note="accepted at offered 1.0 as a share of the most accepted at any load"))
        return rows

    def figures(results):
        ours = {load: at(results, load, lambda result: result.latency) for load in loads}
        below = [load for load in loads if ours[load].mean < 200]
        shift = IDLE - IDLE_BOOKSIM
        return [
            Figure(
                "fat-tree-adaptive-latency", "4-ary 3-tree, uniform traffic, adaptive up", "offered load",
                "mean latency (cycles)",
                [
                    Series("mtlink", below, [ours[p].mean for p in below], [ours[p].half for p in below]),
                    Series("BookSim2, by T0", [row["load"] for row in reference],
                           [row["latency"] + shift for row in reference], reference=True),
                ],
                note=f"BookSim2's latencies are moved by {shift:+.2f}: it counts traffic to oneself",
            ),
            Figure(
                "fat-tree-adaptive-accepted", "4-ary 3-tree, uniform traffic, adaptive up", "offered load",
                "accepted load",
                [
                    Series("mtlink", loads, [accepted(results, p).mean for p in loads],
                           [accepted(results, p).half for p in loads]),
                    Series("BookSim2 at 1.0", [1.0], [0.786], reference=True),
                ],
            ),
        ]

    return Case("fat-tree/adaptive", "latency and accepted load, packets choose the least loaded link up",
                runs, judge, figures, gate=False)


def permutation(options):
    """Full bisection and ideal spraying: every endpoint to one in the next quarter, at line rate."""
    runs = {
        selection: Run.of("fat-tree.yaml", {
            "workload.traffic": "permutation", "workload.shift": 16, "workload.load": 1.0,
            "workload.arrivals": "constant", "workload.measure": f"{options.window(40_000)}ns",
            "fabric.routing.selection": selection}, cost=6)
        for selection in ("round_robin", "least_loaded", "random")
    }

    def judge(results):
        return [
            Row(f"fat-tree/permutation/{selection}", 1.0, result.accepted,
                REPORT if selection == "random" else relative(0.001),
                note="packets sprayed at random meet on the way up: no ideal" if selection == "random" else "")
            for selection, result in results.items()
        ]

    return Case("fat-tree/permutation", "a permutation over the full bisection, sprayed: line rate", runs, judge)


def cases(options):
    return [adaptive(options), permutation(options)]
