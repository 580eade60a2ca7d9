// The axes of parallel coordinates: one a varied setting, one a figure.

/** @import { Config, Setting } from "../data/types.js" */
/** @import { Value } from "../data/values.js" */

import { configs, runs, varied } from "../data/data.js";
import { figures, isFinished, presentFigures } from "../data/figures.js";
import { mean } from "../data/means.js";
import { fixed } from "../data/numbers.js";
import { labelled, tickText, valuesOf, valueText } from "../data/values.js";
import { on } from "../page/events.js";

/**
 * Places are shares of the axis, 0 at its foot.
 *
 * @typedef {object} Axis
 * @property {string} name
 * @property {[place: number, text: string][]} ticks
 * @property {(config: Config) => number | null} at
 * @property {(config: Config) => string} text
 */

/** The axes, made when they are first needed. */
const known = { of: configs, axes: /** @type {Axis[] | null} */ (null) };
on("runs", () => {
  known.axes = null;
});

export function parallelAxes() {
  if (known.of === configs && known.axes) return known.axes;
  const keys = ["train", "val", "test", "gap"].filter((key) => presentFigures.includes(key));
  const axes = [...varied.map(settingAxis), ...keys.map(figureAxis)];
  known.of = configs;
  known.axes = axes;
  return axes;
}

/** @param {Config} config */
export const finishedOf = (config) => config.runs.map((run) => runs[run]).filter(isFinished);

/**
 * Values stand in their order at equal distances, so that 0.001 and 0.01 are told apart.
 *
 * @param {Setting} setting
 * @param {number} index
 * @returns {Axis}
 */
function settingAxis(setting, index) {
  const values = valuesOf(index);
  const places = new Map(values.map((value, at) => [value, values.length > 1 ? at / (values.length - 1) : 0.5]));
  /** @param {Value} value */
  const place = (value) => places.get(value) ?? null;
  return {
    name: setting.short,
    ticks: labelled(values.length, 12).map((at) => [place(values[at]) ?? 0, tickText(values[at])]),
    at: (config) => place(config.values[index]),
    text: (config) => valueText(config.values[index]),
  };
}

/**
 * @param {string} key of the figure
 * @returns {Axis}
 */
function figureAxis(key) {
  const { of, text, name, unit } = figures[key];
  const means = new Map(configs.map((config) => [config, mean(finishedOf(config).map(of))]));
  /** @param {Config} config */
  const value = (config) => means.get(config) ?? null;
  const all = [...means.values()].filter((v) => v != null);
  const [low, high] = [Math.min(...all, ...(unit === "points" ? [0] : [])), Math.max(...all)];
  const shares = high > low ? [0, 0.25, 0.5, 0.75, 1] : [0.5];
  return {
    name: `${name.replace(" accuracy", "")} (${unit})`,
    ticks: shares.map((at) => [at, fixed(high > low ? low + (high - low) * at : low, 1)]),
    at: (config) => {
      const v = value(config);
      if (v == null) return null;
      return high > low ? (v - low) / (high - low) : 0.5;
    },
    text: (config) => text(value(config)),
  };
}
