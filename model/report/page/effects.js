// SPDX-License-Identifier: GPL-2.0-only
// Main effects: what one varied key does to a figure, over all values of the others.

/**
 * @param {Array} rows of the sweep
 * @param {number} key column of a varied key
 * @param {number} figure column of a figure
 * @return {object[]} per value of the key, in order: {value, count, mean, least, most}
 */
function mainEffect(rows, key, figure) {
  const byValue = new Map();
  for (const row of rows) {
    if (row[figure] === null) continue;
    const one = byValue.get(row[key]) ||
      {value: row[key], count: 0, mean: 0, least: Infinity, most: -Infinity};
    byValue.set(row[key], one);
    ++one.count;
    one.mean += (row[figure] - one.mean) / one.count;
    one.least = Math.min(one.least, row[figure]);
    one.most = Math.max(one.most, row[figure]);
  }
  return [...byValue.values()];
}

/** Draw the main effects, with the choice of the figure. */
function drawEffects(place) {
  const {sweep} = report;
  if (!sweep.figures.length) {
    place.textContent = translate("No point has a figure.");
    return;
  }
  let figure = (sweep.objectives[1] || sweep.objectives[0] || [sweep.figures[0]])[0];
  const content = element("div");
  const show = () => {
    plots.splice(0, plots.length, ...plots.filter((plot) => !content.contains(plot.figure)));
    const column = sweep.keys.length + 1 + sweep.figures.indexOf(figure);
    const effects = sweep.keys.map((key, i) => ({key, values: mainEffect(sweep.rows, i + 1, column)}))
      .filter(({values}) => values.length > 1);
    const all = sweep.rows.map((row) => row[column]).filter((v) => v !== null);
    const mean = all.reduce((sum, v) => sum + v, 0) / all.length;
    const span = ({values}) => {
      const means = values.map((v) => v.mean);
      return Math.max(...means) - Math.min(...means);
    };
    const least = Math.min(...all);
    const most = Math.max(...all);
    const margin = (most - least) * 0.05 || Math.abs(most) * 0.05 || 1;
    const uneven = effects.some(({values}) => values.some((v) => v.count !== values[0].count));
    const charts = element("div", {class: "grid"});
    content.replaceChildren(sortTable({
      caption: "How much " + figure + " moves with each key",
      columns: [{name: "key"}, {name: "values", isNumber: true},
        {name: "least mean", isNumber: true}, {name: "greatest mean", isNumber: true},
        {name: "difference / mean of all", isNumber: true, text: formatShare}],
      rows: effects.slice().sort((a, b) => span(b) - span(a)).map((effect) => [effect.key,
        effect.values.length, Math.min(...effect.values.map((v) => v.mean)),
        Math.max(...effect.values.map((v) => v.mean)), mean === 0 ? null : span(effect) / Math.abs(mean)]),
      note: "A mean is over all points with the key's value. " + (uneven ?
        "Not every value has the same number of points: what differs may be the other keys." : ""),
    }), charts);
    for (const {key, values} of effects) {
      const chart = element("div");
      charts.append(chart);
      const last = values.length - 1;
      lineChart(chart, {
        title: key,
        description: values.map((v) => v.value + ": mean " + formatNumber(v.mean)).join("; "),
        legend: legend([["--c0", "mean"], ["--soft", "least and greatest", true]]),
        full: [-0.3, last + 0.3],
        curves: [{name: "mean", colour: "--c0", dots: true},
          {name: "least", colour: "--soft", dashed: true, thin: true},
          {name: "greatest", colour: "--soft", dashed: true, thin: true}],
        data: [values.map((_, i) => i), values.map((v) => v.mean), values.map((v) => v.least),
          values.map((v) => v.most)],
        xText: (x) => values[x].value + " (" + values[x].count + " points)",
        yText: (y) => formatNumber(y),
        xAxis: axis({size: rem(1.9), splits: () => values.map((_, i) => i), space: rem(3.5),
          values: (u, splits) => {
            const every = Math.ceil(values.length * rem(4.5) / Math.max(u.bbox.width / devicePixelRatio, 1));
            const context = u.ctx;
            context.font = chartFont();
            const most = Math.max(u.bbox.width / devicePixelRatio / values.length * every, rem(3)) - 6;
            return splits.map((x) => (x % every === 0 ?
              shorten(context, shortValue(values[x].value), most) : ""));
          }}),
        yAxis: {values: (u, s) => s.map((v) => formatNumber(v)), size: rem(5)},
        y: {auto: false, range: [least - margin, most + margin]},
      });
    }
  };
  const controls = element("div", {class: "aims"}, choice("Figure",
    sweep.figures.map((name) => [name, name]), figure, (value) => {
      figure = value;
      show();
    }));
  place.replaceChildren(controls, content);
  show();
}

/** @return {string} a value without the folder and ending of a file. */
function shortValue(value) {
  return value === "" ? "base" : value.replace(/^.*\//, "").replace(/\.ya?ml$/, "");
}
