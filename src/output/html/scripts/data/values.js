// The values of settings: their order, and how they are shown.

import { configs } from "./data.js";

/** @typedef {string | null} Value of a setting; null where a config does not have it */

/** The values of settings, collected when they are first needed. */
const known = { of: configs, values: /** @type {Map<number, readonly Value[]>} */ (new Map()) };

/**
 * The values of a setting, numbers in their order and before texts.
 *
 * @param {number} setting
 * @returns {readonly Value[]}
 */
export function valuesOf(setting) {
  if (known.of !== configs) {
    known.of = configs;
    known.values.clear();
  }
  const values = known.values.get(setting) ??
    [...new Set(configs.map((config) => config.values[setting]))].sort(orderOfValues);
  known.values.set(setting, values);
  return values;
}

/**
 * @param {Value} a
 * @param {Value} b
 */
export function orderOfValues(a, b) {
  if (a == null || b == null) return Number(a == null) - Number(b == null);
  const [x, y] = [Number(a), Number(b)];
  if (!Number.isNaN(x) && !Number.isNaN(y)) return x - y;
  if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1;
  return a < b ? -1 : Number(a > b);
}

/** @param {Value} value */
export const valueText = (value) => value ?? "not set";

/**
 * For an axis, which has no room for 17 digits.
 *
 * @param {Value} value
 */
export function tickText(value) {
  const text = valueText(value);
  return text.length > 8 && !Number.isNaN(Number(text)) ? String(Number(Number(text).toPrecision(3))) : text;
}

/**
 * Places of at most so many labels, evenly spaced: plotly takes minutes to lay out thousands.
 *
 * @param {number} count
 * @param {number} most
 */
export function labelled(count, most) {
  const every = Math.ceil(count / most);
  return Array.from({ length: count }, (_, at) => at).filter((at) => at % every === 0);
}
