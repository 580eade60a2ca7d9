// The curves of one config: the mean over its seeds as a line, what the seeds spread over as a band.

/** @import { ToText } from "../data/numbers.js" */
/** @import { Named } from "./kinds.js" */
/** @import { Spread, Summary } from "./summaries.js" */

import { configs, runs } from "../data/data.js";
import { label } from "../data/labels.js";
import { withAlpha } from "../look/colors.js";
import { isDark } from "../look/theme.js";
import { hover } from "../plots/layout.js";
import { colorOf, selected } from "../table/selection.js";
import { placesOf } from "./across.js";
import { band, splits } from "./choices.js";
import { nameWords } from "./kinds.js";
import { smoothed, smoothing } from "./smooth.js";
import { summary } from "./summaries.js";

/**
 * @param {number} index of the config
 * @param {Named} named
 * @param {ToText} text
 * @returns {object[]} traces
 */
export function linesOf(index, named, text) {
  const summed = summary(index, named.name);
  if (!summed) return [];
  const color = colorOf(index);
  const line = { color, width: named.split === "test" ? 2.2 : 1.7, dash: splits[named.split].dash };
  const shown = band();
  if (shown === "seeds") return seedLines(summed, index, line, text);
  const { epochs, means } = summed;
  const said = epochs.map((_, i) => hoverText(summed, i, index, named, text));
  const x = placesOf(index);
  const faintLine = { ...line, width: 1, color: withAlpha(color, 0.3) };
  const faint = { x, y: means, mode: "lines", line: faintLine, hoverinfo: "skip" };
  const trace = { x, y: smoothed(means), mode: lineMode(epochs), line, ...hover(said) };
  const lines = smoothing() ? [faint, trace] : [trace];
  if (shown === "none" || configs[index].runs.length < 2) return lines;
  return [bandOf(x, summed[shown], color), ...lines];
}

// A run of one epoch is a point.
const lineMode = (/** @type {number[]} */ epochs) => (epochs.length > 1 ? "lines" : "lines+markers");

/**
 * @param {Summary} summed
 * @param {number} i place of the epoch
 * @param {number} index
 * @param {Named} named
 * @param {ToText} text
 */
function hoverText(summed, i, index, named, text) {
  const { epochs, means, seeds } = summed;
  const { low, high } = band() === "std" ? summed.std : summed.range;
  const many = seeds[i] > 1 ? `<br>${text(low[i])} to ${text(high[i])} (${seeds[i]} seeds)` : "";
  const value = `${nameWords(named)} ${text(means[i])} at epoch ${epochs[i]}`;
  return `<b>${label(configs[index].label)}</b><br>${value}${many}`;
}

// Many bands upon each other would hide the lines.
const bandAlpha = () => (isDark() ? 0.22 : 0.17) * (selected().length > 4 ? 0.45 : 1);

/**
 * There and back: a closed shape without a line, that no mouse meets.
 *
 * @param {(number | null)[]} places of the epochs
 * @param {Spread} spread
 * @param {string} color
 */
function bandOf(places, spread, color) {
  const [low, high] = [smoothed(spread.low), smoothed(spread.high)];
  const at = places.map((_, i) => i).filter((i) => low[i] != null && places[i] != null);
  const back = [...at].reverse();
  return {
    x: [...at, ...back].map((i) => places[i]),
    y: [...at.map((i) => high[i]), ...back.map((i) => low[i])],
    mode: "lines", line: { width: 0 }, fill: "toself", fillcolor: withAlpha(color, bandAlpha()), hoverinfo: "skip",
  };
}

/**
 * @param {Summary} summed
 * @param {number} index
 * @param {object} line
 * @param {ToText} text
 */
function seedLines({ epochs, curves }, index, line, text) {
  return curves.map((curve, i) => {
    const run = runs[configs[index].runs[i]];
    const said = epochs.map((epoch, at) =>
      `<b>${label(configs[index].label)}</b><br>seed ${run.seed}: ${text(curve[at])} at epoch ${epoch}`);
    const mode = lineMode(epochs);
    return { x: placesOf(index, run), y: smoothed(curve), mode, line: { ...line, width: 1.1 }, ...hover(said) };
  });
}
