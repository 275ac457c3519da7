#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Plots for papers from the tables that mtlink writes, as PNG, SVG or PDF by the file's ending.

    tools/plot.py sweep results/load/sweep.csv -x workload.load -y packet_latency_ns_mean \\
        --by fabric.switch.buffer -o latency-load.pdf
    tools/plot.py bars results/faults/sweep.csv -x fabric -y collective_busbw_GBps_mean \\
        --where workload.collective=all_reduce -o faults.svg
    tools/plot.py cdf results/first results/second -o cdf.svg
    tools/plot.py time results/first -o utilisation.png
    tools/plot.py heat results/first -o heat.png
    tools/plot.py causes results/mesh results/switch -o causes.png
    tools/plot.py stack parts.csv -x fabric -y points --by part -o parts.svg

Columns are those of docs/results.md. Needs python3-matplotlib.
"""

import argparse
import csv
import gzip
import json
import os
import re
import sys
import textwrap

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
import matplotlib.colors  # noqa: E402
import matplotlib.ticker  # noqa: E402

# Colours that people with colour-blindness tell apart (Okabe and Ito 2008).
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
MARKERS = "osD^vPX"
CAUSE_COLOURS = {"compute": "#0072B2", "recompute": "#56B4E9", "optimizer": "#00507a", "host": "#E69F00",
                 "tensor": "#D55E00", "pipeline": "#009E73", "data": "#CC79A7", "expert": "#8c3a6b",
                 "context": "#7fc8b0", "bubble": "#999999", "straggler": "#000000"}
SIZES = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12,
         "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}


def fail(message):
    sys.exit(f"plot.py: error: {message}")


def read(path):
    """Rows of a CSV file, or of the same file compressed, as mappings."""
    if not os.path.exists(path) and os.path.exists(path + ".gz"):
        path += ".gz"
    if path.endswith("messages.csv") and not os.path.exists(path):
        fail(f"{path} is not there: run without 'measure: {{messages: none}}'")
    try:
        with (gzip.open if path.endswith(".gz") else open)(path, "rt", newline="") as file:
            return list(csv.DictReader(file))
    except OSError as error:
        fail(f"{path}: {error.strerror}")


def column(rows, name, path):
    if not rows:
        fail(f"{path} has no rows" + (": open-loop traffic keeps no messages"
                                     if path.endswith("messages.csv") else ""))
    if name not in rows[0]:
        fail(f"{path} has no column {name}; it has: {', '.join(rows[0])}")
    return [row[name] for row in rows]


def number(text):
    """A number, a size in bytes as 64KiB, or None."""
    match = re.fullmatch(r"([0-9.eE+-]+)([KMGT]?i?B)?", text)
    try:
        return float(match.group(1)) * SIZES[match.group(2) or "B"] if match else None
    except (KeyError, ValueError):
        return None


def label(name):
    """A column's name as an axis: its unit in brackets."""
    for end, unit in (("_ns", "ns"), ("_GBps", "GB/s"), ("_bytes", "bytes"), ("_s", "s")):
        match = re.fullmatch(rf"(.+){end}(_.+)?", name)
        if match:
            return f"{match.group(1)}{match.group(2) or ''} ({unit})".replace("_", " ")
    return name.split(".")[-1].replace("_", " ")


def bytes_text(value, _=None):
    for unit in ("B", "KiB", "MiB", "GiB"):
        if value < 1024 or unit == "GiB":
            return f"{value:g} {unit}"
        value /= 1024
    return ""


def save(figure, path):
    try:
        figure.savefig(path, dpi=200, bbox_inches="tight")
    except (OSError, ValueError) as error:
        fail(f"{path}: {error}")
    print(path)


def ink(colour):
    """Black or white, whichever can be read on a colour (relative luminance of WCAG 2)."""
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in matplotlib.colors.to_rgb(colour)]
    luminance = sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear))
    return "white" if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 else "black"


