// The kinds of curves: accuracy, gap and loss, with the curves of a run that each is made of.

/** @import { ToText } from "../data/numbers.js" */
/** @import { Curves, Run } from "../data/types.js" */
/** @import { Split } from "./choices.js" */

import { loss, percent, points } from "../data/numbers.js";
import { isShown, presentSplits, splits } from "./choices.js";

/** @typedef {"accuracy" | "gap" | "loss"} Kind */
/** @typedef {keyof Curves | "gap"} CurveName */

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
  gap: {
    title: "Gap: train minus test accuracy", unit: "gap in points", text: points,
    names: () => [{ name: "gap", split: "test" }],
  },
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

/** @param {Named} named */
export const nameWords = ({ name, split }) => (name === "gap" ? "gap" : splits[split].name);

/**
 * None if the run does not have the curve.
 *
 * @param {Run} run
 * @param {CurveName} name
 * @returns {(number | null)[] | undefined}
 */
export function curveOf(run, name) {
  if (name !== "gap") return run.curves?.[name];
  const { train_accuracy: train, test_accuracy: test } = run.curves ?? {};
  return train && test && train.map((value, i) => difference(value, test[i]));
}

/**
 * @param {number | null} a
 * @param {number | null | undefined} b
 */
const difference = (a, b) => (a == null || b == null ? null : a - b);
