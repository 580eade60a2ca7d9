// What curves run along: epochs, steps, or seconds.

/** @import { Run } from "../data/types.js" */
/** @import { Option } from "../page/controls.js" */

import { configs, data, runs } from "../data/data.js";
import { mean } from "../data/means.js";
import { chosenText } from "../page/address.js";

/** @typedef {"epoch" | "step" | "seconds"} Across */

/** @type {Record<Across, string>} */
const titles = { epoch: "epoch", step: "step", seconds: "seconds of training and evaluation" };

const stepsOf = (/** @type {number} */ index) => data.steps?.[configs[index].steps ?? -1];

/** @returns {Option<Across>[]} those that the data have */
export function acrossOptions() {
  /** @type {Option<Across>[]} */
  const options = [["epoch", "epochs"]];
  if (configs.some((_, index) => stepsOf(index)?.length)) options.push(["step", "steps"]);
  if (runs.some((run) => run.curves?.seconds?.length)) options.push(["seconds", "seconds"]);
  return options;
}

/** @returns {Across} */
export function across() {
  const chosen = acrossOptions().find(([value]) => value === chosenText("x"));
  return chosen ? chosen[0] : "epoch";
}

export const acrossTitle = () => titles[across()];

/**
 * The place on the axis of each epoch of a config, or of one of its runs: seconds are means over its runs.
 *
 * @param {number} index of the config
 * @param {Run} [run]
 * @returns {(number | null)[]}
 */
export function placesOf(index, run) {
  const epochs = data.epochs[configs[index].epochs] ?? [];
  switch (across()) {
    case "step": return stepsOf(index) ?? epochs;
    case "seconds": {
      const own = run ? [run] : configs[index].runs.map((place) => runs[place]);
      return epochs.map((_, at) => mean(own.map((one) => one.curves?.seconds?.[at])));
    }
    default: return epochs;
  }
}

/**
 * The place of an epoch between those that the curves are shown at.
 *
 * @param {number} index of the config
 * @param {Run} run
 * @param {number} epoch
 */
export function placeOf(index, run, epoch) {
  if (across() === "epoch") return epoch;
  const epochs = data.epochs[configs[index].epochs] ?? [];
  const places = placesOf(index, run);
  const after = epochs.findIndex((known) => known >= epoch);
  const [high, low] = [places[after], places[Math.max(0, after - 1)]];
  if (after < 0 || high == null || low == null) return null;
  const distance = epochs[after] - epochs[Math.max(0, after - 1)];
  return distance ? high - ((epochs[after] - epoch) / distance) * (high - low) : high;
}
