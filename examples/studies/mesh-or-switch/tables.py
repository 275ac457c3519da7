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
COLLECTIVES = ["all_reduce", "all_gather", "reduce_scatter", "all_to_all", "broadcast", "reduce", "gather", "scatter", "send_recv"]
SIZES = ["4KiB", "64KiB", "1MiB", "16MiB", "256MiB", "1GiB"]
COUNTS = (2, 4, 8)
collectives, groups, fault = (read(f"data/{name}.csv") for name in ("collectives", "groups", "fault"))


def of(fabric, collective, count, size, figure=BUSBW):
    return one(collectives, figure, fabric=fabric, collective=collective, ranks=f"{{count: {count}}}", size=size)


def ratio(collective, count, size):
    return of(MESH, collective, count, size) / of(SWITCH, collective, count, size)


def busbw_by_size(count):
    return table(["fabric", *SIZES], [[name, *(of(fabric, "all_reduce", count, size) for size in SIZES)]
                                      for name, fabric in FABRICS.items()])


by_collective = table(["collective", *(f"{name}, {count} cards" for count in COUNTS for name in FABRICS)],
                      [[collective, *(of(fabric, collective, count, "256MiB") for count in COUNTS
                                      for fabric in FABRICS.values())] for collective in COLLECTIVES])
by_ratio = table(["mesh over switch planes", "cards", *SIZES],
                 [[collective, str(count), *(ratio(collective, count, size) for size in SIZES)]
                  for collective in COLLECTIVES for count in COUNTS])


def of_groups(fabric, figure, what, count=1, ranks=None):
    """The figure of the only set of workloads of a fabric that has `count` collectives, the words `what` and so many ranks."""
    rows = [row for row in pick(groups, fabric=fabric) if row["workloads"].count("collective:") == count and what in row["workloads"]
            and (ranks is None or f"count: {ranks}}}" in row["workloads"]
                 or row["workloads"].split("ranks: [")[-1].split("]")[0].count(",") == ranks - 1)]
    assert len(rows) == 1, (fabric, what, count, ranks, len(rows))
    return float(rows[0][figure])


GROUPS = {"one group of 2": (1, 2), "four groups of 2": (4, 2), "one group of 4": (1, 4), "two groups of 4": (2, 4)}
GROUP_SIZES = ["64KiB", "1MiB", "64MiB"]


def of_tensor(fabric, name, size="64MiB"):
    return of_groups(fabric, BUSBW, f"all_reduce, size: {size}", *GROUPS[name])


by_group = table(["all-reduces in", *(f"{fabric}, {size}" for size in GROUP_SIZES for fabric in FABRICS)],
                 [[name, *(of_tensor(fabric, name, size) for size in GROUP_SIZES for fabric in FABRICS.values())] for name in GROUPS])
UNEVEN = ["4KiB", "256KiB", "16MiB", "1GiB"]


def uneven(fabric, count, size="1GiB"):
    return of_groups(fabric, TIME, f"uneven-{size}", 1, count) / 1000


def barrier(fabric, count):
    return of_groups(fabric, TIME, "barrier", 1, count) / 1000


by_uneven = table(["µs", "cards", *FABRICS],
                  [["barrier", str(count), *(barrier(fabric, count) for fabric in FABRICS.values())] for count in COUNTS]
                  + [[f"uneven all_to_allv of {size}", str(count), *(uneven(fabric, count, size) for fabric in FABRICS.values())]
                     for size in UNEVEN for count in COUNTS])

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


FAULTY = ("all_reduce", "all_gather", "all_to_all", "broadcast")
by_fault = table(["card 0 has lost", "", *FAULTY],
                 [[name, kind, *(of_fault(fabric, name, what) for what in FAULTY)] for name in FAULTS for kind, fabric in FABRICS.items()
                  if of_fault(fabric, name, "all_reduce") != ""])

costs = table(["fabric", "switch chips, mm2", "power, W", "SerDes"],
              [[name, *(one(collectives, figure, fabric=fabric, collective="all_reduce", ranks="{count: 8}", size="1MiB")
                        for figure in ("cost_area_mm2", "cost_power_W", "cost_serdes"))] for name, fabric in FABRICS.items()])


def near(a, b, share=0.02):
    return a is not None and b is not None and abs(a - b) <= share * b


