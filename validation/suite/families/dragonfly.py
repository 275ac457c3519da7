# SPDX-License-Identifier: GPL-2.0-only
"""The dragonfly of 72 endpoints of Kim, Dally, Scott and Abts 2008, p = 2, a = 4, h = 2, 9 groups."""

from collections import Counter

from .. import references
from ..case import Case, Figure, Row, Series, absolute, at_least, exact, relative
from ..runs import Run
from ..statistics import Estimate, estimate

P, A, H, GROUPS = 2, 4, 2, 9
SHARED = A * P  # endpoints that share the one global link to the next group


def idle_latency(global_hops, local_hops):
    """T0 in cycles: wires, 2 for each switch, 1 for each endpoint link, 1 for the flit."""
    return 100 * global_hops + 10 * local_hops + 2 * (global_hops + local_hops + 1) + 3


def idle_latencies():
    """Number of the 71 others by T0, from any endpoint."""
    others = SHARED - P  # of a group, those at its other switches
    groups_here, groups_beyond = H, (A - 1) * H  # reached by the own switch's links, by another's
    return Counter({
        idle_latency(0, 0): P - 1,
        idle_latency(0, 1): others,
        idle_latency(1, 0): groups_here * P,
        idle_latency(1, 1): groups_here * others + groups_beyond * P,
        idle_latency(1, 2): groups_beyond * others,
    })


def mean_idle(counts):
    return sum(latency * count for latency, count in counts.items()) / sum(counts.values())


#: Uniform over the 71 others.
IDLE_UNIFORM = mean_idle(idle_latencies())
#: Uniform over all 72, as BookSim2 draws: itself through its own switch.
IDLE_BOOKSIM = mean_idle(idle_latencies() + Counter({idle_latency(0, 0): 1}))
#: To any of the next group: source and destination each at the global link's switch or not.
IDLE_ADVERSARIAL = sum(
    count * idle_latency(1, local)
    for local, count in ((0, P * P), (1, 2 * P * (SHARED - P)), (2, (SHARED - P) ** 2))
) / SHARED**2


def settings(load, options, slots, **others):
    return {
        "workload.load": load,
        "workload.warmup": "5us",
        "workload.measure": f"{options.window(slots)}ns",
        **others,
    }


def zero_load(options):
    runs = {"each": Run.of("dragonfly-zero-load.yaml")}

    def judge(results):
        ours = Counter(float(message["latency_ns"]) for message in results["each"].table("messages.csv"))
        wrong = sum(((ours - idle_latencies()) + (idle_latencies() - ours)).values())
        return [Row("dragonfly/zero-load", 0, wrong, exact(), "of 71",
                    note="destinations whose latency is not 100 g + 10 l + 2 H + 3")]

    return Case("dragonfly/zero-load", "T0 = 100 g + 10 l + 2 H + 3 to each of 71", runs, judge)


def adversarial_minimal(options):
    """All of a group send to the next: one global link for a p endpoints."""
    loads = [0.02, 0.04, 0.06, 0.08, 0.1, 0.11]
    over = [0.15, 0.3, 0.6, 1.0]
    pattern = {"workload.traffic": "group_adversarial"}
    runs = {
        (load, seed): Run.of(
            "dragonfly.yaml", settings(load, options, 100_000, **pattern), seed=seed, cost=60 * load)
        for load in loads for seed in options.seeds(3)
    }
    runs |= {
        (load, 1): Run.of("dragonfly.yaml", settings(load, options, 20_000, **pattern), cost=20 * load)
        for load in over
    }

    def truth(load):
        rho = SHARED * load
        return (SHARED - 1) / SHARED * rho / (2 * (1 - rho))

    def at(results, load, value):
        return estimate(value(result) for (one, _), result in results.items() if one == load)

    def wait(results, load):
        return at(results, load, lambda result: result.latency - IDLE_ADVERSARIAL)

    def judge(results):
        rows = [
            Row(f"dragonfly/adversarial-minimal/accepted/offered={load}", 1 / SHARED,
                at(results, load, lambda result: result.accepted), relative(0.005))
            for load in over
        ]
        rows += [
            Row(f"dragonfly/adversarial-minimal/wait/load={load}", truth(load), wait(results, load),
                absolute(1, "cycle"), "cycles")
            for load in loads
        ]
        return rows

    def figures(results):
        fine = [i / 1000 for i in range(5, 119)]
        waits = [wait(results, load) for load in loads]
        return [Figure(
            "dragonfly-adversarial-minimal", "Dragonfly, each group to the next, minimal routes: wait",
            "offered load", "mean wait (cycles)",
            [
                Series("mtlink", loads, [one.mean for one in waits], [one.half for one in waits]),
                Series("(ap-1)/ap ρ / (2 (1 - ρ)), ρ = ap x load", fine, [truth(p) for p in fine],
                       reference=True),
            ],
        )]

    return Case("dragonfly/adversarial-minimal", "one global link for 8 endpoints", runs, judge, figures)


def uniform_minimal(options):
    """Latency against BookSim2's, by the wait: pipelines and self-traffic differ."""
    reference = references.load("dragonfly-uniform")
    loads = sorted({row["load"] for row in reference} | {0.2, 0.4, 0.6, 0.85, 0.9, 1.0})
    runs = {
        (load, seed): Run.of("dragonfly.yaml", settings(load, options, 20_000), seed=seed, cost=8 * load)
        for load in loads for seed in options.seeds(2)
    }

    def at(results, load, value):
        return estimate(value(result) for (one, _), result in results.items() if one == load)

    def judge(results):
        rows = []
        for row in reference:
            ours = at(results, row["load"], lambda result: result.latency - IDLE_UNIFORM)
            rows.append(Row(f"dragonfly/uniform-minimal/wait/load={row['load']}",
                            row["latency"] - IDLE_BOOKSIM, ours, unit="cycles"))
        rows.append(Row("dragonfly/uniform-minimal/accepted", 0.846,
                        at(results, 1.0, lambda result: result.accepted), at_least(0.85)))
        return rows

    def figures(results):
        below = [load for load in loads if load <= 0.85]
        ours = [at(results, load, lambda result: result.latency) for load in below]
        shift = IDLE_UNIFORM - IDLE_BOOKSIM
        return [Figure(
            "dragonfly-uniform-minimal", "Dragonfly, uniform traffic, minimal routes",
            "offered load", "mean latency (cycles)",
            [
                Series("mtlink", below, [one.mean for one in ours], [one.half for one in ours]),
                Series("BookSim2, by T0", [row["load"] for row in reference],
                       [row["latency"] + shift for row in reference], reference=True),
            ],
            note=f"BookSim2's latencies are moved by {shift:+.2f}: it counts traffic to oneself",
        )]

    return Case("dragonfly/uniform-minimal", "latency and accepted load, uniform, minimal", runs, judge, figures)


def cases(options):
    return [zero_load(options), adversarial_minimal(options), uniform_minimal(options)]
