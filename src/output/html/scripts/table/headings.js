// The headings of the table: a click sorts by the column.

/** @import { Column } from "../data/types.js" */

import { columns } from "../data/data.js";
import { el } from "../page/elements.js";
import { sortBy, sorting } from "./order.js";

/** The headings, and what shows in them how the table is sorted now. */
export function makeHeadings() {
  const made = columns.map(heading);
  const mark = () => made.forEach(({ th, arrow }, index) => {
    if (sorting?.column !== index) {
      th.removeAttribute("aria-sort");
      arrow.textContent = "↕";
      return;
    }
    th.setAttribute("aria-sort", sorting.descends ? "descending" : "ascending");
    arrow.textContent = sorting.descends ? "▼" : "▲";
  });
  return { headings: made.map(({ th }) => th), mark };
}

/**
 * @param {Column} column
 * @param {number} index
 */
function heading(column, index) {
  const arrow = el("span", { class: "arrow", "aria-hidden": "true" });
  const parts = column.is_number ? [arrow, column.header] : [column.header, arrow];
  const button = el("button", { type: "button", onclick: () => sortBy(index) }, ...parts);
  const kind = `${column.is_number ? "number" : ""} of-${column.group}`;
  return { th: el("th", { scope: "col", class: kind, "data-name": column.header }, button), arrow };
}
