// What the reader chooses of the curves: the splits, how seeds are shown, and the scale of the loss.

import { configs, runs } from "../data/data.js";
import { chosenText, keep } from "../page/address.js";
import { on, tell } from "../page/events.js";

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

export const everySplit = /** @type {Split[]} */ (Object.keys(splits));

/**
 * Those that any run has.
 *
 * @type {Split[]}
 */
export let presentSplits = [];

on("data", findSplits);
on("rows", findSplits);

function findSplits() {
  presentSplits = everySplit.filter((split) =>
    runs.some((run) => run.curves?.[`${split}_accuracy`] ?? run.last?.[split] != null));
}

// Of many configs one line each: ten times three would hide each other.
const MOST_WITH_TRAIN = 2;
const isHeldOut = (/** @type {Split} */ split) => split !== "train";

/** @returns {Split[]} */
function splitsAtFirst() {
  if (configs.length <= MOST_WITH_TRAIN) return presentSplits;
  const heldOut = presentSplits.includes("test") ? /** @type {Split[]} */ (["test"]) : presentSplits.filter(isHeldOut);
  return heldOut.length ? heldOut : presentSplits;
}

/** @returns {Split[]} */
function shownSplits() {
  const chosen = chosenText("splits");
  return chosen ? presentSplits.filter((split) => chosen.split(",").includes(split)) : splitsAtFirst();
}

/** @param {Split} split */
export const isShown = (split) => shownSplits().includes(split);

/**
 * @param {Split} split
 * @param {boolean} isOn
 */
export function showSplit(split, isOn) {
  const shown = presentSplits.filter((one) => (one === split ? isOn : isShown(one)));
  const isFirst = String(shown) === String(splitsAtFirst());
  keep("splits", isFirst ? "" : shown.join(",") || "none");
  tell("curves");
}

export const band = () => /** @type {Band} */ (chosenText("seeds") || "range");
export const comparesAll = () => chosenText("hover") === "all";
export const isLog = () => chosenText("loss") === "log";

/**
 * Keeps a choice and draws the curves anew.
 *
 * @param {"seeds" | "loss" | "smooth" | "x" | "hover"} name
 * @param {string} text
 */
export function choose(name, text) {
  keep(name, text);
  tell("curves");
}
