// SPDX-License-Identifier: GPL-2.0-only
// Colours and sizes of the style sheet, as canvases need them.

const darkMode = matchMedia("(prefers-color-scheme: dark)");
const themeCache = new Map();
const themeListeners = [];

darkMode.addEventListener("change", () => {
  themeCache.clear();
  themeListeners.forEach((listener) => listener());
});

/** @return {string} a colour of the style sheet, as "--heat". */
function colour(name) {
  if (!themeCache.has(name)) {
    themeCache.set(name, getComputedStyle(document.documentElement).getPropertyValue(name).trim());
  }
  return themeCache.get(name);
}

/** @return {string} the colour of the n-th curve or kind. */
function seriesColour(n) {
  return colour("--c" + (n % 8));
}

const RAMP_STEPS = 64;

/** @return {string[]} colours from nothing to all of something, as "--heat". */
function ramp(name) {
  const key = "ramp " + name;
  if (!themeCache.has(key)) {
    const parse = (text) => {
      const hex = text.slice(1);
      const wide = hex.length === 3 ? [...hex].map((c) => c + c).join("") : hex;
      return [0, 2, 4].map((i) => parseInt(wide.slice(i, i + 2), 16));
    };
    const from = parse(colour("--faint"));
    const to = parse(colour(name));
    themeCache.set(key, Array.from({length: RAMP_STEPS + 1}, (_, i) =>
      // What is little must still be seen.
      "rgb(" + from.map((c, k) => {
        const part = i === 0 ? 0 : 0.12 + 0.88 * i / RAMP_STEPS;
        return Math.round(c + (to[k] - c) * part);
      }).join(" ") + ")"));
  }
  return themeCache.get(key);
}

/** @return {string} the colour of a part of one. */
function rampColour(name, share) {
  const step = share <= 0 ? 0 : Math.max(1, Math.ceil(Math.min(share, 1) * RAMP_STEPS - 1e-6));
  return ramp(name)[step];
}

/** @return {number} pixels of so many times the page's letter size, which grows with its width. */
function rem(size) {
  return size * parseFloat(getComputedStyle(document.documentElement).fontSize);
}

/** @return {string} the font of a canvas's text. */
function chartFont(size = 0.75) {
  return rem(size) + "px system-ui, sans-serif";
}

const SPOKEN = new Set(["aria-label", "title"]); // Attributes that people read

/** Make an element; attributes by name, children as nodes or text. */
function element(tag, attributes = {}, ...children) {
  const svg = ["svg", "g", "rect", "line", "text", "title", "path"].includes(tag);
  const made = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) :
    document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) {
      made.setAttribute(name, SPOKEN.has(name) ? translate(value) : value);
    }
  }
  made.append(...children.filter((child) => child !== null && child !== undefined).map(translate));
  return made;
}
