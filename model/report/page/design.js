// SPDX-License-Identifier: GPL-2.0-only
// The designs of a search: the front of two figures, the cheapest beside their target, and all.

const [DESIGN_NAME, DESIGN_NETWORK, DESIGN_CHOICES, DESIGN_CHIP, DESIGN_STATUS, DESIGN_MODE,
  DESIGN_FIDELITY, DESIGN_FIGURES] = [0, 1, 2, 3, 4, 5, 6, 7];
const [ON_FRONT, MAY_BE_ON_FRONT, DOMINATED, BEYOND_TARGET] = [0, 1, 2, 3]; // report.design.statuses
const LIMIT_LOOK = "mode bound, a limit";
const MODE_ORDER = ["none", "bound", "flow", "packet"];

/** @return {function} value to text, of a figure. */
function figureText(figure) {
  const withUnit = (unit) => (value, digits) => formatNumber(value, digits) + NBSP + unit;
  const power = (value, digits) => (Math.abs(value) >= 1e6 ? withUnit("MW")(value / 1e6, digits) :
    Math.abs(value) >= 1e3 ? withUnit("kW")(value / 1e3, digits) : withUnit("W")(value, digits));
  return {time: formatTime, power, area: withUnit("mm\u00b2"), bandwidth: withUnit("GB/s"),
    share: formatShare}[figure.unit] || formatNumber;
}

/** @return {string} how a design was looked at. */
function lookText(design) {
  const mode = design[DESIGN_MODE];
  return mode === "none" ? "not simulated" : mode === "packet" ? "in packets" :
    mode === "bound" ? LIMIT_LOOK : "mode flow, " + design[DESIGN_FIDELITY];
}

/** @return {boolean} whether a design was looked at less closely than the search's figures are. */
function isVague(design) {
  return MODE_ORDER.indexOf(design[DESIGN_MODE]) < MODE_ORDER.indexOf(report.design.closest);
}

/** @return {string} a target, "completion time of at most 13.4 ms". */
function targetText({figure, most, limit}) {
  const own = report.design.figures[figure];
  return own.words + " of " + (most ? "at most " : "at least ") + figureText(own)(limit);
}

