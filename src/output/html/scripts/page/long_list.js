// A list that is made part by part: the next part when its button is pressed.

/** @import { Made } from "./keyed.js" */

import { el } from "./elements.js";
import { keyed } from "./keyed.js";

/**
 * `draw` begins the list anew, with its first part; `update` shows as many items as before.
 *
 * @template Item
 * @param {object} options
 * @param {string} options.noun what the items are, in the plural
 * @param {number} options.atOnce items of a part
 * @param {() => Item[]} options.items
 * @param {(item: Item) => string} options.key what an item is known by
 * @param {(item: Item) => Made<Item>} options.make
 */
export function longList({ noun, atOnce, items, key, make }) {
  const list = el("div", {});
  const show = keyed(list, key, make);
  let shown = atOnce;
  const update = () => {
    const all = items();
    show(all.slice(0, shown));
    more.hidden = shown >= all.length;
    if (!more.hidden) more.textContent = `Show ${Math.min(atOnce, all.length - shown)} more ${noun}`;
  };
  const more = el("button", { type: "button", onclick: () => {
    shown += atOnce;
    update();
  } });
  const draw = () => {
    shown = atOnce;
    update();
  };
  return { list, more: el("p", { class: "controls" }, more), draw, update };
}
