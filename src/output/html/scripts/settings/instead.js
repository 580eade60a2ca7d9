// Words in place of a plot that would show nothing true.

/** @import { Drawing } from "../plots/figure.js" */

import { lines } from "../data/labels.js";

/**
 * @param {string} text
 * @returns {Drawing}
 */
export function sayInstead(text) {
  const axis = { visible: false };
  const annotations = [{
    text: lines(text, 56).join("<br>"), showarrow: false, xref: "paper", yref: "paper", x: 0.5, y: 0.5,
  }];
  return { traces: [], shows: "nothing", text, layout: { xaxis: axis, yaxis: axis, annotations } };
}