/** Draw a target's limit across a chart. */
function drawLimit(u, scale, value, isAcross) {
  const {ctx, bbox} = u;
  const at = u.valToPos(value, scale, true);
  ctx.save();
  ctx.beginPath();
  ctx.strokeStyle = colour("--bad");
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.moveTo(isAcross ? bbox.left : at, isAcross ? at : bbox.top);
  ctx.lineTo(isAcross ? bbox.left + bbox.width : at, isAcross ? at : bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}

/** Draw designs by the first two figures, with the choice of others where there are more. */
function drawDesignFront(place) {
  const {figures} = report.design;
  const aims = [0, 1];
  const content = element("div");
  const controls = element("div", {class: "aims"});
  const names = figures.map((figure, i) => [String(i), figure.words]);
  const chooser = (slot, label) => choice(label, names.map(([i, text]) => [i, translate(text)]), String(aims[slot]), (value) => {
    aims[slot] = Number(value);
    drawDesignsBy(content, ...aims);
  });
  if (figures.length > 2) controls.append(chooser(0, "To the right"), chooser(1, "Upwards"));
  drawDesignsBy(content, ...aims);
  place.replaceChildren(...(figures.length > 2 ? [controls] : []), content);
}

/** Draw all designs that have two figures, the front over the others. */
function drawDesignsBy(place, fx, fy) {
  const {figures, targets, designs} = report.design;
  plots.splice(0, plots.length, ...plots.filter((plot) => !place.contains(plot.figure)));
  const known = designs.filter((design) => design[DESIGN_FIGURES][fx] !== null && design[DESIGN_FIGURES][fy] !== null);
  if (!known.length) {
    place.replaceChildren(element("p", {class: "note"}, "No design has both of these figures."));
    return;
  }
  // Those that matter are drawn last, over the others.
  const rank = (design) => -design[DESIGN_STATUS];
  const drawn = known.slice().sort((a, b) => rank(a) - rank(b));
  const limits = targets.filter(({limit}) => limit !== null);
  const valuesOf = (f) => [...known.map((design) => design[DESIGN_FIGURES][f]),
    ...limits.filter(({figure}) => figure === f).map(({limit}) => limit)];
  const [xScale, yScale] = [fx, fy].map((f) => valueScale(valuesOf(f)));
  // What is counted of a design is known however it was looked at.
  const isHollow = (design) => isVague(design) && (figures[fx].simulated || figures[fy].simulated);
  const lookOf = (design) => {
    const status = design[DESIGN_STATUS];
    if (status === ON_FRONT) return isHollow(design) ? 1 : 0;
    if (status === MAY_BE_ON_FRONT) return 1;
    return (status === BEYOND_TARGET ? 4 : 2) + (isHollow(design) ? 1 : 0);
  };
  const looks = [{colour: "--c1", size: 0.62}, {colour: "--c1", hollow: true, size: 0.62},
    {colour: "--c0", size: 0.42}, {colour: "--c0", hollow: true, size: 0.42},
    {colour: "--soft", size: 0.42}, {colour: "--soft", hollow: true, size: 0.42}];
  const points = drawn.map((design) => ({x: xScale.to(design[DESIGN_FIGURES][fx]),
    y: yScale.to(design[DESIGN_FIGURES][fy]), look: lookOf(design), design}));
  const byX = points.map((_, i) => i).sort((a, b) => points[a].x - points[b].x || points[a].y - points[b].y);
  const front = byX.filter((i) => points[i].design[DESIGN_STATUS] <= MAY_BE_ON_FRONT);
  const [xText, yText] = [fx, fy].map((f) => figureText(figures[f]));
  const count = (status) => known.filter((design) => design[DESIGN_STATUS] === status).length;
  const hasVague = known.some((design) => isHollow(design) && design[DESIGN_STATUS] > MAY_BE_ON_FRONT);
  scatterChart(place, {
    title: "Designs by " + figures[fx].words + " and " + figures[fy].words,
    description: formatNumber(known.length, 9) + " designs, " + formatNumber(count(ON_FRONT), 9) + " of them on the front.",
    note: (known.length < designs.length ? formatNumber(designs.length - known.length, 9) + " of " +
      formatNumber(designs.length, 9) + " designs were not looked at so closely that they have both figures. " : "") +
      (hasVague ? "Hollow: decided by a quicker mode, whose figure is an estimate or a limit. " : "") +
      "Arrow keys go along the front.",
    legend: legend([...(count(ON_FRONT) ? [["--c1", "on the front"]] : []),
      ...(count(MAY_BE_ON_FRONT) ? [["--c1", "may be on the front", "hollow"]] : []),
      ...(count(DOMINATED) ? [["--c0", "dominated"]] : []),
      ...(count(BEYOND_TARGET) ? [["--soft", "beyond the target"]] : []),
      ...limits.filter(({figure}) => figure === fx || figure === fy).map((target) =>
        ["--bad", targetText(target), true])]),
    points, looks, xScale, yScale, xText, yText,
    stops: front.length ? front : byX,
    // With a third objective a line would mean nothing.
    line: figures.filter(({objective}) => objective).length === 2 && figures[fx].objective && figures[fy].objective ?
      front.filter((i) => points[i].design[DESIGN_STATUS] === ON_FRONT) : [],
    pointText: ({design}) => design[DESIGN_NAME] + ": " + xText(design[DESIGN_FIGURES][fx]) + ", " + yText(design[DESIGN_FIGURES][fy]) +
      "; " + design[DESIGN_NETWORK] + "; " + report.design.statuses[design[DESIGN_STATUS]] + ", " + lookText(design),
    drawBelow: (u) => limits.forEach(({figure, limit}) => {
      if (figure === fx) drawLimit(u, "x", xScale.to(limit), false);
      if (figure === fy) drawLimit(u, "y", yScale.to(limit), true);
    }),
    drawAbove: (u) => drawLabels(u, front.slice(0, MOST_LABELS).map((i) => ({x: points[i].x, y: points[i].y,
      text: points[i].design[DESIGN_NAME]})), points),
  });
}

const MOST_CHEAPEST = 16; // Rows of the chart

/**
 * @return {object[]} the designs that are best by the only objective, up to the best of the front and
 *   as many beyond it as there is room for; {design, value}
 */
function cheapestDesigns() {
  const {figures, designs} = report.design;
  const sign = figures[0].maximised ? -1 : 1;
  const order = designs.map((design) => ({design, value: design[DESIGN_FIGURES][0]}))
    .filter(({value, design}) => value !== null && design[DESIGN_STATUS] <= BEYOND_TARGET)
    .sort((a, b) => sign * (a.value - b.value));
  const first = order.findIndex(({design}) => design[DESIGN_STATUS] <= MAY_BE_ON_FRONT);
  const begin = Math.max(0, Math.min(first - MOST_CHEAPEST / 2, order.length - MOST_CHEAPEST));
  return {rows: order.slice(begin, begin + MOST_CHEAPEST), before: begin};
}

/** Draw the cheapest designs, each with how far it is from the target. */
function drawCheapest(place) {
  const {targets} = report.design;
  const known = targets.filter(({limit}) => limit !== null && limit !== 0);
  if (known.length < 2) {
    drawCheapestBy(place, known[0]);
    return;
  }
  const content = element("div");
  place.replaceChildren(element("div", {class: "aims"}, choice("Target", known.map((target, i) =>
    [String(i), translate(targetText(target))]), "0", (value) => drawCheapestBy(content, known[value]))), content);
  drawCheapestBy(content, known[0]);
}

function drawCheapestBy(place, target) {
  const {figures} = report.design;
  plots.splice(0, plots.length, ...plots.filter((plot) => !place.contains(plot.figure)));
  const {rows, before} = cheapestDesigns();
  if (!rows.length) {
    place.replaceChildren();
    return;
  }
  const own = figureText(figures[0]);
  const beyond = ({design}) => {
    const value = target ? design[DESIGN_FIGURES][target.figure] : null;
    return value === null ? null : (value / target.limit - 1);
  };
  const found = target ? rows.map(beyond).filter((value) => value !== null) : rows.map(({value}) => value);
  const [least, most] = [Math.min(0, ...found), Math.max(0, ...found)];
  const margin = (most - least) * 0.06 || 0.05;
  const full = [least - (least < 0 || target ? margin : 0), most + margin];
  const tone = (design) => (design[DESIGN_STATUS] <= MAY_BE_ON_FRONT ? "--c1" :
    design[DESIGN_STATUS] === DOMINATED ? "--c0" : "--soft");
  const statuses = new Set(rows.map(({design}) => design[DESIGN_STATUS]));
  const signed = (share) => (share > 0 ? "+" : "") + formatShare(share);
  const axisText = target ? signed : own;
  rowChart(place, {
    title: target ? "The best by " + figures[0].words + ", and how far from the target" :
      "The best by " + figures[0].words,
    description: rows.length + " designs.",
    note: (before ? formatNumber(before, 9) + " that are better by " + figures[0].words + " are not drawn. " : "") +
      (target ? "Dashed: the target, " + targetText(target) + ". Bars begin there. " +
        (rows.some((row) => beyond(row) === null) ? "Without a bar: not simulated, as nothing depended on it. " : "") +
        (rows.some(({design}) => isVague(design) && design[DESIGN_MODE] !== "none") ?
          "Pale: of a quicker mode, an estimate or a limit." : "") : ""),
    legend: legend([[ON_FRONT, "--c1", "on the front"], [MAY_BE_ON_FRONT, "--c1", "may be on the front"],
      [DOMINATED, "--c0", "dominated"], [BEYOND_TARGET, "--soft", "beyond the target"]]
      .filter(([status]) => statuses.has(status)).map(([, tone, text]) => [tone, text])),
    full,
    mostLabel: 0.5,
    rows: rows.map(({design, value}) => ({label: own(value) + "  " + design[DESIGN_NAME], height: 1.5})),
    drawRow: (context, i, box) => {
      const end = target ? beyond(rows[i]) : rows[i].value;
      if (end === null) return;
      const [from, to] = [box.x(0), box.x(end)];
      const thick = box.height * 0.3;
      context.fillStyle = colour(tone(rows[i].design));
      context.globalAlpha = isVague(rows[i].design) ? 0.45 : 1;
      context.beginPath();
      context.rect(Math.min(from, to), box.top + (box.height - thick) / 2, Math.abs(to - from), thick);
      context.arc(to, box.top + box.height / 2, thick, 0, 2 * Math.PI);
      context.fill();
      context.globalAlpha = 1;
    },
    drawLast: (u) => target && drawLimit(u, "x", 0, false),
    readRow: (x, i) => {
      const {design, value} = rows[i];
      const away = beyond(rows[i]);
      return design[DESIGN_NAME] + ": " + own(value) +
        (away === null ? "" : ", " + figureText(figures[target.figure])(design[DESIGN_FIGURES][target.figure]) +
          ", " + signed(away) + " from the target") +
        "; " + design[DESIGN_NETWORK] + "; " + report.design.statuses[design[DESIGN_STATUS]] + ", " + lookText(design);
    },
    xAxis: axis({size: rem(1.9), space: rem(4.5), values: (u, splits) => splits.map((v) => axisText(v))}),
  });
}

/** List all designs, the front first and then by the first objective. */
function drawDesigns(place) {
  const {figures, designs, statuses} = report.design;
  const hasChoices = designs.some((design) => design[DESIGN_CHOICES] !== "");
  const look = figures.length + 2; // column
  const sign = figures[0].maximised ? -1 : 1;
  const order = designs.slice().sort((a, b) => Math.max(a[DESIGN_STATUS], MAY_BE_ON_FRONT) - Math.max(b[DESIGN_STATUS], MAY_BE_ON_FRONT) ||
    sign * compareCells(a[DESIGN_FIGURES][0], b[DESIGN_FIGURES][0]));
  const figureCell = (figure) => (value, row) => (value === null ? UNKNOWN :
    (row[look] === LIMIT_LOOK && figure.simulated ? (figure.maximised ? "\u2264" : "\u2265") + NBSP : "") + figureText(figure)(value));
  place.replaceChildren(sortTable({
    caption: "All designs",
    columns: [{name: "design"}, ...figures.map((figure) => ({name: figure.words, isNumber: true, text: figureCell(figure)})),
      {name: "standing"}, {name: "figures from"}, {name: "network"}, ...(hasChoices ? [{name: "choices", isForeign: true}] : []), {name: "chip"}],
    rows: order.map((design) => [design[DESIGN_NAME], ...design[DESIGN_FIGURES],
      statuses[design[DESIGN_STATUS]], lookText(design), design[DESIGN_NETWORK],
      ...(hasChoices ? [design[DESIGN_CHOICES]] : []), design[DESIGN_CHIP]]),
    shown: 20,
    note: "Their numbers are in design.csv, their fabrics in designs/.",
  }));
}
