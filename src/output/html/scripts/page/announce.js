// What screen readers say when something has changed.

import { byId } from "./elements.js";

/** @param {string} text */
export function announce(text) {
  byId("status").textContent = text;
}
