// Of a long table only the rows that are seen exist: ten thousand would take seconds.

import { columns, configs } from "../data/data.js";
import { el } from "../page/elements.js";
import { on } from "../page/events.js";
import { isShown } from "./shown_columns.js";

export const LONG = 200; // rows from which on only those that are seen exist
const ROW = 33; // pixels of a row of a long table, as in the style sheet
const AROUND = 12; // rows above and below, for those who scroll fast
const MOST_CHARACTERS = 30; // of a column

/**
 * The items that are seen, and how high what is above and below them is.
 *
 * @template Item
 * @param {HTMLElement} scroller
 * @param {Item[]} all
 */
export function seen(scroller, all) {
  const first = Math.max(0, Math.floor(scroller.scrollTop / ROW) - AROUND);
  const count = Math.ceil(scroller.clientHeight / ROW) + 2 * AROUND;
  const items = all.slice(first, first + count);
  return { items, above: first * ROW, below: Math.max(0, all.length - first - count) * ROW };
}

/** @type {number[] | null} characters of each column; counted when they are first needed */
let widest = null;
on("data", () => {
  widest = null;
});

const countWidest = () => columns.map(({ header }, column) => {
  const longestWord = Math.max(...header.split(" ").map((word) => word.length)) + 3;
  const longest = configs.reduce((most, { cells }) => Math.max(most, cells[column][0].length), longestWord);
  return Math.min(longest, column ? MOST_CHARACTERS : 2 * MOST_CHARACTERS);
});

/** Widths by the longest text of each column, so that they stay while rows come and go. */
export function widths() {
  widest ??= countWidest();
  const shown = widest.filter((_, column) => isShown(column)); // hidden cells take no column
  return [el("col", { style: "width: 64px" }), ...shown.map((characters) =>
    el("col", { style: `width: ${characters + 3}ch` }))];
}
