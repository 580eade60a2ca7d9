// Which configs the table shows, and in which order. Plots and lists show the same.

/** @import { Cell } from "../data/types.js" */
/** @import { Test } from "./filter.js" */

import { columns, configs, runs } from "../data/data.js";
import { orderOfValues } from "../data/values.js";
import { chosenText, keep } from "../page/address.js";
import { announce } from "../page/announce.js";
import { on, tell } from "../page/events.js";
import { testOf } from "./filter.js";

/** @type {readonly number[]} */
export let order = []; // as the comparison ranks them, or by a column
/** @type {readonly number[]} */
export let filtered = []; // of these, what the filter leaves

on("data", arrange);
on("address", filterAgain);

/** @param {readonly number[]} indexes of configs */
export const runsOf = (indexes) => indexes.flatMap((index) => configs[index].runs.map((run) => runs[run]));

/**
 * What else filters the configs besides the reader's words.
 *
 * @type {Test[]}
 */
const tests = [];

/** @param {Test} test */
export const filterAlso = (test) => tests.push(test);

/** Filters anew, after such a test has changed. */
export function filterAgain() {
  arrange();
  tell("filter");
}

export const filterText = () => chosenText("find");

/** The column that the table is sorted by, if it is by any. */
export function sorting() {
  const [, header, direction] = chosenText("sort").match(/^(.*):(up|down)$/) ?? [];
  const column = columns.findIndex((one) => one.header === header);
  return column < 0 ? null : { column, descends: direction === "down" };
}

/** @param {string} text */
export function filter(text) {
  keep("find", text);
  filterAgain();
}

/**
 * Sorts by a column, the second time downward.
 *
 * @param {number} column
 */
export function sortBy(column) {
  const now = sorting();
  const descends = now?.column === column && !now.descends;
  keep("sort", `${columns[column].header}:${descends ? "down" : "up"}`);
  filterAgain();
  announce(`sorted by ${columns[column].header}, ${descends ? "descending" : "ascending"}`);
}

function arrange() {
  const ranked = configs.map((_, index) => index);
  const by = sorting();
  order = by ? sorted(ranked, by.column, by.descends) : ranked;
  const test = testOf(filterText());
  filtered = order.filter((index) => test(index) && tests.every((also) => also(index)));
}

/**
 * @param {number[]} indexes
 * @param {number} column
 * @param {boolean} descends
 */
const sorted = (indexes, column, descends) =>
  indexes.sort((a, b) => orderOfCells(configs[a].cells[column], configs[b].cells[column], descends));

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
