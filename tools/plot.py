#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Plots for papers from the tables that mtlink writes, as PNG, SVG or PDF by the file's ending.

    tools/plot.py sweep results/load/sweep.csv -x workload.load -y packet_latency_ns_mean \\
        --by fabric.switch.buffer -o latency-load.pdf
    tools/plot.py size-busbw results/sizes -o busbw.pdf
    tools/plot.py pareto results/designs -x cost_power_W -y accepted_load:max -o front.pdf
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
import math
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
                 "context": "#7fc8b0", "bubble": "#999999", "straggler": "#000000", "input": "#F0E442"}
MOST_NAMES = 24  # beside points of a front: more can't be told apart
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


WIDE = 20  # values that are so many times as far apart are seen on a logarithmic axis only


def is_wide(values):
    return min(values) > 0 and max(values) / min(values) > WIDE


def plain(value, _=None):
    """A number as people write it, without powers of ten as far as that goes."""
    return f"{value:,.6g}" if 1e-3 <= abs(value) < 1e7 or value == 0 else f"{value:.3g}"


def make_log(axis, values):
    """A logarithmic axis with round numbers, at least two of them, and room at its ends."""
    least, most = min(values), max(values)
    decades = math.log10(most / least)
    steps = (1,) if decades > 4 else (1, 2, 5) if decades > 0.7 else (1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9)
    (axis.axes.set_xscale if axis.axis_name == "x" else axis.axes.set_yscale)("log")
    room = max(10 ** (decades * 0.06), 1.05)
    (axis.axes.set_xlim if axis.axis_name == "x" else axis.axes.set_ylim)(least / room, most * room)
    axis.set_major_locator(matplotlib.ticker.LogLocator(subs=steps, numticks=50))
    axis.set_major_formatter(plain)
    axis.set_minor_locator(matplotlib.ticker.NullLocator())


