// The views of the live page, one of which is shown: which one, the address says.

import { addressOf, chosenText, go } from "../page/address.js";
import { byId, el } from "../page/elements.js";

/** @typedef {"overview" | "page" | "run" | "diff" | "study"} View */

/** @returns {View} */
export function view() {
  if (chosenText("run")) return "run";
  if (chosenText("a") && chosenText("b")) return "diff";
  if (chosenText("study")) return "study";
  return chosenText("experiment") || chosenText("view") === "runs" || chosenText("where") ? "page" : "overview";
}

/** @type {Map<View, HTMLElement[]>} */
const parts = new Map();

/**
 * An element that a view is shown in.
 *
 * @param {View} name
 * @param {HTMLElement} element
 */
export function part(name, element) {
  parts.set(name, [...(parts.get(name) ?? []), element]);
  if (!element.isConnected) byId("main").append(element);
  return element;
}

export function showView() {
  const now = view();
  for (const [name, elements] of parts) for (const element of elements) element.hidden = name !== now;
  document.body.dataset.view = now;
}

/**
 * A link to a view.
 *
 * @param {Record<string, string>} choices
 * @param {...(Node | string)} children
 */
export function linkTo(choices, ...children) {
  const link = el("a", { href: addressOf(choices), onclick: (event) => {
    const { ctrlKey, metaKey, shiftKey } = /** @type {MouseEvent} */ (event);
    if (ctrlKey || metaKey || shiftKey) return; // into another tab or window
    event.preventDefault();
    go(choices);
    window.scrollTo(0, 0);
  } }, ...children);
  return link;
}