def axes():
    plt.rcParams.update({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False,
                         "svg.hashsalt": "mtlink", "legend.frameon": False})
    figure, ax = plt.subplots(figsize=(5, 3.2))
    ax.grid(True, color="#dddddd", linewidth=0.6)
    ax.set_axisbelow(True)
    return figure, ax


def pair(text, option):
    """KEY=VALUE of an option; the value may hold '=' too, the key may not."""
    key, equals, value = text.partition("=")
    if not equals or not key:
        fail(f"{option} {text} should be KEY=VALUE")
    return key, value


def select(arguments):
    """Rows of the table that have the values of --where."""
    rows = read(arguments.table)
    for text in arguments.where:
        key, value = pair(text, "--where")
        column(rows, key, arguments.table)
        rows = [row for row in rows if row[key] == value]
        if not rows:
            fail(f"{arguments.table} has no row with {text}")
    return rows


def naming(arguments):
    """How values are written: as --name says, else a file by its stem."""
    # A value may hold '=': the name is what follows the last one.
    names = {}
    for text in arguments.name:
        value, equals, name = text.rpartition("=")
        if not equals:
            fail(f"--name {text} should be VALUE=NAME")
        names[value] = name
    return lambda value: names.get(value, os.path.basename(value).removesuffix(".yaml"))


def plot_sweep(arguments):
    """One curve per value of --by; means with 95 % intervals where the table has them."""
    rows = select(arguments)
    name = naming(arguments)
    interval = arguments.y + "_ci95"
    mean = arguments.y + "_mean"
    is_means = bool(rows) and interval in rows[0]
    y_name = mean if is_means else arguments.y
    xs = column(rows, arguments.x, arguments.table)
    ys = column(rows, y_name, arguments.table)
    if any(x and number(x) is None for x in xs):
        fail(f"column {arguments.x} holds '{next(x for x in xs if number(x) is None)}', "
             "which is no number: plot it --by")
    groups = column(rows, arguments.by, arguments.table) if arguments.by else [""] * len(rows)
    curves = {}
    left_out = 0
    for row, x, y, group in zip(rows, xs, ys, groups):
        # What was stopped early would look like a result.
        if x == "" or y == "" or row.get("status", "done") != "done":
            left_out += 1
            continue
        half = number(row[interval] or "0") if is_means else 0
        curves.setdefault(group, []).append((number(x), number(y), half))
    if not curves:
        fail("nothing to draw: no run is done that has both columns")
    figure, ax = axes()
    for i, (group, points) in enumerate(curves.items()):
        points.sort()
        style = {"color": COLOURS[i % len(COLOURS)], "marker": MARKERS[i % len(MARKERS)],
                 "markersize": 4, "linewidth": 1.2, "label": name(group)}
        x, y, half = zip(*points)
        ax.errorbar(x, y, yerr=half if any(half) else None, capsize=2, **style)
    ax.set_xlabel(label(arguments.x))
    ax.set_ylabel(label(arguments.y))
    is_size = any(re.search("[a-zA-Z]", x) for x in xs)
    if is_size:
        ax.set_xscale("log", base=2)
        sizes = sorted({number(x) for x in xs if x})
        ax.set_xticks(sizes if len(sizes) <= 8 else sizes[::2])
        ax.xaxis.set_major_formatter(bytes_text)
        if len(sizes) > 4:
            ax.tick_params(axis="x", labelsize=7)
        ax.xaxis.set_minor_locator(matplotlib.ticker.NullLocator())
    if arguments.log_y:
        ax.set_yscale("log")
    else:
        ax.set_ylim(bottom=0)
    if arguments.by:
        ax.legend(title=label(arguments.by))
    if left_out:
        print(f"plot.py: {left_out} rows left out: not done, or without these columns",
              file=sys.stderr)
    save(figure, arguments.output)


