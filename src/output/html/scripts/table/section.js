// The section with the table of configs.

/** @import { Item } from "./groups.js" */

import { configs, data } from "../data/data.js";
import { el } from "../page/elements.js";
import { follow } from "../page/controls.js";
import { on } from "../page/events.js";
import { oncePerFrame } from "../page/frames.js";
import { keyed, setText } from "../page/keyed.js";
import { section } from "../page/section.js";
import { groupChoice, items } from "./groups.js";
import { makeHeadings } from "./headings.js";
import { markdownButton } from "./markdown.js";
import { filter, filterText, filtered } from "./order.js";
import { itemKey, row as makeRow } from "./rows.js";
import { DRAWN_AT_FIRST, selectOnly } from "./selection.js";
import { columnControls } from "./shown_columns.js";
import { LONG, seen, widths } from "./window.js";

export function tableSection() {
  const headings = makeHeadings();
  const rows = el("tbody", {});
  const legend = el("span", {});
  const columnWidths = el("colgroup", {});
  const [above, below] = [spacer(), spacer()];
  const table = el("table", { id: "configs-table" }, el("caption", {}, legend), columnWidths,
    el("thead", {}, headings.row), above.element, rows, below.element);
  const scroller = el("div",
    { class: "scroller", tabindex: "0", role: "region", "aria-label": "Table of configs" }, table);
  section("configs", "Configs", () => configs.length > 0, controls(), scroller);
  const show = keyed(rows, itemKey, makeRow);
  /** @type {Item[]} */
  let all = [];
  const showRows = () => {
    const isLong = all.length > LONG;
    const window = isLong ? seen(scroller, all) : { items: all, above: 0, below: 0 };
    above.show(window.above);
    below.show(window.below);
    show(window.items);
    numberRows(rows, window.items.length ? all.indexOf(window.items[0]) : 0);
  };
  const showSoon = oncePerFrame(showRows);
  const update = () => {
    all = items();
    const isLong = all.length > LONG;
    table.classList.toggle("long", isLong);
    table.setAttribute("aria-rowcount", String(all.length + 1));
    columnWidths.replaceChildren(...(isLong ? widths() : []));
    setText(legend, legendText());
    headings.update();
    showRows();
  };
  scroller.addEventListener("scroll", () => {
    if (all.length > LONG) showSoon();
  }, { passive: true });
  for (const event of /** @type {const} */ (["data", "filter", "columns"])) on(event, update);
  for (const event of /** @type {const} */ (["selection", "theme"])) on(event, showRows);
  update();
}

const legendText = () => `One row a config: ${data.legend}. A click or Enter on a heading sorts; ` +
  "a box draws the config's curves.";

/**
 * @param {Element} rows
 * @param {number} first place of the first of them; the headings stand before all
 */
const numberRows = (rows, first) => [...rows.children].forEach((row, at) => numberRow(row, first + at + 2));

/**
 * Says which row of all it is: of a long table not all exist.
 *
 * @param {Element} row
 * @param {number} number from 1
 */
function numberRow(row, number) {
  if (row.getAttribute("aria-rowindex") !== String(number)) row.setAttribute("aria-rowindex", String(number));
}

// As high as the rows that do not exist.
function spacer() {
  const row = el("tr", {});
  const element = el("tbody", { "aria-hidden": "true" });
  const show = (/** @type {number} */ pixels) => {
    row.style.height = `${pixels}px`;
    if (Boolean(pixels) !== element.hasChildNodes()) element.replaceChildren(...(pixels ? [row] : []));
  };
  return { element, show };
}

function controls() {
  const count = el("span", { id: "filter-count", class: "muted", role: "status" });
  const box = el("input", {
    type: "search", id: "filter", placeholder: "words, or gap<10 dropout=0.2", "aria-describedby": "filter-count",
    oninput: () => filter(box.value),
  });
  const first = drawButton(() => filtered.slice(0, DRAWN_AT_FIRST));
  const update = () => {
    count.textContent = `${filtered.length} of ${configs.length} configs`;
    first.textContent = `Draw first ${Math.min(DRAWN_AT_FIRST, configs.length)}`;
    if (document.activeElement !== box) box.value = filterText();
  };
  on("filter", update);
  follow(update);
  const all = drawButton(() => filtered);
  const none = drawButton(() => []);
  all.textContent = "Draw all shown";
  none.textContent = "Draw none";
  return el("div", { class: "controls" },
    el("label", { for: "filter" }, "Filter"), box, count, first, all, none, groupChoice(), ...columnControls(),
    markdownButton());
}

/** @param {() => readonly number[]} indexes */
function drawButton(indexes) {
  return el("button", { type: "button", onclick: () => selectOnly(indexes()) });
}
