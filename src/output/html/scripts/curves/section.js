// The section with the learning curves of the selected configs.

/** @import { Option } from "../page/controls.js" */
/** @import { Band } from "./choices.js" */
/** @import { Kind } from "./kinds.js" */

import { data, runs } from "../data/data.js";
import { check, choice, follow } from "../page/controls.js";
import { el } from "../page/elements.js";
import { on } from "../page/events.js";
import { incomparableNote, section } from "../page/section.js";
import { figure } from "../plots/figure.js";
import { across, acrossOptions } from "./across.js";
import { chips } from "./chips.js";
import { band, choose, comparesAll, everySplit, isLog, isShown, presentSplits, showSplit, splits } from "./choices.js";
import { kinds } from "./kinds.js";
import { drawCurves } from "./plot.js";
import { smoothingControl } from "./smooth.js";

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
  const all = /** @type {Kind[]} */ (Object.keys(kinds));
  const none = el("p", { class: "muted" }, "No run has evaluated an epoch yet.");
  const shown = el("div", {}, incomparableNote(), chips(), controls(), el("div", { class: "grid" }, ...all.map(plot)),
    thinnedNote());
  section("curves", "Learning curves", () => runs.length > 0, none, shown);
  const update = () => {
    none.hidden = presentSplits.length > 0;
    shown.hidden = !none.hidden;
  };
  on("rows", update);
  follow(update);
}

/** @param {Kind} kind */
function plot(kind) {
  const isMain = kind === "accuracy";
  return figure({
    id: kind, title: kinds[kind].title, draw: () => drawCurves(kind), events: ["rows", "selection", "curves"],
    isShown: () => kind !== "gap" || presentSplits.some((split) => split !== "train"),
    isWhole: isMain, isTall: isMain, caption: isMain ? CAPTION : null,
  }).element;
}

function controls() {
  const splitBoxes = everySplit.map((split) => {
    const box = check(`${splits[split].name} (${splits[split].words})`, () => isShown(split),
      (isOn) => showSplit(split, isOn));
    const update = () => {
      box.hidden = !presentSplits.includes(split);
    };
    on("rows", update);
    follow(update);
    return box;
  });
  return el("div", { class: "controls" },
    el("fieldset", {}, el("legend", {}, "Splits"), ...splitBoxes),
    choice("Seeds", () => bands, band, (value) => choose("seeds", value === "range" ? "" : value)),
    choice("Along", acrossOptions, across, (value) => choose("x", value === "epoch" ? "" : value)),
    smoothingControl(),
    check("logarithmic loss", isLog, (isOn) => choose("loss", isOn ? "log" : "")),
    check("read all lines at once", comparesAll, (isOn) => choose("hover", isOn ? "all" : "")));
}

function thinnedNote() {
  const note = el("p", { class: "muted" });
  follow(() => {
    note.hidden = !data.epochs.some((epochs) => epochs.length === data.most_points);
    note.textContent = `Of long runs ${data.most_points} evenly spaced epochs are drawn; ` +
      "diamonds and tables have the exact figures.";
  });
  return note;
}