def plot_bars(arguments):
    """A bar for each value of -x, and beside one another for each value of --by."""
    rows = select(arguments)
    name = naming(arguments)
    xs = column(rows, arguments.x, arguments.table)
    ys = column(rows, arguments.y, arguments.table)
    groups = column(rows, arguments.by, arguments.table) if arguments.by else [""] * len(rows)
    bars = {}
    for row, x, y, group in zip(rows, xs, ys, groups):
        if (x, group) in bars:
            fail(f"two rows have {arguments.x}={x}" + (f" and {arguments.by}={group}" if arguments.by
                                                      else "") + ": leave one out by --where")
        # A run that is not done has no bar, but its place: that it could not be is a result.
        done = row.get("status", "done") == "done" and y != ""
        bars[x, group] = number(y) if done else None
    if not any(value is not None for value in bars.values()):
        fail("nothing to draw: no run is done that has the column " + arguments.y)
    figure, ax = axes()
    places = list(dict.fromkeys(xs))
    kinds = list(dict.fromkeys(groups))
    width = 0.8 / len(kinds)
    for i, group in enumerate(kinds):
        left = [k - 0.4 + (i + 0.5) * width for k in range(len(places))]
        values = [bars.get((x, group)) for x in places]
        ax.bar(left, [value or 0 for value in values], width * 0.92,
               color=COLOURS[i % len(COLOURS)], label=name(group))
        for at, value, x in zip(left, values, places):
            if (x, group) in bars and value is None:
                ax.annotate("not done", (at, 0), (0, 3), textcoords="offset points", rotation=90,
                            ha="center", va="bottom", fontsize=6)
    ax.set_xticks(range(len(places)), [name(x) for x in places],
                  rotation=20 if max(len(name(x)) for x in places) > 10 else 0,
                  ha="right" if max(len(name(x)) for x in places) > 10 else "center")
    ax.grid(False, axis="x")
    ax.set_xlabel(label(arguments.x))
    ax.set_ylabel(label(arguments.y))
    if arguments.log_y:
        ax.set_yscale("log")
    if arguments.by:
        ax.legend(title=label(arguments.by), loc="upper left", bbox_to_anchor=(1, 1))
    save(figure, arguments.output)


def plot_cdf(arguments):
    """Share of messages, or of collectives, that took no longer than a time."""
    figure, ax = axes()
    for i, directory in enumerate(arguments.results):
        path = os.path.join(directory, "messages.csv")
        times = sorted(float(t) / 1000 for t in column(read(path), "latency_ns", path) if t)
        if not times:
            fail(f"{path}: no message was delivered")
        shares = [(k + 1) / len(times) for k in range(len(times))]
        ax.step(times, shares, where="post", color=COLOURS[i % len(COLOURS)], linewidth=1.2,
                label=os.path.basename(os.path.normpath(directory)))
    ax.set_xlabel("message latency (µs)")
    ax.set_ylabel("share of messages")
    ax.set_ylim(0, 1.02)
    if arguments.log_x:
        ax.set_xscale("log")
    else:
        ax.set_xlim(0, ax.get_xlim()[1] * 1.02)
    if len(arguments.results) > 1:
        # Below the axes: a curve may be anywhere in them.
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.18))
    save(figure, arguments.output)


def read_series(directory):
    """Utilisation by interval and link; what is absent in series.csv is 0."""
    links_path = os.path.join(directory, "links.csv")
    link_rows = read(links_path)
    links = column(link_rows, "link", links_path)
    place = {row["id"]: i for i, row in enumerate(link_rows)}  # few of very many links are there
    path = os.path.join(directory, "series.csv")
    rows = read(path)
    if not rows:
        fail(f"{path} is empty: run with 'measure: {{sample_every: 1us}}'")
    width = max(float(r["end_ns"]) - float(r["start_ns"]) for r in rows)
    count = round(max(float(r["start_ns"]) for r in rows) / width) + 1
    matrix = [[0.0] * count for _ in links]
    for row in rows:
        at = round(float(row["start_ns"]) / width)
        matrix[place[row["link_id"]]][at] = float(row["utilisation"])
    return links, matrix, width / 1000


