#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Tables and claims of this study; see ../study.py."""
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, "..")
from study import main, one, pick, read, table  # noqa: E402

planes, reduction, buffers, arbiters = (read(f"data/{name}.csv") for name in ("planes", "reduction", "buffers", "arbiters"))
TIME = "completion_time_ns"

DESIGNS = {"26 planes, one chip of 256 x 202G": lambda text: "{" not in text,
           "13 planes, one chip of 256 x 404G": lambda text: "planes: 13" in text and "plane:" not in text,
           "13 planes, six chips of 128 x 404G": lambda text: "plane:" in text}
WORK = {"all_to_all 1 MiB": "all_to_all", "skewed exchange": "skewed"}


def of(design, work, figure=TIME):
    rows = [row for row in planes if DESIGNS[design](row["fabric"])
            and WORK[work] in row["workload"]]
    assert len(rows) == 1, (design, work, len(rows))
    return float(rows[0][figure])


def us(nanoseconds):
    return nanoseconds / 1000


by_planes = table(["design", *(f"{work}, µs" for work in WORK), "chips, mm2", "largest chip, mm2", "power, W"],
                  [[design, *(us(of(design, work)) for work in WORK),
                    *(of(design, "all_to_all 1 MiB", figure) for figure in ("cost_area_mm2", "cost_chip_area_mm2", "cost_power_W"))]
                   for design in DESIGNS])
FIRST = "26 planes, one chip of 256 x 202G"
# A card must send, and get, all but its own part twice where nobody reduces on the way; at 26 x 202.153846 Gb/s.
LEAST = 2 * 255 / 256 * 4 * 2**20 / (26 * 202.153846e9 / 8) * 1e9
by_reduction = table(["all-reduce of 4 MiB on 26 planes", "µs", "chips, mm2"],
                     [["in the chips", us(one(reduction, TIME, size="4MiB")), one(reduction, "cost_area_mm2", size="4MiB")],
                      ["by the cards, at the very least", us(LEAST), of(FIRST, "all_to_all 1 MiB", "cost_area_mm2")]])


def buffer(traffic, queueing, size, figure="accepted_load"):
    return one(buffers, figure, traffic=traffic, queueing=queueing, buffer=size)


SIZES = ["8KiB", "16KiB", "32KiB", "128KiB"]
by_buffer = table(["accepted load", *SIZES],
                  [[f"{traffic}, {queueing}", *(buffer(traffic, queueing, size) for size in SIZES)]
                   for traffic in ("uniform", "hotspot") for queueing in ("voq", "fifo")]
                  + [[f"chip with {queueing}, mm2", *(buffer("uniform", queueing, size, "cost_chip_area_mm2") for size in SIZES)]
                     for queueing in ("voq", "fifo")])


def arbiter(name, iterations, speedup_in, speedup_out):
    rows = [row for row in pick(arbiters, arbiter=name, input_speedup=speedup_in, output_speedup=speedup_out)
            if row["fabric.switch.iterations"] == iterations]
    return float(rows[0]["accepted_load"])


ARBITERS = {"round_robin": ("round_robin", ""), "islip, 1 round": ("islip", "1"), "islip, 4 rounds": ("islip", "4"),
            "oldest_first": ("oldest_first", ""), "wavefront": ("wavefront", "")}
SPEEDUPS = [("1", "1"), ("2", "1"), ("1", "2"), ("2", "2")]
by_arbiter = table(["arbiter", *(f"input {i}, output {o}" for i, o in SPEEDUPS)],
                   [[name, *(arbiter(*which, *speedup) for speedup in SPEEDUPS)] for name, which in ARBITERS.items()])

TWO, THREE = list(DESIGNS)[1:]
main({"planes": by_planes, "reduction": by_reduction, "buffers": by_buffer, "arbiters": by_arbiter},
     [("The chip of 103 Tb/s is too large for one reticle of 858 mm2", of(TWO, "all_to_all 1 MiB", "cost_chip_area_mm2") > 858
       and of(FIRST, "all_to_all 1 MiB", "cost_chip_area_mm2") < 858),
      ("what it wins is nothing without skew and a little with it",
       abs(of(TWO, "all_to_all 1 MiB") / of(FIRST, "all_to_all 1 MiB") - 1) < 0.005
       and 0.85 < of(TWO, "skewed exchange") / of(FIRST, "skewed exchange") < 0.95),
      ("Two levels of the smaller chips take three times the silicon and 2.2 times the power",
       abs(of(THREE, "all_to_all 1 MiB", "cost_area_mm2") / of(TWO, "all_to_all 1 MiB", "cost_area_mm2") - 3) < 0.1
       and abs(of(THREE, "all_to_all 1 MiB", "cost_power_W") / of(TWO, "all_to_all 1 MiB", "cost_power_W") - 2.2) < 0.05),
      ("make an all-to-all of 1 MiB take 1.4 times as long",
       1.35 < of(THREE, "all_to_all 1 MiB") / of(TWO, "all_to_all 1 MiB") < 1.45),
      ("all designs are within a quarter of that",
       all(1 < us(of(design, "skewed exchange")) / 15.16 < 1.25 for design in DESIGNS)),
      ("In the chips the all-reduce takes little more than half the time",
       0.5 < one(reduction, TIME, size="4MiB") / LEAST < 0.6),
      ("the units and their memory add 5 % to the chips",
       0.045 < one(reduction, "cost_area_mm2", size="4MiB") / of(FIRST, "all_to_all 1 MiB", "cost_area_mm2") - 1 < 0.055),
      ("Beyond 32 KiB per port and VC nothing is won",
       all(buffer(t, q, "128KiB") < buffer(t, q, "32KiB") + 0.001 for t in ("uniform", "hotspot") for q in ("voq", "fifo"))),
      ("8 KiB cost a virtual output queue 4 % of uniform traffic and 8 % beside the hot card",
       0.95 < buffer("uniform", "voq", "8KiB") / buffer("uniform", "voq", "32KiB") < 0.97
       and 0.91 < buffer("hotspot", "voq", "8KiB") / buffer("hotspot", "voq", "32KiB") < 0.93),
      ("With FIFOs the victims of the hot card lose an eighth of all traffic, whatever the buffer",
       all(0.86 < buffer("hotspot", "fifo", size) / buffer("hotspot", "voq", "32KiB") < 0.885 for size in SIZES)),
      ("the arbiters differ by less than half a percent",
       all(max(arbiter(*a, *s) for a in ARBITERS.values()) - min(arbiter(*a, *s) for a in ARBITERS.values()) < 0.005
           for s in SPEEDUPS)),
      ("A speedup of 2, at either side, is worth 2 to 3 %",
       all(0.02 < arbiter(*a, *s) / arbiter(*a, "1", "1") - 1 < 0.03 for a in ARBITERS.values() for s in SPEEDUPS[1:]))])
