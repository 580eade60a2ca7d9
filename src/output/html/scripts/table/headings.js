// The headings of the table: a click sorts by the column.

/** @import { Column } from "../data/types.js" */

import { columns } from "../data/data.js";
import { el } from "../page/elements.js";
import { setText } from "../page/keyed.js";
import { sortBy, sorting } from "./order.js";
import { isShown } from "./shown_columns.js";

/**
 * The row of headings; `update` makes it anew where columns are others, and shows how the table is sorted.
 */
export function makeHeadings() {
  const row = el("tr", { "aria-rowindex": 1 });
  /** @type {ReturnType<typeof heading>[]} */
  let made = [];
  let shown = "";
  const update = () => {
    if (JSON.stringify(columns) !== shown) {
      shown = JSON.stringify(columns);
      made = columns.map(heading);
      row.replaceChildren(el("th", { scope: "col" }, "draw"), ...made.map(({ th }) => th));
    }
    made.forEach(mark);
  };
  return { row, update };
}

/**
 * @param {{ th: HTMLElement, arrow: HTMLElement }} made
 * @param {number} index
 */
function mark({ th, arrow }, index) {
  const by = sorting();
  th.hidden = !isShown(index);
  if (by?.column !== index) {
    th.removeAttribute("aria-sort");
    setText(arrow, "↕");
    return;
  }
  th.setAttribute("aria-sort", by.descends ? "descending" : "ascending");
  setText(arrow, by.descends ? "▼" : "▲");
}

/**
 * @param {Column} column
 * @param {number} index
 */
function heading(column, index) {
  const arrow = el("span", { class: "arrow", "aria-hidden": "true" });
  const parts = column.is_number ? [arrow, column.header] : [column.header, arrow];
  const button = el("button", { type: "button", onclick: () => sortBy(index) }, ...parts);
  const kind = column.is_number ? "number" : "";
  return { th: el("th", { scope: "col", class: kind, "data-name": column.header }, button), arrow };
}
