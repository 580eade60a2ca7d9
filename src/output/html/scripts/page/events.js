// Parts of the page tell each other what changed.

/** @typedef {"selection" | "filter" | "theme" | "curves" | "settings" | "predictions"} EventName */

/** @type {Map<EventName, (() => void)[]>} */
const listeners = new Map();

/**
 * Calls the listener whenever the event is told.
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
