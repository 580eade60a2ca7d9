// The section with the learning curves of the selected configs.

/** @import { Option } from "../page/controls.js" */
/** @import { Band } from "./choices.js" */
/** @import { Kind } from "./kinds.js" */

import { data } from "../data/data.js";
import { check, choice } from "../page/controls.js";
import { el } from "../page/elements.js";
import { tell } from "../page/events.js";
import { incomparableNote, section } from "../page/section.js";
import { figure } from "../plots/figure.js";
import { chips } from "./chips.js";
import { chosen, presentSplits, shownSplits, splits } from "./choices.js";
import { kinds } from "./kinds.js";
import { drawCurves } from "./plot.js";

const CAPTION = "Diamonds mark each seed's best epoch. Drag to zoom, double-click to see all, " +
  "point at a line to read it.";

/** @type {Option<Band>[]} */
const bands = [
  ["range", "lowest to highest"],
  ["std", "± standard deviation"],
  ["seeds", "every seed a line"],
  ["none", "mean alone"],
];

export function curvesSection() {
  if (!presentSplits.length) {
    section("curves", "Learning curves", el("p", { class: "muted" }, "No run has evaluated an epoch yet."));
    return;
  }
  const all = /** @type {Kind[]} */ (Object.keys(kinds));
  const present = all.filter((kind) => kind !== "gap" || presentSplits.includes("test"));
  const plots = present.map(plot);
  section("curves", "Learning curves",
    incomparableNote(), chips(), controls(), el("div", { class: "grid" }, ...plots), thinnedNote());
}

/** @param {Kind} kind */
function plot(kind) {
  const isMain = kind === "accuracy";
  return figure({
    id: kind, title: kinds[kind].title, draw: () => drawCurves(kind), events: ["selection", "curves"],
    isWhole: isMain, isTall: isMain, caption: isMain ? CAPTION : null,
  }).element;
}

function controls() {
  const splitBoxes = presentSplits.map((split) =>
    check(`${splits[split].name} (${splits[split].words})`, shownSplits.has(split), (isOn) => {
      if (isOn) shownSplits.add(split);
      else shownSplits.delete(split);
      tell("curves");
    }));
  return el("div", { class: "controls" },
    el("fieldset", {}, el("legend", {}, "Splits"), ...splitBoxes),
    choice("Seeds", bands, chosen.band, (value) => {
      chosen.band = value;
      tell("curves");
    }),
    check("logarithmic loss", false, (isOn) => {
      chosen.lossIsLog = isOn;
      tell("curves");
    }));
}

function thinnedNote() {
  const isThinned = data.epochs.some((epochs) => epochs.length === data.most_points);
  if (!isThinned) return null;
  const words = `Of long runs ${data.most_points} evenly spaced epochs are drawn; ` +
    "diamonds and tables have the exact figures.";
  return el("p", { class: "muted" }, words);
}
