// What a reader types to find rows of the table: words, and comparisons as `gap<10`.

import { columns, configs } from "../data/data.js";
import { on } from "../page/events.js";

/** @typedef {(index: number) => boolean} Test of a config */

/**
 * All that each row shows, to look for words in; made when it is first needed.
 *
 * @type {string[] | null}
 */
let searched = null;
on("data", () => {
  searched = null;
});

/** @param {number} index */
function textOf(index) {
  searched ??= configs.map((config) =>
    [config.label, ...config.cells.map(([shown]) => shown)].join("\n").toLowerCase());
  return searched[index];
}

/**
 * The test of all words of a text.
 *
 * @param {string} text
 * @returns {Test}
 */
export function testOf(text) {
  const tests = text.toLowerCase().split(/\s+/).filter(Boolean).map(testOfWord);
  return (index) => tests.every((test) => test(index));
}

// A column, a comparison, and a number: `1e-3`, or `60%` as the table shows it.
const COMPARISON = /^([^<>=]+)(<=|>=|==|<|>|=)([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)%?$/;

/**
 * A word is looked for in a row; `gap<10` or `dropout=0.2` compares the number in a column.
 *
 * @param {string} word
 * @returns {Test}
 */
function testOfWord(word) {
  const comparison = word.match(COMPARISON);
  const column = comparison ? columnNamed(comparison[1].replace(/_/g, " ")) : -1;
  if (!comparison || column < 0) return (index) => textOf(index).includes(word);
  const [, , operator, number] = comparison;
  return (index) => compares(numberShown(index, column), operator, Number(number));
}

/**
 * The column of this name, else one that begins so, else -1.
 *
 * @param {string} name
 */
function columnNamed(name) {
  const headers = columns.map((column) => column.header.toLowerCase());
  const exact = headers.indexOf(name);
  return exact >= 0 ? exact : headers.findIndex((header) => header.startsWith(name));
}

/**
 * The number as the table shows it: percent and points, not fractions.
 *
 * @param {number} index
 * @param {number} column
 */
function numberShown(index, column) {
  const [shown] = configs[index].cells[column];
  const number = parseFloat(shown);
  return Number.isNaN(number) ? null : number;
}

/**
 * @param {number | null} a
 * @param {string} operator
 * @param {number} b
 */
function compares(a, operator, b) {
  if (a == null) return false;
  switch (operator) {
    case "<": return a < b;
    case ">": return a > b;
    case "<=": return a <= b;
    case ">=": return a >= b;
    default: return a === b;
  }
}
