// SPDX-License-Identifier: GPL-2.0-only
// A training: where the time of an iteration goes, memory, what if, and the lanes of each stage.

// Of causes and lanes; the same in all charts.
const CAUSE_COLOURS = {compute: "--c0", recompute: "--c6", optimizer: "--c7", host: "--c5",
  tensor: "--c1", pipeline: "--c2", data: "--c3", expert: "--c4", context: "--c8", bubble: "--soft",
  straggler: "--stall", input: "--c9"};
const KERNEL_COLOURS = {forward: "--c0", backward: "--c6", "backward, inputs": "--c6",
  "backward, weights": "--c3", optimizer: "--c7"};
const MEMORY_PARTS = [["weights", "--c0"], ["gradients", "--c2"], ["optimizer", "--c7"],
  ["activations", "--c1"]];

/** Write a text into a box of a canvas, as much of it as fits. */
function writeInside(context, text, left, top, width, height, name = "--on") {
  if (height < rem(0.9) || width < rem(2.4)) return;
  context.fillStyle = colour(name);
  context.font = rem(0.75) * devicePixelRatio + "px system-ui, sans-serif";
  context.textBaseline = "middle";
  context.textAlign = "left";
  context.fillText(shorten(context, translate(text), width - rem(0.6)), left + rem(0.3), top + height / 2);
}

/**
 * A chart of rows of bars, each of parts one behind the other.
 * @param {Element} place where to put it
 * @param {object} spec as of rowChart, and
 *   bars: [{label, parts: [{name, size, colour, text}], beside}], beside: said behind the bar
 *   limit(row): a mark at a value, or null
 *   describe(part, bar): what to say of a part
 */
function barChart(place, spec) {
  const drawRow = (context, i, box) => {
    const bar = spec.bars[i];
    const top = box.top + box.height * 0.12;
    const height = box.height * 0.76;
    let at = 0;
    for (const part of bar.parts) {
      const left = box.x(at);
      at += part.size;
      const width = Math.max(box.x(at) - left, part.size > 0 ? 1 : 0);
      context.fillStyle = colour(part.colour);
      context.fillRect(left, top, width, height);
      context.fillStyle = colour("--card");
      context.fillRect(left + width - 1, top, 1, height);
      writeInside(context, part.text || part.name, left, top, width, height);
    }
    if (bar.beside) {
      const left = box.x(at);
      writeInside(context, bar.beside, left, top, box.right - left, height, "--text");
    }
    const limit = spec.limit && spec.limit(bar);
    if (limit) {
      context.fillStyle = colour("--bad");
      context.fillRect(box.x(limit) - 1, box.top, 2, box.height);
    }
  };
  rowChart(place, {
    ...spec,
    rows: spec.bars.map(({label}) => ({label, height: spec.height || 2})),
    mostLabel: 0.42, // few rows, whose names say what they are
    drawRow,
    readRow: (x, i) => {
      const bar = spec.bars[i];
      let at = 0;
      for (const part of bar.parts) {
        at += part.size;
        if (x <= at) return spec.describe(part, bar);
      }
      return bar.beside ? bar.label + ": " + bar.beside : null;
    },
  });
}

/** @return {number} how much longer than the longest bar a chart is that says something behind it. */
function roomBeside(place) {
  return place.clientWidth < rem(34) ? 3.1 : 1.7;
}

/** @return {object[]} runs that are trainings, with their labels. */
function trainings() {
  return runs.filter((run) => run.training);
}

/** Where the time of an iteration goes: one bar for each run. */
function drawCauses(place) {
  const all = trainings();
  const names = Object.keys(CAUSE_COLOURS).filter((name) =>
    all.some(({training}) => training.causes.some(([cause]) => cause === name)));
  const bars = all.map(({label, training}) => ({
    label: all.length > 1 ? label : "gpu" + training.card + ", stage " + training.stage,
    total: training.iteration_ns,
    parts: training.causes.map(([name, size]) => ({name, size, colour: CAUSE_COLOURS[name],
      text: name + " " + formatShare(size / training.iteration_ns)})),
    beside: all.length > 1 ? "MFU " + formatShare(training.mfu) : "",
  }));
  const longest = Math.max(...all.map(({training}) => training.iteration_ns));
  const only = all.length === 1 ? all[0].training : null;
  barChart(place, {
    title: "Where the time of an iteration goes",
    description: all.map(({label, training}) => label + ": " + training.causes.map(([name, size]) =>
      name + " " + formatShare(size / training.iteration_ns)).join(", ")).join("; "),
    note: "Of the card that ended last. The causes add up to the iteration; communication is what " +
      "kernels waited for, not what was hidden behind them.",
    legend: legend(names.map((name) => [CAUSE_COLOURS[name], only ? name + " " + formatShare(
      only.causes.find(([cause]) => cause === name)[1] / only.iteration_ns) : name])),
    full: [0, longest * (only ? 1 : place.clientWidth < rem(34) ? 1.5 : 1.15)],
    bars,
    height: only ? 3.4 : 2.2,
    describe: ({name, size}, bar) => bar.label + ": " + name + " " + formatTime(size) + ", " +
      formatShare(size / bar.total),
  });
}

