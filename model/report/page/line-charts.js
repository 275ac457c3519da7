// SPDX-License-Identifier: GPL-2.0-only
// Curves: means of link classes over time, links in order of their load, latency.

/**
 * A chart of curves with one x axis.
 * @param {Element} place where to put it
 * @param {object} spec as of Plot, and
 *   curves: [{name, colour, dashed, stepped, dots, hollow, breaks: at null}]; data: x and each
 *   curve's y, null where none
 *   xText(x), yText(y); xAxis, yAxis: uPlot's; x: scale of x; y: scale of y; log: x is logarithmic
 */
function lineChart(place, spec) {
  const xs = spec.data[0];
  const nearest = (x) => {
    let best = 0;
    if (spec.holds) { // A value holds until the next one.
      xs.forEach((value, i) => {
        if (value <= x) best = i;
      });
      return best;
    }
    xs.forEach((value, i) => {
      if (Math.abs(value - x) < Math.abs(xs[best] - x)) best = i;
    });
    return best;
  };
  // Curves may have no value where others have one: theirs is that of their nearest point.
  const valueAt = (curve, index) => {
    const ys = spec.data[curve + 1];
    for (let d = 0; d < xs.length; ++d) {
      for (const i of [index - d, index + d]) {
        if (ys[i] !== null && ys[i] !== undefined) return i;
      }
    }
    return -1;
  };
  return new Plot(place, {
    ...spec,
    height: (width) => Math.round(Math.min(Math.max(width * 0.45, rem(14)), rem(20))),
    options: () => ({
      padding: [10, rem(1.6), 0, 0],
      x: spec.x,
      series: [{}, ...spec.curves.map((curve) => ({
        scale: "y",
        spanGaps: !curve.breaks,
        stroke: () => colour(curve.colour),
        width: curve.thin ? 1 : 2,
        dash: curve.dashed ? [6, 4] : [],
        points: {show: Boolean(curve.dots), size: rem(0.5), width: 1.5,
          fill: () => colour(curve.hollow ? "--card" : curve.colour)},
        paths: curve.line === false ? () => null :
          curve.stepped ? uPlot.paths.stepped({align: 1}) : uPlot.paths.linear(),
      }))],
      scales: {y: spec.y},
      axes: [spec.xAxis, axis({size: rem(4.2), ...spec.yAxis})],
      cursor: {points: {show: true, size: rem(0.6)}},
      hooks: spec.hooks || {},
    }),
    read: (x, y, p) => {
      const index = nearest(x);
      // The curve that is nearest to the cursor, on the screen.
      let best = null;
      spec.curves.forEach((curve, k) => {
        const i = valueAt(k, index);
        if (i < 0 || curve.silent) return;
        const away = Math.abs(p.uplot.valToPos(spec.data[k + 1][i], "y") - p.uplot.valToPos(y, "y"));
        if (!best || away < best.away) best = {away, k, i};
      });
      if (!best) return null;
      p.nearest = best;
      return (spec.curves[best.k].name ? spec.curves[best.k].name + ": " : "") +
        spec.yText(spec.data[best.k + 1][best.i], best.i, best.k) +
        " at " + spec.xText(xs[best.i], best.i);
    },
    nextX: (x, move) => xs[Math.min(Math.max(nearest(x) + move, 0), xs.length - 1)],
    nextY: (at, climb, p) => {
      const index = nearest(at.x);
      const values = spec.curves.map((curve, k) => spec.data[k + 1][valueAt(k, index)])
        .filter((v) => v !== undefined).sort((a, b) => a - b);
      const current = p.nearest ? spec.data[p.nearest.k + 1][p.nearest.i] : at.y;
      const above = climb < 0 ? values.find((v) => v > current) :
        values.reverse().find((v) => v < current);
      return above === undefined ? current : above;
    },
  });
}

const WIDE = 20; // Values that are so many times as far apart are seen on a logarithmic scale only.

/**
 * A scale for values, linear or logarithmic as they are.
 * @param {number[]} values what is to be seen
 * @return {object} to(value), from(place); range of places with a margin; axis(text) of uPlot
 */
