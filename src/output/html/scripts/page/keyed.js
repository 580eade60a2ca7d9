// Lists whose elements stay while their items do: what is open, focused or selected in them stays too.

/**
 * @template Item
 * @typedef {object} Made
 * @property {HTMLElement} element
 * @property {(item: Item, at: number) => void} update shows the item as it is now
 */

/**
 * A function that makes the list show these items.
 *
 * @template Item
 * @param {HTMLElement} list
 * @param {(item: Item) => string} key what an item is known by
 * @param {(item: Item) => Made<Item>} make
 */
export function keyed(list, key, make) {
  /** @type {Map<string, Made<Item>>} */
  let known = new Map();
  return (/** @type {readonly Item[]} */ items) => {
    /** @type {typeof known} */
    const next = new Map();
    const elements = items.map((item, at) => {
      const made = known.get(key(item)) ?? make(item);
      made.update(item, at);
      next.set(key(item), made);
      return made.element;
    });
    known = next;
    place(list, elements);
  };
}

/**
 * Puts the elements into the list in this order, and moves as few as that takes.
 *
 * @param {HTMLElement} list
 * @param {HTMLElement[]} elements
 */
export function place(list, elements) {
  const focused = list.contains(document.activeElement) ? document.activeElement : null;
  const wanted = new Set(elements);
  for (const child of [...list.children]) if (!wanted.has(/** @type {HTMLElement} */ (child))) child.remove();
  elements.forEach((element, at) => {
    if (list.children[at] !== element) list.insertBefore(element, list.children[at] ?? null);
  });
  if (focused instanceof HTMLElement && focused !== document.activeElement) focused.focus({ preventScroll: true });
}

/**
 * Sets a text only where it is another one, so that a selection in it stays.
 *
 * @param {HTMLElement} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
