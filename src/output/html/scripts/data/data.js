// The data of the page: set at first and whenever the server has more. What imports it sees the newest.

/** @import { Config, Data } from "./types.js" */

import { tell } from "../page/events.js";

/** @type {Data} */
export let data = {
  columns: [], varied: [], legend: "", changes: null, incomparable: null, configs: [], epochs: [], runs: [],
  shared: { settings: [], provenance: [], experiments: [] }, most_points: 0, predictions: [], effects: null,
  figures: [],
};
export let { configs, runs, varied, columns } = data;

/** @type {Map<string, number>} */
let places = new Map();

/**
 * Tells "data" to all that show any of it.
 *
 * @param {Data} value
 */
export function setData(value) {
  data = value;
  ({ configs, runs, varied, columns } = value);
  places = new Map(runs.map(({ id }, place) => [id, place]));
  tell("data");
}

/**
 * The run of an id.
 *
 * @param {string} id
 */
export const runOf = (id) => runs[places.get(id) ?? -1];

/**
 * What a config is known by when the data are replaced: places and names change, ids of runs do not.
 *
 * @param {Config} config
 */
export const keyOf = (config) => runs[config.runs[0]].id;
