// SPDX-License-Identifier: GPL-2.0-only
// What the verdict tells, drawn into the fabric: the root, the flows over it, its victims, and links
// that were not up.

const MOST_STRONG = 30; // Curves of one kind that are not faded.

/** @return {number[]} where the line from one place to another leaves the first one's box. */
function leaveBox([x, y, width, height], [toX, toY]) {
  const [dx, dy] = [toX - x, toY - y];
  const part = Math.min(dx ? width / 2 / Math.abs(dx) : Infinity, dy ? height / 2 / Math.abs(dy) : Infinity, 1);
  return [x + dx * part, y + dy * part];
}

/**
 * @return {string[]} a curve from one place to another, bent upwards, off the names of a row; and the
 * head of an arrow at its end
 */
function bentPath(from, to, bend, size) {
  const [x1, y1] = leaveBox(from, to);
  const [x2, y2] = leaveBox(to, from);
  const side = x2 > x1 ? bend : -bend;
  const [cx, cy] = [(x1 + x2) / 2 + (y2 - y1) * side, (y1 + y2) / 2 - (x2 - x1) * side];
  const length = Math.hypot(x2 - cx, y2 - cy) || 1;
  const [ux, uy] = [(x2 - cx) / length * size, (y2 - cy) / length * size];
  const text = (parts) => parts.map((v) => (typeof v === "number" ? v.toFixed(1) : v)).join(" ");
  return [text(["M", x1, y1, "Q", cx, cy, x2, y2]), text(["M", x2, y2, "L", x2 - ux - uy / 2, y2 - uy + ux / 2,
    "L", x2 - ux + uy / 2, y2 - uy - ux / 2, "Z"])];
}

/** @return {Map} curves between what is drawn, and how many flows each stands for. */
function countCurves(view, flows) {
  const counts = new Map();
  for (const [from, to] of flows) {
    const [a, b] = [view.shapeAt(from), view.shapeAt(to)];
    if (!a || !b || a === b || !view.places.has(a) || !view.places.has(b)) continue;
    counts.set(a + " " + b, (counts.get(a + " " + b) || 0) + 1);
  }
  return counts;
}

/** @return {Element[]} a curve, and the head of its arrow if it has one. */
function drawCurve(from, to, cls, bend, width, head) {
  const [line, end] = bentPath(from, to, bend, head + width);
  return [element("path", {class: cls, d: line, "stroke-width": width}),
    head ? element("path", {class: "head " + cls, d: end}) : null].filter(Boolean);
}

/** @return {Element} the flows over the root and its victims, to be drawn below the names: many fade. */
function drawFlows(view, unit) {
  const {root} = view.marked;
  const story = element("g", {class: "story"});
  if (view.wanted !== "all" || !root) return story;
  const curves = (flows, cls, bend, hasHead) => {
    const counts = countCurves(view, flows);
    const fade = Math.max(0.3, Math.min(0.9, MOST_STRONG / counts.size));
    const drawn = element("g", {style: "opacity:" + fade.toFixed(2)});
    for (const [key, count] of counts) {
      const [a, b] = key.split(" ").map((shape) => view.places.get(shape));
      drawn.append(...drawCurve(a, b, cls, bend, 1.4 + Math.log2(count) * 0.7, hasHead ? unit * 0.55 : 0));
    }
    story.append(drawn);
  };
  curves(root.victims, "victim", 0.24, true);
  // The root itself is drawn once; flows come to it, and go on from it.
  curves(root.flows.map(([src]) => [src, root.from_place]), "flow", 0.16, false);
  curves(root.flows.map(([, dst]) => [root.to_place, dst]), "flow", 0.16, true);
  return story;
}

/** @return {Element} the root and the links that were not up, to be drawn over the names. */
function drawRoot(view, unit) {
  const {root, faults} = view.marked;
  const story = element("g", {class: "story"});
  if (view.wanted === "none" || (!root && !faults.length)) return story;
  const badge = ([x, y], text) => {
    const width = unit * 4.2;
    story.append(element("rect", {class: "badge", x: x - width / 2, y: y - unit * 0.75, width, height: unit * 1.5,
      rx: unit * 0.4}), element("text", {class: "badge", x, y: y + unit * 0.36, "text-anchor": "middle"}, text));
  };
  for (const [, from, to] of faults) {
    const [a, b] = [view.shapeAt(from), view.shapeAt(to)].map((shape) => view.places.get(shape));
    if (!a || !b || a === b) continue;
    const [[x1, y1], [x2, y2]] = [leaveBox(a, b), leaveBox(b, a)];
    story.append(element("line", {class: "fault", x1, y1, x2, y2}));
  }
  if (!root) return story;
  const [from, to] = [root.from_place, root.to_place].map((place) => view.places.get(view.shapeAt(place)));
  if (!from || !to) return story;
  if (from === to) {
    const [x, y, width, height] = from;
    story.append(element("rect", {class: "root", x: x - width / 2 - 2, y: y - height / 2 - 2, width: width + 4,
      height: height + 4, rx: unit * 0.5}));
    badge([x, y - height / 2 - unit * 0.5], "root");
    return story;
  }
  story.append(...drawCurve(from, to, "root", 0, 5, unit * 0.55));
  // Beside the link, so that neither it nor a name is covered.
  const [[x1, y1], [x2, y2]] = [leaveBox(from, to), leaveBox(to, from)];
  badge([(x1 + x2) / 2 - unit * 2.9, (y1 + y2) / 2], "root");
  return story;
}

/** @return {Element[]} entries of the legend that tell of the marks. */
function storyLegend(view) {
  const {root, faults, faults_all: all} = view.marked;
  const entry = (cls, text) => element("li", {}, element("span", {class: "stroke " + cls}), text);
  if (view.wanted === "none") return [];
  const entries = [];
  if (root) {
    entries.push(entry("root", "root: " + root.name + " to " + root.to));
    if (view.wanted === "all" && root.flows_all) {
      entries.push(entry("flow", formatNumber(root.flows_all, 9) + (root.flows_all === 1 ? " flow" : " flows") + " over it" +
        (root.flows.length < root.flows_all ? ", " + formatNumber(root.flows.length, 9) + " of them drawn" : "")));
    }
    if (view.wanted === "all" && root.victims_all) {
      entries.push(entry("victim", formatNumber(root.victims_all, 9) + (root.victims_all === 1 ? " victim" : " victims") +
        ", held up without going there" + (root.victims.length < root.victims_all ? ", " +
        formatNumber(root.victims.length, 9) + " of them drawn" : "")));
    }
  }
  if (all === 1) {
    const [name, , , down, degraded] = faults[0];
    entries.push(entry("fault", name + " was " + (down > 0 ? "down" : "up with fewer lanes") + " for " +
      formatShare((down || degraded) / SHARE_STEPS) + " of the time"));
  } else if (all > 1) {
    entries.push(entry("fault", formatNumber(all, 9) + " links that were down or had fewer lanes for a time"));
  }
  return entries;
}
