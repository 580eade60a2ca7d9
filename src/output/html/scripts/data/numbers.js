// Numbers as text: a dash where there is none.

/** @typedef {(value: number | null | undefined) => string} ToText */

/**
 * @param {number | null | undefined} value
 * @param {number} digits
 */
export function fixed(value, digits) {
  if (value == null) return "-";
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text;
}

/** @type {ToText} */
export const percent = (value) => (value == null ? "-" : fixed(value, 1) + " %");

/** @type {ToText} */
export const points = (value) => (value == null ? "-" : fixed(value, 1) + " points");

/** @type {ToText} */
export function loss(value) {
  if (value == null) return "-";
  const size = Math.abs(value);
  return size === 0 || (size >= 0.001 && size < 1000) ? fixed(value, 3) : value.toExponential(1);
}
