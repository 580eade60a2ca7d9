// Rows that a server sends, put where the page has the curves.

/** @import { Config, Run } from "../data/types.js" */
/** @import { NewRows, RunCurves } from "../live/types.js" */

import { configs, data, runOf, runs } from "../data/data.js";
import { tell } from "../page/events.js";
import { byItself, whenThereIsTime } from "../page/pace.js";

const MOST_POINTS = 200; // of a curve, as in a report

/**
 * Lengthens the curves of a run.
 *
 * @param {NewRows} event
 */
export function grow({ id, epochs, steps = [], seconds = [], rows, last, state, seconds_left: secondsLeft }) {
  const run = runOf(id);
  if (!run) return;
  if (last) run.last = last;
  run.state = state;
  run.seconds_left = secondsLeft;
  if (run.curves) add(run, { ...rows, epochs, steps, seconds });
  tellSoon();
}

/**
 * The curves of a run that has none yet.
 *
 * @param {Run} run
 * @param {RunCurves} curves every row of it
 */
export function adopt(run, curves) {
  const { epochs } = curves;
  const every = Math.max(1, (epochs.length - 1) / (MOST_POINTS - 1));
  const kept = new Set(Array.from({ length: Math.min(epochs.length, MOST_POINTS) }, (_, i) => Math.round(i * every)));
  const thin = (/** @type {any[]} */ values) => values.filter((_, at) => kept.has(at));
  run.curves = {};
  add(run, /** @type {RunCurves} */ (Object.fromEntries(
    Object.entries(curves).map(([name, values]) => [name, thin(values)]))));
}

/**
 * Epochs between those that the config's curves are shown at are left out, as they are in long runs that have ended.
 *
 * @param {Run} run
 * @param {RunCurves} added
 */
function add(run, { epochs, steps, seconds, ...curves }) {
  const config = configs[run.config];
  const lists = ownLists(config);
  const distance = meanDistance(lists.epochs);
  const known = (run.curves ??= {});
  epochs.forEach((epoch, at) => {
    if (!lists.epochs.length || epoch >= lists.epochs[lists.epochs.length - 1] + 0.99 * distance) {
      lists.epochs.push(epoch);
      lists.steps.push(steps[at] ?? 0);
    }
    const place = lists.epochs.lastIndexOf(epoch); // most often the last
    if (place < 0) return;
    for (const [name, values] of Object.entries({ ...curves, seconds })) {
      put(/** @type {Record<string, (number | null)[]>} */ (known), name, place, values[at]);
    }
    if (lists.epochs.length > 2 * MOST_POINTS) halve(config, lists);
  });
}

/**
 * Leaves every second epoch of a config, from the first on, so that long runs stay quick to draw.
 *
 * @param {Config} config
 * @param {{ epochs: number[], steps: number[] }} lists its own
 */
function halve(config, lists) {
  /** @type {(number | null)[][]} */
  const curves = config.runs.flatMap((place) => Object.values(runs[place].curves ?? {}));
  for (const list of /** @type {any[][]} */ ([lists.epochs, lists.steps, ...curves])) {
    list.splice(0, list.length, ...list.filter((_, at) => at % 2 === 0));
  }
}

/** @param {number[]} epochs */
const meanDistance = (epochs) =>
  (epochs.length > 1 ? (epochs[epochs.length - 1] - epochs[0]) / (epochs.length - 1) : 1);

/**
 * The lists of epochs and steps of a config as its own: others may share them until one grows.
 *
 * @param {Config} config
 */
function ownLists(config) {
  const steps = (data.steps ??= []);
  const epochs = [...(data.epochs[config.epochs] ?? [])];
  const own = { epochs, steps: [...(steps[config.steps ?? -1] ?? [])] };
  config.epochs = data.epochs.push(own.epochs) - 1;
  config.steps = steps.push(own.steps) - 1;
  return own;
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

// Many runs may send rows at once: the page is drawn once for all of them. Where each is, is said at once.
function tellSoon() {
  tell("progress");
  whenThereIsTime("rows", () => byItself(() => tell("rows")));
}
