// Which configs the table shows, and in which order. Plots and lists show the same.

/** @import { Cell } from "../data/types.js" */

import { columns, configs, runs } from "../data/data.js";
import { orderOfValues } from "../data/values.js";
import { announce } from "../page/announce.js";
import { tell } from "../page/events.js";
import { testOf } from "./filter.js";

/** @type {readonly number[]} */
export let order = configs.map((_, index) => index); // as the comparison ranks them
export let filtered = order; // of these, what the filter leaves
/** @type {{ column: number, descends: boolean } | null} */
export let sorting = null;
let filterText = "";

/** @param {readonly number[]} indexes of configs */
export const runsOf = (indexes) => indexes.flatMap((index) => configs[index].runs.map((run) => runs[run]));

/** @param {string} text */
export function filter(text) {
  filterText = text;
  filtered = order.filter(testOf(text));
  tell("filter");
}

/**
 * Sorts by a column, the second time downward.
 *
 * @param {number} column
 */
export function sortBy(column) {
  const descends = sorting?.column === column && !sorting.descends;
  sorting = { column, descends };
  order = [...order].sort((a, b) => orderOfCells(configs[a].cells[column], configs[b].cells[column], descends));
  filter(filterText);
  announce(`sorted by ${columns[column].header}, ${descends ? "descending" : "ascending"}`);
}

/**
 * Absent values stand last, whatever the direction.
 *
 * @param {Cell} a
 * @param {Cell} b
 * @param {boolean} descends
 */
function orderOfCells(a, b, descends) {
  if (isAbsent(a) || isAbsent(b)) return Number(isAbsent(a)) - Number(isAbsent(b));
  const upward = a[1] != null && b[1] != null ? a[1] - b[1] : orderOfValues(a[0], b[0]);
  return descends ? -upward : upward;
}

/** @param {Cell} cell */
const isAbsent = ([shown, number]) => number == null && (shown === "-" || shown === "NaN");
