// SPDX-License-Identifier: GPL-2.0-only
// What all charts share: a frame with title and buttons around a uPlot, zoom by mouse, keys and
// buttons, the same part of the time in all charts of a group, and what is under the cursor, in
// words, for eyes and for screen readers.

const plots = [];
const KEY_HELP = "Arrow keys move the cursor, plus and minus zoom, 0 shows all, Enter selects.";

class Plot {
  /**
   * @param {Element} place where to put it
   * @param {object} spec
   *   title, note: texts; description: for screen readers
   *   controls: elements beside the buttons; legend: element above the canvas
   *   full: [least, greatest] of x; data: uPlot's
   *   options(width): uPlot's options without size, x scale and cursor
   *   height(width): pixels; group: charts of one group show the same part of x
   *   next(at, move, plot): where an arrow key leads, {x, y}, where there are places and no curves
   *   read(x, y, plot): what to say of a place, or null; click(x, y): a place was chosen
   *   step: how far an arrow key goes up and down, in units of y; 0: by series
   */
  constructor(place, spec) {
    this.spec = spec;
    this.range = spec.full.slice();
    this.at = null;
    const button = (text, name, act) =>
      element("button", {type: "button", "aria-label": name, title: name, onclick: act}, text);
    this.canvas = element("div", {class: "canvas", tabindex: 0, role: "group",
      "aria-roledescription": "chart", "aria-label": spec.title + ". " + (spec.description || "").replace(/[^.]$/, "$&.") +
      " " + KEY_HELP});
    this.tip = element("div", {class: "tip", hidden: ""});
    this.spoken = element("output", {class: "spoken", "aria-live": "polite"});
    this.figure = element("figure", {class: "plot"},
      element("div", {class: "bar"}, element("figcaption", {}, spec.title),
        element("div", {class: "tools"}, ...(spec.controls || []),
          button("+", "Zoom in: " + spec.title, () => this.zoom(0.5)),
          button("\u2212", "Zoom out: " + spec.title, () => this.zoom(2)),
          button("All", "Show all: " + spec.title, () => this.showAll()))),
      spec.legend || null, this.canvas, this.spoken,
      spec.note ? element("p", {class: "note"}, spec.note) : null);
    place.replaceChildren(this.figure);
    this.canvas.addEventListener("keydown", (event) => this.onKey(event));
    this.canvas.addEventListener("click", () => this.choose());
    this.canvas.addEventListener("blur", () => this.hideTip());
    this.draw();
    plots.push(this);
    themeListeners.push(() => this.uplot.redraw(false, true));
    let width = this.canvas.clientWidth;
    new ResizeObserver(() => {
      if (this.canvas.clientWidth !== width && this.canvas.clientWidth > 0) {
        width = this.canvas.clientWidth;
        requestAnimationFrame(() => this.draw());
      }
    }).observe(this.canvas);
  }

  /** Make the uPlot anew, for another width or other data. */
  draw() {
    if (this.uplot) this.uplot.destroy();
    const width = Math.max(this.canvas.clientWidth, 200);
    const options = this.spec.options(width);
    const [min, max] = this.range;
    this.uplot = new uPlot({
      ...options,
      width,
      height: this.spec.height(width),
      legend: {show: false},
      scales: {x: {time: false, ...(options.x || {}), range: () => this.range}, ...options.scales},
      cursor: {drag: {x: true, y: false, setScale: false, dist: 5}, points: {show: false},
        y: false, ...(options.cursor || {})},
      hooks: {
        ...options.hooks,
        setCursor: [(u) => this.onCursor(u)],
        setSelect: [(u) => this.onSelect(u)],
      },
    }, this.spec.data, this.canvas);
    this.uplot.over.addEventListener("dblclick", () => this.showAll());
    this.canvas.append(this.tip);
    this.setRange(min, max, false);
  }

  /** Show a part of x, here and in the charts of the group. */
  setRange(min, max, spread = true) {
    const [least, most] = this.spec.full;
    const span = Math.min(Math.max(max - min, (most - least) * 1e-6), most - least);
    min = Math.min(Math.max(min, least), most - span);
    this.range = [min, min + span];
    this.uplot.setScale("x", {min, max: min + span});
    this.figure.dataset.range = this.range.join(" ");
    if (spread && this.spec.group) {
      plots.filter((p) => p !== this && p.spec.group === this.spec.group)
        .forEach((p) => p.setRange(min, min + span, false));
    }
  }

  showAll() {
    this.setRange(...this.spec.full);
  }

  /** Show so many times as much, around the cursor or the middle. */
  zoom(factor) {
    const [min, max] = this.range;
    const middle = this.at ? Math.min(Math.max(this.at.x, min), max) : (min + max) / 2;
    this.setRange(middle - (middle - min) * factor, middle + (max - middle) * factor);
  }

