// The section on how runs judge single examples, one run at a time.

/** @import { Option } from "../page/controls.js" */
/** @import { Predictions } from "../data/types_of_predictions.js" */
/** @import { Drawing } from "../plots/figure.js" */

import { data, runs } from "../data/data.js";
import { runName } from "../data/labels.js";
import { chosenText, keep } from "../page/address.js";
import { choice, follow } from "../page/controls.js";
import { el } from "../page/elements.js";
import { on, tell } from "../page/events.js";
import { section } from "../page/section.js";
import { figure } from "../plots/figure.js";
import { drawCalibration } from "./calibration.js";
import { drawConfusion } from "./confusion.js";
import { picturesOf } from "./pictures.js";

/** @type {Drawing} */
const nothing = {
  traces: [], layout: { xaxis: { visible: false }, yaxis: { visible: false } }, text: "This run has no such figures.",
};

/** @returns {Predictions | undefined} */
const chosen = () =>
  data.predictions.find(({ run }) => runs[run].id === chosenText("judged")) ?? data.predictions[0];

export function predictionsSection() {
  const judged = el("p", { class: "muted" });
  const note = el("p", { class: "muted" });
  const pictures = el("div", { class: "grid" });
  section("predictions", "Predictions", () => data.predictions.length > 0,
    el("div", { class: "controls" }, runChoice()), judged, note,
    el("div", { class: "grid" }, confusionFigure(), calibrationFigure()), pictures);
  let shown = "";
  const show = () => {
    const now = chosen();
    if (JSON.stringify(now) === shown) return; // pictures stay, and what is open beside them
    shown = JSON.stringify(now);
    judged.textContent = now ? judgedBy(now) : "";
    pictures.replaceChildren(...(now ? picturesOf(now, runs[now.run]) : []));
  };
  on("predictions", show);
  follow(() => {
    note.hidden = data.predictions.length >= runs.length;
    note.textContent = `Of ${data.predictions.length} of the ${runs.length} runs: one of each config first, ` +
      "the first config's before others; pictures of fewer.";
    show();
  });
}

function confusionFigure() {
  return figure({
    id: "confusion", title: "Confusion", events: ["predictions"], isTall: true,
    isShown: () => data.predictions.some((predictions) => predictions.confusion),
    draw: () => {
      const confusion = chosen()?.confusion;
      return confusion ? drawConfusion(confusion) : nothing;
    },
    caption: "Colour: share of the true class. Point at a cell for its counts.",
  }).element;
}

function calibrationFigure() {
  return figure({
    id: "calibration", title: "Calibration", events: ["predictions"], isTall: true,
    isShown: () => data.predictions.some((predictions) => predictions.evaluation),
    draw: () => {
      const now = chosen();
      return now?.evaluation ? drawCalibration(now.evaluation, runs[now.run]) : nothing;
    },
    caption: "On the dashed line confidence is right; below it the network is too sure. " +
      "Larger dots stand for more examples.",
  }).element;
}

function runChoice() {
  const options = () => data.predictions.map(({ run }) =>
    /** @type {Option<string>} */ ([runs[run].id, runName(runs[run])]));
  const now = () => {
    const one = chosen();
    return one ? runs[one.run].id : "";
  };
  return choice("Run", options, now, (value) => {
    keep("judged", value);
    tell("predictions");
  });
}

/**
 * Which examples the figures are of, and which weights.
 *
 * @param {Predictions} predictions
 */
function judgedBy({ evaluation, run }) {
  const examples = evaluation ? `${evaluation.examples} ${evaluation.split} examples` : "Examples";
  return `${examples}, with ${runs[run].model || "the newest weights"}.`;
}
