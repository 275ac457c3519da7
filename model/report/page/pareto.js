// SPDX-License-Identifier: GPL-2.0-only
// The Pareto front: the designs that no other beats in all objectives.

/**
 * @param {Array<Array<number>>} values of each point, an entry per objective, none of them null
 * @param {boolean[]} isMaximised per objective
 * @return {number[]} points that no other beats: none is as good in all and better in one
 */
function paretoFront(values, isMaximised) {
  const cost = values.map((point) => point.map((v, k) => (isMaximised[k] ? -v : v)));
  // In order of the first objective, only those before can beat a point.
  const order = cost.map((_, i) => i).sort((a, b) => {
    for (let k = 0; k < isMaximised.length; ++k) {
      if (cost[a][k] !== cost[b][k]) return cost[a][k] - cost[b][k];
    }
    return a - b;
  });
  const front = [];
  for (const i of order) {
    const isBeaten = front.some((f) => cost[f].every((v, k) => v <= cost[i][k]) &&
      cost[f].some((v, k) => v < cost[i][k]));
    if (!isBeaten) front.push(i);
  }
  return front;
}

/** Draw the front, with the choice of its objectives. */
function drawPareto(place) {
  const {sweep} = report;
  const aims = sweep.objectives.slice(0, 3);
  while (aims.length < 2 && sweep.figures.length) {
    aims.push([sweep.figures[Math.min(aims.length, sweep.figures.length - 1)], false]);
  }
  if (!aims.length) {
    place.textContent = translate("No design has a figure.");
    return;
  }
  const content = element("div");
  const chooser = (slot) => {
    const update = (name, isMaximised) => {
      if (name === "") aims.splice(slot, 1);
      else aims[slot] = [name, isMaximised];
      show();
    };
    const [name, isMaximised] = aims[slot] || ["", false];
    const names = sweep.figures.map((figure) => [figure, figure]);
    if (slot > 1) names.unshift(["", "none"]);
    return element("span", {class: "aim"},
      choice("Objective " + (slot + 1), names, name, (value) => update(value, isMaximised)),
      name === "" ? null : choice("", [["min", "less is better"], ["max", "more is better"]],
        isMaximised ? "max" : "min", (value) => update(name, value === "max")));
  };
  const controls = element("div", {class: "aims"});
  const show = () => {
    const selects = () => [...controls.querySelectorAll("select")];
    const focused = selects().indexOf(document.activeElement);
    controls.replaceChildren(chooser(0), chooser(1), chooser(2));
    selects()[focused]?.focus(); // who chooses by keys goes on where they are
    controls.querySelectorAll(".aim label:nth-child(2) select").forEach((select, i) =>
      select.setAttribute("aria-label", "What is better of objective " + (i + 1)));
    drawFront(content, aims);
  };
  show();
  place.replaceChildren(controls, content);
}

const MOST_LABELS = 24; // More can't be told apart.

/** @return {string} a design for a table or a chart: the values of the keys that differ. */
function designText(row, isShort) {
  const {keys, rows} = report.sweep.designs;
  const parts = keys.map((key, i) => [key, row[i + 1]])
    .filter((_, i) => new Set(rows.map((one) => one[i + 1])).size > 1)
    .map(([key, value]) => (isShort ? shortValue(value) :
      key.slice(key.lastIndexOf(".") + 1) + " " + (value === "" ? "as the base" : value)));
  return parts.join(isShort ? " \u00b7 " : ", ") || "design " + row[0];
}

/**
 * Write names beside points, those that come first first, where there is room.
 * @param {uPlot} u the chart
 * @param {object[]} labels {x, y, text} in its scales
 * @param {object[]} others points, {x, y}, over which a name is not written where it can be helped
 */
function drawLabels(u, labels, others = []) {
  const {ctx, bbox} = u;
  const size = rem(0.72) * devicePixelRatio;
  ctx.save();
  ctx.font = size + "px system-ui, sans-serif";
  ctx.fillStyle = colour("--text");
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  const taken = labels.map(({x, y}) => {
    const [left, top] = [u.valToPos(x, "x", true), u.valToPos(y, "y", true)];
    return [left - size * 0.4, top - size * 0.4, left + size * 0.4, top + size * 0.4];
  });
  const dots = others.map(({x, y}) => [u.valToPos(x, "x", true), u.valToPos(y, "y", true)]);
  const covered = (box) => dots.filter(([left, top]) => left > box[0] && left < box[2] && top > box[1] && top < box[3]).length;
  ctx.strokeStyle = colour("--card");
  ctx.lineWidth = size * 0.3;
  ctx.lineJoin = "round";
  for (const {x, y, text} of labels) {
    const width = ctx.measureText(text).width;
    const [left, top] = [u.valToPos(x, "x", true), u.valToPos(y, "y", true)];
    const places = [[left + size * 0.6, top], [left - size * 0.6 - width, top],
      [left - width / 2, top - size * 1.1], [left - width / 2, top + size * 1.1]];
    const free = places.map(([l, t]) => [l, t - size * 0.55, l + width, t + size * 0.55]).filter((box) =>
      box[0] >= bbox.left && box[2] <= bbox.left + bbox.width && box[1] >= bbox.top &&
      box[3] <= bbox.top + bbox.height && !taken.some((other) =>
        box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]))
      .map((box) => ({box, count: covered(box)})).sort((a, b) => a.count - b.count)[0]?.box;
    if (!free) continue;
    taken.push(free);
    ctx.strokeText(text, free[0], (free[1] + free[3]) / 2);
    ctx.fillText(text, free[0], (free[1] + free[3]) / 2);
  }
  ctx.restore();
}