function valueScale(values) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const isLog = least > 0 && most / least > WIDE;
  const to = isLog ? Math.log10 : (v) => v;
  const from = isLog ? (v) => 10 ** v : (v) => v;
  const margin = (to(most) - to(least)) * 0.08 || Math.abs(to(most)) * 0.05 || 1;
  const range = [to(least) - margin, to(most) + margin];
  const splits = (u, i, min, max) => {
    const found = [];
    for (let power = Math.floor(min); power <= max; ++power) {
      found.push(...(max - min > 3 ? [1] : [1, 2, 5]).map((k) => power + Math.log10(k)));
    }
    return found.filter((v) => v >= min && v <= max);
  };
  return {to, from, range, axis: (text) => ({values: (u, places) => formatApart(places.map(from), text),
    ...(isLog ? {splits, filter: (u, places) => places} : {})})};
}

/** @return {number[]} 1, 2 and 5 times powers of ten on a logarithmic axis, or powers alone. */
function roundSplits(u, axis, min, max) {
  const few = u.bbox.width / devicePixelRatio < rem(14) * Math.log10(max / min);
  const splits = [];
  for (let power = Math.floor(Math.log10(min)); 10 ** power <= max; ++power) {
    splits.push(...(few ? [1] : [1, 2, 5]).map((k) => k * 10 ** power));
  }
  return splits.filter((v) => v >= min && v <= max);
}

const shareAxis = () => ({values: (u, splits) => splits.map(formatShare)});
const shareScale = {auto: false, range: [0, 1.02]};

/** @return {number[]} begins of the cells of a heat map, and the end of the last. */
function cellEdges(heat) {
  return Array.from({length: heat.bins + 1}, (_, i) => i * heat.bin_ns);
}

/** @return {number[]} cells of a heat map as shares by edge, the last one's twice. */
function sharesOf(cells, bins) {
  return Array.from({length: bins + 1}, (_, i) => (cells[Math.min(i, bins - 1)] || 0) / SHARE_STEPS);
}

/** Draw the mean of each link class over time. */
function drawMeans(place, run) {
  const {heat, classes, sorted, by_level: byLevel} = runs[run].traffic;
  if (!heat || byLevel) {
    place.remove();
    return;
  }
  const rows = heat.rows.filter((row) => row.class !== undefined);
  const name = (row) => classes[row.class] || "links";
  const end = Math.max(heat.bins * heat.bin_ns, ...runs.map((r) => r.timeline.end_ns));
  lineChart(place, {
    title: runPrefix(run) + "Mean utilisation and credit stall over time",
    description: "Two curves for each of " + rows.length + " link classes.",
    note: classes.length > rows.length ? "The first " + rows.length + " of " + classes.length +
      " classes." : "",
    legend: legend(rows.flatMap((row, i) => [["--c" + (i % 8), name(row) + ", " +
      formatNumber(sorted[row.class].links, 9) + " links, utilisation"],
    ["--c" + (i % 8), "credit stall", true]])),
    full: [0, end],
    group: "time",
    curves: rows.flatMap((row, i) => [
      {name: name(row) + ", utilisation", colour: "--c" + (i % 8), stepped: true},
      {name: name(row) + ", credit stall", colour: "--c" + (i % 8), stepped: true, dashed: true}]),
    holds: true,
    data: [cellEdges(heat),
      ...rows.flatMap((row) => [sharesOf(row.u, heat.bins), sharesOf(row.s, heat.bins)])],
    xText: formatTime,
    yText: formatShare,
    xAxis: timeAxis(),
    yAxis: shareAxis(),
    y: shareScale,
  });
}

/** Draw how evenly the links of each class are loaded. */
function drawSorted(place, run) {
  const {classes, sorted, by_level: byLevel, loads_known: isKnown} = runs[run].traffic;
  if (!sorted.length || !isKnown) {
    place.remove();
    return;
  }
  const tables = [];
  const curves = [];
  sorted.forEach((one, i) => {
    const place = (k) => (one.u.length < 2 ? 0 : k / (one.u.length - 1));
    for (const id of ["u", "s"]) {
      tables.push([one[id].map((_, k) => place(k)), one[id].map((v) => v / SHARE_STEPS)]);
      curves.push({name: (classes[one.class] || "links") + ", " + MEASURES[id].name,
        colour: "--c" + (i % 8), dashed: id === "s", dots: one.u.length < 2});
    }
  });
  lineChart(place, {
    title: runPrefix(run) + "Links in order of their load",
    description: "From the one that is busy or stalled longest to the one that is least.",
    note: "Over the whole run; each class by its own share of links, from its most loaded link on " +
      "the left. A flat line is an even load." + (sorted.some((one) => one.u.length < one.links) ?
        " Of large classes " + Math.max(...sorted.map((one) => one.u.length)) +
        " links at equal distances." : "") + (byLevel ? " Links are known by level, from one group of " +
        "the fabric to another: its greatest, its least, and for the others its mean." : "") + (classes.length > sorted.length ?
        " The first " + sorted.length + " of " + classes.length + " classes." : ""),
    legend: legend(sorted.flatMap((one, i) => [["--c" + (i % 8), (classes[one.class] || "links") +
      ", " + formatNumber(one.links, 9) + " links, utilisation"],
    ["--c" + (i % 8), "credit stall", true]])),
    full: [0, 1],
    curves,
    data: uPlot.join(tables),
    xText: (x) => formatShare(x) + " of the links",
    yText: formatShare,
    xAxis: axis({size: rem(1.9), values: (u, splits) => splits.map(formatShare)}),
    yAxis: shareAxis(),
    y: shareScale,
  });
}

