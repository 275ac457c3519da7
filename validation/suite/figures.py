# SPDX-License-Identifier: GPL-2.0-only
"""Figures: each as CSV, with the reference's points beside ours, and as PNG."""

import csv

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402 after the choice of backend
from matplotlib import ticker  # noqa: E402

#: Okabe and Ito's colours, told apart with any colour vision.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
MARKERS = ["o", "s", "^", "D", "v", "P", "X"]


def write_csv(path, figure):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["series", "reference", figure.xlabel, figure.ylabel, "confidence_95"])
        for series in figure.series:
            for i, (x, y) in enumerate(zip(series.x, series.y)):
                half = series.half[i] if series.half else None
                writer.writerow([
                    series.label,
                    "yes" if series.reference else "no",
                    format(x, ".9g"),
                    format(y, ".9g"),
                    "" if half is None else format(half, ".3g"),
                ])


def write_png(path, figure):
    """Ours: filled markers, solid lines. References: hollow markers, dashed lines. A reference
    has the colour of the series of ours that has its label's first words."""
    plot, axes = plt.subplots(figsize=(7.2, 4.6), dpi=120, layout="constrained")
    ours = [series for series in figure.series if not series.reference]
    colour_of = {series.label: index for index, series in enumerate(ours)}
    spare = len(ours)
    for series in figure.series:
        if not series.reference:
            index = colour_of[series.label]
            axes.errorbar(
                series.x,
                series.y,
                yerr=[half or 0 for half in series.half] if series.half else None,
                color=COLOURS[index % len(COLOURS)],
                marker=MARKERS[index % len(MARKERS)],
                markersize=5,
                linewidth=1.6,
                capsize=2.5,
                label=series.label,
                zorder=3,
            )
            continue
        twins = [label for label in colour_of if series.label.startswith(label)]
        if twins:
            index = colour_of[max(twins, key=len)]
        else:
            index = spare
            spare += 1
        curve = len(series.x) > 30  # a formula: a line without markers
        axes.plot(
            series.x,
            series.y,
            color=COLOURS[index % len(COLOURS)],
            linestyle="--",
            linewidth=1.2,
            marker="" if curve else MARKERS[index % len(MARKERS)],
            markersize=8,
            markerfacecolor="none",
            label=series.label,
            zorder=2,
        )
    axes.set_title(figure.title, fontsize=11)
    axes.set_xlabel(figure.xlabel)
    axes.set_ylabel(figure.ylabel)
    if figure.log_x:
        axes.set_xscale("log", base=figure.log_x)
    if figure.log_x == 2:  # sizes: a tick at each, as a plain number
        sizes = sorted({x for series in figure.series for x in series.x})
        axes.set_xticks(sizes, [f"{size:g}" for size in sizes])
        axes.xaxis.set_minor_locator(ticker.NullLocator())
    if figure.log_y:
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(ticker.LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_major_formatter(ticker.FuncFormatter(lambda value, _: f"{value:g}"))
        axes.yaxis.set_minor_formatter(ticker.NullFormatter())
    if figure.y_max is not None:
        axes.set_ylim(0, figure.y_max)
    axes.grid(True, color="#dddddd", linewidth=0.6)
    # In the order of the series: matplotlib would put those with error bars last.
    handles = dict(zip(*reversed(axes.get_legend_handles_labels())))
    labels = [series.label for series in figure.series]
    axes.legend([handles[label] for label in labels], labels, fontsize=8, framealpha=0.9, loc=figure.legend)
    if figure.note:
        plot.supxlabel(figure.note, fontsize=7, color="#444444")
    # Without the program's version: the same figures give the same bytes.
    plot.savefig(path, metadata={"Software": None})
    plt.close(plot)


def write(directory, figure):
    write_csv(directory / f"{figure.name}.csv", figure)
    write_png(directory / f"{figure.name}.png", figure)
