// Which classes a run takes for which: shares of each class, so that classes of unequal size can be compared.

/** @import { Confusion } from "../data/types_of_predictions.js" */
/** @import { Drawing } from "../plots/figure.js" */

import { label } from "../data/labels.js";
import { fixed } from "../data/numbers.js";
import { scaleColors } from "../look/colors.js";
import { colorBar, hover } from "../plots/layout.js";

const MOST_COUNTS = 12; // classes whose counts have room in their cells
const MOST_NAMES = 40; // classes whose names have room on the axes

/**
 * @param {Confusion} confusion
 * @returns {Drawing}
 */
export function drawConfusion({ classes, counts }) {
  const sums = counts.map((row) => row.reduce((a, b) => a + b, 0));
  const places = classes.map((_, i) => i);
  const names = classes.map((name, i) => (classes.length <= MOST_NAMES ? label(name, 18) : i % 10 ? "" : String(i)));
  const axis = { tickvals: places, ticktext: names, showgrid: false };
  return {
    traces: [heatMap(classes, counts, sums)],
    text: confusionText(classes, counts, sums),
    layout: {
      xaxis: { title: { text: "predicted class" }, ...axis, side: "bottom" },
      yaxis: { title: { text: "true class" }, ...axis, autorange: "reversed" },
    },
  };
}

/**
 * @param {string[]} classes
 * @param {number[][]} counts
 * @param {number[]} sums of each class
 */
function heatMap(classes, counts, sums) {
  const places = classes.map((_, i) => i);
  const shares = counts.map((row, i) => row.map((count) => (sums[i] ? (100 * count) / sums[i] : null)));
  const said = counts.map((row, i) => row.map((count, j) => {
    const share = fixed(shares[i][j] ?? 0, 1);
    return `<b>${label(classes[i])}</b> taken for <b>${label(classes[j])}</b><br>${count} of ${sums[i]} (${share} %)`;
  }));
  return {
    type: "heatmap", z: shares, x: places, y: places, zmin: 0, zmax: 100, colorscale: scaleColors(),
    xgap: 1, ygap: 1, ...hover(said), text: counts.map((row) => row.map(String)),
    texttemplate: classes.length <= MOST_COUNTS ? "%{text}" : "",
    colorbar: colorBar({ ticksuffix: " %" }),
  };
}

/**
 * @param {string[]} classes
 * @param {number[][]} counts
 * @param {number[]} sums
 */
function confusionText(classes, counts, sums) {
  const cells = counts.flatMap((row, i) => row.map((count, j) => ({ i, j, count })));
  const mistaken = cells.filter(({ i, j, count }) => i !== j && count).sort((a, b) => b.count - a.count);
  if (!mistaken.length) return "Confusion of classes. No example is taken for another class.";
  const said = mistaken.slice(0, 8).map(({ i, j, count }) =>
    `${classes[i]} taken for ${classes[j]}: ${count} of ${sums[i]}`);
  return `Confusion of classes. The most frequent: ${said.join("; ")}.`;
}