def make_sizes(axis, sizes):
    """A logarithmic axis of sizes in bytes: each of them, or every so many, by its name."""
    axis.axes.set_xscale("log", base=2)
    every = -(-len(sizes) // 8)
    axis.axes.set_xticks(sizes[::every])
    axis.set_major_formatter(bytes_text)
    if len(sizes) > 4:
        axis.axes.tick_params(axis="x", labelsize=7)
    axis.set_minor_locator(matplotlib.ticker.NullLocator())


def in_directory(path, names):
    """A table, or the first of these names that is in the directory of a sweep."""
    if not os.path.isdir(path):
        return path
    for name in names:
        if os.path.exists(os.path.join(path, name)):
            return os.path.join(path, name)
    fail(f"{path} holds none of {', '.join(names)}: give the directory of a sweep, or a table of it")


def varied_keys(rows, last):
    """The columns of keys before a column, that hold more than one value."""
    names = list(rows[0])
    return [name for name in names[1:names.index(last)] if len({row[name] for row in rows}) > 1]


def is_saturated(row):
    """Whether a row of sweep.csv, sweep-means.csv or designs.csv had a run that was."""
    return row.get("saturated", "") not in ("", "false", "0")


def run_names(directories):
    """What runs are called: by the settings in which they differ, where these are few, else by directory."""
    plain_names = [os.path.basename(os.path.normpath(directory)) for directory in directories]
    settings = []
    for directory in directories:
        path = os.path.join(directory, "settings.csv")
        settings.append({row["setting"]: row["value"] for row in read(path)} if os.path.exists(path) else None)
    if len(directories) > 1 and all(settings):
        paths = [path for path in dict.fromkeys(path for own in settings for path in own)
                 if path != "name" and len({own.get(path) for own in settings}) > 1]
        names = [", ".join(f"{path.split('.')[-1]} {own.get(path, '–')}" for path in paths) for own in settings]
        if 0 < len(paths) <= 3 and len(set(names)) == len(names) and max(map(len, names)) <= 48:
            return names
    if len(set(plain_names)) < len(plain_names):
        return [os.path.normpath(directory) for directory in directories]
    return plain_names


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


def draw_curves(ax, curves, name, breaks):
    """Curves of [(x, y, half an interval, saturated)]: what is saturated is hollow, and apart where `breaks`."""
    for i, (group, points) in enumerate(curves.items()):
        points.sort()
        colour, marker = COLOURS[i % len(COLOURS)], MARKERS[i % len(MARKERS)]
        style = {"color": colour, "marker": marker, "markersize": 4, "linewidth": 1.2, "capsize": 2}
        x, y, half, saturated = zip(*points)
        # A line ends where a queue begins to grow, and may begin again.
        gaps = [math.nan if breaks and full else value for value, full in zip(y, saturated)]
        ax.errorbar(x, gaps, yerr=half if any(half) else None, label=name(group), **style)
        beyond = [point for point in points if point[3]]
        if beyond:
            x, y, half, _ = zip(*beyond)
            ax.errorbar(x, y, yerr=half if any(half) and breaks else None, markerfacecolor="white",
                        **(style | {"linewidth": 0, "elinewidth": 1.2, "zorder": 3}))
    return any(point[3] for points in curves.values() for point in points)


def read_curves(arguments, rows, groups):
    """Points by group, and how many rows have none: not done, or without these columns."""
    interval = arguments.y + "_ci95"
    is_means = bool(rows) and interval in rows[0]
    xs = column(rows, arguments.x, arguments.table)
    ys = column(rows, arguments.y + "_mean" if is_means else arguments.y, arguments.table)
    if any(x and number(x) is None for x in xs):
        fail(f"column {arguments.x} holds '{next(x for x in xs if number(x) is None)}', "
             "which is no number: plot it --by")
    curves = {}
    left_out = 0
    for row, x, y, group in zip(rows, xs, ys, groups):
        # What was stopped early would look like a result.
        if x == "" or y == "" or row.get("status", "done") != "done":
            left_out += 1
            continue
        half = number(row[interval] or "0") if is_means else 0
        points = curves.setdefault(group, [])
        if number(x) in [point[0] for point in points]:
            fail(f"several rows have {arguments.x}={x}" + (f" and {group}" if group else "") +
                 ": draw sweep-means.csv where they differ by their seeds, else give --by, or leave some out by --where")
        points.append((number(x), number(y), half, is_saturated(row)))
    if not curves:
        fail("nothing to draw: no run is done that has both columns")
    if left_out:
        print(f"plot.py: {left_out} rows left out: not done, or without these columns",
              file=sys.stderr)
    return curves


def plot_sweep(arguments):
    """One curve per value of --by; means with 95 % intervals where the table has them."""
    rows = select(arguments)
    name = naming(arguments)
    groups = column(rows, arguments.by, arguments.table) if arguments.by else [""] * len(rows)
    curves = read_curves(arguments, rows, groups)
    figure, ax = axes()
    # A latency beyond saturation is that of a queue that grows for as long as it is watched.
    if draw_curves(ax, curves, name, breaks="latency" in arguments.y):
        ax.text(1, -0.2, "hollow: saturated", transform=ax.transAxes, ha="right", va="top", fontsize=7)
    ax.set_xlabel(label(arguments.x))
    ax.set_ylabel(label(arguments.y))
    xs = [row[arguments.x] for row in rows]
    if any(re.search("[a-zA-Z]", x) for x in xs):
        make_sizes(ax.xaxis, sorted({number(x) for x in xs if x}))
    values = [point[1] for points in curves.values() for point in points]
    if arguments.log_y:
        if min(values) <= 0:
            fail(f"column {arguments.y} holds {min(values):g}, which a logarithmic axis can't show")
        make_log(ax.yaxis, values)
    else:
        ax.set_ylim(bottom=0)
    if arguments.by:
        ax.legend(title=label(arguments.by))
    save(figure, arguments.output)


def plot_size_busbw(arguments):
    """Bandwidth or time over size, as nccl-tests' users draw it: a curve for each of what else is varied."""
    arguments.table = in_directory(arguments.table, ("sweep-means.csv", "sweep.csv"))
    rows = select(arguments)
    name = naming(arguments)
    if not rows:
        fail(f"{arguments.table} has no rows")
    arguments.x = next((key for key in rows[0] if key == "size" or key.endswith(".size")), None)
    if arguments.x is None:
        fail(f"{arguments.table} has no column of sizes, as workload.size; it has: {', '.join(rows[0])}")
    arguments.y = {"busbw": "collective_busbw_GBps_mean", "algbw": "collective_algbw_GBps_mean",
                   "time": "collective_duration_ns_mean"}[arguments.figure]
    keys = [key for key in varied_keys(rows, "seeds" if "seeds" in rows[0] else "seed") if key != arguments.x]
    groups = [", ".join(name(row[key]) for key in keys) for row in rows]
    curves = read_curves(arguments, rows, groups)
    figure, ax = axes()
    draw_curves(ax, curves, lambda group: group, breaks=False)
    make_sizes(ax.xaxis, sorted({number(row[arguments.x]) for row in rows if row[arguments.x]}))
    ax.set_xlabel("size (bytes)")
    if arguments.figure == "time":
        times = [point[1] for points in curves.values() for point in points]
        make_log(ax.yaxis, times)
        ax.yaxis.set_major_formatter(lambda value, _: plain(value / 1000))
        ax.set_ylabel("time (µs)")
    else:
        ax.set_ylim(bottom=0)
        ax.set_ylabel({"busbw": "bus", "algbw": "algorithm"}[arguments.figure] + " bandwidth (GB/s)")
    if keys:
        ax.legend(title=", ".join(label(key) for key in keys))
    save(figure, arguments.output)


def find_front(points, aims):
    """Which points no other beats: none is as good in both and better in one."""
    costs = [tuple(-value if aim == "max" else value for value, aim in zip(point, aims)) for point in points]
    return [not any(all(a <= b for a, b in zip(other, own)) and other != own for other in costs) for own in costs]


def name_points(figure, ax, points, names):
    """Names beside points, those that come first first, where there is room."""
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    marks = [ax.transData.transform(point) for point in points]
    taken = [(x - 5, y - 5, x + 5, y + 5) for x, y in marks]
    frame = ax.get_window_extent(renderer)
    for point, text in zip(points, names):
        for (dx, dy), ha, va in (((5, 0), "left", "center"), ((-5, 0), "right", "center"),
                                 ((0, 5), "center", "bottom"), ((0, -5), "center", "top")):
            label_ = ax.annotate(text, point, (dx, dy), textcoords="offset points", ha=ha, va=va, fontsize=7)
            box = label_.get_window_extent(renderer)
            free = frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1 and \
                not any(box.x0 < x1 and x0 < box.x1 and box.y0 < y1 and y0 < box.y1 for x0, y0, x1, y1 in taken)
            if free:
                taken.append((box.x0, box.y0, box.x1, box.y1))
                break
            label_.remove()


def plot_pareto(arguments):
    """Designs by two figures, with their front."""
    arguments.table = in_directory(arguments.table, ("designs.csv",))
    rows = select(arguments)
    name = naming(arguments)
    if not rows or "scenarios" not in rows[0]:
        fail(f"{arguments.table} is no designs.csv, which mtlink sweep writes")
    aims = []
    for option in ("x", "y"):
        figure_name, _, aim = getattr(arguments, option).partition(":")
        if aim not in ("", "min", "max"):
            fail(f"-{option} {getattr(arguments, option)} should be FIGURE, FIGURE:min or FIGURE:max")
        setattr(arguments, option, figure_name)
        aims.append(aim or "min")
    pairs = list(zip(column(rows, arguments.x, arguments.table), column(rows, arguments.y, arguments.table)))
    shown = [(row, (number(x), number(y))) for row, (x, y) in zip(rows, pairs) if x != "" and y != ""]
    if not shown:
        fail("nothing to draw: no design has both figures")
    if len(shown) < len(rows):
        print(f"plot.py: {len(rows) - len(shown)} designs left out, which lack a run or one of these figures", file=sys.stderr)
    points = [point for _, point in shown]
    front = find_front(points, aims)
    keys = varied_keys(rows, "scenarios")
    figure, ax = axes()
    saturated = [is_saturated(row) for row, _ in shown]
    order = sorted(point for point, best in zip(points, front) if best)
    ax.plot(*zip(*order), color=COLOURS[1], linewidth=1.2, zorder=1)
    for best, full in ((False, False), (False, True), (True, False), (True, True)):
        own = [point for point, is_best, is_full in zip(points, front, saturated) if (is_best, is_full) == (best, full)]
        if own:
            colour = COLOURS[1] if best else COLOURS[0]
            ax.plot(*zip(*own), "o", markersize=5, color=colour, markerfacecolor="white" if full else colour,
                    label=("on the front" if best else "other designs") + (", saturated in a run" if full else ""))
    for axis, values, key, aim in zip((ax.xaxis, ax.yaxis), zip(*points), (arguments.x, arguments.y), aims):
        if is_wide(values):
            make_log(axis, values)
        else:
            axis.set_major_formatter(plain)
            ax.margins(0.12)
        axis.set_label_text(f"{label(key)}, {'more' if aim == 'max' else 'less'} is better")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2)
    ranked = sorted(zip(front, points, [", ".join(name(row[key]) for key in keys) for row, _ in shown]),
                    key=lambda one: not one[0])
    if len(ranked) > MOST_NAMES:
        ranked = ranked[:max(sum(front), 1)]
    if keys:
        name_points(figure, ax, [point for _, point, _ in ranked], [text for _, _, text in ranked])
        ax.set_title("names: " + ", ".join(label(key) for key in keys), fontsize=8, loc="left")
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
        values = [value for value in bars.values() if value is not None]
        if min(values) <= 0:
            fail(f"column {arguments.y} holds {min(values):g}, which a logarithmic axis can't show")
        make_log(ax.yaxis, values)
    if arguments.by:
        ax.legend(title=label(arguments.by), loc="upper left", bbox_to_anchor=(1, 1))
    save(figure, arguments.output)


