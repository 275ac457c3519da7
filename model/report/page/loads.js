// SPDX-License-Identifier: GPL-2.0-only
// Latency over load: a curve for each combination of the other keys, as far as what is offered gets
// through. Beyond saturation a latency tells how long was watched, no more: such points stand alone.

const CURVES_AT_ONCE = 8; // As many as there are colours.

/** @return {object[]} curves of a sweep: {name, points: [{load, row, saturated}]}, points by load. */
function loadCurves(sweep, key) {
  const others = sweep.keys.map((_, i) => i).filter((i) => i !== key);
  const varied = others.filter((i) => new Set(sweep.rows.map((row) => row[i + 1])).size > 1);
  const curves = new Map();
  sweep.rows.forEach((row, i) => {
    const load = Number(row[key + 1]);
    if (row[key + 1] === "" || !Number.isFinite(load) || sweep.saturated[i] === null) return;
    const name = varied.map((k) => sweep.keys[k].slice(sweep.keys[k].lastIndexOf(".") + 1) + " " +
      shortValue(row[k + 1])).join(", ");
    if (!curves.has(name)) curves.set(name, {name, points: []});
    curves.get(name).points.push({load, row, saturated: sweep.saturated[i] > 0});
  });
  curves.forEach((curve) => curve.points.sort((a, b) => a.load - b.load));
  return [...curves.values()];
}

/** Draw latency over load, with the choice of the figure. */
function drawLoads(place) {
  const {sweep} = report;
  const key = sweep.keys.findIndex((name) => name === "load" || name.endsWith(".load"));
  const all = loadCurves(sweep, key);
  const figures = sweep.figures.filter((name) => name.includes("latency_ns") || name === "accepted_load");
  if (!all.length || !figures.length) {
    place.textContent = translate("No point has a latency.");
    return;
  }
  let figure = figures.includes("packet_latency_ns_mean") ? "packet_latency_ns_mean" : figures[0];
  let first = 0;
  const content = element("div");
  const show = () => {
    plots.splice(0, plots.length, ...plots.filter((plot) => !content.contains(plot.figure)));
    const column = sweep.keys.length + 1 + sweep.figures.indexOf(figure);
    const isTime = figure.includes("_ns");
    const shown = all.slice(first, first + CURVES_AT_ONCE);
    const loads = [...new Set(shown.flatMap((curve) => curve.points.map(({load}) => load)))]
      .sort((a, b) => a - b);
    const values = shown.flatMap(({points}) => points.map(({row}) => row[column]))
      .filter((v) => v !== null);
    const scale = valueScale(values);
    // Null breaks a line, what is undefined does not. What got through is true beyond saturation.
    const series = (curve, isApart) => loads.map((load) => {
      const point = curve.points.find((one) => one.load === load);
      if (!point || point.row[column] === null) return undefined;
      return (isApart ? point.saturated : !point.saturated || !isTime) ? scale.to(point.row[column]) : null;
    });
    const text = isTime ? formatTime : formatNumber;
    const margin = (loads[loads.length - 1] - loads[0]) * 0.04 || 0.05;
    const saturated = shown.flatMap(({points}) => points).filter((point) => point.saturated).length;
    lineChart(content, {
      title: figure + " over " + sweep.keys[key],
      description: shown.map((curve) => (curve.name ? curve.name + ": " : "") + curve.points.map((point) =>
        formatNumber(point.load) + " " + (point.saturated ? "saturated" : text(point.row[column])))
        .join(", ")).join("; "),
      note: (saturated ? "Hollow: saturated, in one run at least: more was offered than got through" + (isTime ?
        ", and latencies are those of a queue that grows for as long as it is watched. No line goes through them. " : ". ") :
        "No point is saturated. ") + (all.length > shown.length ? shown.length + " of " + all.length +
        " curves are shown." : ""),
      legend: legend([...shown.map((curve, i) => ["--c" + i, curve.name || "all points"]),
        ...(saturated ? [["--soft", "saturated", "hollow"]] : [])]),
      full: [loads[0] - margin, loads[loads.length - 1] + margin],
      curves: [...shown.map((curve, i) => ({name: curve.name, colour: "--c" + i, dots: true, breaks: true})),
        ...shown.map((curve, i) => ({name: (curve.name ? curve.name + ", " : "") + "saturated",
          colour: "--c" + i, dots: true, hollow: true, line: false}))],
      data: [loads, ...shown.map((curve) => series(curve, false)), ...shown.map((curve) => series(curve, true))],
      xText: (x) => "load " + formatNumber(x),
      yText: (y) => text(scale.from(y)),
      xAxis: axis({size: rem(1.9), space: rem(3), values: (u, s) => s.map((v) => formatNumber(v))}),
      yAxis: scale.axis(text),
      y: {auto: false, range: scale.range},
    });
  };
  const groups = [];
  for (let i = 0; i < all.length; i += CURVES_AT_ONCE) {
    groups.push([String(i), (i + 1) + " to " + Math.min(i + CURVES_AT_ONCE, all.length)]);
  }
  place.replaceChildren(element("div", {class: "aims"},
    choice("Figure", figures.map((name) => [name, name]), figure, (value) => {
      figure = value;
      show();
    }),
    groups.length > 1 ? choice("Curves", groups, "0", (value) => {
      first = Number(value);
      show();
    }) : null), content);
  show();
}
