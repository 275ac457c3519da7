# SPDX-License-Identifier: GPL-2.0-only
"""FIFO input queues: head-of-line blocking (Karol, Hluchyj, Morgan 1987)."""

from .. import references
from ..case import REPORT, Case, Figure, Row, Series, relative
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
    ports = 64
    slotted, asynchronous = arbiters = ("islip", "round_robin")
    runs = {
        (arbiter, load, seed): Run.of(
            EXPERIMENT,
            settings(ports, load, options.window(100_000), 5_000, **{"fabric.switch.arbiter": arbiter}),
            seed=seed, cost=12 * load,
        )
        for arbiter in arbiters
        for load in loads
        for seed in options.seeds(3)
    }

    def measured(results, arbiter):
        return {
            load: estimate(
                r.latency - T0 for (by, at, _), r in results.items() if (by, at) == (arbiter, load)
            )
            for load in loads
        }

    def judge(results):
        rows = []
        for arbiter in arbiters:
            ours = measured(results, arbiter)
            for load in loads:
                note = ""
                if arbiter == asynchronous and load == loads[-1]:
                    note = "in order of events, not in slots: as at random, for which an independent slotted model gives more"
                rows.append(Row(f"fifo/wait/N=64/{arbiter}/load={load}", wait(load), ours[load],
                                relative(0.05) if arbiter == slotted else REPORT, "slots", note=note))
        return rows

    def figures(results):
        ours = measured(results, slotted)
        events = measured(results, asynchronous)
        fine = [i / 100 for i in range(1, 53)]
        return [
            Figure(
                "fifo-wait",
                "FIFO input queues, 64 x 64, uniform: wait",
                "offered load",
                "mean wait (slots)",
                [
                    Series("mtlink, in slots (islip)", loads, [ours[p].mean for p in loads],
                           [ours[p].half for p in loads]),
                    Series("mtlink, in order of events (round_robin)", loads,
                           [events[p].mean for p in loads], [events[p].half for p in loads]),
                    Series("p / (p² - 4p + 2), many ports", fine, [wait(p) for p in fine], reference=True),
                ],
            )
        ]

    return Case("fifo/wait/N=64", "FIFO inputs, 64 x 64: mean wait against that for many ports", runs, judge, figures)


def half_load(options):
    """The figure that is given for 32 ports."""
    runs = {
        seed: Run.of(EXPERIMENT, settings(32, 0.5, options.window(200_000), 5_000, **{
            "fabric.switch.arbiter": "islip"}), seed=seed, cost=6)
        for seed in options.seeds(4)
    }

    def judge(results):
        ours = estimate(result.latency - T0 for result in results.values())
        return [Row("fifo/wait/N=32/islip/load=0.5", 1.995, ours, relative(0.05), "slots")]

    return Case("fifo/wait/N=32", "FIFO inputs, 32 x 32, half load: mean wait", runs, judge)


def cases(options):
    return [*saturation(options), waits(options), half_load(options)]
