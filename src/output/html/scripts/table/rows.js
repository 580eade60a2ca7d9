// The rows of the table, each with a box that says whether its curves are drawn.

import { columns, configs } from "../data/data.js";
import { cssColor } from "../look/colors.js";
import { el } from "../page/elements.js";
import { colorOf, isSelected, select } from "./selection.js";

/** @param {number} index of the config */
export function row(index) {
  const config = configs[index];
  const box = el("input", {
    type: "checkbox", checked: isSelected(index), "data-config": index,
    "aria-label": "Draw the curves of " + config.label,
    onchange: () => select([index], box.checked),
  });
  const cells = config.cells.map(([shown], column) =>
    el("td", { class: `${columns[column].is_number ? "number" : ""} of-${columns[column].group}` }, shown));
  const swatch = el("span", { class: "swatch", "data-swatch": index, "aria-hidden": "true" });
  paint(swatch);
  return el("tr", {}, el("th", { scope: "row" }, box, swatch), ...cells);
}

/**
 * Shows what is selected now, in its colours.
 *
 * @param {HTMLElement} rows
 */
export function markSelected(rows) {
  rows.querySelectorAll("[data-swatch]").forEach((swatch) => paint(/** @type {HTMLElement} */ (swatch)));
  rows.querySelectorAll("input").forEach((box) => {
    box.checked = isSelected(Number(box.dataset.config));
  });
}

/** @param {HTMLElement} swatch */
function paint(swatch) {
  const index = Number(swatch.dataset.swatch);
  swatch.style.background = isSelected(index) ? colorOf(index) : "transparent";
  swatch.style.borderColor = isSelected(index) ? "transparent" : cssColor("line");
}
