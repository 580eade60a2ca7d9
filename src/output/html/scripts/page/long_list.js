// A list that is made part by part: the next part when its button is pressed.

import { el } from "./elements.js";

/**
 * `draw` begins the list anew, with its first part.
 *
 * @template Item
 * @param {object} options
 * @param {string} options.noun what the items are, in the plural
 * @param {number} options.atOnce items of a part
 * @param {() => Item[]} options.items
 * @param {(item: Item, at: number) => Node} options.show
 * @param {HTMLElement} [options.list] the element that the items are put into
 */
export function longList({ noun, atOnce, items, show, list = el("div", {}) }) {
  const more = el("button", { type: "button", onclick: () => showMore() });
  /** @type {Item[]} */
  let current = [];
  let shown = 0;
  const showMore = () => {
    const next = current.slice(shown, shown + atOnce);
    list.append(...next.map((item, at) => show(item, shown + at)));
    shown += atOnce;
    more.hidden = shown >= current.length;
    more.textContent = `Show ${Math.min(atOnce, current.length - shown)} more ${noun}`;
  };
  const draw = () => {
    current = items();
    shown = 0;
    list.replaceChildren();
    showMore();
  };
  return { list, more: el("p", { class: "controls" }, more), draw };
}