def plot_cdf(arguments):
    """Share of messages, or of collectives, that took no longer than a time."""
    figure, ax = axes()
    names = run_names(arguments.results)
    seen = []
    for i, directory in enumerate(arguments.results):
        path = os.path.join(directory, "messages.csv")
        times = sorted(float(t) / 1000 for t in column(read(path), "latency_ns", path) if t)
        if not times:
            fail(f"{path}: no message was delivered")
        seen += [times[0], times[-1]]
        shares = [(k + 1) / len(times) for k in range(len(times))]
        ax.step(times, shares, where="post", color=COLOURS[i % len(COLOURS)], linewidth=1.2,
                label=names[i])
    ax.set_xlabel("message latency (µs)")
    ax.set_ylabel("share of messages")
    ax.set_ylim(0, 1.02)
    if arguments.log_x:
        make_log(ax.xaxis, [max(time, 1e-6) for time in seen])
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
    for directory, name in zip(arguments.results, run_names(arguments.results)):
        path = os.path.join(directory, "summary.json")
        try:
            with open(path, encoding="utf-8") as file:
                training = json.load(file).get("training")
        except (OSError, ValueError) as error:
            fail(f"{path}: {error}")
        if not training:
            fail(f"{path}: the run is no training, or did not come to its end")
        trainings.append((name, training))
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
    sizes = add("size-busbw", plot_size_busbw, "bandwidth over size, a curve for each of what else is varied")
    sizes.add_argument("table", help="directory of a sweep, or its sweep.csv or sweep-means.csv")
    sizes.add_argument("--figure", choices=("busbw", "algbw", "time"), default="busbw", help="what is drawn (default busbw)")
    pareto = add("pareto", plot_pareto, "designs by two figures, with their front")
    pareto.add_argument("table", help="directory of a sweep, or its designs.csv")
    for option in ("x", "y"):
        pareto.add_argument(f"-{option}", required=True, metavar="FIGURE[:min|:max]", help="figure, and what is better of it (default min)")
    bars = add("bars", plot_bars, "bars of sweep.csv, for what is no number")
    bars.add_argument("table", help="sweep.csv")
    stack = add("stack", plot_stack, "bars made of parts")
    stack.add_argument("table", help="a table with a row for each part of each bar")
    for command, what in ((sweep, "a curve"), (bars, "a bar"), (stack, "a part of each bar")):
        command.add_argument("-x", required=True, help="column, as workload.load")
        command.add_argument("-y", required=True, help="column, as packet_latency_ns_mean")
        command.add_argument("--by", required=command is stack, help=f"column: {what} for each of its values")
    for command in (sweep, bars, stack, sizes, pareto):
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
