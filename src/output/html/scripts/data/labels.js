// Names as they are shown: of runs, and of anything in a plot.

/** @import { Run } from "./types.js" */

import { configs } from "./data.js";

/**
 * plotly takes labels for a kind of HTML: this makes a text show as it is. Long ones are cut.
 *
 * @param {string | number} text
 * @param {number} [most] characters
 */
export function label(text, most = 60) {
  const whole = String(text);
  const cut = whole.length > most ? whole.slice(0, most - 1) + "…" : whole;
  return cut.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/**
 * A text in lines of at most about so many characters.
 *
 * @param {string} text
 * @param {number} most
 */
export function lines(text, most) {
  const words = text.split(" ").flatMap((word) => word.match(new RegExp(`.{1,${most}}`, "gu")) ?? [""]);
  /** @type {string[]} */
  const made = [];
  for (const word of words) {
    const last = made.at(-1);
    if (last != null && last.length + word.length < most) made[made.length - 1] = `${last} ${word}`;
    else made.push(word);
  }
  return made;
}

/** @param {Run} run */
export const seedText = (run) => (run.seed == null ? "" : `, seed ${run.seed}`);

/** @param {Run} run */
export const runName = (run) => `${configs[run.config].label}${seedText(run)} (${run.id})`;
