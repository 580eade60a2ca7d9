// Parts of the page tell each other what changed.

/**
 * `data`: all data are others; `rows`: curves have grown; `progress`: runs have come further; `address`: the choices
 * that the address keeps are others.
 *
 * @typedef {"data" | "rows" | "progress" | "runs" | "address" | "selection" | "filter" | "theme" | "curves" |
 *   "settings" | "predictions" | "columns" | "run" | "diff"} EventName
 */

/** @type {Map<EventName, (() => void)[]>} */
const listeners = new Map();

/**
 * Calls the listener whenever the event is told. What keeps state listens from its import on, so before what shows it.
 *
 * @param {EventName} event
 * @param {() => void} listener
 */
export function on(event, listener) {
  listeners.set(event, [...(listeners.get(event) ?? []), listener]);
}

/** @param {EventName} event */
export function tell(event) {
  for (const listener of listeners.get(event) ?? []) listener();
}
