// Which runs the page is of, in the language of `--where`, and the page as a file.

import { chosenText, keep } from "../page/address.js";
import { announce } from "../page/announce.js";
import { follow } from "../page/controls.js";
import { byId, el } from "../page/elements.js";
import { tell } from "../page/events.js";
import { query } from "./api.js";

const problem = el("pre", { class: "problem", role: "alert", hidden: true, id: "where-problem" });

/** The question to the server for the page of an experiment. */
export const pageQuery = () => query({ experiment: chosenText("experiment"), where: chosenText("where") });

export function whereControls() {
  const box = el("input", {
    type: "text", id: "where", placeholder: "test_accuracy > 55% && dropout == 0.2", spellcheck: "false",
    autocomplete: "off", "aria-describedby": "where-problem",
  });
  const report = el("a", { class: "button", download: true }, "Save as report");
  const apply = () => {
    keep("where", box.value.trim());
    if (box.value.trim() === "" && !chosenText("experiment")) keep("view", "runs");
    tell("address");
    announce("asking the server");
  };
  box.addEventListener("keydown", ({ key }) => {
    if (key === "Enter") apply();
  });
  const clear = el("button", { type: "button", onclick: () => {
    box.value = "";
    apply();
  } }, "All runs");
  follow(() => {
    if (document.activeElement !== box) box.value = chosenText("where");
    clear.hidden = !chosenText("where");
    report.href = `/api/report${pageQuery()}`;
  });
  byId("sections").prepend(el("div", { class: "controls where" }, el("label", { for: "where" }, "Runs where"), box,
    el("button", { type: "button", onclick: apply }, "Choose"), clear, report), problem);
}

/**
 * What the server says of the condition; an empty text: it is fine.
 *
 * @param {string} words
 */
export function sayOfWhere(words) {
  problem.textContent = words;
  problem.hidden = !words;
  byId("where").setAttribute("aria-invalid", String(Boolean(words)));
}
