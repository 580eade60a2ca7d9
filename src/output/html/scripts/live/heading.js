// The texts at the top of the live page.

/** @import { Heading } from "../data/types.js" */

import { announce } from "../page/announce.js";
import { byId, el } from "../page/elements.js";
import { setText } from "../page/keyed.js";

/** @param {{ title: string, counts: string }} heading */
export function showTitle({ title, counts }) {
  if (byId("title").textContent !== title) announce(title === "runner" ? "Overview" : title);
  document.title = title === "runner" ? title : `${title} - runner`;
  setText(byId("title"), title);
  setText(byId("counts"), counts);
}

/** @param {Heading} heading */
export function showHeading(heading) {
  showTitle(heading);
  setText(byId("answer-text"), heading.answer);
  const notes = byId("notes");
  const lines = [...notes.children].map((line) => line.textContent);
  if (JSON.stringify(lines) === JSON.stringify(heading.notes)) return;
  notes.replaceChildren(...heading.notes.map((note) => el("li", {}, note)));
}
