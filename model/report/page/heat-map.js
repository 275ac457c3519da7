// SPDX-License-Identifier: GPL-2.0-only
// Links over time as a heat map; without samples, over the whole run as bars.

const MEASURES = {
  u: {name: "utilisation", colours: "--heat", text: (v) => formatShare(v / SHARE_STEPS)},
  s: {name: "credit stall", colours: "--stall", text: (v) => formatShare(v / SHARE_STEPS)},
  q: {name: "queue", colours: "--queue", text: (v) => formatNumber(v, 9) + " flits"},
};
const MOST_BARS = 40;

/** @return {string} what a row of a heat map is called. */
function heatLabel(run, row) {
  const {traffic} = runs[run];
  if (row.link !== undefined) return linksOf(run).byId.get(row.link)?.name || "link " + row.link;
  const count = traffic.sorted[row.class].links;
  return "mean of " + formatNumber(count, 9) + " " + (traffic.classes[row.class] || "links");
}

/** Draw the links of a run. */
function drawHeat(place, run) {
  const {traffic} = runs[run];
  if (!traffic.links_all || !(traffic.observed_ns > 0)) {
    place.textContent = translate(runPrefix(run) + "No link was observed.");
    return;
  }
  if (!traffic.loads_known) {
    place.textContent = translate(runPrefix(run) +
      "How busy links were is not known in mode bound, where each message is alone.");
    return;
  }
  if (!traffic.heat) {
    drawBars(place, run);
    return;
  }
  const {heat} = traffic;
  const rows = heat.rows.map((row) => ({label: heatLabel(run, row), height: 0.95, row}));
  const links = rows.filter(({row}) => row.link !== undefined).length;
  const most = Math.max(1, ...heat.rows.map((row) => Math.max(0, ...row.q)));
  let measure = "u";
  const end = Math.max(...runs.map((r) =>
    Math.max(r.timeline.end_ns, r.traffic.heat ? r.traffic.heat.bins * r.traffic.heat.bin_ns : 0)));
  const merged = heat.bin_ns > heat.interval_ns;
  const notes = ["In samples of " + formatTime(heat.interval_ns) + (merged ?
    ", of which " + Math.round(heat.bin_ns / heat.interval_ns) + " share a cell: their mean, and " +
    "the most that a queue held." : ".")];
  if (links < traffic.links_all) {
    notes.push("Of " + formatNumber(traffic.links_all, 9) + " links: " +
      (traffic.by_level ? "the " : "the mean of each class, and the ") +
      links + " that were busy or stalled longest.");
  }
  notes.push("A queue is what the buffers held that the link fills" +
    (traffic.by_level ? "." : "; a class has its longest."));
  const plot = rowChart(place, {
    title: runPrefix(run) + "Links over time",
    description: rows.length + " rows of links; choose utilisation, credit stall or queue.",
    note: notes.join(" "),
    controls: [choice("Show", Object.entries(MEASURES).map(([id, m]) => [id, m.name]), measure,
      (value) => {
        measure = value;
        scale.style.setProperty("--own", "var(" + MEASURES[value].colours + ")");
        scaleText.textContent = translate(value === "q" ? "0 to " + most + " flits" : "0 to 100" + NBSP + "%");
        plot.uplot.redraw(false, true);
      })],
    legend: null,
    full: [0, end],
    group: "time",
    rows,
    drawRow: (context, i, box) => drawCells(context, box, rows[i].row[measure],
      measure === "q" ? most : SHARE_STEPS, heat.bin_ns, MEASURES[measure].colours, 0.06, 0.9),
    readRow: (x, i) => {
      const {row, label} = rows[i];
      const bin = Math.floor(x / heat.bin_ns);
      if (bin < 0 || bin >= heat.bins) return null;
      return label + ", " + formatTime(bin * heat.bin_ns) + " to " +
        formatTime((bin + 1) * heat.bin_ns) + ": " + Object.entries(MEASURES).map(([id, m]) =>
        m.name + " " + m.text(row[id][bin] || 0)).join(", ");
    },
    clickRow: (x, i) => rows[i].row.link !== undefined && selectLink(run, rows[i].row.link),
  });
  const scale = element("span", {class: "ramp", style: "--own:var(--heat)"});
  const scaleText = element("span", {}, "0 to 100" + NBSP + "%");
  plot.canvas.before(element("p", {class: "legend"}, element("span", {}, scale, scaleText),
    "Click a row to see its link."));
}

/** Draw the links of a run without samples. */
function drawBars(place, run) {
  const {traffic} = runs[run];
  const links = [...linksOf(run).byId.values()]
    .sort((a, b) => b.utilisation + b.stall - a.utilisation - a.stall || a.id - b.id)
    .slice(0, MOST_BARS).sort((a, b) => a.id - b.id);
  const bar = (context, box, share, name, top, height) => {
    const left = box.x(0);
    context.fillStyle = colour(name);
    context.fillRect(left, box.top + box.height * top, box.x(share) - left, box.height * height);
  };
  rowChart(place, {
    title: runPrefix(run) + "Links over the whole run",
    description: links.length + " links.",
    note: "No samples over time were taken (measure: {sample_every: 1us})." +
      (links.length < traffic.links_all ? " The " + links.length + " of " +
        formatNumber(traffic.links_all, 9) + " links that were busy or stalled longest." : ""),
    legend: legend([["--heat", "utilisation"], ["--stall", "credit stall"]]),
    full: [0, 1],
    rows: links.map((link) => ({label: link.name, height: 1.2})),
    xAxis: axis({size: rem(1.9), values: (u, splits) => splits.map(formatShare)}),
    drawRow: (context, i, box) => {
      bar(context, box, links[i].utilisation, "--heat", 0.12, 0.5);
      bar(context, box, links[i].stall, "--stall", 0.62, 0.26);
    },
    readRow: (x, i) => links[i].name + ": " + formatShare(links[i].utilisation) +
      " utilisation, " + formatShare(links[i].stall) + " in credit stall",
    clickRow: (x, i) => selectLink(run, links[i].id),
  });
}
