// What the reader has chosen, as the page's address keeps it: another reader with the same address sees the same.

import { tell } from "./events.js";

/** @type {URLSearchParams} */
let parts = fromAddress();

// A fragment without `=` is a place on the page.
function fromAddress() {
  const fragment = location.hash.slice(1);
  return new URLSearchParams(fragment.includes("=") ? fragment : "");
}

/**
 * What was chosen, empty where nothing was.
 *
 * @param {string} name
 */
export const chosenText = (name) => parts.get(name) ?? "";

/**
 * Keeps a choice in the address; an empty text takes it away.
 *
 * @param {string} name
 * @param {string} text
 */
export function keep(name, text) {
  if (text) parts.set(name, text);
  else parts.delete(name);
  history.replaceState(null, "", "#" + parts.toString());
}

/**
 * Another view, which the browser's back button leaves.
 *
 * @param {Record<string, string>} choices
 */
export function go(choices) {
  history.pushState(null, "", addressOf(choices));
  read();
}

/** @param {Record<string, string>} choices */
export const addressOf = (choices) => "#" + new URLSearchParams(choices).toString();

function read() {
  parts = fromAddress();
  tell("address");
}

window.addEventListener("popstate", read);
