# SPDX-License-Identifier: GPL-2.0-only
"""What the studies have in common: their data, the tables and claims of their texts.

A study's tables.py makes tables and claims from data/*.csv. It puts the tables into README.md, between the marks
<!-- table NAME --> and <!-- end -->; with --check it says instead whether they are there, and whether every claim, which has
to stand in README.md word for word, is true of the data.
"""
import csv
import json
import os
import re
import sys

KEPT = ["completion_time_ns", "collective_busbw_GBps_mean", "collective_bound_ratio_mean", "packet_latency_ns_mean",
        "packet_latency_ns_p50", "packet_latency_ns_p99", "offered_load", "accepted_load", "credit_stall_ns", "cost_area_mm2", "cost_chip_area_mm2",
        "cost_power_W", "cost_chip_power_W", "cost_serdes", "cost_buffer_bytes", "status"]


def read(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def training_figures(summary):
    """Of a run's summary: where the time of its iteration goes, and how right that is; nothing where no training ran to its end."""
    training = summary.get("training")
    if not training:
        return {}
    figures = {f"training.{key}": training[key] for key in ("iteration_time_ns", "mfu", "hfu", "tokens_per_s", "model_flops", "fold_skew_ns")}
    figures |= {f"training.time_ns.{cause}": time for cause, time in training["time_ns"].items()}
    exposed = training["exposed_by_level"]
    figures["training.exposed_ns.network"] = sum(time for level, time in exposed.items() if level.split("/")[0].split(".")[-1] in ("network", "gateway"))
    figures["training.exposed_ns.node"] = sum(exposed.values()) - figures["training.exposed_ns.network"]
    figures["training.memory_bytes"] = max(stage["total"] for stage in training["memory_bytes"])
    figures["cards"] = summary["fabric"]["endpoints"]
    figures |= {f"fidelity.{name}": share for name, share in summary["fidelity"].items()}
    if training["balance"]:
        figures["training.balance"] = "; ".join(f"{balance['of']} {' '.join(map(str, balance['chosen']))}" for balance in training["balance"])
    if training["mixed"]:
        figures["training.mixed.loss_to_bound"] = training["mixed"]["loss_to_bound"]
    return figures | {key: summary[key] for key in ("mode", "cpu_time_s", "peak_rss_bytes")}


def stability_figures(summary):
    """Of a run's summary: the job over days, and what was simulated for it; nothing where it was not asked for."""
    stability = summary.get("stability")
    if not stability:
        return {}
    figures = {f"stability.{key}": stability[key]["value"] for key in ("mttf_ns", "availability", "ettr", "goodput", "checkpoint_interval_ns")}
    figures |= {f"stability.{key}": stability[key] for key in ("copy_time_ns", "blocking_ns", "copy_beside_ns", "copy_slows_ns", "checkpoint_card_bytes")}
    for fault in stability["faults"]:
        figures[f"stability.fault_ns.{fault['class']}"] = fault["iteration_time_ns"]
    return figures


def keep(directory, target):
    """Copy of a sweep's table what a study needs of it: the varied keys and the figures of KEPT; where the sweep gives seeds, their
    means and 95 % confidence intervals; of trainings, what training_figures() has too."""
    path = os.path.join(directory, "sweep-means.csv")
    is_means = os.path.exists(path)
    rows = read(path if is_means else os.path.join(directory, "sweep.csv"))
    names = list(rows[0])
    figures = KEPT
    if is_means:
        figures = [figure + end for figure in KEPT if figure != "status" and not figure.startswith("cost_") for end in ("_mean", "_ci95")]
        figures += [figure + "_mean" for figure in KEPT if figure.startswith("cost_")] + ["status"]
        for row in rows:
            row["status"] = "done" if row["done"] == row["seeds"] else "incomplete"
    elif any(row.get("training.mfu") for row in rows):
        added = {}
        for row, costs in zip(rows, read(os.path.join(directory, "sweep-costs.csv"))):
            path = os.path.join(directory, costs["directory"], "summary.json")
            if row["status"] == "done":
                with open(path, encoding="utf-8") as file:
                    summary = json.load(file)
                row |= (own := training_figures(summary) | stability_figures(summary))
                added |= own
        figures = [*added, "cost_power_W", "cost_serdes", "status"]
    varied = names[1:names.index("seeds" if is_means else "seed")]
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "w", newline="") as file:
        out = csv.DictWriter(file, ["point", *varied, *figures], extrasaction="ignore", lineterminator="\n")
        out.writeheader()
        out.writerows(rows)


def pick(rows, **values):
    """Rows whose column ends with a key of `values` and holds its value."""
    chosen = rows
    for key, value in values.items():
        name = next(column for column in rows[0] if column == key or column.endswith("." + key))
        chosen = [row for row in chosen if row[name] == value]
    return chosen


def one(rows, figure, **values):
    """The figure of the only row that has these values; None if its run is not done."""
    chosen = pick(rows, **values)
    assert len(chosen) == 1, f"{len(chosen)} rows have {values}"
    return float(chosen[0][figure]) if chosen[0]["status"] == "done" and chosen[0][figure] else None


def text(value, digits=3):
    """A number with so many figures, none after the point from 1,000 on."""
    if value is None:
        return "not done"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.{digits}g}"


def interval(rows, figure, **values):
    """Mean of a figure over the seeds of the only row that has these values, and half its 95 % confidence interval, as text."""
    return f"{text(one(rows, figure + '_mean', **values))} ± {text(one(rows, figure + '_ci95', **values), 1)}"


def between(low, *values_and_high):
    """Whether all values lie between the first and the last argument."""
    *values, high = values_and_high
    return all(low < value < high for value in values)


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cell if isinstance(cell, str) else text(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def main(tables, claims):
    """Write the tables into README.md, or check it; exit with 1 where it does not agree with the data."""
    with open("README.md") as file:
        readme = file.read()
    wanted = readme
    for name, body in tables.items():
        mark = re.compile(rf"(<!-- table {name} -->\n).*?(<!-- end -->)", re.S)
        if not mark.search(wanted):
            sys.exit(f"README.md has no place for table {name}")
        wanted = mark.sub(lambda found: found.group(1) + body + "\n" + found.group(2), wanted)
    wrong = [claim for claim, holds in claims if not holds]
    words = " ".join(readme.split())
    missing = [claim for claim, _ in claims if " ".join(claim.split()) not in words]
    for claim in wrong:
        print(f"the data do not say: {claim}", file=sys.stderr)
    for claim in missing:
        print(f"README.md does not say: {claim}", file=sys.stderr)
    if "--check" in sys.argv:
        if wanted != readme:
            print("README.md has other tables than the data make: run tables.py", file=sys.stderr)
    elif wanted != readme:
        with open("README.md", "w") as file:
            file.write(wanted)
    if wrong or missing or ("--check" in sys.argv and wanted != readme):
        sys.exit(1)
    print(f"README.md agrees with the data: {len(tables)} tables, {len(claims)} claims")


if __name__ == "__main__":
    keep(*sys.argv[1:3])
