// The lists on the page of a run: its settings, files, and the commands that do something with it.

/** @import { RunPage } from "../types.js" */

import { copyText } from "../../page/copy.js";
import { el } from "../../page/elements.js";
import { pairsTable, results } from "../../runs/details.js";
import { size } from "../times.js";

/** @param {RunPage} run */
export const settingPairs = (run) => [
  el("div", {}, pairsTable("Results", results({ ...run, notes: [] }, run.experiments)),
    pairsTable("Provenance", run.provenance)),
  pairsTable("Settings", run.settings),
];

/** @param {RunPage} run */
export function commandList({ commands }) {
  const lines = commands.flatMap(({ what, command }) => {
    const copy = el("button", {
      type: "button", "aria-label": `Copy the command: ${what}`, onclick: () => void copyText(command, copy),
    }, "Copy");
    return [el("dt", {}, what), el("dd", {}, el("code", {}, command), " ", copy)];
  });
  return el("dl", { class: "commands" }, ...lines);
}

/** @param {RunPage} run */
export function fileList({ id, files }) {
  // Checkpoints, which only training reads, are not handed out.
  const link = (/** @type {string} */ name) => (name.startsWith("checkpoint")
    ? name
    : el("a", { href: `/api/run/${id}/file/${encodeURIComponent(name)}`, download: name }, name));
  const lines = files.map(({ name, bytes }) => el("tr", {}, el("td", {}, link(name)),
    el("td", { class: "number" }, size(bytes))));
  return el("table", { class: "pairs" }, el("caption", {}, "Files"), el("tbody", {}, ...lines));
}
