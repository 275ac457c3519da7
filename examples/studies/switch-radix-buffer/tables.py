#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Tables and claims of this study; see ../study.py."""
import sys
from collections import Counter

sys.dont_write_bytecode = True
sys.path.insert(0, "..")
from study import between, interval, main, one, pick, read, table  # noqa: E402

planes, reduces, buffers, arbiters = (read(f"data/{name}.csv") for name in ("planes", "all-reduce", "buffers", "arbiters"))
TIME = "completion_time_ns"

DESIGNS = {"52 planes, one chip of 256 x 101G": lambda text: "planes: 52" in text,
           "26 planes, one chip of 256 x 202G": lambda text: "{" not in text,
           "13 planes, one chip of 256 x 404G": lambda text: "planes: 13" in text and "plane:" not in text,
           "26 planes, six chips of 128 x 202G": lambda text: "planes: 26" in text and "plane:" in text,
           "13 planes, six chips of 128 x 404G": lambda text: "planes: 13" in text and "plane:" in text}
HALF, FIRST, TWICE, TWO_LEVELS_26, TWO_LEVELS_13 = DESIGNS
WORK = {"all_to_all 1 MiB": ("all_to_all", "1MiB"), "all_to_all 4 MiB": ("all_to_all", "4MiB"), "all_reduce 1 MiB": ("all_reduce", "1MiB"),
        "skewed exchange": ("skewed", "")}


def of(design, work, figure=TIME):
    rows = [row for row in planes if DESIGNS[design](row["fabric"]) and all(word in row["workload"] for word in WORK[work])]
    assert len(rows) == 1, (design, work, len(rows))
    return float(rows[0][figure])


def us(nanoseconds):
    return nanoseconds / 1000


def cost(design, figure):
    return of(design, "all_to_all 1 MiB", figure)


by_planes = table(["design", *(f"{work}, µs" for work in WORK), "chips, mm2", "largest chip, mm2", "power, W"],
                  [[design, *(us(of(design, work)) for work in WORK),
                    *(cost(design, figure) for figure in ("cost_area_mm2", "cost_chip_area_mm2", "cost_power_W"))]
                   for design in DESIGNS])

REDUCE_SIZES = ["64KiB", "256KiB", "1MiB", "4MiB", "16MiB"]
REDUCES = {"by the cards, ring": ("ring", ""), "by the cards, halving_doubling": ("halving_doubling", ""), "by the cards, two_shot": ("two_shot", ""),
           "in the chips, two contexts": ("in_network", "contexts"), "in the chips": ("in_network", "")}
RING, HALVING, TWO_SHOT, FEW, CHIPS = REDUCES


def reduce(how, size, figure=TIME):
    algorithm, word = REDUCES[how]
    rows = [row for row in pick(reduces, algorithm=algorithm, size=size) if ("contexts" in row["fabric"]) == (word != "")]
    assert len(rows) == 1, (how, size, len(rows))
    return float(rows[0][figure])


by_reduction = table(["all-reduce, µs", *REDUCE_SIZES, "chips, mm2"],
                     [[how, *(us(reduce(how, size)) for size in REDUCE_SIZES), reduce(how, "1MiB", "cost_area_mm2")] for how in REDUCES])

SIZES = ["8KiB", "16KiB", "32KiB", "128KiB"]
QUEUEING = ["voq", "fifo", "output"]
SHAPES = {"uniform": lambda text: "load: 0.9" in text, "one hot card": lambda text: "targets: [0], fraction" in text,
          "four hot cards": lambda text: "targets: [0, 1, 2, 3]" in text, "16 cards to one": lambda text: "traffic: incast" in text}
BY_SHAPE = {shape: [row for row in buffers if fits(row["workloads"])] for shape, fits in SHAPES.items()}


def buffer(shape, queueing, size, figure="accepted_load"):
    return one(BY_SHAPE[shape], figure + "_mean", queueing=queueing, buffer=size)


def median(shape, queueing, size):
    """Median latency of packets in µs: of the victims, as nearly all packets are theirs."""
    return us(buffer(shape, queueing, size, "packet_latency_ns_p50"))


by_buffer = table(["accepted load", *SIZES],
                  [[f"{shape}, {queueing}", *(interval(BY_SHAPE[shape], "accepted_load", queueing=queueing, buffer=size) for size in SIZES)]
                   for shape in SHAPES for queueing in QUEUEING]
                  + [[f"chip with {queueing}, mm2", *(buffer("uniform", queueing, size, "cost_chip_area_mm2") for size in SIZES)]
                     for queueing in QUEUEING])
by_median = table(["median latency, µs", *SIZES],
                  [[f"{shape}, {queueing}", *(median(shape, queueing, size) for size in SIZES)] for shape in SHAPES for queueing in QUEUEING])

