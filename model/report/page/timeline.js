// SPDX-License-Identifier: GPL-2.0-only
// Collectives over time, and below them the ranks: which collectives they take part in, and when
// they send.

const MOST_LANES = 12; // Rows of collectives that overlap.

/** @return {Map} number of each name of a collective, the same in all runs. */
function collectiveColours() {
  const names = [...new Set(runs.flatMap((run) => run.timeline.names))].sort();
  return new Map(names.map((name, i) => [name, i]));
}

/** @return {object[]} the collectives of a run, with their lanes; those without one left out. */
function layCollectives(timeline) {
  const ends = [];
  const laid = [];
  timeline.collectives.forEach(([id, name, algorithm, ranks, bytes, start, end, busbw, ratio], index) => {
    const stop = end === null ? timeline.end_ns : end;
    let lane = ends.findIndex((free) => free <= start);
    if (lane < 0) lane = ends.length;
    if (lane >= MOST_LANES) return;
    ends[lane] = stop;
    laid.push({index, id, name: timeline.names[name], algorithm: timeline.algorithms[algorithm],
      ranks, bytes, start, end, stop, busbw, ratio, lane});
  });
  return laid;
}

function describeCollective(c) {
  const time = c.end === null ? "not finished" : formatTime(c.end - c.start);
  return c.name + " " + formatBytes(c.bytes) + ", " + c.algorithm + ", " + c.ranks + " ranks: " +
    time + ", " + formatNumber(c.busbw) + " GB/s busbw" +
    (c.ratio === null ? "" : ", " + formatShare(1 / c.ratio) + " of the bound");
}

/** Draw the timeline of a run. */
function drawTimeline(place, run) {
  const {timeline} = runs[run];
  const end = Math.max(...runs.map((r) => r.timeline.end_ns));
  if (!(end > 0)) {
    place.textContent = translate(runs.every((r) => r.open_loop) ?
      "Open-loop traffic has no collectives, and its packets are not told one by one: what links did over time is below." :
      runs.every((r) => !r.delivered) ? "Nothing was delivered." : "No run has collectives or messages.");
    return;
  }
  const colours = collectiveColours();
  const collectives = layCollectives(timeline);
  const byIndex = new Map(collectives.map((c) => [c.index, c]));
  const lanes = Array.from({length: Math.max(0, ...collectives.map((c) => c.lane + 1))}, () => []);
  collectives.forEach((c) => lanes[c.lane].push(c));
  const rows = [
    ...lanes.map((lane, i) => ({label: i === 0 ? "collectives" : "", height: 1.8, lane})),
    ...timeline.rows.map((rank) => ({label: rank.label, height: 1.3, rank})),
  ];
  const bar = (context, box, c, from, to, top, height) => {
    const left = box.x(Math.max(from, box.min));
    const width = Math.max(box.x(Math.min(to, box.max)) - left, 1);
    if (to < box.min || from > box.max) return;
    context.fillStyle = seriesColour(colours.get(c.name));
    context.fillRect(left, top, width, height);
    if (height > rem(1) && width > rem(3)) {
      context.fillStyle = colour("--on");
      context.font = rem(0.75) * devicePixelRatio + "px system-ui, sans-serif";
      context.textBaseline = "middle";
      context.textAlign = "left";
      context.fillText(shorten(context, c.name + " " + formatBytes(c.bytes), width - rem(0.8)),
        left + rem(0.4), top + height / 2);
    }
  };
  const notes = ["Time since the start of the run" + (runs.length > 1 ? ", on one scale." : ".")];
  if (timeline.rows.length) {
    notes.push("A rank's row shows the collectives it takes part in, and below them the share of " +
      "time that a message of it was under way.");
  }
  if (messageNote(run)) notes.push(messageNote(run) + " The others leave gaps.");
  if (timeline.ranks_per_row > 1) notes.push(timeline.ranks_per_row + " ranks share a row.");
  if (collectives.length < timeline.collectives_all) {
    notes.push("The longest " + formatNumber(collectives.length, 9) + " of " +
      formatNumber(timeline.collectives_all, 9) + " collectives are drawn" +
      (timeline.stripes < collectives.length ?
        ", and in the ranks' rows the longest " + timeline.stripes + "." : "."));
  }
  rowChart(place, {
    title: runPrefix(run) + "Collectives and ranks over time",
    description: formatNumber(timeline.collectives_all, 9) + " collectives, " + timeline.ranks +
      " ranks, " + formatTime(timeline.end_ns) + ".",
    note: notes.join(" "),
    legend: legend([...colours].map(([name, i]) => ["--c" + (i % 8), name])
      .concat([["--flow", "messages under way"]])),
    full: [0, end],
    group: "time",
    rows,
    drawRow: (context, i, box) => {
      const {lane, rank} = rows[i];
      if (lane) {
        lane.forEach((c) => bar(context, box, c, c.start, c.stop, box.top + box.height * 0.08,
          box.height * 0.84));
        return;
      }
      for (let k = 0; k < rank.spans.length; k += 3) {
        const c = byIndex.get(rank.spans[k]);
        if (c) {
          bar(context, box, c, rank.spans[k + 1], rank.spans[k + 2], box.top + box.height * 0.12,
            box.height * 0.24);
        }
      }
      drawCells(context, box, rank.sending, 1000, timeline.bin_ns, "--flow", 0.4, 0.52);
    },
    readRow: (x, i) => {
      const {lane, rank} = rows[i];
      if (lane) {
        const c = lane.find((one) => one.start <= x && x <= one.stop);
        return c ? describeCollective(c) : null;
      }
      const inside = [];
      for (let k = 0; k < rank.spans.length && inside.length < 3; k += 3) {
        const c = byIndex.get(rank.spans[k]);
        if (c && rank.spans[k + 1] <= x && x <= rank.spans[k + 2]) {
          inside.push(c.name + " " + formatBytes(c.bytes));
        }
      }
      const share = (rank.sending[Math.floor(x / timeline.bin_ns)] || 0) / 1000;
      return rank.label + " at " + formatTime(x) + ": " + formatShare(share) + " sending" +
        (inside.length ? ", in " + inside.join(", ") : "");
    },
  });
}

/**
 * Draw a row's cells, neighbours of one colour as one.
 * @param {number[]} values whole steps; beyond the end: 0
 * @param {number} steps of one
 * @param {number} width of a cell on the axis
 * @param {string} name of the colours; top, height: parts of the row
 */
function drawCells(context, box, values, steps, width, name, top, height) {
  const colours = ramp(name);
  const level = (i) => (values[i] <= 0 ? 0 :
    Math.max(1, Math.ceil(Math.min(values[i] / steps, 1) * RAMP_STEPS - 1e-6)));
  const first = Math.max(0, Math.floor(box.min / width));
  const last = Math.min(values.length, Math.ceil(box.max / width));
  for (let from = first; from < last;) {
    const step = level(from);
    let to = from + 1;
    while (to < last && level(to) === step) ++to;
    if (step > 0) {
      const left = Math.round(box.x(from * width));
      context.fillStyle = colours[step];
      context.fillRect(left, box.top + box.height * top,
        Math.max(Math.round(box.x(to * width)) - left, 1), Math.ceil(box.height * height));
    }
    from = to;
  }
}
