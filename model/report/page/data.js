// SPDX-License-Identifier: GPL-2.0-only
// The data that mtlink embedded into this page; what is in it, the headers of model/report/ say.

const report = JSON.parse(document.getElementById("data").textContent);
const runs = report.runs || [];
const SHARE_STEPS = 10000; // Shares of links are whole numbers of this part of one.

/** @return {string} what a run is called before the title of a chart, with a space by which it is told
 * from a text; nothing for the only one. */
function runPrefix(run) {
  return runs.length > 1 ? runs[run].label + ":\u00a0" : "";
}

/** @return {string} which of a run's messages the page knows, a sentence; nothing for all. */
function messageNote(run) {
  const {messages} = runs[run];
  if (!messages) return "";
  const all = "Of " + formatNumber(messages.all, 9) + " messages, ";
  if (!messages.one_in) return all + "no table was written (measure: {messages: all}).";
  const known = messages.one_in > 1 ? "one in " + formatNumber(messages.one_in, 9) + " is" : "all are";
  if (!messages.unlisted) return all + known + " known here.";
  return all + formatNumber(messages.unlisted, 9) + " were carried as a whole, of rings or folded groups, and not " +
    "told one by one; of the others " + known + " known here (measure: {messages: all} has them all).";
}

/** Links of a run, by id and by name. */
class LinkIndex {
  constructor(run) {
    const {fabric, traffic} = runs[run];
    this.classes = traffic.classes;
    this.all = traffic.links_all;
    this.byId = new Map();
    this.byName = new Map();
    for (const [id, port, from, to, cls, utilisation, stall] of traffic.links) {
      const node = (i) => (i === null ? "?" : fabric.nodes[i][0]);
      const link = {id, from, to, cls, name: node(from) + ":" + port, toName: node(to),
        utilisation: utilisation / SHARE_STEPS, stall: stall / SHARE_STEPS};
      this.byId.set(id, link);
      this.byName.set(link.name, link);
    }
  }
}

const linkIndices = [];

/** @return {LinkIndex} the links of a run, made when first asked for. */
function linksOf(run) {
  return linkIndices[run] || (linkIndices[run] = new LinkIndex(run));
}
