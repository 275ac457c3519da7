# SPDX-License-Identifier: GPL-2.0-only
"""What mode flow costs at 1,000, 10,000 and 100,000 cards, beside what packets would."""

import re

from ..case import TOO_LONG, Case, Limit, Row
from ..runs import Run, RunFailed
from .flow import EXPERTS, TOPOLOGIES, skewed

GIB = 1 << 30

FABRICS = {  # name -> cards, most memory (scale.md's promise), s for a run
    "kuae-1k": (1000, GIB // 4, 300),
    "kuae-10k": (10000, GIB, 900),
    "kuae-100k": (102400, 8 * GIB, 1800),
}
MEAN = 256 << 10  #: bytes that an expert gets from each, in the mean


def write_collective(collective, algorithm, size):
    return lambda cards: [
        f"workload: {{collective: {collective}, algorithm: {algorithm}, size: {size}, ranks: all}}"]


def write_experts(cards):
    """Groups of experts side by side, each a skewed all-to-all of its own."""
    lines = ["workloads:"]
    for first in range(0, cards - EXPERTS + 1, EXPERTS):
        counts = "*counts"
        if first == 0:
            rows = ", ".join("[" + ", ".join(row) + "]" for row in skewed(EXPERTS, MEAN))
            counts = f"&counts [{rows}]"
        ranks = ", ".join(str(rank) for rank in range(first, first + EXPERTS))
        lines.append(f"  - {{name: experts-{first}, collective: all_to_allv, ranks: [{ranks}], counts: {counts}}}")
    return lines


PATTERNS = {
    "ring": write_collective("all_reduce", "ring", "1GiB"),
    "hierarchical": write_collective("all_reduce", "hierarchical", "1GiB"),
    "all-to-all-hierarchical": write_collective("all_to_all", "hierarchical", "64MiB"),
    "experts": write_experts,
}


def make_run(fabric, pattern, checks):
    """A run in mode flow, or a check for what packets would take."""
    cards, _, timeout = FABRICS[fabric]
    lines = [f"name: {fabric}-{pattern}", f"fabric: {TOPOLOGIES / fabric}.yaml", *PATTERNS[pattern](cards)]
    return Run.of(f"{fabric}-{pattern}.yaml", mode="flow", cost=cards / 100, text="\n".join(lines) + "\n",
                  timeout=timeout, checks=checks)


def find_packets_time(checked):
    """What `mtlink check` says of packets, or nothing."""
    if isinstance(checked, RunFailed):
        return "?"
    found = re.search(r"^time +about (.*) in mode packet", checked.warnings, re.MULTILINE)
    return found.group(1) if found else "?"


def at_most_bytes(bound):
    return Limit(f"<= {bound / (1 << 20):g} MiB", lambda ours, reference: ours <= bound / (1 << 20))


def judge_run(name, outcome, packets, memory):
    """The rows of a run: seconds, memory, whether it came to its end and not before the bound."""
    packets = f"packets: {packets}"
    if isinstance(outcome, RunFailed):
        message = str(outcome).splitlines()[0]
        return [Row(name, None, "", Limit("", None, False), note=f"{message}; {packets}",
                    verdict=TOO_LONG if outcome.too_long else "refused")]
    summary = outcome.summary
    bound = max(collective["bound_ns"] for collective in summary["collectives"])
    slowest = max(summary["collectives"], key=lambda collective: collective["duration_ns"])
    return [
        Row(f"{name}/cpu", None, summary["cpu_time_s"], unit="s",
            note=f"{summary['rows']['messages']['all']:.3g} messages; {packets}"),
        Row(f"{name}/memory", None, summary["peak_rss_bytes"] / (1 << 20), at_most_bytes(memory), "MiB"),
        Row(f"{name}/time", bound, slowest["duration_ns"],
            Limit("done, and not before the bound",
                  lambda ours, reference: summary["complete"] and ours >= reference * (1 - 1e-9)),
            "ns", note=slowest["fidelity"]),
    ]


def cases(options):
    del options  # each run is one workload, whole
    made = []
    for fabric, (cards, memory, _) in FABRICS.items():
        runs = {(pattern, checks): make_run(fabric, pattern, checks) for pattern in PATTERNS
                for checks in (False, True)}

        def judge(results, fabric=fabric, memory=memory):
            return [row for pattern in PATTERNS
                    for row in judge_run(f"cost/{fabric}/{pattern}", results[pattern, False],
                                         find_packets_time(results[pattern, True]), memory)]

        made.append(Case(f"cost/{fabric}", f"what mode flow takes at {cards:,} cards", runs, judge,
                         long=True, partial=True))
    return made
