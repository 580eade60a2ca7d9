// The plots of a run: its curves, the learning rate, and its layers over the epochs.

/** @import { ToText } from "../../data/numbers.js" */
/** @import { Drawing } from "../../plots/figure.js" */
/** @import { Layer } from "../types.js" */

import { label } from "../../data/labels.js";
import { loss, percent, points } from "../../data/numbers.js";
import { palette } from "../../look/colors.js";
import { figure } from "../../plots/figure.js";
import { hover, legend } from "../../plots/layout.js";
import { sayInstead } from "../../settings/instead.js";
import { currentRun } from "./current.js";

/** @typedef {{ name: string, words: string, dash?: string, place: number }} Line a column of the rows */

/** @type {Line[]} */
const accuracies = [
  { name: "train_accuracy", words: "train", dash: "dot", place: 0 },
  { name: "val_accuracy", words: "validation", dash: "dash", place: 2 },
  { name: "test_accuracy", words: "test", place: 1 },
];
const losses = accuracies.map((line) => ({ ...line, name: line.name.replace("accuracy", "loss") }));

export function runPlots() {
  return [
    rowsFigure("run-accuracy", "Accuracy", "accuracy in %", percent, accuracies, true),
    rowsFigure("run-gap", "Gap", "gap in points", points, [{ name: "gap", words: "gap", place: 3 }]),
    rowsFigure("run-loss", "Loss", "mean cross-entropy", loss, losses),
    rowsFigure("run-rate", "Learning rate", "learning rate", loss,
      [{ name: "learning_rate", words: "learning rate", place: 4 }]),
    layersFigure("run-norms", "Norms of weights", "weight_norm", "norm", loss),
    layersFigure("run-gradients", "Norms of gradients", "gradient_norm", "norm", loss),
    layersFigure("run-dead", "Dead units", "dead_share", "share in %", percent),
    layersFigure("run-saturated", "Saturated units", "saturated_share", "share in %", percent),
  ];
}

/** @param {string} name of a column */
const hasColumn = (name) => Boolean(currentRun()?.rows[name]?.some((value) => value != null));

/**
 * @param {string} id
 * @param {string} title
 * @param {string} unit
 * @param {ToText} text
 * @param {Line[]} lines
 * @param {boolean} [isMain]
 */
function rowsFigure(id, title, unit, text, lines, isMain) {
  return figure({
    id, title, events: ["run"], isWhole: isMain, isShown: () => lines.some(({ name }) => hasColumn(name)),
    draw: () => drawRows(lines.filter(({ name }) => hasColumn(name)), title, unit, text),
  }).element;
}

/**
 * @param {Line[]} lines
 * @param {string} title
 * @param {string} unit
 * @param {ToText} text
 * @returns {Drawing}
 */
function drawRows(lines, title, unit, text) {
  const run = currentRun();
  if (!run) return sayInstead("This run is not here yet.");
  const { rows } = run;
  const said = lines.map(({ name, words }) => {
    const values = rows[name].filter((value) => value != null);
    return `${words} from ${text(values[0])} to ${text(values.at(-1))}`;
  });
  return {
    traces: lines.map(({ name, words, dash, place }) => ({
      x: rows.epoch, y: rows[name], mode: rows.epoch.length > 1 ? "lines" : "markers", connectgaps: true,
      name: words,
      line: { color: palette()[place], width: 2, dash },
      ...hover(rows[name].map((value, at) => `${words} ${text(value)} at epoch ${rows.epoch[at]}`)),
    })),
    shows: `${title} ${run.id}`, text: `${title} by epoch of run ${run.id}: ${said.join("; ")}.`,
    layout: {
      xaxis: { title: { text: "epoch" }, rangemode: "tozero" },
      yaxis: { title: { text: unit }, rangemode: title === "Learning rate" ? "tozero" : "normal" },
      ...legend(lines.length),
    },
  };
}

/** @typedef {"weight_norm" | "gradient_norm" | "dead_share" | "saturated_share"} LayerFigure */

/**
 * @param {string} id
 * @param {string} title
 * @param {LayerFigure} name
 * @param {string} unit
 * @param {ToText} text
 */
function layersFigure(id, title, name, unit, text) {
  const layers = () => (currentRun()?.layers ?? []).filter((layer) => layer[name]?.some((value) => value != null));
  return figure({
    id, title, events: ["run"], isShown: () => layers().length > 0,
    draw: () => drawLayers(layers(), title, name, unit, text),
  }).element;
}

/**
 * @param {Layer[]} layers
 * @param {string} title
 * @param {LayerFigure} name
 * @param {string} unit
 * @param {ToText} text
 * @returns {Drawing}
 */
function drawLayers(layers, title, name, unit, text) {
  const colors = palette();
  const said = layers.slice(0, 40).map((layer) => `layer ${layer.layer} ${text(layer[name].at(-1))}`);
  return {
    traces: layers.map((layer, at) => ({
      name: label(`layer ${layer.layer}`, 24), x: layer.epochs, y: layer[name],
      mode: layer.epochs.length > 1 ? "lines" : "markers",
      line: { color: colors[at % colors.length], width: 1.6 },
      ...hover(layer[name].map((value, i) =>
        `<b>${label(`layer ${layer.layer}`)}</b><br>${text(value)} at epoch ${layer.epochs[i]}`)),
    })),
    shows: `${title} ${currentRun()?.id}`, text: `${title} by layer, at the last epoch: ${said.join("; ")}.`,
    layout: {
      xaxis: { title: { text: "epoch" }, rangemode: "tozero" },
      yaxis: { title: { text: unit }, rangemode: name.endsWith("share") ? "tozero" : "normal" },
      ...legend(layers.length),
    },
  };
}
