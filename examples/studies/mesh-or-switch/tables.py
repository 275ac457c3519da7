#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Tables and claims of this study; see ../study.py."""
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, "..")
from study import main, one, pick, read, table  # noqa: E402

MESH, DETOUR, SWITCH = "../../../topologies/s5000-mesh-8.yaml", "mesh-detour.yaml", "../../../topologies/s5000-switch-8.yaml"
FABRICS = {"mesh": MESH, "mesh with detours": DETOUR, "switch planes": SWITCH}
BUSBW, TIME = "collective_busbw_GBps_mean", "completion_time_ns"
ROOTED = ["broadcast", "reduce", "gather", "scatter"]
COLLECTIVES = ["all_reduce", "all_gather", "reduce_scatter", "all_to_all", *ROOTED]
collectives, rooted, groups, fault = (read(f"data/{name}.csv") for name in ("collectives", "rooted", "groups", "fault"))


def of(fabric, collective, count, size, figure=BUSBW):
    return one(rooted if collective in ROOTED else collectives, figure, fabric=fabric, collective=collective, ranks=f"{{count: {count}}}", size=size)


def busbw_by_size(count):
    sizes = ["4KiB", "64KiB", "1MiB", "16MiB", "256MiB", "1GiB"]
    return table(["fabric", *sizes], [[name, *(of(fabric, "all_reduce", count, size) for size in sizes)]
                                      for name, fabric in FABRICS.items()])


by_collective = table(["collective", *(f"{name}, {count} cards" for count in (2, 4, 8) for name in FABRICS)],
                      [[collective, *(of(fabric, collective, count, "256MiB") for count in (2, 4, 8)
                                      for fabric in FABRICS.values())] for collective in COLLECTIVES])

GROUPS = {"one group of 2": (2, 1), "four groups of 2": (2, 4), "one group of 4": (4, 1), "two groups of 4": (4, 2)}


def of_groups(fabric, ranks, count):
    for row in pick(groups, fabric=fabric):
        text = row["workloads"]
        if text.count("collective") == count and text.split("ranks: [")[1].split("]")[0].count(",") == ranks - 1:
            return float(row[BUSBW])
    raise ValueError("no such groups")


by_group = table(["all-reduce of 64 MiB in", *FABRICS],
                 [[name, *(of_groups(fabric, *which) for fabric in FABRICS.values())] for name, which in GROUPS.items()])

FAULTS = {"none": lambda row: not row["faults"] and not row["fabric.planes"],
          "a lane of two": lambda row: "degraded" in row["faults"],
          "a link": lambda row: row["faults"].count("down") == 1,
          "two links": lambda row: row["faults"].count("down") == 2,
          "a plane, out of use for all": lambda row: row["fabric.planes"] == "13"}


def of_fault(fabric, fault_name, collective):
    rows = [row for row in pick(fault, fabric=fabric, collective=collective) if FAULTS[fault_name](row)]
    if not rows:
        return ""
    return float(rows[0][BUSBW]) if rows[0]["status"] == "done" else None


by_fault = table(["card 0 has lost", *(f"{name}, {what}" for what in ("all_reduce", "all_to_all") for name in FABRICS)],
                 [[name, *(of_fault(fabric, name, what) for what in ("all_reduce", "all_to_all")
                           for fabric in FABRICS.values())] for name in FAULTS])

costs = table(["fabric", "switch chips, mm2", "power, W", "SerDes"],
              [[name, *(one(collectives, figure, fabric=fabric, collective="all_reduce", ranks="{count: 8}", size="1MiB")
                        for figure in ("cost_area_mm2", "cost_power_W", "cost_serdes"))] for name, fabric in FABRICS.items()])


def near(a, b, share=0.02):
    return a is not None and b is not None and abs(a - b) <= share * b


LARGE = ["all_reduce", "all_gather", "reduce_scatter", "all_to_all"]
main({"costs": costs, "size2": busbw_by_size(2), "size4": busbw_by_size(4), "size8": busbw_by_size(8), "collectives": by_collective,
      "groups": by_group, "faults": by_fault},
     [("With all 8 cards and large buffers, the mesh is as fast as the switches",
       all(near(of(MESH, c, 8, "1GiB"), of(SWITCH, c, 8, "1GiB")) for c in LARGE)),
      ("two cards on the mesh have a seventh of a card's bandwidth, four have three sevenths",
       all(near(of(MESH, c, n, "1GiB") / of(SWITCH, c, n, "1GiB"), (n - 1) / 7) for c in LARGE for n in (2, 4))),
      ("Detours give one group that works alone what the switches give it",
       near(of_groups(DETOUR, 2, 1), of_groups(SWITCH, 2, 1)) and near(of_groups(DETOUR, 4, 1), of_groups(SWITCH, 4, 1))),
      ("With groups everywhere, detours give four sevenths of a card's bandwidth to pairs and five sevenths to fours",
       near(of_groups(DETOUR, 2, 4), 392 * 4 / 7) and near(of_groups(DETOUR, 4, 2), 392 * 5 / 7)),
      ("a link that is down halves the mesh",
       near(of_fault(MESH, "a link", "all_reduce"), of_fault(MESH, "none", "all_reduce") / 2)),
      ("two links that are down, of one pair, stop it",
       of_fault(MESH, "two links", "all_reduce") is None and of_fault(MESH, "two links", "all_to_all") is None),
      ("with detours the same faults leave three quarters and three fifths of the all-reduce",
       near(of_fault(DETOUR, "a link", "all_reduce") / of_fault(DETOUR, "none", "all_reduce"), 0.78, 0.04)
       and near(of_fault(DETOUR, "two links", "all_reduce") / of_fault(DETOUR, "none", "all_reduce"), 0.6)),
      ("The planes lose a fourteenth, once software takes the plane out of use",
       near(of_fault(SWITCH, "a plane, out of use for all", "all_reduce"), of_fault(SWITCH, "none", "all_reduce") * 13 / 14)),
      ("A broadcast by 8 cards loses a little by detours",
       0.9 * of(MESH, "broadcast", 8, "256MiB") < of(DETOUR, "broadcast", 8, "256MiB") < of(MESH, "broadcast", 8, "256MiB")),
      ("At 4 KiB the mesh is about twice as fast at any size of group",
       all(1.8 < of(MESH, "all_reduce", n, "4KiB") / of(SWITCH, "all_reduce", n, "4KiB") < 2.5 for n in (2, 4, 8))),
      ("until then they stop", of_fault(SWITCH, "a link", "all_reduce") is None)])
