#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Tables and claims of this study; see ../study.py."""
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, "..")
from study import main, one, read, table  # noqa: E402

FABRICS = ["fat-tree-ecmp", "fat-tree-adaptive", "fat-tree-taper-2", "dragonfly-minimal", "dragonfly-ugal", "dragonfly-taper-2"]
TRAFFIC = ["uniform", "permutation", "group_adversarial"]
loads = read("data/loads.csv")


def of(fabric, traffic, figure="accepted_load"):
    return one(loads, figure, fabric=f"{fabric}.yaml", traffic=traffic)


accepted = table(["fabric", *TRAFFIC], [[name, *(of(name, traffic) for traffic in TRAFFIC)] for name in FABRICS])
costs = table(["fabric", "switch chips, mm2", "power, W", "SerDes", "W per card and accepted uniform load"],
              [[name, *(of(name, "uniform", figure) for figure in ("cost_area_mm2", "cost_power_W", "cost_serdes")),
                of(name, "uniform", "cost_power_W") / 1024 / of(name, "uniform")] for name in FABRICS])

TREE, DRAGONFLY, UGAL, TAPERED = "fat-tree-adaptive", "dragonfly-minimal", "dragonfly-ugal", "fat-tree-taper-2"


def power(fabric):
    return of(fabric, "uniform", "cost_power_W")


CLAIMS = [
    ("Under uniform traffic the minimal dragonfly accepts what the tree does",
     abs(of(DRAGONFLY, "uniform") - of(TREE, "uniform")) < 0.02),
    ("the hash of flows costs the tree half of what it could accept",
     0.47 < of("fat-tree-ecmp", "permutation") / of(TREE, "permutation") < 0.53),
    ("only the adaptive tree carries it", all(of(name, "permutation") < 0.55 for name in FABRICS if name != TREE)),
    ("A dragonfly that goes minimally accepts 1/32 of the cards' rate from group to group",
     abs(of(DRAGONFLY, "group_adversarial") - 1 / 32) < 0.0005),
    ("UGAL brings it to a half", abs(of(UGAL, "group_adversarial") - 0.5) < 0.01),
    ("A taper of 2 leaves the tree between 0.45 and 0.48 under all three kinds of traffic",
     all(0.45 < of(TAPERED, traffic) < 0.48 for traffic in TRAFFIC)),
    ("The dragonfly takes half the power of the full tree", 0.48 < power(DRAGONFLY) / power(TREE) < 0.52),
    ("The tapered tree costs more than the dragonfly and accepts less of uniform traffic",
     power(TAPERED) > power(UGAL) and of(TAPERED, "uniform") < of(UGAL, "uniform")),
    ("the dragonfly is below it in power and above it in accepted load, under all three kinds of traffic",
     power(TAPERED) > power(UGAL) and all(of(TAPERED, traffic) < of(UGAL, traffic) for traffic in TRAFFIC))]
main({"accepted": accepted, "costs": costs}, CLAIMS)
