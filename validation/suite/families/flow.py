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

SPRAYED = {"fabric.routing.granularity": "packet", "fabric.routing.selection": "round_robin"}
HASH_SPRAYED = {"fabric.routing.granularity": "packet"}
FABRICS = {  # name -> file, settings, ranks
    "mesh-8": ("s5000-mesh-8.yaml", {}, "all", 8),
    "planes-8": ("s5000-switch-8.yaml", {}, "all", 8),
    "fat-tree-128": ("fat-tree-128.yaml", {}, "all", 128),
    "fat-tree-128-in-turn": ("fat-tree-128.yaml", SPRAYED, "all", 128),
    "fat-tree-128-by-hash": ("fat-tree-128.yaml", HASH_SPRAYED, "all", 128),
    "dragonfly-72": ("dragonfly-72.yaml", {}, "all", 72),
    "rails-128": ("kuae-1k.yaml", {"fabric.nodes": 16}, "all", 128),
}
PATTERNS = {  # name -> collective, algorithm, KiB for each rank, settings
    "ring": ("all_reduce", "ring", 32, {}),
    "halving-doubling": ("all_reduce", "halving_doubling", 32, {}),
    "tree": ("all_reduce", "tree", 32, {}),
    "two-shot": ("all_reduce", "two_shot", 32, {}),
    "all-to-all-direct": ("all_to_all", "direct", 32, {}),
    "all-to-all-pairwise": ("all_to_all", "pairwise", 32, {}),
    "permutation": ("send_recv", "direct", 8, {"placement": "random"}),
    "incast": ("gather", "direct", 32, {}),
    "experts": ("all_to_allv", "direct", 32, {}),
}
RAILS = {
    "hierarchical": ("all_reduce", "hierarchical", 128, {}),
    "all-to-all-hierarchical": ("all_to_all", "hierarchical", 32, {}),
}


def skewed(ranks, mean):
    """Bytes from each rank to each: every fourth expert has four times what the others have."""
    share = [4 if rank % 4 == 0 else 1 for rank in range(ranks)]
    total = sum(share)
    return [[f"{0 if i == j else mean * ranks * share[(j + i // 8) % ranks] // total}B" for j in range(ranks)]
            for i in range(ranks)]


def make_run(fabric, pattern, mode):
    file, settings, ranks, count = FABRICS[fabric]
    collective, algorithm, size, more = (PATTERNS | RAILS)[pattern]
    workload = {"collective": collective, "algorithm": algorithm, "ranks": ranks}
    if "placement" in more:
        workload["ranks"] = {"count": count, "placement": more["placement"]}
    if collective == "all_to_allv":
        workload["counts"] = skewed(min(count, 64), size * KIB)
        workload["ranks"] = list(range(min(count, 64)))
    else:
        workload["size"] = f"{size * count}KiB"
    return Run.of("flow.yaml", {"fabric": str(TOPOLOGIES / file), **settings, "workload": workload}, mode=mode,
                  cost=count * count / 4000 if mode == "packet" else count * count / 16000)


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


def cases(options):
    del options  # each run is one collective, whole
    pairs = [(fabric, pattern) for fabric in FABRICS for pattern in PATTERNS]
    pairs = [pair for pair in pairs if pair[0] != "rails-128"] + [
        ("rails-128", pattern) for pattern in [*RAILS, "ring", "all-to-all-direct"]]
    runs = {(*pair, mode): make_run(*pair, mode) for pair in pairs for mode in ("packet", "flow")}

    def judge(results):
        rows = []
        for fabric, pattern in pairs:
            packet, flow = (results[fabric, pattern, mode] for mode in ("packet", "flow"))
            word = flow.collective["fidelity"]
            errors = message_errors(packet, flow)
            middle, late = errors[len(errors) // 2], errors[len(errors) * 95 // 100]
            rows.append(Row(
                f"flow/{fabric}/{pattern}", packet.time_ns, flow.time_ns, LIMITS[word], "ns",
                note=f"{word}; messages: median {middle:.1%}, 95th percentile {late:.1%}"))
        return rows

    return [Case("flow", "mode flow against packets: completion, and each message", runs, judge)]
