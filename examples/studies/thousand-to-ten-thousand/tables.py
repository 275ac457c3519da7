#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Text of this study with numbers in it, all made from data/; see ../study.py."""
import math
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, "..")
from points import PARTS, SIZES, STRAGGLERS, changed, placed, points, scale, scaled, straggling, switch, table as data  # noqa: E402
from study import main, one, table  # noqa: E402

YEAR, DAY = 365.25 * 86400, 86400
PARAMETERS, TOKENS, BYTES_A_TOKEN = 5e11, 15e12, 4
base = scale(1280, 3840)  # 10,240 cards
at_base = points(base)
eight = switch()          # 8 replicas of it


def percent(value, digits=1):
    return "not run" if value is None else f"{value:.{digits}f}"


def signed(value):
    return "not run" if value is None else f"{round(value, 1) + 0.0:+.1f}"  # no -0.0


def seconds(row, key="training.iteration_time_ns"):
    return float(row[key]) / 1e9


def gain(row, unchanged):
    """Points of MFU more than the unchanged one has."""
    return None if row is None else points(row)["MFU"] - points(unchanged)["MFU"]


# Where the points go.
by_scale = table(["cards", "batch", "iteration, s", *(f"{part}, %" for part in PARTS)],
                 [[f"{cards:,}", f"{batch:,}", percent(seconds(row), 2), *(percent(points(row)[part]) for part in PARTS)]
                  for cards, batch, row in scaled()])
few, many = scale(120, 3840), base
same = scale(120, 360)
lost = {part: points(many)[part] - points(few)[part] for part in PARTS}
largest = max((part for part in PARTS if part != "MFU"), key=lambda part: lost[part])
STAGES, CHUNKS = 20, 6


def filling(row, micros):
    """Of the schedule's percent, those in which the pipeline fills and drains: (stages - 1) / (chunks x micro-batches) of a stage's work."""
    return (100 - points(row)["schedule"]) * (STAGES - 1) / (CHUNKS * micros)


of_scale = (f"With the batch fixed, {points(few)['MFU']:.1f} % of 960 cards become {points(many)['MFU']:.1f} % of 10,240: {-lost['MFU']:.1f} points are lost, "
            f"of which {lost[largest]:.1f} to the {largest} (a replica has 640 micro-batches there, 60 here) and {lost['scale-out']:.1f} to the network. "
            f"With the batch of a replica fixed it is {points(same)['MFU']:.1f} % and {points(many)['MFU']:.1f} %: the fabric alone loses "
            f"{points(same)['MFU'] - points(many)['MFU']:.1f} points from one size to the other. So a larger cluster does not gain MFU; it loses least where each replica keeps its batch.\n\n"
            f"Of the {100 - at_base['MFU']:.1f} points that 10,240 cards do not have, {at_base['kernels']:.1f} are kernels, {at_base['schedule']:.1f} the schedule, "
            f"{at_base['software']:.1f} software, {at_base['scale-up']:.1f} the scale-up fabric, {at_base['scale-out']:.1f} the network. Of the schedule's, "
            f"{filling(many, 60):.1f} are the pipeline that fills and drains; it has hardly any of that with 640 micro-batches ({filling(few, 640):.1f}), and the "
            f"{points(few)['schedule'] - filling(few, 640):.1f} left there are stages that wait for the last one and its output layer.")

# Which fabric is worth what.
fabrics = [(name, row) for file, name, row in changed() if file == "fabrics"]
by_fabric = table(["fabric", "MFU, %", "points", "scale-up, %", "scale-out, %"],
                  [[name, percent(points(row)["MFU"]) if row else "not run", "" if row == eight else signed(gain(row, eight)),
                    percent(points(row)["scale-up"]) if row else "", percent(points(row)["scale-out"]) if row else ""] for name, row in fabrics])
in_packets = data("collectives")
WIRED, SWITCHED, REDUCING = "../../../topologies/s5000-mesh-8.yaml", "../../../topologies/s5000-switch-8.yaml", "switch-8-in-network.yaml"


def microseconds(fabric, collective, cards=8):
    return one(in_packets, "completion_time_ns", fabric=fabric, collective=collective, count=str(cards)) / 1000


