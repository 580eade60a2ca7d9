// The legend of the curves: a button for each config that draws its curves or takes them out.

import { configs } from "../data/data.js";
import { el } from "../page/elements.js";
import { on } from "../page/events.js";
import { order } from "../table/order.js";
import { colorOf, isSelected, select, selected } from "../table/selection.js";
import { areTogether } from "./plot.js";

const MOST_CHIPS = 60;

export function chips() {
  const list = el("ul", { class: "chips", "aria-label": "Configs: a click draws one or takes it out" });
  const draw = () => {
    const focused = list.contains(document.activeElement) ? document.activeElement?.getAttribute("data-config") : null;
    list.replaceChildren(...items());
    const again = focused == null ? null : list.querySelector(`[data-config="${focused}"]`);
    if (again instanceof HTMLElement) again.focus();
  };
  on("selection", draw);
  on("filter", draw);
  on("theme", draw);
  draw();
  return list;
}

/** The drawn ones in any case, then the others as far as there is room. */
function items() {
  const drawn = selected().slice(0, MOST_CHIPS);
  const others = order.filter((index) => !isSelected(index)).slice(0, MOST_CHIPS - drawn.length);
  const shown = [...drawn, ...others].map(chip);
  const more = configs.length - shown.length;
  if (more > 0) shown.push(el("li", { class: "muted" }, `and ${more} more: choose them in the table`));
  return shown;
}

/** @param {number} index of the config */
function chip(index) {
  const isOn = isSelected(index);
  const swatch = el("span", { class: "swatch", "aria-hidden": "true" });
  swatch.style.background = areTogether() || !isOn ? "transparent" : colorOf(index);
  if (!isOn) swatch.style.borderColor = "currentColor";
  const name = configs[index].label;
  return el("li", {}, el("button",
    {
      type: "button", title: name, "aria-label": "Draw the curves of " + name, "aria-pressed": String(isOn),
      "data-config": index, class: isOn ? "" : "off", onclick: () => select([index], !isSelected(index)),
    },
    swatch, el("span", { class: "name" }, name)));
}
