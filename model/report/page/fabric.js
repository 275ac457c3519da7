// SPDX-License-Identifier: GPL-2.0-only
// The fabric as a picture: groups that fold and unfold, cables coloured by what they did.

const MOST_CABLES = 5000; // Lines drawn; of more, those that did most.
const MOST_UNFOLDED = 150; // Nodes that a wide window shows without being asked for.
const COLOURINGS = {
  u: {name: "utilisation, mean", colours: "--heat", of: (c) => c.busy / c.links},
  um: {name: "utilisation, greatest", colours: "--heat", of: (c) => c.mostBusy},
  s: {name: "credit stall, mean", colours: "--stall", of: (c) => c.stall / c.links},
  sm: {name: "credit stall, greatest", colours: "--stall", of: (c) => c.mostStall},
};
const fabricViews = [];

/**
 * @return {string} a group's name in so many letters: "node0\u2013node1" as "node0\u20131", or its
 * number, or its first.
 */
function fittingName(name, letters) {
  const short = name.replace(/^(.*?)(\d+)\u2013\1(\d+)$/, "$1$2\u2013$3");
  const number = short.match(/[0-9*-]+(\u2013[0-9]+)?$/);
  if (name.length <= letters) return name;
  if (short.length <= letters || !number) return short;
  return number[0].length <= letters ? number[0] : number[0].split("\u2013")[0];
}

/** Cables between two things that are drawn, in each direction. */
class CableSum {
  constructor() {
    Object.assign(this, {links: 0, busy: 0, mostBusy: 0, stall: 0, mostStall: 0, most: null});
  }

  addLink(link) {
    ++this.links;
    this.busy += link.utilisation;
    this.stall += link.stall;
    this.mostBusy = Math.max(this.mostBusy, link.utilisation);
    this.mostStall = Math.max(this.mostStall, link.stall);
    if (!this.most || link.utilisation + link.stall > this.most.utilisation + this.most.stall) {
      this.most = link;
    }
  }

  /** Sums over links that are not here one by one. */
  setAll([, , links, busy, mostBusy, stall, mostStall]) {
    Object.assign(this, {links, busy: busy * links / SHARE_STEPS, mostBusy: mostBusy / SHARE_STEPS,
      stall: stall * links / SHARE_STEPS, mostStall: mostStall / SHARE_STEPS});
  }

  text() {
    return this.links + (this.links === 1 ? " link" : " links") + ", utilisation " +
      formatShare(this.busy / this.links) + " (greatest " + formatShare(this.mostBusy) +
      "), credit stall " + formatShare(this.stall / this.links) + " (greatest " +
      formatShare(this.mostStall) + ")";
  }
}

class FabricView {
  constructor(place, run) {
    this.run = run;
    this.fabric = runs[run].fabric;
    this.nodes = this.fabric.nodes.map(([name, isSwitch, level, group], id) =>
      ({id, name, isSwitch, level, group}));
    this.members = this.fabric.groups.map(() => []);
    this.nodes.forEach((node) => this.members[node.group].push(node));
    this.links = [...linksOf(run).byId.values()].filter((l) => l.from !== null && l.to !== null);
    this.meshed = new Set(this.links.filter((l) => this.nodes[l.from].level === this.nodes[l.to].level &&
      this.nodes[l.from].group === this.nodes[l.to].group)
      .map((l) => this.nodes[l.from].group + " " + this.nodes[l.from].level));
    const fits = Math.min(MOST_UNFOLDED, place.clientWidth / 10);
    this.folded = this.members.map((members) => this.nodes.length > fits &&
      (this.members.length > 1 || members.length > 600));
    this.colouring = "u";
    this.focused = 0;
    this.build(place);
    fabricViews.push(this);
    themeListeners.push(() => this.draw());
  }

