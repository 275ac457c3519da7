// SPDX-License-Identifier: GPL-2.0-only
// All points of a sweep.

function drawPoints(place) {
  const {sweep} = report;
  const first = sweep.keys.length + 1;
  const last = first + sweep.figures.length;
  const places = new Map(sweep.rows.map((row, i) => [row[0], i])); // by the point's number
  const half = (row, i) => (sweep.means ? sweep.ci95[places.get(row[0])][i - first] : null);
  const isNumber = (i) => i >= first && i < last;
  const hasLoad = sweep.saturated.some((one) => one !== null);
  const saturatedText = (one) => (one === null ? UNKNOWN : one === 0 ? "no" : one === 1 ? "yes" : formatShare(one) + " of runs");
  const number = (i) => (value, row) => formatNumber(value, 5) +
    (half(row, i) === null || value === null ? "" : " \u00b1 " + formatNumber(half(row, i), 2));
  place.replaceChildren(sortTable({
    caption: sweep.means ? "Points: means over the seeds, with 95" + NBSP + "% confidence" : "Points",
    columns: ["point", ...sweep.keys, ...sweep.figures, "status", "message", ...(hasLoad ? ["saturated"] : [])]
      .map((name, i) => ({name, isNumber: isNumber(i), text: isNumber(i) ? number(i) : undefined})),
    // A point's number is one: points are in order of it, not of its digits.
    rows: sweep.rows.map((row, i) => (hasLoad ? [...row, saturatedText(sweep.saturated[i])] : row)),
    note: "Times are in nanoseconds; figures that no point has are left out.",
  }));
}
