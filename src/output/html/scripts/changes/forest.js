// The forest: the change of each config in accuracy and in the gap, with its interval and a dot a seed, in the groups
// of the verdict.

/** @import { Changed, Changes, FigureChange } from "../data/types.js" */
/** @import { Drawing } from "../plots/figure.js" */

import { configs } from "../data/data.js";
import { label, lines } from "../data/labels.js";
import { fixed } from "../data/numbers.js";
import { cssColor, withAlpha } from "../look/colors.js";
import { hover } from "../plots/layout.js";
import { colorOfChange } from "./colors.js";

const NARROW = 640; // pixels of the page, below which names and axes have less room
const LINE = 17; // pixels of one
const ABOVE_AND_BELOW = 76;
const MORE_BELOW = 64; // for the titles of narrow axes
const DOTS_BELOW = 0.24; // of a row

/**
 * A row with its place from the top; a verdict has no change.
 *
 * @typedef {object} Row
 * @property {string} text as plotly takes it
 * @property {Changed | null} change
 * @property {number} at
 */

const isNarrow = () => document.documentElement.clientWidth < NARROW;

/** @param {string} text */
const inLines = (text) => lines(text, isNarrow() ? 18 : 44).map((line) => label(line)).join("<br>");

/** @param {Changes} changes */
const rowsOf = ({ list }) => {
  /** @type {Row[]} */
  const rows = [];
  let verdict = "";
  for (const change of list) {
    if (change.verdict !== verdict) {
      verdict = change.verdict;
      rows.push({ text: `<b>${inLines(verdict)}</b>`, change: null, at: rows.length });
    }
    rows.push({ text: inLines(configs[change.config].label), change, at: rows.length });
  }
  return rows;
};

/** @param {Changes} changes */
export function forestHeight(changes) {
  const rows = rowsOf(changes);
  const most = Math.max(1, ...rows.map(({ text }) => text.split("<br>").length));
  return ABOVE_AND_BELOW + (isNarrow() ? MORE_BELOW : 0) + rows.length * Math.max(28, 8 + LINE * most);
}

/**
 * @param {Changes} changes
 * @returns {Drawing}
 */
export function drawForest(changes) {
  const rows = rowsOf(changes);
  const shown = rows.filter(({ change }) => change);
  const told = changes.list.slice(0, 60).map(({ config, score, gap, verdict }) =>
    `${configs[config].label}: ${changes.score} ${score.text}, ${changes.gap} ${gap.text}, ${verdict}`);
  const axis = (/** @type {string} */ text, /** @type {number[]} */ reach, /** @type {number[]} */ domain) => {
    const air = 0.04 * (reach[1] - reach[0]) || 1;
    return {
      title: { text: isNarrow() ? lines(text, 11).join("<br>") : text },
      ...(isNarrow() ? { nticks: 3, tickangle: 0 } : {}),
      domain, range: [reach[0] - air, reach[1] + air], zeroline: true, zerolinewidth: 2,
      zerolinecolor: cssColor("text"), side: "bottom",
    };
  };
  return {
    traces: [
      ...tracesOf(shown, "score", "x", changes.score), ...tracesOf(shown, "gap", "x2", changes.gap),
    ],
    shows: "forest", text: `Changes against the baseline. ${told.join("; ")}.`,
    layout: {
      margin: { l: isNarrow() ? 20 : 56, r: 14, t: 8, b: 48 },
      xaxis: axis(`${label(changes.score)}: change in points (right: better)`, changes.reach[0], [0, 0.485]),
      xaxis2: axis(`${label(changes.gap)}: change in points (left: narrower)`, changes.reach[1], [0.515, 1]),
      yaxis: {
        tickvals: rows.map(({ at }) => at), ticktext: rows.map(({ text }) => text), range: [rows.length - 0.5, -0.5],
        showgrid: false, zeroline: false, fixedrange: true,
        tickfont: { color: cssColor("text"), size: isNarrow() ? 11 : 13 },
      },
    },
  };
}

/**
 * The seeds as dots, then the means with their intervals.
 *
 * @param {Row[]} rows
 * @param {"score" | "gap"} key
 * @param {"x" | "x2"} xaxis
 * @param {string} figure its name
 */
function tracesOf(rows, key, xaxis, figure) {
  const parts = rows.flatMap(({ change, at }) => (change ? [{ change, at, of: change[key] }] : []));
  const seeds = parts.flatMap(({ change, at, of }) =>
    of.seeds.map((seed) => ({ seed, at: at + DOTS_BELOW, color: withAlphaOf(colorOfChange(change.direction)) })));
  const colors = parts.map(({ change }) => colorOfChange(change.direction));
  const means = parts.map(({ at, of }, i) => ({ at, of, color: colors[i] })).filter(({ of }) => of.value != null);
  return [
    {
      x: seeds.map(({ seed }) => seed), y: seeds.map(({ at }) => at), xaxis, mode: "markers",
      marker: { size: 7, color: seeds.map(({ color }) => color) },
      ...hover(seeds.map(({ seed }) => `a seed: ${signed(seed)} points`)),
    },
    ...means.map(({ at, of, color }) => ({
      x: [of.value], y: [at], xaxis, mode: "markers", marker: { size: 10, symbol: "square", color },
      error_x: whiskers(of, color), ...hover([`${label(figure)}: ${of.text} points`]),
    })),
  ];
}

/**
 * @param {FigureChange} of
 * @param {string} color
 */
function whiskers({ value, interval }, color) {
  if (!interval || value == null) return { visible: false };
  const [low, high] = interval;
  const ends = { array: [high - value], arrayminus: [value - low] };
  return { type: "data", symmetric: false, ...ends, color, thickness: 2, width: 6 };
}

/** @param {string} color */
const withAlphaOf = (color) => (/^#[0-9a-f]{6}$/i.test(color) ? withAlpha(color, 0.55) : color);

/** @param {number} value */
const signed = (value) => (value > 0 && fixed(value, 1) !== "0.0" ? "+" : "") + fixed(value, 1);
