// The parts of layouts and traces that plots have in common, in the theme's colours.

import { cssColor } from "../look/colors.js";

/** @typedef {Record<string, any>} Layout as plotly takes it */

/**
 * A plot's own layout upon what all plots have.
 *
 * @param {Layout} layout
 * @returns {Layout}
 */
export function themed(layout) {
  const [text, line] = [cssColor("text"), cssColor("line")];
  const axes = Object.entries(layout).filter(([key]) => /^[xy]axis\d*$/.test(key));
  return {
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: text, size: 13, family: getComputedStyle(document.body).fontFamily },
    margin: { l: 56, r: 14, t: 10, b: 44 }, showlegend: false, hovermode: "closest",
    hoverlabel: { bgcolor: cssColor("raised"), bordercolor: line, font: { color: text, size: 13 }, align: "left" },
    ...layout,
    ...Object.fromEntries(axes.map(([key, own]) => [key, themedAxis(own)])),
  };
}

/** @param {Layout} own */
function themedAxis(own) {
  const [muted, grid, line] = [cssColor("muted"), cssColor("grid"), cssColor("line")];
  return {
    gridcolor: grid, linecolor: line, zerolinecolor: line, tickcolor: line, automargin: true,
    tickfont: { color: muted, size: 12 }, ...own,
    title: { font: { color: muted, size: 13 }, standoff: 8, ...own.title },
  };
}

/**
 * The scale beside a coloured plot.
 *
 * @param {object} own
 */
export function colorBar(own) {
  return { thickness: 12, outlinewidth: 0, tickfont: { color: cssColor("muted") }, ...own };
}

/**
 * The title of such a scale.
 *
 * @param {string} text
 */
export function colorBarTitle(text) {
  return { text, side: "right", font: { color: cssColor("muted"), size: 12 } };
}

/**
 * Hover texts made by us: plotly's templates would look into names.
 *
 * @param {string[] | string[][]} texts
 */
export const hover = (texts) => ({ hoverinfo: "text", hovertext: texts });

const MOST_NAMED = 8; // lines, beyond which names would take the plot's place

/**
 * The names of lines above a plot, where there is more than one of them.
 *
 * @param {number} lines
 * @returns {Layout}
 */
export function legend(lines) {
  if (lines < 2 || lines > MOST_NAMED) return {};
  const font = { color: cssColor("muted"), size: 12 };
  return {
    showlegend: true, margin: { l: 56, r: 14, t: 34, b: 44 },
    legend: { orientation: "h", x: 0, y: 1, yanchor: "bottom", font, bgcolor: "rgba(0,0,0,0)", itemwidth: 30 },
  };
}
