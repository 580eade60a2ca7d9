// Rows that a server sends while runs are trained, put where the page has the curves.

/** @import { Curves, Row } from "../data/types.js" */

import { configs, data, runOf } from "../data/data.js";
import { tell } from "../page/events.js";

/**
 * @typedef {object} Rows
 * @property {string} id of the run
 * @property {number[]} epochs
 * @property {Curves} rows at these epochs
 * @property {Row | null} last
 * @property {string} state
 * @property {number | null} seconds_left
 */

let isTold = false;

/**
 * Lengthens the curves of a run. Epochs between those that the config's curves are shown at are left out, as they are
 * in long runs that have ended.
 *
 * @param {Rows} event
 */
export function grow({ id, epochs, rows, last, state, seconds_left: secondsLeft }) {
  const run = runOf(id);
  if (!run) return;
  if (last) run.last = last;
  run.state = state;
  run.seconds_left = secondsLeft;
  const config = configs[run.config];
  // A list that only this config has: others share it until they grow.
  const own = [...(data.epochs[config.epochs] ?? [])];
  const distance = own.length > 1 ? (own[own.length - 1] - own[0]) / (own.length - 1) : 1;
  run.curves ??= {};
  for (const [at, epoch] of epochs.entries()) {
    if (!own.length || epoch >= own[own.length - 1] + 0.99 * distance) own.push(epoch);
    const place = own.indexOf(epoch);
    if (place < 0) continue;
    for (const [name, values] of Object.entries(rows)) put(run.curves, name, place, values[at]);
  }
  config.epochs = data.epochs.push(own) - 1;
  tellSoon();
}

/**
 * @param {Record<string, (number | null)[]>} curves
 * @param {string} name
 * @param {number} place
 * @param {number | null | undefined} value
 */
function put(curves, name, place, value) {
  const curve = (curves[name] ??= []);
  while (curve.length < place) curve.push(null);
  curve[place] = value ?? null;
}

// Many runs may send rows at once: the page is drawn once for all of them.
function tellSoon() {
  if (isTold) return;
  isTold = true;
  setTimeout(() => {
    isTold = false;
    tell("rows");
  }, 0);
}
