// SPDX-License-Identifier: GPL-2.0-only
// The fabric as a picture: groups that fold and unfold, cables coloured by what they did.

const MOST_CABLES = 5000; // Lines drawn; of more, those that did most.
const MOST_UNFOLDED = 150; // Nodes that a wide window shows without being asked for.
const MOST_ALIKE = 12; // Groups alike that stand side by side: of more, neighbours share a box,
const BUNDLES = 8; // so many where others stand above or below them,
const BUNDLES_ALONE = 16; // and so many where not.
const MOST_ENLARGED = 1.5; // Times that a small picture grows where there is room.
const MOST_OPENED = 80; // Nodes of a group that is opened since the root is in it.
const COLOURINGS = {
  u: {name: "utilisation, mean", colours: "--heat", of: (c) => c.busy / c.links, figure: 3},
  um: {name: "utilisation, greatest", colours: "--heat", of: (c) => c.mostBusy, figure: 3},
  s: {name: "credit stall, mean", colours: "--stall", of: (c) => c.stall / c.links, figure: 5},
  sm: {name: "credit stall, greatest", colours: "--stall", of: (c) => c.mostStall, figure: 5},
}; // figure: of class_figures, the mean; the greatest follows
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
    Object.assign(this, {links: 0, busy: 0, mostBusy: 0, stall: 0, mostStall: 0, most: null, cls: ""});
  }

  addLink(link, cls) {
    if (!this.links || link.utilisation > this.mostBusy) this.cls = cls;
    ++this.links;
    this.busy += link.utilisation;
    this.stall += link.stall;
    this.mostBusy = Math.max(this.mostBusy, link.utilisation);
    this.mostStall = Math.max(this.mostStall, link.stall);
    this.note(link);
  }

  /** The busiest is the one that is shown when a line is clicked. */
  note(link) {
    if (!this.most || link.utilisation + link.stall > this.most.utilisation + this.most.stall) {
      this.most = link;
    }
  }

  /** Links between two groups, even those that are not here one by one. */
  addCable([, , links, busy, mostBusy, stall, mostStall, cls]) {
    if (!this.links || mostBusy / SHARE_STEPS > this.mostBusy) this.cls = cls;
    this.links += links;
    this.busy += busy * links / SHARE_STEPS;
    this.stall += stall * links / SHARE_STEPS;
    this.mostBusy = Math.max(this.mostBusy, mostBusy / SHARE_STEPS);
    this.mostStall = Math.max(this.mostStall, mostStall / SHARE_STEPS);
  }

  /** @return {string} how many, and how busy they were where that is known. */
  text(isKnown) {
    const count = formatNumber(this.links, 9) + (this.links === 1 ? " link" : " links");
    return !isKnown ? count : count + ", utilisation " + formatShare(this.busy / this.links) + " (greatest " + formatShare(this.mostBusy) +
      "), credit stall " + formatShare(this.stall / this.links) + " (greatest " +
      formatShare(this.mostStall) + ")";
  }
}

/**
 * @param {Array} groups of the fabric: [name, endpoints, switches]
 * @param {number[]} ranks how high each stands
 * @return {object[]} bundles of neighbours that are alike: {name, groups, isOpen}; most of one group
 */
function bundleGroups(groups, ranks) {
  const rows = new Set(ranks).size;
  const kinds = new Map();
  groups.forEach(([name, endpoints, switches], i) => {
    const kind = [ranks[i], name.replace(/[0-9].*$/, ""), endpoints > 0, switches > 0].join(" ");
    kinds.set(kind, [...(kinds.get(kind) || []), i]);
  });
  return [...kinds.values()].flatMap((members) => {
    const most = members.length > MOST_ALIKE ? (rows > 1 ? BUNDLES : BUNDLES_ALONE) : members.length;
    const size = Math.ceil(members.length / most);
    return Array.from({length: Math.ceil(members.length / size)}, (_, i) => {
      const own = members.slice(i * size, (i + 1) * size);
      const [first, last] = [groups[own[0]][0], groups[own[own.length - 1]][0]];
      return {groups: own, isOpen: own.length === 1, name: own.length === 1 ? first :
        first.split("\u2013")[0] + "\u2013" + last.split("\u2013").pop()};
    });
  });
}

