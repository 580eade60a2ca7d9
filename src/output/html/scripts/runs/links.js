// Where a served page leads from a run: to the page of the run, and to the comparison of two.

/** @import { Run } from "../data/types.js" */

import { go } from "../page/address.js";
import { announce } from "../page/announce.js";
import { el } from "../page/elements.js";

let chosen = ""; // the id of the first of two

/** @param {Run} run */
export function runLinks({ id }) {
  const words = () => (chosen && chosen !== id ? `Compare with ${chosen}` : "Compare with another run");
  const compare = el("button", {
    type: "button",
    onclick: () => {
      if (chosen && chosen !== id) {
        const a = chosen;
        chosen = "";
        go({ a, b: id });
        return;
      }
      chosen = id;
      compare.textContent = "Chosen: press the button of another run";
      announce(compare.textContent);
    },
    onfocus: () => {
      if (chosen !== id) compare.textContent = words();
    },
    onmouseenter: () => {
      if (chosen !== id) compare.textContent = words();
    },
  }, words());
  const open = el("button", { type: "button", onclick: () => go({ run: id }) }, "Everything about this run");
  return el("p", { class: "controls whole" }, open, compare);
}