by_collective = table(["µs, 151 MB", "8 cards, mesh", "planes of switches", "... that reduce and copy", "4 cards, mesh", "planes of switches"],
                      [[name, *(microseconds(fabric, name) for fabric in (WIRED, SWITCHED, REDUCING)),
                        *(microseconds(fabric, name, 4) for fabric in (WIRED, SWITCHED))] for name in ("all_gather", "reduce_scatter", "all_reduce")])
of_groups = (f"By 4 cards the mesh takes {microseconds(WIRED, 'all_gather', 4) / microseconds(SWITCHED, 'all_gather', 4):.2f} times as long as the switches: "
             "they have the wires between them alone, three sevenths of a card's.")
pair = microseconds(WIRED, "all_gather") + microseconds(WIRED, "reduce_scatter")
# A layer of a micro-batch: with sequence parallelism six gathers and four scatters (two gathers a second time), without it four all-reduces.
with_parts = 6 * microseconds(WIRED, "all_gather") + 4 * microseconds(WIRED, "reduce_scatter")
reduced = 4 * microseconds(REDUCING, "all_reduce")
worth = at_base["scale-up"] * (1 - reduced / with_parts)
of_reduction = (f"A switch that reduces does an all-reduce in {microseconds(REDUCING, 'all_reduce'):.0f} µs, where a gather and a scatter on wires take {pair:.0f} µs. "
                f"But this training gathers and scatters, since cards keep a part of each sequence each; of that the switch does a gather in the same time "
                f"and a scatter in {microseconds(REDUCING, 'reduce_scatter') / microseconds(WIRED, 'reduce_scatter'):.2f} of it. Only all-reduces instead "
                f"(four a layer for six gathers and four scatters), for which each card keeps eight times as much of some activations, would make use of it: "
                f"{reduced / 1000:.2f} instead of {with_parts / 1000:.2f} ms a layer and micro-batch, at most {worth:.1f} points here.")

placements = {(placement, tapered): placed(placement, tapered) for placement in ("packed", "random") for tapered in (False, True)}
by_placement = table(["servers of the 8 replicas", "spines", "iteration, s", "MFU, %", "scale-out, %"],
                     [["in order" if placement == "packed" else "at random among 1,280", "half" if tapered else "all", percent(seconds(row), 3),
                       percent(points(row)["MFU"], 2), percent(points(row)["scale-out"], 2)] for (placement, tapered), row in placements.items()])
scattering = {tapered: (seconds(placements["random", tapered]) / seconds(placements["packed", tapered]) - 1) * 100 for tapered in (False, True)}
in_order = points(placements["packed", False])["MFU"]
by_scattering = in_order - points(placements["random", False])["MFU"]
faster = gain(dict((name, row) for name, row in fabrics)["network: links twice as fast"], eight)
of_placement = (f"At random an iteration takes {scattering[False]:.1f} % longer than in order, with half of the spines {scattering[True]:.1f} %; in order half of the spines cost "
                f"{in_order - points(placements['packed', True])['MFU']:.2f} points. The rings that sum gradients go from server to server by number, and then cross a spine at nearly each step, where "
                f"flows that are hashed meet. So to place a job's servers in order is worth {by_scattering:.1f} points, "
                f"{'more' if by_scattering > faster else 'less'} than a network twice as fast ({faster:+.1f}); a taper is free {'only for servers in order' if scattering[True] > scattering[False] + 0.5 else 'wherever servers are'}.")

best_fabric = max(gain(row, eight) for _, row in fabrics if row and row != eight)

# Levers outside the fabric.
levers = [(name, row) for file, name, row in changed() if file == "levers"]
single = levers[0][1]     # one replica, unchanged
by_lever = table(["", "MFU, %", "points"], [[name, percent(points(row)["MFU"]) if row else "not run", "" if row == single else signed(gain(row, single))]
                                            for name, row in levers])

# Stragglers.
nominal = {160: single, 1280: eight, 10240: base}
by_straggler = table(["cards", "none slow: MFU, %", *(f"{name}: points" for name in STRAGGLERS)],
                     [[f"{cards:,}", percent(points(nominal[cards])["MFU"]), *(signed(gain(straggling(cards, name), nominal[cards])) for name in STRAGGLERS)]
                      for cards in SIZES])
