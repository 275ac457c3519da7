#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Tables and claims of this study; see ../study.py."""
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, "..")
from study import between, interval, main, one, pick, read, table  # noqa: E402

FABRICS = ["fat-tree-ecmp", "fat-tree-adaptive", "fat-tree-taper-2", "dragonfly-minimal", "dragonfly-valiant", "dragonfly-ugal",
           "dragonfly-par", "dragonfly-taper-2"]
ECMP, TREE, TREE_TAPER, MINIMAL, VALIANT, UGAL, PAR, FLY_TAPER = FABRICS
TRAFFIC = ["uniform", "permutation", "group_adversarial"]
LOADS = ["0.1", "0.3", "0.5", "0.7", "0.9"]
loads, settling, collectives = (read(f"data/{name}.csv") for name in ("loads", "settling", "collectives"))


def of(fabric, traffic, load="0.9", figure="accepted_load"):
    return one(loads, figure + "_mean", fabric=f"{fabric}.yaml", traffic=traffic, load=load)


def latency(fabric, traffic, load):
    """Mean latency in µs, as text, with its interval; nothing where more is offered than accepted: there it grows with the window."""
    if of(fabric, traffic, load) < 0.96 * of(fabric, traffic, load, "offered_load"):
        return "saturated"
    mean, half = (one(loads, f"packet_latency_ns_mean_{end}", fabric=f"{fabric}.yaml", traffic=traffic, load=load) / 1000 for end in ("mean", "ci95"))
    return f"{mean:.2f} ± {half:.2f}"


def times(fabric, what):
    """Times in µs of a collective, one for each seed."""
    return [float(row["completion_time_ns"]) / 1000 for row in pick(collectives, fabric=f"{fabric}.yaml", collective=what)]


def mean_time(fabric, what):
    return sum(times(fabric, what)) / len(times(fabric, what))


def cost(fabric, figure):
    return one(collectives, figure, fabric=f"{fabric}.yaml", collective="all_to_all")


def all_reduce_range(fabric):
    return f"{min(times(fabric, 'all_reduce')):.1f} to {max(times(fabric, 'all_reduce')):.1f}"


accepted = table(["fabric", *TRAFFIC], [[name, *(interval(loads, "accepted_load", fabric=f"{name}.yaml", traffic=traffic, load="0.9")
                                                 for traffic in TRAFFIC)] for name in FABRICS])
latencies = table(["fabric", *(f"{traffic}, {load}" for traffic in TRAFFIC for load in LOADS[:4])],
                  [[name, *(latency(name, traffic, load) for traffic in TRAFFIC for load in LOADS[:4])] for name in FABRICS])
by_collective = table(["fabric", "all_reduce of 1 MiB, µs, three seeds", "all_to_all of 4 MiB, µs"],
                      [[name, all_reduce_range(name), mean_time(name, "all_to_all")] for name in FABRICS])
costs = table(["fabric", "switch chips, mm2", "power, W", "SerDes", "W per card and accepted uniform load"],
              [[name, *(cost(name, figure) for figure in ("cost_area_mm2", "cost_power_W", "cost_serdes")),
                cost(name, "cost_power_W") / 1024 / of(name, "uniform")] for name in FABRICS])


def power(fabric):
    return cost(fabric, "cost_power_W")


def settled(fabric):
    return one(settling, "accepted_load", fabric=f"{fabric}.yaml")