class FabricView {
  constructor(place, run) {
    this.run = run;
    this.fabric = runs[run].fabric;
    this.isKnown = runs[run].traffic.loads_known;
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
    this.ranks = this.members.map((members) => Math.max(0, ...members.map((node) => node.level)));
    this.bundles = bundleGroups(this.fabric.groups, this.ranks);
    this.bundleOf = [];
    this.bundles.forEach((bundle) => bundle.groups.forEach((group) => (this.bundleOf[group] = bundle)));
    this.marked = runs[run].marks;
    this.openAround(this.marked.root);
    this.colouring = "u";
    this.isScaled = false;
    this.wanted = "all";
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
        this.spoken.textContent = translate("Too many nodes to show all at once: open groups one by one.");
        return;
      }
      this.folded = this.members.map(() => isFolded);
      this.bundles.forEach((bundle) => (bundle.isOpen = !isFolded || bundle.groups.length === 1));
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
        this.tip.textContent = translate(text);
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
    this.scales = element("ul", {class: "legend scales"});
    this.story = element("ul", {class: "legend"});
    const hasMarks = this.marked.root || this.marked.faults.length;
    place.replaceChildren(element("figure", {class: "plot"},
      element("div", {class: "bar"}, element("figcaption", {}, title),
        element("div", {class: "tools"},
          this.isKnown ? choice("Colour by", Object.entries(COLOURINGS).map(([id, c]) => [id, c.name]), "u",
            (value) => {
              this.colouring = value;
              this.draw();
            }) : null,
          this.isKnown ? choice("Scale", [["all", "0 to 100" + NBSP + "%"], ["class", "each class to its greatest"]], "all",
            (value) => {
              this.isScaled = value === "class";
              this.draw();
            }) : null,
          hasMarks ? choice("Mark", [["all", "root, flows, victims"], ["root", "root alone"],
            ["none", "no marks"]], "all", (value) => {
            this.wanted = value;
            this.draw();
          }) : null,
          button("Fold all", () => foldAll(true)), button("Unfold all", () => foldAll(false)))),
      this.story, this.scroll, this.scales, this.spoken, this.note,
      element("p", {class: "note"}, "Click a group to fold or unfold it, a line to see its busiest link. " +
        "A link that is selected is thick, those that it held up or that held it up are dashed. " +
        (this.isKnown ? "On a scale the mean of its class is dotted, the greatest a line." : ""))));
    this.draw();
    let width = this.scroll.clientWidth;
    new ResizeObserver(() => {
      if (this.scroll.clientWidth !== width) {
        width = this.scroll.clientWidth;
        requestAnimationFrame(() => this.draw());
      }
    }).observe(this.scroll);
  }

  /** Open the groups of the root's ends, where they are small. */
  openAround(root) {
    if (!root) return;
    for (const place of [root.from_place, root.to_place]) {
      const group = place === null || place < 0 ? -1 : this.nodes[place].group;
      if (group >= 0 && this.bundleOf[group].isOpen && this.members[group].length <= MOST_OPENED) {
        this.folded[group] = false;
      }
    }
  }

  /** @return {string} what a group is drawn as: itself, or the box that it shares; "": its nodes. */
  groupShape(group) {
    const bundle = this.bundleOf[group];
    return !bundle.isOpen ? "g" + bundle.groups[0] : this.folded[group] ? "g" + group : "";
  }

  /** @return {string} what a node is drawn as: itself, or its group. */
  shape(node) {
    return this.groupShape(this.nodes[node].group) || "n" + node;
  }

  /** @return {string} what is drawn at a place of the marks; "": not here. */
  shapeAt(place) {
    return place === null ? "" : place >= 0 ? this.shape(place) : this.groupShape(-1 - place);
  }

  /** @return {number} how deep the colour of cables is, 0 to 1. */
  depth(sum) {
    const {of, figure} = COLOURINGS[this.colouring];
    if (!this.isScaled) return of(sum);
    const {classes, class_figures: figures} = runs[this.run].traffic;
    const most = figures[classes.indexOf(sum.cls)]?.[figure + 1] / SHARE_STEPS;
    return most > 0 ? of(sum) / most : 0;
  }

  /** @return {Map} sums of the cables between shapes, by both their names. */
  sumCables() {
    const sums = new Map();
    const get = (a, b) => {
      const key = a < b ? a + " " + b : b + " " + a;
      if (!sums.has(key)) sums.set(key, new CableSum());
      return sums.get(key);
    };
    for (const link of this.links) {
      const [a, b] = [this.shape(link.from), this.shape(link.to)];
      // Between groups that are folded, sums hold all links, even those that are not here.
      if (a[0] === "g" && b[0] === "g") get(a, b).note(link);
      else get(a, b).addLink(link, linksOf(this.run).classes[link.cls]);
    }
    for (const cable of this.fabric.cables) {
      const [a, b] = [this.groupShape(cable[0]), this.groupShape(cable[1])];
      if (a && b) get(a, b).addCable(cable);
    }
    return sums;
  }

  draw() {
    const width = Math.max(this.scroll.clientWidth - 2, 240);
    const unit = rem(0.72);
    const shown = this.bundles.flatMap((bundle) => (bundle.isOpen ?
      bundle.groups.map((group) => ({group})) : [{group: bundle.groups[0], bundle}]));
    const size1 = shown.length > 24 ? Math.min(unit * 6.5, Math.max(width / 12, unit * 3.4)) : unit * 9;
    const boxes = shown.map(({group, bundle}) => {
      const rank = this.ranks[group];
      if (bundle || this.folded[group]) {
        return {group, bundle, rank, width: size1, height: Math.min(size1, unit * 4.2)};
      }
      const laid = layGroup(this.members[group], unit, (level) => this.meshed.has(group + " " + level));
      return {group, rank, ...laid};
    });
    this.stops = boxes.map((box) => box.group);
    const size = layBoxes(boxes, width, unit);
    const sums = this.sumCables();
    const places = new Map();
    for (const box of boxes) {
      if (box.at) {
        box.at.forEach(([x, y], id) => places.set("n" + id, [box.x - box.width / 2 + x,
          box.y - box.height / 2 + y, box.cell.width * 0.88, unit * 1.45]));
      } else {
        places.set("g" + box.group, [box.x, box.y, box.width, box.height]);
      }
    }
    this.places = places;
    const parts = boxes.map((box) => this.drawBox(box, sums, unit));
    // Boxes below, cables and flows over them, then names, the root on top.
    this.svg.replaceChildren(element("g", {}, ...parts.map((part) => part.back)),
      this.drawCables(sums, boxes), drawFlows(this, unit), element("g", {}, ...parts.map((part) => part.front)),
      drawRoot(this, unit), this.marks = element("g", {class: "marks"}));
    this.story.replaceChildren(...storyLegend(this));
    this.scales.replaceChildren(...this.drawScales());
    this.fit(boxes, size, unit);
    this.svg.style.fontSize = unit + "px";
    this.mark();
  }

  /** Make the picture as large as there is room, up to a limit, without what is empty beside it. */
  fit(boxes, size, unit) {
    const left = Math.min(...boxes.map((box) => box.x - box.width / 2)) - unit * 2;
    const right = Math.max(...boxes.map((box) => box.x + box.width / 2)) + unit * 2;
    const [from, width] = right - left < size.width ? [left, right - left] : [0, size.width];
    const height = size.height + unit * 1.5;
    const most = Math.min(MOST_ENLARGED, 0.7 * innerHeight / height);
    const times = Math.max(1, Math.min(most, 0.9 * size.width / width));
    this.svg.setAttribute("viewBox", [from, -unit, width, height].map(Math.round).join(" "));
    this.svg.setAttribute("width", Math.round(width * times));
    this.svg.setAttribute("height", Math.round(height * times));
  }

  /** @return {Element[]} for each class of links its scale, with its mean and greatest on it. */
  drawScales() {
    const {classes, class_figures: figures} = runs[this.run].traffic;
    const {colours, figure, name} = COLOURINGS[this.colouring];
    return classes.map((cls, i) => {
      const [count, least, most] = figures[i];
      const [mean, greatest] = figures[i].slice(figure, figure + 2).map((v) => v / SHARE_STEPS);
      const top = this.isScaled ? greatest : 1;
      const mark = (share, kind) => element("span", {class: kind, style: "left:" +
        (top > 0 ? Math.min(share / top, 1) * 100 : 0) + "%"});
      const links = (cls || "links") + ": " + formatNumber(count, 9) + (count === 1 ? " link" : " links") + " of " +
        formatRate(least) + (most > least ? " to " + formatRate(most) : "");
      if (!this.isKnown) return element("li", {}, links);
      return element("li", {}, element("span", {class: "ramp wide", style: "--own:var(" + colours + ")"},
        mark(mean, "mean"), mark(greatest, "greatest")), links + ", " + name.split(",")[0] + " " +
        formatShare(mean) + " in the mean, " + formatShare(greatest) + " at most" +
        (this.isScaled ? "; colours from 0 to that" : ""));
    });
  }

  drawCables(sums, boxes) {
    const {colours, of} = COLOURINGS[this.colouring];
    const between = [...sums].filter(([key]) => {
      const [a, b] = key.split(" ");
      return a !== b && this.places.has(a) && this.places.has(b);
    }).sort(([, a], [, b]) => of(a) - of(b));
    const shown = between.slice(-MOST_CABLES);
    const notes = [];
    const bundled = boxes.filter((box) => box.bundle);
    if (bundled.length) {
      notes.push("Too many groups for one picture: " + formatNumber(bundled.length, 9) + " boxes stand for " +
        formatNumber(bundled.reduce((sum, box) => sum + box.bundle.groups.length, 0), 9) +
        " neighbouring groups; click one to see them.");
    }
    const thin = Math.min(1, 24 / Math.max(shown.length, 1)) * 0.6;
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
    this.note.textContent = translate(notes.join(" "));
    return element("g", {class: "cables"}, ...shown.map(([key, sum]) => {
      const [a, b] = key.split(" ");
      const [x1, y1] = this.places.get(a);
      const [x2, y2] = this.places.get(b);
      return element("line", {x1, y1, x2, y2, stroke: rampColour(colours, this.depth(sum)),
        "stroke-width": 1.2 + Math.log2(sum.links) * thin,
        "data-tip": this.nameOf(a) + " \u2013 " + this.nameOf(b) + ": " + sum.text(this.isKnown),
        onclick: () => {
          if (sum.most) selectLink(this.run, sum.most.id);
        }});
    }));
  }

  nameOf(shape) {
    const number = Number(shape.slice(1));
    if (shape[0] === "n") return this.nodes[number].name;
    const bundle = this.bundleOf[number];
    return bundle.isOpen ? this.fabric.groups[number][0] : bundle.name;
  }

  drawBox(box, sums, unit) {
    const {group, bundle} = box;
    const all = (bundle ? bundle.groups : [group]).map((one) => this.fabric.groups[one]);
    const name = bundle ? bundle.name : all[0][0];
    const [endpoints, switches] = [1, 2].map((i) => all.reduce((sum, one) => sum + one[i], 0));
    const folded = Boolean(bundle) || this.folded[group];
    const inside = sums.get("g" + group + " g" + group);
    const counts = [switches ? switches + (switches === 1 ? " switch" : " switches") : "",
      endpoints ? endpoints + (endpoints === 1 ? " endpoint" : " endpoints") : ""]
      .filter((text) => text).join(", ");
    const tip = name + ": " + (bundle ? formatNumber(all.length, 9) + " groups, " : "") + counts + (inside ? "; within: " + inside.text(this.isKnown) : "");
    const toggle = () => {
      if (bundle) bundle.isOpen = true;
      else this.folded[group] = !folded;
      this.focused = group;
      this.draw();
      this.svg.querySelector("[data-group='" + group + "']").focus();
    };
    const left = box.x - box.width / 2;
    const top = box.y - box.height / 2;
    const {colours} = COLOURINGS[this.colouring];
    const back = element("g", {}, ...(bundle ? [0.8, 0.4] : [0]).map((away) => element("rect", {class: "box",
      x: left + away * unit, y: top - away * unit, width: box.width, height: box.height, rx: unit * 0.5})));
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
          height: unit * 0.7, fill: rampColour(colours, this.depth(inside)), rx: unit * 0.3}));
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
    const {stops} = this;
    const move = {ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1}[event.key];
    if (move) {
      target.setAttribute("tabindex", -1);
      const at = stops.indexOf(Number(target.dataset.group));
      this.focused = stops[(at + move + stops.length) % stops.length];
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
    place.textContent = translate(runPrefix(run) + "No fabric was described.");
    return;
  }
  new FabricView(place, run);
}
