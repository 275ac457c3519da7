#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: page-test.py MTLINK SOURCE_DIR [--large]

Opens reports in a headless Chromium and uses them as people do: they load without an error, their
charts have the values of the CSVs, hover, zoom, keys and clicks work, and nothing is wider than the
window. Exit 77 where there is no Chromium. --large: a result of 50 MB opens in under 3 s."""

import csv
import itertools
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from browser import Browser, find_chromium  # noqa: E402

RUN = """name: {name}
fabric: {source}/topologies/dragonfly-72.yaml
workload: {{collective: all_to_all, size: 288KiB, ranks: all}}
measure: {{sample_every: 200ns}}
"""
INCAST = """name: incast
fabric: {kind: fat_tree, down: [4, 3], up: [1, 2]}
workloads:
  - {name: many, collective: gather, size: 4MiB, ranks: [8, 0, 1, 4, 5, 6, 9, 10]}
  - {name: bystander, collective: send_recv, size: 128KiB, ranks: [2, 11]}
"""
SWEEP = """base: {base}
grid:
  fabric.switch.buffer: [4KiB, 16KiB]
  workload.size: [72KiB, 144KiB, 288KiB]
designs: [workload.size]
"""

LOADS = """base:
  fabric: {kind: fat_tree, radix: 8, levels: 2, link: {rate: 100Gbps}, endpoint: {packet: 512B}}
  workload: {traffic: uniform, load: 0.1, packet: 512B, warmup: 1us, measure: 2us}
