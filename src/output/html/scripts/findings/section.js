// The section with the diagnosis of each config in words.

/** @import { Finding } from "../data/types.js" */

import { configs } from "../data/data.js";
import { el } from "../page/elements.js";
import { on } from "../page/events.js";
import { longList } from "../page/long_list.js";
import { section } from "../page/section.js";
import { filtered } from "../table/order.js";

const CONFIGS_AT_ONCE = 20;
const CONFIGS_OPEN = 3; // of these
const INTRODUCTION = "What each config's curves say, in the order and with the filter of the table.";

export function findingsSection() {
  if (!configs.some((config) => config.findings.length)) return;
  const { list, more, draw } = longList({
    noun: "configs", atOnce: CONFIGS_AT_ONCE,
    items: () => filtered.filter((index) => configs[index].findings.length),
    show: (index, at) => findingsOf(index, at < CONFIGS_OPEN),
  });
  section("diagnosis", "Diagnosis", el("p", { class: "muted" }, INTRODUCTION), list, more);
  on("filter", draw);
  draw();
}

/**
 * @param {number} index of the config
 * @param {boolean} isOpen
 */
function findingsOf(index, isOpen) {
  const { label, findings } = configs[index];
  const grave = findings.filter((finding) => finding.severity !== "note").length;
  const count = grave ? counted(grave, "warning") : counted(findings.length, "note");
  const inside = el("div", {});
  const fillIn = () => {
    if (!inside.firstChild) inside.append(el("ul", { class: "findings" }, ...findings.map(findingLine)));
  };
  if (isOpen) fillIn();
  return el("details", { class: "run", open: isOpen, ontoggle: fillIn },
    el("summary", {}, `${label} `, el("span", { class: "muted" }, `(${count})`)), inside);
}

/**
 * @param {number} n
 * @param {string} noun
 */
const counted = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;

/** @param {Finding} finding */
function findingLine({ severity, text, advice }) {
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
