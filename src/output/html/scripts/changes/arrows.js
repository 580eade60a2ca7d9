// Gap and accuracy of each config as a numbered point, with an arrow from the baseline to it.

/** @import { Changes } from "../data/types.js" */
/** @import { Drawing } from "../plots/figure.js" */

import { configs } from "../data/data.js";
import { label } from "../data/labels.js";
import { fixed } from "../data/numbers.js";
import { cssColor } from "../look/colors.js";
import { hover } from "../plots/layout.js";
import { colorOfChange } from "./colors.js";

/**
 * @typedef {object} Point
 * @property {string} name
 * @property {number} x gap in points
 * @property {number} y accuracy in percent
 * @property {import("../data/types.js").Direction | null} direction none for the baseline
 */

/**
 * The baseline, then every config that has both figures; only the baseline where it has none.
 *
 * @param {Changes} changes
 * @returns {Point[]}
 */
export function arrowPoints({ baseline, list }) {
  const point = (/** @type {number} */ config, /** @type {number | null} */ x, /** @type {number | null} */ y) =>
    (x == null || y == null ? [] : [{ name: configs[config].label, x, y, direction: null }]);
  const first = point(baseline.config, baseline.gap, baseline.score);
  if (!first.length) return [];
  const others = list.flatMap(({ config, gap, score, direction }) =>
    point(config, gap.mean, score.mean).map((made) => ({ ...made, direction })));
  return [...first, ...others];
}

/**
 * @param {Changes} changes
 * @param {Point[]} points
 * @returns {Drawing}
 */
export function drawArrows(changes, points) {
  const [baseline, ...others] = points;
  const color = (/** @type {Point} */ { direction }) => (direction ? colorOfChange(direction) : cssColor("text"));
  const said = points.map(({ name, x, y }) =>
    `<b>${label(name)}</b><br>${label(changes.score)} ${fixed(y, 1)} %, ${label(changes.gap)} ${fixed(x, 1)} points`);
  const told = points.slice(0, 60).map(({ name, x, y }) => `${name}: ${fixed(y, 1)} %, gap ${fixed(x, 1)} points`);
  return {
    traces: [{
      x: points.map(({ x }) => x), y: points.map(({ y }) => y), mode: "markers+text",
      text: points.map((_, at) => (at ? String(at) : "")), textfont: { color: cssColor("page"), size: 11 },
      marker: {
        size: points.map((_, at) => (at ? 19 : 12)), color: points.map(color), opacity: 1,
        line: { color: cssColor("page"), width: 1 },
      },
      ...hover(said),
    }],
    shows: "arrows", text: `${changes.gap} and ${changes.score} of each config. ${told.join("; ")}.`,
    layout: {
      xaxis: { title: { text: `${label(changes.gap)} in points` }, rangemode: "tozero" },
      yaxis: { title: { text: `${label(changes.score)} in %` } },
      shapes: [cross("x", baseline.x), cross("y", baseline.y)],
      annotations: [
        ...others.map((point) => ({
          x: point.x, y: point.y, ax: baseline.x, ay: baseline.y, xref: "x", yref: "y", axref: "x", ayref: "y",
          text: "", showarrow: true, arrowhead: 2, arrowsize: 1.1, arrowwidth: 1.6, arrowcolor: color(point),
          standoff: 9,
        })),
        {
          text: "baseline", x: baseline.x, y: baseline.y, xref: "x", yref: "y", showarrow: false, xanchor: "left",
          xshift: 9, yshift: 10, font: { color: cssColor("text"), size: 12 },
        },
        ...corner("better", "top", others.some(({ x, y }) => x < baseline.x && y > baseline.y)),
        ...corner("learned less", "bottom", others.some(({ x, y }) => x < baseline.x && y < baseline.y)),
      ],
    },
  };
}

/**
 * Faint words at the left, if a config lies there.
 *
 * @param {string} text
 * @param {"top" | "bottom"} yanchor
 * @param {boolean} isThere
 */
function corner(text, yanchor, isThere) {
  const font = { color: cssColor("muted"), size: 14 };
  const y = yanchor === "top" ? 0.98 : 0.02;
  const place = { xref: "paper", yref: "paper", x: 0.01, y, xanchor: "left", yanchor };
  return isThere ? [{ text, ...place, font, opacity: 0.75, showarrow: false }] : [];
}

/**
 * A faint line through the baseline.
 *
 * @param {"x" | "y"} along the axis on which it has a place
 * @param {number} at
 */
function cross(along, at) {
  const line = { color: cssColor("line"), width: 1 };
  return along === "x"
    ? { type: "line", xref: "x", yref: "paper", x0: at, x1: at, y0: 0, y1: 1, line }
    : { type: "line", xref: "paper", yref: "y", x0: 0, x1: 1, y0: at, y1: at, line };
}
