// The figures that plots can show of a finished run, by their keys.

/** @import { ToText } from "./numbers.js" */
/** @import { FigureData, Run } from "./types.js" */

import { on } from "../page/events.js";
import { data, runs } from "./data.js";
import { fixed, loss, percent, points } from "./numbers.js";

/**
 * @typedef {object} Figure
 * @property {string} name
 * @property {string} unit empty where an axis does not name it
 * @property {(run: Run) => number | undefined} of its value in a run
 * @property {ToText} text
 */

/** @type {Record<FigureData["unit"], ToText>} */
const texts = {
  "%": percent, points, loss, epochs: (value) => fixed(value, 0), seconds: (value) => fixed(value, 1),
};

/**
 * @param {FigureData} figure
 * @returns {[string, Figure]}
 */
function keyed({ key, name, unit }) {
  const shownUnit = ["%", "points"].includes(unit) ? unit : "";
  return [key, { name, unit: shownUnit, of: (run) => run.figures[key], text: texts[unit] }];
}

/** @type {Record<string, Figure>} */
export let figures = {};
/**
 * The keys of those that any run has: a sealed test set has no gap.
 *
 * @type {string[]}
 */
export let presentFigures = [];

on("data", () => {
  figures = Object.fromEntries(data.figures.map(keyed));
  const finished = runs.filter(isFinished);
  presentFigures = Object.keys(figures).filter((key) => finished.some((run) => figures[key].of(run) != null));
});

/** @param {Run} run */
export const isFinished = (run) => run.state === "finished" && run.last != null;

/** @param {Figure} figure */
export const axisTitle = (figure) => figure.name + (figure.unit ? " in " + figure.unit : "");