  build(place) {
    const title = runPrefix(this.run) + "Nodes and links";
    const foldAll = (isFolded) => {
      const open = this.members.reduce((sum, members) => sum + members.length, 0);
      if (!isFolded && open > 4000) {
        this.spoken.textContent = "Too many nodes to show all at once: open groups one by one.";
        return;
      }
      this.folded = this.members.map(() => isFolded);
      this.draw();
    };
    this.tip = element("div", {class: "tip", hidden: ""});
    this.spoken = element("output", {class: "said", "aria-live": "polite"});
    this.svg = element("svg", {role: "group", "aria-label": title + ". " + this.fabric.nodes_all +
      " nodes in " + this.members.length + " groups. Arrow keys go from group to group, Enter folds " +
      "and unfolds."});
    this.note = element("p", {class: "note"});
    const pointed = (event) => {
      const text = event.target.closest("[data-tip]")?.dataset.tip;
      this.tip.hidden = !text;
      if (text) {
        const box = this.scroll.getBoundingClientRect();
        this.tip.textContent = text;
        this.tip.style.left = Math.max(0, Math.min(event.clientX - box.left + 14,
          box.width - this.tip.offsetWidth)) + "px";
        this.tip.style.top = event.clientY - box.top + 18 + "px";
      }
    };
    this.scroll = element("div", {class: "fabric", onpointermove: pointed,
      onpointerleave: () => {
        this.tip.hidden = true;
      }}, element("div", {class: "scroll"}, this.svg), this.tip);
    this.svg.addEventListener("keydown", (event) => this.onKey(event));
    const button = (text, act) => element("button", {type: "button", onclick: act}, text);
    this.ramp = element("span", {class: "ramp"});
    place.replaceChildren(element("figure", {class: "plot"},
      element("div", {class: "bar"}, element("figcaption", {}, title),
        element("div", {class: "tools"},
          choice("Colour by", Object.entries(COLOURINGS).map(([id, c]) => [id, c.name]), "u",
            (value) => {
              this.colouring = value;
              this.draw();
            }),
          button("Fold all", () => foldAll(true)), button("Unfold all", () => foldAll(false)))),
      element("p", {class: "legend"}, element("span", {}, this.ramp, "0 to 100" + NBSP + "%"),
        "Click a group to fold or unfold it, a line to see its busiest link. A link that is selected is " +
        "thick, those that it held up or that held it up are dashed."),
      this.scroll, this.spoken, this.note));
    this.draw();
    let width = this.scroll.clientWidth;
    new ResizeObserver(() => {
      if (this.scroll.clientWidth !== width) {
        width = this.scroll.clientWidth;
        requestAnimationFrame(() => this.draw());
      }
    }).observe(this.scroll);
  }

  /** @return {string} what a node is drawn as: itself, or its group. */
  shape(node) {
    return this.folded[this.nodes[node].group] ? "g" + this.nodes[node].group : "n" + node;
  }

  /** @return {Map} sums of the cables between shapes, by both their names. */
  sumCables() {
    const sums = new Map();
    const get = (a, b) => {
      const key = a < b ? a + " " + b : b + " " + a;
      if (!sums.has(key)) sums.set(key, new CableSum());
      return sums.get(key);
    };
    for (const link of this.links) get(this.shape(link.from), this.shape(link.to)).addLink(link);
    // Between groups that are folded, sums hold all links, even those that are not here.
    for (const cable of this.fabric.cables) {
      if (this.folded[cable[0]] && this.folded[cable[1]]) {
        get("g" + cable[0], "g" + cable[1]).setAll(cable);
      }
    }
    return sums;
  }

