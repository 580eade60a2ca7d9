// The kinds of curves: accuracy, gap and loss, with the curves of a run that each is made of.

/** @import { ToText } from "../data/numbers.js" */
/** @import { Curves, Run } from "../data/types.js" */
/** @import { Split } from "./choices.js" */

import { loss, percent, points } from "../data/numbers.js";
import { isShown, presentSplits, splits } from "./choices.js";

/** @typedef {"accuracy" | "gap" | "loss"} Kind */
/** @typedef {Exclude<keyof Curves, "seconds"> | "gap" | "val_gap"} CurveName */

/**
 * A curve that each config has, and the split whose kind of line it is drawn in.
 *
 * @typedef {object} Named
 * @property {CurveName} name
 * @property {Split} split
 */

/**
 * @typedef {object} KindOfCurve
 * @property {string} title
 * @property {string} unit
 * @property {ToText} text
 * @property {() => Named[]} names of the curves that are shown now
 */

/** @type {Record<Kind, KindOfCurve>} */
export const kinds = {
  accuracy: { title: "Accuracy", unit: "accuracy in %", text: percent, names: () => shownNames("accuracy") },
  gap: { title: "Gap: train minus held-out accuracy", unit: "gap in points", text: points, names: gapNames },
  loss: { title: "Loss", unit: "mean cross-entropy", text: loss, names: () => shownNames("loss") },
};

/**
 * @param {"accuracy" | "loss"} figure
 * @returns {Named[]}
 */
function shownNames(figure) {
  const shown = presentSplits.filter(isShown);
  return shown.map((split) => ({ name: `${split}_${figure}`, split }));
}

/** @returns {Named[]} that of the test split, unless another is chosen */
function gapNames() {
  /** @type {Named[]} */
  const all = [{ name: "gap", split: "test" }, { name: "val_gap", split: "val" }];
  const present = all.filter(({ split }) => presentSplits.includes(split));
  const shown = present.filter(({ split }) => isShown(split));
  return shown.length ? shown : present.slice(0, 1);
}

/** @param {Named} named */
export function nameWords({ name, split }) {
  if (name === "gap") return presentSplits.includes("val") ? "gap to test" : "gap";
  return name === "val_gap" ? "gap to validation" : splits[split].name;
}

/**
 * None if the run does not have the curve.
 *
 * @param {Run} run
 * @param {CurveName} name
 * @returns {(number | null)[] | undefined}
 */
export function curveOf(run, name) {
  if (name !== "gap" && name !== "val_gap") return run.curves?.[name];
  const { train_accuracy: train, test_accuracy: test, val_accuracy: val } = run.curves ?? {};
  const heldOut = name === "gap" ? test : val;
  return train && heldOut && train.map((value, i) => difference(value, heldOut[i]));
}

/**
 * @param {number | null} a
 * @param {number | null | undefined} b
 */
const difference = (a, b) => (a == null || b == null ? null : a - b);