/** Exposed communication by level of the fabric. */
function drawLevels(place, run) {
  const {training} = runs[run];
  const longest = Math.max(0, ...training.levels.map(([, time]) => time));
  if (!(longest > 0)) {
    place.textContent = translate(runPrefix(run) + "No communication was exposed.");
    return;
  }
  const share = (time) => formatTime(time) + ", " + formatShare(time / training.iteration_ns);
  barChart(place, {
    title: runPrefix(run) + "Exposed communication by level of the fabric",
    description: training.levels.map(([level, time]) => level + ": " + share(time)).join("; "),
    note: "Time that kernels waited, by the class of the uppermost links on the way.",
    full: [0, longest * roomBeside(place)],
    bars: training.levels.map(([level, size]) => ({label: level, beside: share(size),
      parts: [{name: " ", size, colour: "--heat"}]})),
    describe: (part, bar) => bar.label + ": " + bar.beside + " of the iteration",
  });
}

/** What an iteration would take if something were otherwise. */
function drawWhatIf(place, run) {
  const {training} = runs[run];
  if (!training.what_if.length) {
    place.textContent = translate(runPrefix(run) + "Nothing was run with changes (measure: {what_if: true}).");
    return;
  }
  const rows = [["as it ran", training.mode, training.iteration_ns, training.mfu], ...training.what_if];
  const longest = Math.max(...rows.map(([, , time]) => time));
  const isMixed = rows.some(([change]) => change === "nothing");
  barChart(place, {
    title: runPrefix(run) + "What if",
    description: rows.map(([change, , time, mfu]) => change + ": " + formatTime(time) + ", MFU " +
      formatShare(mfu)).join("; "),
    note: "The same iteration, changed in one thing each." + (isMixed ?
      " Rows of another mode than the run's compare with \u201cnothing\u201d changed in that mode." : ""),
    full: [0, longest * roomBeside(place)],
    bars: rows.map(([change, mode, size, mfu], i) => ({
      label: change, beside: formatTime(size) + ", MFU " + formatShare(mfu),
      parts: [{name: mode, size, colour: i === 0 ? "--c0" : "--c2", text: isMixed ? mode : " "}],
    })),
    describe: (part, bar) => bar.label + ": " + bar.beside + ", mode " + part.name,
  });
}

/**
 * Memory of a card of each stage, of each kind there, against what it has; like neighbours share a
 * row.
 */
function drawMemory(place, run) {
  const {memory} = runs[run].training;
  const bars = [];
  memory.forEach((row) => {
    const [bytes, [stage, device]] = [row.slice(0, 5), row.slice(5)];
    const kind = device ? ", " + device : "";
    const last = bars[bars.length - 1];
    if (last && last.kind === kind && last.bytes.every((value, i) => value === bytes[i])) {
      last.label = "stages " + last.first + "\u2013" + stage + kind;
      return;
    }
    const total = bytes.slice(0, 4).reduce((sum, value) => sum + value, 0);
    bars.push({label: "stage " + stage + kind, first: stage, kind, bytes, total, limit: bytes[4],
      beside: formatShare(total / bytes[4]),
      parts: MEMORY_PARTS.map(([name, own], i) => ({name, size: bytes[i], colour: own}))});
  });
  const most = Math.max(...bars.map(({total, limit}) => Math.max(total, limit)));
  barChart(place, {
    title: runPrefix(run) + "Memory of a card of each stage",
    description: bars.map(({label, total, limit}) => label + ": " + formatBytes(total) + " of " +
      formatBytes(limit)).join("; "),
    legend: legend([...MEMORY_PARTS.map(([name, own]) => [own, name]),
      ["--bad", "what the card has", true]]),
    full: [0, most * 1.03],
    xAxis: axis({size: rem(1.9), space: rem(5), values: (u, splits) => splits.map(formatBytes),
      splits: (u, i, min, max) => byteSplits(min, max)}),
    bars,
    limit: (bar) => bar.limit,
    describe: ({name, size}, bar) => bar.label + ": " + name + " " + formatBytes(size) + ", all " +
      formatBytes(bar.total) + " of " + formatBytes(bar.limit),
  });
}