  draw() {
    const width = Math.max(this.scroll.clientWidth - 2, 240);
    const unit = rem(0.72);
    const {colours, of} = COLOURINGS[this.colouring];
    this.ramp.style.setProperty("--own", "var(" + colours + ")");
    const crowd = this.members.length;
    const boxes = this.members.map((members, group) => {
      if (this.folded[group]) {
        const size = crowd > 24 ? Math.min(unit * 6.5, Math.max(width / 12, unit * 3.4)) : unit * 9;
        return {group, rank: this.rankOf(members), width: size, height: Math.min(size, unit * 4.2)};
      }
      const laid = layGroup(members, unit, (level) => this.meshed.has(group + " " + level));
      return {group, rank: this.rankOf(members), ...laid};
    });
    const size = layBoxes(boxes, width, unit);
    const sums = this.sumCables();
    const places = new Map();
    for (const box of boxes) {
      if (box.at) {
        box.at.forEach(([x, y], id) =>
          places.set("n" + id, [box.x - box.width / 2 + x, box.y - box.height / 2 + y]));
      } else {
        places.set("g" + box.group, [box.x, box.y]);
      }
    }
    this.places = places;
    const parts = boxes.map((box) => this.drawBox(box, sums, unit));
    // Boxes below, cables over them, names on top.
    this.svg.replaceChildren(element("g", {}, ...parts.map((part) => part.back)),
      this.drawCables(sums, of, colours), element("g", {}, ...parts.map((part) => part.front)),
      this.marks = element("g", {class: "marks"}));
    this.svg.setAttribute("viewBox", "0 0 " + Math.ceil(size.width) + " " + Math.ceil(size.height + 4));
    this.svg.setAttribute("width", Math.ceil(size.width));
    this.svg.setAttribute("height", Math.ceil(size.height + 4));
    this.svg.style.fontSize = unit + "px";
    this.mark();
  }

  /** @return {number} how high a group stands. */
  rankOf(members) {
    return Math.max(...members.map((node) => node.level));
  }

  drawCables(sums, of, colours) {
    const between = [...sums].filter(([key]) => {
      const [a, b] = key.split(" ");
      return a !== b && this.places.has(a) && this.places.has(b);
    }).sort(([, a], [, b]) => of(a) - of(b));
    const shown = between.slice(-MOST_CABLES);
    const notes = [];
    if (shown.length < between.length) {
      notes.push("The " + formatNumber(shown.length, 9) + " of " + formatNumber(between.length, 9) +
        " lines with the greatest " + COLOURINGS[this.colouring].name.split(",")[0] + " are drawn.");
    }
    if (this.links.length < linksOf(this.run).all) {
      notes.push("Lines at nodes stand for the " + formatNumber(this.links.length, 9) + " of " +
        formatNumber(linksOf(this.run).all, 9) + " links that were busy or stalled longest; between " +
        "folded groups they stand for all.");
    }
    if (this.nodes.length < this.fabric.nodes_all) {
      notes.push("An open group has those of its nodes that are at these links: " +
        formatNumber(this.nodes.length, 9) + " of " + formatNumber(this.fabric.nodes_all, 9) + " in all.");
    }
    this.note.textContent = notes.join(" ");
    return element("g", {class: "cables"}, ...shown.map(([key, sum]) => {
      const [a, b] = key.split(" ");
      const [x1, y1] = this.places.get(a);
      const [x2, y2] = this.places.get(b);
      return element("line", {x1, y1, x2, y2, stroke: rampColour(colours, of(sum)),
        "stroke-width": 1.2 + Math.log2(sum.links) * 0.6,
        "data-tip": this.nameOf(a) + " \u2013 " + this.nameOf(b) + ": " + sum.text(),
        onclick: () => {
          if (sum.most) selectLink(this.run, sum.most.id);
        }});
    }));
  }

  nameOf(shape) {
    const number = Number(shape.slice(1));
    return shape[0] === "g" ? this.fabric.groups[number][0] : this.nodes[number].name;
  }