TENTH, NORMAL = STRAGGLERS
SLOW, BY = 0.005, 0.1  # of TENTH
to_stragglers = {(cards, name): -gain(straggling(cards, name), nominal[cards]) for cards in SIZES for name in STRAGGLERS}
all_slow = at_base["MFU"] * (1 - 1 / (1 + BY * (at_base["MFU"] + at_base["kernels"]) / 100))
of_stragglers = (f"If {SLOW * 100:g} % of the cards are a tenth slower, about {SLOW * 10240:.0f} of 10,240, {to_stragglers[10240, TENTH]:.1f} points are lost there, {to_stragglers[1280, TENTH]:.1f} on 1,280; "
                 "on one replica of 160 "
                 + (f"{to_stragglers[160, TENTH]:.1f}" if to_stragglers[160, TENTH] > 0.05 else "the seed draws none")
                 + f". If all cards were a tenth slower it would be {all_slow:.1f}: one in 200 of 10,240 costs {to_stragglers[10240, TENTH] / all_slow * 100:.0f} % of that, since its tensor group waits for it, "
                 f"the pipeline for the group, and all replicas for the pipeline. With kernels of each card slower by 2 % of a half-normal number it is {to_stragglers[160, NORMAL]:.1f} points on 160 cards, "
                 f"{to_stragglers[1280, NORMAL]:.1f} on 1,280 and {to_stragglers[10240, NORMAL]:.1f} on 10,240, whose slowest is further out. "
                 f"So to find a few slow cards and leave them out is worth {to_stragglers[10240, TENTH]:.1f} points; the best of the fabrics above, {best_fabric:.1f}.")

# A mixed cluster.
mixing = data("mixed")


def mixture(stages="auto", rate="", gateways=""):
    """The row of mixed.csv with these layers and this gateway."""
    chosen = [row for row in mixing if (row["workload.parallel.stages"], row["fabric.gateway.link.rate"], row["fabric.gateways"]) == (stages, rate, gateways)]
    assert len(chosen) == 1 and chosen[0]["status"] == "done", (stages, rate, gateways)
    return chosen[0]


balanced, even = mixture(), mixture(stages="even")
MIXED_STAGES, MIXED_MICROS = 20, 60
by_kind = {name: next(row for row in data("alone") if row["workload.device"].endswith(f"/{name}.yaml")) for name in ("s5000", "a100-80g")}
cards_of = {kind: int(row["cards"]) for kind, row in by_kind.items()}
alone = {kind: float(row["training.tokens_per_s"]) for kind, row in by_kind.items()}
stages_alone = {kind: int(row["workload.parallel.pipeline"]) for kind, row in by_kind.items()}
# What a kind would reach alone if its pipeline were as long as the mixed one: 1f1b takes (micro-batches + stages - 1) visits.
as_long = {kind: alone[kind] * (MIXED_MICROS + stages_alone[kind] - 1) / (MIXED_MICROS + MIXED_STAGES - 1) for kind in alone}


def loss(row, sums):
    return (1 - float(row["training.tokens_per_s"]) / sum(sums.values())) * 100


gateways = [("200 Gbit/s a card", balanced, even), ("10 Gbit/s a card", mixture(rate="10Gbps"), None), ("one of 200 Gbit/s for all", mixture(gateways="1"), None)]
by_mixture = table(["layers", "gateway", "iteration, s", "MFU, %", "loss to the sum, %", "with pipelines as long, %"],
                   [[layers, gateway, percent(seconds(row), 2), percent(float(row["training.mfu"]) * 100), percent(loss(row, alone)), percent(loss(row, as_long))]
                    for gateway, *rows in gateways for layers, row in zip(("balanced", "even"), rows) if row])
split = [int(layers) for layers in balanced["training.balance"].split()[1:]]
LAYERS = sum(split)
of_slow = MIXED_STAGES * cards_of["a100-80g"] // sum(cards_of.values())  # stages of A100, the last ones
quick, slow = split[:-of_slow], split[-of_slow:]
speed = as_long["a100-80g"] / cards_of["a100-80g"] / (as_long["s5000"] / cards_of["s5000"])
ideal = LAYERS / (len(quick) + speed * of_slow)
slower = {name: (seconds(row) / seconds(balanced) - 1) * 100
          for name, row in (("even", even), ("10 Gbit/s", mixture(rate="10Gbps")), ("one port", mixture(gateways="1")))}
