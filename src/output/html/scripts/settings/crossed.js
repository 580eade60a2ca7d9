// Whether means by the values of settings compare like with like, as `src/analysis/crossed.rs` has it.

/** @import { Config } from "../data/types.js" */
/** @import { Value } from "../data/values.js" */

import { configs, varied } from "../data/data.js";
import { isFinished } from "../data/figures.js";
import { filtered, runsOf } from "../table/order.js";

export const NOT_CROSSED = "Left out: its means average over the other settings, and these configs are not a full " +
  "grid of them.";

/**
 * Whether all values of these settings have been trained with the same combinations of the others. Settings that only
 * ever change together with one of them are not others; neither are seeds and how runs are evaluated.
 *
 * @param {number[]} settings
 */
export function areCrossed(settings) {
  const shown = filtered.filter((index) => runsOf([index]).some(isFinished)).map((index) => configs[index]);
  const own = settings.map((setting) => partition(shown, setting));
  const isChoice = (/** @type {string} */ key) => !/(^|[._])seeds?$/.test(key) && !key.startsWith("evaluation.");
  const others = varied.map((_, index) => index).filter((index) =>
    !settings.includes(index) && isChoice(varied[index].key) && !own.includes(partition(shown, index)));
  const valuesOf = (/** @type {Config} */ config, /** @type {number[]} */ of) =>
    JSON.stringify(of.map((at) => config.values[at]));
  /** @type {Map<string, Set<string>>} */
  const contexts = new Map();
  for (const config of shown) {
    const key = valuesOf(config, settings);
    contexts.set(key, (contexts.get(key) ?? new Set()).add(valuesOf(config, others)));
  }
  const sorted = [...contexts.values()].map((set) => [...set].sort().join("\n"));
  return sorted.every((set) => set === sorted[0]);
}

/**
 * The values of a setting, numbered as they first occur: equal for settings that change together.
 *
 * @param {Config[]} shown
 * @param {number} setting
 */
function partition(shown, setting) {
  /** @type {Map<Value, number>} */
  const numbers = new Map();
  return shown.map(({ values }) => {
    const number = numbers.get(values[setting]) ?? numbers.size;
    numbers.set(values[setting], number);
    return number;
  }).join(" ");
}
