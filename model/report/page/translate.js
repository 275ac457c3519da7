// SPDX-License-Identifier: GPL-2.0-only
// The page's language: as it was written, or as ?lang= in its address asks. Scripts speak English and
// what they say is translated as it is shown; model/report/phrase-book.h tells how, and does the same.

const otherLanguage = JSON.parse(document.getElementById("other-language").textContent);
if (new URLSearchParams(location.search).get("lang") === otherLanguage.lang) {
  document.documentElement.lang = otherLanguage.lang;
  document.querySelector("title").innerHTML = otherLanguage.title;
  document.getElementById("page").innerHTML = otherLanguage.body;
}
const isTranslated = document.documentElement.lang !== "en";

const DEEPEST = 12; // Phrases in phrases
const exactPhrases = new Map();
const patterns = []; // Phrases with placeholders, the longest first
const untranslated = new Set(); // What the book lacks, for tests

if (isTranslated) {
  for (const [english, chinese] of JSON.parse(document.getElementById("phrases").textContent)) {
    const literals = english.split(/\{[wne]?\}/);
    if (literals.length === 1) {
      exactPhrases.set(english, chinese);
      continue;
    }
    patterns.push({literals, chinese, kinds: [...english.matchAll(/\{([wne]?)\}/g)].map((m) => m[1]),
      letters: literals.join("").length});
  }
  patterns.sort((a, b) => b.letters - a.letters);
}

/** @return {boolean} whether a placeholder may stand for a text. */
function fitsSlot(kind, text) {
  if (!text || ((kind === "w" || kind === "n") && text.includes(" "))) return false;
  if (kind === "w" && text.includes(":" + NBSP)) return false; // a run's name and what begins behind it
  if (kind === "e" && /.\. ./s.test(text)) return false; // the sentence behind it has a phrase of its own
  return kind !== "n" || /^[-+0-9\u2013\u2212]/.test(text);
}

/** @return {boolean} whether a text has two words of English. */
function looksLikeText(text) {
  return text.split(" ").filter((word) => /^[A-Za-z,.:]{2,}$/.test(word)).length >= 2;
}

/**
 * @param {Set} failed places by slot from which a text is known not to match: else a text with many
 * commas would be tried in as many ways as there are to share them out
 * @return {string[]|null} what a pattern's placeholders stand for in a text
 */
function matchPattern({literals, kinds}, text, at, slot, found, failed = new Set()) {
  if (slot === kinds.length) return at === text.length ? found : null;
  const key = at * kinds.length + slot;
  if (failed.has(key)) return null;
  failed.add(key);
  const next = literals[slot + 1];
  const isLast = slot + 1 === kinds.length;
  for (let end = at + 1; end <= text.length; ++end) {
    if (isLast) end = Math.max(end, text.length - next.length);
    else if (next) end = text.indexOf(next, end);
    if (end < 0 || !text.startsWith(next, end)) return null;
    const value = text.slice(at, end);
    const rest = fitsSlot(kinds[slot], value) &&
      matchPattern({literals, kinds}, text, end + next.length, slot + 1, [...found, value], failed);
    if (rest) return rest;
  }
  return null;
}

/**
 * @param {Map} known what parts have been found to be, by depth and text: each is asked for by many patterns
 * @return {string|null} a text that the book has; null: it has not all of it
 */
function findPhrase(text, depth = 0, known = new Map()) {
  if (!/[A-Za-z]/.test(text)) return text;
  if (exactPhrases.has(text)) return exactPhrases.get(text);
  if (depth > DEEPEST) return null;
  const key = depth + " " + text;
  if (!known.has(key)) known.set(key, findByPattern(text, depth, known));
  return known.get(key);
}

function findByPattern(text, depth, known) {
  for (const pattern of patterns) {
    const {literals, kinds, chinese, letters} = pattern;
    if (text.length <= letters || !text.startsWith(literals[0]) ||
      !text.endsWith(literals[literals.length - 1])) continue;
    const found = matchPattern(pattern, text, literals[0].length, 0, []);
    if (!found) continue;
    const values = found.map((value) => findPhrase(value, depth + 1, known));
    if (values.some((value, i) => value === null && kinds[i] !== "e" && looksLikeText(found[i]))) continue;
    // A bracket of full width has its space in itself.
    return chinese.replace(/\{(\d)\}/g, (_, i) => values[i] ?? found[i]).replaceAll("\uff09 ", "\uff09");
  }
  return null;
}

/** @return {string|null} a sentence; what is a title by itself may be one. */
function findSentence(text) {
  const found = findPhrase(text);
  if (!text.endsWith(".") || (found !== null && found.endsWith("\u3002"))) return found;
  // Also where the stop has passed for a part of what stays English.
  const title = findPhrase(text.slice(0, -1));
  return title === null ? found : title + "\u3002";
}

const translations = new Map();

/** @return {string} a text in the page's language, sentence by sentence; what the book lacks stays. */
function translate(text) {
  if (!isTranslated || typeof text !== "string" || !/[A-Za-z]/.test(text)) return text;
  if (!translations.has(text)) {
    const [, before, core, after] = text.match(/^(\s*)(.*?)(\s*)$/s);
    const whole = findPhrase(core);
    const sentences = whole === null ? core.split(/(?<=\.) +/) : [];
    const parts = sentences.map(findSentence);
    if (whole === null && parts.some((part, i) => part === null && looksLikeText(sentences[i]))) untranslated.add(core);
    translations.set(text, before + (whole ?? parts.map((part, i) => part ??
      (i ? " " : "") + sentences[i]).join("")) + after);
  }
  return translations.get(text);
}