assert len(split) == MIXED_STAGES and all(cards_of[kind] == 8 * stages_alone[kind] for kind in alone)
of_mixture = (f"With even layers {loss(even, alone):.1f} % of what both kinds reach alone is lost, with balanced ones {loss(balanced, alone):.1f} %; "
              f"of that {loss(balanced, alone) - loss(balanced, as_long):.1f} because the kinds alone have shorter pipelines "
              f"({stages_alone['s5000']} stages of S5000, {stages_alone['a100-80g']} of A100, {MIXED_STAGES} mixed), so {loss(balanced, as_long):.1f} % for the mixture itself. "
              f"The press's claim is under 10 %: {'kept' if loss(balanced, alone) < 10 else 'not kept'} here with balanced layers"
              + ("" if (loss(balanced, alone) < 10) == (loss(balanced, as_long) < 10) else f", {'kept' if loss(balanced, as_long) < 10 else 'not kept'} with pipelines as long")
              + f", {'kept' if loss(even, alone) < 10 else 'not kept'} with even ones.\n\n"
              f"What decides it {'is layers' if slower['even'] > max(slower['10 Gbit/s'], slower['one port']) else 'is the gateway'}. "
              f"A card of A100 does {speed:.2f} of what one of S5000 does, which would be {ideal:.2f} layers on a stage of S5000 ({LAYERS / stages_alone['s5000']:.2f} alone); "
              f"whole ones are {max(quick)} at most, {(max(quick) / ideal - 1) * 100:.1f} % more, and {' and '.join(map(str, slow))} on those of A100 (the last has the output layer, too). "
              f"Even layers take {slower['even']:.1f} % longer than balanced ones; a gateway of 10 instead of 200 Gbit/s a card {slower['10 Gbit/s']:.1f} %, "
              f"one port for all {slower['one port']:.1f} %, for this one replica: more replicas are as many times its traffic. "
              f"Of the balanced iteration {float(balanced['training.exposed_ns.network']) / float(balanced['training.iteration_time_ns']) * 100:.1f} % waits for networks and gateway, "
              f"{float(balanced['training.exposed_ns.node']) / float(balanced['training.iteration_time_ns']) * 100:.1f} % for the scale-up fabric.")

# The same at 10,240 cards.
mixing_many = data("mixed-10k")
of_kind_many = {"a100-80g" if row["workload.device"] else "s5000": row for row in data("alone-10k")}
alone_many = {kind: float(row["training.tokens_per_s"]) for kind, row in of_kind_many.items()}
as_long_many = {kind: alone_many[kind] * (MIXED_MICROS + int(row["workload.parallel.pipeline"]) - 1) / (MIXED_MICROS + MIXED_STAGES - 1)
                for kind, row in of_kind_many.items()}


def mixture_many(stages, rate=""):
    chosen = [row for row in mixing_many if (row["workload.parallel.stages"], row["fabric.gateway.link.rate"]) == (stages, rate)]
    assert len(chosen) == 1 and chosen[0]["status"] == "done", (stages, rate)
    return chosen[0]


many_rows = [("balanced", "200 Gbit/s a card", mixture_many("auto")), ("even", "200 Gbit/s a card", mixture_many("even")),
             ("balanced", "10 Gbit/s a card", mixture_many("auto", "10Gbps"))]
by_mixture_many = table(["layers", "gateway", "iteration, s", "MFU, %", "loss to the sum, %", "with pipelines as long, %"],
                        [[layers, gateway, percent(seconds(row), 2), percent(float(row["training.mfu"]) * 100), percent(loss(row, alone_many)), percent(loss(row, as_long_many))]
                         for layers, gateway, row in many_rows])
balanced_many, even_many, slow_gateway = (row for _, _, row in many_rows)
of_mixture_many = (f"With 64 replicas, {sum(int(row['cards']) for row in of_kind_many.values()):,} cards, an iteration with balanced layers takes {seconds(balanced_many):.2f} s, where one replica took {seconds(balanced):.2f}: "
                   f"gradients are summed. {loss(balanced_many, alone_many):.1f} % are lost to the sum of both kinds alone, {loss(balanced_many, as_long_many):.1f} % with pipelines as long; with even layers {loss(even_many, alone_many):.1f} %. "
                   f"The claim of under 10 % is {'kept' if loss(balanced_many, alone_many) < 10 else 'not kept'} at this size with balanced layers, {'kept' if loss(even_many, alone_many) < 10 else 'not kept'} with even ones. "
                   f"A gateway of 10 instead of 200 Gbit/s a card costs {(seconds(slow_gateway) / seconds(balanced_many) - 1) * 100:.1f} %: each card of the stages at the border has a port of its own, however many replicas there are.")