/** @return {number[]} round numbers of bytes, five or fewer. */
function byteSplits(min, max) {
  let step = 2 ** Math.floor(Math.log2(Math.max(max - min, 1) / 4));
  if ((max - min) / step > 5) step *= 2;
  const splits = [];
  for (let at = Math.ceil(min / step) * step; at <= max; at += step) splits.push(at);
  return splits;
}

/** What a card of each stage did, over time: kernels, and communication by kind. */
function drawLanes(place, run) {
  const {lanes, folded} = runs[run].training;
  if (!lanes.rows.length) {
    place.textContent = translate(runPrefix(run) + "The run has no lanes.csv.");
    return;
  }
  const cards = new Map(lanes.cards);
  const byKey = new Map();
  for (const [stage, lane, name, start, end, busy, count] of lanes.rows) {
    const key = stage + " " + lane;
    if (!byKey.has(key)) byKey.set(key, {stage, lane: lanes.names[lane], spans: []});
    byKey.get(key).spans.push({name: lanes.names[name], start, end, busy, count});
  }
  const rows = [...byKey.values()];
  rows.forEach((row, i) => {
    const isFirst = i === 0 || rows[i - 1].stage !== row.stage;
    row.label = isFirst ? "stage " + row.stage + " " + row.lane : row.lane;
    row.height = row.lane === "compute" ? 1.6 : 1;
  });
  const ownColour = (lane, name) => (lane === "compute" ? KERNEL_COLOURS[name] || "--c0" :
    CAUSE_COLOURS[lane] || "--flow");
  const kernels = Object.keys(KERNEL_COLOURS).filter((name) =>
    rows.some((row) => row.lane === "compute" && row.spans.some((span) => span.name === name)));
  const kinds = [...new Set(rows.map((row) => row.lane))].filter((lane) => lane !== "compute");
  const describe = (row, span) => "stage " + row.stage + ", gpu" + cards.get(row.stage) + ", " + row.lane +
    ": " + span.name + (span.count > 1 ? ", " + formatNumber(span.count, 9) + " times" : "") + ", " +
    formatTime(span.end - span.start) + (span.busy < span.end - span.start ?
    ", " + formatShare(span.busy / (span.end - span.start)) + " of it busy" : "");
  const notes = ["A card of each stage: kernels, and below them communication from launch to end, " +
    "as high as the share of time that any was under way."];
  if (folded) notes.push("Tensor groups were folded: their communication is within the kernels.");
  if (lanes.rows.length < lanes.all) {
    notes.push("The longest " + formatNumber(lanes.rows.length, 9) + " of " + formatNumber(lanes.all, 9) +
      " rows of lanes.csv are drawn.");
  }
  rowChart(place, {
    title: runPrefix(run) + "Stages over time",
    description: cards.size + " stages, " + rows.length + " lanes.",
    note: notes.join(" "),
    legend: legend([...kernels.map((name) => [KERNEL_COLOURS[name], name]),
      ...kinds.map((kind) => [CAUSE_COLOURS[kind] || "--flow", kind])]),
    full: [0, Math.max(...lanes.rows.map((row) => row[4]), ...runs.map((r) => r.timeline.end_ns))],
    group: "time",
    rows,
    drawRow: (context, i, box) => {
      const row = rows[i];
      for (const span of row.spans) {
        if (span.end < box.min || span.start > box.max) continue;
        const left = box.x(Math.max(span.start, box.min));
        const width = Math.max(box.x(Math.min(span.end, box.max)) - left, 1);
        const height = box.height * 0.84 * Math.max(span.busy / (span.end - span.start), 0.15);
        const top = box.top + box.height * 0.92 - height;
        context.fillStyle = colour(ownColour(row.lane, span.name));
        context.fillRect(left, top, width, height);
        if (row.lane === "compute") writeInside(context, span.name, left, top, width, height);
      }
    },
    readRow: (x, i) => {
      const span = rows[i].spans.find(({start, end}) => start <= x && x <= end);
      return span ? describe(rows[i], span) : null;
    },
  });
}