LARGE = ["all_reduce", "all_gather", "reduce_scatter", "all_to_all", "gather", "scatter"]
main({"costs": costs, "size2": busbw_by_size(2), "size4": busbw_by_size(4), "size8": busbw_by_size(8), "collectives": by_collective,
      "ratios": by_ratio, "groups": by_group, "uneven": by_uneven, "faults": by_fault},
     [("beside them 81 runs of groups, barriers and uneven exchanges, and 52 with faults", (len(groups), len(fault)) == (81, 52)),
      ("All the 486 collectives ran to their end", len(collectives) == 486 and all(row["status"] == "done" for row in collectives)),
      ("With all 8 cards and 256 MiB or more, the mesh is within 3 % of the switches or ahead of them in all collectives but send_recv",
       all(ratio(c, 8, size) > 0.97 for c in COLLECTIVES if c != "send_recv" for size in ("256MiB", "1GiB"))),
      ("two cards on the mesh have a seventh of a card's bandwidth, four have three sevenths",
       all(near(ratio(c, n, "1GiB"), (n - 1) / 7) for c in LARGE for n in (2, 4))),
      ("it gets a seventh of what the switches give, by 2, 4 and 8 cards alike",
       all(near(ratio("send_recv", n, "1GiB"), 1 / 7) for n in COUNTS)),
      ("with detours it gets four sevenths by 8 cards", near(of(DETOUR, "send_recv", 8, "1GiB"), 392 * 4 / 7)),
      ("At 4 KiB the mesh is 2.1 to 4.1 times as fast in every collective, by any group",
       2.1 < min(ratio(c, n, "4KiB") for c in COLLECTIVES for n in COUNTS) and max(ratio(c, n, "4KiB") for c in COLLECTIVES for n in COUNTS) < 4.1),
      ("At 64 KiB it is still 2.1 to 5.5 times as fast by 8 cards, send_recv left out",
       all(2.1 < ratio(c, 8, "64KiB") < 5.5 for c in COLLECTIVES if c != "send_recv")),
      ("A barrier has no size; it takes 3.6 times as long through the switches", all(near(barrier(SWITCH, n) / barrier(MESH, n), 3.55) for n in COUNTS)),
      ("A broadcast by 8 cards loses 5 % by detours, and a quarter at 1 MiB",
       near(of(DETOUR, "broadcast", 8, "256MiB"), of(MESH, "broadcast", 8, "256MiB") * 0.95, 0.01)
       and near(of(DETOUR, "broadcast", 8, "1MiB"), of(MESH, "broadcast", 8, "1MiB") * 0.75, 0.01)),
      ("Detours give one group that works alone what the switches give it",
       all(near(of_tensor(DETOUR, name, size), of_tensor(SWITCH, name, size), 0.05) for name in GROUPS if "one" in name for size in GROUP_SIZES)),
      ("With groups everywhere and 64 MiB, detours give four sevenths of a card's bandwidth to pairs and five sevenths to fours",
       near(of_tensor(DETOUR, "four groups of 2"), 392 * 4 / 7) and near(of_tensor(DETOUR, "two groups of 4"), 392 * 5 / 7)),
      ("With 64 KiB the wires that are there do nearly as well as the switches by fours, and little more than half as well by twos",
       0.75 < of_tensor(MESH, "two groups of 4", "64KiB") / of_tensor(SWITCH, "two groups of 4", "64KiB") < 0.85
       and 0.5 < of_tensor(MESH, "four groups of 2", "64KiB") / of_tensor(SWITCH, "four groups of 2", "64KiB") < 0.6),
      ("By 8 cards and 1 GiB it takes the mesh 2.8 times as long as the switches, the mesh with detours 1.22 times",
       near(uneven(MESH, 8) / uneven(SWITCH, 8), 2.8) and near(uneven(DETOUR, 8) / uneven(SWITCH, 8), 1.22, 0.01)),
      ("For groups of 2 it is worth 7 times, for groups of 4 2.3 times, for exchanges between few pairs 2.8 to 7 times",
       near(1 / ratio("all_reduce", 2, "1GiB"), 7) and near(1 / ratio("all_reduce", 4, "1GiB"), 2.33)
       and near(min(uneven(MESH, n) / uneven(SWITCH, n) for n in COUNTS), 2.8) and near(1 / ratio("send_recv", 8, "1GiB"), 7)),
      ("all of it for one group at a time, 57 to 71 % for groups everywhere",
       near(of_tensor(DETOUR, "four groups of 2") / 392, 0.57) and near(of_tensor(DETOUR, "two groups of 4") / 392, 0.71)),
      ("a link that is down halves every collective of the mesh",
       all(near(of_fault(MESH, "a link", c), of_fault(MESH, "none", c) / 2) for c in FAULTY)),
      ("two links that are down, of one pair, stop it", all(of_fault(MESH, "two links", c) is None for c in FAULTY)),
      ("with detours the same faults leave 78 % and 60 % of the all-reduce, 92 % and 86 % of the all-to-all",
       all(near(of_fault(DETOUR, lost, c) / of_fault(DETOUR, "none", c), share, 0.01) for lost, c, share in
           (("a link", "all_reduce", 0.78), ("two links", "all_reduce", 0.6), ("a link", "all_to_all", 0.92), ("two links", "all_to_all", 0.86)))),
      ("The planes lose a fourteenth, once software takes the plane out of use",
       all(near(of_fault(SWITCH, "a plane, out of use for all", c), of_fault(SWITCH, "none", c) * 13 / 14) for c in FAULTY)),
      ("until then all but the broadcast stop",
       all((of_fault(SWITCH, lost, c) is None) == (c != "broadcast") for lost in ("a link", "two links") for c in FAULTY))])
