// Mean and spread over the seeds of a config, epoch by epoch.

/** @import { CurveName } from "./kinds.js" */

import { configs, data, runs } from "../data/data.js";
import { deviation, mean } from "../data/means.js";
import { on } from "../page/events.js";
import { want } from "./ask.js";
import { curveOf } from "./kinds.js";

/** @typedef {(number | null)[]} Numbers one an epoch */
/** @typedef {{ low: Numbers, high: Numbers }} Spread */

/**
 * @typedef {object} Summary
 * @property {number[]} epochs
 * @property {Numbers[]} curves of each seed that has it
 * @property {Numbers} means
 * @property {number[]} seeds how many each mean is of
 * @property {Spread} range lowest to highest
 * @property {Spread} std a standard deviation to either side of the mean
 */

/**
 * Each is computed once, until curves grow.
 *
 * @type {Map<string, Summary | null>}
 */
const summaries = new Map();
for (const event of /** @type {const} */ (["data", "rows"])) on(event, () => summaries.clear());

/**
 * None if no run of the config has the curve.
 *
 * @param {number} index of the config
 * @param {CurveName} name
 */
export function summary(index, name) {
  const key = index + name;
  const known = summaries.get(key);
  if (known !== undefined) return known;
  const made = summarise(index, name);
  summaries.set(key, made);
  return made;
}

/**
 * @param {number} index
 * @param {CurveName} name
 * @returns {Summary | null}
 */
function summarise(index, name) {
  const epochs = data.epochs[configs[index].epochs] ?? [];
  const own = configs[index].runs.map((run) => runs[run]);
  want(own.filter((run) => !run.curves).map(({ id }) => id));
  const curves = own.map((run) => curveOf(run, name)).filter((curve) => curve != null);
  if (!curves.length) return null;
  const values = epochs.map((_, at) => curves.map((curve) => curve[at]).filter((value) => value != null));
  const means = values.map(mean);
  const deviations = values.map((seeds) => deviation(seeds) ?? 0);
  /** @param {-1 | 1} sign */
  const side = (sign) => means.map((value, i) => (value == null ? null : value + sign * deviations[i]));
  return {
    epochs, curves, means, seeds: values.map((seeds) => seeds.length),
    range: {
      low: values.map((seeds) => (seeds.length ? Math.min(...seeds) : null)),
      high: values.map((seeds) => (seeds.length ? Math.max(...seeds) : null)),
    },
    std: { low: side(-1), high: side(1) },
  };
}
