# SPDX-License-Identifier: GPL-2.0-only
"""Measurements on real machines. A preset may be calibrated on some points, which its file and
validation/README.md name; errors are those of the others."""

from .. import references
from ..case import Case, Figure, Row, Series, at_most, between, relative
from ..runs import Run
from ..statistics import geometric_mean

MIB, GIB = 1 << 20, 1 << 30


def error_of(ours, truth):
    """Relative error, at least 0.01 % so that a geometric mean is defined."""
    return max(abs(ours / truth - 1), 1e-4)


def middle(row):
    return (row["low"] + row["high"]) / 2


def h100_ring_runs(options):
    size = "256MiB" if options.quick else "2GiB"
    return {
        gpus: Run.of("h100-ring.yaml", {"workload.ranks": list(range(gpus)), "workload.size": size},
                     cost=4 * gpus)
        for gpus in range(2, 9)
    }


def h100_ring(options):
    reference = references.load("h100-ring")
    runs = h100_ring_runs(options)

    def judge(results):
        rows = []
        for row in reference:
            gpus = int(row["gpus"])
            kind = " (calibration)" if row["calibration"] == "yes" else ""
            rows.append(Row(f"h100/ring/gpus={gpus}{kind}", middle(row), results[gpus].busbw, unit="GB/s"))
        errors = [
            error_of(results[int(row["gpus"])].busbw, middle(row))
            for row in reference if row["calibration"] == "no"
        ]
        rows.append(Row("h100/ring/error, 3 to 7 GPUs", 0, 100 * geometric_mean(errors), at_most(5, gate=True), "%",
                        note="geometric mean"))
        return rows

    return Case("h100/ring", "ring all-reduce on n of 8 H100", runs, judge)


def h100_in_network(options):
    """Each GPU sends S once and gets the sum once. Where rings are faster, NCCL takes rings."""
    size = "256MiB" if options.quick else "2GiB"
    reference = references.load("h100-nvls")
    rings = h100_ring_runs(options)
    runs = {("ring", gpus): run for gpus, run in rings.items()} | {
        ("nvls", gpus): Run.of("h100-nvls.yaml", {
            "workload.ranks": list(range(gpus)), "workload.size": size}, cost=2 * gpus)
        for gpus in range(2, 9)
    }

    def nvls(results, gpus):
        return results["nvls", gpus].busbw

    def chosen(results, gpus):
        return max(nvls(results, gpus), results["ring", gpus].busbw)

    def judge(results):
        rows, errors = [], []
        for row in reference:
            gpus = int(row["gpus"])
            ours = chosen(results, gpus)
            calibration = row["calibration"] == "yes"
            errors += [] if calibration else [error_of(ours, row["busbw"])]
            rows.append(Row(f"h100/nvls/gpus={gpus}" + (" (calibration)" if calibration else ""), row["busbw"], ours,
                            unit="GB/s", note="" if ours == nvls(results, gpus) else "rings are faster: as NCCL, taken"))
        rows.append(Row("h100/nvls/error, 2 to 7 GPUs", 0, 100 * geometric_mean(errors), at_most(5, gate=True), "%",
                        note="geometric mean"))
        errors += [
            error_of(results["ring", int(row["gpus"])].busbw, middle(row))
            for row in references.load("h100-ring") if row["calibration"] == "no"
        ]
        rows.append(Row("h100/error, all that were not calibrated", 0, 100 * geometric_mean(errors),
                        at_most(5, gate=True), "%", note="geometric mean; ASTRA-sim's own validation: 20.6, 12.0, "
                        "9.7 % on 2, 4, 8 GPUs"))
        rows.append(Row("h100/largest error", 0, 100 * max(errors), unit="%"))
        return rows

    def figures(results):
        gpus = list(range(2, 9))
        rings = references.load("h100-ring")
        return [Figure(
            "h100-all-reduce", "8 x H100, all-reduce of 2 GiB", "GPUs", "busbw (GB/s)",
            [
                Series("ring", gpus, [results["ring", n].busbw for n in gpus]),
                Series("in network, or ring where that is faster", gpus, [chosen(results, n) for n in gpus]),
                Series("in network alone", gpus, [nvls(results, n) for n in gpus]),
                Series("ring, measured", gpus, [middle(row) for row in rings], reference=True),
                Series("in network, or ring where that is faster, measured", gpus,
                       [row["busbw"] for row in reference], reference=True),
            ],
            note="calibrated on the ring of 2 and 8 GPUs and on 8 GPUs in the network", y_max=520, legend="lower right",
        )]

    return Case("h100/nvls", "in-network all-reduce on n of 8 H100", runs, judge, figures)