  onSelect(u) {
    const {left, width} = u.select;
    if (width > 0) {
      this.setRange(u.posToVal(left, "x"), u.posToVal(left + width, "x"));
      this.dragged = true; // The click that ends it chooses nothing.
      u.setSelect({left: 0, top: 0, width: 0, height: 0}, false);
    }
  }

  onCursor(u) {
    const {left, top} = u.cursor;
    if (left === null || left < 0 || top === null || top < 0) return this.hideTip();
    this.at = {x: u.posToVal(left, "x"), y: u.posToVal(top, "y"), left, top};
    const text = this.spec.read(this.at.x, this.at.y, this);
    if (!text) return this.hideTip();
    this.tip.textContent = translate(text);
    this.tip.hidden = false;
    const width = this.canvas.clientWidth;
    const offset = u.over.offsetLeft + left;
    const own = this.tip.offsetWidth;
    this.tip.style.left = Math.max(0, Math.min(offset + 14, width - own)) + "px";
    this.tip.style.top = u.over.offsetTop + top + 18 + "px";
    if (this.byKey) this.spoken.textContent = translate(text);
    return undefined;
  }

  hideTip() {
    this.tip.hidden = true;
  }

  choose() {
    if (!this.dragged && this.at && this.spec.click) this.spec.click(this.at.x, this.at.y, this);
    this.dragged = false;
  }

  /** Put the cursor on a place, as the mouse does. */
  point(x, y) {
    this.uplot.setCursor({left: this.uplot.valToPos(x, "x"), top: this.uplot.valToPos(y, "y")});
  }

  onKey(event) {
    const {key, shiftKey} = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const [min, max] = this.range;
    const y = this.uplot.scales.y;
    const at = this.at || {x: min, y: (y.min + y.max) / 2};
    const move = {ArrowLeft: -1, ArrowRight: 1}[key];
    const climb = {ArrowUp: -1, ArrowDown: 1}[key];
    this.byKey = true;
    if (key === "+" || key === "=") this.zoom(0.5);
    else if (key === "-") this.zoom(2);
    else if (key === "0") this.showAll();
    else if (key === "Escape") this.hideTip();
    else if (key === "Enter") this.choose();
    else if ((move || climb) && this.spec.next && !shiftKey) {
      const {x, y: to} = this.spec.next(at, move || -climb, this);
      if (x < min || x > max) this.setRange(x - (max - min) / 2, x + (max - min) / 2);
      this.point(x, to);
    } else if (move && shiftKey) this.setRange(min + move * (max - min) / 4, max + move * (max - min) / 4);
    else if (move) {
      const x = this.spec.nextX ? this.spec.nextX(at.x, move, this) : at.x + move * (max - min) / 100;
      if (x < min || x > max) this.setRange(min + move * (max - min) / 4, max + move * (max - min) / 4);
      const [least, most] = this.range;
      this.point(Math.min(Math.max(x, least), most), at.y);
    } else if (climb) {
      const next = this.spec.nextY ? this.spec.nextY(at, climb, this) : at.y;
      this.point(at.x, Math.min(Math.max(next, Math.min(y.min, y.max)), Math.max(y.min, y.max)));
    } else {
      this.byKey = false;
      return;
    }
    event.preventDefault();
    this.byKey = false;
  }
}

/** @return {object} an axis of uPlot in the page's colours. */
function axis(extra) {
  return {
    stroke: () => colour("--soft"),
    font: chartFont(),
    grid: {stroke: () => colour("--line"), width: 1},
    ticks: {show: false},
    gap: rem(0.45), // labels of both axes meet in the corner
    ...extra,
  };
}

/** @return {object} an axis of times in nanoseconds. */
function timeAxis(extra = {}) {
  return axis({
    size: rem(1.9),
    space: rem(5),
    values: (u, splits) => {
      const [size, name] = timeUnit(Math.max(Math.abs(splits[splits.length - 1]), 1e-3));
      return splits.map((v) => formatNumber(v / size, 6) + NBSP + name);
    },
    ...extra,
  });
}

/** @return {Element} a legend of [colour, text, look] entries; look: "hollow", dashed, or nothing. */
function legend(entries) {
  return element("ul", {class: "legend"}, ...entries.map(([name, text, look]) =>
    element("li", {}, element("span", {class: look === "hollow" ? "swatch hollow" : look ? "swatch dashed" : "swatch",
      style: "--own:var(" + name + ")"}), text)));
}

/** @return {Element} a choice, with its label. */
function choice(label, options, value, onChange) {
  const select = element("select", {onchange: () => onChange(select.value)},
    ...options.map(([id, text]) => element("option", {value: id}, text)));
  select.value = value;
  return element("label", {}, label + " ", select);
}
