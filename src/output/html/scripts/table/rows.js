// The rows of the table: a config with a box that says whether its curves are drawn, or the heading of a group.

/** @import { Made } from "../page/keyed.js" */
/** @import { Group, Item } from "./groups.js" */

import { columns, configs, keyOf } from "../data/data.js";
import { mean } from "../data/means.js";
import { fixed, loss } from "../data/numbers.js";
import { el } from "../page/elements.js";
import { setText } from "../page/keyed.js";
import { isClosed, toggle } from "./groups.js";
import { colorOf, isSelected, select } from "./selection.js";
import { choices, isShown } from "./shown_columns.js";

/** @param {Item} item */
export const itemKey = (item) => (typeof item === "number" ? keyOf(configs[item]) : `group ${item.name}`);

/**
 * @param {Item} item
 * @returns {Made<Item>}
 */
export function row(item) {
  return typeof item === "number" ? configRow(item) : groupRow(item);
}

/**
 * @param {number} first
 * @returns {Made<Item>}
 */
function configRow(first) {
  let index = first;
  /** @type {unknown[]} what it shows: most rows stay the same while the reader scrolls */
  let known = [];
  const box = el("input", { type: "checkbox", onchange: () => select([index], box.checked) });
  const swatch = el("span", { class: "swatch", "aria-hidden": "true" });
  const element = el("tr", {}, el("th", { scope: "row" }, box, swatch));
  const update = (/** @type {Item} */ item) => {
    index = /** @type {number} */ (item);
    const { label, cells } = configs[index];
    box.checked = isSelected(index); // also where the reader's press has not changed it
    const color = isSelected(index) ? colorOf(index) : "";
    const now = [index, cells, color, columns, choices];
    if (now.every((part, at) => part === known[at])) return;
    known = now;
    box.dataset.config = String(index);
    box.setAttribute("aria-label", "Draw the curves of " + label);
    swatch.style.background = color;
    showCells(element, cells.map(([shown]) => shown));
  };
  return { element, update };
}

/**
 * @param {Group} first
 * @returns {Made<Item>}
 */
function groupRow(first) {
  let group = first;
  const button = el("button", { type: "button", onclick: () => toggle(group) });
  const element = el("tr", { class: "group" }, el("th", { scope: "rowgroup" }, button));
  const update = (/** @type {Item} */ item) => {
    group = /** @type {Group} */ (item);
    const count = `${group.indexes.length} config${group.indexes.length === 1 ? "" : "s"}`;
    button.setAttribute("aria-expanded", String(!isClosed(group)));
    button.setAttribute("aria-label", `${isClosed(group) ? "Show" : "Hide"} the configs of ${group.name}`);
    setText(button, isClosed(group) ? "▸" : "▾");
    const means = columns.map((_, at) => (at === 0 ? `${group.name}: ${count}` : meanOf(group, at)));
    showCells(element, means);
  };
  return { element, update };
}

/**
 * The mean of a column over the configs of a group, where it has means itself: those of counts and ranges say nothing.
 *
 * @param {Group} group
 * @param {number} column
 */
function meanOf({ indexes }, column) {
  const { scale } = columns[column];
  const value = scale == null ? null : mean(indexes.map((index) => configs[index].cells[column][1]));
  if (scale == null || value == null) return "";
  return `mean ${scale === 1 ? loss(value) : fixed(scale * value, 1)}`;
}

/**
 * @param {HTMLElement} element of the row, whose first child is its head
 * @param {string[]} texts
 */
function showCells(element, texts) {
  while (element.children.length > texts.length + 1) element.lastElementChild?.remove();
  texts.forEach((text, column) => {
    const known = element.children[column + 1];
    const cell = known instanceof HTMLElement ? known : element.appendChild(el("td", {}));
    setText(cell, text);
    const kind = columns[column].is_number ? "number" : "";
    if (cell.className !== kind) cell.className = kind;
    if (cell.hidden === isShown(column)) cell.hidden = !isShown(column);
  });
}
