# SPDX-License-Identifier: GPL-2.0-only
"""FIFO input queues: head-of-line blocking (Karol, Hluchyj, Morgan 1987)."""

from .. import references
from ..case import Case, Figure, Row, Series, relative
from ..runs import Run
from ..statistics import estimate

EXPERIMENT = "switch-nxn.yaml"
T0 = 3  # slots: two wires of one, the cell itself


def settings(ports, load, slots, warmup, **others):
    return {
        "fabric.endpoints": 2 * ports,
        "workload.targets": list(range(ports, 2 * ports)),
        "workload.load": load,
        "workload.warmup": f"{warmup}ns",
        "workload.measure": f"{slots}ns",
        **others,
    }


def wait(load):
    """Mean wait in slots for many ports."""
    return load / (load * load - 4 * load + 2)


def saturation(options):
    rows = references.load("fifo-saturation")
    for row in rows:
        ports = int(row["ports"])
        runs = {
            seed: Run.of(EXPERIMENT, settings(ports, 1.0, options.window(100_000), 5_000), seed=seed)
            for seed in options.seeds(3)
        }

        def judge(results, name=f"fifo/saturation/N={ports}", truth=row["accepted"]):
            ours = estimate(result.accepted for result in results.values())
            return [Row(name, truth, ours, relative(0.005))]

        yield Case(f"fifo/saturation/N={ports}", f"FIFO inputs, {ports} x {ports}, offered 1.0", runs, judge)


def waits(options):
    loads = [0.1, 0.2, 0.3, 0.4, 0.5]
    ports = 32
    runs = {
        (load, seed): Run.of(
            EXPERIMENT, settings(ports, load, options.window(200_000), 5_000), seed=seed, cost=8 * load
        )
        for load in loads
        for seed in options.seeds(4)
    }

    def measured(results):
        return {
            load: estimate(r.latency - T0 for (at, _), r in results.items() if at == load) for load in loads
        }

    def judge(results):
        ours = measured(results)
        return [
            Row(f"fifo/wait/N=32/load={load}", wait(load), ours[load], relative(0.05), "slots")
            for load in loads
        ]

    def figures(results):
        ours = measured(results)
        fine = [i / 100 for i in range(1, 53)]
        return [
            Figure(
                "fifo-wait",
                "FIFO input queues, 32 x 32, uniform: wait",
                "offered load",
                "mean wait (slots)",
                [
                    Series("mtlink", loads, [ours[p].mean for p in loads], [ours[p].half for p in loads]),
                    Series("p / (p² - 4p + 2), many ports", fine, [wait(p) for p in fine], reference=True),
                ],
            )
        ]

    return Case("fifo/wait", "FIFO inputs, 32 x 32: mean wait", runs, judge, figures)


def cases(options):
    return [*saturation(options), waits(options)]
