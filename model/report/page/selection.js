// SPDX-License-Identifier: GPL-2.0-only
// One link of one run is selected: by its row, its line, or its name in a table. It is shown with
// its figures, what it did over time, whom it held up and who held it up.

const selected = {run: -1, link: null};

/** @return {object} links that a link held up, and that held it up: [{id, stall, waits}]. */
function relationsOf(run, id) {
  const victims = [];
  const roots = [];
  for (const [root, victim, stall, waits] of runs[run].congestion.rows) {
    if (root === id) victims.push({id: victim, stall, waits});
    if (victim === id) roots.push({id: root, stall, waits});
  }
  return {victims, roots};
}

/** @return {Element} a link's name that selects it. */
function linkButton(run, id, text) {
  return element("button", {type: "button", class: "link", onclick: () => selectLink(run, id, true)},
    text || linksOf(run).byId.get(id)?.name || "link " + id);
}

/** Select a link; @param {boolean} isShown scroll to it. */
function selectLink(run, id, isShown) {
  const link = linksOf(run).byId.get(id);
  if (!link) return;
  Object.assign(selected, {run, link});
  const place = document.querySelector("[data-chart=selection]");
  drawSelection(place);
  fabricViews.forEach((view) => view.mark());
  if (isShown) {
    place.scrollIntoView({block: "nearest"});
    place.querySelector("h3").focus();
  }
}

/** Draw the selected link. */
function drawSelection(place) {
  const {run, link} = selected;
  if (!link) {
    place.replaceChildren(element("p", {class: "note"}, "Select a link by its row, its line in the " +
      "fabric, or its name in a table: it is shown here."));
    return;
  }
  const index = linksOf(run);
  const {victims, roots} = relationsOf(run, link.id);
  const list = (name, found) => (found.length ? element("div", {}, element("dt", {}, name),
    element("dd", {}, ...found.slice(0, 12).flatMap(({id, stall}) =>
      [linkButton(run, id), " " + formatTime(stall) + "  "]),
    found.length > 12 ? "and " + (found.length - 12) + " more" : "")) : null);
  const row = runs[run].traffic.heat?.rows.find((one) => one.link === link.id);
  const chart = element("div");
  const {congestion} = runs[run];
  place.replaceChildren(element("div", {class: "table selected"},
    element("h3", {tabindex: -1}, runPrefix(run) + "Link " + link.name),
    element("dl", {class: "facts"},
      element("div", {}, element("dt", {}, "To"), element("dd", {}, link.toName)),
      element("div", {}, element("dt", {}, "Class"), element("dd", {}, index.classes[link.cls] || UNKNOWN)),
      element("div", {}, element("dt", {}, "Utilisation"), element("dd", {}, formatShare(link.utilisation))),
      element("div", {}, element("dt", {}, "Credit stall"), element("dd", {}, formatShare(link.stall))),
      list("Held up", victims), list("Was held up by", roots)),
    congestion.rows.length < congestion.all ? element("p", {class: "note"}, "Among the longest " +
      congestion.rows.length + " of " + congestion.all + " rows of congestion.csv.") : null,
    chart));
  plots.splice(0, plots.length, ...plots.filter((plot) => plot.figure.isConnected));
  if (!row) {
    chart.append(element("p", {class: "note"}, runs[run].traffic.heat ?
      "It is not among the links that were busy or stalled longest: its samples are in series.csv." :
      "No samples over time were taken."));
    return;
  }
  const {heat} = runs[run].traffic;
  lineChart(chart, {
    title: link.name + " over time",
    description: "Utilisation and credit stall.",
    legend: legend([["--heat", "utilisation"], ["--stall", "credit stall"]]),
    full: [0, Math.max(heat.bins * heat.bin_ns, ...runs.map((r) => r.timeline.end_ns))],
    group: "time",
    curves: [{name: "utilisation", colour: "--heat", stepped: true},
      {name: "credit stall", colour: "--stall", stepped: true}],
    holds: true,
    data: [cellEdges(heat), sharesOf(row.u, heat.bins), sharesOf(row.s, heat.bins)],
    xText: formatTime,
    yText: formatShare,
    xAxis: timeAxis(),
    yAxis: shareAxis(),
    y: shareScale,
  });
}

/** Make the links' names in tables select them. */
function activateLinkNames() {
  for (const name of document.querySelectorAll("span[data-link]")) {
    const run = Number(name.dataset.run);
    const link = linksOf(run).byName.get(name.dataset.link);
    if (link) name.replaceWith(linkButton(run, link.id, link.name));
  }
}
