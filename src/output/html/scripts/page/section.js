// A section of the page with its place in the navigation, and the note that several have.

/** @import { Child } from "./elements.js" */

import { data } from "../data/data.js";
import { byId, el } from "./elements.js";
import { on } from "./events.js";

/**
 * `isShown` says whether there is anything to show, whenever the data change.
 *
 * @param {string} id
 * @param {string} title
 * @param {() => boolean} isShown
 * @param {...Child} children
 */
export function section(id, title, isShown, ...children) {
  const heading = el("h2", { id: id + "-h", tabindex: "-1" }, title);
  const element = el("section", { id, "aria-labelledby": id + "-h" }, heading, ...children);
  const link = el("a", { href: "#" + id, onclick: (event) => {
    event.preventDefault(); // the address keeps the view
    element.scrollIntoView();
    heading.focus({ preventScroll: true });
  } }, title);
  byId("sections").append(element);
  byId("nav").append(link);
  const update = () => {
    element.hidden = !isShown();
    link.hidden = element.hidden;
  };
  on("data", update);
  update();
  return element;
}

// Where figures of different examples stand beside each other.
export function incomparableNote() {
  const note = el("p", { class: "incomparable" });
  const update = () => {
    note.hidden = !data.incomparable;
    note.textContent = `Note: ${data.incomparable}, so no config is better than another here.`;
  };
  on("data", update);
  update();
  return note;
}