def plot_time(arguments):
    """Mean utilisation over all links, and of the busiest, over time."""
    links, matrix, width = read_series(arguments.results)
    worst = os.path.exists(os.path.join(arguments.results, "link_levels.csv"))
    times = [k * width for k in range(len(matrix[0]) + 1)]
    busiest = max(range(len(links)), key=lambda i: sum(matrix[i]))
    figure, ax = axes()
    for values, name, colour in (
            ([sum(row[k] for row in matrix) / len(matrix) for k in range(len(matrix[0]))],
             f"mean of {'the worst ' if worst else ''}{len(links)} links", COLOURS[0]),
            (matrix[busiest], f"busiest link, {links[busiest]}", COLOURS[1])):
        ax.stairs(values, times, color=colour, linewidth=1.2, label=name)
    ax.set_xlabel("time (µs)")
    ax.set_ylabel("utilisation")
    ax.set_ylim(0, 1.05)
    ax.set_xlim(0, times[-1])
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.18), ncols=2)
    save(figure, arguments.output)


def plot_heat(arguments):
    """Utilisation of the busiest links over time."""
    links, matrix, width = read_series(arguments.results)
    order = sorted(range(len(links)), key=lambda i: (-sum(matrix[i]), i))[:arguments.links]
    order.sort()
    figure, ax = plt.subplots(figsize=(5, 0.6 + 0.11 * len(order)))
    image = ax.imshow([matrix[i] for i in order], aspect="auto", interpolation="nearest",
                      cmap="viridis", vmin=0, vmax=1,
                      extent=(0, len(matrix[0]) * width, len(order) - 0.5, -0.5))
    ax.set_yticks(range(len(order)), [links[i] for i in order], fontsize=5)
    ax.set_xlabel("time (µs)")
    ax.set_ylabel("link" if len(order) == len(links)
                  else f"busiest {len(order)} of {len(links)} links")
    figure.colorbar(image, label="utilisation")
    save(figure, arguments.output)


def plot_causes(arguments):
    """Where the time of training iterations goes: a bar for each directory."""
    trainings = []
    for directory in arguments.results:
        path = os.path.join(directory, "summary.json")
        try:
            with open(path, encoding="utf-8") as file:
                training = json.load(file).get("training")
        except (OSError, ValueError) as error:
            fail(f"{path}: {error}")
        if not training:
            fail(f"{path}: the run is no training, or did not come to its end")
        trainings.append((os.path.basename(os.path.normpath(directory)), training))
    causes = [cause for cause in trainings[0][1]["time_ns"]
              if any(training["time_ns"][cause] > 0 for _, training in trainings)]
    figure, ax = axes()
    ax.grid(False, axis="y")
    rows = range(len(trainings))
    starts = [0.0] * len(trainings)
    for i, cause in enumerate(causes):
        times = [training["time_ns"][cause] / 1e6 for _, training in trainings]
        ax.barh(rows, times, left=starts, height=0.6, label=cause, color=CAUSE_COLOURS[cause],
                edgecolor="white", linewidth=0.5)
        starts = [start + time for start, time in zip(starts, times)]
    for row, (_, training) in enumerate(trainings):
        ax.text(starts[row] + max(starts) * 0.01, row, f"MFU {training['mfu'] * 100:.1f} %",
                va="center", fontsize=8)
    ax.set_yticks(rows, [name for name, _ in trainings])
    ax.invert_yaxis()
    ax.set_xlim(0, max(starts) * 1.2)
    ax.set_xlabel("time of an iteration (ms)")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.18), ncols=4)
    figure.set_figheight(1.2 + 0.45 * len(trainings))
    save(figure, arguments.output)


