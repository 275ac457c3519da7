// SPDX-License-Identifier: GPL-2.0-only
// The Pareto front: the points that no other point beats in all objectives.

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
    place.textContent = "No point has a figure.";
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

/** Draw points and front for some objectives. */
function drawFront(place, aims) {
  const {sweep} = report;
  const columns = aims.map(([figure]) => sweep.keys.length + 1 + sweep.figures.indexOf(figure));
  const rows = sweep.rows.filter((row) => columns.every((c) => row[c] !== null));
  plots.splice(0, plots.length, ...plots.filter((plot) => !place.contains(plot.figure)));
  if (!rows.length) {
    place.replaceChildren(element("p", {}, "No point has a value of all these figures."));
    return;
  }
  const front = new Set(paretoFront(rows.map((row) => columns.map((c) => row[c])),
    aims.map(([, isMaximised]) => isMaximised)).map((i) => rows[i]));
  const [cx, cy] = columns;
  const byX = rows.slice().sort((a, b) => a[cx] - b[cx] || a[cy] - b[cy]);
  const range = (column) => {
    const values = rows.map((row) => row[column]);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const margin = (most - least) * 0.05 || Math.abs(most) * 0.05 || 1;
    return [least - margin, most + margin];
  };
  const chart = element("div");
  const table = element("div");
  // The line goes through the front of these two: with a third objective it would mean nothing.
  const hasLine = aims.length === 2;
  lineChart(chart, {
    title: aims[1][0] + " over " + aims[0][0],
    description: rows.length + " points, " + front.size + " of them on the front.",
    note: (rows.length < sweep.rows.length ? (sweep.rows.length - rows.length) + " of " +
      sweep.rows.length + " points have not all these figures. " : "") +
      "On the front no other point is as good in all objectives and better in one.",
    legend: legend([["--c1", "on the front"], ["--c0", "other points"]]),
    full: range(cx),
    curves: [
      {name: "", colour: "--c0", dots: true, line: false},
      {name: "front", colour: "--c1", dots: true, line: hasLine ? undefined : false}],
    data: [byX.map((row) => row[cx]), byX.map((row) => (front.has(row) ? null : row[cy])),
      byX.map((row) => (front.has(row) ? row[cy] : null))],
    xText: (x, i) => formatNumber(x) + ", " + pointText(byX[i]),
    yText: (y, i, k) => formatNumber(y),
    xAxis: axis({size: rem(1.9), space: rem(5), values: (u, s) => s.map((v) => formatNumber(v))}),
    yAxis: {values: (u, s) => s.map((v) => formatNumber(v)), size: rem(5)},
    y: {auto: false, range: range(cy)},
  });
  table.append(sortTable({
    caption: "On the front",
    columns: [{name: "point"}, ...sweep.keys.map((name) => ({name})),
      ...aims.map(([name, isMaximised]) => ({name: name + (isMaximised ? " \u2191" : " \u2193"),
        isNumber: true}))],
    rows: byX.filter((row) => front.has(row)).map((row) =>
      [...row.slice(0, sweep.keys.length + 1), ...columns.map((c) => row[c])]),
  }));
  place.replaceChildren(chart, table);
}

/** @return {string} what a point of the sweep is. */
function pointText(row) {
  return "point " + row[0] + ": " + report.sweep.keys.map((key, i) =>
    key.slice(key.lastIndexOf(".") + 1) + " " + (row[i + 1] === "" ? "as the base" : row[i + 1]))
    .join(", ");
}
