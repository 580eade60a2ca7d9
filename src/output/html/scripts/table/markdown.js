// The table as it is shown, as Markdown.

import { columns, configs } from "../data/data.js";
import { copyText } from "../page/copy.js";
import { el } from "../page/elements.js";
import { filtered } from "./order.js";
import { isShown } from "./shown_columns.js";

export function markdownButton() {
  const copy = () => void copyText(markdown(), button);
  const button = el("button", { type: "button", onclick: copy }, "Copy as Markdown");
  return button;
}

function markdown() {
  const shown = columns.map((_, at) => at).filter(isShown);
  const line = (/** @type {string[]} */ cells) => `| ${cells.join(" | ")} |`;
  const rows = filtered.map((index) => shown.map((at) => escaped(configs[index].cells[at][0])));
  const head = shown.map((at) => escaped(columns[at].header));
  const rule = shown.map((at) => (columns[at].is_number ? "---:" : "---"));
  return [head, rule, ...rows].map(line).join("\n") + "\n";
}

/**
 * Text stays text, as in the tables of `runner`: no cell borders, HTML, links, emphasis or code from a name.
 *
 * @param {string} text
 */
export const escaped = (text) => text.replace(/\s+/g, " ").replace(/[|\\*`]/g, "\\$&")
  .replace(/&/g, "&amp;").replace(/</g, "&lt;").replaceAll("](", "]\\(");
