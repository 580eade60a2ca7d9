// The rows of the table: its configs, under a row for each value of the setting that they are grouped by.

/** @import { Value } from "../data/values.js" */
/** @import { Option } from "../page/controls.js" */

import { configs, varied } from "../data/data.js";
import { orderOfValues, valueText } from "../data/values.js";
import { chosenText, keep } from "../page/address.js";
import { choice } from "../page/controls.js";
import { tell } from "../page/events.js";
import { filtered } from "./order.js";

/**
 * @typedef {object} Group
 * @property {string} name
 * @property {number[]} indexes of its configs
 */

/** @typedef {number | Group} Item a config by its index, or the heading of those that follow */

/** @type {Set<string>} */
const closed = new Set(); // names of groups whose configs are hidden

const setting = () => varied.findIndex(({ key }) => key === chosenText("group"));

/** @returns {Item[]} */
export function items() {
  const by = setting();
  if (by < 0) return [...filtered];
  /** @type {Map<Value, number[]>} */
  const groups = new Map();
  for (const index of filtered) {
    const value = configs[index].values[by];
    const known = groups.get(value);
    if (known) known.push(index);
    else groups.set(value, [index]);
  }
  return [...groups].sort(([a], [b]) => orderOfValues(a, b)).flatMap(([value, indexes]) => {
    const group = { name: `${varied[by].short} ${valueText(value)}`, indexes };
    return closed.has(group.name) ? [group] : [group, ...indexes];
  });
}

/** @param {Group} group */
export const isClosed = ({ name }) => closed.has(name);

/** @param {Group} group */
export function toggle({ name }) {
  if (!closed.delete(name)) closed.add(name);
  tell("columns");
}

export function groupChoice() {
  const options = () => /** @type {Option<string>[]} */ (
    [["", "nothing"], ...varied.map(({ key, short }) => [key, short])]);
  return choice("Group by", options, () => (setting() < 0 ? "" : chosenText("group")), (value) => {
    keep("group", value);
    tell("filter");
  });
}