ARBITERS = {"round_robin": ("round_robin", ""), "islip, 1 round": ("islip", "1"), "islip, 4 rounds": ("islip", "4"),
            "oldest_first": ("oldest_first", ""), "wavefront": ("wavefront", "")}
SPEEDUPS = [("1", "1"), ("2", "1"), ("1", "2"), ("2", "2")]


def which(name, packet, speedup):
    arbiter, iterations = ARBITERS[name]
    return dict(arbiter=arbiter, iterations=iterations, packet=packet, input_speedup=speedup[0], output_speedup=speedup[1])


def arbiter(name, packet, speedup, figure="accepted_load"):
    return one(arbiters, figure + "_mean", **which(name, packet, speedup))


PACKETS = ["512B", "4KiB"]
by_arbiter = table(["accepted load", *(f"{packet}, input {i}, output {o}" for packet in PACKETS for i, o in SPEEDUPS)],
                   [[name, *(interval(arbiters, "accepted_load", **which(name, packet, speedup)) for packet in PACKETS for speedup in SPEEDUPS)]
                    for name in ARBITERS])
by_wait = table(["p99 latency, µs", *(f"{packet}, input {i}, output {o}" for packet in PACKETS for i, o in SPEEDUPS)],
                [[name, *(us(arbiter(name, packet, speedup, "packet_latency_ns_p99")) for packet in PACKETS for speedup in SPEEDUPS)]
                 for name in ARBITERS])


