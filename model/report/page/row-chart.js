// SPDX-License-Identifier: GPL-2.0-only
// Charts of rows over time or share: timelines and heat maps. The canvas is drawn by whoever makes
// one; rows, labels, zoom and cursor are here.

/** @return {string} as much of a text as fits. */
function shorten(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  let end = text.length;
  while (end > 1 && context.measureText(text.slice(0, end) + "\u2026").width > width) --end;
  return text.slice(0, end) + "\u2026";
}

/**
 * @param {Element} place where to put it
 * @param {object} spec as of Plot, and
 *   rows: [{label, height}], height in letters
 *   mostLabel: how much of the width labels may take, 0.3
 *   drawRow(context, row, box): box has left, right, top, height in canvas pixels, x(value) too
 *   drawLast(u): what is drawn over the rows
 *   readRow(x, row): text; clickRow(x, row)
 *   xAxis: uPlot's
 */
function rowChart(place, spec) {
  const edges = [0];
  spec.rows.forEach((row) => edges.push(edges[edges.length - 1] + (row.height || 1.2)));
  const total = edges[edges.length - 1];
  const rowAt = (y) => {
    let row = 0;
    while (row < spec.rows.length - 1 && edges[row + 1] <= y) ++row;
    return row;
  };
  const middle = (row) => (edges[row] + edges[row + 1]) / 2;
  const draw = (u) => {
    const {ctx, bbox} = u;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    const x = (value) => u.valToPos(value, "x", true);
    spec.rows.forEach((row, i) => {
      const top = Math.round(u.valToPos(edges[i], "y", true));
      const bottom = Math.round(u.valToPos(edges[i + 1], "y", true));
      spec.drawRow(ctx, i, {left: bbox.left, right: bbox.left + bbox.width, top,
        height: bottom - top, x, min: u.scales.x.min, max: u.scales.x.max});
    });
    spec.drawLast?.(u);
    ctx.restore();
  };
  const labels = (width) => {
    const context = element("canvas").getContext("2d");
    context.font = chartFont();
    const most = Math.min(width * (spec.mostLabel || 0.3), rem(15));
    const texts = spec.rows.map((row) => shorten(context, translate(row.label), most));
    const size = Math.max(...texts.map((text) => context.measureText(text).width)) + rem(0.8);
    return {texts, size: Math.ceil(size)};
  };
  const plot = new Plot(place, {
    ...spec,
    data: [spec.full, [null, null]],
    height: () => Math.round(rem(1) * total + rem(1.9) + 8),
    options: (width) => {
      const {texts, size} = labels(width);
      return {
        padding: [6, rem(1.6), 0, 0], // half a label of the axis stands out
        series: [{}, {scale: "y", paths: () => null, points: {show: false}}],
        scales: {y: {auto: false, range: [0, total], dir: -1}},
        axes: [spec.xAxis || timeAxis(), axis({
          size,
          grid: {show: false},
          splits: () => spec.rows.map((row, i) => middle(i)),
          // Where rows are lower than letters, some go without.
          filter: (u, splits) => splits.map((split, i) =>
            (spec.rows[i].height || 1.2) >= 0.9 || i % 2 === 0 ? split : null),
          values: (u, splits) => splits.map((split, i) => (split === null ? "" : texts[i])),
        })],
        hooks: {draw: [draw]},
      };
    },
    read: (x, y) => spec.readRow(x, rowAt(y)),
    click: spec.clickRow && ((x, y) => spec.clickRow(x, rowAt(y))),
    nextY: (at, climb) => middle(Math.min(Math.max(rowAt(at.y) + climb, 0), spec.rows.length - 1)),
  });
  plot.pointRow = (x, row) => plot.point(x, middle(row));
  return plot;
}