def h100_pair(options):
    reference = references.load("h100-pair-tree")
    runs = {row["mib"]: Run.of("h100-pair-tree.yaml", {"workload.size": f"{row['mib']:.0f}MiB"}) for row in reference}

    def judge(results):
        return [
            Row(f"h100-pair/tree/{row['mib']:.0f}MiB" + (" (calibration)" if row["calibration"] == "yes" else ""),
                row["us"], results[row["mib"]].time_ns / 1000, relative(0.15), "us")
            for row in reference
        ]

    def figures(results):
        sizes = [row["mib"] for row in reference]
        return [Figure(
            "h100-pair-tree", "2 nodes x 1 H100, 400 Gb/s, all-reduce by tree", "size (MiB)", "time (µs)",
            [
                Series("mtlink", sizes, [results[size].time_ns / 1000 for size in sizes]),
                Series("measured, NCCL", sizes, [row["us"] for row in reference], reference=True),
            ],
            note="one host latency, calibrated on 2 MiB", log_x=2, log_y=True,
        )]

    return Case("h100-pair/tree", "two nodes of one H100: all-reduce of 2 to 32 MiB", runs, judge, figures)


def simai_trend(options):
    """Efficiency by size within a node: rises with the size and levels off."""
    reference = [row for row in references.load("simai-nvlink-ratio") if row["bytes"] <= GIB]
    runs = {
        row["bytes"]: Run.of("h100-ring.yaml", {
            "workload.ranks": list(range(8)), "workload.size": f"{row['bytes']:.0f}B"}, cost=row["bytes"] / GIB * 16)
        for row in reference
    }

    def judge(results):
        ours = [results[row["bytes"]].busbw / 450 for row in reference]
        rows = [
            Row(f"simai-trend/{row['bytes'] / (1 << 20):.0f}MiB", row["efficiency"], efficiency)
            for row, efficiency in zip(reference, ours)
        ]
        rising = sum(later >= earlier for earlier, later in zip(ours, ours[1:])) / (len(ours) - 1)
        rows.append(Row("simai-trend/rising", 1.0, rising, at_least_all(),
                        note="share of the steps to twice the size that raise the efficiency"))
        rows.append(Row("simai-trend/level", reference[-1]["efficiency"], ours[-1],
                        note="at 1 GiB"))
        return rows

    def figures(results):
        sizes = [row["bytes"] / (1 << 20) for row in reference]
        return [Figure(
            "simai-trend", "8 GPUs in a node: efficiency of all-reduce by size", "size (MiB)",
            "busbw / link rate",
            [
                Series("mtlink, ring on 8 H100", sizes, [results[row["bytes"]].busbw / 450 for row in reference]),
                Series("SimAI's measured table", sizes, [row["efficiency"] for row in reference], reference=True),
            ],
            note="machines and algorithm of the table are not stated: a trend", log_x=2, y_max=1.0,
        )]

    return Case("simai-trend", "efficiency of all-reduce by size within a node", runs, judge, figures, gate=False)


def at_least_all():
    return between(1, 1)


def dlrm(options):
    reference = references.load("dlrm-v100")
    runs = {row["bytes"]: Run.of("v100-ring.yaml", {"workload.size": f"{row['bytes']:.0f}B"}) for row in reference}

    def judge(results):
        return [
            Row(f"dlrm-v100/{row['bytes']:.0f}B", row["us"], results[row["bytes"]].time_ns / 1000,
                unit="us", note="wiring, algorithm and protocol are not recorded")
            for row in reference
        ]

    return Case("dlrm-v100", "all-reduces of DLRM on 8 V100", runs, judge, gate=False)


def s5000_vendor(options):
    reference = references.load("simumax-s5000")
    algorithms = {"all_reduce": "ring", "all_to_all": "direct"}
    sizes = (64, 1024)
    runs = {
        (row["collective"], size): Run.of("s5000-host.yaml", {
            "workload.collective": row["collective"], "workload.algorithm": algorithms[row["collective"]],
            "workload.size": f"{size}MiB"}, cost=size / 64)
        for row in reference for size in sizes
    }

    def judge(results):
        return [
            Row(f"s5000-vendor/{row['collective']}/{size}MiB", row["efficiency"],
                results[row["collective"], size].busbw / 392,
                note="host times only; the vendor's figure holds memory, copies and protocol as well")
            for row in reference for size in sizes
        ]

    return Case("s5000-vendor", "8 S5000 with the vendor's host times: share of 392 GB/s", runs, judge, gate=False)


def cases(options):
    return [h100_ring(options), h100_in_network(options), h100_pair(options), simai_trend(options), dlrm(options), s5000_vendor(options)]
