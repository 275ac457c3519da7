# SPDX-License-Identifier: GPL-2.0-only
"""Reduction and multicast in the switch, on one switch of 8 endpoints."""

from ..case import Case, Row, exact, relative
from ..runs import Run

KIB, MIB = 1 << 10, 1 << 20
LATENCY, SWITCH, UNIT, RATE, RANKS, PACKET = 100, 200, 50, 50.0, 8, 4096


def in_network(size):
    """2 l + s + u + n w, ns: up, through switch and unit, down."""
    return 2 * LATENCY + SWITCH + UNIT + size / RATE


def ring(size):
    return 2 * (RANKS - 1) * (2 * LATENCY + SWITCH + size / RANKS / RATE)


def cases(options):
    sizes = {"4KiB": 4 * KIB, "8KiB": 8 * KIB, "256MiB": 256 * MIB}
    runs = {size: Run.of("in-network.yaml", {"workload.size": f"{size}B"}, cost=size / MIB / 64)
            for size in sizes.values()}
    large = sizes["256MiB"]
    runs["ring"] = Run.of("in-network.yaml", {
        "workload.size": f"{large}B", "workload.algorithm": "ring", "workload.channels": 1}, cost=8)

    def judge(results):
        rows = [
            Row(f"in-network/all-reduce/{name}", round(in_network(size) * 1000),
                round(results[size].time_ns * 1000), exact(), "ps",
                note="two links, the switch, the unit, and the packets' time on the wire")
            for name, size in sizes.items() if size < MIB
        ]
        rows.append(Row("in-network/all-reduce/256MiB", in_network(large), results[large].time_ns, relative(0.02), "ns"))
        rows.append(Row("in-network/ring-over-in-network", ring(large) / in_network(large),
                        results["ring"].time_ns / results[large].time_ns, relative(0.02),
                        note="times of 256 MiB"))
        return rows

    return [Case("in-network", "all-reduce in the switch: closed form, exact for small, against the ring", runs, judge)]
