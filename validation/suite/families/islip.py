# SPDX-License-Identifier: GPL-2.0-only
"""Virtual output queues and iSLIP on 16 x 16 (McKeown 1999), uniform Bernoulli arrivals."""

from .. import references
from ..case import Case, Figure, Row, Series, at_most, relative
from ..runs import Run
from ..statistics import estimate
from .fifo import EXPERIMENT, T0, settings

PORTS = 16


def output_queued(load):
    """Mean wait with output queues: no arbiter can do better."""
    return (PORTS - 1) / PORTS * load / (2 * (1 - load))


def waits(options):
    reference = references.load("islip-wait")
    loads = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]
    runs = {
        (iterations, load, seed): Run.of(
            EXPERIMENT,
            settings(PORTS, load, options.window(200_000), 10_000, **{
                "fabric.switch.queueing": "voq",
                "fabric.switch.arbiter": "islip",
                "fabric.switch.iterations": iterations,
            }),
            seed=seed, cost=10 * load,
        )
        for iterations in (1, 4)
        for load in loads
        for seed in options.seeds(3)
    }

    def wait(results, iterations, load):
        return estimate(
            result.latency - T0 for (i, at, _), result in results.items() if i == iterations and at == load
        )

    def judge(results):
        return [
            Row(f"islip/{int(row['iterations'])}-iterations/wait/load={row['load']}", row["wait"],
                wait(results, int(row["iterations"]), row["load"]), relative(0.1), "slots")
            for row in reference
        ]

    def figures(results):
        series = []
        for iterations in (1, 4):
            ours = [wait(results, iterations, load) for load in loads]
            label = f"iSLIP, {iterations} iteration{'s' if iterations > 1 else ''}"
            rows = [row for row in reference if row["iterations"] == iterations]
            series.append(Series(label, loads, [one.mean for one in ours], [one.half for one in ours]))
            series.append(Series(label + ", slotted model", [row["load"] for row in rows],
                                 [row["wait"] for row in rows], reference=True))
        fine = [i / 100 for i in range(10, 81)]
        series.append(Series("output queues, (N-1)/N ρ / (2 (1 - ρ))", fine,
                             [output_queued(p) for p in fine], reference=True))
        return [Figure("islip-wait", "VOQ and iSLIP, 16 x 16, uniform: wait", "offered load",
                       "mean wait (slots)", series, log_y=True)]

    return Case("islip", "VOQ and iSLIP(1), iSLIP(4), 16 x 16: mean waits", runs, judge, figures)


def throughput(options):
    """At any load below 1 all is carried. At 1.0 itself the queues grow without end, and an output stands idle
    whenever no cell happens to be for it: the longer the window, the rarer."""
    windows = [options.window(50_000), options.window(200_000)]
    runs = {
        (iterations, load, window, seed): Run.of(
            EXPERIMENT,
            settings(PORTS, load, window, 20_000, **{
                "fabric.switch.queueing": "voq",
                "fabric.switch.arbiter": "islip",
                "fabric.switch.iterations": iterations,
            }),
            seed=seed, cost=window / 20_000,
        )
        for iterations in (1, 4)
        for load, window in ((0.95, windows[1]), (1.0, windows[0]), (1.0, windows[1]))
        for seed in options.seeds(3)
    }

    def accepted(results, iterations, load, window):
        return estimate(
            result.accepted for (i, at, w, _), result in results.items() if (i, at, w) == (iterations, load, window)
        )

    def judge(results):
        rows = []
        for iterations in (1, 4):
            name = f"islip/{iterations}-iterations/accepted"
            short, long = (accepted(results, iterations, 1.0, window) for window in windows)
            rows += [
                Row(f"{name}/load=0.95", 0.95, accepted(results, iterations, 0.95, windows[1]), relative(0.005)),
                Row(f"{name}/load=1.0", 1.0, long, relative(0.01),
                    note=f"a window of {windows[1]:,} slots; {short.mean:.4f} in {windows[0]:,}"),
                Row(f"{name}/idle-slots", None, (1 - long.mean) / (1 - short.mean), at_most(0.8, gate=True),
                    note="idle share of the window four times as long over that of the short one: it goes to 0"),
            ]
        return rows

    return Case("islip/accepted", "VOQ and iSLIP reach 1.0 under uniform traffic", runs, judge)


def cases(options):
    return [waits(options), throughput(options)]
