// SPDX-License-Identifier: GPL-2.0-only
// A table of many rows: sorted by a click on a column's name, and only some rows at a time.

const ROWS_AT_ONCE = 100;
const FEW_ROWS = 12; // Need no search.

/** Order texts as people do, numbers in them as numbers; what is not known comes last. */
function compareCells(a, b) {
  const isKnown = (v) => v !== null && v !== undefined && v !== "";
  if (!isKnown(a) || !isKnown(b)) return isKnown(b) - isKnown(a);
  return typeof a === "number" && typeof b === "number" ? a - b :
    String(a).localeCompare(String(b), "en", {numeric: true});
}

/**
 * @param {object} spec caption; columns: [{name, isNumber, text(value, row), isForeign: not to be
 *   translated}]; rows: arrays of values; shown: how many at first; note; onRow(row): a row was chosen
 * @return {Element} the table in its box
 */
function sortTable(spec) {
  let order = spec.rows.slice();
  let shown = spec.shown || ROWS_AT_ONCE;
  let sorted = {column: -1, up: true};
  let wanted = "";
  const body = element("tbody");
  const more = element("button", {type: "button", onclick: () => {
    shown *= 4;
    fill();
  }});
  const count = element("p", {class: "note", "aria-live": "polite"});
  const text = (column, row) => {
    const value = row[column];
    const own = spec.columns[column];
    return own.text ? own.text(value, row) : own.isNumber ? formatNumber(value, 5) :
      value === "" || value === null ? UNKNOWN : String(value);
  };
  const fill = () => {
    const found = wanted ? order.filter((row) =>
      spec.columns.some((_, i) => text(i, row).toLowerCase().includes(wanted))) : order;
    body.replaceChildren(...found.slice(0, shown).map((row) => element("tr", {},
      ...spec.columns.map((column, i) => element(i ? "td" : "th",
        {class: column.isNumber ? "n" : null, scope: i ? null : "row"},
        i === 0 && spec.onRow ? element("button", {type: "button", class: "link",
          onclick: () => spec.onRow(row)}, text(0, row)) :
          column.isForeign ? document.createTextNode(text(i, row)) : text(i, row))))));
    more.hidden = found.length <= shown;
    more.textContent = translate("Show more");
    count.textContent = translate(Math.min(found.length, shown) + " of " + spec.rows.length + " rows shown. " +
      (spec.note || ""));
  };
  const heads = spec.columns.map((column, i) => element("th",
    {scope: "col", class: column.isNumber ? "n" : null},
    element("button", {type: "button", class: "sort", onclick: () => {
      sorted = {column: i, up: sorted.column === i ? !sorted.up : true};
      order = spec.rows.slice().sort((a, b) => {
        const known = compareCells(a[i], b[i]);
        const isMissing = (v) => v === null || v === undefined || v === "";
        return sorted.up || isMissing(a[i]) || isMissing(b[i]) ? known : -known;
      });
      heads.forEach((head, k) => (k === i ?
        head.setAttribute("aria-sort", sorted.up ? "ascending" : "descending") :
        head.removeAttribute("aria-sort")));
      fill();
    }}, column.name)));
  fill();
  const find = element("input", {type: "search", oninput: () => {
    wanted = find.value.toLowerCase();
    fill();
  }});
  return element("div", {class: "table"},
    spec.rows.length > FEW_ROWS ? element("p", {class: "tools"}, element("label", {}, "Find ", find)) :
      null,
    element("div", {class: "scroll", tabindex: 0, role: "group", "aria-label": spec.caption},
      element("table", {}, element("caption", {}, element("span", {}, spec.caption)),
        element("thead", {}, element("tr", {}, ...heads)), body)),
    more, count);
}
