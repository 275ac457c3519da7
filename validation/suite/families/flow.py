# SPDX-License-Identifier: GPL-2.0-only
"""Mode flow against packets: the error of every pattern, the bad ones included."""

import csv
import gzip
from pathlib import Path

from ..case import Case, Row, exact, relative
from ..runs import Run

TOPOLOGIES = Path(__file__).resolve().parents[3] / "topologies"
KIB = 1 << 10

#: Word -> how far a completion may be off.
LIMITS = {"exact": exact(), "fair": relative(0.01), "approximate": relative(0.1, gate=False)}

SPRAYED = {"fabric.routing.granularity": "packet", "fabric.routing.selection": "round_robin",
           "simulation.allow_approximate": True}
HASH_SPRAYED = {"fabric.routing.granularity": "packet", "simulation.allow_approximate": True}
REFUSED = {"simulation.allow_approximate": True}  #: Where a pattern of ours is refused: how far off is it?
FABRICS = {  # name -> file, settings, ranks
    "mesh-8": ("s5000-mesh-8.yaml", {}, 8),
    "planes-8": ("s5000-switch-8.yaml", {}, 8),
    "fat-tree-128": ("fat-tree-128.yaml", {}, 128),
    "fat-tree-128-in-turn": ("fat-tree-128.yaml", SPRAYED, 128),
    "fat-tree-128-by-hash": ("fat-tree-128.yaml", HASH_SPRAYED, 128),
    "dragonfly-72": ("dragonfly-72.yaml", REFUSED, 72),
    "rails-128": ("kuae-1k.yaml", REFUSED | {"fabric.nodes": 16}, 128),
}
LARGE_FABRICS = {  # those of the long part
    "fat-tree-1024": ("fat-tree-1024.yaml", {}, 1024),
    "fat-tree-1024-by-hash": ("fat-tree-1024.yaml", HASH_SPRAYED, 1024),
    "dragonfly-1056": ("dragonfly-1056.yaml", REFUSED, 1056),
    "rails-1000": ("kuae-1k.yaml", REFUSED, 1000),
}
PATTERNS = {  # name -> collective, algorithm, KiB for each rank, of each rank's size
    "ring": ("all_reduce", "ring", 32),
    "halving-doubling": ("all_reduce", "halving_doubling", 32),
    "tree": ("all_reduce", "tree", 32),
    "two-shot": ("all_reduce", "two_shot", 32),
    "all-to-all-direct": ("all_to_all", "direct", 32),
    "all-to-all-pairwise": ("all_to_all", "pairwise", 32),
    "permutation": ("send_recv", "direct", 8),
    "incast": ("gather", "direct", 32),
    "experts": ("all_to_allv", "direct", 32),
}
RAILS = {
    "hierarchical": ("all_reduce", "hierarchical", 128),
    "all-to-all-hierarchical": ("all_to_all", "hierarchical", 32),
}
EXPERTS = 64  #: Ranks of such a group, at most
LARGE_PART = 8  #: The long part has a part of the size, so that packets take two minutes at most


def skewed(ranks, mean):
    """Bytes from each rank to each: every fourth expert has four times what the others have."""
    share = [4 if rank % 4 == 0 else 1 for rank in range(ranks)]
    total = sum(share)
    return [[f"{0 if i == j else mean * ranks * share[(j + i // 8) % ranks] // total}B" for j in range(ranks)]
            for i in range(ranks)]


def make_run(fabric, pattern, mode):
    """A run of a pattern; a large fabric's experts are spread over all of it."""
    is_large = fabric in LARGE_FABRICS
    file, settings, count = (LARGE_FABRICS if is_large else FABRICS)[fabric]
    collective, algorithm, size = (PATTERNS | RAILS)[pattern]
    workload = {"collective": collective, "algorithm": algorithm, "ranks": "all"}
    if collective == "send_recv":
        workload["ranks"] = {"count": count, "placement": "random"}
    if collective == "all_to_allv":
        experts = min(count, EXPERTS)
        workload["counts"] = skewed(experts, size * KIB)
        workload["ranks"] = [i * (count // experts if is_large else 1) for i in range(experts)]
    else:
        workload["size"] = f"{size * count // (LARGE_PART if is_large else 1)}KiB"
    more = {"measure.messages": "all"} if is_large else {}
    cost = count * count / (400 if is_large else 4000)
    return Run.of("flow.yaml", {"fabric": str(TOPOLOGIES / file), **settings, **more, "workload": workload},
                  mode=mode, cost=cost if mode == "packet" else cost / 4)


def messages(result):
    """Start and end of each message, ns, in order of its pair."""
    path = result.directory / "messages.csv"
    packed = result.directory / "messages.csv.gz"
    with open(path, newline="", encoding="utf-8") if path.exists() else gzip.open(packed, "rt") as file:
        times = {}
        for row in csv.DictReader(file):
            pair = row["src"], row["dst"], row["bytes"]
            times.setdefault(pair, []).append((float(row["start_ns"]), float(row["end_ns"])))
    return {pair: sorted(rows) for pair, rows in times.items()}


def message_errors(packet, flow):
    """Relative errors of the messages' times, least first."""
    ours = messages(flow)
    return sorted(
        abs((end - start) / (true_end - true_start) - 1)
        for pair, rows in messages(packet).items()
        for (true_start, true_end), (start, end) in zip(rows, ours[pair])
    )


def list_pairs(fabrics, left_out=()):
    """Each fabric with its patterns."""
    pairs = [(fabric, pattern) for fabric in fabrics for pattern in PATTERNS if not fabric.startswith("rails")]
    for fabric in fabrics:
        if fabric.startswith("rails"):
            pairs += [(fabric, pattern) for pattern in [*RAILS, *PATTERNS] if pattern != "halving-doubling"]
    return [pair for pair in pairs if pair not in left_out]


def make_case(name, title, pairs, **others):
    runs = {(*pair, mode): make_run(*pair, mode) for pair in pairs for mode in ("packet", "flow")}

    def judge(results):
        rows = []
        for fabric, pattern in pairs:
            packet, flow = (results[fabric, pattern, mode] for mode in ("packet", "flow"))
            word = flow.collective["fidelity"]
            errors = message_errors(packet, flow)
            middle, late = errors[len(errors) // 2], errors[len(errors) * 95 // 100]
            backed_up = flow.summary["fidelity"]["beyond_buffers"]
            rows.append(Row(
                f"{name}/{fabric}/{pattern}", packet.time_ns, flow.time_ns, LIMITS[word], "ns",
                note=f"{word}; messages: median {middle:.1%}, 95th percentile {late:.1%}"
                + (f"; {backed_up:.0%} of bytes beyond buffers" if backed_up else "")))
        return rows

    return Case(name, title, runs, judge, **others)


def cases(options):
    del options  # each run is one collective, whole
    return [
        make_case("flow", "mode flow against packets: completion, and each message", list_pairs(FABRICS)),
        make_case("flow-large", "the same at 1,024 endpoints", list_pairs(LARGE_FABRICS), long=True),
    ]