/** Draw designs and front for some objectives. */
function drawFront(place, aims) {
  const {sweep} = report;
  const {keys, rows: all, saturated} = sweep.designs;
  const columns = aims.map(([figure]) => keys.length + 1 + sweep.figures.indexOf(figure));
  const rows = all.filter((row) => columns.every((c) => row[c] !== null));
  plots.splice(0, plots.length, ...plots.filter((plot) => !place.contains(plot.figure)));
  if (!rows.length) {
    place.replaceChildren(element("p", {}, "No design has a value of all these figures."));
    return;
  }
  const front = new Set(paretoFront(rows.map((row) => columns.map((c) => row[c])),
    aims.map(([, isMaximised]) => isMaximised)).map((i) => rows[i]));
  const [cx, cy] = columns;
  const isSaturated = new Map(all.map((row, i) => [row, saturated[i] > 0]));
  const byX = rows.slice().sort((a, b) => a[cx] - b[cx] || a[cy] - b[cy]);
  const [xScale, yScale] = [cx, cy].map((column) => valueScale(rows.map((row) => row[column])));
  const pick = (wanted) => byX.map((row) => (wanted(row) ? yScale.to(row[cy]) : null));
  const chart = element("div");
  const table = element("div");
  // The line goes through the front of these two: with a third objective it would mean nothing.
  const hasLine = aims.length === 2;
  const labelled = [...byX.filter((row) => front.has(row)), ...byX.filter((row) => !front.has(row))]
    .slice(0, rows.length > MOST_LABELS ? Math.min(front.size, MOST_LABELS) : MOST_LABELS);
  const anySaturated = rows.some((row) => isSaturated.get(row));
  const text = (column) => (sweep.figures[column - keys.length - 1].includes("_ns") ? formatTime :
    formatNumber);
  lineChart(chart, {
    title: aims[1][0] + " over " + aims[0][0],
    description: rows.length + " designs, " + front.size + " of them on the front.",
    note: (rows.length < all.length ? (all.length - rows.length) + " of " + all.length +
      " designs lack a run or one of these figures, and are not compared. " : "") +
      "On the front no other design is as good in all objectives and better in one." +
      (anySaturated ? " Hollow: saturated in some of its runs, whose latencies grow with the time that is watched." : "") +
      (labelled.length ? " Names beside points: " + keys.filter((_, i) => new Set(all.map((one) => one[i + 1])).size > 1)
        .map((key) => key.slice(key.lastIndexOf(".") + 1)).join(" \u00b7 ") + "." : ""),
    legend: legend([["--c1", "on the front"], ["--c0", "other designs"],
      ...(anySaturated ? [["--soft", "saturated in a run", "hollow"]] : [])]),
    full: xScale.range,
    curves: [
      {name: "", colour: "--c1", silent: true, line: hasLine ? undefined : false},
      {name: "", colour: "--c0", dots: true, line: false},
      {name: "front", colour: "--c1", dots: true, line: false},
      {name: "saturated", colour: "--c0", dots: true, hollow: true, line: false},
      {name: "front, saturated", colour: "--c1", dots: true, hollow: true, line: false}],
    data: [byX.map((row) => xScale.to(row[cx])), pick((row) => front.has(row)),
      ...[false, true].flatMap((wanted) => [false, true].map((onFront) =>
        pick((row) => isSaturated.get(row) === wanted && front.has(row) === onFront)))],
    xText: (x, i) => text(cx)(xScale.from(x)) + ", design " + byX[i][0] + ": " + designText(byX[i]),
    yText: (y) => text(cy)(yScale.from(y)),
    xAxis: axis({size: rem(1.9), space: rem(5), ...xScale.axis(text(cx))}),
    yAxis: {size: rem(5), ...yScale.axis(text(cy))},
    y: {auto: false, range: yScale.range},
    hooks: {draw: [(u) => drawLabels(u, labelled.map((row) => ({x: xScale.to(row[cx]),
      y: yScale.to(row[cy]), text: designText(row, true)})))]},
  });
  table.append(sortTable({
    caption: "On the front",
    columns: [{name: "design"}, ...keys.map((name) => ({name})),
      ...aims.map(([name, isMaximised]) => ({name: name + (isMaximised ? " \u2191" : " \u2193"),
        isNumber: true}))],
    rows: byX.filter((row) => front.has(row)).map((row) =>
      [...row.slice(0, keys.length + 1), ...columns.map((c) => row[c])]),
  }));
  place.replaceChildren(chart, table);
}
