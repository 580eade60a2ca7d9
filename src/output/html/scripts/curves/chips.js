// The configs whose curves are drawn, as buttons that take them out.

import { configs } from "../data/data.js";
import { el } from "../page/elements.js";
import { on } from "../page/events.js";
import { colorOf, select, selected } from "../table/selection.js";
import { areTogether } from "./plot.js";

const MOST_CHIPS = 100;

export function chips() {
  const list = el("ul", { class: "chips", "aria-label": "Configs that are drawn" });
  const draw = () => list.replaceChildren(...items());
  on("selection", draw);
  on("theme", draw);
  draw();
  return list;
}

function items() {
  const indexes = selected();
  if (!indexes.length) return [el("li", { class: "muted" }, "No config is drawn: choose some in the table.")];
  const shown = indexes.slice(0, MOST_CHIPS).map(chip);
  if (indexes.length > MOST_CHIPS) shown.push(el("li", {}, `and ${indexes.length - MOST_CHIPS} more`));
  return shown;
}

/** @param {number} index of the config */
function chip(index) {
  const swatch = el("span", { class: "swatch", "aria-hidden": "true" });
  swatch.style.background = areTogether() ? "transparent" : colorOf(index);
  const name = configs[index].label;
  const words = "Do not draw " + name;
  return el("li", {}, el("button",
    { type: "button", title: words, "aria-label": words, onclick: () => select([index], false) },
    swatch, el("span", { class: "name" }, name), el("span", { "aria-hidden": "true" }, " ×")));
}