# Years.
def time(peta, mfu, tokens=TOKENS):
    return 6 * PARAMETERS * tokens / (peta * 1e15 * mfu)


def simulated(tokens):
    return tokens / float(base["training.tokens_per_s"])


halved = TOKENS / BYTES_A_TOKEN
by_reading = table(["15 TB are", "1,000 P, 50 %", "10,000 P, 60 %", "10,240 S5000, simulated"],
                   [[f"{tokens:.3g} tokens", f"{time(1000, 0.5, tokens) / YEAR:.2f} years", f"{time(10000, 0.6, tokens) / DAY:.1f} days",
                     f"{simulated(tokens) / DAY:.1f} days"] for tokens in (TOKENS, halved)])
of_years = (f"Read as tokens, the first of the press's two figures, three years, is right ({time(1000, 0.5) / YEAR:.2f}), and a month is not: "
            f"{time(10000, 0.6) / DAY:.1f} days. Read as bytes, {BYTES_A_TOKEN} to a token, a month is ({time(10000, 0.6, halved) / DAY:.1f} days), and three years are not "
            f"({time(1000, 0.5, halved) / YEAR:.2f}). Three years over a month is {3 * 12}; ten times the cards at 60 % for 50 % are "
            f"{time(1000, 0.5) / time(10000, 0.6):.0f} times as fast: the two figures differ by {36 / (time(1000, 0.5) / time(10000, 0.6)):.0f} times, whatever a token is.")

# 99 %.
CARDS_A_NODE, NODE_DAYS = 8, {"RSC-2": 2.34e-3, "Llama 3": 3.79e-3, "RSC-1": 6.50e-3}
CASES = ((60, 1500), (20, 900), (2, 300), (0.2, 120), (0.2, 90), (0.05, 120))


def mttf(rate, cards):
    return DAY / (rate * cards / CARDS_A_NODE)


def ettr(rate, cards, cost, recovery):
    """Share of the time that is kept, by renewal, at the best interval (Daly 2006): as model/stability/renewal.h."""
    mean = mttf(rate, cards)
    low, high = 0.0, mean
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if (1 - middle / mean) * math.exp((middle + cost) / mean) > 1 else (low, middle)
    return low / (math.exp(recovery / mean) * mean * math.expm1((low + cost) / mean))


def most_recovery(rate, cards, cost, goal=0.99):
    """The longest recovery with which so much is kept, s; None: not even with none."""
    if ettr(rate, cards, cost, 0) < goal:
        return None
    return mttf(rate, cards) * math.log(ettr(rate, cards, cost, 0) / goal)


by_stability = table(["failures as", "a failure each, h", *(f"{cost:g} s, {recovery:g} s" for cost, recovery in CASES)],
                     [[name, percent(mttf(rate, 10240) / 3600), *(f"{ettr(rate, 10240, *case) * 100:.1f} %" for case in CASES)]
                      for name, rate in NODE_DAYS.items()])
allowed = {cost: most_recovery(NODE_DAYS["Llama 3"], 10240, cost) for cost in (0.05, 0.2, 1)}
copy = 14 * float(PARAMETERS) / 10240
of_stability = (f"With failures as often as Llama 3's (one in {mttf(NODE_DAYS['Llama 3'], 10240) / 3600:.1f} h on 10,240 cards), 99 % of the time is kept if training stands still "
                f"for 0.2 s at a checkpoint and works again {allowed[0.2]:.0f} s after a failure; with 0.05 s it may take {allowed[0.05]:.0f} s, with 1 s "
                + ("no recovery is short enough" if allowed[1] is None else f"{allowed[1]:.0f} s") + ". "
                f"A card's part of a checkpoint is {copy / 1e9:.2f} GB: {copy / 50e9 * 1000:.0f} ms over its own 400G NIC to a neighbour, once training goes on meanwhile; "
                f"so the network allows it, and detection, restart and spare servers decide. Nodes being there for 99 % of the time is easy and another thing: "
                f"with a day of repair {1 / (1 + NODE_DAYS['Llama 3']) * 100:.1f} % are.")

# A month, simulated.
month = data("stability")
beside = month[0]


def of_month(key, unit):
    return float(beside[f"stability.{key}"]) / unit


