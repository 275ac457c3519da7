# SPDX-License-Identifier: GPL-2.0-only
"""Virtual output queues and iSLIP on 16 x 16 (McKeown 1999), uniform Bernoulli arrivals."""

from .. import references
from ..case import Case, Figure, Row, Series, at_least, relative
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
    runs = {
        iterations: Run.of(
            EXPERIMENT,
            settings(PORTS, 1.0, options.window(50_000), 20_000, **{
                "fabric.switch.queueing": "voq",
                "fabric.switch.arbiter": "islip",
                "fabric.switch.iterations": iterations,
            }),
            cost=10,
        )
        for iterations in (1, 4)
    }

    def judge(results):
        return [
            Row(f"islip/{iterations}-iterations/accepted", 1.0, results[iterations].accepted,
                at_least(0.98, gate=True))
            for iterations in (1, 4)
        ]

    return Case("islip/accepted", "VOQ and iSLIP reach 1.0 under uniform traffic", runs, judge)


def cases(options):
    return [waits(options), throughput(options)]
