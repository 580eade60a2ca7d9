// A section of the page with its place in the navigation, and the note that several have.

/** @import { Child } from "./elements.js" */

import { data } from "../data/data.js";
import { byId, el } from "./elements.js";

/**
 * @param {string} id
 * @param {string} title
 * @param {...Child} children
 */
export function section(id, title, ...children) {
  const heading = el("h2", { id: id + "-h" }, title);
  byId("main").append(el("section", { id, "aria-labelledby": id + "-h" }, heading, ...children));
  byId("nav").append(el("a", { href: "#" + id }, title));
}

// Where figures of different examples stand beside each other.
export function incomparableNote() {
  if (!data.incomparable) return null;
  return el("p", { class: "incomparable" }, `Note: ${data.incomparable}, so no config is better than another here.`);
}
