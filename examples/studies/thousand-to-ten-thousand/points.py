#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Where each point of MFU goes: the parts of an iteration's time, in percent of it. Run by itself it writes data/points-*.csv for pictures."""
import csv
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, "..")
from study import read  # noqa: E402

PARTS = ["MFU", "kernels", "software", "schedule", "scale-up", "scale-out", "stragglers"]
KUAE = "../../../topologies/kuae-10k.yaml"
EIGHT = {"fabric.nodes": "160", "workload.batch.global": "480"}  # 8 replicas of 64
ONE = {"fabric.nodes": "20", "workload.batch.global": "60", "workload.memory": "ignore"}  # one of them

# Rows of switch.csv, levers.csv and stragglers.csv by what they have changed.
FABRICS = {"scale-up: 14 planes of switches": {"fabric": "switched.yaml"},
           "scale-up: links twice as fast": {"fabric.node.link.rate": "56GBps"},
           "network: links twice as fast": {"fabric.network.link.rate": "800Gbps"},
           "both: links twice as fast": {"fabric.node.link.rate": "56GBps", "fabric.network.link.rate": "800Gbps"},
           "network: taper 2:1": {"fabric.network.up": "[1, 16]"},
           "network: taper 4:1": {"fabric.network.up": "[1, 8]"},
           "network: chips of 128 ports": {"fabric.network.switch.radix": "128", "fabric.network.down": "[64, 20]", "fabric.network.up": "[1, 64]"},
           "network: chips of 256 ports": {"fabric.network.switch.radix": "256", "fabric.network.down": "[128, 10]", "fabric.network.up": "[1, 128]"}}
NO_SOFTWARE = "{fixed: 0us, step: 0us}"
LEVERS = {"kernels at 90 %, not 75 %": {"workload.device.matmul.efficiency": "0.9"},
          "collectives launched in no time": {"workload.device.collective_overhead": NO_SOFTWARE},
          "all launched in no time": {"workload.device.collective_overhead": NO_SOFTWARE, "workload.device.launch": "0us"},
          "overlap of tensor groups": {"workload.overlap.tensor": "true"},
          "overlap, collectives launched in no time, kernels at 90 %": {"workload.device.collective_overhead": NO_SOFTWARE, "workload.overlap.tensor": "true", "workload.device.matmul.efficiency": "0.9"}}
STRAGGLERS = {"one card in 200 a tenth slower": "{slow: 0.5 %, by: 1.1}", "cards slower by 2 % of a half-normal number": "{sigma: 2 %}"}
SIZES = {160: ONE, 1280: EIGHT, 10240: {"fabric.nodes": "1280", "workload.batch.global": "3840"}}  # of stragglers.csv, by cards


def table(name):
    return read(f"data/{name}.csv")


def find(rows, **values):
    """The only row with these values and none else; None where it was not run to its end."""
    varied = list(rows[0])[1:list(rows[0]).index("training.iteration_time_ns")]
    chosen = [row for row in rows if all(row[key] == values.get(key, "") for key in varied)]
    assert len(chosen) <= 1, f"{len(chosen)} rows have {values}"
    return chosen[0] if chosen and chosen[0]["status"] == "done" else None


def points(row):
    """By part: percent of the iteration. What the kernels of a card at its peak would take is MFU; compute beyond that is kernels."""
    of = lambda *keys: sum(float(row[f"training.{key}"]) for key in keys) / float(row["training.iteration_time_ns"]) * 100
    mfu = float(row["training.mfu"]) * 100
    parts = {"MFU": mfu,
             "kernels": of("time_ns.compute", "time_ns.recompute", "time_ns.optimizer") - mfu,
             "software": of("time_ns.host"),
             "schedule": of("time_ns.bubble"),
             "scale-up": of("exposed_ns.node"),
             "scale-out": of("exposed_ns.network"),
             "stragglers": of("time_ns.straggler")}
    assert abs(sum(parts.values()) - 100) < 1e-6, parts
    return parts


def scale(nodes, sequences):
    fabric = "../../../topologies/kuae-1k.yaml" if nodes == 120 else KUAE
    return find(table("scale"), **{"fabric": fabric, "fabric.nodes": str(nodes), "workload.batch.global": str(sequences)})


def scaled():
    """Rows of the first picture: cards, sequences of the batch, row."""
    return [(cards, batch, scale(cards // 8, batch)) for cards, batch in ((960, 3840), (960, 360), (10240, 3840))]


def changed():
    """Rows of the other pictures: file, name, row; the unchanged one first."""
    fabrics = [("fabrics", name, switch(**values)) for name, values in ({"kuae-10k": {}} | FABRICS).items()]
    levers = [("levers", name, find(table("levers"), **ONE, **values))
              for name, values in ({"as it is": {"workload.overlap.tensor": "false"}} | LEVERS).items()]
    slowed = [("stragglers", name, straggling(10240, name)) for name in STRAGGLERS]
    return fabrics + levers + [("stragglers", "no card is slow", scale(1280, 3840))] + slowed


def switch(**values):
    """A row of switch.csv."""
    return find(table("switch"), **{**EIGHT, "fabric": KUAE, **values})


def placed(placement, tapered):
    """A row of placement.csv: servers packed or at random, spines for half of the leaves' ports or for all."""
    taper = {"fabric.network.up": "[1, 16]"} if tapered else {}
    rows = table("placement")
    ranks = next(row["workload.ranks"] for row in rows if f"placement: {placement}" in row["workload.ranks"])
    return find(rows, **{"workload.ranks": ranks, "workload.batch.global": "480"}, **taper)


def straggling(cards, name):
    return find(table("stragglers"), **SIZES[cards], **{"workload.device.straggler": STRAGGLERS[name]})


def write(name, rows):
    with open(f"data/points-{name}.csv", "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["what", "part", "percent of the iteration"])
        out.writerows([what, part, value] for what, row in rows if row for part, value in points(row).items())


if __name__ == "__main__":
    write("scale", [(f"{cards:,} cards, batch {batch:,}", row) for cards, batch, row in scaled()])
    for file in ("fabrics", "levers", "stragglers"):
        write(file, [(name, row) for kind, name, row in changed() if kind == file])
