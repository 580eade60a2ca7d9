// The section with the diagnosis of each config in words.

/** @import { Finding } from "../data/types.js" */
/** @import { Made } from "../page/keyed.js" */

import { configs, keyOf } from "../data/data.js";
import { el } from "../page/elements.js";
import { on } from "../page/events.js";
import { setText } from "../page/keyed.js";
import { longList } from "../page/long_list.js";
import { section } from "../page/section.js";
import { filtered } from "../table/order.js";

const CONFIGS_AT_ONCE = 20;
const CONFIGS_OPEN = 3; // of these
const INTRODUCTION = "What each config's curves say, in the order and with the filter of the table.";

export function findingsSection() {
  const { list, more, draw, update } = longList({
    noun: "configs", atOnce: CONFIGS_AT_ONCE,
    items: () => filtered.filter((index) => configs[index].findings.length),
    key: (index) => keyOf(configs[index]), make: findingsOf,
  });
  section("diagnosis", "Diagnosis", () => configs.some((config) => config.findings.length),
    el("p", { class: "muted" }, INTRODUCTION), list, more);
  on("filter", draw);
  on("data", update);
  draw();
}

/**
 * The first ones are open.
 *
 * @returns {Made<number>}
 */
function findingsOf() {
  const label = el("span", {});
  const counts = el("span", { class: "muted" });
  const inside = el("div", {});
  let isFirst = true;
  /** @type {Finding[]} */
  let findings = [];
  let shown = "";
  const fillIn = () => {
    if (!element.open || JSON.stringify(findings) === shown) return;
    shown = JSON.stringify(findings);
    inside.replaceChildren(el("ul", { class: "findings" }, ...findings.map(findingLine)));
  };
  const element = el("details", { class: "run", ontoggle: fillIn }, el("summary", {}, label, " ", counts), inside);
  const update = (/** @type {number} */ index, /** @type {number} */ at) => {
    findings = configs[index].findings;
    const grave = findings.filter((finding) => finding.severity !== "note").length;
    setText(label, configs[index].label);
    setText(counts, `(${grave ? counted(grave, "warning") : counted(findings.length, "note")})`);
    if (isFirst) element.open = at < CONFIGS_OPEN;
    isFirst = false;
    fillIn();
  };
  return { element, update };
}

/**
 * @param {number} n
 * @param {string} noun
 */
const counted = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;

/** @param {Finding} finding */
export function findingLine({ severity, text, advice }) {
  return el("li", { class: severity },
    el("span", { class: "word" }, severity + ": "), ...withCode(text),
    advice ? el("div", { class: "muted" }, ...withCode(advice)) : null);
}

/**
 * Settings stand between backticks.
 *
 * @param {string} text
 */
function withCode(text) {
  return text.split("`").map((part, at) => (at % 2 ? el("code", {}, part) : part));
}