RECOVERY = 90  # s, of stability.yaml: detection and restart
copying = of_month("copy_time_ns", 1e9)
standing = ettr(NODE_DAYS["Llama 3"], 10240, copying, RECOVERY + copying)
by_month = table(["10,240 cards", ""],
                 [["a card's part of a checkpoint, GB", percent(of_month("checkpoint_card_bytes", 1e9), 2)],
                  ["all cards' copies to the next server, alone, ms", percent(of_month("copy_time_ns", 1e6))],
                  ["... beside an iteration, ms", percent(of_month("copy_beside_ns", 1e6))],
                  ["the iteration ends later for that by, ms", percent(of_month("copy_slows_ns", 1e6), 2)],
                  ["a failure each, h", percent(of_month("mttf_ns", 3600e9))],
                  ["a checkpoint each, min", percent(of_month("checkpoint_interval_ns", 60e9))],
                  ["kept of the month (ETTR), %", percent(of_month("ettr", 0.01), 2)],
                  ["kept if training stands still for the copy instead, by renewal, %", percent(standing * 100, 2)]])
BROKEN = {"link: gpu0:0,": "one from a card to another in its server", "link: gpu0:14,": "one from a card to its leaf", "switch: rail0/leaf0": "all of a leaf, to 32 cards and 32 spines"}
degraded = {name: next(row for row in data("degraded") if key in row["faults"]) for key, name in BROKEN.items()}
longer = {name: (seconds(row) / seconds(base) - 1) * 100 for name, row in degraded.items()}
by_fault = table(["links with one of two lanes", "iteration, s", "longer by, %"],
                 [["none", percent(seconds(base), 3), ""], *([name, percent(seconds(row), 3), percent(longer[name], 2)] for name, row in degraded.items())])
worst = max(longer, key=longer.get)
of_month_text = (f"All 10,240 cards at once leave their {of_month('checkpoint_card_bytes', 1e9):.2f} GB with the next server in {copying * 1000:.0f} ms with nothing else on the rails, "
                 f"in {of_month('copy_beside_ns', 1e6):.0f} ms beside an iteration, which ends {of_month('copy_slows_ns', 1e6):.1f} ms later for it, of {seconds(base):.1f} s: copies begin with an iteration, as the pipeline fills and little else is on the rails. "
                 f"So the fabric takes a checkpoint in less time than the snapshot of 0.2 s that lets training go on meanwhile: to stand still for the copy keeps {standing * 100:.2f} % of the month, "
                 f"to go on beside it {of_month('ettr', 0.01):.2f} %; 99 % {'are' if max(standing, of_month('ettr', 1)) >= 0.99 else 'are not'} kept with {RECOVERY} s from a failure until training works again. "
                 f"What loses a lane costs most where it is {worst}: {longer[worst]:.1f} % of each iteration until it is mended; "
                 f"{', '.join(f'{name} {longer[name]:.2f} %' for name in longer if name != worst)}. One such link in a server slows all cards, since each tensor group, pipeline and replica waits for the slowest.")

# In short.
of_fabric = {name: gain(row, eight) for name, row in fabrics if row}
DAYS = simulated(TOKENS) / DAY  # of the whole training, as it is


def worth_row(change, points_more, bound=""):
    """A line of the table that the page opens with: a change, its points of MFU, and the days that these are."""
    saved = DAYS * points_more / (at_base["MFU"] + points_more)
    return [change, f"{bound}{signed(points_more)}", f"{bound}{saved + 0.0:.1f}" if abs(saved) >= 0.05 else "0.0"]


in_group_of_4 = microseconds(WIRED, "all_gather", 4) / microseconds(SWITCHED, "all_gather", 4)
perfect = at_base["scale-up"] + at_base["scale-out"]
by_worth = table(["a switch, or a network, that", "points of MFU", "days less"],
                 [worth_row("replaces the mesh in a server by 14 planes, tensor groups of 8", of_fabric["scale-up: 14 planes of switches"]),
                  worth_row("reduces in the server, if the training takes all-reduces", worth, "at most "),
                  worth_row("has links twice as fast in the server", of_fabric["scale-up: links twice as fast"]),
                  worth_row("has links twice as fast between servers", of_fabric["network: links twice as fast"]),
                  worth_row("has both", of_fabric["both: links twice as fast"]),
                  worth_row("has chips of 128 ports between servers", of_fabric["network: chips of 128 ports"]),
                  worth_row("has chips of 256 ports", of_fabric["network: chips of 256 ports"]),
                  worth_row("leaves out half of the spines, servers used in order", of_fabric["network: taper 2:1"]),
                  worth_row("carries the same replicas on servers at random", -by_scattering),
                  worth_row("takes no time at all (the bound of all of these)", perfect)])
