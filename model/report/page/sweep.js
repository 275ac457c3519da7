// SPDX-License-Identifier: GPL-2.0-only
// All points of a sweep.

function drawPoints(place) {
  const {sweep} = report;
  const first = sweep.keys.length + 1;
  const last = first + sweep.figures.length;
  const half = (row, i) => (sweep.means ? sweep.ci95[sweep.rows.indexOf(row)][i - first] : null);
  const isNumber = (i) => i >= first && i < last;
  const number = (i) => (value, row) => formatNumber(value, 5) +
    (half(row, i) === null || value === null ? "" : " \u00b1 " + formatNumber(half(row, i), 2));
  place.replaceChildren(sortTable({
    caption: sweep.means ? "Points: means over the seeds, with 95" + NBSP + "% confidence" : "Points",
    columns: ["point", ...sweep.keys, ...sweep.figures, "status", "message"].map((name, i) =>
      ({name, isNumber: isNumber(i), text: isNumber(i) ? number(i) : undefined})),
    // A point's number is one: points are in order of it, not of its digits.
    rows: sweep.rows,
    note: "Times are in nanoseconds; figures that no point has are left out.",
  }));
}