/** Draw the distribution of the messages' latencies, of all runs in one chart. */
function drawLatency(place) {
  const shown = runs.flatMap((run) => run.latency.slice(0, runs.length > 1 ? 1 : undefined)
    .map((one) => ({...one, label: runs.length > 1 ? run.label : one.name})));
  if (!shown.length) {
    place.textContent = translate(runs.map((_, run) => messageNote(run)).find(Boolean) ||
      (runs.every((run) => !run.delivered) ? "Nothing was delivered." :
        runs.every((run) => run.open_loop) ?
          "Open-loop traffic is not told message by message: the latency of its packets is in the table below." :
          runs.every((run) => run.complete) ?
            "What switches reduce or copy is not told message by message: the latency of its packets is in the table below." :
            "No message came in whole."));
    return;
  }
  const least = Math.max(Math.min(...shown.map((one) => one.ns[0])), 0.001);
  const most = Math.max(...shown.map((one) => one.ns[one.ns.length - 1]), least * 1.01);
  const isWide = most / least > 20; // a logarithmic scale shows more
  // What is left above: its logarithm shows the tail. The last message leaves nothing: not drawn.
  let tail = false;
  const data = () => uPlot.join(shown.map((one) => {
    const last = one.ns.length - 1;
    const to = tail && last > 0 ? last : last + 1;
    return [one.ns.slice(0, to), one.share.slice(0, to).map((p) => (tail ? 1 - p : p))];
  }));
  const show = () => {
    place.replaceChildren();
    lineChart(place, {
      title: "Latency of messages",
      description: shown.map((one) => one.label + ": median " + formatTime(one.percentiles[0]) +
        ", 99 % " + formatTime(one.percentiles[2])).join("; ") + ".",
      note: "From handing to the endpoint to the last bit in. " + shown.map((one) =>
        (shown.length > 1 ? one.label + ": " : "") + formatNumber(one.messages, 9) + " messages, " +
        ["50" + NBSP + "% within ", "90" + NBSP + "% ", "99" + NBSP + "% ", "99.9" + NBSP + "% ", "all "]
          .map((text, i) => text + formatTime(one.percentiles[i])).join(", ") + ".").join(" ") +
        (shown.some((one) => one.messages > one.ns.length) ?
          " The curve is drawn through at most " + Math.max(...shown.map((one) => one.ns.length)) +
          " latencies." : "") +
        runs.map((_, run) => messageNote(run) && " " + runPrefix(run) + messageNote(run)).join(""),
      controls: [choice("Show", [["all", "share within"], ["tail", "share beyond (log)"]],
        tail ? "tail" : "all", (value) => {
          tail = value === "tail";
          plots.splice(plots.findIndex((p) => p.figure.parentNode === place), 1);
          show();
          place.querySelector("select").focus();
        })],
      legend: legend(shown.map((one, i) => ["--c" + (i % 8), one.label])),
      full: [least, most],
      x: isWide ? {distr: 3} : {},
      curves: shown.map((one, i) => ({name: one.label, colour: "--c" + (i % 8), stepped: true,
        dots: one.ns.length === 1})),
      data: data(),
      xText: formatTime,
      yText: (y) => (tail ? formatShare(y) + " take longer" : formatShare(y) + " within"),
      xAxis: timeAxis({values: (u, splits) => splits.map(formatTime),
        ...(isWide ? {splits: roundSplits, filter: (u, splits) => splits} : {})}),
      yAxis: tail ? {values: (u, splits) => splits.map((v) => (v === null ? "" : formatShare(v)))} :
        shareAxis(),
      y: tail ? {distr: 3} : shareScale,
    });
  };
  show();
}
