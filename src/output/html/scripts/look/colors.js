// The colours of the theme that is shown now.

import { on } from "../page/events.js";
import { isDark } from "./theme.js";

const light = [
  "#0072b2", "#d55e00", "#00835f", "#b04a86", "#7558c2", "#966a00", "#3285b5", "#8a4b32", "#5c6a79", "#bd3a2c",
];
const dark = [
  "#56b4e9", "#ff8f4a", "#3ccf9e", "#e79fcb", "#b8a4ff", "#f0c24b", "#9adcff", "#d8a184", "#b4c0cc", "#ff857c",
];

// What configs and settings are told apart by.
export const palette = () => (isDark() ? dark : light);

/** @type {Map<string, string>} colours of the style sheet: asking the browser lays out what was changed before */
const known = new Map();
on("theme", () => known.clear());

/**
 * A colour of the style sheet.
 *
 * @param {"page" | "raised" | "text" | "muted" | "grid" | "line"} name
 */
export function cssColor(name) {
  const color = known.get(name) ?? getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  known.set(name, color);
  return color;
}

/**
 * @param {string} color as `#0072b2`
 * @param {number} alpha
 */
export function withAlpha(color, alpha) {
  /** @param {number} at */
  const part = (at) => parseInt(color.slice(at, at + 2), 16);
  return `rgba(${part(1)},${part(3)},${part(5)},${alpha})`;
}

/**
 * From few to much, readable on either page: the ends are told apart in grey too.
 *
 * @returns {[place: number, color: string][]}
 */
export function scaleColors() {
  return isDark()
    ? [[0, "#1d2a3a"], [0.35, "#23608a"], [0.7, "#43a7b9"], [1, "#d8f3c8"]]
    : [[0, "#f2f6fa"], [0.35, "#a9cfe3"], [0.7, "#3a86b7"], [1, "#0b2f5c"]];
}

const ENDS = { // red, green, blue of the least and the most, which differ in hue and in lightness
  dark: [[86, 180, 233], [255, 143, 74]],
  light: [[0, 98, 160], [213, 84, 0]],
};

/**
 * A colour between those of the least and the most.
 *
 * @param {number} share 0 to 1
 */
export function between(share) {
  const [from, to] = isDark() ? ENDS.dark : ENDS.light;
  return `rgb(${from.map((part, i) => Math.round(part + (to[i] - part) * share)).join(",")})`;
}
