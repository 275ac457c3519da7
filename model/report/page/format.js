// SPDX-License-Identifier: GPL-2.0-only
// Values as people read them; the same rules as model/report/human-text.cc.

const NBSP = "\u00a0";
const UNKNOWN = "\u2013";

/** @return {string} a number with so many significant digits, thousands set apart. */
function formatNumber(value, digits = 4) {
  if (value === null || value === undefined || !Number.isFinite(value)) return UNKNOWN;
  if (value === 0) return "0";
  const whole = Math.floor(Math.log10(Math.abs(value))) + 1;
  const decimals = Math.min(Math.max(digits - whole, 0), 12);
  return Number(value.toFixed(decimals)).toLocaleString("en-US",
    {maximumFractionDigits: decimals});
}

const TIME_UNITS = [[1e9, "s"], [1e6, "ms"], [1e3, "\u00b5s"], [1, "ns"], [1e-3, "ps"]];

/** @return {Array} nanoseconds in the unit that suits a time, and its name. */
function timeUnit(ns) {
  return TIME_UNITS.find(([size]) => Math.abs(ns) >= size * 0.99995) || TIME_UNITS[3];
}

/** @return {string} a time in nanoseconds, in the unit that suits, with so many significant digits. */
function formatTime(ns, digits = 4) {
  if (ns === null || ns === undefined || !Number.isFinite(ns)) return UNKNOWN;
  if (ns === 0) return "0";
  const [size, name] = timeUnit(ns);
  return formatNumber(ns / size, digits) + NBSP + name;
}

/** @return {string[]} values as texts, with as many digits as it takes that neighbours differ. */
function formatApart(values, text) {
  for (let digits = 4; ; ++digits) {
    const texts = values.map((value) => text(value, digits));
    if (digits > 9 || new Set(texts).size === texts.length) return texts;
  }
}

/** @return {string} a part of one, in percent. */
function formatShare(share) {
  return Number.isFinite(share) ? formatNumber(share * 100, 3) + NBSP + "%" : UNKNOWN;
}

/** @return {string} bits per second. */
function formatRate(bits) {
  const units = ["b/s", "kb/s", "Mb/s", "Gb/s", "Tb/s"];
  let unit = 0;
  for (; bits >= 1000 && unit < units.length - 1; ++unit) bits /= 1000;
  return formatNumber(bits) + NBSP + units[unit];
}

/** @return {string} bytes in binary units. */
function formatBytes(bytes) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
  let unit = 0;
  for (; bytes >= 1024; ++unit) bytes /= 1024;
  return formatNumber(bytes) + NBSP + units[unit];
}
