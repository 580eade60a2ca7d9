// A figure by the values of one setting: a dot a run, and the mean of each value.

/** @import { Figure } from "../data/figures.js" */
/** @import { Run } from "../data/types.js" */
/** @import { Value } from "../data/values.js" */
/** @import { Drawing } from "../plots/figure.js" */

import { configs, varied } from "../data/data.js";
import { axisTitle, figures } from "../data/figures.js";
import { label } from "../data/labels.js";
import { deviation, mean } from "../data/means.js";
import { fixed } from "../data/numbers.js";
import { valuesOf, valueText } from "../data/values.js";
import { palette, withAlpha } from "../look/colors.js";
import { hover } from "../plots/layout.js";
import { NOT_CROSSED, areCrossed } from "./crossed.js";
import { runsByValues } from "./groups.js";
import { sayInstead } from "./instead.js";
import { hasManyNumbers, valueTicks } from "./places.js";
import { drawScatter } from "./scatter.js";

/**
 * The runs of a value, with the mean of the figure over them.
 *
 * @typedef {object} Group
 * @property {Value} value
 * @property {Run[]} runs
 * @property {number | null} mean
 * @property {number} deviation
 */

/**
 * @param {number} setting
 * @param {string} key of the figure
 * @returns {Drawing}
 */
export function drawBySetting(setting, key) {
  if (hasManyNumbers(setting)) return drawScatter(setting, key);
  if (!areCrossed([setting])) return sayInstead(NOT_CROSSED);
  const figure = figures[key];
  const groups = groupsOf(setting, figure);
  const short = varied[setting].short;
  const said = groups.slice(0, 60).map((group) =>
    `${valueText(group.value)}: ${figure.text(group.mean)} over ${group.runs.length} runs`);
  const ticks = valueTicks(groups.map((group) => group.value));
  return {
    traces: [dots(groups, figure), means(groups, figure, short)], shows: `${setting} ${key}`,
    text: `Mean ${figure.name} by ${short}. ${said.join("; ")}.`,
    layout: {
      xaxis: { title: { text: label(short) }, ...ticks, range: [-0.5, groups.length - 0.5] },
      yaxis: { title: { text: axisTitle(figure) }, rangemode: figure.unit === "points" ? "tozero" : "normal" },
    },
  };
}

/**
 * @param {number} setting
 * @param {Figure} figure
 * @returns {Group[]} without values that no run with the figure has
 */
function groupsOf(setting, { of }) {
  const runsWith = runsByValues([setting]);
  return valuesOf(setting).flatMap((value) => {
    const runs = runsWith(value).filter((run) => of(run) != null);
    const numbers = runs.map(of);
    return runs.length ? [{ value, runs, mean: mean(numbers), deviation: deviation(numbers) ?? 0 }] : [];
  });
}

/**
 * @param {Group[]} groups
 * @param {Figure} figure
 */
function dots(groups, { of, text }) {
  /** @param {Run} run */
  const said = (run) => `<b>${label(configs[run.config].label)}</b><br>seed ${run.seed}: ${text(of(run))}`;
  return {
    x: groups.flatMap(({ runs }, at) => runs.map((_, i) => at + beside(i, runs.length))),
    y: groups.flatMap(({ runs }) => runs.map(of)), mode: "markers",
    marker: { color: withAlpha(palette()[0], 0.55), size: 7 },
    ...hover(groups.flatMap(({ runs }) => runs.map(said))),
  };
}

/**
 * Seeds lie beside each other, so that equal values do not cover each other.
 *
 * @param {number} i
 * @param {number} n
 */
const beside = (i, n) => (n > 1 ? (((i * 7919) % n) / (n - 1) - 0.5) * Math.min(0.5, 0.06 * n) : 0);

/**
 * @param {Group[]} groups
 * @param {Figure} figure
 * @param {string} short name of the setting
 */
function means(groups, { text }, short) {
  const color = palette()[1];
  const said = groups.map((group) => {
    const spread = group.deviation > 1e-6 ? ` ± ${fixed(group.deviation, 2)}` : "";
    const value = `<b>${label(short)} ${label(valueText(group.value))}</b>`;
    return `${value}<br>mean ${text(group.mean)}${spread} over ${group.runs.length} runs`;
  });
  return {
    x: groups.map((_, at) => at), y: groups.map((group) => group.mean), mode: "lines+markers",
    line: { color, width: 2 }, marker: { color, size: 10, symbol: "diamond" },
    error_y: { type: "data", array: groups.map((group) => group.deviation), color, thickness: 1.5, width: 6 },
    ...hover(said),
  };
}
