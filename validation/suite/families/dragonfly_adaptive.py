# SPDX-License-Identifier: GPL-2.0-only
"""Valiant, UGAL-L, UGAL-G and PAR on the dragonfly of 72 endpoints, each group sending to the next."""

from ..case import REPORT, Case, Figure, Row, Series, at_least
from ..runs import Run
from ..statistics import estimate
from .dragonfly import SHARED, settings

LOADS = [0.05, 0.1, 0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.8, 1.0]
#: What each must accept at least.
ALGORITHMS = {"valiant": 0.45, "ugal_l": 0.40, "ugal_g": 0.45, "par": None}
NAMES = {"valiant": "Valiant", "ugal_l": "UGAL-L", "ugal_g": "UGAL-G", "par": "PAR"}
#: As many global links leave a group as endpoints are in it, and a detour crosses two. With the one link to the
#: next group full of minimal packets, 1/(a p), m + 2 d <= 1 leaves d <= (1 - 1/(a p)) / 2.
MOST = (1 + 1 / SHARED) / 2
#: Virtual channels, each of 256 flits: one for each class that the longest route asks for.
VCS = {"valiant": 3, "ugal_l": 3, "ugal_g": 3, "par": 4}


def adversarial(algorithm, options):
    runs = {
        (load, seed): Run.of("dragonfly.yaml", settings(load, options, 20_000, **{
            "workload.warmup": "15us",
            "workload.traffic": "group_adversarial",
            "fabric.routing.algorithm": algorithm,
            "fabric.routing.granularity": "packet",  # as published: each packet decides
            "fabric.switch.vcs": VCS[algorithm],
        }), seed=seed, cost=25 * min(load, 0.5))
        for load in LOADS for seed in options.seeds(2)
    }
    name = f"dragonfly/adversarial-{algorithm}"

    def judge(results):
        accepted = {load: accepted_at(results, load) for load in LOADS}
        top = max(one.mean for one in accepted.values())
        falls = min(
            accepted[later].mean / accepted[load].mean
            for i, load in enumerate(LOADS) for later in LOADS[i + 1:]
        )
        bound = ALGORITHMS[algorithm]
        rows = [
            Row(f"{name}/accepted", MOST, top, at_least(bound) if bound else REPORT,
                note="the most accepted at any offered load; reference: global links full")
        ]
        rows.append(Row(f"{name}/no-collapse", 1.0, min(falls, 1.0), at_least(0.97),
                        note="least accepted at a higher offered load, as a share of that at a lower one"))
        return rows

    return Case(name, f"latency and accepted load, {NAMES[algorithm]}", runs, judge, gate=False)


def accepted_at(results, load):
    return estimate(result.accepted for (one, _), result in results.items() if one == load)


def curves(options, parts):
    """All algorithms in one figure."""
    runs = {(case.name, label): run for case in parts for label, run in case.runs.items()}

    def figures(results):
        accepted, latency = [], []
        for case, algorithm in zip(parts, ALGORITHMS):
            own = {label: results[case.name, label] for label in case.runs}
            points = [accepted_at(own, load) for load in LOADS]
            accepted.append(Series(NAMES[algorithm], LOADS, [p.mean for p in points], [p.half for p in points]))
            times = {
                load: estimate(result.latency for (one, _), result in own.items() if one == load)
                for load in LOADS
            }
            below = [load for load, point in zip(LOADS, points) if point.mean > 0.98 * load]
            latency.append(Series(NAMES[algorithm], below, [times[p].mean for p in below],
                                  [times[p].half for p in below]))
        accepted.append(Series("minimal, 1/(a p)", [0, 0.125, 1], [0, 0.125, 0.125], reference=True))
        accepted.append(Series("global links full, (1 + 1/(a p)) / 2", [0, MOST, 1], [0, MOST, MOST], reference=True))
        title = "Dragonfly, each group to the next"
        return [
            Figure("dragonfly-adversarial-accepted", title, "offered load", "accepted load", accepted),
            Figure("dragonfly-adversarial-latency", title + ": below saturation", "offered load",
                   "mean latency (cycles)", latency),
        ]

    return Case("dragonfly/adversarial-curves", "the four side by side", runs, lambda results: [], figures,
                gate=False)


def cases(options):
    parts = [adversarial(algorithm, options) for algorithm in ALGORITHMS]
    return [*parts, curves(options, parts)]
