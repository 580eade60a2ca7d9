// A plot of learning curves of the selected configs, and the same in words.

/** @import { Drawing } from "../plots/figure.js" */
/** @import { Kind } from "./kinds.js" */

import { configs, data, runs } from "../data/data.js";
import { DRAWN_AT_FIRST, selected } from "../table/selection.js";
import { across, acrossTitle } from "./across.js";
import { bestMarks } from "./best_marks.js";
import { comparesAll, isLog } from "./choices.js";
import { kinds, nameWords } from "./kinds.js";
import { linesOf } from "./lines.js";
import { smoothing } from "./smooth.js";
import { summary } from "./summaries.js";
import { linesTogether } from "./together.js";

const MOST_APART = 24; // configs, beyond which lines are drawn together: one by one they would be slow

export const areTogether = () => selected().length > MOST_APART;

/**
 * @param {Kind} kind
 * @returns {Drawing}
 */
export function drawCurves(kind) {
  const isLogarithmic = kind === "loss" && isLog();
  return {
    traces: tracesOf(kind), shows: `${kind} ${isLogarithmic} ${acrossTitle()}`, text: curvesText(kind),
    layout: {
      xaxis: { title: { text: acrossTitle() }, rangemode: "tozero", ...wholeEpochs() },
      hovermode: comparesAll() ? "x unified" : "closest",
      yaxis: {
        title: { text: kinds[kind].unit }, type: isLogarithmic ? "log" : "linear", exponentformat: "power",
        rangemode: kind === "gap" ? "tozero" : "normal",
      },
    },
  };
}

// Of few epochs an axis would have ticks between them.
function wholeEpochs() {
  const last = Math.max(0, ...selected().map((index) => data.epochs[configs[index].epochs]?.at(-1) ?? 0));
  return across() === "epoch" && last < 8 ? { dtick: 1 } : {};
}

/** @param {Kind} kind */
function tracesOf(kind) {
  const indexes = selected();
  const { names, text } = kinds[kind];
  if (areTogether()) return names().map((named) => linesTogether(indexes, named, text));
  const lines = names().flatMap((named) => indexes.flatMap((index) => linesOf(index, named, text)));
  const marks = indexes.map((index) => bestMarks(index, kind, text)).filter((trace) => trace != null);
  return [...lines, ...marks];
}

/** @param {Kind} kind */
function curvesText(kind) {
  const indexes = selected();
  if (!indexes.length) return "No config is selected: nothing is drawn.";
  const lines = indexes.slice(0, DRAWN_AT_FIRST).map((index) => configText(kind, index));
  const more = indexes.length > lines.length ? ` And ${indexes.length - lines.length} more configs.` : "";
  const how = smoothing() ? `, smoothed by ${smoothing()}` : "";
  return `${kinds[kind].title} by ${acrossTitle()}${how}. ${lines.join(" ")}${more}`;
}

/**
 * @param {Kind} kind
 * @param {number} index
 */
function configText(kind, index) {
  const { names, text } = kinds[kind];
  const parts = names().flatMap((named) => {
    const summed = summary(index, named.name);
    if (!summed) return [];
    return [`${nameWords(named)} from ${text(summed.means[0])} to ${text(summed.means.at(-1))}`];
  });
  const best = configs[index].runs.map((run) => runs[run].best).filter((row) => row != null);
  const epochs = [...new Set(best.map((row) => row.epoch))].sort((a, b) => a - b);
  const bestText = epochs.length ? `; best epochs ${epochs.join(", ")}` : "";
  return `${configs[index].label}: ${parts.join(", ")}${bestText}.`;
}
