// What the reader chooses of the curves: the splits, how seeds are shown, and the scale of the loss.

import { configs, runs } from "../data/data.js";

/** @typedef {"train" | "val" | "test"} Split */
/** @typedef {"range" | "std" | "seeds" | "none"} Band */

/**
 * A split has a kind of line, a config a colour.
 *
 * @type {Record<Split, { name: string, dash: string, words: string }>}
 */
export const splits = {
  train: { name: "train", dash: "dot", words: "dotted" },
  val: { name: "validation", dash: "dash", words: "dashed" },
  test: { name: "test", dash: "solid", words: "solid" },
};

const everySplit = /** @type {Split[]} */ (Object.keys(splits));

// Those that any run has.
export const presentSplits = everySplit.filter((split) => runs.some((run) => run.curves[`${split}_accuracy`]));

// Of many configs one line each: ten times three would hide each other.
const MOST_WITH_TRAIN = 2;
const isHeldOut = (/** @type {Split} */ split) => split !== "train";
const heldOut = presentSplits.includes("test") ? ["test"] : presentSplits.filter(isHeldOut);
const few = heldOut.length ? /** @type {Split[]} */ (heldOut) : presentSplits;
export const shownSplits = new Set(configs.length > MOST_WITH_TRAIN ? few : presentSplits);

export const chosen = {
  /** @type {Band} */
  band: "range",
  lossIsLog: false,
};
