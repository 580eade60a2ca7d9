// The legend of the curves: a button for each config that draws its curves or takes them out.

/** @import { Made } from "../page/keyed.js" */

import { configs, keyOf } from "../data/data.js";
import { el } from "../page/elements.js";
import { on } from "../page/events.js";
import { keyed, setText } from "../page/keyed.js";
import { order } from "../table/order.js";
import { colorOf, isSelected, select, selected } from "../table/selection.js";
import { areTogether } from "./plot.js";

const MOST_CHIPS = 60;

export function chips() {
  const list = el("ul", { class: "chips", "aria-label": "Configs: a click draws one or takes it out" });
  const more = el("p", { class: "muted" });
  const show = keyed(list, (/** @type {number} */ index) => keyOf(configs[index]), chip);
  const draw = () => {
    const shown = items();
    show(shown);
    more.hidden = shown.length === configs.length;
    more.textContent = `and ${configs.length - shown.length} more: choose them in the table`;
  };
  for (const event of /** @type {const} */ (["data", "selection", "filter", "theme"])) on(event, draw);
  draw();
  return el("div", {}, list, more);
}

/** The drawn ones in any case, then the others as far as there is room. */
function items() {
  const drawn = selected().slice(0, MOST_CHIPS);
  const others = order.filter((index) => !isSelected(index)).slice(0, MOST_CHIPS - drawn.length);
  return [...drawn, ...others];
}

/**
 * @param {number} first
 * @returns {Made<number>}
 */
function chip(first) {
  let index = first;
  const swatch = el("span", { class: "swatch", "aria-hidden": "true" });
  const name = el("span", { class: "name" });
  const button = el("button", { type: "button", onclick: () => select([index], !isSelected(index)) }, swatch, name);
  const update = (/** @type {number} */ now) => {
    index = now;
    const [isOn, { label }] = [isSelected(index), configs[index]];
    swatch.style.background = areTogether() || !isOn ? "" : colorOf(index);
    button.className = isOn ? "" : "off";
    button.title = label;
    button.setAttribute("aria-label", "Draw the curves of " + label);
    button.setAttribute("aria-pressed", String(isOn));
    setText(name, label);
  };
  return { element: el("li", {}, button), update };
}
