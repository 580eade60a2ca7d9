// The mean of a figure over two settings, as a heat map.

/** @import { Value } from "../data/values.js" */
/** @import { Drawing } from "../plots/figure.js" */

import { varied } from "../data/data.js";
import { figures } from "../data/figures.js";
import { label } from "../data/labels.js";
import { mean } from "../data/means.js";
import { fixed } from "../data/numbers.js";
import { valuesOf, valueText } from "../data/values.js";
import { scaleColors } from "../look/colors.js";
import { colorBar, colorBarTitle, hover } from "../plots/layout.js";
import { NOT_CROSSED, areCrossed } from "./crossed.js";
import { runsByValues } from "./groups.js";
import { sayInstead } from "./instead.js";
import { hasManyNumbers, valueTicks } from "./places.js";
import { drawMap } from "./scatter.js";

const MOST_CELLS = 4000;

/**
 * @typedef {object} Cell
 * @property {Value} x
 * @property {Value} y
 * @property {number | null} value the mean over the runs with both
 */

/**
 * @param {number} across setting
 * @param {number} up setting
 * @param {string} key of the figure
 * @returns {Drawing}
 */
export function drawHeatMap(across, up, key) {
  if (hasManyNumbers(across) || hasManyNumbers(up)) return drawMap(across, up, key);
  const [xs, ys] = [valuesOf(across), valuesOf(up)];
  if (xs.length * ys.length > MOST_CELLS) {
    return sayInstead(`${xs.length} times ${ys.length} values are too many for a heat map.`);
  }
  if (!areCrossed([across, up])) return sayInstead(NOT_CROSSED);
  const runsWith = runsByValues([across, up]);
  const cells = ys.map((y) => xs.map((x) => ({ x, y, value: mean(runsWith(x, y).map(figures[key].of)) })));
  const axis = (/** @type {number} */ setting, /** @type {readonly Value[]} */ values) =>
    ({ title: { text: label(varied[setting].short) }, showgrid: false, ...valueTicks(values) });
  return {
    traces: [heatMap(cells, across, up, key)],
    shows: `${across} ${up}`, text: heatMapText(cells.flat(), across, up, key),
    layout: { xaxis: axis(across, xs), yaxis: axis(up, ys) },
  };
}

/**
 * @param {Cell[][]} cells row by row
 * @param {number} across
 * @param {number} up
 * @param {string} key
 */
function heatMap(cells, across, up, key) {
  const { text, unit } = figures[key];
  const hasRoom = cells[0].length <= 14 && cells.length <= 20;
  const digits = key.endsWith("loss") ? 3 : 1;
  const [nameAcross, nameUp] = [label(varied[across].short), label(varied[up].short)];
  /** @param {Cell} cell */
  const said = ({ x, y, value }) =>
    `${nameAcross} ${label(valueText(x))}<br>${nameUp} ${label(valueText(y))}<br><b>${text(value)}</b>`;
  return {
    type: "heatmap", z: cells.map((row) => row.map(({ value }) => value)),
    x: cells[0].map((_, at) => at), y: cells.map((_, at) => at), colorscale: scaleColors(), xgap: 2, ygap: 2,
    ...hover(cells.map((row) => row.map(said))),
    text: cells.map((row) => row.map(({ value }) => (value == null ? "" : fixed(value, digits)))),
    texttemplate: hasRoom ? "%{text}" : "",
    colorbar: colorBar({ title: colorBarTitle(unit) }),
  };
}

/**
 * @param {Cell[]} cells
 * @param {number} across
 * @param {number} up
 * @param {string} key
 */
function heatMapText(cells, across, up, key) {
  const { name, text } = figures[key];
  const [nameAcross, nameUp] = [varied[across].short, varied[up].short];
  const said = cells.slice(0, 60).map(({ x, y, value }) =>
    `${nameAcross} ${valueText(x)}, ${nameUp} ${valueText(y)}: ${text(value)}`);
  return `Mean ${name} by ${nameAcross} and ${nameUp}. ${said.join("; ")}${cells.length > 60 ? "; and more" : ""}.`;
}
