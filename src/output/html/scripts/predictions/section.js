// The section on how runs judge single examples, one run at a time.

/** @import { Option } from "../page/controls.js" */
/** @import { Drawing } from "../plots/figure.js" */

import { data, runs } from "../data/data.js";
import { runName } from "../data/labels.js";
import { choice } from "../page/controls.js";
import { el } from "../page/elements.js";
import { on, tell } from "../page/events.js";
import { section } from "../page/section.js";
import { figure } from "../plots/figure.js";
import { drawCalibration } from "./calibration.js";
import { drawConfusion } from "./confusion.js";
import { picturesOf } from "./pictures.js";

const all = data.predictions;
let chosen = all[0];

/** @type {Drawing} */
const nothing = {
  traces: [], layout: { xaxis: { visible: false }, yaxis: { visible: false } }, text: "This run has no such figures.",
};

export function predictionsSection() {
  if (!all.length) return;
  const judged = el("p", { class: "muted" });
  const pictures = el("div", { class: "grid" });
  const plots = [];
  if (all.some((predictions) => predictions.confusion)) plots.push(confusionFigure());
  if (all.some((predictions) => predictions.evaluation)) plots.push(calibrationFigure());
  section("predictions", "Predictions", el("div", { class: "controls" }, runChoice()), judged, note(),
    el("div", { class: "grid" }, ...plots), pictures);
  const show = () => {
    judged.textContent = judgedBy();
    pictures.replaceChildren(...picturesOf(chosen));
  };
  on("predictions", show);
  show();
}

function confusionFigure() {
  return figure({
    id: "confusion", title: "Confusion", events: ["predictions"], isTall: true,
    draw: () => (chosen.confusion ? drawConfusion(chosen.confusion) : nothing),
    caption: "Colour: share of the true class. Point at a cell for its counts.",
  }).element;
}

function calibrationFigure() {
  return figure({
    id: "calibration", title: "Calibration", events: ["predictions"], isTall: true,
    draw: () => (chosen.evaluation ? drawCalibration(chosen.evaluation, runs[chosen.run]) : nothing),
    caption: "On the dashed line confidence is right; below it the network is too sure. " +
      "Larger dots stand for more examples.",
  }).element;
}

function runChoice() {
  const options = all.map(({ run }, i) => /** @type {Option<string>} */ ([String(i), runName(runs[run])]));
  return choice("Run", options, "0", (value) => {
    chosen = all[Number(value)];
    tell("predictions");
  });
}

function note() {
  if (all.length >= runs.length) return null;
  const words = `Of ${all.length} of the ${runs.length} runs: one of each config first, ` +
    "the first config's before others; pictures of fewer.";
  return el("p", { class: "muted" }, words);
}

// Which examples the figures are of, and which weights.
function judgedBy() {
  const { evaluation, run } = chosen;
  const examples = evaluation ? `${evaluation.examples} ${evaluation.split} examples` : "Examples";
  return `${examples}, with ${runs[run].model || "the newest weights"}.`;
}
