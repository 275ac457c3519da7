// SPDX-License-Identifier: GPL-2.0-only
// Dots of two figures, of which several may share a place along either: what the cursor tells is the
// nearest one on the screen, and arrow keys go from one to the next.

/**
 * @param {Element} place where to put it
 * @param {object} spec as of Plot, and
 *   points: [{x, y, look, ...}] in places of the scales, drawn in this order; look: index into looks
 *   looks: [{colour, hollow, size}]; size in letters
 *   stops: indices of points that keys go to, in order of x
 *   xScale, yScale: valueScale()s; xText(value), yText(value); pointText(point)
 *   line: indices of points that a line joins, in order of x
 *   drawBelow(u), drawAbove(u): what else is drawn
 */
function scatterChart(place, spec) {
  const {points, looks, stops, xScale, yScale} = spec;
  const dot = (u, {x, y, look}) => {
    const {ctx} = u;
    const own = looks[look];
    ctx.beginPath();
    ctx.arc(u.valToPos(x, "x", true), u.valToPos(y, "y", true),
      rem(own.size) * devicePixelRatio / 2, 0, 2 * Math.PI);
    ctx.strokeStyle = colour(own.colour);
    ctx.fillStyle = colour(own.hollow ? "--card" : own.colour);
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.fill();
    ctx.stroke();
  };
  const draw = (u) => {
    const {ctx, bbox} = u;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    spec.drawBelow?.(u);
    if (spec.line?.length > 1) {
      ctx.beginPath();
      spec.line.forEach((i) => ctx.lineTo(u.valToPos(points[i].x, "x", true), u.valToPos(points[i].y, "y", true)));
      ctx.strokeStyle = colour(looks[points[spec.line[0]].look].colour);
      ctx.lineWidth = 2 * devicePixelRatio;
      ctx.stroke();
    }
    points.forEach((point) => dot(u, point));
    ctx.restore();
    spec.drawAbove?.(u);
  };
  const nearest = (x, y, u) => {
    const [left, top] = [u.valToPos(x, "x"), u.valToPos(y, "y")];
    let best = null;
    points.forEach((point) => {
      const away = (u.valToPos(point.x, "x") - left) ** 2 + (u.valToPos(point.y, "y") - top) ** 2;
      if (!best || away <= best.away) best = {away, point};
    });
    return best?.point;
  };
  return new Plot(place, {
    ...spec,
    data: [xScale.range, [null, null]],
    full: xScale.range,
    height: (width) => Math.round(Math.min(Math.max(width * 0.5, rem(16)), rem(26))),
    options: () => ({
      padding: [10, rem(1.6), 0, 0],
      series: [{}, {scale: "y", paths: () => null, points: {show: false}}],
      scales: {y: {auto: false, range: yScale.range}},
      axes: [axis({size: rem(1.9), space: rem(5), ...xScale.axis(spec.xText)}),
        axis({size: rem(5), ...yScale.axis(spec.yText)})],
      hooks: {draw: [draw]},
    }),
    read: (x, y, plot) => {
      const point = nearest(x, y, plot.uplot);
      return point ? spec.pointText(point) : null;
    },
    next: (at, move, plot) => {
      const here = nearest(at.x, at.y, plot.uplot);
      const known = stops.findIndex((i) => points[i] === here);
      const after = stops.findIndex((i) => points[i].x >= at.x);
      const to = known >= 0 ? known + move : (after < 0 ? stops.length : after) - (move < 0 ? 1 : 0);
      return points[stops[Math.min(Math.max(to, 0), stops.length - 1)]];
    },
  });
}