TREE_TIME = mean_time(TREE, "all_to_all")
CLAIMS = [
    ("At a tenth of the load the minimal dragonfly takes three quarters of the tree's time",
     between(0.73, of(MINIMAL, "uniform", "0.1", "packet_latency_ns_mean") / of(TREE, "uniform", "0.1", "packet_latency_ns_mean"), 0.77)),
    ("Under uniform traffic neither is saturated at 0.9",
     all(of(name, "uniform") > 0.96 * of(name, "uniform", "0.9", "offered_load") for name in (TREE, MINIMAL))),
    ("the dragonfly accepts what the adaptive tree does, within 0.01", abs(of(MINIMAL, "uniform") - of(TREE, "uniform")) < 0.01),
    ("accepts a tenth less than minimal ways do; Valiant, which sends all round, 0.52, about what 1,056 links out of groups carry if each packet takes two",
     between(0.88, of(UGAL, "uniform") / of(MINIMAL, "uniform"), settled(UGAL) / settled(MINIMAL), 0.92) and between(0.51, of(VALIANT, "uniform"), 0.525)
     and abs(of(VALIANT, "uniform") - 33 * 32 / 2 / 1024) < 0.005),
    ("the hash of flows costs the tree more than half of what it could accept",
     between(0.43, of(ECMP, "permutation") / of(TREE, "permutation"), 0.5)),
    ("only the adaptive tree carries it", all(of(name, "permutation") < 0.57 for name in FABRICS if name != TREE) and of(TREE, "permutation") > 0.87),
    ("A dragonfly that goes minimally accepts 1/32 of the cards' rate from group to group",
     abs(of(MINIMAL, "group_adversarial") - 1 / 32) < 0.0005),
    ("Valiant brings it to 0.48, UGAL and PAR to 0.50",
     between(0.475, of(VALIANT, "group_adversarial"), 0.485) and all(between(0.495, of(name, "group_adversarial"), 0.505) for name in (UGAL, PAR))),
    ("PAR gains on UGAL in latency there, not in what is accepted",
     of(PAR, "group_adversarial", "0.3", "packet_latency_ns_mean") < 0.95 * of(UGAL, "group_adversarial", "0.3", "packet_latency_ns_mean")
     and abs(of(PAR, "group_adversarial") - of(UGAL, "group_adversarial")) < 0.01),
    ("takes 3.6 times as long for it, and UGAL 2.4 times; the tapered tree takes 2.1 times as long",
     between(3.45, mean_time(MINIMAL, "all_to_all") / TREE_TIME, 3.65) and between(2.35, mean_time(UGAL, "all_to_all") / TREE_TIME, 2.45)
     and between(2, mean_time(TREE_TAPER, "all_to_all") / TREE_TIME, 2.15)),
    ("The adaptive tree is within 3 % of the time that a card's port needs", TREE_TIME < 1.03 * 4 * 2**20 * 1023 / 1024 / 25e9 * 1e6),
    ("the dragonfly takes 1.7 times as long as the tree by minimal ways and 1.5 times by detours",
     between(1.65, mean_time(MINIMAL, "all_reduce") / mean_time(TREE, "all_reduce"), 1.75)
     and all(between(1.45, mean_time(name, "all_reduce") / mean_time(TREE, "all_reduce"), 1.55) for name in (VALIANT, UGAL, PAR))),
    ("with cables of half the rate it takes 4 % longer", between(1.03, mean_time(FLY_TAPER, "all_reduce") / mean_time(UGAL, "all_reduce"), 1.05)),
    ("The dragonfly takes half the power of the full tree", between(0.48, power(MINIMAL) / power(TREE), 0.52)),
    ("528 cables longer than copper reaches instead of 2,048", 33 * 32 // 2 == 528 and 2 * 1024 == 2048),
    ("only 3 % with other groups", between(0.025, sum(2**-k for k in range(6, 11)) / sum(2**-k for k in range(1, 11)), 0.035)),
    ("the adaptive tree and the minimal dragonfly accept 0.89 of 0.90, UGAL 0.79 and Valiant 0.50, all within 0.02 of the table",
     between(0.885, settled(TREE), settled(MINIMAL), 0.895) and between(0.785, settled(UGAL), 0.795) and between(0.495, settled(VALIANT), 0.505)
     and between(0.895, one(settling, "offered_load", fabric=f"{TREE}.yaml"), 0.905)
     and all(abs(settled(name) - of(name, "uniform")) < 0.02 for name in (TREE, MINIMAL, UGAL, VALIANT))),
    ("The tapered tree takes more power than the full dragonfly with UGAL, and accepts less of uniform traffic and of a permutation",
     power(TREE_TAPER) > power(UGAL) and all(of(TREE_TAPER, traffic) < of(UGAL, traffic) for traffic in TRAFFIC[:2])),
    ("the tapered tree accepts 0.48 to 0.49 of the cards' rate under all three kinds of traffic, the tapered dragonfly 0.26 to 0.42",
     between(0.48, *(of(TREE_TAPER, traffic) for traffic in TRAFFIC), 0.49) and between(0.255, *(of(FLY_TAPER, traffic) for traffic in TRAFFIC), 0.425)),
    ("for a seventh more power than the full one", between(1.13, power(TREE_TAPER) / power(UGAL), 1.155)),
    ("the full dragonfly is the cheapest carrier of uniform traffic",
     min(FABRICS, key=lambda name: power(name) / of(name, "uniform")) in (MINIMAL, UGAL)),
    ("the tapered tree does an all-to-all faster than any dragonfly",
     all(mean_time(TREE_TAPER, "all_to_all") < mean_time(name, "all_to_all") for name in (MINIMAL, VALIANT, UGAL, PAR, FLY_TAPER)))]
main({"latencies": latencies, "accepted": accepted, "collectives": by_collective, "costs": costs}, CLAIMS)