grid: {fabric.taper: [1, 4], workload.load: [0.1, 0.3, 0.9]}
"""

DESIGNS = """endpoints: 6
chips: [{ports: 4, rate: 100Gbps}, {ports: 6, rate: 100Gbps}]
kinds: [single_switch, fat_tree, hyperx, torus]
taper: [1, 2]
workloads: [{collective: all_to_all, size: 12KiB}]
"""


def check(condition, what):
    """Fail with a message unless a condition holds."""
    if not condition:
        raise AssertionError(what)


def read_csv(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def draw_all(browser):
    """Draw all charts at once, as printing does, and wait until they are there."""
    browser.run("dispatchEvent(new Event('beforeprint'))")
    browser.run("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))")


def canvas(browser, title):
    """Scroll to a chart; returns the number of its plot and its drawing area."""
    number = browser.run(f"plots.findIndex((p) => p.spec.title.includes({title!r}))")
    check(number >= 0, "no chart " + title)
    browser.run(f"plots[{number}].figure.scrollIntoView({{block: 'center'}})")
    box = browser.run(f"(() => {{const b = plots[{number}].uplot.over.getBoundingClientRect();"
                      "return [b.left, b.top, b.width, b.height];})()")
    return number, box


def tip(browser, number):
    return browser.run(f"plots[{number}].tip.hidden ? '' : plots[{number}].tip.textContent")


def test_run_page(browser, page, results):
    """A run's page: values, hover, zoom, keys, selection, fabric."""
    browser.view(1600, 1000)
    browser.open(page)
    draw_all(browser)
    browser.wait("document.querySelectorAll('button.link').length > 0")
    check(not browser.errors, f"errors in the console: {browser.errors}")
    check(browser.run("places.every((p) => p.dataset.drawn && p.children.length)"),
          "a chart was not drawn")

    # The cell under the mouse has the value of series.csv.
    links = read_csv(results + "/links.csv")
    series = read_csv(results + "/series.csv")
    samples = {(row["link"], float(row["start_ns"])): row for row in series}
    number, (left, top, width, height) = canvas(browser, "Links over time")
    heat = browser.run("runs[0].traffic.heat")
    check(heat["bin_ns"] == heat["interval_ns"], "the test wants cells of one sample")
    compared = 0
    for part in (0.2, 0.35, 0.5, 0.65, 0.8):
        x, y = left + width * part * 0.7, top + height * part
        browser.mouse("Moved", x, y)
        text = tip(browser, number)
        check(text, "nothing is said where the mouse is")
        if text.startswith("mean of"):
            continue
        name = text.split(",")[0]
        start = browser.run(f"Math.floor(plots[{number}].at.x / {heat['bin_ns']}) * {heat['bin_ns']}")
        row = samples.get((name, start), {"utilisation": 0, "credit_stall": 0, "queue_flits": 0})
        wanted = browser.run(
            f"'utilisation ' + formatShare(Math.round({row['utilisation']} * 1e4) / 1e4) + "
            f"', credit stall ' + formatShare(Math.round({row['credit_stall']} * 1e4) / 1e4) + "
            f"', queue ' + formatNumber({row['queue_flits']}, 9) + ' flits'")
        check(text.endswith(wanted), f"{text!r} is not {wanted!r}")
        compared += 1
    check(compared >= 3, "too few cells were compared")

    # Zoom by mouse: all charts over time follow.
    full = browser.run(f"plots[{number}].range")
    y = top + height / 2
    browser.mouse("Moved", left + width * 0.25, y)
    browser.mouse("Pressed", left + width * 0.25, y, button="left", buttons=1, clickCount=1)
    for part in (0.3, 0.4, 0.5):
        browser.mouse("Moved", left + width * part, y, button="left", buttons=1)
    browser.mouse("Released", left + width * 0.5, y, button="left", clickCount=1)
    zoomed = browser.run(f"plots[{number}].range")
    span = full[1] - full[0]
    check(abs(zoomed[0] - full[0] - span / 4) < span / 100 and
          abs(zoomed[1] - full[0] - span / 2) < span / 100, f"zoomed to {zoomed} of {full}")
    check(browser.run("plots.filter((p) => p.spec.group === 'time')"
                      f".every((p) => p.range[0] === {zoomed[0]} && p.range[1] === {zoomed[1]})"),
          "charts over time do not show the same part")
    check(browser.run("selected.link === null"), "the end of a zoom selected a link")
    browser.run(f"plots[{number}].figure.querySelectorAll('.tools button')[2].click()")
    check(browser.run(f"plots[{number}].range") == full, "All does not show all")

    # By keys: reached by Tab, moves, zooms, speaks.
    browser.run(f"plots[{number}].figure.querySelectorAll('.tools button')[2].focus()")
    browser.key("Tab")
    check(browser.run(f"document.activeElement === plots[{number}].canvas"), "Tab misses the chart")
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        browser.key(key)
    spoken = browser.run(f"plots[{number}].spoken.textContent")
    check("utilisation" in spoken, f"keys say {spoken!r}")
    browser.key("ArrowDown")
    check(browser.run(f"plots[{number}].spoken.textContent") != spoken, "ArrowDown does not move")
    browser.key("+", "Equal", "+")
    after = browser.run(f"plots[{number}].range")
    check(abs((after[1] - after[0]) / span - 0.5) < 0.01, "+ does not zoom")
    browser.key("0", "Digit0", "0")
    check(browser.run(f"plots[{number}].range") == full, "0 does not show all")

    # The timeline tells of the collective under the mouse.
    number, (left, top, width, height) = canvas(browser, "Collectives and ranks")
    browser.mouse("Moved", left + width * 0.3, top + 8)
    check(tip(browser, number).startswith("all_to_all 288"), tip(browser, number))

    # A link named in a table is shown, with the figures of links.csv, and marked in the fabric.
    name = browser.run("document.querySelector('button.link').textContent")
    browser.run("document.querySelector('button.link').click()")
    row = next(one for one in links if one["link"] == name)
    facts = browser.run("document.querySelector('.facts').textContent")
    check(browser.run(f"formatShare(Math.round({row['utilisation']} * 1e4) / 1e4)") in facts, facts)
    check(browser.run("document.activeElement.textContent").endswith(name), "focus stays behind")
    check(browser.run("document.querySelectorAll('.marks .chosen').length") == 1,
          "the link is not marked in the fabric")

    # Groups fold and unfold by keys.
    browser.run("fabricViews[0].svg.querySelector('[tabindex=\"0\"]').focus()")
    state = "document.activeElement.getAttribute('aria-expanded')"
    before = browser.run(state)
    browser.key("Enter", "Enter", "\r")
    check(browser.run(state) != before, "Enter does not fold a group")
    browser.key("ArrowRight")
    check(browser.run("document.activeElement.dataset.group") == "1", "arrows do not go on")
    shown = browser.run("[...document.querySelectorAll('.cables line')].length")
    check(shown > 9, f"{shown} cables are drawn")

    # The latency's percentiles are those of messages.csv.
    times = sorted(float(one["latency_ns"]) for one in read_csv(results + "/messages.csv"))
    wanted = [times[-(-len(times) * part // 1000) - 1] for part in (500, 900, 990, 999, 1000)]
    check(browser.run("runs[0].latency[0].percentiles") == wanted, "percentiles differ")
    check(not browser.errors, f"errors in the console: {browser.errors}")


def test_sizes(browser, page):
    """Nothing is wider than the window, in either colour scheme."""
    backgrounds = set()
    for width, dark in itertools.product((400, 1600, 3840), (False, True)):
        browser.view(width, 1000, dark)
        browser.run("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)))")
        found = browser.run("document.documentElement.scrollWidth")
        check(found <= width, f"at {width} pixels the page is {found} wide")
        wide = browser.run(f"[...document.querySelectorAll('canvas')]"
                           f".filter((c) => c.getBoundingClientRect().right > {width}).length")
        check(wide == 0, f"at {width} pixels {wide} charts stand out")
        backgrounds.add(browser.run("getComputedStyle(document.body).backgroundColor"))
    check(len(backgrounds) == 2, "light and dark look the same")
    check(not browser.errors, f"errors in the console: {browser.errors}")
    del page


def test_keyboard(browser, page):
    """All that can be used is reached by Tab, in order, with a name and a frame that is seen."""
    browser.view(1600, 1000)
    browser.open(page)
    draw_all(browser)
    browser.run("document.querySelectorAll('details').forEach((d) => {d.open = true;})")
    stops = browser.run("""(() => {
        const usable = "a[href], button, select, input, summary, [tabindex]";
        window.stops = [...document.querySelectorAll(usable)]
          .filter((e) => e.tabIndex >= 0 && e.checkVisibility());
        return stops.map((e) => {
          e.focus({focusVisible: true});
          const style = getComputedStyle(e);
          const frame = e.querySelector("rect:first-child");
          return {what: e.outerHTML.slice(0, 120),
            name: (e.getAttribute("aria-label") || e.labels?.[0]?.textContent || e.textContent).trim(),
            seen: document.activeElement === e && (frame ? getComputedStyle(frame).strokeWidth === "3px" :
              style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 2)};
        });
      })()""")
    check(len(stops) > 15, f"only {len(stops)} places to stop at")
    for stop in stops:
        check(stop["name"], f"has no name: {stop['what']}")
        check(stop["seen"], f"is not seen to have the focus: {stop['what']}")
    browser.run("window.stops[0].focus()")
    for number in range(1, min(40, len(stops))):
        browser.key("Tab")
        found = browser.run("window.stops.indexOf(document.activeElement)")
        check(found == number, f"Tab {number} leads to stop {found}")
    # A line of the fabric selects a link that tables and the heat map select by keys.
    unreached = browser.run("""[...document.querySelectorAll("[role=button]")]
      .filter((e) => !e.hasAttribute("tabindex")).length""")
    check(unreached == 0, f"{unreached} buttons are not reached")
    charts = browser.run("""[...document.querySelectorAll("canvas, svg")]
      .filter((e) => !e.closest("[aria-label]")).length""")
    check(charts == 0, f"{charts} charts are not described")
    check(not browser.errors, f"errors in the console: {browser.errors}")


def test_sweep_page(browser, page, folder):
    """A sweep's page: the front is that of its designs, whatever the objectives."""
    browser.view(1600, 1000)
    browser.open(page)
    draw_all(browser)
    check(not browser.errors, f"errors in the console: {browser.errors}")
    rows = read_csv(folder + "/sweep.csv")
    designs = read_csv(folder + "/designs.csv")
    for first, second, maximised in (
            ("completion_time_ns", "credit_stall_ns", (False, False)),
            ("collective_busbw_GBps_mean", "completion_time_ns", (True, False)),
            ("events", "completion_time_ns", (True, True))):
        points = [(float(row[first]) * (-1 if maximised[0] else 1),
                   float(row[second]) * (-1 if maximised[1] else 1), row["design"]) for row in designs]
        wanted = sorted(p[2] for p in points if not any(
            q[0] <= p[0] and q[1] <= p[1] and q[:2] != p[:2] for q in points))
        for slot, (figure, most) in enumerate(zip((first, second), maximised)):
            browser.run(f"(() => {{const s = document.querySelectorAll('.aim')[{slot}]"
                        f".querySelectorAll('select'); s[0].value = '{figure}';"
                        "s[0].dispatchEvent(new Event('change'));})()")
            browser.run(f"(() => {{const s = document.querySelectorAll('.aim')[{slot}]"
                        f".querySelectorAll('select'); s[1].value = '{'max' if most else 'min'}';"
                        "s[1].dispatchEvent(new Event('change'));})()")
        found = browser.run("[...document.querySelector('[data-chart=pareto] tbody').rows]"
                            ".map((row) => row.cells[0].textContent)")
        check(sorted(found) == wanted, f"front {found}, not {wanted}")

    # Sorting by a column, and the mean of a key's value.
    column = browser.run("(() => {const heads = [...document.querySelectorAll("
                         "'[data-chart=points] thead button')];"
                         "const i = heads.findIndex((b) => b.textContent === 'completion_time_ns');"
                         "heads[i].click(); return i;})()")
    order = browser.run("[...document.querySelector('[data-chart=points] tbody').rows]"
                        ".map((row) => row.cells[0].textContent)")
    wanted = [row["point"] for row in sorted(rows, key=lambda r: float(r["completion_time_ns"]))]
    check(order == wanted, f"sorted by column {column}: {order}, not {wanted}")
    effect = browser.run("mainEffect(report.sweep.rows, 1, report.sweep.keys.length + 1 + "
                         "report.sweep.figures.indexOf('completion_time_ns'))")
    for one in effect:
        values = [float(row["completion_time_ns"]) for row in rows
                  if row["fabric.switch.buffer"] == one["value"]]
        check(one["count"] == len(values) and
              abs(one["mean"] / (sum(values) / len(values)) - 1) < 1e-9 and
              one["least"] == min(values) and one["most"] == max(values), f"effect {one}")
    check(not browser.errors, f"errors in the console: {browser.errors}")


def test_chinese(browser, page, sentence):
    """The page in Chinese: its own switch leads there and back, and no text lacks its translation."""
    browser.view(1600, 1000)
    browser.open(page)
    check(browser.run("document.documentElement.lang") == "en", "the page does not open in English")
    for lang, heading in (("zh", sentence), ("en", "")):
        browser.open(page, browser.run(f"document.querySelector('.language a[lang={lang}]').getAttribute('href')"))
        check(browser.run("document.documentElement.lang") == lang, f"?lang={lang} is not heard")
        draw_all(browser)
        check(not browser.errors, f"errors in the console: {browser.errors}")
        check(heading in browser.run("document.body.innerText"), f"{heading} is not said")
        check(browser.run("[...untranslated]") == [], f"not translated: {browser.run('[...untranslated]')}")
        check(browser.run("places.every((p) => p.dataset.drawn)"), "a chart was not drawn")


def test_root(browser, call, folder):
    """The fabric shows the verdict's root, the flows over it and its victims, before any table."""
    with open(folder + "/incast.yaml", "w", encoding="utf-8") as file:
        file.write(INCAST)
    call("run", "incast.yaml", "-o", "incast", "--quiet")
    browser.view(1600, 1000)
    browser.open(folder + "/incast/report.html")
    draw_all(browser)
    counts = browser.run("['root', 'flow', 'victim'].map((c) => document.querySelectorAll('.story path.' + c + ':not(.head)').length)")
    # Seven sources send to the leaf of the root, which leads to their target; one flow is a victim.
    check(counts == [1, 7, 1], f"drawn are {counts}")
    legend = browser.run("document.querySelector('[data-chart=fabric] .legend').textContent").replace("\u00a0", " ")
    for text in ("root: leaf2:0 to gpu8", "7 flows over it", "1 victim"):
        check(text in legend, f"{text} is not in {legend}")
    above = browser.run("""document.querySelector(".story").compareDocumentPosition(
      document.querySelector("table")) & Node.DOCUMENT_POSITION_FOLLOWING""")
    check(above, "a table stands above the picture")
    check("24 links of 224 Gb/s" in browser.run("document.querySelector('.scales').textContent").replace("\u00a0", " "),
          "a class has no scale")
    # Of very many groups neighbours share a box, as many as can be told apart, and none is lost.
    for rows, most in ((2, 8), (1, 16)):
        found = browser.run(f"""(() => {{
          const groups = Array.from({{length: 63}}, (_, i) => ["node" + 20 * i + "\u2013node" + (20 * i + 19), 160, 0]);
          const rails = Array.from({{length: {rows - 1} * 8}}, (_, i) => ["rail" + i, 0, 72]);
          const made = bundleGroups([...groups, ...rails], [...groups.map(() => 0), ...rails.map(() => 1)]);
          return [made.length - rails.length, made.flatMap((one) => one.groups).length, made[0].name];
        }})()""")
        check(found[0] <= most and found[1] == 63 + (rows - 1) * 8, f"boxes {found}")
        check(found[2].startswith("node0\u2013node"), found[2])
    test_chinese(browser, folder + "/incast/report.html", "leaf2:0 到 gpu8 是全部等待中")
    test_sizes(browser, folder + "/incast/report.html")


def test_loads(browser, page, folder):
    """Latency over load: what is saturated stands apart from the curves; two designs are named."""
    browser.view(1600, 1000)
    browser.open(page)
    draw_all(browser)
    rows = read_csv(folder + "/sweep.csv")
    wanted = sorted((row["fabric.taper"], row["workload.load"], row["saturated"]) for row in rows)
    check({saturated for _, _, saturated in wanted} == {"true", "false"}, f"no case: {wanted}")
    found = browser.run("""loadCurves(report.sweep, 1).flatMap(({name, points}) => points.map((point) =>
      [name.replace("taper ", ""), String(point.load), String(point.saturated)]))""")
    check(sorted(map(tuple, found)) == wanted, f"curves {found}, not {wanted}")
    drawn = browser.run("""(() => {const {data} = plots.find((p) => p.spec.title.includes("over workload.load")).spec;
      return data.slice(1).map((ys) => data[0].filter((_, i) => Number.isFinite(ys[i])).map(String));})()""")
    for taper, line, apart in zip(("1", "4"), drawn[:2], drawn[2:]):
        for shown, saturated in ((line, "false"), (apart, "true")):
            own = [load for one, load, what in wanted if (one, what) == (taper, saturated)]
            check(shown == own, f"taper {taper}, saturated {saturated}: {shown}, not {own}")
    check(len(browser.run("report.sweep.designs.rows")) == 2, "loads make no designs")
    test_sizes(browser, page)


def test_designs(browser, page, folder):
    """A search's page: its dots and counts are those of its tables, and keys go along its front."""
    browser.view(1600, 1000)
    browser.open(page)
    draw_all(browser)
    check(not browser.errors, f"errors in the console: {browser.errors}")
    rows = read_csv(folder + "/design-search.csv")
    front = [row["name"] for row in rows if row["status"] == "front"]
    check(front == sorted(row["name"] for row in read_csv(folder + "/front.csv")), "fronts differ")
    number, (left, top, width, height) = canvas(browser, "Designs by power and completion time")
    points = browser.run(f"""plots[{number}].spec.points.map(({{design}}) => [design[DESIGN_NAME],
      report.design.statuses[design[DESIGN_STATUS]]])""")
    check(sorted(map(tuple, points)) == sorted((row["name"], row["status"]) for row in rows), f"dots {points}")
    browser.run(f"plots[{number}].canvas.focus()")
    said = set()
    for _ in range(len(front) + 1):
        browser.key("ArrowRight")
        said.add(browser.run(f"plots[{number}].spoken.textContent").split(":")[0])
    check(said == set(front), f"keys tell of {said}, not of {front}")
    # Under the mouse, the nearest dot.
    x, y = browser.run(f"""(() => {{const {{uplot, spec}} = plots[{number}];
      const point = spec.points[spec.points.length - 1];
      return [uplot.valToPos(point.x, "x"), uplot.valToPos(point.y, "y")];}})()""")
    browser.mouse("Moved", left + x + 2, top + y - 2)
    check(tip(browser, number).startswith(points[-1][0] + ": "), tip(browser, number))
    shown = browser.run("[...document.querySelector('[data-chart=designs] tbody').rows].map((row) => row.cells[0].textContent)")
    check(set(shown[:len(front)]) == set(front), f"the table of all designs begins with {shown}")
    check(not browser.errors, f"errors in the console: {browser.errors}")
    test_sizes(browser, page)


def grow(results, wanted):
    """Make a result's tables larger by repeating messages and samples, until they have a size."""
    def repeat(name, begin, end, count):
        path = f"{results}/{name}"
        with open(path, encoding="utf-8") as file:
            head, *lines = file.read().splitlines()
        at = {column: i for i, column in enumerate(head.split(","))}
        cells = [line.split(",") for line in lines]
        span = max(float(row[at[end]]) for row in cells) + 200
        with open(path, "w", encoding="utf-8") as file:
            file.write(head + "\n")
            for k in range(count):
                for row in cells:
                    row = row[:]
                    for column in (begin, end):
                        row[at[column]] = f"{float(row[at[column]]) + k * span:.3f}"
                    file.write(",".join(row) + "\n")

    size = sum(os.path.getsize(f"{results}/{name}") for name in ("messages.csv", "series.csv"))
    count = -(-wanted // size)
    repeat("messages.csv", "start_ns", "end_ns", count)
    repeat("series.csv", "start_ns", "end_ns", count)


def test_large(browser, mtlink, results):
    """A result of 50 MB opens in under 3 s."""
    grow(results, 50_000_000)
    size = sum(os.path.getsize(entry.path) for entry in os.scandir(results)
               if not entry.name.endswith(".html"))
    page = results + "/large.html"
    subprocess.run([mtlink, "report", results, "-o", page], check=True, stdout=subprocess.DEVNULL)
    browser.view(1600, 1000)
    seconds = browser.open(page)
    browser.wait("document.querySelectorAll('canvas').length > 0")
    print(f"a result of {size / 1e6:.0f} MB: a page of {os.path.getsize(page) / 1e6:.2f} MB, "
          f"open in {seconds:.2f} s")
    check(seconds < 3, "it opens too slowly")
    draw_all(browser)
    check(not browser.errors, f"errors in the console: {browser.errors}")


def test_folded(browser, call, experiment, folder):
    """A page of samples and levels: the same picture of groups, and it says what is not there."""
    groups = "runs[0].fabric.cables.map(String).join(' ')"
    browser.open(folder + "/run/report.html")
    whole = browser.run(groups)
    call("run", experiment, "-o", "folded", "--quiet", "--set", "measure.links=10",
         "--set", "measure.queues=10", "--set", "measure.messages=1000")
    for width in (1600, 420):
        browser.view(width, 900)
        browser.open(folder + "/folded/report.html")
        draw_all(browser)
        check(not browser.errors, f"errors in the console: {browser.errors}")
        check(browser.run("document.documentElement.scrollWidth") <= width, "wider than the window")
        check(browser.run(groups) == whole, "groups have other sums by level")
        for said in ("one in 8 is known here", "Links are known by level"):
            check(browser.run(f"document.body.textContent.includes({said!r})"), "no word of: " + said)


def test_training(browser, call, source, folder):
    """A training's page: bars are the figures of summary.json, lanes those of lanes.csv."""
    call("run", source + "/examples/training/llama3-8b-32.yaml", "-o", "training", "--quiet",
         "--set", "workload.model.layers=4", "--set", "workload.device.straggler={sigma: 2 %}")
    with open(folder + "/training/summary.json", encoding="utf-8") as file:
        training = json.load(file)["training"]
    for width in (1280, 480):
        browser.view(width, 1000)
        browser.open(folder + "/training/report.html")
        draw_all(browser)
        check(not browser.errors, f"errors in the console: {browser.errors}")
        check(browser.run("document.documentElement.scrollWidth") <= width, "wider than the window")
        check(browser.run("[...document.querySelectorAll('main h2')].slice(0, 3).map(h => h.textContent)"
                          ".join()") ==
              "What held it up, and what to try,The fabric,The training iteration",
              "the page does not begin with the verdict, the fabric and the training")
        # Under the mouse along the bar: each cause with its share, in order, up to the end.
        number, (left, top, wide, high) = canvas(browser, "Where the time of an iteration goes")
        at = 0
        for cause, time in training["time_ns"].items():
            middle = (at + time / 2) / training["iteration_time_ns"]
            at += time
            if time < 0.02 * training["iteration_time_ns"]:
                continue
            browser.mouse("Moved", left + wide * middle, top + high / 2)
            wanted = browser.run(f"'{cause} ' + formatTime({time}) + ', ' + "
                                 f"formatShare({time / training['iteration_time_ns']})")
            said = tip(browser, number)
            check(said.endswith(wanted), f"{said!r} is not {wanted!r}")
        check(abs(at / training["iteration_time_ns"] - 1) < 1e-9, "causes are not the iteration")
        # Bars of what if are as long as the rows.
        number, (left, top, wide, high) = canvas(browser, "What if")
        rows = training["what_if"]
        check(len(rows) == 5, f"{len(rows)} rows of what if")
        for i, row in enumerate(rows):
            browser.mouse("Moved", left + 4, top + high * (i + 1.5) / (len(rows) + 1))
            wanted = browser.run(f"formatTime({row['iteration_time_ns']}) + ', MFU ' + "
                                 f"formatShare({row['mfu']})")
            said = tip(browser, number)
            check(said.startswith(row["change"].replace("_", " ")) and wanted in said,
                  f"{said!r} is not {wanted!r}")
        number, _ = canvas(browser, "Stages over time")
        rows = read_csv(folder + "/training/lanes.csv")
        lanes = len({(row["stage"], row["lane"]) for row in rows})
        check(browser.run(f"plots[{number}].spec.rows.length") == lanes, "lanes are missing")
        for title in ("Exposed communication by level", "Memory of a card of each stage"):
            canvas(browser, title)


def main():
    mtlink, source = (os.path.abspath(path) for path in sys.argv[1:3])
    if not find_chromium():
        print("mtlink: there is no chromium here, the page is not tested")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as folder, Browser() as browser:
        def call(*arguments):
            # Whoever runs this may read Chinese.
            subprocess.run([mtlink, *arguments], check=True, cwd=folder, stdout=subprocess.DEVNULL,
                           env={**os.environ, "LC_ALL": "C"})

        experiment = folder + "/run.yaml"
        with open(experiment, "w", encoding="utf-8") as file:
            file.write(RUN.format(name="page", source=source))
        call("run", experiment, "-o", "run", "--quiet")
        results = folder + "/run"
        if "--large" in sys.argv:
            test_large(browser, mtlink, results)
            return
        test_run_page(browser, results + "/report.html", results)
        test_sizes(browser, results + "/report.html")
        test_keyboard(browser, results + "/report.html")
        test_chinese(browser, results + "/report.html", "什么拖住了它，可以试什么")
        test_folded(browser, call, experiment, folder)
        test_root(browser, call, folder)
        test_training(browser, call, source, folder)
        call("run", experiment, "-o", "other", "--quiet", "--no-report", "--set", "name=other",
             "--set", "fabric.switch.buffer=4KiB")
        call("report", "run", "other", "-o", "both.html")
        browser.view(1600, 1000)
        browser.open(folder + "/both.html")
        draw_all(browser)
        check(browser.run("plots.length") >= 9, "charts of the second run are missing")
        check(not browser.errors, f"errors in the console: {browser.errors}")
        with open(folder + "/sweep.yaml", "w", encoding="utf-8") as file:
            file.write(SWEEP.format(base=experiment))
        call("sweep", "sweep.yaml", "-o", "sweep", "--quiet")
        call("report", "sweep", "--objective", "completion_time_ns", "--objective",
             "collective_busbw_GBps_mean:max")
        test_sweep_page(browser, folder + "/sweep/report.html", folder + "/sweep")
        test_keyboard(browser, folder + "/sweep/report.html")
        test_sizes(browser, folder + "/sweep/report.html")
        with open(folder + "/loads.yaml", "w", encoding="utf-8") as file:
            file.write(LOADS)
        call("sweep", "loads.yaml", "-o", "loads", "--quiet")
        call("report", "loads")
        test_loads(browser, folder + "/loads/report.html", folder + "/loads")
        test_keyboard(browser, folder + "/loads/report.html")
        test_chinese(browser, folder + "/loads/report.html", "设计的帕累托前沿")
        with open(folder + "/designs.yaml", "w", encoding="utf-8") as file:
            file.write(DESIGNS)
        call("design", "designs.yaml", "-o", "designs", "--quiet")
        test_designs(browser, folder + "/designs/report.html", folder + "/designs")
        test_keyboard(browser, folder + "/designs/report.html")
        test_chinese(browser, folder + "/designs/report.html", "无法建造或运行的")
    print("mtlink: the pages hold")


main()