  drawBox(box, sums, unit) {
    const {group} = box;
    const [name, endpoints, switches] = this.fabric.groups[group];
    const folded = this.folded[group];
    const inside = sums.get("g" + group + " g" + group);
    const counts = [switches ? switches + (switches === 1 ? " switch" : " switches") : "",
      endpoints ? endpoints + (endpoints === 1 ? " endpoint" : " endpoints") : ""]
      .filter((text) => text).join(", ");
    const tip = name + ": " + counts + (inside ? "; within: " + inside.text() : "");
    const toggle = () => {
      this.folded[group] = !folded;
      this.focused = group;
      this.draw();
      this.svg.querySelector("[data-group='" + group + "']").focus();
    };
    const left = box.x - box.width / 2;
    const top = box.y - box.height / 2;
    const {colours, of} = COLOURINGS[this.colouring];
    const back = element("rect", {class: "box", x: left, y: top, width: box.width, height: box.height,
      rx: unit * 0.5});
    const small = box.width < unit * 8;
    const label = fittingName(name, (box.width - unit * 0.6) / (unit * 0.62));
    const front = element("g", {role: "button", tabindex: group === this.focused ? 0 : -1,
      "aria-expanded": String(!folded), "aria-label": tip, "data-tip": tip, "data-group": group,
      class: folded ? "folded" : "open", onclick: toggle});
    if (folded) {
      front.append(element("rect", {class: "box", x: left, y: top, width: box.width,
        height: box.height, rx: unit * 0.5}));
      if (inside) {
        front.append(element("rect", {x: left, y: top + box.height - unit * 0.7, width: box.width,
          height: unit * 0.7, fill: rampColour(colours, of(inside)), rx: unit * 0.3}));
      }
    } else {
      front.append(element("rect", {class: "head", x: left, y: top, width: box.width,
        height: unit * 1.6, rx: unit * 0.5}));
    }
    front.append(element("text", {x: box.x, y: folded ? box.y - (small ? 0 : unit * 0.3) :
      top + unit * 1.2, "text-anchor": "middle", "font-weight": 600}, label));
    if (folded && !small) {
      front.append(element("text", {class: "soft", x: box.x, y: box.y + unit, "text-anchor": "middle",
        "font-size": "85%"}, counts.replace(/ endpoints?/, " ep").replace(/ switch(es)?/, " sw")));
    }
    const whole = element("g", {}, front);
    if (!folded) {
      whole.append(...this.members[group].map((node) => this.drawNode(node, box, unit)));
    }
    return {back, front: whole};
  }

  drawNode(node, box, unit) {
    const [x, y] = this.places.get("n" + node.id);
    const width = box.cell.width * 0.88;
    const height = unit * 1.45;
    const short = node.name.slice(node.name.lastIndexOf("/") + 1);
    return element("g", {"data-tip": node.name + (node.isSwitch ? ", a switch" : ", an endpoint"),
      class: node.isSwitch ? "node switch" : "node"},
    element("rect", {x: x - width / 2, y: y - height / 2, width, height,
      rx: node.isSwitch ? unit * 0.2 : height / 2}),
    element("text", {x, y: y + unit * 0.32, "text-anchor": "middle",
      textLength: short.length > 7 ? width * 0.9 : null, lengthAdjust: "spacingAndGlyphs"}, short));
  }

  /** Mark the selected link, the links that it held up, and those that held it up. */
  mark() {
    const {run, link} = selected;
    this.marks.replaceChildren();
    if (run !== this.run || !link) return;
    const add = (one, cls) => {
      if (!one || one.from === null || one.to === null) return;
      const from = this.places.get(this.shape(one.from));
      const to = this.places.get(this.shape(one.to));
      if (!from || !to) return;
      const isInside = from === to;
      this.marks.append(isInside ?
        element("rect", {class: cls, x: from[0] - 5, y: from[1] - 5, width: 10, height: 10}) :
        element("line", {class: cls, x1: from[0], y1: from[1], x2: to[0], y2: to[1]}));
    };
    const {victims, roots} = relationsOf(run, link.id);
    victims.slice(0, 200).forEach(({id}) => add(linksOf(run).byId.get(id), "victim"));
    roots.slice(0, 200).forEach(({id}) => add(linksOf(run).byId.get(id), "root"));
    add(link, "chosen");
  }

  onKey(event) {
    const target = event.target.closest("[data-group]");
    if (!target) return;
    const count = this.members.length;
    const move = {ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1}[event.key];
    if (move) {
      target.setAttribute("tabindex", -1);
      this.focused = (Number(target.dataset.group) + move + count) % count;
      const next = this.svg.querySelector("[data-group='" + this.focused + "']");
      next.setAttribute("tabindex", 0);
      next.focus();
    } else if (event.key === "Enter" || event.key === " ") {
      target.dispatchEvent(new MouseEvent("click"));
    } else {
      return;
    }
    event.preventDefault();
  }
}

/** Draw the fabric of a run. */
function drawFabric(place, run) {
  if (!runs[run].fabric.nodes.length) {
    place.textContent = runPrefix(run) + "No fabric was described.";
    return;
  }
  new FabricView(place, run);
}
