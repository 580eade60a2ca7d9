// The section with the table of configs. Rows are made as they are needed.

import { columns, configs, data } from "../data/data.js";
import { el } from "../page/elements.js";
import { on } from "../page/events.js";
import { longList } from "../page/long_list.js";
import { section } from "../page/section.js";
import { makeHeadings } from "./headings.js";
import { filter, filtered } from "./order.js";
import { markSelected, row } from "./rows.js";
import { DRAWN_AT_FIRST, selectOnly } from "./selection.js";

const ROWS_AT_ONCE = 200;

export function tableSection() {
  const { headings, mark } = makeHeadings();
  const rows = el("tbody", {});
  const { more, draw } = longList({
    noun: "rows", atOnce: ROWS_AT_ONCE, items: () => [...filtered], show: row, list: rows,
  });
  const count = el("span", { id: "filter-count", class: "muted", role: "status" });
  const legend = `One row a config: ${data.legend}. A click or Enter on a heading sorts; ` +
    "a box draws the config's curves.";
  const table = el("table", { id: "configs-table" },
    el("caption", {}, legend),
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "draw"), ...headings)), rows);
  const scroller = el("div",
    { class: "scroller", tabindex: "0", role: "region", "aria-label": "Table of configs" }, table);
  section("configs", "Configs", controls(count, groupButtons(table)), scroller, more);
  const drawAll = () => {
    draw();
    mark();
    count.textContent = `${filtered.length} of ${configs.length} configs`;
  };
  on("filter", drawAll);
  on("selection", () => markSelected(rows));
  on("theme", () => markSelected(rows));
  drawAll();
}

/**
 * Buttons that show the columns of a group, of which there may be more than have room.
 *
 * @param {HTMLElement} table
 */
function groupButtons(table) {
  const groups = /** @type {const} */ ([["figure", "more figures"], ["setting", "settings"]]);
  return groups.filter(([group]) => columns.some((column) => column.group === group)).map(([group, name]) => {
    const button = el("button", { type: "button", id: `show-${group}`, "aria-pressed": "false", onclick: () => {
      const isOn = table.classList.toggle(`with-${group}`);
      button.setAttribute("aria-pressed", String(isOn));
    } }, `Show ${name}`);
    return button;
  });
}

/**
 * @param {HTMLElement} count
 * @param {HTMLElement[]} buttons
 */
function controls(count, buttons) {
  const box = el("input", {
    type: "search", id: "filter", placeholder: "words, or gap<10 dropout=0.2", "aria-describedby": "filter-count",
    oninput: () => filter(box.value),
  });
  return el("div", { class: "controls" },
    el("label", { for: "filter" }, "Filter"), box, count,
    drawButton(`Draw first ${Math.min(DRAWN_AT_FIRST, configs.length)}`, () => filtered.slice(0, DRAWN_AT_FIRST)),
    drawButton("Draw all shown", () => filtered), drawButton("Draw none", () => []), ...buttons);
}

/**
 * @param {string} text
 * @param {() => readonly number[]} indexes
 */
function drawButton(text, indexes) {
  return el("button", { type: "button", onclick: () => selectOnly(indexes()) }, text);
}