def plot_stack(arguments):
    """A bar for each value of -x, made of parts: the values of --by, in the order of the table."""
    rows = select(arguments)
    name = naming(arguments)
    columns = [column(rows, key, arguments.table) for key in (arguments.x, arguments.by, arguments.y)]
    parts = {}
    for x, part, y in zip(*columns):
        if (x, part) in parts:
            fail(f"two rows have {arguments.x}={x} and {arguments.by}={part}: leave one out by --where")
        parts[x, part] = number(y)
    places = list(dict.fromkeys(columns[0]))
    kinds = [kind for kind in dict.fromkeys(columns[1]) if any(parts.get((x, kind)) for x in places)]
    figure, ax = axes()
    ax.grid(False, axis="y")
    starts = [0.0] * len(places)
    whole = max(sum(parts.get((x, kind), 0) for kind in kinds) for x in places)
    for i, kind in enumerate(kinds):
        values = [parts.get((x, kind), 0) for x in places]
        colour = COLOURS[i % len(COLOURS)]
        # After the seven colours hatches tell parts apart.
        ax.barh(range(len(places)), values, left=starts, height=0.7, label=name(kind), edgecolor="white", linewidth=0.5,
                color=colour, hatch="" if i < len(COLOURS) else "///")
        for row, value in enumerate(values):
            if value >= 0.05 * whole:
                ax.text(starts[row] + value / 2, row, f"{value:.1f}", ha="center", va="center", fontsize=8, color=ink(colour))
        starts = [start + value for start, value in zip(starts, values)]
    # Narrow, names in several lines and the legend below: so that it can be read in a column of 400 pixels.
    names = [textwrap.fill(name(x), 21) for x in places]
    lines = sum(max(text.count("\n") + 1, 2) for text in names)
    height = 0.9 + 0.19 * lines
    figure.set_size_inches(4.2, height)
    ax.set_xlim(0, whole)
    ax.set_ylim(len(places) - 0.5, -0.5)
    ax.set_yticks(range(len(places)), names)
    ax.set_xlabel(label(arguments.y))
    below = 0.42 / (height * ax.get_position().height)  # of the axes: under the label of x
    ax.legend(loc="upper center", bbox_to_anchor=(0.35, -below), ncols=4, columnspacing=1, handlelength=1.2, handletextpad=0.5)
    save(figure, arguments.output)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True, metavar="PLOT")

    def add(name, function, text):
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("-o", "--output", required=True, help=".png, .svg or .pdf")
        command.set_defaults(function=function)
        return command

    sweep = add("sweep", plot_sweep, "curves of sweep.csv or sweep-means.csv")
    sweep.add_argument("table", help="sweep.csv, or sweep-means.csv for means and intervals")
    bars = add("bars", plot_bars, "bars of sweep.csv, for what is no number")
    bars.add_argument("table", help="sweep.csv")
    stack = add("stack", plot_stack, "bars made of parts")
    stack.add_argument("table", help="a table with a row for each part of each bar")
    for command, what in ((sweep, "a curve"), (bars, "a bar"), (stack, "a part of each bar")):
        command.add_argument("-x", required=True, help="column, as workload.load")
        command.add_argument("-y", required=True, help="column, as packet_latency_ns_mean")
        command.add_argument("--by", required=command is stack, help=f"column: {what} for each of its values")
        command.add_argument("--where", action="append", default=[], metavar="COLUMN=VALUE",
                             help="only rows with this value; repeatable")
        command.add_argument("--name", action="append", default=[], metavar="VALUE=NAME",
                             help="how to write a value; repeatable")
    for command in (sweep, bars):
        command.add_argument("--log-y", action="store_true", help="logarithmic")
    cdf = add("cdf", plot_cdf, "cumulative distribution of message latency")
    cdf.add_argument("results", nargs="+", help="directories of results")
    cdf.add_argument("--log-x", action="store_true", help="logarithmic")
    time = add("time", plot_time, "utilisation over time")
    time.add_argument("results", help="directory of results with samples")
    heat = add("heat", plot_heat, "utilisation of links over time as a heat map")
    heat.add_argument("results", help="directory of results with samples")
    heat.add_argument("--links", type=int, default=56, help="most links drawn (default 56)")
    causes = add("causes", plot_causes, "where the time of training iterations goes")
    causes.add_argument("results", nargs="+", help="directories of results")
    arguments = parser.parse_args()
    arguments.function(arguments)


if __name__ == "__main__":
    main()
