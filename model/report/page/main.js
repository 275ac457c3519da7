// SPDX-License-Identifier: GPL-2.0-only
// Charts are drawn when they come into view, so that a large page opens at once.

const CHARTS = {
  causes: drawCauses,
  levels: drawLevels,
  whatif: drawWhatIf,
  memory: drawMemory,
  lanes: drawLanes,
  timeline: drawTimeline,
  heat: drawHeat,
  means: drawMeans,
  sorted: drawSorted,
  selection: drawSelection,
  fabric: drawFabric,
  latency: drawLatency,
  pareto: drawPareto,
  loads: drawLoads,
  effects: drawEffects,
  points: drawPoints,
  front: drawDesignFront,
  cheapest: drawCheapest,
  designs: drawDesigns,
};

function drawPlace(place) {
  if (place.dataset.drawn) return;
  place.dataset.drawn = "yes";
  CHARTS[place.dataset.chart](place, Number(place.dataset.run));
}

const places = [...document.querySelectorAll("[data-chart]")];
const inView = new IntersectionObserver((entries) => {
  for (const {isIntersecting, target} of entries) {
    if (isIntersecting) {
      inView.unobserve(target);
      drawPlace(target);
    }
  }
}, {rootMargin: "400px"});
places.forEach((place) => inView.observe(place));
// Sections are kept from moving: one that is jumped to is drawn with all above it.
addEventListener("hashchange", () => document.querySelector(location.hash || "h1")?.scrollIntoView());
addEventListener("beforeprint", () => places.forEach(drawPlace));
if (runs.length) requestIdleCallback(activateLinkNames);