GETS = Counter(row["dst"] for row in read("skewed.csv"))
# What the hottest card gets, messages of 64 KiB, over its ports.
HOTTEST = us(max(GETS.values()) * 65536 / (26 * 202.153846e9 / 8) * 1e9)
# A card must send, and get, all but its own part twice where nobody reduces on the way.
LEAST = {size: 2 * 255 / 256 * bytes / (26 * 202.153846e9 / 8) * 1e9 for size, bytes in (("4MiB", 4 * 2**20), ("16MiB", 16 * 2**20))}
main({"planes": by_planes, "reduction": by_reduction, "buffers": by_buffer, "medians": by_median, "arbiters": by_arbiter, "waits": by_wait},
     [("The chip of 103 Tb/s is too large for one reticle of 858 mm2",
       cost(TWICE, "cost_chip_area_mm2") > 858 and cost(FIRST, "cost_chip_area_mm2") < 858),
      ("An all-to-all or all-reduce of 1 MiB takes the same time on 52, 26 and 13 planes",
       all(between(0.995, of(design, work) / of(FIRST, work), 1.005) for design in (HALF, TWICE) for work in ("all_to_all 1 MiB", "all_reduce 1 MiB"))),
      ("a card's 255 packets go in 5 rounds of slow packets, 10 or 20 of fast ones", [-(-255 // planes) for planes in (52, 26, 13)] == [5, 10, 20]),
      ("whose hottest card gets 9.5 times the mean", max(GETS.values()) * 256 == 9.5 * sum(GETS.values())),
      ("the skewed exchange takes 19 % longer on 52 planes than on 26, and 11 % less on 13",
       between(1.18, of(HALF, "skewed exchange") / of(FIRST, "skewed exchange"), 1.2)
       and between(0.88, of(TWICE, "skewed exchange") / of(FIRST, "skewed exchange"), 0.9)),
      ("whose ports need 15.2 µs for what it gets", between(15.1, HOTTEST, 15.2)),
      ("half the chip, twice as often, takes 11 % more area and the same power",
       between(1.1, cost(HALF, "cost_area_mm2") / cost(FIRST, "cost_area_mm2"), 1.12)
       and between(0.99, cost(HALF, "cost_power_W") / cost(FIRST, "cost_power_W"), 1.01)),
      ("Two levels take three times the silicon and 2.2 times the power of one, and make an all-to-all or all-reduce of 1 MiB take 1.4 times as long",
       all(between(2.9, cost(two, "cost_area_mm2") / cost(one_level, "cost_area_mm2"), 3.1)
           and between(2.15, cost(two, "cost_power_W") / cost(one_level, "cost_power_W"), 2.25)
           and between(1.4, *(of(two, work) / of(one_level, work) for work in ("all_to_all 1 MiB", "all_reduce 1 MiB")), 1.45)
           for two, one_level in ((TWO_LEVELS_26, FIRST), (TWO_LEVELS_13, TWICE)))),
      ("Of 1 MiB and more the chips take 0.50 to 0.52 of the time of the cards' best, and 0.55 of the least that any algorithm of the cards could take for 4 MiB and "
       "0.51 for 16 MiB",
       all(between(0.5, reduce(CHIPS, size) / reduce(TWO_SHOT, size), 0.52) for size in ("1MiB", "4MiB", "16MiB"))
       and between(0.545, reduce(CHIPS, "4MiB") / LEAST["4MiB"], 0.555) and between(0.505, reduce(CHIPS, "16MiB") / LEAST["16MiB"], 0.515)),
      ("the units and their memory add 5 % to the chips",
       between(0.045, reduce(CHIPS, "4MiB", "cost_area_mm2") / reduce(RING, "4MiB", "cost_area_mm2") - 1, 0.055)),
      ("With two contexts they are no faster than the cards from 4 MiB on",
       all(between(1.05, reduce(FEW, size) / reduce(TWO_SHOT, size), 1.15) for size in ("4MiB", "16MiB"))),
      ("saves 0.6 % of the area", between(0.0055, 1 - reduce(FEW, "1MiB", "cost_area_mm2") / reduce(CHIPS, "1MiB", "cost_area_mm2"), 0.0065)),
      ("takes the same 348 µs for 1, 4 and 16 MiB", all(between(347, us(reduce(RING, size)), 348.5) for size in ("1MiB", "4MiB", "16MiB"))),
      ("two_shot is the best of the cards' at every size here, halving_doubling comes near it at 16 MiB only",
       all(reduce(TWO_SHOT, size) < min(reduce(HALVING, size), reduce(RING, size)) for size in REDUCE_SIZES)
       and reduce(HALVING, "16MiB") < 1.2 * reduce(TWO_SHOT, "16MiB") and reduce(HALVING, "4MiB") > 1.5 * reduce(TWO_SHOT, "4MiB")),
      ("which with its share of the rest would have to take three times its rate", between(2.9, 0.5 * (0.02 * 255 + 0.98), 3.1)),
      ("which is 3.2 times what that can take", abs(16 * 0.2 - 3.2) < 1e-9),
      ("With queues per output nothing is won beyond 32 KiB per port and VC",
       all(abs(buffer(s, "voq", "128KiB") - buffer(s, "voq", "32KiB")) < 0.005 for s in SHAPES)),
      ("8 KiB cost it 4 % of uniform traffic, 8 % beside one hot card and 25 % beside four",
       all(between(share - 0.01, 1 - buffer(s, "voq", "8KiB") / buffer(s, "voq", "32KiB"), share + 0.01)
           for s, share in (("uniform", 0.04), ("one hot card", 0.08), ("four hot cards", 0.25)))),
      ("A FIFO loses 4 % of uniform traffic, an eighth beside one hot card and a third beside four, whatever the buffer from 16 KiB on",
       all(between(low, 1 - buffer(s, "fifo", size) / buffer(s, "voq", "128KiB"), high)
           for s, low, high in (("uniform", 0.035, 0.05), ("one hot card", 0.12, 0.135), ("four hot cards", 0.33, 0.37)) for size in SIZES[1:])),
      ("beside four hot cards half of the packets take 14.7 µs or more instead of 0.8",
       all(median("four hot cards", "fifo", size) > 14.65 for size in SIZES) and between(0.8, median("four hot cards", "voq", "32KiB"), 0.81)),
      ("A shared memory of 32 MiB accepts the same with 8 KiB per input as virtual output queues with 128",
       all(abs(buffer(s, "output", "8KiB") - buffer(s, "voq", "128KiB")) < 0.002 for s in SHAPES)),
      ("if its senders are few, the incast harms nobody: all accept the same to 1.5 %",
       max(buffer("16 cards to one", q, size) for q in QUEUEING for size in SIZES)
       < 1.015 * min(buffer("16 cards to one", q, size) for q in QUEUEING for size in SIZES)),
      ("A speedup of 2, at either side, is worth 2 to 3 % with packets of 4 KiB and 1 to 2 % with 512 B; both together are worth no more",
       all(between(low, arbiter(a, p, s) / arbiter(a, p, ("1", "1")) - 1, high) for a in ARBITERS for s in SPEEDUPS[1:]
           for p, low, high in (("4KiB", 0.02, 0.033), ("512B", 0.01, 0.02)))),
      ("the arbiters differ by less than 0.6 % in what they accept",
       all(max(arbiter(a, p, s) for a in ARBITERS) - min(arbiter(a, p, s) for a in ARBITERS) < 0.006 for p in PACKETS for s in SPEEDUPS)),
      ("without speedup oldest_first takes 16 to 23 % off the 99th percentile of round_robin's latencies, more with short packets",
       between(0.16, *(1 - arbiter("oldest_first", p, ("1", "1"), "packet_latency_ns_p99") / arbiter("round_robin", p, ("1", "1"), "packet_latency_ns_p99")
                       for p in PACKETS), 0.23))])
