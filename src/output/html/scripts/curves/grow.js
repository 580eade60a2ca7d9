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
export function grow({ id, epochs, steps = [], seconds = [], rows, last, best, state, seconds_left: secondsLeft }) {
  const run = runOf(id);
  if (!run) return;
  if (last) run.last = last;
  if (best) run.best = best;
  run.state = state;
  run.seconds_left = secondsLeft;
  if (run.curves) add(run, { ...rows, epochs, steps, seconds });
  tellSoon();
}

/**
 * The curves of runs that have none yet, with every row. Those of a config come together: like a report, all of them
 * are shown at epochs of its longest run.
 *
 * @param {Record<string, RunCurves>} answer by the id of the run
 */
export function adopt(answer) {
  /** @type {Map<Config, Run[]>} */
  const added = new Map();
  for (const run of Object.keys(answer).map(runOf)) {
    if (!run || run.curves) continue;
    const config = configs[run.config];
    added.set(config, [...(added.get(config) ?? []), run]);
  }
  for (const [config, own] of added) {
    const isFirst = !config.runs.some((place) => runs[place].curves?.train_accuracy?.length);
    if (isFirst) beginAt(config, own.map(({ id }) => answer[id]));
    for (const run of own) {
      run.curves = {};
      add(run, shownOf(answer[run.id], data.epochs[config.epochs] ?? []));
    }
  }
}

/**
 * Of every row of a run those at epochs that are shown, and those after them.
 *
 * @param {RunCurves} curves
 * @param {number[]} epochs that are shown
 */
function shownOf(curves, epochs) {
  const known = new Set(epochs);
  const last = epochs.at(-1) ?? -1;
  const kept = curves.epochs.map((epoch) => known.has(epoch) || epoch > last);
  const columns = Object.entries(curves).map(([name, values]) => [name, values.filter((_, at) => kept[at])]);
  return /** @type {RunCurves} */ (Object.fromEntries(columns));
}

/**
 * Chooses the epochs at which the runs of a config are shown: those of its longest run, evenly thinned.
 *
 * @param {Config} config
 * @param {RunCurves[]} all
 */
function beginAt(config, all) {
  const { epochs, steps } = all.reduce((long, one) => (one.epochs.length > long.epochs.length ? one : long));
  const count = Math.min(epochs.length, MOST_POINTS);
  const every = Math.max(1, (epochs.length - 1) / (MOST_POINTS - 1));
  const places = Array.from({ length: count }, (_, i) => Math.round(i * every));
  const lists = ownLists(config);
  lists.epochs.splice(0, Infinity, ...places.map((at) => epochs[at]));
  lists.steps.splice(0, Infinity, ...places.map((at) => steps[at] ?? 0));
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
 * Configs whose lists nobody shares.
 *
 * @type {WeakSet<Config>}
 */
const owners = new WeakSet();

/**
 * The lists of epochs and steps of a config as its own: others may share them until one grows.
 *
 * @param {Config} config
 */
function ownLists(config) {
  const steps = (data.steps ??= []);
  const epochs = [...(data.epochs[config.epochs] ?? [])];
  const own = { epochs, steps: [...(steps[config.steps ?? -1] ?? [])] };
  if (owners.has(config) && config.steps != null) {
    [data.epochs[config.epochs], steps[config.steps]] = [own.epochs, own.steps]; // others, as plots see what changed
    return own;
  }
  owners.add(config);
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
