// Where the values of a setting stand on an axis. Settings of many numbers, as a search draws them,
// are points on it; the values of others stand at equal distances.

/** @import { Value } from "../data/values.js" */
/** @import { Layout } from "../plots/layout.js" */

import { varied } from "../data/data.js";
import { label } from "../data/labels.js";
import { labelled, tickText, valuesOf } from "../data/values.js";

const MANY_NUMBERS = 12; // as in the tables of effects
const LOG_FROM = 10; // largest by smallest, at least

/** @param {number} setting */
export function hasManyNumbers(setting) {
  const values = valuesOf(setting).filter((value) => value != null);
  return values.length > MANY_NUMBERS && values.every((value) => !Number.isNaN(Number(value)));
}

/**
 * Names at the places of values that stand at equal distances.
 *
 * @param {readonly Value[]} values
 */
export function valueTicks(values) {
  const at = labelled(values.length, 24);
  return { tickvals: at, ticktext: at.map((i) => label(tickText(values[i]), 24)) };
}

/**
 * The place of each value, and what plotly has to know of the axis.
 *
 * @typedef {object} Places
 * @property {(value: Value) => number | null} at
 * @property {Layout} axis
 */

/**
 * @param {number} setting
 * @returns {Places}
 */
export function settingPlaces(setting) {
  const values = valuesOf(setting);
  const title = { text: label(varied[setting].short) };
  if (!hasManyNumbers(setting)) {
    const range = [-0.5, values.length - 0.5];
    const places = new Map(values.map((value, place) => [value, place]));
    return { at: (value) => places.get(value) ?? -1, axis: { title, ...valueTicks(values), range } };
  }
  const numbers = values.filter((value) => value != null).map(Number);
  const at = (/** @type {Value} */ value) => (value == null ? null : Number(value));
  if (!standOnLogarithms(numbers)) return { at, axis: { title } };
  const dtick = numbers[numbers.length - 1] / numbers[0] > 1000 ? 1 : "D2";
  return { at, axis: { title, type: "log", exponentformat: "none", dtick } };
}

/**
 * Where the middle one of sorted numbers lies nearer to the middle of a logarithmic axis.
 *
 * @param {number[]} numbers
 */
function standOnLogarithms(numbers) {
  const [low, middle, high] = [numbers[0], numbers[Math.floor(numbers.length / 2)], numbers[numbers.length - 1]];
  /** @param {(number: number) => number} of */
  const off = (of) => Math.abs((of(middle) - of(low)) / (of(high) - of(low)) - 0.5);
  return low > 0 && high / low > LOG_FROM && off(Math.log) < off(Number);
}