of_short = (f"**What a switch is worth here.** 10,240 cards reach an MFU of {at_base['MFU']:.1f} %, and take {DAYS:.0f} days for {TOKENS / 1e12:.0f}e12 tokens:\n\n{by_worth}\n\n"
            f"So for tensor groups of 8 a switch in the server is worth nothing as long as its links are as fast as the mesh's, which give such a group all wires already; for groups of 4, where the mesh takes "
            f"{in_group_of_4:.1f} times as long, it is worth that. Faster links are worth more than larger chips. All that any fabric could give is {perfect:.1f} points of the {100 - at_base['MFU']:.1f} that are missing; "
            "kernels, software and schedule decide the rest. Differences rest on the vendor's rates of links, the MFU itself on assumed kernels; how sure each is stands in the last section.")

# What the fabric decides.
known_levers = {name: gain(row, single) for name, row in levers if row and row != single}
of_claim = (f"60 % at 10,240 cards is {60 - at_base['MFU']:.1f} points above what these assumptions give. All that any fabric could give, by taking no time, is about {perfect:.1f}; "
            f"the best of those tried gives {best_fabric:.1f}. ")
for name, worth_of in known_levers.items():
    of_claim += f"{name[0].upper() + name[1:]}: {worth_of:+.1f}. "
of_claim += f"Slow cards, one in 200 by a tenth, would take {to_stragglers[10240, TENTH]:.1f} off. "
of_claim += (f"So the fabric decides about a {'third' if perfect / (100 - at_base['MFU']) > 0.25 else 'sixth' if perfect / (100 - at_base['MFU']) > 0.14 else 'tenth'} of what is missing to 100 %; "
             "the claim of 60 % stands or falls with kernels, software and schedule, of which no table of S5000 is public.")
cost = (f"The iteration of 10,240 cards took {float(base['cpu_time_s']):.0f} CPU seconds and {float(base['peak_rss_bytes']) / 2**30:.1f} GiB in mode flow, "
        f"with tensor groups folded; by bytes {float(base['fidelity.approximate']) * 100:.0f} % of it is called approximate, since members of tensor groups are ready "
        f"within {float(base['training.fold_skew_ns']) / 1e6:.1f} ms of one another and not at one instant.")

# How right mode flow calls them.
def span(rows, key, factor, digits=1):
    values = sorted(float(row[key] or 0) * factor for row in rows)
    low, high = (f"{value:,.{digits}f}" for value in (values[0], values[-1]))
    return low if low == high else f"{low} to {high}"


runs = {"from 960 cards to 10,240": data("scale"), "fabrics": data("switch"), "placements": data("placement"), "what else": data("levers"), "slow cards": data("stragglers"), "mixed cluster": mixing + data("alone"), "mixed, 10,240 cards": mixing_many + list(of_kind_many.values()), "a month": month, "links that lack a lane": list(degraded.values())}
by_fidelity = table(["section", "cards", "exact, %", "fair, %", "approximate, %", "more than buffers hold, %", "folded, members late by, ms"],
                    [[name, span(rows, "cards", 1, 0), *(span(rows, f"fidelity.{word}", 100) for word in ("exact", "fair", "approximate")),
                      span(rows, "fidelity.beyond_buffers", 100, 2), span(rows, "training.fold_skew_ns", 1e-6) if rows[0]["training.fold_skew_ns"] else ""]
                     for name, rows in runs.items()])

main({"scale": by_scale, "of-scale": of_scale, "fabrics": by_fabric, "placement": by_placement, "of-placement": of_placement, "collectives": by_collective, "of-groups": of_groups, "of-reduction": of_reduction,
      "levers": by_lever, "stragglers": by_straggler, "of-stragglers": of_stragglers, "mixture": by_mixture, "of-mixture": of_mixture, "mixture-many": by_mixture_many, "of-mixture-many": of_mixture_many, "years": by_reading,
      "of-years": of_years, "stability": by_stability, "of-stability": of_stability, "month": by_month, "faults": by_fault, "of-month": of_month_text, "of-short": of_short, "of-claim": of_claim, "fidelity": by_fidelity, "cost": cost},
     [])
