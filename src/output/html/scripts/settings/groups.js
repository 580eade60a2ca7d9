// Finished runs, of the configs that the table's filter leaves, by their values of some settings.

/** @import { Run } from "../data/types.js" */
/** @import { Value } from "../data/values.js" */

import { configs } from "../data/data.js";
import { isFinished } from "../data/figures.js";
import { filtered, runsOf } from "../table/order.js";

/**
 * The runs with given values of the settings, in the order of the settings.
 *
 * @param {number[]} settings
 * @returns {(...values: Value[]) => Run[]}
 */
export function runsByValues(settings) {
  /** @type {Map<string, Run[]>} */
  const groups = new Map();
  for (const index of filtered) {
    const key = JSON.stringify(settings.map((setting) => configs[index].values[setting]));
    const own = runsOf([index]).filter(isFinished);
    const group = groups.get(key) ?? [];
    group.push(...own);
    groups.set(key, group);
  }
  return (...values) => groups.get(JSON.stringify(values)) ?? [];
}
