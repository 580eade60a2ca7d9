// The rungs of a halving: how many configs have reached each and go on. A report has the same as plain HTML.

/** @import { Rungs } from "../data/types.js" */

import { byId, el } from "../page/elements.js";

const element = el("section", { id: "rungs", "aria-labelledby": "rungs-h", hidden: true });
let shown = "";

export function rungsSection() {
  const around = el("div", {}, element); // the view shows and hides what is around
  byId("sections").before(around);
  return around;
}

/** @param {Rungs[]} rungs */
export function showRungs(rungs) {
  element.hidden = !rungs.length;
  if (JSON.stringify(rungs) === shown) return; // a selection in them stays
  shown = JSON.stringify(rungs);
  element.replaceChildren(el("h2", { id: "rungs-h" }, "Rungs"), ...rungs.flatMap(contents));
}

/** @param {Rungs} rungs */
function contents({ lines, head, rows }) {
  const kind = (/** @type {number} */ column) => (head[column].is_number ? "number" : "");
  const names = head.map(({ header }, at) => el("th", { scope: "col", class: kind(at) }, header));
  const cells = (/** @type {string[]} */ row) => row.map((text, at) => el("td", { class: kind(at) }, text));
  return [...lines.map((line) => el("p", {}, line)), el("div", { class: "scroller" }, el("table", {},
    el("thead", {}, el("tr", {}, ...names)), el("tbody", {}, ...rows.map((row) => el("tr", {}, ...cells(row))))))];
}
