// Whether a run is right as often as it is sure.

/** @import { Bin, Evaluation } from "../data/types_of_predictions.js" */
/** @import { Drawing } from "../plots/figure.js" */

import { percent, points } from "../data/numbers.js";
import { cssColor, palette } from "../look/colors.js";
import { hover } from "../plots/layout.js";

/**
 * @param {Evaluation} evaluation
 * @param {{ model?: string }} run
 * @returns {Drawing}
 */
export function drawCalibration({ bins, calibration_error: error, split }, run) {
  const said = bins.map(({ confidence, accuracy, examples }) =>
    `confidence ${percent(confidence)}: accuracy ${percent(accuracy)} of ${examples} examples`);
  const errorText = `expected calibration error ${points(error)}`;
  return {
    traces: [diagonal(), accuracies(bins)],
    text: `Accuracy by confidence on the ${split} split, with ${run.model}, ${errorText}. ${said.join("; ")}.`,
    layout: {
      xaxis: { title: { text: "confidence in %" }, range: [0, 102] },
      yaxis: { title: { text: "accuracy in %" }, range: [0, 102] },
      annotations: [{
        x: 0.03, y: 0.97, xref: "paper", yref: "paper", xanchor: "left", yanchor: "top", showarrow: false,
        align: "left", text: errorText, font: { color: cssColor("text") },
      }],
    },
  };
}

function diagonal() {
  const line = { dash: "dash", width: 1.5, color: cssColor("muted") };
  return { x: [0, 100], y: [0, 100], mode: "lines", line, hoverinfo: "skip" };
}

/** @param {Bin[]} bins */
function accuracies(bins) {
  const [color, other] = palette();
  const most = Math.max(...bins.map((bin) => bin.examples), 1);
  const sizes = bins.map((bin) => 6 + 16 * Math.sqrt(bin.examples / most));
  const said = bins.map(({ confidence, accuracy, examples }) =>
    `confidence ${percent(confidence)}<br>accuracy ${percent(accuracy)}<br>${examples} examples`);
  return {
    x: bins.map((bin) => bin.confidence), y: bins.map((bin) => bin.accuracy), mode: "lines+markers",
    line: { color, width: 2 }, marker: { color: other, size: sizes, line: { color: cssColor("page"), width: 1 } },
    ...hover(said),
  };
}
